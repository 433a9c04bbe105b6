"""What the parts of suite.py have in common: drivers."""
import itertools
import sys

from cluster import FLEET
from driver import Driver

PLACE = sys.argv[1]
PREFIX = f'/apitoken/{FLEET}'
drivers = itertools.count(1)


def driver(cluster, endpoints=None, **options):
    options.setdefault('client', cluster.client)
    options.setdefault('ca', cluster.certificates.path('ca.pem'))
    return Driver(PLACE, f'd{next(drivers)}', endpoints or cluster.endpoints(), **options)


def fresh(cluster, name, endpoints=None, **options):
    """An issuer who has put one step."""
    one = driver(cluster, endpoints, **options)
    one(f'issuer {name}')
    answer = one.insist('say +0000000001 +0000000002', 1)
    assert answer == 'ok', answer
    return one
