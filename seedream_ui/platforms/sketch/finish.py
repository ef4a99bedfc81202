"""Finishes: how the drawn picture looks as ink, watercolour, print, film. Structure is found small, grain laid at full size."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageFilter

from .canvas import Surface
from .colour import Array, cube, mix, polar, rgb, small, to_lab, to_rgb
from .direction import TREATMENTS, Direction, Treatment
from .planes import blurred, stretched
from .strips import each_strip, graded, overlaid, screened

_STRIP = 256


def finish(surface: Surface, direction: Direction) -> None:
    """Applies the picture's finish, its exposure and a fine grain."""
    surface.check()
    treatment = TREATMENTS.get(direction.treatment)
    toned = bool(direction.words.finish)  # all pictures have the finish that the words ask for, so each print is toned by itself
    if treatment and not toned:
        graded(surface.image, lambda lab: _treated(lab, treatment))
    surface.image = FINISHES.get(direction.finish, _plain)(surface.image, direction, surface)
    if treatment and toned:
        graded(surface.image, lambda lab: _treated(lab, treatment, 1.8))


def _treated(lab: Array, treatment: Treatment, times: float = 1.0) -> Array:
    """Exposure and a tint of the quiet colours; strong ones keep their hue, so that a named colour stays itself."""
    out = lab.copy()
    light = lab[..., 0]
    out[..., 0] = np.clip(light + times * treatment.exposure * (1 - np.abs(2 * light - 1) ** 3), 0, 1)
    chroma = np.hypot(lab[..., 1], lab[..., 2])
    share = times * treatment.chroma * np.clip(1.2 - chroma / 0.14, 0.15, 1) * np.clip(4 * light * (1.15 - light), 0, 1)
    _, a, b = polar(0, 1, treatment.hue)
    out[..., 1] += share * a
    out[..., 2] += share * b
    return out


def _side(image: Image.Image) -> int:
    return max(image.size)


def _noise(direction: Direction, size: int, soft: float = 0.0) -> Image.Image:
    """A tile of grey noise around 128."""
    values = np.clip(direction.own("grain").normal(128, 42, (size, size)), 0, 255).astype(np.uint8)
    tile = Image.fromarray(values)
    return tile.filter(ImageFilter.GaussianBlur(soft)) if soft else tile


def grained(image: Image.Image, direction: Direction, strength: float, surface: Surface, coarse: float = 0.0) -> Image.Image:
    """Adds grain in strips, so that nothing of the full size is copied."""
    tile = _noise(direction, 512, coarse).point([int(128 + (v - 128) * strength) for v in range(256)])
    row = Image.new("L", (image.width, 512))
    for x in range(0, image.width, 512):
        row.paste(tile, (x, 0))

    def noisy(strip: Image.Image, box: tuple[int, int, int, int]) -> Image.Image:
        noise = ImageChops.offset(row, box[1] * 197 % 509, 0).crop((0, 0, *strip.size))
        return ImageChops.add(strip, Image.merge("RGB", (noise,) * 3), 1, -128)

    each_strip(image, noisy, surface.should_stop)
    return image


def _lines(image: Image.Image, thick: float = 1.0, sharp: float = 24.0, floor: float = 0.0) -> Image.Image:
    """Ink lines (0 = ink) by a difference of Gaussians over 1000 px, made crisp after enlarging."""
    little = small(image, 1000)
    lab = to_lab(np.asarray(little))
    unit = max(little.size) / 1000
    dark = np.zeros(lab.shape[:2], np.float32)
    for number, weight in enumerate((1.0, 1.6, 1.6)):
        off = blurred(lab[..., number], 2.2 * thick * unit) - blurred(lab[..., number], 0.8 * thick * unit)
        dark = np.maximum(dark, weight * (np.abs(off) if number else off))
    ink = np.clip(255 - sharp * 255 * np.clip(dark - 0.010 - floor, 0, 1), 0, 255).astype(np.uint8)
    large = Image.fromarray(ink).resize(image.size, Image.Resampling.BICUBIC)
    return large.point([min(255, max(0, int((v - 110) * 2.4))) for v in range(256)])


def _multiplied(image: Image.Image, mask: Image.Image, colour: tuple[int, int, int]) -> Image.Image:
    """Lays `colour` where the mask is dark."""
    each_strip(image, lambda strip, box: Image.composite(strip, Image.new("RGB", strip.size, colour), mask.crop(box)))
    return image


