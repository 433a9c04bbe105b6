"""What commands.test runs; prints TAP. With names, only those parts."""
import json
import os
import re
import subprocess
import sys

import hosts
from checks import check, run_parts, says, until
from cluster import PASSWORD, Cluster, patiently, run
from hosts import Host, later, write
from liar import Liar, Store
from sessions import sessions

PLACE = sys.argv[1]
YEAR = 365 * 86400
PATIENCE = 90


class Fleet:
    """hub issues, guard may revoke, web1 and web2 take."""

    def __init__(self):
        hosts.prepare('alice', 'bob')
        self.cluster = Cluster(PLACE)
        print(f'# etcd {self.cluster.version()}', flush=True)
        self.cluster.start()
        self.cluster.enable_log_in()
        settings = {'stale_after': '5s', 'when_stale': 'strict'}
        self.hub = Host(self.cluster, 'hub', 1, user='fleet', **settings)
        self.guard = Host(self.cluster, 'guard', 2, user='fleet', **settings)
        self.web1, self.web2 = (Host(self.cluster, f'web{number}', 2 + number, **settings) for number in (1, 2))
        self.all = [self.hub, self.guard, self.web1, self.web2]
        self.settings = settings
        for issuer in (self.hub, self.guard):
            issuer.make_issuer()
        for host in self.all:
            host.trust(*(issuer for issuer in (self.hub, self.guard) if issuer is not host))
            host.agent.start()
        self.web2.sshd.start()
        self.wait()
        self.local = self.issue_local()

    def issue_local(self):
        """A token of web1's own, which depends on nothing of all this."""
        return subprocess.run(self.web1.words('tokenadm', 'issue', '--force', '--user', 'bob', '--name', 'local', '--service',
                                              'own', '--scope', 'read,write'), check=True, capture_output=True
                              ).stdout.decode().strip()

    def wait(self):
        for host in self.all:
            host.wait_fresh()

    def kill(self):
        for host in self.all:
            for daemon in (host.agent, host.sshd):
                if daemon.is_running():
                    daemon.kill()
        self.cluster.kill()


def answers(host, *words, environment=None):
    """Exit status and what was said."""
    process = host.popen('tokenadm', *words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                         environment=environment)
    said = process.communicate()[0].decode()
    return f'{process.returncode}: {said.strip()}'


def tells(name, host, *words, meant, environment=None):
    """Once it says that: who is busy does not answer in time. Gives it."""
    said = []
    until(lambda: said.append(answers(host, *words, environment=environment)) or re.search(meant, said[-1]), PATIENCE)
    says(name, said[-1], meant)
    return said[-1]


def confirmed(name, host, *words):
    """By the fleet: at once; or, where an election left that unknown, it holds here and its agent has sent it."""
    said = answers(host, *words)
    is_sent = said.startswith('1: ') and 'not confirmed' in said and until(
        lambda: 'outbox: 0 not acknowledged' in answers(host, 'fleet', 'status'), PATIENCE)
    check(name, said.startswith('0: ') or is_sent, said)


def comes(name, host, token, reason, user='alice'):
    """In time, on a machine that may be busy. PAM keeps who is refused waiting, so that is tried by refused only."""
    check(f'{name}: {reason or "accepted"}', until(lambda: host.verify(user, token) == reason, PATIENCE),
          host.verify(user, token) + '\n' + answers(host, 'fleet', 'status') + '\n' + host.agent.said()[-1500:])
    if reason == '':
        check(f'{name}: by PAM, too', until(lambda: host.pam(user, token), PATIENCE))


def refused(host, token, reason):
    begun = len(host.log())
    check(f'{host.name}: refused by PAM, too', not host.pam('alice', token))
    says('and the log says why', host.log()[begun:], f'refused .*reason={reason}')


def local_goes_on(fleet, name):
    check(f'{name}: a local token is taken', fleet.web1.pam('bob', fleet.local))


