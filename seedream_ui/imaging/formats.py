"""The picture formats that are read here, and how a file is opened without trusting its name or its length.

Pillow's readers are called one by one rather than through `Image.open`: that one warns, process-wide, about large pictures, and
tries formats nobody asked for.
"""

import struct
import zlib
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import NamedTuple

from PIL import features
from PIL.AvifImagePlugin import AvifImageFile
from PIL.ImageFile import ImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

__all__ = ["ACCEPTED", "describe", "header", "opened"]

Size = tuple[int, int]

_PNG_MAGIC = b"\x89PNG\r\n\x1a\n"
_PNG_CHUNKS = frozenset({b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND", b"iCCP", b"eXIf"})
_PROFILE_LIMIT = 1_000_000
"""Largest inflated colour profile that is looked at, in bytes; Pillow refuses the whole picture above 1 MiB."""
_SCAN_LIMIT = 100
"""Most scans of a progressive JPEG; usual are 1 to 12. Each costs a pass over every pixel, however few bytes it has."""


class Format(NamedTuple):
    """One readable format: `size` reads width and height from the head, `open` gives a lazy, undecoded first frame."""

    media_type: str
    accepts: Callable[[bytes], bool]
    size: Callable[[bytes], Size]
    open: Callable[[bytes], ImageFile]


def header(data: bytes) -> tuple[int, int, str]:
    """Width and height in pixels as stored, and the media type, told by the content. Decodes nothing.

    Raises `ValueError` if it is no picture of an accepted format, or if its head is damaged.
    """
    found = _format(data)
    if found is None:
        raise ValueError("not a picture of an accepted format")
    try:
        width, height = found.size(data)
    except Exception as error:  # readers of hostile bytes raise whatever they like
        raise ValueError("the head of the picture is damaged") from error
    return width, height, found.media_type


def opened(data: bytes) -> ImageFile:
    """The first frame, not yet decoded. Check `header` first. Raises anything at all on damaged files, as does its `load`."""
    found = _format(data)
    if found is None:
        raise ValueError("not a picture of an accepted format")
    return found.open(data)


def describe(data: bytes) -> str:
    """What a file that is not accepted seems to be, as words to put after "it is"."""
    head = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if b"<svg" in head:
        return "an SVG drawing"
    named = (words for offset, magic, words in _STRANGERS if data[offset:].startswith(magic))
    return next(named, None) or ("a text file" if _is_text(data[:4096]) else "not a picture that can be read here")


def _format(data: bytes) -> Format | None:
    return next((each for each in _FORMATS if each.accepts(data[:64])), None)


def _is_text(head: bytes) -> bool:
    decoded = head.decode("utf-8", errors="ignore")
    return len(decoded.encode()) >= len(head) - 3 and all(char.isprintable() or char.isspace() for char in decoded)


def _open_jpeg(data: bytes) -> ImageFile:
    if data.count(b"\xff\xda") > _SCAN_LIMIT:
        raise ValueError("too many scans")
    return JpegImageFile(BytesIO(data))


def _jpeg_size(data: bytes) -> Size:
    return JpegImageFile(BytesIO(data)).size


def _png_size(data: bytes) -> Size:
    width, height = struct.unpack_from(">II", data, 16)
    if not (width and height and data[12:16] == b"IHDR"):
        raise ValueError("no IHDR")
    return width, height


def _open_png(data: bytes) -> ImageFile:
    return PngImageFile(BytesIO(_PNG_MAGIC + b"".join(_png_chunks(data))))


def _png_chunks(data: bytes) -> Iterator[bytes]:
    """The chunks that make pixels: text can be a bomb of its own, and animation is not wanted."""
    at = len(_PNG_MAGIC)
    while at + 8 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        chunk = data[at : at + 12 + length]
        if kind in _PNG_CHUNKS and (kind != b"iCCP" or _inflates_modestly(chunk[8:-4])):
            yield chunk
        if kind == b"IEND":
            return
        at += len(chunk)


def _inflates_modestly(profile: bytes) -> bool:
    """Whether the body of an iCCP chunk (name, 0, method, zlib stream) is a whole stream of reasonable size."""
    inflate = zlib.decompressobj()
    try:
        inflate.decompress(profile.partition(b"\0")[2][1:], _PROFILE_LIMIT)
    except zlib.error:
        return False
    return inflate.eof


def _webp_size(data: bytes) -> Size:
    """From the bytes: Pillow's reader sets aside memory for the whole canvas before it tells the size."""
    little = [int.from_bytes(data[start:end], "little") for start, end in ((24, 27), (27, 30), (21, 25), (26, 28), (28, 30))]
    if len(data) < 30:
        raise ValueError("cut short")
    match data[12:16]:
        case b"VP8X":
            return little[0] + 1, little[1] + 1
        case b"VP8L":
            return (little[2] & 0x3FFF) + 1, (little[2] >> 14 & 0x3FFF) + 1
        case _:
            return little[3] & 0x3FFF, little[4] & 0x3FFF


def _open_webp(data: bytes) -> ImageFile:
    return WebPImageFile(BytesIO(data))


def _is_avif(head: bytes) -> bool:
    return head[4:8] == b"ftyp" and (b"avif" in head[8:] or b"avis" in head[8:])


def _open_avif(data: bytes) -> ImageFile:
    return AvifImageFile(BytesIO(data))


def _avif_size(data: bytes) -> Size:
    return _open_avif(data).size


_FORMATS = [
    Format("image/jpeg", lambda head: head.startswith(b"\xff\xd8\xff"), _jpeg_size, _open_jpeg),
    Format("image/png", lambda head: head.startswith(_PNG_MAGIC), _png_size, _open_png),
    Format("image/webp", lambda head: head[:4] == b"RIFF" and head[8:12] == b"WEBP", _webp_size, _open_webp),
]
if features.check("avif"):
    _FORMATS.append(Format("image/avif", _is_avif, _avif_size, _open_avif))

ACCEPTED: tuple[str, ...] = tuple(each.media_type for each in _FORMATS)
"""The media types that are taken in, by what this Pillow can read."""

_STRANGERS = (
    (0, b"GIF8", "a GIF"),
    (0, b"BM", "a BMP"),
    (0, b"II*\0", "a TIFF or camera raw file"),
    (0, b"MM\0*", "a TIFF or camera raw file"),
    (4, b"ftyphei", "a HEIC photo"),
    (4, b"ftyphev", "a HEIC photo"),
    (4, b"ftypmif1", "a HEIC photo"),
    (4, b"ftypmsf1", "a HEIC photo"),
    (4, b"ftypavi", "an AVIF of a kind that is not read here"),
    (4, b"ftyp", "a video"),
    (0, b"\0\0\0\x0cJXL ", "a JPEG XL"),
    (0, b"\xff\x0a", "a JPEG XL"),
    (0, b"\0\0\0\x0cjP  ", "a JPEG 2000"),
    (0, b"%PDF", "a PDF"),
    (0, b"PK\x03\x04", "a ZIP archive"),
    (0, b"8BPS", "a Photoshop file"),
    (0, b"\0\0\1\0", "an icon file"),
)
