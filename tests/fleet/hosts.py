"""Hosts of a fleet, each in a network namespace of its own on the bridge of cluster.py, with its own name, store, keys,
config, /run and log. Users, programs and PAM stacks are those of the sandbox that this has to run in (tests/lib/sandbox,
where the machine's /tmp is not: etcd has to be in the tree), and everything ends with it.

    hosts.prepare('alice')
    cluster = Cluster(place); cluster.start(); cluster.enable_log_in()
    hub, web1 = Host(cluster, 'hub', 1, user='fleet'), Host(cluster, 'web1', 2, stale_after='10s')
    hub.make_issuer()
    web1.trust(hub)
    hub.agent.start(); web1.agent.start(); web1.sshd.start(); web1.wait_fresh()
    token = hub.issue('alice', 'ci')
    web1.verify('alice', token)                      # '' or the reason, as a login would
    web1.ssh('alice', token, 'hostname').stdout      # b'web1\n'
    web1.cut_etcd(); web1.heal(); web1.agent.pause(); web1.agent.go_on(); web1.agent.kill()
"""
import os
import signal
import subprocess
import time

from cluster import FLEET, PASSWORD, run

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
OWN = ('etc/apitoken', 'var/lib/apitoken', 'var/log', 'run')
CONFIG = 'etc/security/apitoken.conf'
NOWHERE = '02:00:00:00:00:00'
PASSWORD_OF_USERS = 'correct horse'
# $0 is the host's name, $1 its directory.
ENTER = f'''
echo "$0" >/proc/sys/kernel/hostname && ip link set lo up || exit
for own in {CONFIG} {' '.join(OWN)}; do mount --bind "$1/$own" "/$own" || exit; done
logsink /run/log.socket /var/log/auth.log && echo ready && exec cat
'''


def prepare(*users):
    """The sandbox, once: stacks, an sshd to start (not started), these users, and what hosts need."""
    if os.environ.get('in_sandbox') != 'yes':
        raise RuntimeError('only within tests/lib/sandbox')
    # With a session line: without one, doctor fails.
    run('bash', '-c', '. "$0/tests/lib/lib.sh"; install_stacks; own_service; configure_sshd;'
        'echo "session required pam_apitoken.so" >>/etc/pam.d/own;'
        'for user in "${@:2}"; do add_user "$user" "$1"; done', TOP, PASSWORD_OF_USERS, *users)
    run('cc', '-O1', '-o', '/usr/local/bin/logsink', TOP + '/tests/lib/logsink.c')
    run('cc', '-O1', '-shared', '-fPIC', '-o', '/usr/local/lib/later.so', TOP + '/tests/e2e/later.c')
    os.symlink('/run/log.socket', '/dev/log')
    for own in OWN:
        os.makedirs('/' + own, exist_ok=True)
    write('/' + CONFIG, '', 0o644)


def write(path, text, mode=0o600):
    """In place: it may be mounted somewhere."""
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), 'w') as file:
        file.write(text)
    os.chmod(path, mode)


def later(seconds):
    """The environment of a process whose clock is so much later."""
    return {'LD_PRELOAD': '/usr/local/lib/later.so', 'LATER': str(seconds)}


def until(condition, patience=30):
    end = time.monotonic() + patience
    while not condition():
        if time.monotonic() > end:
            raise RuntimeError('waited in vain')
        time.sleep(0.02)


class Daemon:
    """A program that runs on a host; what it prints is in the host's directory, NAME.out."""

    def __init__(self, host, name, *words):
        self.host, self.name, self.words = host, name, words
        self.process = None

    def start(self, *more, environment=None):
        with open(os.path.join(self.host.place, self.name + '.out'), 'ab') as out:
            self.process = self.host.popen(*self.words, *more, stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                                           environment=environment)

    def said(self):
        with open(os.path.join(self.host.place, self.name + '.out')) as out:
            return out.read()

    def is_running(self):
        return self.process is not None and self.process.poll() is None

    def pause(self):
        self.process.send_signal(signal.SIGSTOP)

    def go_on(self):
        self.process.send_signal(signal.SIGCONT)

    def kill(self, how=signal.SIGKILL):
        """With SIGTERM it may end by itself. Gives its status."""
        self.process.send_signal(how)
        return self.process.wait()


