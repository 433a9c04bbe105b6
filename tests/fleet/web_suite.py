"""What https.test runs; prints TAP. With names, only those parts."""
import base64
import itertools
import os
import signal
import sys
import threading
import time

from checks import check, run_parts, says, until
from cluster import HERE, Cluster, run
from driver import Driver, write
from web import Web

PLACE = sys.argv[1]
FILES = os.path.join(PLACE, 'files')
ISSUERS = os.path.join(PLACE, 'issuers')
drivers = itertools.count(1)


def writer(name='hub', tokens=2):
    """Who issues, into the directory that is served."""
    one = Driver(PLACE, f'w{next(drivers)}', '', None, user=None, source=FILES)
    one(f'issuer {name}')
    one(f'many {tokens} 3')
    one('sign')
    assert one('rewrite 5000 0 1') == 'ok'
    return one


def reader(cluster, source, believes=('hub',), **options):
    """Who believes these issuers, whatever their keys."""
    place = os.path.join(ISSUERS, str(next(drivers)))
    os.makedirs(place, 0o755)
    for name in believes:
        write(os.path.join(place, name + '.pub'), '[issuer]\nkey = ' + '77' * 32 +
              '\nmay = issue, revoke\nusers = any\nservices = any\nnot_after = never\n', 0o644)
    options.setdefault('ca', cluster.certificates.path('ca.pem'))
    options.setdefault('user', None)
    more = [f'issuers = {place}', *options.pop('more', ())]
    return Driver(PLACE, f'r{next(drivers)}', '', source=source, more=more, **options)


def serve(cluster, server=None, **options):
    for name in os.listdir(FILES):
        os.unlink(os.path.join(FILES, name))
    return Web(cluster.certificates, server or cluster.server, FILES, **options)


def helper(one):
    """The process that speaks for a driver."""
    path = f'/proc/{one.process.pid}/task/{one.process.pid}/children'
    return int(open(path).read())


def turns(pids):
    """By task, the nanoseconds that each has run, or waited for a processor."""
    spans = {}
    for pid in pids:
        for task in os.listdir(f'/proc/{pid}/task'):
            try:
                with open(f'/proc/{pid}/task/{task}/schedstat') as file:
                    spans[task] = sum(int(span) for span in file.read().split()[:2])
            except OSError:  # it has ended
                pass
    return spans


def asleep(one, line):
    """The seconds of a command in which none of those who take part had anything to do, however busy the machine is."""
    pids = os.getpid(), one.process.pid, helper(one)
    before = turns(pids)
    one(line)
    after = turns(pids)
    return one.took - sum(after[task] - before[task] for task in after if task in before) / 10**9


