"""What the fleet costs, for `make bench-fleet`: three real members of etcd, real hosts, agents and issuers."""
import os
import statistics
import subprocess
import tempfile
import time

import hosts
from cluster import Cluster, FLEET
from driver import Driver
from hosts import Host, until

PLACE = tempfile.mkdtemp()
ROUNDS = int(os.environ.get('ROUNDS', '100'))
HOSTS = int(os.environ.get('HOSTS', '200'))
MANY = int(os.environ.get('MANY', '100000'))
TICKS = os.sysconf('SC_CLK_TCK')


def show(what, value):
    print(f'{what:70} {value}', flush=True)


def spread(name, times):
    """Seconds, as milliseconds."""
    times = sorted(1000 * each for each in times)
    rank = min(len(times) - 1, int(0.99 * len(times)))
    show(name, f'median {statistics.median(times):.0f} ms, 99 % {times[rank]:.0f} ms, most {times[-1]:.0f} ms, of {len(times)}')


def applied_at(host):
    """When its fleet.tdb was changed last: the kernel's clock for it is within 4 ms."""
    return os.stat(host.place + '/var/lib/apitoken/fleet.tdb').st_mtime_ns / 1e9


def used(pids):
    """Processor time of these processes, in seconds."""
    total = 0
    for pid in pids:
        with open(f'/proc/{pid}/stat') as file:
            fields = file.read().rpartition(')')[2].split()
        total += int(fields[11]) + int(fields[12])
    return total / TICKS


def memory(pid, key):
    with open(f'/proc/{pid}/status') as file:
        return next(int(line.split()[1]) for line in file if line.startswith(key + ':'))


def children(pid):
    with open(f'/proc/{pid}/task/{pid}/children') as file:
        return [int(word) for word in file.read().split()]


def agent_pids(host):
    """The agent behind nsenter is that very process; its child speaks to etcd."""
    return [host.agent.process.pid, *children(host.agent.process.pid)]


def member_pids(cluster):
    return [member.process.pid for member in cluster.members]


def revoke(hub, others, name):
    """Issues a token, and revokes it when all have it: how long the command took, and how long after its begin the slowest
    of them knew."""
    token = hub.issue('alice', name)
    until(lambda: all(host.verify('alice', token) == '' for host in others))
    begun = time.time()
    hub.run('tokenadm', 'revoke', '--fleet', f'alice/{name}')
    took = time.time() - begun
    until(lambda: all(host.verify('alice', token) == 'revoked' for host in others))
    return took, max(applied_at(host) for host in others) - begun


def measure_latency(cluster, hub):
    """From `revoke` to the slowest of three hosts."""
    three = [make_host(cluster, hub, f'web{number}', number + 1) for number in range(1, 4)]
    rounds = [revoke(hub, three, f'round{number}') for number in range(ROUNDS)]
    spread('revoke: the command', [took for took, _ in rounds])
    spread('from its begin until it is refused on the slowest of 3 hosts', [slowest for _, slowest in rounds])
    spread('from its return', [max(0, slowest - took) for took, slowest in rounds])


def make_host(cluster, hub, name, number):
    host = Host(cluster, name, number, stale_after='30s')
    host.trust(hub)
    host.agent.start()
    host.wait_fresh()
    return host


