"""What `demo` is played on: etcd, and the hosts that are named, of which the first may write there. They end with it.

Prints for each host its name and the process whose namespaces it is, then `ready`. A line of input is a host and what it
is to do, such as `web1 agent.start`, and answered by `ok`."""
import operator
import os
import sys

import hosts
from cluster import Cluster


def main():
    place, names, settings = sys.argv[1], sys.argv[2].split(','), dict(word.split('=') for word in sys.argv[3:])
    hosts.prepare('deploy')
    cluster = Cluster(place, options=())
    cluster.start()
    cluster.enable_log_in()
    stage = {}
    for number, name in enumerate(names, 1):
        host = stage[name] = hosts.Host(cluster, name, number, user='host' if stage else 'fleet', **settings)
        with open('/etc/hosts', 'a') as file:
            file.write(f'{host.address} {name}\n')
        host.sshd.start()
        hosts.until(lambda: 'listening' in host.sshd.said())
        print(name, host.keeper.pid)
    print('ready', flush=True)
    for line in sys.stdin:
        name, call = line.split()
        operator.attrgetter(call)(stage[name])()
        print('ok', flush=True)


main()
