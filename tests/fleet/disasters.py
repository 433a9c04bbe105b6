"""What happens to a cluster: lost disks, old snapshots, load, ended certificates, and something that gets in between.
And what a look at it (survey) says. Parts of suite.py."""
import json
import os
import re
import shutil
import threading

from checks import check, says, until
from cluster import HERE, patiently, run
from driver import write
from liar import Liar, Relay, Store, drip
from parts import PLACE, driver, fresh

PUT, RANGE, STATUS = '/v3/kv/txn', '/v3/kv/range', '/v3/maintenance/status'


def restored(cluster):
    """From an old snapshot: acknowledged steps are gone there. Their issuer knows, and writes them anew."""
    for name, more in [('back', [])] + [('on', ['--bump-revision', '1000000', '--mark-compacted'])] * cluster.can_bump():
        one = fresh(cluster, name)
        one.insist('say +0000000003', 2)
        snapshot = os.path.join(PLACE, name + '.snapshot')
        cluster.save(snapshot)
        says('acknowledged after the snapshot', one.insist('say !0000000001', 3) + one.insist('say !0000000002', 4),
             '^okok$')
        host = driver(cluster)
        says('and read', host('heads 5000'), f'{name}:4')
        cluster.restore(snapshot, *more)
        if more:
            check('revisions go on: nothing is noticed but the heads', until(lambda: f'{name}:2' in host('heads 5000')),
                  host('heads 5000'))
        else:
            answer = ''
            while not answer.startswith(('ok', 'invalid')):  # until it is reached
                answer = host('heads 5000')
            says('it is said that it went back, once', answer, 'went back from revision .* restored')
            check('and then what is there', until(lambda: f'{name}:2' in host('heads 5000')), host('heads 5000'))
        one.step('say +0000000004', 5)
        check('the next step does not fit', until(lambda: one('put 5000 4 5').startswith('exists')))
        says('all is written anew, over the head that is there', one('rewrite 30000 2 5'), '^ok$')
        says('and whole', host('list 10000 ' + name), '^ok 5 4$')
        for each in (one, host):
            each.close()


def disk_lost(cluster):
    one = fresh(cluster, 'disk')
    member = cluster.leader()
    member.kill()
    shutil.rmtree(member.data)
    says('the leader has lost its disk: acknowledged', one.insist('say !0000000001', 2), '^ok$')
    cluster.replace(member)
    alone = driver(cluster, member.url)
    check('it is back, and has all', until(lambda: alone('list 5000 disk') == 'ok 2 2'), alone('list 5000 disk'))
    says('and takes a step', one.insist('say +0000000001', 3), '^ok$')
    for each in (one, alone):
        each.close()


def all_restarted(cluster):
    one = fresh(cluster, 'night')
    host = driver(cluster)
    says('before', host('heads 5000'), 'night:1')
    cluster.kill()
    says('all are gone: unknown', one.step('say !0000000001', 2, patience=3000), 'connect|time')
    says('nor read', host('heads 3000'), 'connect|time')
    cluster.start(state='existing')
    says('all are back: the same bytes again', one.put(2), '^ok$')
    says('read, too', host('heads 5000'), 'night:2')
    for each in (one, host):
        each.close()


class Writer(threading.Thread):
    """Steps one after the other, each until it is acknowledged."""

    def __init__(self, cluster, name):
        super().__init__()
        self.one, self.seq, self.is_ended = fresh(cluster, name), 1, False
        self.issuer, self.strange = name, []

    def run(self):
        while not self.is_ended and self.seq < 2000:
            self.seq += 1
            answer = self.one.step(f'say +{self.seq % 10:010}', self.seq)
            while answer != 'ok':
                if 'exists' in answer:
                    self.strange.append(answer)
                    return
                answer = self.one(f'put 5000 {self.seq - 1} {self.seq}')


def load(cluster):
    """Compacted and defragmented while it is written and read."""
    writers = [Writer(cluster, f'load{number}') for number in range(3)]
    reader = driver(cluster)
    for writer in writers:
        writer.start()
    answers = []
    for turn in range(2):
        for member in cluster.members:
            cluster.compact()
            reader.begin(f'list 10000 load{turn}')
            patiently(lambda: cluster.ctl('defrag', member=member))
            answers.append(reader.end())
    for writer in writers:
        writer.is_ended = True
        writer.join()
    check('lists meanwhile: whole, or an error that is no lie',
          all(re.search('^ok|compacted|[Tt]ime|leader', answer) for answer in answers), answers)
    check('it was written meanwhile', all(writer.seq > 2 for writer in writers), [writer.seq for writer in writers])
    for writer in writers:
        check('no step was refused', not writer.strange, writer.strange)
        says(f'{writer.seq} steps: all are there', reader(f'list 10000 {writer.issuer}'), f'^ok {writer.seq} ')
        writer.one.close()
    reader.close()


