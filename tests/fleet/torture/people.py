"""Who issues, edits and revokes, and who logs in: threads, with what they do in the ledger."""
import random
import re
import select
import signal
import subprocess
import threading
import time
import zlib

from ledger import now

PATIENCE = 100          # seconds; nothing may take so long
LETTERS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
IDS = '0123456789abcdefghjkmnpqrstvwxyz'   # of an id
TOKEN = re.compile(r'^[a-z]{3}_\w{60,70}$')


def sign(text):
    """Completes a token with its checksum: CRC-32 in base 62."""
    crc, digits = zlib.crc32(text.encode()), ''
    for _ in range(6):
        crc, digit = divmod(crc, 62)
        digits = LETTERS[digit] + digits
    return text + digits


def id_of(text):
    return text[4:14]


class Pool:
    """The tokens that there are, for all threads."""

    def __init__(self):
        self.lock = threading.Lock()
        self.texts = {}      # id: (user, text)
        self.active = {}     # id: hosts; of those, one thread at a time edits each
        self.busy = set()
        self.revoked = []    # ids, in order; some may have to be revoked again
        self.number = 0

    def name(self):
        with self.lock:
            self.number += 1
            return f'n{self.number}'

    def add(self, text, user, hosts):
        with self.lock:
            self.texts[id_of(text)] = (user, text)
            self.active[id_of(text)] = hosts

    def take(self, random):
        """An active one, for a change of its owner's; None if there is none."""
        with self.lock:
            free = sorted(set(self.active) - self.busy)
            if not free:
                return None
            id = random.choice(free)
            self.busy.add(id)
            return id

    def give_back(self, id):
        with self.lock:
            self.busy.discard(id)

    def retire(self, id):
        with self.lock:
            self.active.pop(id, None)
            if id not in self.revoked:
                self.revoked.append(id)


class Operator(threading.Thread):
    """One who works on an issuer. Who may only revoke does so with what others have issued."""

    MOST = 24            # active tokens
    USERS = ('alice', 'bob', 'carol', 'dan', 'eve')

    def __init__(self, host, seed, pool, ledger, hosts, may_issue):
        super().__init__(daemon=True)
        self.host, self.pool, self.ledger = host, pool, ledger
        self.random = random.Random(seed)
        self.hosts = hosts
        self.may_issue = may_issue
        self.over = threading.Event()

    def run(self):
        while not self.over.is_set():
            if self.may_issue:
                self.work()
            else:
                self.revoke(self.pool_choice())
            self.over.wait(self.random.uniform(0, 0.5 if self.may_issue else 2))

    def pool_choice(self):
        with self.pool.lock:
            again = self.pool.revoked[-6:] if self.random.random() < 0.3 else []
            ids = again or sorted(self.pool.active)
        return self.random.choice(ids) if ids else None

    def work(self):
        way = self.random.choices(('issue', 'edit', 'revoke', 'again'), (4, 2, 3, 1))[0]
        if way == 'issue' and len(self.pool.active) < self.MOST:
            return self.issue()
        if way == 'again':
            return self.revoke(self.pool_choice())
        id = self.pool.take(self.random)
        if id is None:
            return self.issue()
        try:
            if way == 'edit':
                self.edit(id)
            else:
                self.revoke(id)
        finally:
            self.pool.give_back(id)

    def some_hosts(self):
        if self.random.random() < 0.6:
            return 'all'
        return sorted(self.random.sample(self.hosts, self.random.randint(1, len(self.hosts) - 1)))

    # One command; the ledger has how it ended.

    def issue(self):
        name, hosts, user = self.pool.name(), self.some_hosts(), self.random.choice(self.USERS)
        words = ['issue', '--fleet', '--force', '--user', user, '--name', name, '--service', 'sshd', '--scope',
                 'read,write']
        if hosts != 'all':
            words += ['--hosts', ','.join(hosts)]
        self.command('issue', words, None, name, hosts, user)

    def edit(self, id):
        hosts = self.some_hosts()
        names = 'all' if hosts == 'all' else ','.join(hosts)
        self.command('edit', ['edit', '--fleet', '--hosts', names, id], id, '', hosts)

    def revoke(self, id):
        if id is not None and self.command('revoke', ['revoke', '--fleet', id], id, '', 'all') != 'refused':
            self.pool.retire(id)

    def command(self, what, words, id, name, hosts, user=None):
        kills = self.random.random() < 0.15
        start = now()
        process = self.host.popen('tokenadm', *words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                  stderr=subprocess.PIPE, environment=self.host.environment)
        killer = threading.Timer(self.random.expovariate(1 / 0.08), process.send_signal, (signal.SIGKILL,))
        if kills:
            killer.start()
        try:
            out, said = process.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            out, said = process.communicate()
            said += b' (did not end)'
            kills = False
        killer.cancel()
        end = now()
        said = said.decode(errors='replace').strip()
        outcome = outcome_of(process.returncode, said, kills)
        text = out.decode(errors='replace').strip()
        if what == 'issue' and TOKEN.match(text):
            id = id_of(text)
        elif what == 'issue' and outcome in ('done', 'elsewhere'):
            outcome, said = 'wrong', f'no token was printed, but {out!r}; {said}'
        self.ledger.add('op', what=what, on=self.host.name, id=id, name=name, hosts=hosts, start=start, end=end,
                        outcome=outcome, said=said)
        if what == 'issue' and id:
            self.pool.add(text, user, hosts)
        return outcome


