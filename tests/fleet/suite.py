"""What etcd.test (members) and liars.test (liars) run; prints TAP. With names, only those parts."""
import itertools
import json
import os
import signal
import sys
import time

import disasters
from checks import check, run_parts, says, until
from cluster import HERE, PASSWORD, Cluster, run
from driver import UNKNOWN, write
from liar import Liar, Store, drip, text
from parts import PLACE, PREFIX, driver, fresh
from proxy import Proxy

# Real members


def puts(cluster, **options):
    """What every engine promises."""
    one = driver(cluster, **options)
    says('it opens without reaching anything', one.first, '^ok$')
    says('nothing is there', one('heads 5000'), '^ok$')
    says('nor is an issuer', one('list 5000 hub'), '^not found|^no such')
    one('issuer hub')
    says('the first step', one.insist('say +0000000001 +0000000002', 1), '^ok$')
    says('its head is there', one('heads 5000'), '^ok hub:1$')
    says('and its records', one('list 5000 hub'), '^ok 1 2$')
    says('the same bytes again: they are there', one.put(1), '^ok$')
    says('a step from another head is refused', one.insist('say !0000000001', 2).replace('ok', '') + one.put(2), '^ok$')
    two = driver(cluster, **options)
    two('issuer hub')
    two('say +0000000009')
    two('sign')
    says('who does not know of it: refused', two.put(1), '^exists')
    says('and nothing of his is there', one('list 5000 hub'), '^ok 2 2$')
    says('a record that goes', one.insist('say -0000000002 +0000000003', 3), '^ok$')
    says('is gone', one('list 5000 hub'), '^ok 3 2$')
    says('a step that is older is refused', one.put(1), '^exists')
    other = fresh(cluster, 'guard', **options)
    says('two issuers', ' '.join(sorted(other('heads 5000').split())), '^guard:1 hub:3 ok$')
    one('say +0000000004')
    one('sign')
    says('all is written anew', one('rewrite 5000 3 4') + one('list 5000 hub'), '^okok 4 3$')
    says('but not over a head that was not seen', one('rewrite 5000 3 4').replace('ok', 'exists'), '^exists')
    says('nothing happens', one('wait 300'), '^ok')
    check('at the deadline', one.took < 5, one.took)
    for each in (one, two, other):
        check('the driver ends', each.close() == 0)


def file(cluster):
    """The same, in a directory."""
    place = os.path.join(PLACE, 'published')
    os.mkdir(place, 0o755)
    puts(cluster, source=place)


def pages(cluster):
    one = driver(cluster)
    one('issuer many')
    one('many 1203 3')
    one('sign')
    says('1203 records in steps', one('rewrite 30000 0 1'), '^ok$')
    says('are listed, over pages', one('list 10000 many'), '^ok 1 1203$')
    says('the largest step: 125 records', one.insist('say ' + ' '.join(f'!{i:010}' for i in range(125)), 2), '^ok$')
    one('say ' + ' '.join(f'+{i:010}' for i in range(126)))
    one('sign')
    says('one more is refused', one('put 5000 2 3'), 'too much for a step')
    cluster.ctl('del', f'{PREFIX}/rec/many/0000000007')
    says('an engine that lost one: not what the head says', one('list 10000 many'), 'count|set|records')
    one('say +0000000000')
    one('sign')
    says('it is written anew, from the head that is there', one('rewrite 30000 2 4'), '^ok$')
    says('and is whole', one('list 10000 many'), '^ok 4 1203$')
    says('records that are too many', cluster.ctl('put', f'{PREFIX}/rec/many/0000009999', 'x') and one('list 10000 many'),
         'head says')
    one('say +0000000001')
    one('sign')
    says('go when it is written anew', one('rewrite 30000 4 5') + one('list 10000 many'), '^okok 5 1203$')
    cluster.ctl('put', f'{PREFIX}/head/many', 'rubbish')
    says('a head that is rubbish', one('heads 5000'), 'many:.*invalid|many:.*rule')
    one('say +0000000002')
    one('sign')
    says('is no head', one('rewrite 30000 0 6') + one('list 10000 many'), '^okok 6 1203$')
    # Two writers at once: pages of one list are of one revision.
    # What a stranger writes there does not keep anybody from what the head has signed.
    for name in ['', ' ', 'what', '0000000500 ', '0000000500/x', '0000000500' + 'z' * 3000, '000000050', 'ÿÿÿ',
                 '0000000499ÿÿÿÿÿÿ', '~' * 400, 'A' * 11]:
        cluster.ctl('put', f'{PREFIX}/rec/many/{name}', 'x')
    cluster.ctl('put', f'{PREFIX}/rec/many/0000009999', 'x' * 20000)
    says('keys that are none of ours are passed over', one('list 10000 many'), '^ok 6 1203$')
    cluster.ctl('del', f'{PREFIX}/rec/many/0000009999')
    reader = driver(cluster)
    for seq in range(7, 12):
        reader.begin('list 10000 many')
        answer = one.insist(f'say !{seq:010} -{seq + 1000:010}', seq)
        says(f'while it changes: a list of one moment ({answer})', reader.end(), f'^ok ({seq - 1} {1203 - seq + 7}|{seq} {1202 - seq + 7})$')
    one.close()
    reader.close()