class Host:
    def __init__(self, cluster, name, number, **settings):
        """Its address is 10.77.0.(20 + number). The settings are those of configure."""
        self.cluster = cluster
        self.name = name
        self.address = f'10.77.0.{20 + number}'
        self.place = os.path.join(cluster.place, 'hosts', name)
        for own in (*OWN, 'etc/security'):
            os.makedirs(os.path.join(self.place, own), mode=0o755)
        for own in ('etc/apitoken', 'var/lib/apitoken'):
            os.chmod(os.path.join(self.place, own), 0o700)
        for directory in ('etc/apitoken/etcd', 'run/sshd'):
            os.mkdir(os.path.join(self.place, directory))
        certificate = cluster.certificates.certificate(name)
        run('cp', '-p', cluster.certificates.path('ca.pem'), certificate + '.pem', certificate + '.key',
            self.place + '/etc/apitoken/etcd')
        self.configure(**settings)
        # What keeps the namespaces; it ends with this process.
        self.keeper = subprocess.Popen(['unshare', '--net', '--mount', '--uts', 'sh', '-ec', ENTER, name, self.place],
                                       stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        if self.keeper.stdout.readline() != b'ready\n':
            raise RuntimeError(f'{name}: no namespaces')
        self.plug_in()
        self.run('tokenadm', 'init')
        self.agent = Daemon(self, 'agent', 'tokenadm', 'fleet', 'agent')
        self.sshd = Daemon(self, 'sshd', '/usr/sbin/sshd', '-D', '-e', '-o', f'ListenAddress={self.address}')

    def plug_in(self):
        run('ip', 'link', 'add', 'v' + self.name, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', str(self.keeper.pid))
        run('ip', 'link', 'set', 'v' + self.name, 'master', 'br0', 'up')
        self.run('ip', 'addr', 'add', self.address + '/24', 'dev', 'eth0')
        self.run('ip', 'link', 'set', 'eth0', 'up')

    def configure(self, user='host', password=PASSWORD, endpoints=None, **fleet):
        """Who it is for etcd; and what [fleet] has besides, as stale_after='10s'. Agents read it on SIGHUP."""
        etcd = '/etc/apitoken/etcd/'
        lines = ['[fleet]', f'id = {FLEET}', f'host = {self.name}', 'engine = etcd']
        lines += [f'{key} = {value}' for key, value in fleet.items()]
        lines += ['[etcd]', f'endpoints = {endpoints or self.cluster.endpoints()}', f'certificate = {etcd}{self.name}.pem',
                  f'key = {etcd}{self.name}.key', f'user = {user}']
        write(self.place + etcd + 'password', password + '\n')
        write(os.path.join(self.place, CONFIG), '\n'.join(lines) + '\n', 0o644)

    # Programs on it

    def words(self, *words):
        return ['nsenter', '--target', str(self.keeper.pid), '--net', '--mount', '--uts', '--', *words]

    def popen(self, *words, environment=None, **options):
        env = [f'{key}={value}' for key, value in (environment or {}).items()]
        return subprocess.Popen(self.words(*(['env'] if env else []), *env, *words), **options)

    def run(self, *words, **options):
        """What it prints; an exception if it fails, with its output."""
        return run(*self.words(*words), **options)

    def log(self):
        with open(self.place + '/var/log/auth.log') as log:
            return log.read()

    # The fleet

    def make_issuer(self):
        self.run('tokenadm', 'fleet', 'init')

    def trust(self, *issuers):
        directory = self.place + '/etc/apitoken/issuers'
        os.makedirs(directory, mode=0o755, exist_ok=True)
        for issuer in issuers:
            run('cp', f'{issuer.place}/etc/apitoken/issuers/{issuer.name}.pub', directory)

    def issue(self, user, name, *more):
        words = self.words('tokenadm', 'issue', '--fleet', '--force', '--user', user, '--name', name, '--service', 'sshd,own',
                           '--scope', 'read,write', *more)
        for left in range(5, -1, -1):
            done = subprocess.run(words, capture_output=True)
            # An election leaves it unknown whether etcd has it: then nothing was issued.
            if done.returncode == 0 or not left or b'nothing was issued' not in done.stderr:
                break
        done.check_returncode()
        return done.stdout.decode().strip()

    def is_fresh(self):
        """Whether its last look agrees with the engine."""
        return subprocess.run(self.words('tokenadm', 'fleet', 'status'), stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL).returncode == 0

    def wait_fresh(self, patience=90):
        until(self.is_fresh, patience)

    # Log-ins

    def verify(self, user, token, service='own'):
        """'' if a login would be accepted, or the reason: 5 ms, and no refusal's delay."""
        answer = subprocess.run(self.words('tokenadm', 'verify', '--user', user, '--service', service),
                                input=token.encode(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        return '' if answer.returncode == 0 else answer.stdout.decode().strip().rpartition('refused: ')[2]

    def pam(self, user, token):
        """By the module, with a PAM application of nothing else."""
        return subprocess.run(self.words('pamtester', 'own', user, 'authenticate', 'acct_mgmt'), input=token.encode() + b'\n',
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0

    def ssh(self, user, token, *words):
        """From outside, by sshd; status 255 or sshpass's 5 if it is refused."""
        return self.by_ssh(subprocess.run, user, token, *words, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE)

    def open_ssh(self, user, token, *words):
        """The same, which goes on: it is talked to."""
        return self.by_ssh(subprocess.Popen, user, token, *words, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL)

    def by_ssh(self, start, user, token, *words, **options):
        return start(
            ['sshpass', '-e', 'ssh', '-o', 'StrictHostKeyChecking=no', '-o', 'UserKnownHostsFile=/dev/null', '-o',
             'PreferredAuthentications=password', '-o', 'ConnectTimeout=10', f'{user}@{self.address}', *words],
            env={**os.environ, 'SSHPASS': token}, stdout=subprocess.PIPE, **options)

    # Its cable. What is cut is silent, in both directions.

    def cut(self):
        run('ip', 'link', 'set', 'v' + self.name, 'nomaster')

    def cut_etcd(self, *members):
        """From these members, or all; everybody else still reaches it."""
        for member in members or self.cluster.members:
            self.run('ip', 'neigh', 'replace', member.address, 'lladdr', NOWHERE, 'dev', 'eth0', 'nud', 'permanent')
            member.inside('ip', 'neigh', 'replace', self.address, 'lladdr', NOWHERE, 'dev', 'eth0', 'nud', 'permanent')

    def heal(self):
        run('ip', 'link', 'set', 'v' + self.name, 'master', 'br0')
        for member in self.cluster.members:
            for inside, address in ((self.run, member.address), (member.inside, self.address)):
                if NOWHERE in inside('ip', 'neigh', 'show', address):
                    inside('ip', 'neigh', 'del', address, 'dev', 'eth0')
