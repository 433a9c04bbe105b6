"""Sessions of a fleet's tokens on machines where those were not issued: who revokes a token with --terminate ends them.
A part of commands.py."""
import os
import signal
import subprocess

from checks import check, until
from hosts import PASSWORD_OF_USERS

PATIENCE = 90


class Session:
    """A log-in by ssh: what is said to it comes back, as long as it lasts."""

    def __init__(self, host, user, secret):
        self.process = host.open_ssh(user, secret, 'exec cat')

    def lives(self):
        try:
            self.process.stdin.write(b'there?\n')
            self.process.stdin.flush()
        except BrokenPipeError:
            return False
        return self.process.stdout.readline() == b'there?\n'

    def is_over(self):
        return self.process.poll() is not None

    def close(self):
        self.process.kill()
        self.process.communicate()


def begin(fleet, name):
    """A token of hub's, and a session of it on web2."""
    token = fleet.hub.issue('alice', name)
    until(lambda: fleet.web2.verify('alice', token, 'sshd') == '', PATIENCE)
    session = Session(fleet.web2, 'alice', token)
    # It may have gone stale for a moment, on a machine that is busy.
    for _ in range(3):
        if session.lives():
            break
        session.close()
        session = Session(fleet.web2, 'alice', token)
    check(f'{name}: a session on web2', session.lives(), fleet.web2.log()[-500:])
    return token, session


def revoke(fleet, token, *more):
    try:
        fleet.hub.run('tokenadm', 'revoke', '--fleet', *more, token[4:14])
    except subprocess.CalledProcessError as error:
        # An election leaves it unknown, and the agent sends it again.
        if b'not confirmed' not in error.output:
            raise


def ends(name, fleet, session):
    check(f'{name}: it is over', until(session.is_over, PATIENCE), fleet.web2.agent.said()[-1500:])
    session.close()


def helper(agent):
    """The program of an agent that speaks to etcd; nsenter has become the agent."""
    with open(f'/proc/{agent.process.pid}/task/{agent.process.pid}/children') as file:
        return int(file.read())


def told(fleet):
    token, session = begin(fleet, 'told')
    revoke(fleet, token, '--terminate')
    ends('told', fleet, session)


def listed(fleet):
    """By an agent that could not be told, and reads all that there is."""
    agent = fleet.web2.agent
    token, session = begin(fleet, 'listed')
    agent.pause()
    os.kill(helper(agent), signal.SIGKILL)
    revoke(fleet, token, '--terminate')
    check('listed: it goes on until then', session.lives())
    agent.go_on()
    ends('listed', fleet, session)


def agent_gone(fleet):
    agent = fleet.web2.agent
    token, session = begin(fleet, 'gone')
    agent.kill()
    revoke(fleet, token, '--terminate')
    check('no agent there: it goes on', session.lives())
    agent.start()
    ends('no agent there, and then one', fleet, session)


def agent_interrupted(fleet):
    """It has taken the revocation, and is killed before it could end a session."""
    web2 = fleet.web2
    listing = web2.place + '/run/apitoken/sessions'
    token, session = begin(fleet, 'interrupted')
    os.rename(listing, listing + '.away')
    with open(listing, 'w'):
        begun = len(web2.agent.said())
    revoke(fleet, token, '--terminate')
    check('interrupted: what it cannot end is said', until(lambda: 'sessions' in web2.agent.said()[begun:], PATIENCE),
          web2.agent.said()[begun:])
    check('the token is revoked there', web2.verify('alice', token, 'sshd') == 'revoked')
    web2.agent.kill()
    os.unlink(listing)
    os.rename(listing + '.away', listing)
    check('its session goes on', session.lives())
    web2.agent.start()
    ends('interrupted, and started again', fleet, session)


def sessions(fleet):
    web2 = fleet.web2
    local = subprocess.run(web2.words('tokenadm', 'issue', '--force', '--user', 'bob', '--name', 'local', '--service', 'sshd',
                                      '--scope', 'read,write'), check=True, capture_output=True).stdout.decode().strip()
    _, other = begin(fleet, 'other')
    revoked, lasting = begin(fleet, 'lasting')
    lasts = {'a local token': Session(web2, 'bob', local), 'a password': Session(web2, 'alice', PASSWORD_OF_USERS),
             'another token': other, 'one that was revoked without --terminate': lasting}
    revoke(fleet, revoked)
    for end in (told, listed, agent_gone, agent_interrupted):
        end(fleet)
        for name, session in lasts.items():
            check(f'a session of {name} goes on', session.lives())
    for session in lasts.values():
        session.close()
    fleet.wait()
