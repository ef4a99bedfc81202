"""A drawing surface: vector shapes with crisp edges at full size, paint that is computed small.

A mask is drawn at twice the size within the shape's own box; paint (a flat colour or a gradient) is at most 96 px wide and is
stretched. So no shape costs more than its own area in bytes, whatever the output size.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from .brief import Stop, Stopped
from .colour import Lab, rgb, to_rgb
from .strips import stretch

Path = NDArray[np.float64]
Box = tuple[int, int, int, int]
Point = tuple[float, float]
_BIG = 12_000_000
"""Pixels of a doubled mask above which it is drawn at its own size (memory)."""


@dataclass(frozen=True)
class Gradient:
    """Evenly spaced colours from `a` to `b`; beyond them the end colours."""

    a: Point
    b: Point
    stops: tuple[Lab, ...]

    def at(self, points: Path) -> Path:
        axis = np.subtract(self.b, self.a)
        return ((points - self.a) @ axis) / max(float(axis @ axis), 1e-9)


@dataclass(frozen=True)
class Radial:
    """Evenly spaced colours from the centre outwards; `squash` < 1 flattens the circle."""

    centre: Point
    radius: float
    stops: tuple[Lab, ...]
    squash: float = 1.0

    def at(self, points: Path) -> Path:
        away = (points - self.centre) / (self.radius, self.radius * self.squash)
        return np.hypot(away[..., 0], away[..., 1])


Paint = Lab | Gradient | Radial


class Surface:
    """The picture being made, and the question whether to go on."""

    def __init__(self, size: tuple[int, int], should_stop: Stop | None = None) -> None:
        self.image = Image.new("RGB", size)
        self.should_stop = should_stop

    def check(self) -> None:
        if self.should_stop is not None and self.should_stop():
            raise Stopped


@dataclass(frozen=True)
class Pen:
    """Draws on a surface in its own coordinates, y down. `matrix` maps them to pixels."""

    surface: Surface
    matrix: tuple[float, float, float, float, float, float]

    @classmethod
    def on(cls, surface: Surface) -> Pen:
        """A pen whose sheet has area 1: `width` × `height` with the picture's ratio, origin at the top left."""
        side = math.sqrt(surface.image.width * surface.image.height)
        return cls(surface, (side, 0, 0, side, 0, 0))

    @property
    def scale(self) -> float:
        a, b, c, d, _, _ = self.matrix
        return math.sqrt(abs(a * d - b * c))

    @property
    def size(self) -> tuple[float, float]:
        """The whole picture in this pen's units."""
        return self.surface.image.width / self.scale, self.surface.image.height / self.scale

    def at(self, x: float, y: float, scale: float = 1.0, flip: bool = False, angle: float = 0.0) -> Pen:
        """A pen with its origin at (x, y) here, turned by `angle` degrees, mirrored by `flip`."""
        a, b, c, d, e, f = self.matrix
        cos, sin = math.cos(math.radians(angle)) * scale, math.sin(math.radians(angle)) * scale
        sx = -1.0 if flip else 1.0
        m = ((a * cos + c * sin) * sx, (b * cos + d * sin) * sx, c * cos - a * sin, d * cos - b * sin)
        return replace(self, matrix=(*m, a * x + c * y + e, b * x + d * y + f))

    def pixels(self, path: ArrayLike) -> Path:
        points = np.asarray(path, float).reshape(-1, 2)
        a, b, c, d, e, f = self.matrix
        mapped: Path = points @ np.array([[a, b], [c, d]]) + (e, f)
        return mapped

    def _units(self, pixels: Path) -> Path:
        a, b, c, d, e, f = self.matrix
        back: Path = np.linalg.inv(np.array([[a, b], [c, d]]))
        return (pixels - (e, f)) @ back

    def _box(self, paths: Sequence[Path], pad: float) -> Box | None:
        every = np.concatenate(paths)
        if not len(every) or not np.isfinite(every).all():
            return None
        low, high = every.min(0) - pad - 2, every.max(0) + pad + 2
        width, height = self.surface.image.size
        box = (max(0, int(low[0])), max(0, int(low[1])), min(width, math.ceil(high[0])), min(height, math.ceil(high[1])))
        return box if box[2] > box[0] and box[3] > box[1] else None

    def fill(self, *paths: ArrayLike, paint: Paint, alpha: float = 1.0, blur: float = 0.0, clip: ArrayLike | None = None) -> None:
        """Fills the paths (united). `blur` softens the edge, `clip` keeps inside another path."""
        self.surface.check()
        shapes = [self.pixels(path) for path in paths]
        soft = blur * self.scale
        box = self._box(shapes, 2.5 * soft) if shapes else None
        if box is None:
            return
        mask = _mask(shapes, box, soft)
        if clip is not None:
            mask = ImageChops.multiply(mask, _mask([self.pixels(clip)], box, 0))
        self._pour(mask, box, paint, alpha)

    def crescent(self, path: ArrayLike, shift: Point, paint: Paint, alpha: float = 1.0, blur: float = 0.0) -> None:
        """The part of a shape that the same shape, moved by `shift`, leaves bare: its shaded side, or a rim of light."""
        self.surface.check()
        shape = self.pixels(path)
        box = self._box([shape], 0)
        if box is None:
            return
        moved = self.pixels(np.asarray(path, float) + shift)
        inside = _mask([shape], box, 0)
        mask = ImageChops.multiply(inside, ImageChops.invert(_mask([moved], box, blur * self.scale)))
        self._pour(mask, box, paint, alpha)

    def line(self, points: ArrayLike, width: float, paint: Paint, alpha: float = 1.0, taper: float = 0.0) -> None:
        """A stroke with round ends; `taper` 0..1 thins it towards both ends."""
        path = np.asarray(points, float).reshape(-1, 2)
        if len(path) > 1:
            self.fill(ribbon(path, width, taper), *_ends(path, width, taper), paint=paint, alpha=alpha)

    def glow(self, centre: Point, radius: float, colour: Lab, strength: float = 1.0, squash: float = 1.0) -> None:
        """Adds light: brightest at the centre, gone at the radius."""
        self.surface.check()
        corner = np.array([[-radius, -radius * squash], [radius, radius * squash]]) + centre
        low, high = np.sort(self.pixels(corner), axis=0)
        box = self._box([np.array([low, high])], 0)
        if box is None or (high - low).min() < 1:
            return
        lamp, span = _lamp(colour, strength), high - low
        for y in range(box[1], box[3], 512):
            part = (box[0], y, box[2], min(y + 512, box[3]))
            ends = [(part[k] - low[k % 2]) * 128 / span[k % 2] for k in range(4)]
            left, upper, right, lower = (float(np.clip(end, 0, 128)) for end in ends)
            area = self.surface.image.crop(part)
            light = lamp.resize(area.size, Image.Resampling.BILINEAR, box=(left, upper, right, lower))
            self.surface.image.paste(ImageChops.screen(area, light), part)

    def _pour(self, mask: Image.Image, box: Box, paint: Paint, alpha: float) -> None:
        if alpha < 1:
            mask = mask.point([round(v * max(alpha, 0.0)) for v in range(256)])
        if isinstance(paint, tuple):
            self.surface.image.paste(rgb(paint), box, mask)
        else:
            self._pour_strips(self._painted(paint, box), box, mask)

    def _pour_strips(self, small: Image.Image, box: Box, mask: Image.Image) -> None:
        """Paste of stretched paint, 512 rows at a time."""
        for y in range(0, mask.height, 512):
            part = (0, y, mask.width, min(y + 512, mask.height))
            paint = stretch(small, mask.size, part, Image.Resampling.BILINEAR)
            self.surface.image.paste(paint, (box[0], box[1] + y), mask.crop(part))

    def _painted(self, paint: Gradient | Radial, box: Box) -> Image.Image:
        width, height = box[2] - box[0], box[3] - box[1]
        small = (min(width, 96), min(height, 96))
        x = box[0] + (np.arange(small[0]) + 0.5) * width / small[0]
        y = box[1] + (np.arange(small[1]) + 0.5) * height / small[1]
        where = self._units(np.stack(np.meshgrid(x, y), -1).reshape(-1, 2))
        t = np.clip(paint.at(where), 0, 1) * (len(paint.stops) - 1)
        stops = np.array(paint.stops)
        lab = np.stack([np.interp(t, np.arange(len(stops)), stops[:, i]) for i in range(3)], -1)
        return Image.fromarray(to_rgb(lab.astype(np.float32)).reshape(small[1], small[0], 3))