def reads(cluster):
    web = serve(cluster)
    one = reader(cluster, web.url)
    says('it opens without reaching anything', one.first, '^ok$')
    says('nothing is there', one('heads 5000'), '^ok hub:no such')
    says('nor is a file', one('list 5000 hub'), '^no such token: https://.*/hub.fleet: there is no such file')
    web.requests.clear()
    hub = writer(tokens=200)
    says('a head', one('heads 5000'), '^ok hub:1$')
    check('and no more is fetched for it', web.fetches() == 0, web.fetches())
    says('all of it', one('list 5000 hub'), '^ok 1 200$')
    check('is fetched', web.fetches() == 1, web.fetches())
    slowest = max(asleep(one, 'heads 5000') for _ in range(300))
    check('a look ends with its answer, not with its time', slowest < 1, slowest)
    check('an unchanged file is not fetched again', web.fetches() == 1, web.fetches())
    check('but looked at: a kilobyte', {part for _, part, _, _ in web.requests} == {None, 'bytes=0-1023'})
    check('caches are told to ask', all('no-cache' in headers.get('Cache-Control', '') for _, _, _, headers in
                                        web.requests))
    # Its server says that nothing has changed: the same ETag, and the time that rsync keeps.
    stamp = os.stat(FILES + '/hub.fleet')
    says('a revocation', hub.step('say !0000000001', 2), '^ok$')
    os.utime(FILES + '/hub.fleet', ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    says('is seen, whatever the server says of the time', one('heads 5000'), '^ok hub:2$')
    says('and comes', one('list 5000 hub'), '^ok 2 200$')
    check('in one file', web.fetches() == 2, web.fetches())
    says('asked for again, as after a refusal', one('list 5000 hub'), '^ok 2 200$')
    check('it is not fetched again', web.fetches() == 2, web.fetches())
    hub.step('say !0000000002', 3)
    says('until its head is another', one('heads 5000') + one('list 5000 hub'), '^ok hub:3ok 3 200$')
    one('issuer hub')
    one('say +0000000009')
    one('sign')
    for what in ('put', 'rewrite'):
        says(f'{what}: refused, and said where to', one(f'{what} 5000 0 1'), 'only read: issue on the machine')
    check('nothing of that was sent', all(path == '/hub.fleet' for path, _, _, _ in web.requests))
    says('nothing happens', one('wait 300'), '^ok quiet$')
    check('at the deadline', one.took < 5, one.took)
    both = reader(cluster, web.url, believes=('guard', 'hub'))
    says('one issuer has no file: the other is read', both('heads 5000'), '^ok guard:no such token hub:3$|^ok hub:3 guard:no such token$')
    alone = reader(cluster, web.url + 'hub.fleet', believes=('guard', 'hub'))
    says('a source that is one file', alone('heads 5000'), '^ok hub:3$')
    says('and all of it', alone('list 5000 hub'), '^ok 3 200$')
    for each in (one, hub, both, alone):
        check('the driver ends', each.close() == 0)
    web.close()


def without_ranges(cluster):
    """A server that sends all, always."""
    web = serve(cluster)
    web.has_ranges = False
    hub = writer(tokens=15000)
    size = os.path.getsize(FILES + '/hub.fleet')
    one = reader(cluster, web.url)
    says('a head', one('heads 5000'), '^ok hub:1$')
    check('most of it is not taken', until(lambda: web.ended == 1) and web.whole == 0 and web.sent < size,
          (web.whole, web.sent, size))
    says('all of it', one('list 30000 hub'), '^ok 1 15000$')
    hub.step('say !0000000001', 2)
    says('what has changed', one('heads 5000') + one('list 30000 hub'), '^ok hub:2ok 2 15000$')
    for each in (one, hub):
        each.close()
    web.close()


def who_it_is(cluster):
    web = serve(cluster)
    hub = writer()
    certificates = cluster.certificates
    certificates.authority('wrong')
    says('a CA that did not sign it', reader(cluster, web.url, ca=certificates.path('wrong.pem'))('heads 5000'),
         '^ok hub:.*refused')
    one = reader(cluster, web.url, ca=certificates.path('wrong.pem'))
    says('and why', one('list 5000 hub'), 'hub.fleet: .*certificate')
    says('no ca: the system has not that one', reader(cluster, web.url, ca=None)('list 5000 hub'), 'certificate')
    check('nothing was said to it', not web.requests)
    run('mount', '-t', 'tmpfs', 'none', '/etc/ssl/certs')
    run('cp', certificates.path('ca.pem'), '/etc/ssl/certs/ca-certificates.crt')
    run('openssl', 'rehash', '/etc/ssl/certs')
    says('and now it has', reader(cluster, web.url, ca=None)('list 5000 hub'), '^ok 1 2$')
    says('but not for who has a CA of his own', reader(cluster, web.url, ca=certificates.path('wrong.pem'))('list 5000 hub'),
         'certificate')
    run('umount', '/etc/ssl/certs')
    for name, days, addresses, meant in (('has expired', -1, [HERE], 'expired'),
                                         ('is of another', 1, ['10.9.9.9'], 'certificate|match')):
        bad = Web(certificates, certificates.certificate('bad', addresses, days), FILES)
        says(f'a certificate that {name}', reader(cluster, bad.url)('list 5000 hub'), meant)
        check('nothing was said to it', not bad.requests)
        bad.close()
    # Who we are
    strict = Web(certificates, cluster.server, FILES, client_ca=certificates.path('ca.pem'))
    says('no client certificate', reader(cluster, strict.url)('list 5000 hub'), 'hub.fleet: ')
    says('a client certificate', reader(cluster, strict.url, client=cluster.client)('list 5000 hub'), '^ok 1 2$')
    os.chmod(cluster.client + '.key', 0o644)
    says('a key that others can read', reader(cluster, strict.url, client=cluster.client)('heads 5000'), 'chmod')
    os.chmod(cluster.client + '.key', 0o600)
    strict.close()
    web.password = base64.b64encode(b'web1:secret word').decode()
    says('no user', reader(cluster, web.url)('list 5000 hub'), 'status 401.*https. user and password')
    says('a wrong password', reader(cluster, web.url, user='web1', password='wrong')('list 5000 hub'), 'status 401')
    says('a password that others can read',
         reader(cluster, web.url, user='web1', password='secret word', mode=0o640)('heads 5000'), 'chmod')
    one = reader(cluster, web.url, user='web1', password='secret word')
    says('the right one', one('list 5000 hub'), '^ok 1 2$')
    pid = helper(one)
    web.password = base64.b64encode(b'web1:another').decode()
    write(one.password, 'another\n')
    says('another in the file is taken', one('list 5000 hub'), '^ok 1 2$')
    check('by another process', pid != helper(one))
    pid = helper(one)
    status = open(f'/proc/{pid}/status').read()
    for what in (r'Uid:\t65534\t65534\t65534\t65534', r'CapEff:\t0+\n', r'NoNewPrivs:\t1', r'Groups:\t *\n'):
        says('the program is nobody', status, what)
    check('its arguments tell nothing', open(f'/proc/{pid}/cmdline').read().count('\0') == 1)
    check('nor does its environment', open(f'/proc/{pid}/environ').read() == '')
    os.kill(pid, signal.SIGSTOP)
    says('stopped: given up at the deadline', one('heads 1000'), 'busy|time')
    check('and not later', one.took < 5, one.took)
    says('and another is there', one('heads 5000'), '^ok hub:1$')
    os.kill(helper(one), signal.SIGKILL)
    says('killed: an error', one('heads 5000'), '^ok hub:')
    says('and another is there', one('heads 5000'), '^ok hub:1$')
    # What is no URL of ours
    for source, meant in (('http://10.77.0.1/', 'https://HOST/PATH'), ('https://web1:word@10.77.0.1/', 'without user'),
                          ('https://web%31:word@10.77.0.1/', 'without user'), ('https://10.77.0.1', 'https://HOST/PATH')):
        refused = reader(cluster, source)
        says(f'{source}: refused', refused.first, meant)
        check('and no password is shown', 'word' not in refused.first.replace('password', ''), refused.first)
    for each in (one, hub):
        each.close()
    web.close()


def trouble(cluster):
    web = serve(cluster)
    hub, guard = writer(tokens=100), writer('guard')
    elsewhere = Web(cluster.certificates, cluster.server, FILES)
    body = open(FILES + '/hub.fleet', 'rb').read()

    def hub_answers(answer):
        web.answer = lambda handler: 'hub' in handler.path and (answer(handler), True)[1]

    def wrong(name, answer, head, whole, others='guard:1'):
        hub_answers(answer)
        # What was fetched is kept for a while: by another process.
        one = reader(cluster, web.url, believes=('guard', 'hub'))
        heads = one('heads 5000')
        says(f'{name}: the head', heads, head)
        says('and the other issuer is read', heads, others)
        answer = one('list 5000 hub')
        says(f'{name}: the file', answer, whole)
        check('in time, in one line, with its name', one.took < 9 and 'hub' in answer and '\n' not in answer, answer)
        check('the driver ends', one.close() == 0)

    wrong('404', lambda handler: handler.say(404, b'x' * 5000), 'hub:no such', 'there is no such file')
    wrong('500', lambda handler: handler.say(500, b'oops'), 'hub:.*system', 'hub.fleet: status 500')
    wrong('403', lambda handler: handler.say(403, b''), 'hub:.*refused', 'status 403')
    for status in (301, 302, 307, 308):
        wrong(f'{status}', lambda handler: handler.say(status, b'', {'Location': elsewhere.url + 'hub.fleet'}),
              'hub:.*(invalid|rule)', f'status {status}: the server says that it is elsewhere')
    wrong('a redirect to another scheme', lambda handler: handler.say(302, b'', {'Location': 'http://10.77.0.1/hub.fleet'}),
          'hub:.*(invalid|rule)', 'elsewhere')
    check('no redirect was followed', not elsewhere.requests)
    wrong('304, which nobody asked for', lambda handler: handler.say(304, b''), 'hub:', 'status 304|elsewhere')
    wrong('no file of a fleet', lambda handler: handler.say(200, b'<html>'), 'hub:.*(invalid|rule)', 'does not begin with')
    wrong('empty', lambda handler: handler.say(200, b''), 'hub:.*(invalid|rule)', 'does not begin with')
    wrong('cut, as it is on the server', lambda handler: handler.say(200, body[:len(body) // 2]), 'hub:1', 'it was cut')
    wrong('cut on its way', lambda handler: handler.say(200, body[:len(body) // 2], length=len(body)), 'hub:1',
          'the answer was cut')
    wrong('longer', lambda handler: handler.say(200, body + b'x'), 'hub:1', 'more in it than its head says')
    wrong('compressed', lambda handler: handler.say(200, b'\x1f\x8b' + body, {'Content-Encoding': 'gzip'}),
          'hub:.*(invalid|rule)', 'does not begin with')
    wrong('too large, as it says itself', lambda handler: handler.say(200, body, length=600 << 20), 'hub:1',
          'larger than 536870912 bytes')

    def rubbish(handler):
        handler.wfile.write(b'rubbish\r\n\r\n')
        handler.close_connection = True
    wrong('no HTTP', rubbish, 'hub:.*(invalid|rule)', 'hub.fleet: ')

    def hang(handler):
        time.sleep(5)
        handler.close_connection = True
    wrong('a server that hangs', hang, 'hub:.*busy|hub:.*time', 'is still being fetched', others='guard:1')
    one = reader(cluster, web.url, believes=('guard', 'hub'))
    one('heads 5000')
    check('no longer than a head may take', one.took < 4.5, one.took)
    web.answer = lambda handler: False
    says('whole again', one('heads 5000'), 'hub:1')
    check('the file comes', until(lambda: one('list 5000 hub') == 'ok 1 100'))
    # Names that cannot be looked up: who is asked does not answer.
    write('/run/netns/resolv.conf', 'nameserver 10.77.0.99\n', 0o644)
    run('mount', '--bind', '/run/netns/resolv.conf', '/etc/resolv.conf')
    nameless = reader(cluster, 'https://hub.example/')
    says('no DNS', nameless('heads 5000'), '^ok hub:')
    check('no longer than a head may take', nameless.took < 4.5, nameless.took)
    check('the driver ends', nameless.close() == 0)
    run('umount', '/etc/resolv.conf')
    # No server at all
    web.close()
    one.close()
    one = reader(cluster, web.url)
    says('nobody listens', one('list 5000 hub'), 'hub.fleet: .*onnect')
    for each in (one, hub, guard):
        check('the driver ends', each.close() == 0)
    elsewhere.close()


def slow(cluster):
    """A file that takes its time keeps nobody waiting."""
    web = serve(cluster)
    hub, guard = writer(tokens=2000), writer('guard')
    one = reader(cluster, web.url, believes=('guard', 'hub'))
    body = open(FILES + '/hub.fleet', 'rb').read()
    go_on = threading.Event()
    web.answer = lambda handler: 'hub' in handler.path and not handler.range and (handler.drip(body, go_on), True)[1]
    says('the heads', one('heads 5000'), 'hub:1')
    # The program has a quarter of that to say so; what it did not, in time, would be lost.
    says('a slow file', one('list 6000 hub'), 'busy.*hub.fleet: is still being fetched')
    check('is not waited for', one.took < 6, one.took)
    says('meanwhile, the other issuer', one('heads 5000'), 'guard:1')
    says('and all of his', one('list 5000 guard'), '^ok 1 2$')
    says('still not', one('list 6000 hub'), 'still being fetched')
    go_on.set()
    says('a wait ends when it is there', one('wait 20000'), '^ok news$')
    says('and it is', one('list 1000 hub'), '^ok 1 2000$')
    check('fetched once', len([path for path, part, _, _ in web.requests if path == '/hub.fleet' and not part]) == 1)
    says('then nothing happens', one('wait 300'), '^ok quiet$')
    # For short staleness, the patience is short.
    go_on.clear()
    hasty = reader(cluster, web.url, more=('stale_after = 5s',))
    says('stale_after = 5s', hasty('list 9000 hub'), 'still being fetched')
    check('a quarter of it', 1 < hasty.took < 4, hasty.took)
    go_on.set()
    hasty.close()
    for each in (one, hub, guard):
        check('the driver ends', each.close() == 0)
    web.close()


def main():
    os.mkdir(FILES, 0o755)
    run_parts([reads, without_ranges, who_it_is, trouble, slow], Cluster(PLACE, has_members=False))


main()