def ended(cluster):
    """Certificates that have ended, and one with a name."""
    certificates = cluster.certificates
    says('a client certificate that has expired', driver(cluster, client=certificates.certificate('ended', days=-1))(
        'heads 5000'), 'certificate|alert|expired|peer')
    named = certificates.certificate('named', subject='/O=apitoken/CN=web1')
    says('one with a CN', driver(cluster, client=named)('heads 5000'), 'has the client certificate a CN')
    says('also without a log-in', driver(cluster, client=named, user=None)('heads 5000'), 'has the client certificate a CN')
    surveyed(cluster, 'a survey names it', 'certificate-name=web1;', client=named)
    one = fresh(cluster, 'tls')
    run('cp', '-p', cluster.server + '.pem', cluster.server + '.good')
    run('cp', '-p', cluster.server + '.key', cluster.server + '.goodkey')
    certificates.certificate('server', [m.address for m in cluster.members] + [HERE], days=-1)
    says('a server certificate that has expired', driver(cluster)('heads 5000'), 'expired')
    for end in ('', 'key'):
        os.rename(cluster.server + '.good' + end, cluster.server + ('.key' if end else '.pem'))
    says('and a new one', driver(cluster)('heads 5000'), 'tls:1')
    says('nothing was lost', one.insist('say !0000000001', 2), '^ok$')
    one.close()


def no_dns(cluster):
    """Who should know names is silent: a lookup takes longer than a request may."""
    write('/run/netns/resolv.conf', 'nameserver 10.77.0.99\n', 0o644)
    run('mount', '--bind', '/run/netns/resolv.conf', '/etc/resolv.conf')
    one = fresh(cluster, 'names')
    host = driver(cluster, 'https://etcd.example:2379,' + cluster.endpoints())
    says('no DNS: the next endpoint answers', host('heads 10000'), 'names:1')
    check('in time', host.took < 5, host.took)
    alone = driver(cluster, 'https://etcd.example:2379')
    for _ in range(5):
        says('a name alone: an error', alone('heads 8000'), 'etcd.example:2379: .*(resol|time)')
        check('in time', alone.took < 5, alone.took)
    says('nothing else waits for it', one.insist('say !0000000001', 2), '^ok$')
    says('the heads again', host('heads 8000'), 'names:2')
    for each in (one, host, alone):
        check('the driver ends', each.close() == 0)
    run('umount', '/etc/resolv.conf')


def in_between(cluster):
    """What has a certificate of the cluster's and hands on requests twice, late, or with an old answer."""
    relay = Relay(cluster.certificates, cluster.server, cluster.members[0], cluster.client)
    one = fresh(cluster, 'between', relay.url)
    held = []

    def twice(path, request):
        first = relay.hand_on(path, request)
        if path != PUT:
            return first
        second = relay.hand_on(path, request)
        return (first, second)[len(relay.requests) % 2]
    relay.instead = twice
    for seq in range(2, 6):
        says('each put arrives twice: acknowledged', one.insist(f'say !{seq:010}', seq), '^ok$')
    says('and is there once', one('list 5000 between'), '^ok 5 5$')

    def late(path, request):
        if path != PUT:
            return None
        held.append((path, request))
        return 200, drip(3)
    relay.instead = late
    says('a put that does not arrive: unknown', one.step('say !0000000001', 6, patience=2500), 'time')
    relay.instead = lambda path, request: None
    says('again: done', one.put(6), '^ok$')
    says('another', one.insist('say -0000000001', 7), '^ok$')
    status, body = relay.hand_on(*held[0])
    check('the first one arrives now, and does nothing', status == 200 and not json.loads(body).get('succeeded'), body)
    says('all is as it was acknowledged', one('list 5000 between'), '^ok 7 4$')
    answers = []

    def old(path, request):
        if path != RANGE:
            return None
        answers.append(relay.hand_on(path, request))
        return answers[0]
    relay.instead = old
    says('an answer', one('heads 5000'), 'between:7')
    relay.instead = lambda path, request: None
    one.insist('say +0000000001', 8)
    relay.instead = old
    says('the same, after a later one', one('heads 5000'), 'went back')
    relay.instead = lambda path, request: None
    says('and the true one', one('heads 5000'), 'between:8')
    one.close()
    relay.close()


def surveyed(cluster, name, meant, **options):
    """Once it is told that: who is busy does not answer in time, and who has just started may elect."""
    said = []
    until(lambda: said.append(driver(cluster, **options)('survey 20000')) or re.search(meant, said[-1]))
    says(name, said[-1], meant)
    return said[-1]