def verbs(fleet):
    hub, web1, web2 = fleet.hub, fleet.web1, fleet.web2
    token = hub.issue('alice', 'ci')
    comes('issued', web1, token, '')
    comes('on another', web2, token, '')
    check('by ssh', until(lambda: web2.ssh('alice', token, 'hostname').stdout.strip() == b'web2', PATIENCE),
          web2.log()[-500:])
    says('listed there', answers(web1, 'list', '--fleet'), 'alice +ci +active')
    confirmed('edited: for web2 only', hub, 'edit', '--fleet', 'alice/ci', '--hosts', 'web2')
    comes('web1', web1, token, 'wrong-host')
    comes('web2', web2, token, '')
    confirmed('edited: for all', hub, 'edit', '--fleet', 'alice/ci', '--hosts', 'all')
    comes('web1', web1, token, '')
    confirmed('by a group', hub, 'edit', '--fleet', 'alice/ci', '--hosts', '@db')
    comes('who is in none', web1, token, 'wrong-host')
    refused(web1, token, 'wrong-host')
    web1.configure(**fleet.settings, groups='db')
    comes('who is in it', web1, token, '')
    web1.configure(**fleet.settings)
    confirmed('for all again', hub, 'edit', '--fleet', 'alice/ci', '--hosts', 'all')
    comes('web1', web1, token, '')
    successor = subprocess.run(hub.words('tokenadm', 'rotate', '--fleet', '--overlap', '1h', 'alice/ci'), check=True,
                               capture_output=True).stdout.decode().strip()
    comes('its successor', web1, successor, '')
    comes('and still the old one', web1, token, '')
    confirmed('the old one is revoked', hub, 'revoke', '--fleet', token[4:14], '--reason', 'leaked')
    comes('revoked', web1, token, 'revoked')
    refused(web1, token, 'revoked')
    comes('on another', web2, token, 'revoked')
    check('by ssh, too', web2.ssh('alice', token, 'true').returncode != 0)
    comes('the successor', web2, successor, '')
    confirmed('revoked by another machine', fleet.guard, 'revoke', '--fleet', successor[4:14])
    comes('there', web1, successor, 'revoked')
    check('its owner takes it over', until(lambda: 'by guard:' in answers(hub, 'show', '--fleet', successor[4:14])),
          answers(hub, 'show', '--fleet', successor[4:14]))
    # The account of one machine. It is that of all here; only web1 is asked meanwhile.
    third = hub.issue('alice', 'third')
    comes('a third', web1, third, '')
    run('usermod', '-e', '1', 'alice')
    check('its account is locked', not web1.pam('alice', third))
    run('usermod', '-e', '', 'alice')
    comes('deactivated on that machine', web1, third, 'deactivated')
    comes('and on no other', web2, third, '')
    says('approved there', answers(web1, 'approve', '--local', third[4:14]), '^0: ')
    comes('approved', web1, third, '')
    confirmed('deleted', hub, 'delete', '--fleet', '--yes', '--force', third[4:14])
    comes('deleted', web1, third, 'unknown-token')
    comes('on another', web2, third, 'unknown-token')
    says('10,000 hosts', answers(hub, 'issue', '--fleet', '--force', '--user', 'alice', '--name', 'x', '--service', 'own',
                                 '--hosts', ','.join(f'h{i}' for i in range(10000))), '^2: .*at most 64')
    fleet.wait()


def engine_gone(fleet):
    hub, web1, cluster = fleet.hub, fleet.web1, fleet.cluster
    token, other = hub.issue('alice', 'gone'), hub.issue('alice', 'stays')
    comes('before', web1, token, '')
    comes('before', web1, other, '')
    begun = len(web1.agent.said())
    for member in cluster.members[1:]:
        member.kill()
    says('no quorum: not confirmed', answers(hub, 'revoke', '--fleet', token[4:14]), '^1: .*not confirmed')
    check('it holds at once where it was done', hub.verify('alice', token) == 'revoked', hub.verify('alice', token))
    says('again: still not confirmed', answers(hub, 'revoke', '--fleet', token[4:14]), '^1: .*not confirmed')
    says('as JSON', answers(hub, 'revoke', '--fleet', '--json', token[4:14]), '^1: (.|\n)*"unconfirmed"')
    says('nothing is issued', answers(hub, 'issue', '--fleet', '--force', '--user', 'alice', '--name', 'late', '--service',
                                      'own'), '^1: .*nothing was issued')
    tells('doctor says what waits', hub, 'doctor', meant='steps? of what is issued here (is|are) not acknowledged')
    tells('status says what waits', hub, 'fleet', 'status', meant='outbox: [1-9][0-9]* not acknowledged')
    comes('who does not hear of it: not for longer than it may', web1, token, 'stale')
    refused(web1, token, 'stale')
    comes('nor any other', web1, other, 'stale')
    local_goes_on(fleet, 'no engine')
    tells('doctor there', web1, 'doctor', meant=r'issuer hub: what is known of it is not fresh')
    check('an agent does not say it again and again', web1.agent.said()[begun:].count('\n') <= 4, web1.agent.said()[begun:])
    for member in cluster.members[1:]:
        member.start(state='existing')
    comes('it is back: the agent delivers', web1, token, 'revoked')
    comes('and the other is good again', web1, other, '')
    check('what was withdrawn is not there', 'late' not in answers(web1, 'list', '--fleet'))
    fleet.wait()
    tells('nothing waits', hub, 'fleet', 'status', meant='outbox: 0 not acknowledged')