def largest(cluster):
    """Records of the largest form there is, of an issuer with the longest name."""
    name = 'l' * 64
    one = driver(cluster)
    one('issuer ' + name)
    says('a step of the largest form', one('largest 125'), r'^ok \d+$')
    one('sign')
    says('is taken', one('put 10000 0 1'), '^ok$')
    says('and read', one('list 10000 ' + name), '^ok 1 125$')
    one('largest 500')
    one('sign')
    says('a page of the largest form', one('rewrite 30000 1 2'), '^ok$')
    says('is read', one('list 10000 ' + name), '^ok 2 500$')
    one.close()


def watch(cluster):
    one = fresh(cluster, 'seen')
    host = driver(cluster)
    # The program is started first.
    says('before it has looked: nothing to hear', host('wait 2000'), '^ok quiet$')
    check('at the deadline', host.took > 0.15, host.took)
    host('heads 5000')
    says('nothing happens', host('wait 1000'), '^ok quiet$')
    host.begin('wait 20000')
    time.sleep(0.2)
    one.insist('say !0000000001', 2)
    done = time.monotonic()
    says('an event: what has changed', host.end(), '^ok news seen:2 0000000001$')
    check('soon', time.monotonic() - done < 5, host.took)
    says('the heads', host('heads 5000'), 'seen:2')
    one.insist('say !0000000002', 3)
    says('one that came before the wait', host('wait 20000'), '^ok news seen:3 0000000002$')
    host('heads 5000')
    # The history that it has not heard is gone.
    for seq in range(4, 8):
        one.insist('say +0000000001', seq)
    cluster.compact()
    says('compacted: a reason to look', host('wait 20000'), '^ok news')
    says('and it goes on', host('heads 5000'), 'seen:7')
    host.begin('wait 20000')
    time.sleep(0.1)
    one.insist('say +0000000002', 8)
    says('with events', host.end(), '^ok news seen:8 0000000002$')
    one.close()
    host.close()


def compaction(cluster):
    one = driver(cluster)
    one('issuer old')
    one('many 800 3')
    one('sign')
    one('rewrite 30000 0 1')
    reader = driver(cluster)
    lost = 0
    for seq in range(2, 12):
        reader.begin('list 10000 old')
        one.insist(f'say !{seq:010}', seq)
        cluster.compact()
        lost += 'compacted' in reader.end()
        says(f'compacted meanwhile: the next list is whole ({seq}, {lost} lost)', reader('list 10000 old'), f'^ok {seq} 800$')
    one.close()
    reader.close()


def member_killed(cluster):
    one = fresh(cluster, 'hardy')
    for turn, member in enumerate(cluster.members):
        member.kill()
        says(f'{member.name} is killed: a put is acknowledged', one.insist('say !0000000001', 2 * turn + 2), '^ok$')
        check('in time', one.took < 10, one.took)
        says('and read', one('heads 5000'), f'hardy:{2 * turn + 2}')
        member.start(state='existing')
        cluster.wait(member, 'root')
        says('it is back, and forgot who had logged in', one.insist('say +0000000001', 2 * turn + 3), '^ok$')
    leader = cluster.leader()
    leader.pause()
    says('the leader is stopped: the others go on', one.insist('say !0000000002', 8), '^ok$')
    says('and know it', one('heads 8000'), 'hardy:8')
    leader.go_on()
    one.close()