def outcome_of(status, said, was_killed):
    if status == 0:
        return 'done'
    if status == -signal.SIGKILL and was_killed:
        return 'killed'
    if status != 1:
        return 'wrong'
    if 'does not hold yet' in said:
        return 'elsewhere'
    if 'nothing was issued' in said:
        return 'unconfirmed'
    if 'not withdrawn' in said:
        return 'killed'
    return 'unconfirmed' if 'not confirmed' in said else 'refused'


class Visitor:
    """Who logs in on one host, again and again, from begin() to rest()."""

    def __init__(self, host, program, seed, pool, ledger, local, rate):
        self.host, self.pool, self.ledger, self.local = host, pool, ledger, local
        self.program = program
        self.random = random.Random(seed)
        self.pause = 1 / rate
        self.start_program()

    def start_program(self):
        self.process = self.host.popen(self.program, 'sshd', '/run/log.socket', stdin=subprocess.PIPE,
                                       stdout=subprocess.PIPE, environment=self.host.environment)

    def begin(self):
        self.over = threading.Event()
        self.thread = threading.Thread(target=self.go_on, daemon=True)
        self.thread.start()

    def rest(self):
        self.over.set()
        self.thread.join()

    def go_on(self):
        while not self.over.is_set():
            self.visit()
            time.sleep(self.random.uniform(0, 2 * self.pause))

    def visit(self):
        way = self.random.choices(('fleet', 'local', 'password', 'made-up', 'guessed'), (85, 8, 2, 3, 2))[0]
        if way == 'local':
            return self.log_in('local', None, 'alice', self.local)
        if way == 'password':
            return self.log_in('password', None, 'bob', 'correct horse')
        id = self.choose()
        if id is None:
            return None
        user, text = self.pool.texts[id]
        if way == 'guessed':
            return self.log_in('guessed', id, user, sign(text[:15] + self.letters(43, LETTERS)))
        if way == 'made-up':
            return self.log_in('made-up', None, user, sign(text[:4] + self.letters(10, IDS) + text[14:-6]))
        return self.log_in('fleet', id, user, text)

    def letters(self, count, alphabet):
        return ''.join(self.random.choices(alphabet, k=count))

    def choose(self):
        with self.pool.lock:
            which = self.random.choices(('active', 'newly', 'revoked'), (5, 4, 1))[0]
            ids = {'active': list(self.pool.active), 'newly': self.pool.revoked[-8:],
                   'revoked': self.pool.revoked}[which]
            return self.random.choice(ids) if ids else None

    def answer(self):
        """'': it has ended, or hangs."""
        if not select.select([self.process.stdout], [], [], PATIENCE)[0]:
            return ''
        return self.process.stdout.readline().decode(errors='replace')

    def last_words(self):
        if self.process.poll() is not None:
            return f'status {self.process.returncode}'
        trace = subprocess.run(['gdb', '-batch', '-ex', 'bt', '-p', str(self.process.pid)], stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.process.kill()
        self.process.wait()
        return 'no answer: ' + trace.stdout.decode(errors='replace')[-2000:]

    def log_in(self, who, id, user, password, review=False):
        self.process.stdin.write(f'{user} {password}\n'.encode())
        self.process.stdin.flush()
        answer = self.answer().split(' ', 3)
        if len(answer) < 4:
            self.ledger.add('end', what=f'a login of {who} on {self.host.name}', expected=False, how=self.last_words())
            self.start_program()
            return None
        return self.ledger.add('login', who=who, host=self.host.name, id=id, start=int(answer[0]), end=int(answer[1]),
                               accepted=answer[2] == 'accepted', reason=answer[3].strip(), review=review)

    def review(self, ids):
        for id in ids:
            user, text = self.pool.texts[id]
            self.log_in('fleet', id, user, text, review=True)
