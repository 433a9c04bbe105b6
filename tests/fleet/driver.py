"""The program tests/fleet/engine, and the configuration that it reads."""
import os
import re
import select
import subprocess
import time

from cluster import FLEET, PASSWORD

# What says of a put that it may have been done.
UNKNOWN = re.compile('leader changed|[Tt]ime')


def write(path, text, mode=0o600):
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), 'w') as file:
        file.write(text)
    os.chmod(path, mode)
    return path


class Driver:
    """One writer or reader. Each command gives the line that it answers."""

    def __init__(self, place, name, endpoints, ca, client=None, user='fleet', password=PASSWORD, mode=0o600,
                 environment=None, source=None, more=()):
        is_web = source and not source.startswith('/')
        lines = ['[fleet]', f'id = {FLEET}', 'host = web1', *more]
        lines += ['engine = file', f'source = {source}'] if source else ['engine = etcd']
        lines += ['[https]'] if is_web else ['[etcd]', f'endpoints = {endpoints}']
        if ca:
            lines += [f'ca = {ca}']
        if client:
            lines += [f'certificate = {client}.pem', f'key = {client}.key']
        if user:
            self.password = write(os.path.join(place, name + '.password'), password + '\n', mode)
            lines += [f'user = {user}', f'password = {self.password}']
        config = write(os.path.join(place, name + '.conf'), '\n'.join(lines) + '\n', 0o644)
        build = os.environ['abs_top_builddir']
        program = build + ('/fleet_https/fleet-https' if is_web else '/fleet_etcd/fleet-etcd')
        self.process = subprocess.Popen([build + '/tests/fleet/engine', config, program],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment)
        self.took = 0
        self.first = self.answer()

    def answer(self, patience=60):
        if not select.select([self.process.stdout], [], [], patience)[0]:
            raise RuntimeError('the driver says nothing')
        return self.process.stdout.readline().decode().rstrip('\n')

    def begin(self, line):
        self.begun = time.monotonic()
        self.process.stdin.write((line + '\n').encode())
        self.process.stdin.flush()

    def end(self):
        answer = self.answer()
        self.took = time.monotonic() - self.begun
        return answer

    def __call__(self, line):
        self.begin(line)
        return self.end()

    def step(self, say, to, patience=5000):
        """Signs what is said as the head `to`, and puts it, once."""
        self(say)
        assert self('sign') == f'ok {to}'
        return self(f'put {patience} {to - 1} {to}')

    def put(self, to, patience=20):
        """The step `to` that was signed, until it is known what became of it. An election, or a machine that is busy, may
        leave that unknown, and the writer asks again with the same bytes, as the outbox does. `took` is of all of it."""
        begun = time.monotonic()
        answer = self(f'put 5000 {to - 1} {to}')
        while UNKNOWN.search(answer) and time.monotonic() - begun < patience:
            answer = self(f'put 5000 {to - 1} {to}')
        self.took = time.monotonic() - begun
        return answer

    def insist(self, say, to):
        """Signs what is said, as step does, and puts it until that is known."""
        self(say)
        assert self('sign') == f'ok {to}'
        return self.put(to)

    def close(self):
        self.process.stdin.close()
        status = self.process.wait()
        self.process.stdout.close()
        return status
