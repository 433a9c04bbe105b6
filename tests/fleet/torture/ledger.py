"""What has happened, an entry a line: operations, logins, faults, and what the hosts said of themselves.

Times are nanoseconds of CLOCK_BOOTTIME, which all processes of this machine share, and in which heartbeats count.

    host     host, stale_after                  a host, and how old it may be what it knows
    op       what (issue, edit, revoke), on, id, name, hosts ('all', or names), start, end, outcome, said
    login    who (fleet, local, password, made-up, guessed), host, id, start, end, accepted, reason, review
    beat     host, at, seen {issuer: when}      the heartbeat, as it was read at that moment
    fault    name, detail, start, end
    lost     since, at, until                   the engine was put back to how it was at since; until then it was mended
    status   host, round, good, heads, outbox   after all was healed
    listed   host, round, tokens {id: [name, state]}
    end      what, expected, how                a process that has ended
    unhealed round, why                         what was waited for in vain
    round    round                              it is over, and can be judged
"""
import json
import threading
import time

SECOND = 10**9

# done: acknowledged. unconfirmed: it holds where it was done, and will be sent. elsewhere: acknowledged, but does not
# hold on this host yet. refused: it said that nothing was done. killed: nobody knows. wrong: it must not end like that.
OUTCOMES = ('done', 'unconfirmed', 'elsewhere', 'refused', 'killed', 'wrong')


def now():
    return time.clock_gettime_ns(time.CLOCK_BOOTTIME)


class Ledger:
    def __init__(self, path):
        self.file = open(path, 'w', buffering=1)
        self.fresh = []
        self.lock = threading.Lock()

    def add(self, kind, **entry):
        entry['kind'] = kind
        with self.lock:
            self.fresh.append(entry)
            self.file.write(json.dumps(entry) + '\n')
        return entry

    def take(self):
        """What came since the last time."""
        with self.lock:
            fresh, self.fresh = self.fresh, []
        return fresh


def read(path):
    with open(path) as file:
        return [json.loads(line) for line in file]
