"""A web server of files, which counts what it sends, and answers wrongly as it is told."""
import email.utils
import http.server
import os
import re
import socket
import ssl
import threading


class Web:
    """`answer(handler)` may answer in place of it; True: it has."""

    def __init__(self, certificates, server, directory, address='10.77.0.1', port=0, client_ca=None):
        self.directory = directory
        self.requests = []       # (path, Range, Authorization, headers)
        self.whole = 0           # bodies that were sent to their end
        self.ended = 0           # answers, whole or not
        self.sent = 0            # bytes of bodies
        self.has_ranges = True
        self.password = None     # base64 of USER:PASSWORD
        self.answer = lambda handler: False
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = 'HTTP/1.1'
            timeout = 60

            def do_GET(self):
                self.range = self.headers.get('Range')
                outer.requests.append((self.path, self.range, self.headers.get('Authorization'), dict(self.headers)))
                try:
                    if not outer.answer(self):
                        self.honest()
                except OSError:
                    self.close_connection = True
                outer.ended += 1

            def honest(self):
                if outer.password and self.headers.get('Authorization') != 'Basic ' + outer.password:
                    return self.say(401, b'no')
                try:
                    with open(outer.directory + self.path, 'rb') as file:
                        body = file.read()
                        stamp = os.fstat(file.fileno()).st_mtime
                except OSError:
                    return self.say(404, b'no')
                part = re.fullmatch(r'bytes=0-(\d+)', self.range or '')
                fixed = {'Last-Modified': email.utils.formatdate(stamp, usegmt=True), 'ETag': '"always"'}
                if part and outer.has_ranges:
                    return self.say(206, body[:int(part[1]) + 1], {
                        **fixed, 'Content-Range': f'bytes 0-{int(part[1])}/{len(body)}'})
                return self.say(200, body, fixed)

            def say(self, status, body, more=None, length=None):
                self.send_response(status)
                for name, value in (more or {}).items():
                    self.send_header(name, value)
                self.send_header('Content-Length', str(len(body) if length is None else length))
                self.end_headers()
                for at in range(0, len(body), 16384):
                    self.wfile.write(body[at:at + 16384])
                    outer.sent += len(body[at:at + 16384])
                outer.whole += status == 200
                if length is not None:
                    self.close_connection = True

            def drip(self, body, go_on):
                """A little of it now and then, and the rest once that is set, or after a minute."""
                self.send_response(200)
                self.send_header('Content-Length', str(len(body)))
                self.end_headers()
                part = len(body) // 300
                for at in range(0, len(body), part):
                    self.wfile.write(body[at:at + part])
                    go_on.wait(0.2)
                outer.whole += 1

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer((address, port), Handler)
        self.server.daemon_threads = True
        # What is sent is what was taken, but for a little.
        self.server.socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 65536)
        self.server.handle_error = lambda *_: None
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(server + '.pem', server + '.key')
        if client_ca:
            context.load_verify_locations(client_ca)
            context.verify_mode = ssl.CERT_REQUIRED
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True, do_handshake_on_connect=False)
        self.url = 'https://%s:%d/' % self.server.server_address
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def fetches(self):
        """How often a whole file was asked for."""
        return len([path for path, part, _, _ in self.requests if not part])

    def close(self):
        self.server.shutdown()
        self.server.server_close()
