"""Pictures for logos, good and bad, made by hand: no library is needed for a PNG."""

import os
import random
import struct
import zlib

DIRECTORY = "/run/pictures"


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width, height, rows=None):
    """rows: how many are really in it."""
    row = bytes([0]) + b"".join(bytes([x * 255 // width, 60, 160]) for x in range(width))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)) +
            chunk(b"IDAT", zlib.compress(row * (height if rows is None else rows))) + chunk(b"IEND", b""))


def noise(width, height):
    """A PNG that does not compress."""
    rows = random.Random(1).randbytes((3 * width + 1) * height)
    rows = b"".join(b"\0" + rows[i + 1:i + 3 * width + 1] for i in range(0, len(rows), 3 * width + 1))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)) +
            chunk(b"IDAT", zlib.compress(rows, 1)) + chunk(b"IEND", b""))


PICTURES = {
    "good.png": png(48, 48),
    "photo.png": noise(1600, 1200),
    "drawing.svg": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "lying.png": b'<svg xmlns="http://www.w3.org/2000/svg"/>',
    "animal.png": b"GIF89a" + bytes(64),
    "bomb.png": png(30000, 30000, rows=0),
    "cut.png": png(64, 64)[:60],
    "head.png": png(64, 64)[:33] + bytes(200),
    "empty.png": b"",
    "huge.jpg": b"\xff\xd8\xff\xe0" + bytes(50 * 1024 * 1024),
}


def path(name):
    """Of one of these, written when it is first asked for."""
    os.makedirs(DIRECTORY, exist_ok=True)
    file = os.path.join(DIRECTORY, name)
    with open(file, "wb") as out:
        out.write(PICTURES[name])
    return file
