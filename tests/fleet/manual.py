"""What manual.test runs; prints TAP. The page's blocks are scripts: HOST# COMMAND, and what a file has after `cat FILE`."""
import os
import re
import shutil
import subprocess
import sys

from checks import check, run_parts, says, until
from cluster import ETCD, patiently, run

PLACE = sys.argv[1]
OWN = ('etc/etcd', 'etc/default', 'etc/apitoken', 'var/lib/etcd', 'var/lib/apitoken', 'run', 'root')
CONFIG = 'etc/security/apitoken.conf'
ENTER = f'''
ip link set lo up
echo "$1" >/proc/sys/kernel/hostname
for own in {CONFIG} {' '.join(OWN)}; do mount --bind "$0/$own" "/$own"; done
echo ready
exec cat
'''
# What the machine has, that this is none of.
SYSTEMCTL = '''#!/bin/sh
case "$*" in
'restart etcd')
    [ ! -e /run/etcd.pid ] || { kill -9 "$(cat /run/etcd.pid)"; sleep 0.2; }
    chown etcd: /var/lib/etcd
    set -a
    . /etc/default/etcd
    setpriv --reuid etcd --regid etcd --clear-groups etcd </dev/null >>/root/etcd.log 2>&1 &
    echo $! >/run/etcd.pid ;;
'restart apitoken-fleet')
    tokenadm fleet agent </dev/null >>/root/agent.log 2>&1 & ;;
'enable --now nftables')
    if command -v nft >/dev/null; then nft -f /etc/nftables.conf; fi ;;
*) echo "systemctl $*: not here" >&2; exit 1 ;;
esac
'''