def alarm(fleet, action):
    cluster = fleet.cluster
    status = cluster.told('endpoint', 'status')[0]['Status']
    run('curl', '-s', '-f', '--cacert', cluster.certificates.path('ca.pem'), '--cert', cluster.client + '.pem', '--key',
        cluster.client + '.key', '-d', json.dumps({'action': action, 'memberID': str(status['header']['member_id']),
                                                   'alarm': 'NOSPACE'}), cluster.members[0].url + '/v3/maintenance/alarm')


def no_space(fleet):
    hub, web1 = fleet.hub, fleet.web1
    token = hub.issue('alice', 'full')
    comes('before', web1, token, '')
    alarm(fleet, 'ACTIVATE')
    says('no space: not confirmed, and why', answers(hub, 'revoke', '--fleet', token[4:14]), '^1: .*not confirmed')
    says('the agent says why', until(lambda: 'space' in hub.agent.said()) and hub.agent.said(), 'space')
    tells('doctor, too', hub, 'doctor', meant='says: .*NOSPACE')
    comes('reading goes on: fresh, and not revoked yet', web1, token, '')
    alarm(fleet, 'DEACTIVATE')
    comes('space again: delivered', web1, token, 'revoked')
    fleet.wait()


def restored(fleet):
    """etcd from an old snapshot."""
    hub, web1, cluster = fleet.hub, fleet.web1, fleet.cluster
    token, kept = hub.issue('alice', 'rewound'), hub.issue('alice', 'kept')
    comes('before', web1, token, '')
    cluster.save(PLACE + '/snapshot')
    confirmed('revoked after it', hub, 'revoke', '--fleet', token[4:14])
    comes('revoked', web1, token, 'revoked')
    hub.agent.pause()
    cluster.restore(PLACE + '/snapshot')
    check('who compares says so', until(lambda: 'older' in web1.agent.said() or 'went back' in web1.agent.said()),
          web1.agent.said())
    check('never good again', web1.verify('alice', token) in ('revoked', 'stale'), web1.verify('alice', token))
    comes('what is older is not taken', web1, kept, 'stale')
    check('still not', not web1.pam('alice', token))
    local_goes_on(fleet, 'etcd rewound')
    hub.agent.go_on()
    comes('its issuer writes all anew', web1, kept, '')
    comes('and the revocation is there', web1, token, 'revoked')
    refused(web1, token, 'revoked')
    fleet.wait()
    check('all agree', all('"good": true' in answers(host, 'fleet', 'status', '--json') for host in fleet.all))


def members_lost(fleet):
    hub, web1, cluster = fleet.hub, fleet.web1, fleet.cluster
    token = hub.issue('alice', 'disk')
    comes('before', web1, token, '')
    member = cluster.leader()
    member.kill()
    run('rm', '-r', member.data)
    confirmed('the leader and its disk are lost: revoked', hub, 'revoke', '--fleet', token[4:14])
    comes('there', web1, token, 'revoked')
    cluster.replace(member)
    other = hub.issue('alice', 'night')
    cluster.kill()
    says('all are down: not confirmed', answers(hub, 'revoke', '--fleet', other[4:14]), '^1: .*not confirmed')
    cluster.start(state='existing')
    comes('all are up again: delivered', web1, other, 'revoked')
    comes('nothing was lost', web1, token, 'revoked')
    fleet.wait()


