"""What a ledger must not have. Pure: entries in, sentences out. `checker.py LEDGER` judges one again."""
import bisect
import collections
import itertools
import sys

from ledger import read


class Token:
    def __init__(self, issue):
        self.issue = issue
        self.edits = []    # by the owner, one after the other
        self.revokes = []

    def changes(self):
        return [self.issue] + self.edits


def may_hold(op):
    return op['outcome'] not in ('refused', 'wrong')


def is_acknowledged(op):
    return op['outcome'] in ('done', 'elsewhere')


def is_for(hosts, host):
    return hosts == 'all' or host in hosts


class Checker:
    def __init__(self):
        self.stale_after = {}
        self.tokens = {}
        self.names = {}               # of each issue: its outcome
        self.beats = collections.defaultdict(list)   # of a host
        self.known = {}               # (host, operation): since when it knows, by its heartbeat
        self.losses = []
        self.seen_revoked = {}        # (host, id): the end of the first login that was refused so
        self.counts = collections.Counter()
        self.waits = collections.defaultdict(list)   # of a host: from the acknowledgement to the first refusal
        self.failures = []

    def fail(self, what, *entries):
        self.failures.append(what + ''.join(f'\n    {entry}' for entry in entries))

    def judge(self, entries):
        """All that happened since the last time; operations that a login may meet have ended by then."""
        kinds = collections.defaultdict(list)
        for entry in entries:
            kinds[entry['kind']].append(entry)
        for entry in kinds['host']:
            self.stale_after[entry['host']] = entry['stale_after']
        for op in sorted(kinds['op'], key=lambda op: op['start']):
            self.take_op(op)
        for beat in sorted(kinds['beat'], key=lambda beat: beat['at']):
            self.beats[beat['host']].append(beat)
        self.losses += kinds['lost']
        self.counts['fault'] += len(kinds['fault'])
        for login in sorted(kinds['login'], key=lambda login: login['start']):
            self.take_login(login)
        for end in kinds['end']:
            if not end['expected']:
                self.fail(f'{end["what"]} has ended by itself', end)
        for entry in kinds['unhealed']:
            self.fail('all was healed, and it did not become well', entry)
        self.take_reviews([login for login in kinds['login'] if login.get('review')])
        self.take_statuses(kinds['status'])
        self.take_lists(kinds['listed'])

    # Operations

    def take_op(self, op):
        self.counts[op['what'] + ' ' + op['outcome']] += 1
        if op['outcome'] == 'wrong':
            self.fail('a command ended as none may', op)
        if op['what'] == 'issue':
            self.names[op['name']] = op['outcome']
            if op['id'] is None:
                return
            if not may_hold(op) or op['outcome'] == 'unconfirmed':
                self.fail('a token was printed, and not issued', op)
            self.tokens[op['id']] = Token(op)
        elif op['id'] not in self.tokens:
            self.fail('of no token', op)
        elif may_hold(op):
            token = self.tokens[op['id']]
            (token.edits if op['what'] == 'edit' else token.revokes).append(op)

    # When a host must have heard

    def is_excused(self, op, oldest, newest):
        """What was read of the engine between these moments may be from when it had been put back, without this."""
        return any(loss['since'] <= op['end'] and op['start'] <= loss['at'] <= newest and oldest <= loss['until']
                   for loss in self.losses)

    def beat_with(self, host, op):
        """Of the first heartbeat that says: all is known up to after this was acknowledged."""
        place = host, id(op)
        if place not in self.known:
            beats = self.beats[host]

            def seen(beat):
                return beat['seen'].get(op['on'], 0)
            number = bisect.bisect_right(beats, op['end'], key=seen)
            while number < len(beats) and self.is_excused(op, seen(beats[number]), beats[number]['at']):
                number += 1
            if number == len(beats):
                return None
            self.known[place] = beats[number]['at']
        return self.known[place]

    def must_know(self, host, op, login, is_fresh=True):
        """Whether this host knows of it. One that takes a token, or knows that there is none, is fresh."""
        if is_acknowledged(op):
            oldest = login['start'] - self.stale_after[host]
            if is_fresh and oldest > op['end'] and not self.is_excused(op, oldest, login['end']):
                return True
            since = self.beat_with(host, op)
            if since is not None and since <= login['start']:
                return True
        return host == op['on'] and login['start'] > op['end'] and op['outcome'] in ('done', 'unconfirmed')

    def values(self, token, host, login, is_fresh):
        """The hosts that it may be for, as this host may know it."""
        changes = [op for op in token.changes() if op['start'] <= login['end']]
        first = 0
        for number, op in enumerate(changes):
            if self.must_know(host, op, login, is_fresh):
                first = number
        return [op['hosts'] for op in changes[first:]]

    # Logins

    def take_login(self, login):
        self.counts[f'login {login["who"]} {"accepted" if login["accepted"] else login["reason"].split(":")[0]}'] += 1
        if login['who'] in ('local', 'password'):
            if not login['accepted']:
                self.fail(f'a {login["who"]} did not log in', login)
            return
        if login['who'] != 'fleet':
            if login['accepted']:
                self.fail(f'what was {login["who"]} was taken', login)
            elif login['reason'] not in ('stale', 'unknown-token', 'wrong-secret', 'revoked', 'wrong-host'):
                self.fail(f'a {login["who"]} one was refused for a reason that there is not', login)
            return
        token = self.tokens.get(login['id'])
        if token is None:
            self.fail('a token that nobody was given', login)
        elif login['accepted']:
            self.take_accepted(token, login)
        else:
            self.take_refused(token, login)

    def take_accepted(self, token, login):
        host = login['host']
        for op in token.revokes:
            if self.must_know(host, op, login):
                self.fail('let in after its revocation was acknowledged', op, login)
        if login['start'] > self.seen_revoked.get((host, login['id']), login['start']):
            self.fail('let in, and the same host had known that it is revoked', login)
        if not any(is_for(hosts, host) for hosts in self.values(token, host, login, True)):
            self.fail('let in where it is not for', login, *token.changes())

    def take_refused(self, token, login):
        host, reason = login['host'], login['reason']
        if reason == 'revoked':
            self.take_revoked(token, login)
        elif reason == 'wrong-host':
            # This is said before anybody asks whether it is fresh.
            if all(is_for(hosts, host) for hosts in self.values(token, host, login, False)):
                self.fail('refused as of another host, and it is for this one', login, *token.changes())
        elif reason == 'unknown-token':
            # Of those that have ended, each user's oldest go.
            if self.must_know(host, token.issue, login) and not self.revokes_before(token, login):
                self.fail('unknown, on a host that is fresh', token.issue, login)
        elif reason != 'stale':
            self.fail('refused for a reason that there is not', login)

    def revokes_before(self, token, login):
        return [op for op in token.revokes if op['start'] <= login['end']]

    def take_revoked(self, token, login):
        place = login['host'], login['id']
        before = self.revokes_before(token, login)
        if not before:
            self.fail('refused as revoked, and nobody had revoked it', login)
        if place in self.seen_revoked:
            return
        self.seen_revoked[place] = login['end']
        done = [op['end'] for op in before if is_acknowledged(op)]
        if done:
            self.waits[login['host']].append(max(0, login['end'] - min(done)))

    # After healing

    def outcomes(self, token):
        """The sets of hosts that may take it, now that all have heard of all."""
        hosts = sorted(self.stale_after)
        changes = token.changes()
        last = max((number for number, op in enumerate(changes) if op['outcome'] != 'killed'), default=0)
        sets = [tuple(host for host in hosts if is_for(op['hosts'], host)) for op in changes[last:]]
        if any(op['outcome'] != 'killed' for op in token.revokes):
            return [()]
        if token.revokes or token.issue['outcome'] == 'killed':
            sets.append(())
        return sets

    def final_reasons(self, id):
        token = self.tokens[id]
        may_be_unknown = token.revokes or token.issue['outcome'] == 'killed'
        return ('revoked', 'wrong-host', 'unknown-token') if may_be_unknown else ('revoked', 'wrong-host')

    def take_reviews(self, logins):
        taken, hosts = collections.defaultdict(set), collections.defaultdict(set)
        for login in logins:
            if login['who'] != 'fleet':
                continue
            hosts[login['id']].add(login['host'])
            if login['accepted']:
                taken[login['id']].add(login['host'])
            elif login['reason'] not in self.final_reasons(login['id']):
                self.fail('all was healed, and a host does not know a token', login)
        for id in hosts:
            self.counts['reviewed'] += 1
            if hosts[id] != set(self.stale_after):
                self.fail(f'{id} was not tried everywhere')
            outcomes = self.outcomes(self.tokens[id])
            if tuple(sorted(taken[id])) not in outcomes:
                self.fail(f'all was healed: {id} is taken by {sorted(taken[id])}, and should be by one of {outcomes}',
                          *self.tokens[id].changes(), *self.tokens[id].revokes)

    def take_statuses(self, statuses):
        for entry in statuses:
            if not entry['good'] or entry['outbox']:
                self.fail('all was healed, and a status is not good', entry)
        for one, other in itertools.pairwise(statuses):
            if one['round'] == other['round'] and one['heads'] != other['heads']:
                self.fail('all was healed, and two hosts do not agree', one, other)

    def take_lists(self, lists):
        for entry in lists:
            for id, (name, state) in entry['tokens'].items():
                if state == 'active' and self.names.get(name) not in ('done', 'killed'):
                    self.fail(f'a token is active that was not issued: {id}, {name}, {self.names.get(name)}, on '
                              f'{entry["host"]}')
        for one, other in itertools.pairwise(lists):
            if one['round'] == other['round'] and one['tokens'] != other['tokens']:
                differ = [id for id in set(one['tokens']) | set(other['tokens'])
                          if one['tokens'].get(id) != other['tokens'].get(id)]
                self.fail(f'{one["host"]} and {other["host"]} do not list the same: '
                          f'{[(id, one["tokens"].get(id), other["tokens"].get(id)) for id in differ[:5]]}')

    def is_vacuous(self):
        """What must have happened for the rest to mean anything."""
        return [what for what in ('issue done', 'revoke done', 'login fleet accepted', 'login fleet revoked',
                                  'login local accepted', 'login password accepted', 'reviewed', 'fault')
                if not self.counts[what]]


def judge_again(path):
    """A round at a time, as it was written."""
    checker, entries = Checker(), []
    for entry in read(path):
        entries.append(entry)
        if entry['kind'] == 'round':
            checker.judge(entries)
            entries = []
    checker.judge(entries)
    return checker


if __name__ == '__main__':
    FAILURES = judge_again(sys.argv[1]).failures
    print('\n'.join(FAILURES))
    sys.exit(bool(FAILURES))
