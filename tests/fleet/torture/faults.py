"""How each fault of schedule.py is done, and ended. After heal() nothing of any of them is left."""
import json
import os
import shutil
import signal
import subprocess
import time

from cluster import run
from ledger import now

PATIENCE = 120          # seconds, for members that start
# What etcdctl may end with, without a quorum: a warning between its lines of JSON is one, too.
TROUBLE = (OSError, RuntimeError, ValueError, LookupError, subprocess.SubprocessError)


def children(pid):
    with open(f'/proc/{pid}/task/{pid}/children') as file:
        return [int(child) for child in file.read().split()]


class Faults:
    def __init__(self, cluster, hosts, meddlers, ledger, random):
        self.cluster = cluster
        self.members = {member.name: member for member in cluster.members}
        self.hosts = {host.name: host for host in hosts}
        self.meddlers = meddlers
        self.ledger = ledger
        self.random = random
        self.started = {}     # when what is going on has begun
        self.ends = {}        # and how it is ended
        self.losses = []      # since when, and when, the cluster was put back
        self.revived = set()  # members, while all is healed
        self.generation = 0

    def revisions(self):
        """What each member has, by itself: members that differ have no state that could be right."""
        told = {}
        for member in self.cluster.members:
            try:
                told[member.name] = self.cluster.ctl('endpoint', 'hashkv', '-w', 'json', member=member)
            except TROUBLE as error:
                told[member.name] = said(error)
        return told

    def last_words(self):
        """Of those that have ended by themselves."""
        words = {}
        for member in self.cluster.members:
            if member.process is None or member.process.poll() is not None:
                with open(member.data + '.log', errors='replace') as log:
                    words[member.name] = log.read()[-3000:]
        return words

    # What schedule.py names

    def begin(self, fault):
        self.started[fault] = now()
        try:
            self.ends[fault] = getattr(self, fault.name.replace(' ', '_'))(fault.target)
            detail = ''
        except TROUBLE as error:
            # There may be no quorum for it.
            detail = said(error)
            self.ends[fault] = None
        if fault.end == fault.begin or detail:
            self.end(fault, detail)

    def end(self, fault, detail=''):
        if fault not in self.started:
            return
        undo = self.ends.pop(fault, None)
        try:
            if undo:
                undo()
        except TROUBLE as error:
            detail = said(error)
        self.ledger.add('fault', name=fault.name, target=fault.target, detail=detail, start=self.started.pop(fault),
                        end=now())

    def heal(self):
        """All that is still going on, and what could not be ended while something else was."""
        for fault in list(self.started):
            self.end(fault)
        for meddler in self.meddlers:
            meddler.share = 0
        self.revived = set()
        end = time.monotonic() + PATIENCE
        while True:
            try:
                for member in self.cluster.members:
                    self.revive(member)
                self.cluster.wait(user='root')
                self.cluster.ctl('alarm', 'disarm')
                return
            except TROUBLE:
                if time.monotonic() > end:
                    raise

    def revive(self, member):
        """One that ends again was killed when it was new, and had not all of its disk yet."""
        if member.process is not None and member.process.poll() is None:
            return
        is_new = not os.path.isdir(member.data)
        if not is_new and member.name not in self.revived:
            self.revived.add(member.name)
            member.start(state='existing')
            return
        shutil.rmtree(member.data, ignore_errors=True)
        self.replace(member)

    def cut_a_member(self, name):
        self.members[name].cut()
        return self.members[name].heal

    def cut_the_leader(self, _):
        member = self.cluster.leader(0.1)
        member.cut()
        return member.heal

    def cut_two_members(self, _):
        cut = self.random.sample(self.cluster.members, 2)
        for member in cut:
            member.cut()
        return lambda: [member.heal() for member in cut]

    def kill_a_member(self, name):
        member = self.members[name]
        member.kill()
        return lambda: member.start(state='existing')

    def stop_a_member(self, name):
        self.members[name].pause()
        return self.members[name].go_on

    def lose_a_disk(self, name):
        member = self.members[name]
        member.kill()
        shutil.rmtree(member.data)
        return lambda: self.replace(member)

    def replace(self, member):
        """Another of the same name. The others may refuse for a while; 3.4 was seen to refuse for minutes, after it had
        been cut off, until it was started anew."""
        end = time.monotonic() + PATIENCE
        anew = time.monotonic() + PATIENCE / 4
        while True:
            other = self.random.choice([each for each in self.cluster.members if each is not member])
            try:
                self.exchange(member, other)
                break
            except TROUBLE:
                if time.monotonic() > end:
                    raise
                if time.monotonic() > anew:
                    anew = time.monotonic() + PATIENCE / 4
                    other.kill()
                    other.start(state='existing')
                time.sleep(0.2)
        member.start(state='existing')
        self.cluster.wait(member, 'root')

    def exchange(self, member, other):
        """As another member is told."""
        for each in self.cluster.told('member', 'list', member=other)['members']:
            if member.address in each['peerURLs'][0]:
                self.cluster.ctl('member', 'remove', f'{each["ID"]:x}', member=other)
        self.cluster.ctl('member', 'add', member.name, f'--peer-urls=https://{member.address}:2380', member=other)

    def restart_all_members(self, _):
        self.cluster.kill()
        return lambda: [member.start(state='existing') for member in self.cluster.members]

    def compact(self, _):
        self.cluster.ctl('compact', '--physical', str(self.cluster.revision()))
        for member in self.cluster.members:
            self.cluster.ctl('defrag', member=member)

    def no_space(self, _):
        member = self.random.choice(self.cluster.members)
        status = self.cluster.told('endpoint', 'status', member=member)[0]['Status']
        id = status['header']['member_id']
        tls = ['--cacert', self.cluster.certificates.path('ca.pem'), '--cert', self.cluster.client + '.pem', '--key',
               self.cluster.client + '.key']
        run('curl', '-s', '-f', '-m', '10', *tls, '-d', json.dumps({'action': 'ACTIVATE', 'memberID': str(id),
            'alarm': 'NOSPACE'}), member.url + '/v3/maintenance/alarm')
        return lambda: self.cluster.ctl('alarm', 'disarm')

    def put_the_cluster_back(self, _):
        member = self.random.choice(self.cluster.members)
        since = now()
        # It has all that was acknowledged until then.
        self.cluster.ctl('get', '/', member=member)
        snapshot = os.path.join(self.cluster.place, 'snapshot')
        if os.path.exists(snapshot):
            os.unlink(snapshot)
        self.cluster.ctl('snapshot', 'save', snapshot, member=member)

        def put_back():
            if self.random.random() < 0.5:
                # As whoever follows etcd's manual; else it has the cluster_id of before.
                self.generation += 1
                self.cluster.token = f'fleet{self.generation}'
            self.losses.append({'since': since, 'at': now()})
            self.cluster.restore(snapshot)
        return put_back

    def cut_a_host(self, name):
        self.hosts[name].cut()
        return self.hosts[name].heal

    def cut_a_host_from_etcd(self, name):
        """From some members, or all; who is behind a meddler has another way."""
        host = self.hosts[name]
        host.cut_etcd(*self.random.sample(self.cluster.members, self.random.randint(1, 3)))
        return host.heal

    def kill_an_agent(self, name):
        host = self.hosts[name]
        self.end_agent(host)
        return lambda: host.start_agent()

    def end_agent(self, host):
        self.look_after(host)
        host.agent.kill()
        self.ledger.add('end', what=f'the agent of {host.name}', expected=True, how='killed')

    def look_after(self, host):
        """Nobody has ended its agent."""
        if not host.agent.is_running():
            self.ledger.add('end', what=f'the agent of {host.name}', expected=False,
                            how=f'{host.agent.process.returncode}: {host.agent.said()[-2000:]}')
            host.start_agent()

    def stop_an_agent(self, name):
        agent = self.hosts[name].agent
        agent.pause()
        return agent.go_on

    def kill_an_engine(self, name):
        """The program that speaks to etcd for the agent."""
        for child in children(self.hosts[name].agent.process.pid):
            os.kill(child, signal.SIGKILL)

    def meddle(self, _):
        for meddler in self.meddlers:
            meddler.share = self.random.choice((0.2, 0.5, 0.9))
        return lambda: [setattr(meddler, 'share', 0) for meddler in self.meddlers]


def said(error):
    """Without the command, which has a password in it."""
    output = getattr(error, 'output', None)
    return output.decode(errors='replace')[-300:] if output else type(error).__name__ + ': ' + str(error)[-300:]
