"""A server in front of one member that takes each request apart: it delays, drops, repeats and reorders whole requests,
as no network between the ends of a TLS connection could."""
import random
import select
import socket
import ssl
import threading
import time

PATIENCE = 20


class Closed(Exception):
    pass


class Stream:
    """Messages of HTTP/1.1, as they are."""

    def __init__(self, connection):
        self.connection = connection
        self.bytes = b''

    def more(self):
        got = self.connection.recv(65536)
        if not got:
            raise Closed
        self.bytes += got

    def take(self, size):
        while len(self.bytes) < size:
            self.more()
        taken, self.bytes = self.bytes[:size], self.bytes[size:]
        return taken

    def take_line(self):
        while b'\r\n' not in self.bytes:
            self.more()
        return self.take(self.bytes.index(b'\r\n') + 2)

    def message(self):
        """Head and body of the next one; a body that has no length is not read."""
        head = line = self.take_line()
        fields = {}
        while line != b'\r\n':
            line = self.take_line()
            head += line
            name, _, value = line.partition(b':')
            fields[name.strip().lower()] = value.strip().lower()
        if fields.get(b'transfer-encoding') == b'chunked':
            return head, self.chunks()
        return head, self.take(int(fields.get(b'content-length', 0)))

    def chunks(self):
        body = b''
        while True:
            line = self.take_line()
            size = int(line, 16)
            body += line + self.take(size + 2)
            if size == 0:
                return body


class Meddler:
    WAYS = ('slow', 'late', 'lost', 'unanswered', 'twice', 'again', 'held')

    def __init__(self, cluster, member, seed, address='10.77.0.1'):
        self.member = member
        self.random = random.Random(seed)
        self.share = 0       # of the requests that are meddled with
        self.done = 0        # how many were
        self.theirs = ssl.create_default_context(cafile=cluster.certificates.path('ca.pem'))
        self.theirs.load_cert_chain(cluster.client + '.pem', cluster.client + '.key')
        self.ours = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.ours.load_cert_chain(cluster.server + '.pem', cluster.server + '.key')
        self.listener = socket.create_server((address, 0), backlog=64)
        self.url = 'https://%s:%d' % self.listener.getsockname()
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            client, _ = self.listener.accept()
            threading.Thread(target=self.serve, args=(client,), daemon=True).start()

    def connect(self):
        connection = socket.create_connection((self.member.address, 2379), timeout=PATIENCE)
        return self.theirs.wrap_socket(connection, server_hostname=self.member.address)

    def serve(self, client):
        try:
            client.settimeout(600)
            # A member that is not there takes no connection.
            with self.connect() as server, self.ours.wrap_socket(client, server_side=True) as client:
                there, here = Stream(client), Stream(server)
                while True:
                    head, body = there.message()
                    if b'/v3/watch' in head.partition(b'\r\n')[0]:
                        server.sendall(head + body)
                        self.relay(server, client)
                        return
                    client.sendall(self.exchange(head + body, server, here))
        except (Closed, OSError, ValueError):
            client.close()

    def relay(self, server, client):
        """What the server says, until either has enough. By one thread: another that closed a connection would leave
        its number to somebody else's, while this one still reads it."""
        server.setblocking(False)
        while True:
            if not server.pending():
                select.select([server, client], [], [])
            got = self.hear(server)
            if got:
                client.settimeout(PATIENCE)
                client.sendall(got)
            client.setblocking(False)
            self.hear(client)

    def hear(self, connection):
        """None: nothing yet."""
        try:
            got = connection.recv(65536)
        except ssl.SSLWantReadError:
            return None
        if not got:
            raise Closed
        return got

    def repeat(self, request, after):
        """By another connection, when somebody may have put something newer."""
        def put():
            time.sleep(after)
            try:
                with self.connect() as server:
                    server.sendall(request)
                    Stream(server).message()
            except (Closed, OSError, ValueError):
                pass
        threading.Thread(target=put, daemon=True).start()

    def exchange(self, request, server, here):
        way = self.random.choice(self.WAYS) if self.random.random() < self.share else None
        span = self.random.random()
        self.done += way is not None
        if way == 'slow':
            time.sleep(span)
        if way == 'held':
            self.repeat(request, 8 * span)
        if way in ('held', 'lost'):
            raise Closed
        if way == 'twice':
            self.repeat(request, 0)
        server.sendall(request)
        head, body = here.message()
        if way == 'again':
            self.repeat(request, 8 * span)
        if way == 'late':
            time.sleep(3 * span)
        if way == 'unanswered':
            raise Closed
        return head + body
