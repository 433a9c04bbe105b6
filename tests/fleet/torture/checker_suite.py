"""What checker.test runs: a ledger in which all is right, and what each of these would do to it. Prints TAP."""
import copy
import itertools
import sys

from checker import Checker
from ledger import SECOND

count = itertools.count(1)
failures = 0


def at(seconds):
    return int(seconds * SECOND)


def op(what, on, id, start, end, outcome='done', hosts='all', name=None):
    return {'kind': 'op', 'what': what, 'on': on, 'id': id, 'name': name or f'n{id}', 'hosts': hosts, 'start': at(start),
            'end': at(end), 'outcome': outcome, 'said': ''}


def login(host, id, start, accepted, reason='', who='fleet', review=False):
    return {'kind': 'login', 'who': who, 'host': host, 'id': id, 'start': at(start), 'end': at(start + 0.01),
            'accepted': accepted, 'reason': reason, 'review': review}


def beat(host, when, seen, issuer='hub'):
    return {'kind': 'beat', 'host': host, 'at': at(when), 'seen': {issuer: at(seen)}}


def status(host, seq=7, good=True, outbox=0):
    return {'kind': 'status', 'host': host, 'round': 1, 'good': good, 'heads': {'hub': seq}, 'outbox': outbox}


def listed(host, **tokens):
    return {'kind': 'listed', 'host': host, 'round': 1, 'tokens': tokens}


def review(id, hub, web, reason='revoked'):
    return [login('hub', id, 90, hub, '' if hub else reason, review=True),
            login('web', id, 90, web, '' if web else reason, review=True)]


# Two hosts; stale after 5 s and after 30 s.
HOSTS = [{'kind': 'host', 'host': 'hub', 'stale_after': at(5)}, {'kind': 'host', 'host': 'web', 'stale_after': at(30)}]
GOOD = HOSTS + [
    op('issue', 'hub', 'a', 1, 2), op('issue', 'hub', 'b', 1, 2), op('issue', 'hub', 'c', 1, 2),
    op('issue', 'hub', 'd', 3, 4, 'killed'), op('issue', 'hub', None, 5, 6, 'unconfirmed', name='never'),
    op('revoke', 'hub', 'a', 10, 11), op('revoke', 'hub', 'a', 10, 12, 'refused'),
    op('revoke', 'guard', 'b', 20, 21, 'unconfirmed'), op('edit', 'hub', 'c', 22, 23, hosts=['hub']),
    op('edit', 'hub', 'd', 22, 23, 'killed', hosts=['web']),
    login('web', 'a', 1.5, False, 'unknown-token'), login('web', 'a', 10.5, True), login('web', 'a', 35, True),
    login('web', 'a', 40, False, 'stale'), login('web', 'a', 41, False, 'revoked'), login('hub', 'a', 12, False, 'revoked'),
    login('web', 'b', 70, True), login('hub', 'c', 60, True), login('web', 'c', 50, True),
    login('web', 'c', 54, False, 'wrong-host'), login('hub', 'd', 30, True), login('hub', 'd', 31, False, 'wrong-host'),
    login('web', None, 30, False, 'unknown-token', 'made-up'), login('web', 'a', 30, False, 'wrong-secret', 'guessed'),
    login('web', 'l', 30, True, who='local'), login('web', 'p', 30, True, who='password'),
    beat('web', 13, 10), beat('web', 60, 37), {'kind': 'end', 'what': 'agent', 'expected': True, 'how': 'killed'},
    *review('a', False, False), *review('b', False, False), *review('c', True, False, 'wrong-host'),
    *review('d', False, True, 'wrong-host'), status('hub'), status('web'),
    listed('hub', a=('na', 'revoked'), d=('nd', 'active')), listed('web', a=('na', 'revoked'), d=('nd', 'active')),
]
LOSS = {'kind': 'lost', 'since': at(9), 'at': at(62), 'until': at(64)}


def judge(*more, without=()):
    checker = Checker()
    checker.judge(copy.deepcopy([entry for entry in GOOD if entry not in without] + list(more)))
    return checker


def check(name, is_so, said=''):
    global failures
    failures += not is_so
    print(f'{"ok" if is_so else "not ok"} {next(count)} - {name}')
    if not is_so:
        print(f'# got: {said}'.replace('\n', '\n# '))