def _bloom(image: Image.Image, strength: float, threshold: int = 150) -> Image.Image:
    """Light that runs over from the bright parts."""
    little = small(image, 480)
    bright = little.point([int(max(0, v - threshold) * strength * 255 / (255 - threshold)) for v in range(256)] * 3)
    return screened(image, bright.filter(ImageFilter.GaussianBlur(max(little.size) * 0.016)))


def _plain(image: Image.Image, direction: Direction, surface: Surface) -> Image.Image:
    return grained(image, direction, 0.09, surface)


def _posterised(lab: Array, steps: int, chroma: float) -> Array:
    out = lab.copy()
    level = lab[..., 0] * steps
    base = np.floor(level)
    out[..., 0] = (base + np.clip((level - base - 0.5) * 6 + 0.5, 0, 1)) / steps
    out[..., 1:] *= chroma
    return out


def _screen(image: Image.Image, cells: int, low: float, high: float, angle: float, surface: Surface) -> Image.Image:
    """A halftone mask (0 = dot): dots grow from `high` lightness down to `low`."""
    pitch = _side(image) / cells
    grey = image.convert("L")
    out = Image.new("L", image.size, 255)
    cos, sin = np.cos(angle) * 2 * np.pi / pitch, np.sin(angle) * 2 * np.pi / pitch
    x = np.arange(image.width, dtype=np.float32)[None, :]
    for y0 in range(0, image.height, _STRIP):
        surface.check()
        y = np.arange(y0, min(y0 + _STRIP, image.height), dtype=np.float32)[:, None]
        wave = (np.cos(x * cos + y * sin) + np.cos(y * cos - x * sin)) * 0.25 + 0.5
        tone = np.asarray(grey.crop((0, y0, image.width, y0 + y.shape[0])), np.float32) / 255
        want = np.clip((high - tone) / (high - low), 0, 1) * 0.85
        dots = np.clip((1 - want - wave) * pitch * 0.9 + 0.5, 0, 1)
        out.paste(Image.fromarray((np.where(want < 0.03, 1.0, dots) * 255).astype(np.uint8)), (0, y0))
    return out


def _comic(image: Image.Image, direction: Direction, surface: Surface) -> Image.Image:
    lines, dots = _lines(image, 1.35, 30, -0.002), _screen(image, 150, 0.12, 0.60, 0.6, surface)
    flat, shade = (
        cube(lambda lab: _posterised(lab, 6, 1.22)),
        cube(lambda lab: _posterised(lab, 6, 1.22) * np.array([0.80, 1.0, 1.0], np.float32)),
    )
    each_strip(
        image, lambda strip, box: Image.composite(strip.filter(flat), strip.filter(shade), dots.crop(box)), surface.should_stop
    )
    return _multiplied(image, lines, (18, 16, 24))


