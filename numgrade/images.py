"""Pictures in student outputs and attachments: PNG and JPEG of reasonable size, nothing else."""

from __future__ import annotations

import binascii
import struct

MAX_CHARACTERS = 1_000_000
MAX_SIDE = 10_000
MAX_PIXELS = 25_000_000

_PNG_HEADER = 24
_FRAME_HEADERS = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""SOF0 to SOF15, but DHT, JPG and DAC, which share their range (ITU-T T.81, table B.1)."""


def clean_image(mime: str, text: str) -> str | None:
    """Return the base64 of a PNG or JPEG picture of reasonable size, or None if it is not one."""
    encoded = text.translate({10: None, 13: None})
    if len(encoded) > MAX_CHARACTERS or not encoded.isascii():
        return None
    try:
        data = binascii.a2b_base64(encoded, strict_mode=True)
    except binascii.Error:
        return None
    # A few hundred bytes can claim a picture that takes a browser gigabytes to draw.
    width, height = _png_size(data) if mime == "image/png" else _jpeg_size(data)
    fits = 0 < width <= MAX_SIDE and 0 < height <= MAX_SIDE and width * height <= MAX_PIXELS
    return encoded if fits else None


def _png_size(data: bytes) -> tuple[int, int]:
    """Return width and height from the header chunk; zeros if this is not a PNG picture."""
    header = data[:_PNG_HEADER]
    if len(header) < _PNG_HEADER or header[:8] != b"\x89PNG\r\n\x1a\n" or header[12:16] != b"IHDR":
        return 0, 0
    width, height = struct.unpack(">II", header[16:])
    return width, height


def _jpeg_size(data: bytes) -> tuple[int, int]:
    """Return width and height from the first frame header; zeros if this is not a JPEG picture.

    A JPEG file is a sequence of segments: 0xFF, a marker, the length; SOF0 to SOF15 (but DHT, JPG
    and DAC, which share their range) tell the size (ITU-T T.81, B.2.2).
    """
    if data[:2] != b"\xff\xd8":
        return 0, 0
    position = 2
    while data[position : position + 1] == b"\xff" and position + 9 <= len(data):
        marker, length = struct.unpack(">xBH", data[position : position + 4])
        if marker in _FRAME_HEADERS:
            height, width = struct.unpack(">HH", data[position + 5 : position + 9])
            return width, height
        position += 2 + length
    return 0, 0
