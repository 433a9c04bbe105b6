"""Three members of etcd in network namespaces of this one, with certificates of their own.

Everything is below one directory, and ends with this process: members by their pid, namespaces with ours."""
import json
import os
import shutil
import signal
import subprocess
import time

ETCD = os.environ.get('ETCD', '/usr/bin')
HERE = '10.77.0.1'
FLEET = '000102030405060708090a0b0c0d0e0f'
PASSWORD = 'x' * 32


def run(*words, **options):
    try:
        return subprocess.run(words, check=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **options).stdout.decode()
    except subprocess.CalledProcessError as error:
        error.add_note(error.output.decode())
        raise


def patiently(command, patience=90):
    """What it gives, once it does not fail."""
    end = time.monotonic() + patience
    while True:
        try:
            return command()
        except subprocess.CalledProcessError:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)


class Certificates:
    """A CA, and what it signs. A subject has no CN: etcd's gateway refuses every request from one that has."""

    def __init__(self, place):
        self.place = place
        os.makedirs(place, exist_ok=True)
        self.authority('ca')

    def path(self, name):
        return os.path.join(self.place, name)

    def authority(self, name):
        run('openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2',
            '-subj', f'/CN={name}', '-keyout', self.path(name + '.key'), '-out', self.path(name + '.pem'))

    def certificate(self, name, addresses=(), days=1, authority='ca', subject='/O=apitoken'):
        names = ','.join('IP:' + address for address in addresses) or 'DNS:host'
        extensions = self.path(name + '.ext')
        with open(extensions, 'w') as file:
            file.write(f'subjectAltName={names}\nextendedKeyUsage=serverAuth,clientAuth\n')
        run('openssl', 'req', '-new', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-subj',
            subject, '-keyout', self.path(name + '.key'), '-out', self.path(name + '.csr'))
        run('openssl', 'x509', '-req', '-in', self.path(name + '.csr'), '-CA', self.path(authority + '.pem'), '-CAkey',
            self.path(authority + '.key'), '-CAcreateserial', '-days', str(days), '-extfile', extensions, '-out',
            self.path(name + '.pem'))
        for end in ('.key', '.pem'):
            os.chmod(self.path(name + end), 0o600)
        return self.path(name)