def minority(cluster):
    """A member that is cut from the others must not look alive."""
    one = fresh(cluster, 'cut')
    member = cluster.leader()
    alone = driver(cluster, member.url)
    says('before', alone('heads 5000'), 'cut:1')
    member.cut()
    says('no read there, within its deadline', alone('heads 2500'), 'time|leader')
    check('which it keeps', alone.took < 5, alone.took)
    alone('issuer cut')
    alone('say +0000000001 +0000000002')
    alone('sign')
    alone('say !0000000001')
    alone('sign')
    says('no put there', alone('put 2500 1 2'), 'time|leader')
    says('the others take one', one.insist('say !0000000001 !0000000002', 2), '^ok$')
    says('and who has all endpoints reads it', driver(cluster)('heads 10000'), 'cut:2')
    member.heal()
    check('healed: read there, too', until(lambda: 'cut:2' in alone('heads 5000')), alone('heads 5000'))
    others = [each for each in cluster.members if each is not member]
    for each in others:
        each.kill()
    says('two of three are gone: unknown, not acknowledged', one.step('say +0000000003', 3, patience=3000), 'time|timed|connect')
    check('in time', one.took < 6, one.took)
    for each in others:
        each.start(state='existing')
    cluster.wait()
    says('the same bytes again', one.put(3), '^ok$')
    says('all agree', one('heads 5000'), 'cut:3')
    alone.close()
    one.close()


def credentials(cluster):
    says('wrong password', driver(cluster, password='wrong')('heads 5000'), 'log-in as fleet was refused')
    says('no user', driver(cluster, user=None)('heads 5000'), 'log-in is needed|user')
    says('a password that others can read', driver(cluster, mode=0o640)('heads 5000'), 'chmod|mode|others')
    says('no client certificate', driver(cluster, client=None)('heads 5000'), 'certificate|alert|peer')
    cluster.certificates.authority('wrong')
    says('a CA that did not sign it', driver(cluster, ca=cluster.certificates.path('wrong.pem'))('heads 5000'),
         'certificate')
    stranger = cluster.certificates.certificate('stranger', authority='wrong')
    says('a client certificate of another CA', driver(cluster, client=stranger)('heads 5000'), 'certificate|alert|peer')
    host = driver(cluster, user='host')
    says('a host reads', host('heads 5000'), '^ok')
    host('issuer host')
    host('say +0000000001')
    host('sign')
    says('and may not write', host('put 5000 0 1'), 'permission denied')
    # Another password, while it runs
    one = fresh(cluster, 'secret')
    pid = one('pid')
    cluster.ctl('user', 'passwd', 'fleet', '--interactive=false', input=b'another\n')
    write(one.password, 'another\n')
    says('a new password in the file is taken', one.insist('say !0000000001', 2), '^ok$')
    check('by another process', one('pid') != pid)
    cluster.ctl('user', 'passwd', 'fleet', '--interactive=false', input=(PASSWORD + '\n').encode())
    write(one.password, PASSWORD + '\n')
    says('and the old one again', one.insist('say !0000000002', 3), '^ok$')
    check('the drivers end', all(each.close() == 0 for each in (host, one)))


def no_space(cluster):
    """The alarm that a full database raises."""
    one = fresh(cluster, 'full')
    member = cluster.told('endpoint', 'status')[0]['Status']['header']['member_id']
    tls = ['--cacert', cluster.certificates.path('ca.pem'), '--cert', cluster.client + '.pem', '--key',
           cluster.client + '.key']
    run('curl', '-s', '-f', *tls, '-d', json.dumps({'action': 'ACTIVATE', 'memberID': str(member), 'alarm': 'NOSPACE'}),
        cluster.members[0].url + '/v3/maintenance/alarm')
    says('no space: refused, and said why', one.step('say !0000000001', 2), 'space')
    says('it reads', one('heads 5000'), 'full:1')
    cluster.ctl('alarm', 'disarm')
    says('space again: the same bytes are taken', one.put(2), '^ok$')
    one.close()


def proxied(cluster):
    target = (cluster.members[0].address, 2379)
    proxy = Proxy(target)
    one = fresh(cluster, 'far', proxy.url)
    proxy.delay = 0.3
    says('slow: it takes its time', one.insist('say !0000000001', 2), '^ok$')
    proxy.delay = 20
    says('too slow: unknown', one.step('say !0000000002', 3, patience=15000), 'time')
    check('by its own deadline', one.took < 10, one.took)
    proxy.delay = 0
    proxy.is_deaf = True
    says('an answer that is lost: unknown', one('put 4000 2 3'), 'time')
    proxy.is_deaf = False
    says('yet it was done: the same bytes are taken', one.put(3), '^ok$')
    for size in (100, 1000, 3000, 4200, 4400, 4600, 5000):
        proxy.cut_after = size
        answer = one('heads 4000')
        says(f'cut after {size} bytes: an error or an answer', answer, 'far:3|connect|SSL|closed|reset|EOF|reply|transfer')
    proxy.cut_after = None
    says('whole again', one('heads 4000'), 'far:3')
    both = driver(cluster, f'{proxy.url},{cluster.members[1].url}')
    proxy.is_deaf = True
    says('one endpoint is deaf: the next answers', both('heads 10000'), 'far:3')
    check('after its deadline', 1.0 < both.took < 8, both.took)
    check('which is asked first then, at once', until(lambda: 'far:3' in both('heads 4000') and both.took < 1), both.took)
    proxy.is_deaf = False
    for each in (one, both):
        each.close()
    proxy.close()


