"""A proxy of TCP in front of one member: it delays, drops and cuts, as it is told."""
import selectors
import socket
import threading
import time


class Proxy:
    def __init__(self, target, address='10.77.0.1', port=0):
        self.target = target
        self.delay = 0          # seconds that what the server says comes late
        self.is_deaf = False    # takes, and hands on nothing of the server's
        self.cut_after = None   # bytes of the server's, after which the connection breaks
        self.is_dropping = False  # breaks each connection once the client has said something
        self.listener = socket.create_server((address, port))
        self.url = 'https://%s:%d' % self.listener.getsockname()
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.relay, args=(client,), daemon=True).start()

    def relay(self, client):
        try:
            server = socket.create_connection(self.target, timeout=5)
        except OSError:
            client.close()
            return
        chosen = selectors.DefaultSelector()
        chosen.register(client, selectors.EVENT_READ, server)
        chosen.register(server, selectors.EVENT_READ, client)
        said = 0
        try:
            while True:
                for key, _ in chosen.select():
                    data = key.fileobj.recv(65536)
                    if not data:
                        return
                    if key.fileobj is server:
                        said += len(data)
                        if self.is_deaf:
                            continue
                        time.sleep(self.delay)
                        if self.cut_after is not None and said > self.cut_after:
                            return
                    key.data.sendall(data)
        except OSError:
            pass
        finally:
            client.close()
            server.close()

    def close(self):
        self.listener.close()