def is_right(name, *more, without=()):
    checker = judge(*more, without=without)
    check(f'right: {name}', not checker.failures, '\n'.join(checker.failures))


def is_wrong(name, said, *more, without=()):
    checker = judge(*more, without=without)
    check(f'wrong: {name}', any(said in failure for failure in checker.failures), '\n'.join(checker.failures) or 'nothing')


def unlike(entry, **changes):
    return dict(entry, **changes)


is_right('the ledger that the others are made of')
late, held = 'after its revocation was acknowledged', 'had known'

# A revocation
is_right('taken just before it must be known', login('web', 'a', 41, True), without=[login('web', 'a', 41, False, 'revoked')])
is_wrong('taken later than stale_after', late, login('web', 'a', 41.1, True))
is_wrong('taken where less may be old', late, login('hub', 'a', 16.1, True))
is_wrong('taken where it was done, at once', late, login('hub', 'a', 11.1, True))
is_wrong('taken where it was done, though not confirmed', late, op('issue', 'hub', 'e', 1, 2),
         op('revoke', 'hub', 'e', 20, 21, 'unconfirmed'), login('hub', 'e', 21.1, True))
is_right('not confirmed: taken elsewhere', op('issue', 'hub', 'e', 1, 2), op('revoke', 'hub', 'e', 20, 21, 'unconfirmed'),
         login('web', 'e', 80, True))
is_right('acknowledged, but it does not hold here: taken here', op('issue', 'hub', 'e', 1, 2),
         op('revoke', 'hub', 'e', 20, 21, 'elsewhere'), login('hub', 'e', 22, True))
is_wrong('and too late', late, op('issue', 'hub', 'e', 1, 2), op('revoke', 'hub', 'e', 20, 21, 'elsewhere'),
         login('hub', 'e', 26.1, True))
is_wrong('taken after a heartbeat says that all is known', late, beat('web', 14, 11.5), login('web', 'a', 14.1, True))
is_right('taken before such a heartbeat', beat('web', 14, 11.5), login('web', 'a', 13.9, True),
         without=[login('web', 'a', 35, True)])
is_right('a heartbeat of another issuer says nothing of it', beat('web', 14, 11.5, 'guard'), login('web', 'a', 14.1, True))
is_wrong('one of who has revoked it as well does', late, op('revoke', 'guard', 'a', 12, 13), beat('web', 14, 13.5, 'guard'),
         login('web', 'a', 14.1, True))
is_wrong('taken after the same host had refused it', held, login('web', 'a', 15, False, 'revoked'),
         login('web', 'a', 16, True))
is_wrong('refused as revoked, and nobody had revoked it', 'nobody had', login('web', 'c', 19, False, 'revoked'))
is_wrong('and before anybody had', 'nobody had', login('web', 'b', 19, False, 'revoked'))
is_right('killed: taken', op('revoke', 'hub', 'c', 30, 31, 'killed'), login('hub', 'c', 80, True))
is_right('or refused', op('revoke', 'hub', 'c', 70, 71, 'killed'), login('hub', 'c', 80, False, 'revoked'),
         *review('c', False, False), without=review('c', True, False, 'wrong-host'))

# The engine was put back.
is_right('an engine that had lost it', LOSS, login('web', 'a', 89, True), without=[
    login('web', 'a', 41, False, 'revoked'), beat('web', 60, 37), *review('a', False, False)])
is_wrong('but not long after it was mended', late, LOSS, login('web', 'a', 94.1, True),
         without=[login('web', 'a', 41, False, 'revoked'), beat('web', 60, 37), *review('a', False, False)])
is_wrong('nor what was in the snapshot', late, unlike(LOSS, since=at(11.5)), login('web', 'a', 80, True))
is_wrong('nor what came after it', late, LOSS, op('issue', 'hub', 'e', 1, 2), op('revoke', 'hub', 'e', 63, 63.5),
         login('web', 'e', 94.5, True))
is_wrong('nor who had heard before', late, LOSS, login('web', 'a', 70, True))
is_wrong('nor who had refused it', held, LOSS, login('web', 'a', 70, True), without=[beat('web', 60, 37)])

# For which hosts
elsewhere = 'where it is not for'
is_right('edited: taken before it must be known', login('web', 'c', 52.9, True))
is_wrong('and after', elsewhere, login('web', 'c', 53.1, True))
is_wrong('of another host, and it never was', 'it is for this one', login('web', 'a', 9, False, 'wrong-host'))
is_right('of another host, and it was edited back: it may be stale', op('edit', 'hub', 'c', 24, 25, hosts='all'),
         login('web', 'c', 59, False, 'wrong-host'), *review('c', True, True), without=review('c', True, False, 'wrong-host'))