def deaf(cluster):
    """A watch whose connection is open, and by which nothing comes."""
    proxy = Proxy((cluster.members[0].address, 2379))
    one = fresh(cluster, 'deaf')
    host = driver(cluster, f'{proxy.url},{cluster.members[1].url}')
    says('the heads, by way of the proxy', host('heads 5000'), 'deaf:1')
    host.begin('wait 20000')
    one.insist('say +0000000003', 2)
    says('the watch there hears', host.end(), '^ok news deaf:2 0000000003$')
    says('the heads tell no more', host('heads 5000') + host('wait 300'), 'deaf:2.*ok quiet$')
    proxy.is_deaf = True
    one.insist('say +0000000004', 3)
    says('deaf: the heads come from another member', host('heads 5000'), 'deaf:3')
    says('and tell what it did not hear', host('wait 1500'), '^ok quiet$')
    says('another watch tells that', host('wait 20000'), '^ok news deaf:3 0000000004$')
    host.begin('wait 20000')
    one.insist('say +0000000005', 4)
    says('and goes on', host.end(), '^ok news deaf:4 0000000005$')
    alone = driver(cluster, proxy.url)
    says('no endpoint that answers: an error', alone('heads 3000'), 'time|connect')
    for each in (one, host, alone):
        each.close()
    proxy.close()


class Lie:
    """A server that lies to one driver, who has put one step while it was honest."""

    def __init__(self, cluster, name='hub', members=1):
        self.store = Store()
        self.liars = [Liar(cluster.certificates, cluster.server) for _ in range(members)]
        self.liar = self.liars[0]
        self.patience = 5
        for liar in self.liars:
            liar.answer = self.store.answer
            liar.requests = self.liar.requests
        self.one = fresh(cluster, name, ','.join(liar.url for liar in self.liars))

    def __call__(self, line, sabotage=None):
        self.store.sabotage = sabotage
        answer = self.one(line)
        # Who is honest answers, if not in time on a busy machine.
        while sabotage is None and UNKNOWN.search(answer) and self.patience > 0:
            self.patience -= 1
            answer = self.one(line)
        self.store.sabotage = None
        return answer

    def close(self):
        check('the driver ends', self.one.close() == 0)
        for liar in self.liars:
            liar.close()


def on(wanted, make):
    """Only that path is lied about."""
    return lambda path, request, honest: make(request, honest) if path == wanted else None


RANGE, PUT, LOGIN = '/v3/kv/range', '/v3/kv/txn', '/v3/auth/authenticate'


