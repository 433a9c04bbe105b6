#!/usr/bin/python3
"""Prints golden.h: records, hashes, a set and a signed head, made from the protocol's text with hashlib and a plain
Ed25519 after RFC 8032, section 6, and by no line of the product."""
import hashlib
import struct

P = 2**255 - 19
D = -121665 * pow(121666, P - 2, P) % P
Q = 2**252 + 27742317777372353535851937790883648493


def recover(y, sign):
    x2 = (y * y - 1) * pow(D * y * y + 1, P - 2, P)
    x = pow(x2, (P + 3) // 8, P)
    if (x * x - x2) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    return P - x if (x & 1) != sign else x


def add(a, b):
    (x1, y1), (x2, y2) = a, b
    k = D * x1 * x2 * y1 * y2
    return ((x1 * y2 + x2 * y1) * pow(1 + k, P - 2, P) % P, (y1 * y2 + x1 * x2) * pow(1 - k, P - 2, P) % P)


def multiply(n, point):
    total = (0, 1)
    while n:
        if n & 1:
            total = add(total, point)
        point = add(point, point)
        n >>= 1
    return total


BASE = (recover(4 * pow(5, P - 2, P) % P, 0), 4 * pow(5, P - 2, P) % P)


def compress(point):
    return (point[1] | (point[0] & 1) << 255).to_bytes(32, "little")


def expand(secret):
    h = hashlib.sha512(secret).digest()
    a = int.from_bytes(h[:32], "little") & ((1 << 254) - 8) | 1 << 254
    return a, h[32:]


def public(secret):
    return compress(multiply(expand(secret)[0], BASE))


def modq(data):
    return int.from_bytes(hashlib.sha512(data).digest(), "little") % Q


def sign(secret, message):
    a, prefix = expand(secret)
    key = compress(multiply(a, BASE))
    r = modq(prefix + message)
    point = compress(multiply(r, BASE))
    s = (r + modq(point + key + message) * a) % Q
    return point + s.to_bytes(32, "little")


def blake(data):
    return hashlib.blake2b(data, digest_size=32).digest()


def tlv(*fields):
    return b"\x01" + b"".join(struct.pack(">HI", tag, len(value)) + value for tag, value in fields)


def u64(number):
    return struct.pack(">Q", number)


TEXT = b"atk_0123456789_" + b"A" * 43 + b"000000"
ID, OTHER = b"0123456789", b"abcdefghjk"
TOKEN = tlv(
    (1, b"\x01"), (2, blake(TEXT)), (3, b"\x01"), (4, b"alice"), (5, struct.pack(">I", 1000)), (6, b"deploy"),
    (7, b"sshd,@mail"), (8, b"read,write"),
    (9, bytes(10) + b"\xff\xff\xc0\x00\x02\x00" + bytes([120]) + bytes.fromhex("20010db8") + bytes(12) + bytes([32])),
    (10, u64(1800000001)), (11, u64(1800000002)), (12, u64(1799999999)), (16, b"web1,web2"), (17, b"db"))
REVOKE = tlv((1, b"\x02"), (11, u64(2**63 - 1)), (13, u64(1800000000)), (14, b"root"), (15, b"leaked"))


def record_hash(name, data):
    return blake(b"apitoken fleet record 1\0" + name + data)


SET = blake(b"apitoken fleet set 1\0" + u64(2) + ID + record_hash(ID, TOKEN) + OTHER + record_hash(OTHER, REVOKE))
# RFC 8032, 7.1, TEST 1
SECRET = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
assert public(SECRET).hex() == "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
assert sign(SECRET, b"").hex().startswith("e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155")
LINES = (
    "apitoken-fleet-head 1\nfleet=000102030405060708090a0b0c0d0e0f\nissuer=hub\nkey=%s\nepoch=1\nseq=7\ncount=2\n"
    "set=%s\ntime=1800000000\nvalid_until=1800003600\n" % (public(SECRET).hex(), SET.hex()))
HEAD = LINES + "sig=%s\n" % sign(SECRET, LINES.encode()).hex()


def c_text(text):
    return "\n".join('    "%s"' % text[i:i + 64] for i in range(0, len(text), 64))


print("/* Made by vectors.py; do not edit. */\n#ifndef APITOKEN_GOLDEN_H\n#define APITOKEN_GOLDEN_H\n")
for name, value in (
        ("TEXT", TEXT.decode()), ("TOKEN", TOKEN.hex()), ("REVOKE", REVOKE.hex()),
        ("TOKEN_HASH", record_hash(ID, TOKEN).hex()), ("REVOKE_HASH", record_hash(OTHER, REVOKE).hex()),
        ("SET", SET.hex()), ("SECRET", SECRET.hex()), ("PUBLIC", public(SECRET).hex())):
    print("static const char GOLDEN_%s[] =\n%s;" % (name, c_text(value)))
print("static const char GOLDEN_HEAD[] =\n%s;" % "\n".join('    "%s\\n"' % line for line in HEAD.splitlines()))
print("\n#endif")
