"""Untrusted pictures in: checked by their content before anything is decoded, then made plain.

What comes out is upright, in sRGB, freshly encoded and free of metadata: JPEG, or PNG where there is real transparency.
"""

import asyncio
import functools
import math
import os
import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Literal

from PIL import Image

from seedream_ui.errors import ImageRefused
from seedream_ui.imaging import formats
from seedream_ui.imaging.plain import opaque, plain, upright
from seedream_ui.imaging.store import ContentStore
from seedream_ui.request import Reference

__all__ = ["MAX_BYTES", "MAX_PIXELS", "MAX_SIDE", "Intake", "Prepared", "Upload", "plain_name", "prepare", "take_in", "uploaded"]

MEGABYTE = 1024 * 1024
MAX_BYTES = 20 * MEGABYTE
MAX_PIXELS = 40_000_000
MAX_SIDE = 65_500
"""Longest side in pixels: the most a JPEG can hold."""

_BRING = "bring a JPEG, PNG, WebP or AVIF" if "image/avif" in formats.ACCEPTED else "bring a JPEG, PNG or WebP"
_DAMAGED = "it is damaged or cut short, and cannot be opened whole."
_GONE = "it is no longer on this server; add it again."
_STRANGE = "it was not uploaded here; add it with the page or the upload endpoint first."


@dataclass(frozen=True)
class Prepared:
    """A picture made plain. Width and height in pixels, after turning upright."""

    data: bytes
    media_type: Literal["image/jpeg", "image/png"]
    width: int
    height: int


@dataclass(frozen=True)
class Upload:
    """A file that a person brought in: where it lies on this server, and what they call it; a set's own image may be larger."""

    path: Path
    name: str
    most_bytes: int = MAX_BYTES


@dataclass(frozen=True)
class Intake:
    """What became of some uploads: references in the order given, each content once; and the files left out, with the reason."""

    references: tuple[Reference, ...]
    refused: tuple[ImageRefused, ...]


def prepare(data: bytes, name: str, most_bytes: int = MAX_BYTES) -> Prepared:
    """One picture, made plain; the same bytes in give the same bytes out.

    Raises `ImageRefused`, naming the file and the limit, on anything that is not a whole picture within the limits.
    """
    name = plain_name(name)
    _check_bytes(len(data), name, most_bytes)
    _check_header(data, name)
    try:
        return _encoded(opaque(upright(plain(formats.opened(data)))))
    except Exception as error:  # decoders of hostile bytes raise whatever they like
        raise ImageRefused(name, _DAMAGED) from error


async def take_in(files: Sequence[Upload], store: ContentStore) -> Intake:
    """Prepares and stores every file, in threads. A bad file is refused with its reason and the good ones stay; none raises."""
    loop = asyncio.get_running_loop()
    results = await asyncio.gather(*(loop.run_in_executor(_threads(), _stored, file, store) for file in files))
    references = {each.sha256: each for each in results if isinstance(each, Reference)}
    return Intake(tuple(references.values()), tuple(each for each in results if isinstance(each, ImageRefused)))


def uploaded(path: str, root: Path) -> Path:
    """The real path of a file that was uploaded, links followed: a regular file below `root`.

    Raises `ImageRefused` for every other path, which is not repeated in the message beyond its base name.
    """
    try:
        real = Path(path).resolve(strict=True)
        below = real.is_relative_to(root.resolve(strict=True)) and real.is_file()
    except (OSError, ValueError, RuntimeError, TypeError):  # missing, a NUL inside, a loop of links, not a string
        below = False
    if not below:
        raise ImageRefused(plain_name(str(path)), _STRANGE)
    return real


def plain_name(name: str) -> str:
    """A file's own name to show: no folders, no control or direction marks, 80 characters at most."""
    base = re.split(r"[/\\]", name)[-1]
    shown = "".join(char for char in base[:200] if char.isprintable()).strip()
    return (shown if len(shown) <= 80 else shown[:60] + "…" + shown[-19:]) or "picture"


@functools.cache
def _threads() -> ThreadPoolExecutor:
    """One pool for the whole process: each picture being decoded may take several hundred megabytes."""
    return ThreadPoolExecutor(max_workers=min(4, os.cpu_count() or 2), thread_name_prefix="intake")


def _stored(file: Upload, store: ContentStore) -> Reference | ImageRefused:
    try:
        ready = prepare(_read(file), file.name, file.most_bytes)
    except ImageRefused as refused:
        return refused
    sha256 = store.put(ready.data, ready.media_type)
    return Reference(sha256=sha256, media_type=ready.media_type, width=ready.width, height=ready.height)


def _read(file: Upload) -> bytes:
    """The bytes of a regular file, its size checked before and during the reading."""
    name = plain_name(file.name)
    try:
        if not file.path.is_file():
            raise ImageRefused(name, _GONE)
        _check_bytes(file.path.stat().st_size, name, file.most_bytes)
        with file.path.open("rb") as stream:
            return stream.read(file.most_bytes + 1)
    except (OSError, ValueError) as error:
        raise ImageRefused(name, _GONE) from error


def _check_bytes(size: int, name: str, most: int) -> None:
    if size == 0:
        raise ImageRefused(name, "it is an empty file.")
    if size > most:
        megabytes = math.ceil(size * 10 / MEGABYTE) / 10
        raise ImageRefused(name, f"it is {megabytes:.1f} MB, and the limit is {most // MEGABYTE} MB.")


def _check_header(data: bytes, name: str) -> None:
    try:
        width, height, _ = formats.header(data)
    except ValueError as error:
        known = error.__cause__ is not None
        raise ImageRefused(name, _DAMAGED if known else f"it is {formats.describe(data)}; {_BRING}.") from error
    if width * height > MAX_PIXELS:
        megapixels = math.ceil(width * height / 100_000) / 10
        limit = f"the limit is {MAX_PIXELS // 1_000_000} MP"
        raise ImageRefused(name, f"it has {width:,} × {height:,} pixels ({megapixels:,.1f} MP), and {limit}.")
    if max(width, height) > MAX_SIDE:
        raise ImageRefused(name, f"its longer side is {max(width, height):,} pixels, and the limit is {MAX_SIDE:,}.")


def _encoded(image: Image.Image) -> Prepared:
    image.info = {}  # Pillow would write comments and profiles back from here
    buffer = BytesIO()
    if image.mode == "RGBA":
        image.save(buffer, "PNG", compress_level=4)
        return Prepared(buffer.getvalue(), "image/png", *image.size)
    image.save(buffer, "JPEG", quality=95, subsampling=0)
    return Prepared(buffer.getvalue(), "image/jpeg", *image.size)