class Member:
    def __init__(self, cluster, number):
        self.cluster = cluster
        self.name = f'm{number}'
        self.address = f'10.77.0.{10 + number}'
        self.url = f'https://{self.address}:2379'
        self.peer = f'https://{self.address}:2380'
        self.data = os.path.join(cluster.place, self.name)
        self.process = None

    def add_namespace(self):
        run('ip', 'netns', 'add', self.name)
        run('ip', 'link', 'add', 'v' + self.name, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', self.name)
        run('ip', 'link', 'set', 'v' + self.name, 'master', 'br0', 'up')
        self.inside('ip', 'addr', 'add', self.address + '/24', 'dev', 'eth0')
        self.inside('ip', 'link', 'set', 'eth0', 'up')
        self.inside('ip', 'link', 'set', 'lo', 'up')

    def inside(self, *words):
        return run('ip', 'netns', 'exec', self.name, *words)

    def start(self, *more, state='new'):
        secure = [word for kind in ('', 'peer-') for word in (
            f'--{kind}cert-file', self.cluster.server + '.pem', f'--{kind}key-file', self.cluster.server + '.key',
            f'--{kind}trusted-ca-file', self.cluster.certificates.path('ca.pem'), f'--{kind}client-cert-auth')]
        log = open(self.data + '.log', 'ab')
        self.process = subprocess.Popen(
            ['ip', 'netns', 'exec', self.name, os.path.join(ETCD, 'etcd'), '--name', self.name, '--data-dir', self.data,
             '--listen-client-urls', self.url, '--advertise-client-urls', self.url,
             '--listen-peer-urls', self.peer, '--initial-advertise-peer-urls', self.peer, '--initial-cluster',
             self.cluster.peers(),
             '--initial-cluster-state', state, '--initial-cluster-token', self.cluster.token, '--bcrypt-cost', '4',
             '--heartbeat-interval', '50', '--election-timeout', '500', *self.cluster.options, *secure, *more],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, env={'ETCD_UNSUPPORTED_ARCH': 'arm64'})
        log.close()

    def kill(self):
        if self.process is not None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
            self.process = None

    def pause(self):
        self.process.send_signal(signal.SIGSTOP)

    def go_on(self):
        self.process.send_signal(signal.SIGCONT)

    def cut(self):
        """From its peers; clients still reach it."""
        for member in self.cluster.members:
            if member is not self:
                self.inside('ip', 'route', 'add', 'blackhole', member.address)

    def heal(self):
        for member in self.cluster.members:
            if member is not self:
                self.inside('ip', 'route', 'del', 'blackhole', member.address)


class Cluster:
    # Members do not sync: no test stops the machine.
    def __init__(self, place, options=('--unsafe-no-fsync',), has_members=True):
        self.place = place
        self.options = list(options)
        self.token = 'fleet'
        self.certificates = Certificates(os.path.join(place, 'tls'))
        self.members = [Member(self, number) for number in (1, 2, 3)]
        self.server = self.certificates.certificate('server', [m.address for m in self.members] + [HERE, '127.0.0.1'])
        self.client = self.certificates.certificate('client')
        run('ip', 'link', 'set', 'lo', 'up')
        if not has_members:
            run('ip', 'addr', 'add', HERE + '/24', 'dev', 'lo')
            return
        run('ip', 'link', 'add', 'br0', 'type', 'bridge')
        run('ip', 'addr', 'add', HERE + '/24', 'dev', 'br0')
        run('ip', 'link', 'set', 'br0', 'up')
        for member in self.members:
            member.add_namespace()

    def start(self, state='new'):
        for member in self.members:
            member.start(state=state)
        self.wait()

    def kill(self):
        for member in self.members:
            member.kill()

    def compact(self):
        """All that is history now, at once."""
        revision = str(patiently(self.revision))

        def compact():
            try:
                self.ctl('compact', '--physical', revision)
            except subprocess.CalledProcessError as error:
                # etcdctl may have sent it twice.
                if b'has been compacted' not in error.output:
                    raise
        patiently(compact)

    def version(self):
        return run(os.path.join(ETCD, 'etcd'), '--version').split()[2]

    def save(self, path):
        """A snapshot of what is there."""
        self.ctl('snapshot', 'save', path, member=self.members[0])

    def can_bump(self):
        """Whether a snapshot can be restored with revisions that go on: by etcdutl, and by etcdctl 3.4.27."""
        return '--bump-revision' in run(*self.restorer(), '--help')

    @staticmethod
    def restorer():
        utility = os.path.join(ETCD, 'etcdutl')
        return [utility if os.path.exists(utility) else os.path.join(ETCD, 'etcdctl'), 'snapshot', 'restore']

    def restore(self, path, *more):
        """All members anew from a snapshot; they are started."""
        self.kill()
        for member in self.members:
            shutil.rmtree(member.data)
            run(*self.restorer(), path, '--name', member.name, '--data-dir', member.data, '--initial-cluster', self.peers(),
                '--initial-cluster-token', self.token, '--initial-advertise-peer-urls', member.peer, *more,
                env={'ETCDCTL_API': '3'})
        self.start(state='existing')

    def peers(self):
        return ','.join(f'{member.name}={member.peer}' for member in self.members)

    def replace(self, member):
        """A member whose disk is lost: the others forget it, and it comes anew."""
        for each in self.told('member', 'list')['members']:
            if each['name'] == member.name:
                patiently(lambda: self.forget(each['ID']))
        # It takes none before all that are there have been connected for 5 s.
        patiently(lambda: self.ctl('member', 'add', member.name, f'--peer-urls={member.peer}'))
        member.start(state='existing')
        self.wait(member, 'root')

    def forget(self, id):
        try:
            self.ctl('member', 'remove', f'{id:x}')
        except subprocess.CalledProcessError as error:
            # Of an election it may be unknown whether it was done.
            if b'not found' not in error.output:
                raise

    def endpoints(self):
        return ','.join(member.url for member in self.members)

    def ctl(self, *words, user='root', member=None, **options):
        who = ['--user', f'{user}:{PASSWORD}'] if user else []
        return run(os.path.join(ETCD, 'etcdctl'), '--endpoints', member.url if member else self.endpoints(), '--cacert',
                   self.certificates.path('ca.pem'), '--cert', self.client + '.pem', '--key', self.client + '.key',
                   '--command-timeout', '10s', *who, *words, env={'ETCDCTL_API': '3'}, **options)

    def told(self, *words, **options):
        """What it prints as JSON; what it had to try again is warned of before that."""
        return json.loads(self.ctl(*words, '-w', 'json', **options).strip().rpartition('\n')[2])

    def wait(self, member=None, user=None):
        """Until it answers, or all do."""
        return patiently(lambda: self.ctl('endpoint', 'health', user=user, member=member))

    def enable_log_in(self):
        """root; `fleet`, who writes all; `host`, who reads it."""
        prefix = f'/apitoken/{FLEET}/'
        for name in ('root', 'fleet', 'host'):
            self.ctl('user', 'add', f'{name}:{PASSWORD}', user=None)
            if name != 'root':
                self.ctl('role', 'add', name, user=None)
                self.ctl('role', 'grant-permission', name, '--prefix=true',
                         'readwrite' if name == 'fleet' else 'read', prefix, user=None)
            self.ctl('user', 'grant-role', name, name, user=None)
        patiently(lambda: self.ctl('auth', 'enable', user=None))

    def leader(self, patience=30):
        """Once there is one: who has just come back may have been reason for an election."""
        end = time.monotonic() + patience
        while time.monotonic() < end:
            for member in self.members:
                status = self.told('endpoint', 'status', member=member)[0]['Status']
                if status['leader'] == status['header']['member_id']:
                    return member
            time.sleep(0.1)
        raise RuntimeError('no leader')

    def revision(self):
        return self.told('get', '/')['header']['revision']
