"""Image files put together by hand, where no library writes them as they are needed."""

import struct
import zlib

import numpy as np


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width, height, bits, colour, rows, *extra):
    """A PNG file put together by hand; `rows` are bytes, one filter byte before each row."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0))
    body = chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(extra) + body


def deep_png(pixels, colour, *extra):
    rows = pixels.astype(">u2").reshape(len(pixels), -1).view(np.uint8)
    rows = np.hstack([np.zeros((len(rows), 1), np.uint8), rows])
    return png(pixels.shape[1], len(pixels), 16, colour, rows.tobytes(), *extra)


def profile(name, space=b"RGB ", gamma=1.0):
    """A small ICC profile: sRGB's primaries under another tone curve."""

    def xyz(*values):
        return b"XYZ \0\0\0\0" + struct.pack(">3i", *(round(v * 65536) for v in values))

    curve = b"curv\0\0\0\0" + struct.pack(">IH", 1, round(gamma * 256)) + b"\0\0"
    text = name.encode() + b"\0"
    tags = {
        b"desc": b"desc\0\0\0\0" + struct.pack(">I", len(text)) + text + bytes(78),
        b"wtpt": xyz(0.9642, 1.0, 0.8249),
    }
    if space == b"GRAY":
        tags[b"kTRC"] = curve
    else:
        tags |= {b"rXYZ": xyz(0.4361, 0.2225, 0.0139), b"rTRC": curve}
        tags |= {b"gXYZ": xyz(0.3851, 0.7169, 0.0971), b"gTRC": curve}
        tags |= {b"bXYZ": xyz(0.1431, 0.0606, 0.7139), b"bTRC": curve}
    at, table, body = 128 + 4 + 12 * len(tags), b"", b""
    for tag, data in tags.items():
        data += bytes(-len(data) % 4)
        table += tag + struct.pack(">II", at + len(body), len(data))
        body += data
    head = struct.pack(">I4sI4s4s4s", 0, b"none", 0x02100000, b"mntr", space, b"XYZ ")
    head += bytes(12) + b"acsp" + bytes(24) + b"\0\0\0\0"
    head += struct.pack(">3i", 63190, 65536, 54061)
    icc = head.ljust(128, b"\0") + struct.pack(">I", len(tags)) + table + body
    return struct.pack(">I", len(icc)) + icc[4:]