def surveys(cluster):
    """What doctor is told of a real cluster."""
    surveyed(cluster, 'as it is meant to be', ';'.join(
        ['^ok certificate-ends=[0-9]+'] + [f'endpoint={member.url};version={cluster.version()};skew=0'
                                           for member in cluster.members]) + '$')
    root = driver(cluster, user='root')
    check('nobody else is there', 'others' not in root('survey 20000'))
    cluster.ctl('put', '/registry/secrets/x', 'y')
    surveyed(cluster, 'somebody else is', 'others=/registry/secrets/x', user='root')
    check('which the fleet cannot see', 'others' not in driver(cluster)('survey 20000'))
    cluster.ctl('del', '/registry/secrets/x')
    cluster.ctl('put', '/Q', 'y')
    surveyed(cluster, 'before our keys, too', 'others=/Q;|others=/Q$', user='root')
    cluster.ctl('del', '/Q')
    member = cluster.members[1]
    cluster.ctl('auth', 'disable')
    surveyed(cluster, 'no log-in is needed', 'error=[^;]*(refused|not enabled)[^;]*;without-log-in=yes')
    surveyed(cluster, 'and none is set', f'version={cluster.version()};skew=0;without-log-in=yes', user=None)
    cluster.ctl('auth', 'enable', user=None)
    member.kill()
    surveyed(cluster, 'a member is down', f'endpoint={member.url};error=[^;]*onnect[^;]*;endpoint')
    member.start('--client-cert-auth=false', '--trusted-ca-file=', state='existing')
    cluster.wait(member, 'root')
    survey = surveyed(cluster, 'a member takes anybody', f'endpoint={member.url};version={cluster.version()};skew=0;open=yes')
    check('the others do not', survey.count('open') == 1, survey)
    member.kill()
    member.start(state='existing')
    cluster.wait(member, 'root')
    tls = ['--cacert', cluster.certificates.path('ca.pem'), '--cert', cluster.client + '.pem', '--key', cluster.client + '.key']
    status = cluster.told('endpoint', 'status', member=member)[0]['Status']
    run('curl', '-s', '-f', *tls, '-d', json.dumps({
        'action': 'ACTIVATE', 'memberID': str(status['header']['member_id']), 'alarm': 'NOSPACE'}),
        member.url + '/v3/maintenance/alarm')
    surveyed(cluster, 'an alarm', 'trouble=[^;]*NOSPACE', user='root')
    cluster.ctl('alarm', 'disarm')
    root.close()


def lies_of_surveys(cluster):
    store = Store()
    liar = Liar(cluster.certificates, cluster.server)
    liar.answer = store.answer
    one = driver(cluster, liar.url)
    # It asks nobody for a certificate, nor for a log-in.
    says('honest', one('survey 20000'), f'^ok certificate-ends=[0-9]+;endpoint={liar.url};version=3.6.1;skew=0;open=yes;'
         'without-log-in=yes$')
    for skew in (3600, -3600, 30):
        liar.skew = skew
        answer = one('survey 20000')
        seen = int((re.search('skew=(-?[0-9]+);', answer) or '0')[1])
        # It tells whole seconds; and what the answer took to come is doubt.
        check(f'its clock is {skew} s off', 0 <= (abs(skew) * 1000 - abs(seen)) <= 1000 + one.took * 1000 and
              (seen < 0) == (skew < 0), (answer, one.took))
    liar.skew = 0
    for name, version in (('rubbish', '\x1b[2J'), ('a number', 7), ('an object', {}), ('long', '3' * 5000), ('empty', ''),
                          ('two lines', '3.5.1\n3.5.2')):
        store.sabotage = lambda path, request, honest: (200, dict(honest, version=version)) if path == STATUS else None
        says(f'a version that is {name}', one('survey 20000'), ';version=\\?;')
    for name, errors in (('rubbish', ['\x1b[2J']), ('a number', [7]), ('an object', [{}])):
        store.sabotage = lambda path, request, honest: (200, dict(honest, errors=errors)) if path == STATUS else None
        says(f'a trouble that is {name}', one('survey 20000'), ';trouble=\\?;')
    store.sabotage = lambda path, request, honest: (200, dict(honest, errors=['x'] * 10000)) if path == STATUS else None
    check('ten thousand troubles', one('survey 20000').count('trouble=x') == 8)
    store.sabotage = lambda path, request, honest: (200, dict(honest, errors={'a': 1})) if path == STATUS else None
    says('troubles that are no list', one('survey 20000'), 'skew=0;open')
    store.sabotage = lambda path, request, honest: (200, drip(20)) if path == STATUS else None
    says('a status that drips', one('survey 20000'), 'error=.*time')
    check('does not keep it for long', one.took < 15, one.took)
    store.sabotage = None
    store.pairs['/\x1b'] = (b'x', 3)
    says('a key that nobody should see', one('survey 20000'), 'others=\\?')
    says('it goes on', one('heads 5000'), '^ok')
    check('the driver ends', one.close() == 0)
    liar.close()


MEMBERS = [load, all_restarted, disk_lost, ended, no_dns, in_between, surveys, restored]
LIARS = [lies_of_surveys]