class Machine:
    def __init__(self, name, number):
        self.name, self.number = name, number
        self.place = os.path.join(PLACE, name)
        for own in OWN:
            os.makedirs(os.path.join(self.place, own))
        os.makedirs(os.path.dirname(os.path.join(self.place, CONFIG)))
        open(os.path.join(self.place, CONFIG), 'w').close()
        for own in ('etc/apitoken', 'var/lib/apitoken'):
            os.chmod(os.path.join(self.place, own), 0o700)
        self.keeper = subprocess.Popen(['unshare', '--net', '--mount', '--uts', 'sh', '-ec', ENTER, self.place, name],
                                       stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert self.keeper.stdout.readline() == b'ready\n'
        run('ip', 'link', 'add', 'v' + name, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', str(self.keeper.pid))
        run('ip', 'link', 'set', 'v' + name, 'master', 'br0', 'up')
        self.run(f'ip addr add 192.0.2.{number}/24 dev eth0; ip link set eth0 up')

    def words(self, script):
        return ['nsenter', '--target', str(self.keeper.pid), '--net', '--mount', '--uts', '--wd=/root', '--', 'sh', '-c', script]

    def run(self, script):
        """What it prints."""
        return run(*self.words('cd /root\n' + script))

    def get(self, machine, *names):
        for name in names:
            shutil.copy(os.path.join(machine.place, 'root', name), os.path.join(self.place, 'root', name))


def read_blocks(page):
    """The page's blocks by its subsections: texts."""
    blocks, name, block = {}, '', None
    for line in open(page).read().split('\n'):
        if line.startswith(('.Ss ', '.Sh ')):
            name = line[4:].strip('"')
        elif line.startswith('.Bd -literal'):
            block = []
        elif line == '.Ed':
            blocks.setdefault(name, []).append('\n'.join(block))
            block = None
        elif block is not None:
            block.append(line.replace('\\-', '-').replace('\\e', '\\'))
    return blocks


def scripts(block):
    """By host: what is typed there, as a script."""
    typed = {}
    for part in re.split(r'^(?=[a-z0-9]+# )', block, flags=re.MULTILINE):
        if not part.strip():
            continue
        host, command = part.rstrip('\n').split('# ', 1)
        first, _, rest = command.partition('\n')
        if first.startswith('cat ') and rest:
            command = f"cat >{first[4:]} <<'END'\n{rest}\nEND"
        typed.setdefault(host, []).append(command)
    return {host: '\n'.join(commands) + '\n' for host, commands in typed.items()}


def as_other(script, old, new):
    """The same for another machine; the list of members stays."""
    members = re.search(r'etcd1=https.*\\\netcd2=.*', script)
    kept = members.group(0) if members else 'none'
    script = script.replace(kept, 'THE-MEMBERS') if members else script
    script = script.replace(old.name, new.name).replace(f'192.0.2.{old.number}\n', f'192.0.2.{new.number}\n')
    script = script.replace(f'192.0.2.{old.number}:', f'192.0.2.{new.number}:')
    return script.replace('THE-MEMBERS', kept)


def prepare():
    for own in (*OWN, os.path.dirname(CONFIG)):
        os.makedirs('/' + own, exist_ok=True)
    open('/' + CONFIG, 'a').close()
    run('useradd', '--system', 'etcd')
    run('useradd', '--create-home', 'deploy')
    for name in ('etcd', 'etcdctl', 'etcdutl'):
        if os.path.exists(os.path.join(ETCD, name)):
            os.symlink(os.path.join(ETCD, name), '/usr/local/bin/' + name)
    for name, text in (('apt', '#!/bin/sh\n'), ('systemctl', SYSTEMCTL)):
        with open('/usr/local/bin/' + name, 'w') as file:
            file.write(text)
        os.chmod('/usr/local/bin/' + name, 0o755)


class Play:
    def __init__(self, page):
        self.blocks = read_blocks(page)
        run('ip', 'link', 'add', 'br0', 'type', 'bridge')
        run('ip', 'link', 'set', 'br0', 'up')
        self.ca = Machine('ca', 9)
        self.members = [Machine(f'etcd{number}', 10 + number) for number in (1, 2, 3)]
        self.hub, self.web1 = Machine('hub', 20), Machine('web1', 21)
        self.etcd1 = self.members[0]

    def block(self, name, number=0):
        return scripts(self.blocks[name][number])

    def certificates(self):
        script = self.block('Certificates')['ca']
        for member in self.members[1:]:
            script += ''.join(re.sub(r'etcd1', member.name, line).replace('192.0.2.11', f'192.0.2.{member.number}') + '\n'
                              for line in script.split('\n') if line.startswith('sh sign') and ' etcd1' in line)
        self.ca.run('set -e\n' + script)
        said = self.ca.run('for each in etcd1 hub web1; do openssl verify -CAfile ca.pem $each.pem; '
                           'openssl x509 -in $each.pem -noout -subject; done')
        check('certificates are signed, and have no CN', said.count('OK') == 3 and 'CN' not in said, said)

    def start_members(self):
        script = self.block('Members')['etcd1']
        for member in self.members:
            name = member.name
            member.get(self.ca, 'ca.pem', 'peers.pem', name + '.pem', name + '.key', name + '-peer.pem', name + '-peer.key')
            member.run('set -e\n' + as_other(script, self.etcd1, member))
        self.control = self.block('Users and roles')['etcd1']
        self.settings = ''.join(line + '\n' for line in self.control.split('\n') if line.startswith('export'))
        patiently(lambda: self.etcd1.run(self.settings + 'etcdctl endpoint health'))

        def listed():
            return self.etcd1.run(self.settings + 'etcdctl member list')
        # Two are enough for the others to be answered.
        check('three members are there', until(lambda: listed().count(', started,') == 3), listed())

    def users(self):
        self.etcd1.run('set -e\n' + self.control)
        self.root = self.settings + 'export ETCDCTL_USER=root:$(cat root.password)\n'
        fleet = re.search(r'^fleet=.*', self.control, re.MULTILINE).group(0) + '\n'
        self.fleet_id = fleet.strip().rpartition('/')[2]

        def may(user, *command):
            return subprocess.run(self.etcd1.words(
                'cd /root\n' + self.settings + fleet + f'export ETCDCTL_USER={user}:$(cat {user}.password)\n' +
                ' '.join(command)), stdout=subprocess.PIPE, stderr=subprocess.STDOUT).returncode == 0
        for meant, user, words in (
                (True, 'web1', 'etcdctl get --prefix $fleet/'), (False, 'web1', 'etcdctl put $fleet/head/hub x'),
                (False, 'web1', 'etcdctl put $fleet/rec/hub/x x'), (False, 'web1', 'etcdctl get --prefix /'),
                (True, 'hub', 'etcdctl put $fleet/head/hub x && etcdctl del $fleet/head/hub'),
                (True, 'hub', 'etcdctl put $fleet/rec/hub/x x && etcdctl del $fleet/rec/hub/x'),
                (False, 'hub', 'etcdctl put $fleet/head/hub2 x'), (False, 'hub', 'etcdctl put $fleet/rec/guard/x x'),
                (True, 'hub', 'etcdctl get --prefix $fleet/')):
            check(f'{user} {"may" if meant else "may not"}: {words}', may(user, words) == meant)
        check('nobody without a log-in', subprocess.run(self.etcd1.words(
            'cd /root\n' + self.settings + 'etcdctl get x'), capture_output=True).returncode != 0)

    def firewall(self):
        script = self.block('Firewall')['etcd1']
        for member in self.members:
            member.run('set -e\n' + script)
        if shutil.which('nft'):
            check('a member takes no stranger', 'dport' in self.etcd1.run('nft list ruleset'))
        else:
            print('# no nft here: the rules were not loaded')

    def machines(self):
        script = self.block('The machines')['web1'].replace('\ntokenadm', '\n: tokenadm')
        self.hub.run(f'tokenadm init && tokenadm fleet init --id {self.fleet_id}')
        self.web1.run('tokenadm init')
        for host in (self.hub, self.web1):
            host.get(self.ca, host.name + '.pem', host.name + '.key', 'ca.pem')
            host.get(self.etcd1, host.name + '.password')
            host.run('install -d -m 755 /etc/apitoken/issuers')
        self.hub.run('cp /etc/apitoken/issuers/hub.pub /root')
        self.web1.get(self.hub, 'hub.pub')
        self.web1.run('install -D -m 644 hub.pub /etc/apitoken/issuers/hub.pub')
        for host in (self.hub, self.web1):
            host.run('set -e\n' + as_other(script, self.web1, host))
        self.well('the machines')
        self.token = subprocess.run(self.hub.words(
            'tokenadm issue --fleet --force --user deploy --name ci --service sshd --scope read,write'), check=True,
            capture_output=True).stdout.decode().strip()
        self.taken('a token is issued and taken')
        said = self.doctor(self.web1)
        check('doctor finds nothing but an old version', 'wrong   fleet' not in said and re.sub(
            r'warning fleet: [^\n]*loses events', '', said).count('warning fleet') == 0, said)

    def doctor(self, host):
        return subprocess.run(host.words('tokenadm doctor'), stdout=subprocess.PIPE).stdout.decode()

    def verify(self):
        return subprocess.run(self.web1.words('tokenadm verify --user deploy --service sshd'), input=self.token.encode(),
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT).stdout.decode()

    def taken(self, name):
        check(name, until(lambda: 'refused' not in self.verify()), self.verify())

    def well(self, name):
        def is_well():
            return all(subprocess.run(host.words('tokenadm fleet status'), capture_output=True).returncode == 0
                       for host in (self.hub, self.web1))
        check(f'{name}: all is well', until(is_well), subprocess.run(
            self.web1.words('tokenadm fleet status; cat /root/agent.log'), capture_output=True).stdout.decode())

    def back_up(self):
        self.etcd1.run(self.root + self.block('Backup and restoring')['etcd1'])
        self.hub.run('tokenadm revoke --fleet deploy/ci')
        check('revoked after the backup', until(lambda: 'refused: revoked' in self.verify()), self.verify())

    def restore(self):
        script = self.block('Backup and restoring', 1)['etcd1']
        if os.path.exists('/usr/local/bin/etcdutl'):
            script = script.replace('etcdctl snapshot restore', 'etcdutl snapshot restore').replace(
                'fleet.snapshot', 'fleet.snapshot --bump-revision 1000000000 --mark-compacted')
        for member in self.members:
            member.run('kill -9 $(cat /run/etcd.pid); rm /run/etcd.pid')
        for member in self.members:
            if member is not self.etcd1:
                member.get(self.etcd1, 'fleet.snapshot')
            member.run('set -e\n' + as_other(script, self.etcd1, member))
        for member in self.members:
            member.run('systemctl restart etcd')
        patiently(lambda: self.etcd1.run(self.root + 'etcdctl endpoint health'))
        self.well('restored')
        check('the revocation is not lost', 'refused: revoked' in self.verify(), self.verify())

    def lock_out(self):
        script = self.block('A machine that issues nothing')
        self.etcd1.run(self.root + script['etcd1'])
        other = subprocess.run(self.hub.words(
            'tokenadm issue --fleet --force --user deploy --name other --service sshd --scope read,write --hosts web1'),
            check=True, capture_output=True).stdout.decode().strip()
        listed = self.hub.run(script['hub'].split('\n')[0])
        check('what was for it is listed', listed.split()[:1] == [other[4:14]], listed)
        check('it hears no more', until(lambda: 'stale' in subprocess.run(
            self.web1.words('tokenadm fleet status'), capture_output=True).stdout.decode()))
        check('and why', until(lambda: 'log-in as web1 was refused' in self.doctor(self.web1)), self.doctor(self.web1))
        self.hub.run(script['hub'].split('\n')[1].replace('ID', other[4:14]))
        says('what was for it is revoked', self.hub.run('tokenadm list --fleet --output state,name'), 'revoked +other')


def main():
    os.makedirs(PLACE)
    prepare()
    play = Play(sys.argv[2])
    run_parts([play.certificates, play.start_members, play.users, play.firewall, play.machines, play.back_up, play.restore,
               play.lock_out])


main()