def lies(cluster):
    lie = Lie(cluster)
    says('honest', lie('heads 3000') + lie('list 3000 hub'), '^ok hub:1ok 1 2$')
    for name, status, body in (
            ('rubbish', 200, b'\xff\x00rubbish'), ('nothing', 200, b''), ('no object', 200, b'[]'),
            ('a number', 200, b'1'), ('half of one', 200, b'{"header":{"cluster_id":"77"'),
            ('no header', 200, {}), ('a header without a cluster', 200, {'header': {'revision': '10'}}),
            ('numbers that are no texts', 200, {'header': {'cluster_id': 77, 'revision': 10}}),
            ('numbers too large', 200, {'header': {'cluster_id': '77', 'revision': '9223372036854775808'}}),
            ('numbers below 0', 200, {'header': {'cluster_id': '77', 'revision': '-1'}}),
            ('a name twice', 200, b'{"header":{"cluster_id":"77","revision":"10"},"header":{}}'),
            ('a page of HTML', 200, b'<html></html>'), ('not found', 404, b'404 page not found'),
            ('a redirect', 302, b''), ('an error without words', 500, b''), ('an error with an escape in it', 500,
             {'error': '\x1b[2J', 'code': 2}), ('nesting', 200, b'{"a":' * 100000)):
        lie.liar.headers = {'Location': lie.liar.url + '/elsewhere'} if status == 302 else {}
        answer = lie('heads 3000', lambda path, request, honest: (status, body))
        check(f'{name}: an error', not answer.startswith('ok') and answer.isprintable(), answer)
    lie.liar.headers = {}
    says('honest again', lie('heads 3000'), '^ok hub:1$')
    pair = {'key': text(PREFIX + '/head/hub'), 'value': text('x'), 'mod_revision': '3'}
    for name, pairs in (
            ('no list', {'a': 1}), ('no object in it', ['x']), ('base64 that is none', [dict(pair, value='=a==')]),
            ('base64 with bits left', [dict(pair, value='YR==')]), ('a number for a text', [dict(pair, key=1)]),
            ('a key of another place', [dict(pair, key=text('/elsewhere/' + 'x' * 80))]),
            ('a key with a NUL', [dict(pair, key=text(PREFIX + '/head/h\0b'))]),
            ('no key', [{'value': 'eA=='}])):
        says(f'{name}: an error', lie('heads 3000', on(RANGE, lambda request, honest: (200, dict(honest, kvs=pairs)))),
             '^invalid')
    says('more than there can be', lie('heads 3000', on(RANGE, lambda request, honest: (200, dict(honest, more=True)))),
         'more than')
    says('without end: a page that has more, always',
         lie('list 3000 hub', on(RANGE, lambda request, honest: (200, dict(honest, more=True)))), '^invalid')
    says('a page with more, and nothing in it', lie('list 3000 hub', on(RANGE, lambda request, honest: (
        200, {'header': honest['header'], 'more': True}))), '^invalid')
    first = lie.store.pairs[f'{PREFIX}/rec/hub/0000000001']
    says('records of another', lie('list 3000 hub', on(RANGE, lambda request, honest: (200, dict(honest, kvs=[
        dict(pair, key=text(f'{PREFIX}/rec/other/0000000001'))])) if 'range_end' in request else None)), '^invalid')
    says('records in another order', lie('list 3000 hub', on(RANGE, lambda request, honest: (
        200, dict(honest, kvs=honest['kvs'][::-1])))), '^invalid')
    says('an older record', lie('list 3000 hub', on(RANGE, lambda request, honest: (200, dict(honest, kvs=[
        dict(each, value=text(first[0])) for each in honest['kvs']])) if 'range_end' in request else None)), 'not those of its head')
    says('a record of 2 MB', lie('list 3000 hub', on(RANGE, lambda request, honest: (200, dict(honest, kvs=[
        dict(each, value=text(b'x' * 2000000)) for each in honest['kvs']])) if 'range_end' in request else None)),
         'head says')
    says('a head of 2 MB', lie('heads 3000', on(RANGE, lambda request, honest: (200, dict(honest, kvs=[
        dict(each, value=text(b'x' * 2000000)) for each in honest['kvs']])))), '^ok hub:invalid')
    says('an answer of 40 MB', lie('heads 5000', on(RANGE, lambda request, honest: (200, b' ' * 40000000))), 'too long|time')
    says('one of many small things', lie('heads 5000', on(RANGE, lambda request, honest: (
        200, b'{"a":[' + b'[],' * 3900000 + b'0]}'))), 'answer|time|ended|memory')
    says('one without end', lie('heads 5000', on(RANGE, lambda request, honest: (200, itertools.repeat(b' ' * 65536)))),
         'too long|time')
    says('one that drips', lie('heads 10000', on(RANGE, lambda request, honest: (200, drip(20)))), 'time')
    check('not for longer than a request may take', lie.one.took < 5, lie.one.took)
    says('it is whole', lie('heads 3000'), '^ok hub:1$')
    check('it has never followed a redirect, nor asked for anything else',
          {path for path, _, _ in lie.liar.requests} == {RANGE, PUT, LOGIN}, {path for path, _, _ in lie.liar.requests})
    lie.close()


