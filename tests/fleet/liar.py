"""A server that speaks like etcd's gateway, and lies as it is told. It can also stand in front of a real one."""
import base64
import http.client
import http.server
import json
import ssl
import threading
import time


def text(what):
    return base64.b64encode(what if isinstance(what, bytes) else what.encode()).decode()


class Liar:
    """`answer(path, request)` gives (status, body): a body is a dict, bytes, or an iterator of bytes."""

    def __init__(self, certificates, server, address='10.77.0.1', port=0):
        self.requests = []
        self.skew = 0  # seconds that its clock is before ours
        self.answer = lambda path, request: (200, {})
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = 'HTTP/1.1'
            timeout = 30

            def do_POST(self):
                length = int(self.headers.get('Content-Length', 0))
                request = json.loads(self.rfile.read(length) or b'{}')
                outer.requests.append((self.path, request, self.headers.get('Authorization')))
                status, body = outer.answer(self.path, request)[:2]
                headers = dict(outer.headers)
                if isinstance(body, dict):
                    body = json.dumps(body).encode()
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                try:
                    if isinstance(body, bytes):
                        self.send_header('Content-Length', str(len(body)))
                        self.end_headers()
                        self.wfile.write(body)
                        return
                    self.send_header('Transfer-Encoding', 'chunked')
                    self.end_headers()
                    for part in body:
                        self.wfile.write(b'%x\r\n%s\r\n' % (len(part), part))
                        self.wfile.flush()
                    self.wfile.write(b'0\r\n\r\n')
                except OSError:
                    self.close_connection = True

            do_GET = do_POST

            def date_time_string(self, timestamp=None):
                return super().date_time_string(time.time() + outer.skew)

            def log_message(self, *_):
                pass

        self.headers = {}
        self.server = http.server.ThreadingHTTPServer((address, port), Handler)
        self.server.daemon_threads = True
        self.server.handle_error = lambda *_: None
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(server + '.pem', server + '.key')
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True, do_handshake_on_connect=False)
        self.url = 'https://%s:%d' % self.server.server_address
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class Relay(Liar):
    """In front of a member: hands on what it is told, unless `instead(path, body)` gives another answer."""

    def __init__(self, certificates, server, member, client):
        super().__init__(certificates, server)
        self.member = member
        self.context = ssl.create_default_context(cafile=certificates.path('ca.pem'))
        self.context.load_cert_chain(client + '.pem', client + '.key')
        self.instead = lambda path, request: None
        self.answer = lambda path, request: self.instead(path, request) or self.hand_on(path, request)

    def hand_on(self, path, request):
        connection = http.client.HTTPSConnection(self.member.address, 2379, context=self.context, timeout=10)
        token = self.requests[-1][2]
        connection.request('POST', path, json.dumps(request), {'Authorization': token} if token else {})
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        return answer.status, body


class Store:
    """As etcd would answer, from a dict of keys in order; what is wrong with it is set by the test."""

    def __init__(self):
        self.pairs = {}    # key: (value, mod_revision)
        self.revision = 10
        self.cluster = 77
        self.password = None  # None: any
        self.token = 'token.1'
        self.version = '3.6.1'
        self.sabotage = None  # (path, request, honest answer) -> (status, body) or None

    def header(self):
        return {'cluster_id': str(self.cluster), 'member_id': '1', 'revision': str(self.revision), 'raft_term': '2'}

    def pair(self, key):
        value, changed = self.pairs[key]
        return {'key': text(key), 'value': text(value), 'mod_revision': str(changed), 'create_revision': '1',
                'version': '1'}

    def range(self, request):
        first = base64.b64decode(request['key']).decode()
        end = base64.b64decode(request.get('range_end', '')).decode()
        keys = sorted(key for key in self.pairs if key == first or (end and first <= key < end))
        limit = int(request.get('limit', 0)) or len(keys)
        answer = {'header': self.header(), 'kvs': [self.pair(key) for key in keys[:limit]], 'count': str(len(keys))}
        if len(keys) > limit:
            answer['more'] = True
        if not keys:
            del answer['kvs']
        return answer

    def transaction(self, request):
        compare = request['compare'][0]
        key = base64.b64decode(compare['key']).decode()
        assert (compare['target'], compare['result']) == ('MOD', 'EQUAL')
        if self.pairs.get(key, (None, 0))[1] != int(compare.get('mod_revision', 0)):
            return {'header': self.header(),
                    'responses': [{'response_range': self.range(request['failure'][0]['request_range'])}]}
        self.revision += 1
        for change in request['success']:
            if 'request_put' in change:
                put = change['request_put']
                self.pairs[base64.b64decode(put['key']).decode()] = (base64.b64decode(put['value']), self.revision)
            else:
                self.pairs.pop(base64.b64decode(change['request_delete_range']['key']).decode(), None)
        return {'header': self.header(), 'succeeded': True, 'responses': []}

    def answer(self, path, request):
        if path == '/v3/kv/range':
            honest = self.range(request)
        elif path == '/v3/kv/txn':
            honest = self.transaction(request)
        elif path == '/v3/auth/authenticate':
            if self.password not in (None, request['password']):
                return 400, {'error': 'etcdserver: authentication failed, invalid user ID or password', 'code': 3}
            honest = {'header': self.header(), 'token': self.token}
        elif path == '/v3/maintenance/status':
            honest = {'header': self.header(), 'version': self.version}
        else:
            return 404, b'404 page not found\n'
        return (self.sabotage and self.sabotage(path, request, honest)) or (200, honest)


def drip(seconds, part=b' '):
    """A byte now and then, for a while."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        yield part
        time.sleep(0.1)
