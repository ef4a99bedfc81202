"""Changes to a picture in strips, in place: nothing of the full size is ever copied."""

from collections.abc import Callable
from typing import Any

from PIL import Image, ImageChops

from .brief import Stop, Stopped
from .colour import cube

Box = tuple[int, int, int, int]
_ROWS = 384


def each_strip(image: Image.Image, change: Callable[[Image.Image, Box], Image.Image], should_stop: Stop | None = None) -> None:
    """Replaces every strip by `change(strip, its box)`."""
    for y in range(0, image.height, _ROWS):
        if should_stop is not None and should_stop():
            raise Stopped
        box = (0, y, image.width, min(y + _ROWS, image.height))
        image.paste(change(image.crop(box), box), box)


def graded(image: Image.Image, change: Any) -> Image.Image:
    """The picture itself, after a change of its OKLab colours (a function on arrays)."""
    table = cube(change)
    each_strip(image, lambda strip, box: strip.filter(table))
    return image


def stretch(
    small: Image.Image, size: tuple[int, int], box: Box, method: Image.Resampling = Image.Resampling.BICUBIC
) -> Image.Image:
    """The part `box` of `small` as it would be enlarged to `size`."""
    fx, fy = small.width / size[0], small.height / size[1]
    window = (box[0] * fx, box[1] * fy, box[2] * fx, box[3] * fy)
    return small.resize((box[2] - box[0], box[3] - box[1]), method, box=window)


def screened(image: Image.Image, light: Image.Image) -> Image.Image:
    """The picture itself with a small picture's light added."""
    bilinear = Image.Resampling.BILINEAR
    each_strip(image, lambda strip, box: ImageChops.screen(strip, stretch(light, image.size, box, bilinear)))
    return image


def overlaid(image: Image.Image, small: Image.Image) -> Image.Image:
    """The picture itself, painted over with the enlarged small one."""
    each_strip(image, lambda strip, box: stretch(small, image.size, box))
    return image