def _mask(shapes: Iterable[Path], box: Box, soft: float) -> Image.Image:
    width, height = box[2] - box[0], box[3] - box[1]
    step = max(1.0, soft / 2.5)
    size = (max(1, math.ceil(width / step)), max(1, math.ceil(height / step)))
    double = 2 if size[0] * size[1] * 4 <= _BIG else 1
    mask = Image.new("L", (size[0] * double, size[1] * double))
    draw = ImageDraw.Draw(mask)
    factor = np.array(mask.size) / (width, height)
    for shape in shapes:
        if len(shape) > 2:
            draw.polygon(((shape - box[:2]) * factor - 0.5).ravel().tolist(), fill=255)
    mask = mask.reduce(2) if double == 2 else mask
    if soft > 0.3:
        mask = mask.filter(ImageFilter.GaussianBlur(float(soft) * size[0] / width))
    return mask.resize((width, height), Image.Resampling.BILINEAR) if mask.size != (width, height) else mask


def _lamp(colour: Lab, strength: float) -> Image.Image:
    ramp = np.linspace(-1, 1, 128)
    away = np.hypot(*np.meshgrid(ramp, ramp))
    fall = np.clip(1 - away, 0, 1) ** 2 * strength
    return Image.fromarray(np.clip(fall[..., None] * rgb(colour), 0, 255).astype(np.uint8))


