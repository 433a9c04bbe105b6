"""What goes wrong, and when: all of it from a seed. Pure."""
import collections

# A fault needs what it names for itself; `cluster` is all members.
Fault = collections.namedtuple('Fault', 'name target begin end')

OF_A_MEMBER = ('cut a member', 'kill a member', 'stop a member', 'lose a disk')
OF_THE_CLUSTER = ('cut the leader', 'restart all members', 'no space', 'put the cluster back', 'cut two members')
OF_A_HOST = ('cut a host', 'cut a host from etcd', 'kill an agent', 'stop an agent', 'kill an engine')
# compact has no end.
OTHERS = ('meddle', 'compact')
ALL = OF_A_MEMBER + OF_THE_CLUSTER + OF_A_HOST + OTHERS
# How long one lasts, in seconds: a host's until what it knows is too old.
SPAN = (1, 6)
SPAN_OF_A_HOST = (3, 12)


class Deck:
    """Each fault as often as any other, in an order of its own."""

    def __init__(self, random):
        self.random = random
        self.cards = []

    def draw(self):
        if not self.cards:
            self.cards = self.random.sample(ALL, len(ALL))
        return self.cards.pop()


def target_of(random, name, members, hosts):
    if name in OF_A_MEMBER:
        return random.choice(members)
    return random.choice(hosts) if name in OF_A_HOST else 'all'


def needs(name, target, members):
    """The rest of the cluster has to work while a member is replaced."""
    if name in OF_THE_CLUSTER or name == 'lose a disk':
        return set(members)
    return {name} if name in OTHERS else {target}


def plan(deck, seconds, members, hosts):
    """Faults for so many seconds, by their beginning. Two that need the same do not overlap."""
    random, faults, free = deck.random, [], collections.defaultdict(float)
    moment = random.uniform(0, 1)
    while moment < seconds - 2:
        name = deck.draw()
        target = target_of(random, name, members, hosts)
        wanted = needs(name, target, members)
        begin = max([moment] + [free[each] for each in wanted])
        end = begin + random.uniform(*SPAN_OF_A_HOST if name in OF_A_HOST else SPAN)
        for each in wanted:
            free[each] = end + 0.2
        faults.append(Fault(name, target, begin, begin if name == 'compact' else end))
        moment += random.uniform(0.2, 2)
    return sorted(faults, key=lambda fault: fault.begin)


def timeline(faults):
    """(when, whether it begins, number), in order; an end comes before a beginning."""
    events = [(fault.begin, True, number) for number, fault in enumerate(faults)]
    events += [(fault.end, False, number) for number, fault in enumerate(faults) if fault.end > fault.begin]
    return sorted(events, key=lambda event: (event[0], event[1]))