def measure_crowd(cluster, hub):
    """The same with many hosts, and what they cost at rest."""
    crowd = [make_host(cluster, hub, f'crowd{number}', number) for number in range(10, 10 + HOSTS)]
    before, began = used(member_pids(cluster)), time.monotonic()
    agents = [pid for host in crowd for pid in agent_pids(host)]
    agents_before = used(agents)
    time.sleep(30)  # the span that is measured
    span = time.monotonic() - began
    load = (used(member_pids(cluster)) - before) / span
    show(f'{HOSTS} hosts at rest: processor time of three members of etcd', f'{load:.2f} s per s: {load * 1000 / HOSTS:.2f} per 1,000 hosts')
    show('an agent at rest', f'{(used(agents) - agents_before) / span / HOSTS * 1000:.2f} ms of processor time per s')
    show('memory of a member of etcd', f'{max(memory(pid, "VmRSS") for pid in member_pids(cluster)) / 1024:.0f} MiB')
    show('memory of an agent (private), and of what speaks to etcd',
         ', '.join(f'{statistics.median(memory(agent_pids(host)[which], "RssAnon") for host in crowd) / 1024:.1f} MiB'
                   for which in (0, 1)))
    each = []
    for number in range(10):
        token = hub.issue('alice', f'crowd{number}')
        until(lambda: crowd[-1].verify('alice', token) == '')
        time.sleep(1)  # until all have it
        hub.run('tokenadm', 'revoke', '--fleet', f'alice/crowd{number}')
        returned = time.time()
        until(lambda: all(applied_at(host) > returned - 0.5 for host in crowd))
        time.sleep(0.5)
        each += [max(0, applied_at(host) - returned) for host in crowd]
    spread(f'revoke has returned: applied on each of {HOSTS} hosts', each)
    for host in crowd:
        host.agent.kill()


def make_issuer(cluster, name):
    """One that has signed as many tokens as are asked for."""
    many = Driver(PLACE, name, cluster.endpoints(), cluster.certificates.path('ca.pem'), cluster.client)
    many(f'issuer {name}')
    many('now')
    many(f'many {MANY} 0')
    return many


def measure_many(cluster, hub):
    """Another issuer, of very many tokens."""
    many = make_issuer(cluster, 'many')
    many('sign')
    begun = time.monotonic()
    if many('rewrite 600000 0 1') != 'ok':
        raise RuntimeError('not written')
    show(f'{MANY} tokens, put into etcd', f'{time.monotonic() - begun:.1f} s')
    host = Host(cluster, 'late', 250, stale_after='30s')
    host.trust(hub)
    trust = subprocess.run([os.environ['abs_top_builddir'] + '/tests/e2e/issuer', 'trust', 'many'], check=True,
                           stdout=subprocess.PIPE).stdout.decode()
    hosts.write(host.place + '/etc/apitoken/issuers/many.pub', trust, 0o644)
    begun = time.monotonic()
    host.agent.start()
    host.wait_fresh(600)
    show(f'first sync of {MANY} tokens', f'{time.monotonic() - begun:.1f} s')
    agent, helper = agent_pids(host)
    show('memory then, at most: the agent, what speaks to etcd',
         f'{memory(agent, "VmHWM") / 1024:.0f} MiB, {memory(helper, "VmHWM") / 1024:.0f} MiB')
    show('fleet.tdb', f'{os.stat(host.place + "/var/lib/apitoken/fleet.tdb").st_size / 2**20:.0f} MiB')
    times = []
    for number in range(2, 52):
        many(f'say !{number:010}')
        many('sign')
        if many(f'put 10000 {number - 1} {number}') != 'ok':
            raise RuntimeError('not put')
        returned = time.time()
        until(lambda: applied_at(host) > returned - 0.05)
        time.sleep(0.2)
        times.append(max(0, applied_at(host) - returned))
    spread(f'a revocation among {MANY}: applied on a host', times)
    show('memory of that agent after it (private)', f'{memory(agent, "RssAnon") / 1024:.1f} MiB')
    many.close()


def main():
    hosts.prepare('alice')
    cluster = Cluster(PLACE, options=())
    cluster.start()
    cluster.enable_log_in()
    hub = Host(cluster, 'hub', 1, user='fleet', stale_after='30s')
    hub.make_issuer()
    hub.agent.start()
    hub.wait_fresh()
    show('etcd', cluster.ctl('version').split('\n')[0])
    for name, measure in (('latency', measure_latency), ('crowd', measure_crowd), ('many', measure_many)):
        if name in os.environ.get('MEASURES', 'latency,crowd,many').split(','):
            measure(cluster, hub)


main()
