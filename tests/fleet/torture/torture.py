"""The torture: a fleet on this machine, faults from a seed, and a checker that reads the ledger. Prints TAP.

It goes in rounds: all works and suffers, all is healed, all hosts come to agree, each token is tried everywhere."""
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.dirname(HERE)]

import hosts as machines  # noqa: E402
import schedule  # noqa: E402
from checker import Checker  # noqa: E402
from cluster import Cluster, run  # noqa: E402
from faults import TROUBLE, Faults  # noqa: E402
from ledger import SECOND, Ledger, now  # noqa: E402
from meddler import Meddler  # noqa: E402
from people import Operator, Pool, Visitor  # noqa: E402

SEED = int(os.environ.get('SEED') or os.environ.get('APITOKEN_SEED') or 1)
SECONDS = float(os.environ.get('TORTURE_SECONDS') or 60)
ROUND = 15              # seconds of faults, at most; they end some seconds later
PATIENCE = 180          # until all agree, once all is healed; it takes a few seconds
FRESH = 4               # seconds since a host that is healed has compared
RATE = 40               # logins a second on each host
OLD = 100               # of the tokens revoked in earlier rounds, so many are tried again


class TorturedHost(machines.Host):
    def __init__(self, *words, clock=0, **settings):
        super().__init__(*words, **settings)
        self.stale_after = int(settings['stale_after'][:-1]) * SECOND
        self.environment = machines.later(clock) if clock else None

    def configure(self, **settings):
        """Those who issue are killed before they have shown a token: nobody revokes it, and it counts."""
        super().configure(**settings)
        with open(os.path.join(self.place, machines.CONFIG), 'a') as file:
            file.write('[policy]\nmax_tokens = 10000\n')

    def start_agent(self):
        self.agent.start(environment=self.environment)

    def json(self, *words):
        """What it prints, whatever its status; None: nothing."""
        process = self.popen('tokenadm', *words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                             stderr=subprocess.DEVNULL, environment=self.environment)
        out = process.communicate()[0]
        try:
            return json.loads(out)
        except ValueError:
            return None

    def status(self):
        """(good, what is not sent, {issuer: head}); None: it does not say, or what it knows is older than a pass or two."""
        said = self.json('fleet', 'status', '--json')
        if said is None or any(issuer['age'] is None or issuer['age'] > FRESH for issuer in said['issuers']):
            return None
        heads = {issuer['issuer']: issuer['applied'] and [issuer['applied'][key] for key in ('epoch', 'seq', 'records')]
                 for issuer in said['issuers']}
        return said['good'], said['outbox'], heads

    def tokens(self):
        said = self.json('list', '--fleet', '--json')
        return {token['id']: [token['name'], token['state']] for token in (said or {}).get('tokens', [])}


