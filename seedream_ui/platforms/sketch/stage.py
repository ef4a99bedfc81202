"""Puts a reference into the picture: lifted and recoloured where that works, else as a print."""

import numpy as np
from PIL import Image, ImageFilter, ImageOps

from .backdrop import direction_wall, draw_backdrop, rounded_card
from .canvas import Pen, oval
from .colour import Lab, cube, gap, hexed, lift, mix, rgb
from .direction import Direction
from .matte import Cutout, as_image, cut_out
from .recolour import recoloured, tinted

_CRISP = [min(255, max(0, round((v - 128) * 1.8 + 128))) for v in range(256)]


def stand(pen: Pen, subject: Cutout, foot: tuple[float, float], height: float, flip: bool = False, shadow: Lab | None = None) -> None:
    """The subject with its lowest point at `foot`, `height` high, in the pen's units; `shadow` None casts none."""
    surface = pen.surface
    surface.check()
    x, y = pen.pixels([foot])[0]
    size = (max(2, round(height * subject.ratio * pen.scale)), max(2, round(height * pen.scale)))
    cut = as_image(subject)
    cut = ImageOps.mirror(cut) if flip else cut
    if shadow is not None:
        _contact(pen, subject, foot, height, shadow)
    box = (round(x - size[0] / 2), round(y - size[1]))
    _paste(surface.image, cut, size, box)


def _paste(image: Image.Image, cut: Image.Image, size: tuple[int, int], at: tuple[int, int]) -> None:
    """Scales in one go but only what is seen, so that a huge subject costs no more than the picture."""
    seen = (max(at[0], 0), max(at[1], 0), min(at[0] + size[0], image.width), min(at[1] + size[1], image.height))
    if seen[2] <= seen[0] or seen[3] <= seen[1]:
        return
    fx, fy = cut.width / size[0], cut.height / size[1]
    window = ((seen[0] - at[0]) * fx, (seen[1] - at[1]) * fy, (seen[2] - at[0]) * fx, (seen[3] - at[1]) * fy)
    span = (seen[2] - seen[0], seen[3] - seen[1])
    large = cut.convert("RGB").resize(span, Image.Resampling.BICUBIC, box=window)
    if fx < 0.8:
        large = large.filter(ImageFilter.UnsharpMask(1.2 / fx, 60, 2))
    alpha = cut.getchannel("A").resize(span, Image.Resampling.BICUBIC, box=window)
    image.paste(large, seen[:2], alpha.point(_CRISP) if fx < 0.8 else alpha)


def _contact(pen: Pen, subject: Cutout, foot: tuple[float, float], height: float, colour: Lab) -> None:
    """A wide soft shadow and a narrow dark one, as wide as what touches the ground."""
    low = subject.alpha[int(subject.alpha.shape[0] * 0.93) :].max(0) > 0.5
    columns = np.flatnonzero(low) if low.any() else np.array([0, subject.alpha.shape[1] - 1])
    unit = height / subject.alpha.shape[0]
    middle = (columns[0] + columns[-1]) / 2 * unit - height * subject.ratio / 2
    half = max((columns[-1] - columns[0]) / 2 * unit, 0.02)
    x, y = foot[0] + middle, foot[1]
    pen.fill(oval(x, y + 0.006, half * 1.16, 0.10 * half + 0.018), paint=colour, alpha=0.40, blur=0.030)
    pen.fill(oval(x, y - 0.002, half * 1.01, 0.035 * half + 0.006), paint=colour, alpha=0.65, blur=0.009)


def compose(pen: Pen, direction: Direction) -> None:
    """A picture from references: subject on a set, in a place, or the photo as a print."""
    lead, _ = roles(direction)
    photo = direction.brief.references[lead]
    subject = cut_out(photo)
    if subject is None:
        _print(pen, direction, photo)
    else:
        _product(pen, direction, recoloured(subject, direction.words))


def roles(direction: Direction) -> tuple[int, int | None]:
    """Numbers of the leading reference and of the one that is the place, if any."""
    count = len(direction.brief.references)
    lead = direction.words.reference
    return (lead if lead is not None and lead < count else 0), None


def _product(pen: Pen, direction: Direction, subject: Cutout) -> None:
    width, height = pen.size
    crop = 1.0 if direction.brief.sequence else float(direction.rng("crop").uniform(0.82, 1.22))
    tall = min(height * 0.66 * crop, width * 0.74 * crop / subject.ratio)
    floor = 0.5 + tall / height / 2 + 0.03
    wall = direction.words.colours.get("backdrop") or _apart(direction_wall(direction), subject)
    draw_backdrop(pen, direction, floor, wall)
    flip = direction.words.view == "left"
    foot = (width / 2, height * floor if not subject.grounded else height)
    stand(pen, subject, foot, tall, flip, None if subject.grounded else lift(wall, -0.5))


def _apart(wall: Lab, subject: Cutout) -> Lab:
    return wall


def _print(pen: Pen, direction: Direction, photo: Image.Image) -> None:
    """The whole photo as a print on the set's wall."""
    width, height = pen.size
    draw_backdrop(pen, direction, 0.86, direction.words.colours.get("backdrop"))
    ratio = photo.width / photo.height
    h = min(height * 0.74, width * 0.74 / ratio)
    w = h * ratio
    x, y = width / 2 - w / 2, height * 0.47 - h / 2
    rounded_card(pen, x - 0.022, y - 0.022, x + w + 0.022, y + h + 0.022, hexed("#faf8f3"))
    (left, top), (right, bottom) = pen.pixels([(x, y), (x + w, y + h)])
    size = (max(1, round(right - left)), max(1, round(bottom - top)))
    pen.surface.image.paste(photo.convert("RGB").resize(size, Image.Resampling.BICUBIC), (round(left), round(top)))
