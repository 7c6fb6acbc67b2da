"""Writing a picture as PNG, and as the icon file that old browsers ask for."""

from __future__ import annotations

import struct
import zlib

SIGNATURE = b"\x89PNG\r\n\x1a\n"
EIGHT_BITS, RGB, RGBA = 8, 2, 6


def png(width: int, height: int, pixels: bytes) -> bytes:
    """The picture; ``pixels`` are rows from top to bottom, three (RGB) or four (RGBA) bytes each."""
    depth = len(pixels) // (width * height)
    row = width * depth
    # Each row says how it is filtered: 0, not at all.
    rows = b"".join(b"\0" + pixels[start : start + row] for start in range(0, len(pixels), row))
    header = struct.pack(">IIBBBBB", width, height, EIGHT_BITS, RGB if depth == len("RGB") else RGBA, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return SIGNATURE + b"".join(_chunk(kind, data) for kind, data in parts)


def ico(size: int, picture: bytes) -> bytes:
    """An icon file that holds this PNG of ``size`` by ``size`` pixels."""
    directory = struct.pack("<HHH", 0, 1, 1)
    offset = len(directory) + 16
    return directory + struct.pack("<BBBBHHII", size, size, 0, 0, 1, 32, len(picture), offset) + picture


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