class Torture:
    def __init__(self, place):
        self.random = random.Random(SEED)
        self.ledger = Ledger(os.environ.get('LEDGER') or os.path.join(place, 'ledger'))
        self.checker = Checker()
        self.pool = Pool()
        self.deck = schedule.Deck(random.Random(SEED))
        self.is_over = threading.Event()
        machines.prepare(*Operator.USERS)
        self.cluster = Cluster(place)
        self.cluster.start()
        self.cluster.enable_log_in()
        self.meddlers = [Meddler(self.cluster, member, SEED + number)
                         for number, member in enumerate(self.cluster.members)]
        self.make_hosts()
        self.faults = Faults(self.cluster, self.hosts, self.meddlers, self.ledger, self.random)

    def make_hosts(self):
        """hub issues; guard may only revoke; with odd seeds one other's clock is an hour off. Half are behind meddlers."""
        clock = SEED % 2 * 3600
        valid_for = '3h' if clock else '60s'
        behind = ','.join(meddler.url for meddler in self.meddlers)
        meddled = self.random.choice(({'hub', 'web1'}, {'guard', 'web2'}, {'hub', 'web2'}))
        print(f'# {clock} s off: web2; valid for {valid_for}; meddled with: {sorted(meddled)}', flush=True)
        self.hosts = []
        for number, (name, stale_after) in enumerate((('hub', '5s'), ('guard', '5s'), ('web1', '5s'), ('web2', '12s'))):
            issues = name in ('hub', 'guard')
            settings = {'user': 'fleet' if issues else 'host', 'stale_after': stale_after, 'valid_for': valid_for}
            if name in meddled:
                settings['endpoints'] = behind
            host = TorturedHost(self.cluster, name, number + 1, clock=clock if name == 'web2' else 0, **settings)
            if issues:
                host.make_issuer()
            self.hosts.append(host)
            self.ledger.add('host', host=name, stale_after=host.stale_after)
        hub, guard = self.hosts[:2]
        public = guard.place + '/etc/apitoken/issuers/guard.pub'
        machines.write(public, open(public).read().replace('may = issue, revoke', 'may = revoke'), 0o644)
        for host in self.hosts:
            host.trust(*{hub, guard} - {host})
            host.start_agent()
        self.hub, self.guard = hub, guard

    def make_people(self):
        program = os.environ['abs_top_builddir'] + '/tests/fleet/torture/visitor'
        self.visitors = []
        for host in self.hosts:
            local = host.run('tokenadm', 'issue', '--force', '--user', 'alice', '--name', 't', '--service', 'sshd',
                             '--scope', 'read,write').strip()
            self.visitors.append(Visitor(host, program, self.random.random(), self.pool, self.ledger, local, RATE))
        for one in self.visitors:
            one.begin()
        threading.Thread(target=self.read_heartbeats, daemon=True).start()

    def read_heartbeats(self):
        seen = {}
        while not self.is_over.is_set():
            for host in self.hosts:
                try:
                    with open(host.place + '/run/apitoken/fleet/heartbeat') as file:
                        lines = [line.split('=', 1) for line in file.read().splitlines() if line.startswith('issuer=')]
                except OSError:
                    continue
                moment = now()
                beats = {value.split()[0]: int(value.split()[3]) for _, value in lines}
                if beats != seen.get(host.name):
                    seen[host.name] = beats
                    self.ledger.add('beat', host=host.name, at=moment, seen=beats)
            time.sleep(0.05)

    # A round

    def suffer(self, seconds):
        names = [host.name for host in self.hosts]
        workers = [Operator(self.hub, self.random.random(), self.pool, self.ledger, names, True) for _ in range(2)]
        workers.append(Operator(self.guard, self.random.random(), self.pool, self.ledger, names, False))
        faults = schedule.plan(self.deck, seconds, [member.name for member in self.cluster.members], names)
        for one in workers:
            one.start()
        start = time.monotonic()
        for when, begins, number in schedule.timeline(faults):
            time.sleep(max(0, start + when - time.monotonic()))
            (self.faults.begin if begins else self.faults.end)(faults[number])
        for one in workers:
            one.over.set()
        for one in workers:
            one.join()

    def wait(self, what, number):
        """Until it gives something; None, and an entry in the ledger, if it never does."""
        end = time.monotonic() + PATIENCE
        while True:
            found = what()
            if found is not None:
                return found
            if time.monotonic() > end:
                said = {host.name: (host.status(), host.agent.said()[-1000:]) for host in self.hosts}
                self.ledger.add('unhealed', round=number, why=what.__name__, said=said,
                                members=self.faults.revisions())
                return None
            time.sleep(0.1)

    def same_heads(self):
        statuses = [host.status() for host in self.hosts]
        good = all(status is not None and status[0] and not status[1] for status in statuses)
        return statuses if good and all(status[2] == statuses[0][2] for status in statuses) else None

    def same_tokens(self):
        lists = [host.tokens() for host in self.hosts]
        return lists if all(each == lists[0] for each in lists) else None

    def heal(self, number):
        try:
            self.faults.heal()
        except TROUBLE as error:
            self.ledger.add('unhealed', round=number, why=f'etcd: {error}', members=self.faults.last_words())
            return
        for host in self.hosts:
            self.faults.look_after(host)
        statuses = self.wait(self.same_heads, number)
        for host, status in zip(self.hosts, statuses or []):
            self.ledger.add('status', host=host.name, round=number, good=status[0], outbox=status[1], heads=status[2])
        lists = self.wait(self.same_tokens, number) if statuses else None
        for host, tokens in zip(self.hosts, lists or []):
            self.ledger.add('listed', host=host.name, round=number, tokens=tokens)
        for loss in self.faults.losses:
            self.ledger.add('lost', **loss, until=now())
        self.faults.losses = []

    def review(self, earlier, all_of_them):
        """Each token on each host, by those who log in anyhow: they rest meanwhile."""
        old = self.pool.revoked[:earlier]
        if not all_of_them:
            old = self.random.sample(old, min(OLD, len(old)))
        ids = list(self.pool.active) + old + self.pool.revoked[earlier:]
        for one in self.visitors:
            one.rest()
        threads = [threading.Thread(target=one.review, args=(ids,)) for one in self.visitors]
        for one in threads:
            one.start()
        for one in threads:
            one.join()

    def round(self, number, seconds, is_last):
        earlier = len(self.pool.revoked)
        self.suffer(seconds)
        self.heal(number)
        self.review(earlier, is_last)
        self.ledger.add('round', round=number)
        before = len(self.checker.failures)
        self.checker.judge(self.ledger.take())
        failures = self.checker.failures[before:]
        word = 'not ok' if failures else 'ok'
        print(f'{word} {number} - round {number}, {seconds:.0f} s: {self.figures()}', flush=True)
        for failure in failures[:10]:
            print('# ' + failure.replace('\n', '\n# '), flush=True)
        if len(failures) > 10:
            print(f'# and {len(failures) - 10} more', flush=True)
        return not failures

    def figures(self):
        counts = self.checker.counts
        logins = sum(count for what, count in counts.items() if what.startswith('login '))
        commands = sum(count for what, count in counts.items() if what.split()[0] in ('issue', 'edit', 'revoke'))
        return (f'{commands} commands, {counts["revoke done"]} revocations acknowledged, {logins} logins, '
                f'{counts["fault"]} faults, {sum(meddler.done for meddler in self.meddlers)} requests meddled with')

    def run(self):
        self.wait(self.same_heads, 0)
        self.make_people()
        end = time.monotonic() + SECONDS
        number, is_good = 0, True
        while is_good:
            left = end - time.monotonic()
            number += 1
            is_last = left < 2 * ROUND
            is_good = self.round(number, max(3, min(ROUND, left)), is_last)
            if is_last:
                break
            for one in self.visitors:
                one.begin()
        self.is_over.set()
        return number, is_good

    def stop(self):
        for host in self.hosts:
            host.agent.go_on()
            status = host.agent.kill(signal.SIGTERM)
            if status != 0:
                print(f'# the agent of {host.name} ended with {status}')
        self.cluster.kill()

    def print_figures(self):
        for what, count in sorted(self.checker.counts.items()):
            print(f'# {what}: {count}')
        for host, waits in sorted(self.checker.waits.items()):
            waits = sorted(waits)
            print(f'# {host}: refused {waits[len(waits) // 2] / SECOND:.2f} s after the acknowledgement (median of '
                  f'{len(waits)}; {waits[-1] / SECOND:.2f} s at the most), with the faults and with who tried')


def main():
    print(f'# seed {SEED}, {SECONDS:.0f} seconds', flush=True)
    with tempfile.TemporaryDirectory() as place:
        torture = Torture(place)
        number, is_good = torture.run()
        torture.print_figures()
        empty = torture.checker.is_vacuous()
        print(f'{"not ok" if empty else "ok"} {number + 1} - all that is to be seen was seen {", ".join(empty)}')
        print(f'1..{number + 1}')
        torture.stop()
        if not is_good or empty:
            print(f'# again: SEED={SEED} TORTURE_SECONDS={SECONDS:.0f} tests/fleet/torture/torture.test', flush=True)
    sys.exit(not is_good or bool(empty))


main()
