"""Real image files of any size, made in about a millisecond, each of its own.

A picture is a gradient with two flat bands on top: the first of the image's own colour, the second of its prompt's. A JPEG is put
together from rows that are coded apart (restart markers): the gradient's rows once per size, a band's row once per colour.
"""

import hashlib
import re
from functools import lru_cache
from io import BytesIO

import numpy as np
from PIL import Image

ROW = 16  # pixels in a row of JPEG blocks at 4:2:0
STEPS = 32  # rows of the gradient that are really coded; a taller picture repeats them
RESTART = re.compile(rb"\xff[\xd0-\xd7]")
START_OF_FRAME, START_OF_SCAN, END = b"\xff\xc0", b"\xff\xda", b"\xff\xd9"

Colour = tuple[int, int, int]


def colour_of(text: str) -> Colour:
    red, green, blue = hashlib.sha256(text.encode()).digest()[:3]
    return red, green, blue


@lru_cache(32)
def jpeg(width: int, height: int, own: Colour, prompt: Colour) -> bytes:
    head, rows = _gradient(width, height)
    band = _band_rows(len(rows))
    bands = [_flat_row(width, own)] * band + [_flat_row(width, prompt)] * band
    return _joined(head, (bands + rows[2 * band :])[: len(rows)])


def blank(width: int, height: int) -> bytes:
    """All black, as some platforms replace what they withhold."""
    head, rows = _gradient(width, height)
    return _joined(head, [_flat_row(width, (0, 0, 0))] * len(rows))


@lru_cache(8)
def png(width: int, height: int, own: Colour, prompt: Colour) -> bytes:
    pixels = _pixels(width, height)
    band = _band_rows(-(-height // ROW)) * ROW
    pixels[:band], pixels[band : 2 * band] = own, prompt
    buffer = BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()


def colours_in(data: bytes) -> tuple[Colour, Colour]:
    """The image's own colour and its prompt's, as decoded; a JPEG's are a few steps off."""
    with Image.open(BytesIO(data)) as image:
        rgb = image.convert("RGB")
    band = _band_rows(-(-rgb.height // ROW)) * ROW
    return tuple(rgb.getpixel((rgb.width // 2, band * part // 2)) for part in (1, 3))  # type: ignore[return-value]


def _band_rows(rows: int) -> int:
    return max(1, rows // 8)


def _pixels(width: int, height: int) -> np.ndarray:
    down, right = np.linspace(40, 220, height), np.linspace(0, 35, width)
    light = (down[:, None] + right[None, :]).astype(np.uint8)
    return np.stack([light, light // 2 + 60, 255 - light], axis=2)


@lru_cache(32)
def _gradient(width: int, height: int) -> tuple[bytes, list[bytes]]:
    head, steps = _coded(_pixels(width, STEPS * ROW))
    frame, rows = head.index(START_OF_FRAME), -(-height // ROW)
    tall = head[: frame + 5] + height.to_bytes(2) + head[frame + 7 :]
    return tall, [steps[row * STEPS // rows] for row in range(rows)]


@lru_cache(256)
def _flat_row(width: int, colour: Colour) -> bytes:
    return _coded(np.full((ROW, width, 3), colour, np.uint8))[1][0]


def _coded(pixels: np.ndarray) -> tuple[bytes, list[bytes]]:
    """The file's head up to the image data, and the data row by row."""
    buffer = BytesIO()
    Image.fromarray(pixels).save(buffer, "JPEG", quality=85, subsampling="4:2:0", restart_marker_rows=1)
    data = buffer.getvalue()
    scan = data.index(START_OF_SCAN)
    start = scan + 2 + int.from_bytes(data[scan + 2 : scan + 4])
    return data[:start], RESTART.split(data[start : data.rindex(END)])


def _joined(head: bytes, rows: list[bytes]) -> bytes:
    marked = [row + bytes((0xFF, 0xD0 + at % 8)) for at, row in enumerate(rows[:-1])]
    return b"".join([head, *marked, rows[-1], END])