def _widths(count: int, width: float, taper: float) -> Path:
    t = np.linspace(-1, 1, count)
    return width / 2 * (1 - taper * t**2)


def ribbon(path: Path, width: float | Sequence[float], taper: float = 0.0) -> Path:
    """The outline of a stroke along a path; a sequence of widths is spread over its length."""
    ahead = np.gradient(path, axis=0)
    ahead /= np.maximum(np.hypot(ahead[:, 0], ahead[:, 1]), 1e-9)[:, None]
    if isinstance(width, (int, float)):
        half = _widths(len(path), float(width), taper)
    else:
        half = np.interp(np.linspace(0, 1, len(path)), np.linspace(0, 1, len(width)), np.asarray(width) / 2)
    side = np.stack([-ahead[:, 1], ahead[:, 0]], 1) * half[:, None]
    return np.concatenate([path + side, (path - side)[::-1]])


def _ends(path: Path, width: float, taper: float) -> list[Path]:
    radius = width / 2 * (1 - taper)
    return [oval(x, y, radius) for x, y in (path[0], path[-1])] if radius > 0 else []


def oval(x: float, y: float, rx: float, ry: float | None = None, steps: int = 48) -> Path:
    """An ellipse, as a path."""
    t = np.linspace(0, 2 * np.pi, steps, endpoint=False)
    return np.stack([x + rx * np.cos(t), y + (rx if ry is None else ry) * np.sin(t)], 1)


def moved(path: Path, dx: float, dy: float) -> Path:
    """The path, shifted."""
    shifted: Path = path + np.array((dx, dy))
    return shifted


def box_path(x0: float, y0: float, x1: float, y1: float) -> Path:
    """An upright rectangle."""
    return np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]], float)


def smooth(points: ArrayLike, closed: bool = True, steps: int = 10) -> Path:
    """A Catmull–Rom curve through the points."""
    p = np.asarray(points, float).reshape(-1, 2)
    around = np.concatenate([p[-1:], p, p[:2]]) if closed else np.concatenate([p[:1], p, p[-1:]])
    t = np.linspace(0, 1, steps, endpoint=False)[:, None]
    parts = []
    for a, b, c, d in zip(around, around[1:], around[2:], around[3:], strict=False):
        parts.append(0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3))
    return np.concatenate(parts if closed else [*parts, p[-1:]])


def bezier(*points: Point, steps: int = 16) -> Path:
    """Joined cubic curves: start, then (handle, handle, end) for each."""
    t = np.linspace(0, 1, steps)[:, None]
    parts = []
    for i in range(0, len(points) - 1, 3):
        a, b, c, d = (np.array(p) for p in points[i : i + 4])
        parts.append((1 - t) ** 3 * a + 3 * (1 - t) ** 2 * t * b + 3 * (1 - t) * t**2 * c + t**3 * d)
    return np.concatenate(parts)


def round_box(x0: float, y0: float, x1: float, y1: float, radius: float) -> Path:
    """A rectangle with rounded corners."""
    r = min(radius, abs(x1 - x0) / 2, abs(y1 - y0) / 2)
    t = np.linspace(0, np.pi / 2, 8)
    corners = ((x1 - r, y1 - r, 0), (x0 + r, y1 - r, 1), (x0 + r, y0 + r, 2), (x1 - r, y0 + r, 3))
    arcs = [np.stack([x + r * np.cos(t + k * np.pi / 2), y + r * np.sin(t + k * np.pi / 2)], 1) for x, y, k in corners]
    return np.concatenate(arcs)
