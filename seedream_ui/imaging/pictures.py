"""Smaller copies for the page, and what a picture's head says."""

import base64
from io import BytesIO
from pathlib import Path

from PIL import Image

from seedream_ui.imaging import formats
from seedream_ui.imaging.plain import plain, upright

__all__ = ["THUMBNAIL_BYTES", "data_uri", "dimensions", "loaded", "middle", "thumbnail"]

THUMBNAIL_BYTES = 95_000
"""Most bytes of a thumbnail: fifteen of them stay below 1.5 MB."""
FINE, COARSE = 82, 32
"""WebP qualities of a thumbnail."""


def thumbnail(source: bytes | Path, side: int = 768) -> bytes:
    """A WebP of at most `THUMBNAIL_BYTES`, its longer side at most `side` pixels; a smaller picture keeps its size.

    Raises `ValueError` or `OSError` if the source is no whole picture.
    """
    image = loaded(source, (side, side))
    data = _webp(image, FINE)
    while len(data) > THUMBNAIL_BYTES:
        data = _smaller(image, len(data) / THUMBNAIL_BYTES)
        image = image.resize((max(1, image.width * 3 // 4), max(1, image.height * 3 // 4)), Image.Resampling.LANCZOS)
    return data


def middle(path: Path, side: int = 1600) -> bytes:
    """A WebP for looking at one picture on a screen, its longer side at most `side` pixels. Raises as `thumbnail` does."""
    return _webp(loaded(path, (side, side)), quality=86)


def loaded(source: bytes | Path, box: tuple[int, int]) -> Image.Image:
    """The decoded picture, RGB or RGBA, upright, scaled down to fit into `box`. Of a large JPEG only a fraction is decoded."""
    image: Image.Image = formats.opened(source if isinstance(source, bytes) else source.read_bytes())
    image.draft("RGB", box)
    image = upright(plain(image))
    image.thumbnail(box, Image.Resampling.LANCZOS, reducing_gap=2.0)
    return image


def data_uri(data: bytes, media_type: str) -> str:
    """The bytes as a `data:` address."""
    return f"data:{media_type};base64,{base64.b64encode(data).decode()}"


def dimensions(data: bytes) -> tuple[int, int, str]:
    """Width, height (pixels, as stored) and media type, from the head alone. Raises `ValueError` if it is no picture."""
    return formats.header(data)


def _smaller(image: Image.Image, over: float) -> bytes:
    """At the quality that a file so many times too large calls for; at the coarsest if that was not enough.

    Measured on photographs; pure noise fits at no quality and needs fewer pixels.
    """
    quality = next((quality for most, quality in ((1.25, 72), (1.4, 60), (1.8, 46)) if over <= most), COARSE)
    data = _webp(image, quality)
    return data if len(data) <= THUMBNAIL_BYTES or quality == COARSE else _webp(image, COARSE)


def _webp(image: Image.Image, quality: int) -> bytes:
    image.info = {}
    buffer = BytesIO()
    image.save(buffer, "WEBP", quality=quality, method=1)  # as small as method 4 here, in a third of the time
    return buffer.getvalue()