def lies_of_puts(cluster):
    lie = Lie(cluster, members=2)
    seq = 1
    for name, status, body, meant in (
            ('an error after it was done', 503, {'error': 'leader changed', 'code': 14}, 'leader changed'),
            ('rubbish', 200, b'rubbish', 'answer'), ('no answer', 200, drip(3), 'time'),
            ('not found', 404, b'', '404'), ('a limit', 429, {'error': 'too many requests', 'code': 8}, 'too many'),
            ('a "no" that is none', 200, {'header': {'cluster_id': '77', 'revision': '999'}, 'succeeded': 'no'}, 'not understood'),
            ('neither yes nor the head', 200, {'header': {'cluster_id': '77', 'revision': '1999'}}, 'not understood')):
        lie.one(f'say +{seq + 10:010}')
        lie.one('sign')
        before = len(lie.liar.requests)
        answer = lie(f'put 4000 {seq} {seq + 1}', on(PUT, lambda request, honest: (status, body)))
        check(f'{name}: unknown, never acknowledged nor refused', not answer.startswith(('ok', 'exists')), answer)
        says('and why', answer, meant)
        check('it was sent once', [path for path, _, _ in lie.liar.requests[before:]].count(PUT) == 1)
        if '999' in str(body):
            lie.store.revision += 1000
        says('the same bytes again', lie(f'put 4000 {seq} {seq + 1}'), '^ok$')
        seq += 1
    # What is in between sends it twice, or late.
    lie.one(f'say +{seq + 20:010}')
    lie.one('sign')
    says('it comes twice: acknowledged once', lie(f'put 4000 {seq} {seq + 1}', on(PUT, lambda request, honest: (
        200, lie.store.transaction(request)))), '^ok$')
    seq += 1
    lie.one(f'say +{seq + 20:010}')
    lie.one('sign')
    held, honest = [], lie.store.transaction
    lie.store.transaction = lambda request: held.append(request) or {}
    says('it is held: unknown', lie(f'put 4000 {seq} {seq + 1}', on(PUT, lambda request, _: (504, {'code': 4}))), '504')
    lie.store.transaction = honest
    says('sent again', lie(f'put 4000 {seq} {seq + 1}'), '^ok$')
    seq += 1
    before = dict(lie.store.pairs)
    check('and comes when all is over: nothing', 'succeeded' not in lie.store.transaction(held[0]) and
          before == lie.store.pairs)
    # The server moves on between the look and the put: whose head it is decides.
    honest = lie.store.transaction

    def slow(request):
        lie.store.pairs[f'{PREFIX}/head/hub'] = (b'another', 9999)
        return honest(request)
    lie.store.transaction = slow
    lie.one('say +0000000099')
    lie.one('sign')
    says('another head came in between: refused', lie(f'put 4000 {seq} {seq + 1}'), '^exists.*another head')
    lie.close()


def lies_of_who_it_is(cluster):
    lie = Lie(cluster)
    lie('heads 3000')
    lie.store.revision += 50
    lie('heads 3000')
    lie.store.revision -= 20
    says('it went back: said once', lie('heads 3000'), 'went back from revision')
    says('and taken for what it is then', lie('heads 3000'), '^ok hub:1$')
    lie.store.cluster = 78
    says('another cluster: said once', lie('heads 3000'), 'another cluster')
    says('and taken then', lie('heads 3000'), '^ok hub:1$')
    # Log-ins
    says('the token has ended: log in again', lie('heads 3000', lambda path, request, honest: (
        401, {'error': 'etcdserver: invalid auth token', 'code': 16}) if path == RANGE and
        lie.liar.requests[-1][2] == 'token.1' else (200, dict(honest, token='token.2')) if path == LOGIN else None), '^ok hub:1$')

    def waits(path, request, honest):
        # As a member that was restored: its log is shorter than when it gave that token.
        if path == RANGE and lie.liar.requests[-1][2] == 'token.2':
            time.sleep(2)
        return (200, dict(honest, token='token.3')) if path == LOGIN else None
    for _ in range(2):
        says('a token that is waited for: no answer', lie('heads 3000', waits), 'time|Time')
    says('the second time: log in again', lie('heads 3000', waits), '^ok hub:1$')
    before = len(lie.liar.requests)
    says('it ends at once, always: an error', lie('heads 3000', on(RANGE, lambda request, honest: (
        401, {'error': 'etcdserver: invalid auth token', 'code': 16}))), 'invalid auth token')
    check('after one more log-in', [path for path, _, _ in lie.liar.requests[before:]].count(LOGIN) <= 2)
    for name, token in (('with a line in it', 'a\r\nX: y'), ('too long', 'x' * 2000), ('empty', ''), ('a number', 1)):
        answer = lie('heads 3000', lambda path, request, honest: (401, {'code': 16}) if path == RANGE else (
            200, dict(honest, token=token)))
        says(f'a token that is {name}', answer, '^invalid|answer')
    says('honest again', lie('heads 3000'), '^ok hub:1$')
    lie.close()
    # Its certificate
    for name, days, addresses, meant in (('has expired', -1, [HERE], 'expired'), ('is of another', 1, ['10.9.9.9'], 'certificate|match')):
        server = cluster.certificates.certificate('bad', addresses, days)
        liar = Liar(cluster.certificates, server)
        one = driver(cluster, liar.url)
        says(f'a certificate that {name}', one('heads 3000'), meant)
        check('nothing was said to it', not liar.requests)
        one.close()
        liar.close()
    # The environment has no say.
    proxy = Proxy((HERE, 1))
    liar = Liar(cluster.certificates, cluster.server)
    liar.answer = Store().answer
    one = driver(cluster, liar.url, environment=dict(os.environ, https_proxy=proxy.url.replace('https', 'http'), ALL_PROXY=proxy.url,
                                              SSL_CERT_FILE='/dev/null', CURL_CA_BUNDLE='/dev/null'))
    says('a proxy of the environment is not asked', one('heads 3000'), '^ok')
    one.close()
    liar.close()
    # Names that cannot be looked up: who is asked does not answer.
    write('/run/netns/resolv.conf', 'nameserver 10.77.0.99\n', 0o644)
    run('mount', '--bind', '/run/netns/resolv.conf', '/etc/resolv.conf')
    liar = Liar(cluster.certificates, cluster.server)
    liar.answer = Store().answer
    one = driver(cluster, f'https://etcd.example:2379,{liar.url}')
    says('no DNS: the next endpoint answers', one('heads 10000'), '^ok')
    check('in time', one.took < 5, one.took)
    check('the driver ends', one.close() == 0)
    liar.close()
    run('umount', '/etc/resolv.conf')
    says('http is refused', driver(cluster, 'http://10.77.0.1:1').first, 'https')