def away(fleet, name, said, **how):
    """web1 cannot reach etcd: stale, its own tokens as ever, and said in status, doctor and by the agent."""
    web1 = fleet.web1
    web1.agent.kill()
    web1.configure(**{**fleet.settings, **how})
    begun = len(web1.agent.said())
    web1.agent.start()
    comes(name, web1, fleet.token, 'stale')
    local_goes_on(fleet, name)
    until(lambda: re.search(said, web1.agent.said()[begun:]))
    says(f'{name}: the agent says so', web1.agent.said()[begun:], said)
    tells(f'{name}: status', web1, 'fleet', 'status', meant=fr'^1: (.|\n)*({said})')
    tells(f'{name}: doctor', web1, 'doctor', meant=said)


def back(fleet, name):
    fleet.web1.configure(**fleet.settings)
    fleet.web1.agent.kill()
    fleet.web1.agent.start()
    comes(f'{name}: mended', fleet.web1, fleet.token, '')


def reach(fleet):
    web1, cluster = fleet.web1, fleet.cluster
    fleet.token = fleet.hub.issue('alice', 'reach')
    comes('before', web1, fleet.token, '')
    write('/etc/resolv.conf', 'nameserver 10.77.0.99\n', 0o644)
    away(fleet, 'no DNS', 'etcd.example', endpoints='https://etcd.example:2379')
    web1.configure(**fleet.settings, endpoints='https://etcd.example:2379,' + cluster.endpoints())
    web1.agent.kill()
    web1.agent.start()
    comes('no DNS for one of four', web1, fleet.token, '')
    away(fleet, 'wrong password', 'log-in as host was refused', password='y' * 32)
    back(fleet, 'password')
    tls = web1.place + '/etc/apitoken/etcd/'
    cluster.certificates.authority('wrong')
    run('cp', cluster.certificates.path('wrong.pem'), tls + 'ca.pem')
    away(fleet, 'wrong CA', 'certificate')
    run('cp', cluster.certificates.path('ca.pem'), tls + 'ca.pem')
    back(fleet, 'CA')
    run('cp', '-p', tls + 'web1.pem', tls + 'web1.key', PLACE)
    # Who is turned away may hear why, or find that he is before he has read it.
    gone = '|alert|not connected|reset'
    for name, meant, how in (('expired', 'bad certificate|expired' + gone, {'days': -1}),
                             ('with a CN', 'CN', {'subject': '/O=x/CN=web1'}),
                             ('of another CA', 'certificate|unknown|verify' + gone, {'authority': 'wrong'})):
        new = cluster.certificates.certificate('new', **how)
        for suffix in ('.pem', '.key'):
            run('cp', '-p', new + suffix, tls + 'web1' + suffix)
        away(fleet, f'a certificate {name}', meant)
    new = cluster.certificates.certificate('new', days=3)
    for suffix in ('.pem', '.key'):
        run('cp', '-p', new + suffix, tls + 'web1' + suffix)
    comes('one that is good: the agent takes it', web1, fleet.token, '')
    tells('doctor says for how long', web1, 'doctor', meant=r'web1.pem expires within 3 days')
    os.chmod(tls + 'web1.key', 0o644)
    away(fleet, 'a key that others can read', 'chmod')
    for suffix in ('.pem', '.key'):
        run('cp', '-p', PLACE + '/web1' + suffix, tls)
    back(fleet, 'certificate')
    web1.cut()
    comes('its cable is cut', web1, fleet.token, 'stale')
    local_goes_on(fleet, 'cut')
    web1.heal()
    comes('and whole again', web1, fleet.token, '')
    fleet.wait()


