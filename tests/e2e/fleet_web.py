#!/usr/bin/env python3
"""fleet_web.py PLACE DIRECTORY: serves a fleet's files on https://127.0.0.1:8443/, and by an expired certificate on 8444.

Makes PLACE/tls: ca.pem, wrong.pem. Answers as PLACE/mode says; writes a line to PLACE/log for each request: its path, and
`part` or `whole`."""
import os
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'fleet'))
from cluster import Certificates  # noqa: E402
from web import Web  # noqa: E402

PLACE, DIRECTORY = sys.argv[1:]


def answer(handler):
    with open(PLACE + '/log', 'a') as log:
        print(handler.path, 'part' if handler.range else 'whole', file=log)
    with open(PLACE + '/mode') as file:
        mode = file.read().strip()
    with open(DIRECTORY + handler.path, 'rb') as file:
        body = file.read()
    if mode.isdigit():
        handler.say(int(mode), b'')
    elif mode == 'redirect':
        handler.say(301, b'', {'Location': 'https://127.0.0.1:8443/elsewhere'})
    elif mode == 'cut' and not handler.range:
        handler.say(200, body[:-1], length=len(body))
    elif mode == 'large' and not handler.range:
        handler.say(200, body, length=1 << 30)
    elif mode == 'slow':
        time.sleep(3)
    else:
        return False
    return True


def main():
    certificates = Certificates(PLACE + '/tls')
    certificates.authority('wrong')
    for name, port, days in (('server', 8443, 1), ('expired', 8444, -1)):
        Web(certificates, certificates.certificate(name, ['127.0.0.1'], days), DIRECTORY, '127.0.0.1', port).answer = answer
    with open(PLACE + '/ready', 'w'):
        pass
    threading.Event().wait()


main()