def lies_of_watches(cluster):
    lie = Lie(cluster)

    def watched(body):
        lie.store.revision += 1
        lie('heads 3000')
        # A list: etcd says this, and then the stream stays open and silent.
        return lie('wait 8000', lambda path, request, honest: (
            200, itertools.chain(body, drip(10)) if isinstance(body, list) else body))
    real = lie.store.answer

    def answer(path, request):
        if path == '/v3/watch':
            return lie.store.sabotage(path, request, {})
        return real(path, request)
    lie.liar.answer = answer
    event = json.dumps({'result': {'header': {}, 'events': [{'kv': {'mod_revision': '99'}}]}}).encode() + b'\n'
    says('an event', watched(event), 'news')
    for name, body in (('rubbish', b'rubbish\n'), ('an end', b''), ('canceled', [b'{"result":{"canceled":true}}\n']),
                       ('compacted', [b'{"result":{"compact_revision":"5"}}\n']), ('a line without end', b'x' * 2000000),
                       ('an error', b'{"error":{"grpc_code":16}}\n')):
        lie.close()
        lie = Lie(cluster)
        real = lie.store.answer
        lie.liar.answer = answer
        before = len(lie.liar.requests)
        says(f'{name}: a reason to look', watched(body), 'news')
        lie('heads 3000')
        # It asks again after a second or two.
        says('and then it waits, without asking again at once', lie('wait 300', lambda path, request, honest: (
            200, iter(body) if isinstance(body, list) else body)), 'quiet')
        asked = [path for path, _, _ in lie.liar.requests[before:]].count('/v3/watch')
        check('no storm', asked <= 2, asked)
    lie.close()


def honest(cluster):
    """What every engine promises, by a server that does not lie."""
    store = Store()
    liar = Liar(cluster.certificates, cluster.server)
    liar.answer = store.answer
    puts(cluster, endpoints=liar.url)
    one = driver(cluster, liar.url)
    one('issuer many')
    one('many 1203 3')
    one('sign')
    before = len(liar.requests)
    says('1203 records in steps', one('rewrite 30000 0 1'), '^ok$')
    check('of 125 at most', all(len(request['success']) <= 126 for path, request, _ in liar.requests[before:]
                                if path == PUT))
    check('in which the head comes last', [len(request['success']) for path, request, _ in liar.requests[before:]
                                           if path == PUT] == [125] * 9 + [79])
    before = len(liar.requests)
    says('are listed, over pages', one('list 10000 many'), '^ok 1 1203$')
    ranges = [request for path, request, _ in liar.requests[before:] if path == RANGE]
    check('all of one revision', len({request['revision'] for request in ranges[1:]}) == 1 and
          ranges[1]['revision'] == str(store.revision) and len(ranges) == 4, ranges)
    del store.pairs[f'{PREFIX}/rec/many/0000000007']
    store.pairs[f'{PREFIX}/rec/many/0000009999'] = (b'x', 5)
    one('say !0000000000')
    one('sign')
    before = len(liar.requests)
    says('what is there otherwise', one('rewrite 30000 1 2') + one('list 10000 many'), '^okok 2 1203$')
    check('is mended, and no more is sent', [len(request['success']) for path, request, _ in liar.requests[before:]
                                             if path == PUT] == [4])
    store.pairs[f'{PREFIX}/head/many'] = (b'rubbish', store.revision)
    one('say !0000000001')
    one('sign')
    says('a head that is rubbish is none', one('rewrite 30000 0 3') + one('list 10000 many'), '^okok 3 1203$')
    one.close()
    liar.close()