def _wobble(direction: Direction, shape: tuple[int, int], cells: int) -> Array:
    field = (
        direction.own(f"wobble {cells}")
        .uniform(-1, 1, (max(2, cells * shape[0] // max(shape)), max(2, cells * shape[1] // max(shape))))
        .astype(np.float32)
    )
    return stretched(field, (shape[1], shape[0]))


def _watercolour(image: Image.Image, direction: Direction, surface: Surface) -> Image.Image:
    """Flat washes with dark rims, bleeding, granulation, on paper that stays white at the margin."""
    little = small(image, 900).filter(ImageFilter.MedianFilter(7)).filter(ImageFilter.ModeFilter(5))
    lab = to_lab(np.asarray(little))
    shape = lab.shape[:2]
    lab = _displaced(lab, _wobble(direction, shape, 70) * 2.6, _wobble(direction, shape, 64) * 2.6)
    rim = np.clip(blurred(lab[..., 0], 4) - lab[..., 0], 0, 0.12)
    wash = 0.05 * _wobble(direction, shape, 9) + 0.035 * _wobble(direction, shape, 40)
    lab[..., 0] = 1 - (1 - lab[..., 0]) * 0.86 + wash * (1.1 - lab[..., 0]) - 0.7 * rim
    lab[..., 1:] *= 1.06
    paper = np.array([0.968, 0.002, 0.014], np.float32)
    lab = paper + (lab - paper) * _margin(direction, shape)[..., None]
    large = overlaid(image, Image.fromarray(to_rgb(lab)))
    surface.check()
    large = grained(large, direction, 0.30, surface, 1.6)
    return grained(large, direction, 0.06, surface)


def _displaced(lab: Array, dx: Array, dy: Array) -> Array:
    height, width = lab.shape[:2]
    y, x = np.mgrid[0:height, 0:width]
    result: Array = lab[np.clip(y + dy, 0, height - 1).astype(int), np.clip(x + dx, 0, width - 1).astype(int)]
    return result


def _margin(direction: Direction, shape: tuple[int, int]) -> Array:
    """1 inside, 0 at the paper's edge, along a wandering line."""
    height, width = shape
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    edge = np.minimum(np.minimum(x, width - 1 - x), np.minimum(y, height - 1 - y)) / min(shape)
    rough = 0.012 * _wobble(direction, shape, 22) + 0.006 * _wobble(direction, shape, 90)
    result: Array = np.clip((edge - 0.030 + rough) / 0.006, 0, 1)
    return result


def _noir(image: Image.Image, direction: Direction, surface: Surface) -> Image.Image:
    def grade(lab: Array) -> Array:
        x = np.clip((lab[..., 0] - 0.50) * 1.75 + 0.46, 0, 1)
        light = x * x * (3 - 2 * x)
        return np.stack([0.07 + 0.9 * light, np.full_like(light, 0.001), 0.006 * light], -1)

    return grained(_bloom(graded(image, grade), 0.25), direction, 0.26, surface, 0.6)


def _marker(image: Image.Image, chroma: float, steps: int) -> Image.Image:
    def grade(lab: Array) -> Array:
        out = _posterised(lab, steps, chroma)
        out[..., 0] = 0.24 + 0.73 * np.clip(out[..., 0] * 1.06, 0, 1)
        out[..., 2] += 0.008
        return out

    return graded(image, grade)


def _hatch(image: Image.Image, direction: Direction, surface: Surface, lines: int, high: float) -> Image.Image:
    """Slanting strokes (0 = graphite) where the picture is dark."""
    pitch = _side(image) / lines
    grey = small(image, 900).convert("L").resize(image.size, Image.Resampling.BICUBIC)
    wander = _wobble(direction, (256, 256), 14)
    out = Image.new("L", image.size, 255)
    x = np.arange(image.width, dtype=np.float32)[None, :]
    for y0 in range(0, image.height, _STRIP):
        surface.check()
        y = np.arange(y0, min(y0 + _STRIP, image.height), dtype=np.float32)[:, None]
        bend = wander[(y[:, 0] * 256 / image.height).astype(int)][:, (x[0] * 256 / image.width).astype(int)]
        wave = np.cos((x + y * 0.9 + bend * pitch * 1.6) * (2 * np.pi / pitch)) * 0.5 + 0.5
        tone = np.asarray(grey.crop((0, y0, image.width, y0 + y.shape[0])), np.float32) / 255
        want = np.clip((high - tone) / high, 0, 1) * 0.62
        stroke = np.clip((wave - (1 - want)) * 5, 0, 1) * (0.55 + 0.25 * bend)
        out.paste(Image.fromarray((255 - 150 * np.clip(stroke, 0, 1)).astype(np.uint8)), (0, y0))
    return out


def _storyboard(image: Image.Image, direction: Direction, surface: Surface) -> Image.Image:
    hatch, lines = _hatch(image, direction, surface, 130, 0.42), _lines(image, 1.0, 22)
    base = _marker(image, 0.16, 4)
    base = _multiplied(_multiplied(base, hatch, (44, 44, 52)), lines, (38, 38, 46))
    return grained(base, direction, 0.16, surface, 0.7)


def _pencil(image: Image.Image, direction: Direction, surface: Surface) -> Image.Image:
    def paper(lab: Array) -> Array:
        return np.stack([0.80 + 0.165 * lab[..., 0], 0.10 * lab[..., 1] + 0.001, 0.10 * lab[..., 2] + 0.010], -1)

    hatch, lines = _hatch(image, direction, surface, 190, 0.72), _lines(image, 0.9, 20)
    base = _multiplied(_multiplied(graded(image, paper), hatch, (52, 50, 54)), lines, (40, 38, 44))
    return grained(base, direction, 0.24, surface, 0.8)


def _neon(image: Image.Image, direction: Direction, surface: Surface) -> Image.Image:
    def grade(lab: Array) -> Array:
        out = lab.copy()
        dark = np.clip(1 - lab[..., 0] / 0.62, 0, 1)[..., None]
        out[..., 0] = np.clip(lab[..., 0] * (0.90 + 0.12 * lab[..., 0]), 0, 1)
        out[..., 1:] = lab[..., 1:] * 1.18 + dark * np.array([0.030, -0.055], np.float32)
        return out

    return grained(_bloom(graded(image, grade), 0.75, 135), direction, 0.10, surface)


def _riso(image: Image.Image, direction: Direction, surface: Surface) -> Image.Image:
    """Flat inks, grainy and a little out of register, on cream paper."""

    def grade(lab: Array) -> Array:
        out = _posterised(lab, 7, 1.12)
        out[..., 0] = 0.14 + 0.82 * out[..., 0]
        out[..., 2] += 0.012 * out[..., 0]
        return out

    shift, flat = max(1, round(_side(image) / 620)), cube(grade)

    def print_(strip: Image.Image, box: tuple[int, int, int, int]) -> Image.Image:
        red, green, blue = strip.filter(flat).split()
        return Image.merge("RGB", (ImageChops.offset(red, shift, 0), green, ImageChops.offset(blue, -shift, 0)))

    each_strip(image, print_, surface.should_stop)
    dots = _screen(image, 240, 0.10, 0.72, 0.35, surface)
    ink = mix(direction.light.near, (0.3, 0.0, 0.0), 0.3)
    image.paste(rgb(ink), (0, 0), dots.point([(255 - v) // 5 for v in range(256)]))
    return grained(image, direction, 0.34, surface, 0.5)


def _film(image: Image.Image, direction: Direction, surface: Surface) -> Image.Image:
    def grade(lab: Array) -> Array:
        out = lab.copy()
        light = lab[..., 0]
        out[..., 0] = 0.055 + 0.905 * np.clip(light + 0.10 * np.sin((light - 0.5) * 2 * np.pi) * -0.5 * -1, 0, 1)
        out[..., 1] = lab[..., 1] * 0.92 + 0.012 * (light - 0.45)
        out[..., 2] = lab[..., 2] * 0.92 + 0.040 * (light - 0.45)
        return out

    return grained(_bloom(graded(image, grade), 0.28, 165), direction, 0.15, surface, 0.6)


def _oil(image: Image.Image, direction: Direction, surface: Surface) -> Image.Image:
    """Strokes by a Kuwahara filter, with the light of impasto."""
    little = small(image, 720)
    lab = _kuwahara(to_lab(np.asarray(little)), max(2, round(max(little.size) / 190)))
    shape = lab.shape[:2]
    lab = _displaced(lab, _wobble(direction, shape, 90) * 1.6, _wobble(direction, shape, 80) * 1.6)
    bristle = direction.own("bristle").uniform(-1, 1, shape).astype(np.float32)
    bristle = blurred(bristle, 1.5, 1) * 3
    relief = lab[..., 0] * 0.35 + bristle * 0.10
    lab[..., 0] = np.clip(lab[..., 0] + np.clip((relief - np.roll(relief, (1, 1), (0, 1))) * 0.6, -0.035, 0.035), 0, 1)
    lab[..., 1:] *= 1.12
    large = overlaid(image, Image.fromarray(to_rgb(lab)).filter(ImageFilter.UnsharpMask(1, 80, 2)))
    return grained(large, direction, 0.08, surface)


def _kuwahara(lab: Array, radius: int) -> Array:
    """Each pixel takes the mean of the calmest of its four corners."""

    means = np.stack([blurred(lab[..., i], radius / 2, 1) for i in range(3)], -1)
    spread = blurred(lab[..., 0] ** 2, radius / 2, 1) - means[..., 0] ** 2
    best: Array = np.full(spread.shape, np.inf, np.float32)
    out = means.copy()
    for dy in (-radius, radius):
        for dx in (-radius, radius):
            moved = np.roll(spread, (dy, dx), (0, 1))
            calmer: NDArray[np.bool_] = moved < best
            best = np.where(calmer, moved, best)
            out[calmer] = np.roll(means, (dy, dx), (0, 1))[calmer]
    return out


FINISHES: dict[str, Callable[[Image.Image, Direction, Surface], Image.Image]] = {
    "comic": _comic, "watercolour": _watercolour, "noir": _noir, "storyboard": _storyboard, "pencil": _pencil, "neon": _neon,
    "riso": _riso, "film": _film, "oil": _oil,
}  # fmt: skip
