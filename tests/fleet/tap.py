"""What the parts of suite.py have in common: results in TAP, and drivers."""
import itertools
import re
import sys
import time

from cluster import FLEET
from driver import Driver

PLACE = sys.argv[1]
count = itertools.count(1)
drivers = itertools.count(1)
PREFIX = f'/apitoken/{FLEET}'


def check(name, is_so, said=''):
    print(f'{"ok" if is_so else "not ok"} {next(count)} - {name}', flush=True)
    if not is_so:
        print('# got: ' + str(said).replace('\n', '\n# '), flush=True)


def says(name, got, meant):
    check(name, re.search(meant, got), f'{got!r}, meant {meant!r}')


def until(condition, patience=30):
    end = time.monotonic() + patience
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return False


def driver(cluster, endpoints=None, **options):
    options.setdefault('client', cluster.client)
    options.setdefault('ca', cluster.certificates.path('ca.pem'))
    return Driver(PLACE, f'd{next(drivers)}', endpoints or cluster.endpoints(), **options)


def fresh(cluster, name, endpoints=None, **options):
    """An issuer who has put one step."""
    one = driver(cluster, endpoints, **options)
    one(f'issuer {name}')
    answer = one.step('say +0000000001 +0000000002', 1)
    assert answer == 'ok', answer
    return one


def end():
    print(f'1..{next(count) - 1}')