def rights(cluster):
    """Who speaks to the network, and with whose secrets."""
    store = Store()
    liar = Liar(cluster.certificates, cluster.server)
    liar.answer = store.answer
    one = fresh(cluster, 'secret', liar.url)
    says('a password that others can read', driver(cluster, liar.url, mode=0o640)('heads 5000'), 'chmod')
    os.chmod(cluster.client + '.key', 0o644)
    says('a key that others can read', driver(cluster, liar.url)('heads 5000'), 'chmod')
    os.chmod(cluster.client + '.key', 0o600)
    pid = one('pid')
    store.password = 'another'
    store.token = 'token.3'
    write(one.password, 'another\n')
    says('a new password in the file is taken', one.insist('say !0000000001', 2), '^ok$')
    check('by another process', one('pid') != pid)
    store.password = PASSWORD
    says('a wrong one is told', driver(cluster, liar.url, password='wrong')('heads 5000'), 'log-in as fleet was refused')
    write(one.password, PASSWORD + '\n')
    says('the right one again', one.insist('say !0000000002', 3), '^ok$')
    pid = one('pid').split()[1]
    status = open(f'/proc/{pid}/status').read()
    says('the program is nobody', status, r'Uid:\t65534\t65534\t65534\t65534')
    says('without capabilities', status, r'CapEff:\t0+\n')
    says('and cannot get any', status, r'NoNewPrivs:\t1')
    says('no groups', status, r'Groups:\t *\n')
    command = open(f'/proc/{pid}/cmdline').read()
    check('its arguments tell nothing', command.count('\0') == 1 and PASSWORD not in command, command)
    check('nor does its environment', open(f'/proc/{pid}/environ').read() == '')
    links = [os.readlink(f'/proc/{pid}/fd/{fd}') for fd in os.listdir(f'/proc/{pid}/fd')]
    check('it has sockets, and what is standard', all('socket:' in link or 'pipe:' in link or 'eventfd' in link or
                                                     link in (os.readlink('/proc/self/fd/1'), os.readlink('/proc/self/fd/2'))
                                                     for link in links), links)
    os.kill(int(pid), signal.SIGKILL)
    says('killed: an error', one('heads 5000'), 'has ended|^ok')
    says('and another is there', one('heads 5000'), 'secret:3')
    os.kill(int(one('pid').split()[1]), signal.SIGSTOP)
    says('stopped: given up at the deadline', one('heads 1000'), 'in time')
    says('and another is there', one('heads 5000'), 'secret:3')
    one.close()
    liar.close()
    # A CA of the system's is not ours.
    cluster.certificates.authority('system')
    run('mount', '-t', 'tmpfs', 'none', '/etc/ssl/certs')
    run('cp', cluster.certificates.path('system.pem'), '/etc/ssl/certs/')
    run('openssl', 'rehash', '/etc/ssl/certs')
    run('cp', cluster.certificates.path('system.pem'), '/etc/ssl/certs/ca-certificates.crt')
    liar = Liar(cluster.certificates, cluster.certificates.certificate('foreign', [HERE], authority='system'))
    liar.answer = store.answer
    says('a CA of the system is not believed', driver(cluster, liar.url)('heads 3000'), 'certificate')
    check('nothing was said to it', not liar.requests)
    liar.close()
    run('umount', '/etc/ssl/certs')


PARTS = {
    'members': [puts, pages, largest, watch, compaction, member_killed, minority, credentials, no_space, proxied, deaf,
                *disasters.MEMBERS],
    'liars': [honest, file, rights, lies, lies_of_puts, lies_of_who_it_is, lies_of_watches,
              *disasters.LIARS],
}


def start(kind):
    cluster = Cluster(PLACE, has_members=kind == 'members')
    if kind == 'members':
        print(f'# etcd {cluster.version()}', flush=True)
        cluster.start()
        cluster.enable_log_in()
    return cluster


def main():
    kind = sys.argv[2]
    cluster = start(kind)
    try:
        run_parts(PARTS[kind], cluster)
    finally:
        cluster.kill()


main()