def clocks(fleet):
    """A clock that is wrong is that machine's own trouble: freshness is counted from boot on."""
    hub, web1 = fleet.hub, fleet.web1
    token = hub.issue('alice', 'clock', '--expires', '20m')
    comes('before', web1, token, '')

    def at(seconds, *words, text=token):
        answer = subprocess.run(web1.words('env', *(f'{key}={value}' for key, value in later(seconds).items()), 'tokenadm',
                                           *words), input=text.encode(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        return f'{answer.returncode}: {answer.stdout.decode().strip()}'
    verify = ('verify', '--user', 'alice', '--service', 'own')
    web1.agent.kill()
    web1.agent.start(environment=later(1800))
    check('half an hour before: expired there', until(lambda: 'refused: expired' in at(1800, *verify)), at(1800, *verify))
    comes('and on no other machine', fleet.web2, token, '')
    lasting = hub.issue('alice', 'lasting', '--expires', '90d')
    check('what lasts longer is taken', until(lambda: at(1800, *verify, text=lasting).startswith('0:')), at(1800, *verify))
    web1.agent.kill()
    web1.agent.start(environment=later(3700))
    check('what is signed is good for an hour: stale', until(lambda: 'refused: stale' in at(3700, *verify, text=lasting)),
          at(3700, *verify, text=lasting))
    check('local tokens as ever', at(3700, 'verify', '--user', 'bob', '--service', 'own', text=fleet.local).startswith('0:'))
    web1.agent.kill()
    web1.agent.start(environment=later(-3600))
    check('an hour behind: taken', until(lambda: at(-3600, *verify, text=lasting).startswith('0:')),
          at(-3600, *verify, text=lasting))
    says('doctor: a head of the future', at(-3600, 'doctor'), r'issuer hub: signed 3[0-9]+ s from now')
    confirmed('revoked', hub, 'revoke', '--fleet', lasting[4:14])
    check('an hour behind: refused', until(lambda: 'refused: revoked' in at(-3600, *verify, text=lasting)))
    old = -8 * YEAR
    web1.agent.kill()
    web1.agent.start(environment=later(old))
    check('before 2020: stale', until(lambda: 'refused: stale' in at(old, *verify)), at(old, *verify))
    says('a local token is not stale', at(old, 'verify', '--user', 'bob', '--service', 'own', text=fleet.local),
         'state +passed')
    says('doctor says so', at(old, 'doctor'), r'clock')
    web1.agent.kill()
    web1.agent.start()
    comes('its clock is right again', web1, token, '')
    environment = later(old)
    says('who issues before 2020: refused', answers(hub, 'issue', '--fleet', '--force', '--user', 'alice', '--name', 'old',
                                                    '--service', 'own', environment=environment), '^1: .*clock')
    says('a revocation is not', answers(hub, 'revoke', '--fleet', token[4:14], environment=environment), '^[01]: ')
    comes('it holds', web1, token, 'revoked')
    fleet.wait()


def one_name(fleet):
    """A second issuer with the name of the first."""
    hub, web1 = fleet.hub, fleet.web1
    token = hub.issue('alice', 'name')
    comes('before', web1, token, '')
    twin = Host(fleet.cluster, 'twin', 9, user='fleet', **fleet.settings)
    says('a key of that name is made', answers(twin, 'fleet', 'init', '--name', 'hub'), '^0: ')
    says('what it issues is not taken by the engine', answers(twin, 'issue', '--fleet', '--force', '--user', 'alice', '--name',
                                                              'twin', '--service', 'own'), '^1: .*nothing was issued')
    says('and why', answers(twin, 'fleet', 'agent', '--once'), '^1: .*hub.*(key|adopt)')
    comes('the first one goes on', web1, token, '')
    confirmed('and revokes', hub, 'revoke', '--fleet', token[4:14])
    comes('revoked', web1, token, 'revoked')
    fleet.wait()


def doctors(fleet):
    """What doctor says of a fleet that is well, and of a cluster that is not its own."""
    cluster, hub = fleet.cluster, fleet.hub
    version = cluster.version()
    tells('warnings are no failure', hub, 'doctor', 'own', meant='^0: (.|\\n)*warning ')
    thrice = rf'(etcd {re.escape(version)}[^\0]*?){{3}}'
    said = tells('each member is seen', hub, 'doctor', '--verbose', meant=thrice)
    is_old = [int(number) for number in version.split('.')] < [3, 5, 18]
    check('the version of each member', said.count(f'etcd {version}') == 3, said)
    check('a warning of an old one', said.count('loses events and has holes') == 3 * is_old, said)
    says('issuers', said, 'issuer guard: fresh')
    findings = json.loads(tells('as JSON', hub, 'doctor', '--json', meant=thrice).partition(': ')[2])
    check('by member', sum('etcd ' + version in str(each) for each in findings['findings']) == 3, findings)
    for area in ('CN', 'open', 'client certificate', 'not logged in', "not the fleet's"):
        check(f'nothing of: {area}', area not in said, said)
    os.chmod(hub.place + '/etc/apitoken/fleet.key', 0o644)
    tells("an issuer's key that others can read", hub, 'doctor', meant='fleet.key.*(.|\n)*chmod')
    says('revoke says so, too', answers(hub, 'revoke', '--fleet', 'alice/name'), '^1: .*chmod')
    os.chmod(hub.place + '/etc/apitoken/fleet.key', 0o600)
    hub.configure(**fleet.settings, user='root')
    cluster.ctl('put', '/registry/x', 'y')
    tells('keys of others', hub, 'doctor', meant=r"keys that are not the fleet's \(/registry/x\): before etcd 3.5.33")
    cluster.ctl('del', '/registry/x')
    hub.configure(**fleet.settings, user='fleet')
    member = cluster.members[2]
    member.kill()
    member.start('--client-cert-auth=false', '--trusted-ca-file=', state='existing')
    cluster.wait(member, 'root')
    tells('a member that takes anybody: doctor fails', hub, 'doctor', 'own',
          meant=fr'^1: (.|\n)*wrong .*{member.url} answers who has no client certificate')
    member.kill()
    member.start(state='existing')
    cluster.wait(member, 'root')
    cluster.ctl('auth', 'disable')
    tells('no log-in', hub, 'doctor', meant='answers who has not logged in')
    patiently(lambda: cluster.ctl('auth', 'enable', user=None))
    fleet.wait()


def strange_members(fleet):
    """What doctor says of one member whose version, clock and keys are as the test likes; it refuses who has not logged in.
    Of one service: the machine may have others that are not well."""
    hub = fleet.hub
    store, liar = Store(), Liar(fleet.cluster.certificates, fleet.cluster.server)
    public = []

    def answer(path, request):
        has_logged_in = liar.requests[-1][2] is not None or path == '/v3/auth/authenticate'
        return store.answer(path, request) if has_logged_in or path in public else (
            401, {'error': 'etcdserver: user name is empty', 'code': 16})

    def doctor(name, meant, without='nothing of this'):
        """Once it says that: a busy machine may not answer in time, and the time that it takes is none of a clock's."""
        said = []
        check(name, until(lambda: said.append(answers(hub, 'doctor', 'own', '--verbose')) or
                          re.search(meant, said[-1]), PATIENCE) and without not in said[-1], said[-1])
    liar.answer = answer
    hub.configure(**fleet.settings, user='fleet', endpoints=liar.url)
    fine = fr'^0: (.|\n)*ok +fleet: {liar.url}: etcd '
    doctor('well', fine + store.version, without="not the fleet's")
    for version in ('3.5.17', '3.5.18', '3.5.32', '3.5.33'):
        store.version = version
        if version == '3.5.17':
            doctor(f'{version}: too old', f'^0: (.|\n)*warning .*{liar.url}: etcd {version} loses events')
        else:
            doctor(f'{version}: not too old', fine + version, without='loses events')
        store.pairs['/registry/x'] = (b'y', 3)
        doctor(f'{version}, shared with others', 'note .* a cluster of its own is better' if version == '3.5.33' else
               'warning .*before etcd 3.5.33, who may read one key can watch all')
        del store.pairs['/registry/x']
    for liar.skew in (1, -1):
        doctor(f'a clock that is {liar.skew} s off: nothing', fine, without='clock is')
    for liar.skew, meant in ((60, '(5[89]|60) s before ours'), (-60, '(5[89]|60) s behind ours')):
        doctor(f'{liar.skew} s: said', f'^0: (.|\n)*warning .*its clock is {meant}')
    liar.skew = 0
    public.append('/v3/maintenance/status')
    doctor('it answers anybody who asks for its status: doctor fails',
           r'^1: (.|\n)*wrong .*answers who has no client certificate')
    public[:] = ['/v3/kv/range']
    doctor('it shows keys to anybody: doctor fails', r'^1: (.|\n)*wrong .*answers who has not logged in')
    hub.configure(**fleet.settings, user='fleet')
    liar.close()
    fleet.wait()


def main():
    os.makedirs(PLACE)
    fleet = Fleet()
    try:
        run_parts([verbs, sessions, engine_gone, no_space, restored, members_lost, reach, clocks, one_name, doctors,
                   strange_members], fleet)
    finally:
        fleet.kill()


main()