is_wrong('but not after a heartbeat', 'it is for this one', op('edit', 'hub', 'c', 24, 25, hosts='all'),
         login('web', 'c', 61, False, 'wrong-host'))
is_right('an edit that was killed: either', login('web', 'd', 70, True), login('hub', 'd', 70, True))

# What is no token, and what is known
is_wrong('what nobody was given', 'nobody was given', login('web', 'z', 30, True))
is_wrong('what was made up', 'made-up was taken', login('web', None, 30, True, who='made-up'))
is_wrong('what was guessed', 'guessed was taken', login('web', 'a', 9, True, who='guessed'))
is_wrong('printed, and not issued', 'printed, and not', op('issue', 'hub', 'e', 1, 2, 'unconfirmed'))
is_wrong('unknown, on a host that is fresh', 'that is fresh', login('web', 'c', 33, False, 'unknown-token'))
is_wrong('unknown, though its heartbeat says more', 'that is fresh', login('web', 'c', 14, False, 'unknown-token'))
is_right('unknown, to an engine that had lost it', unlike(LOSS, since=at(1)), login('web', 'c', 63, False, 'unknown-token'),
         without=[beat('web', 13, 10), beat('web', 60, 37)])
is_right('unknown, and revoked long ago', login('web', 'a', 80, False, 'unknown-token'))
is_wrong('trouble', 'reason that there is not', login('web', 'c', 30, False, 'trouble: damaged'))
is_wrong('trouble with what was made up', 'reason that there is not', login('web', None, 30, False, 'trouble', 'made-up'))
is_wrong('a local token that does not log in', 'a local did not', login('web', 'l', 30, False, 'stale', who='local'))
is_wrong('a password that does not', 'a password did not', login('web', 'p', 30, False, '', who='password'))

# Commands and agents
is_wrong('an agent that ends', 'ended by itself', {'kind': 'end', 'what': 'agent', 'expected': False, 'how': 'exit 1'})
is_wrong('a command that crashes', 'as none may', op('revoke', 'hub', 'c', 24, 25, 'wrong'))
is_wrong('what does not become well', 'did not become well', {'kind': 'unhealed', 'round': 1, 'why': 'stale'})

# After healing
for name, id, hub, web in (
        ('revoked, and taken by one host', 'a', False, True), ('revoked, and taken by both', 'a', True, True),
        ('not confirmed, and never sent', 'b', True, True), ('active, and refused', 'c', False, False),
        ('for one host, and taken by both', 'c', True, True), ('killed, and the hosts do not agree', 'd', True, False)):
    old = [entry for entry in GOOD if entry.get('review') and entry['id'] == id]
    is_wrong(f'healed: {name}', 'should be by one of', *review(id, hub, web), without=old)
is_right('healed: killed, and nobody takes it', *review('d', False, False, 'unknown-token'),
         without=review('d', False, True, 'wrong-host'))
is_wrong('healed: stale', 'does not know', *review('c', True, False, 'stale'),
         without=review('c', True, False, 'wrong-host'))
is_wrong('healed: not tried everywhere', 'not tried everywhere', without=review('c', True, False, 'wrong-host')[:1])
is_wrong('healed: a status that is not good', 'is not good', status('web', good=False), without=[status('web')])
is_wrong('healed: not all is sent', 'is not good', status('web', outbox=1), without=[status('web')])
is_wrong('healed: heads that differ', 'do not agree', status('web', seq=6), without=[status('web')])
is_wrong('healed: lists that differ', 'do not list the same', listed('web', a=('na', 'active'), d=('nd', 'active')))
is_wrong('healed: a revocation is missing', 'do not list the same', listed('web', d=('nd', 'active')))
is_wrong('healed: active, and withdrawn', 'was not issued', listed('web', x=('never', 'active')))
is_wrong('healed: active, and of nobody', 'was not issued', listed('web', x=('nobody', 'active')))

check('nothing happened: said', Checker().is_vacuous())
check('something did: not said', 'revoke done' not in judge().is_vacuous(), judge().is_vacuous())
print(f'1..{next(count) - 1}')
sys.exit(failures > 0)
