"""What all places share: the view, the sky, ridges, trees, clouds."""

from dataclasses import dataclass

import numpy as np

from .canvas import Gradient, Path, Pen, Radial, box_path, oval, smooth
from .colour import Lab, lift, mix
from .direction import Light


@dataclass(frozen=True)
class View:
    """A frame to fill: `width` × `height` in the pen's units with the horizon at `horizon`, in some light and weather."""

    pen: Pen
    width: float
    height: float
    horizon: float
    light: Light
    rng: np.random.Generator
    weather: str = ""

    def between(self, low: float, high: float) -> float:
        return float(self.rng.uniform(low, max(low, high)))

    def many(self, low: float, high: float, count: int) -> Path:
        """That many numbers; all `low` where a narrow frame leaves no room."""
        return self.rng.uniform(low, max(low, high), count)

    @property
    def night(self) -> bool:
        return self.light.time in ("night", "dusk")

    @property
    def lamp(self) -> Lab:
        """Light from windows and lamps."""
        return mix(self.light.accent2, (0.93, 0.02, 0.10), 0.55)

    @property
    def margin(self) -> float:
        return 0.08 * self.width + 0.05


def draw_sky(view: View, sun: bool = True) -> None:
    """Sky down to the horizon, with the sun or moon, stars, clouds."""
    pen, light, w, h = view.pen, view.light, view.width, view.horizon
    top, middle, low = light.sky
    m = view.margin
    grey = 0.55 if view.weather in ("rain", "storm", "snow", "fog") else 0.0
    stops = tuple(
        mix(c, (c[0] * 0.92, 0.0, -0.01), grey) for c in (top, mix(top, middle, 0.6), middle, mix(middle, low, 0.6), low)
    )
    pen.fill(box_path(-m, -m, w + m, view.height + m), paint=Gradient((0, -0.05), (0, h), stops))
    if light.time == "night":
        _stars(view)
    if sun and grey == 0:
        _sun(view)
    if light.time != "night" and view.rng.random() < 0.85:
        _clouds(view)


def _sun(view: View) -> None:
    light, w, h = view.light, view.width, view.horizon
    x = w * (0.5 + light.side * view.between(0.12, 0.30))
    low = light.time in ("golden", "dusk", "dawn")
    y = h * (view.between(0.62, 0.88) if low else view.between(0.20, 0.38))
    r = {"golden": 0.105, "dusk": 0.085, "dawn": 0.085, "night": 0.055, "day": 0.06}[light.time]
    view.pen.glow((x, y), r * 5.5, light.light, 0.42)
    view.pen.fill(
        oval(x, y, r, steps=80),
        paint=Gradient((x, y - r), (x, y + r), (lift(light.light, 0.04), mix(light.light, light.sky[2], 0.25))),
    )
    if light.time == "night":
        for dx, dy, s in ((0.3, -0.2, 0.2), (-0.25, 0.3, 0.28), (0.15, 0.42, 0.12)):
            view.pen.fill(oval(x + dx * r, y + dy * r, s * r), paint=mix(light.light, light.sky[1], 0.22), alpha=0.6)


def _stars(view: View) -> None:
    count = 90
    x, y = view.many(0, view.width, count), view.many(0, view.horizon * 0.92, count) ** 1.05
    r = view.many(0.0006, 0.0021, count)
    view.pen.fill(*[oval(a, b, c, steps=8) for a, b, c in zip(x, y, r, strict=True)], paint=view.light.light, alpha=0.85)


def _clouds(view: View) -> None:
    light = view.light
    for _ in range(int(view.rng.integers(2, 5))):
        x, y, s = view.between(0, view.width), view.between(0.08, 0.55) * view.horizon, view.between(0.10, 0.24)
        puffs = [
            oval(x + s * dx, y - s * dy, s * r, s * r * 0.55)
            for dx, dy, r in ((-0.6, 0.02, 0.36), (-0.15, 0.14, 0.48), (0.32, 0.08, 0.42), (0.75, 0.0, 0.28))
        ]
        tone = mix(light.light, light.sky[1], 0.25)
        view.pen.fill(
            *[np.minimum(p, [np.inf, y + s * 0.08]) for p in puffs],
            paint=Gradient((0, y - s * 0.5), (0, y + s * 0.1), (lift(tone, 0.03), mix(tone, light.sky[1], 0.5))),
            alpha=0.8,
        )


def ridge_line(view: View, y: float, height: float, rough: float = 0.55, steps: int = 7) -> Path:
    """A fractal line across the view (midpoint displacement), open."""
    line = view.many(-1, 1, 3)
    size = 1.0
    for _ in range(steps - 2):
        size *= rough
        middle = (line[1:] + line[:-1]) / 2 + view.many(-size, size, len(line) - 1)
        both = np.empty(len(line) * 2 - 1)
        both[::2], both[1::2] = line, middle
        line = both
    x = np.linspace(-view.margin, view.width + view.margin, len(line))
    return np.stack([x, y - height * line], 1)


def down(view: View, line: Path) -> Path:
    """A line closed along the bottom of the view."""
    m = view.margin
    return np.concatenate([line, [(view.width + m, view.height + m), (-m, view.height + m)]])


def hills(view: View, y: float, height: float, tone: Lab, rough: float = 0.45, glow: float = 0.10) -> Path:
    """One layer of land; returns its upper line."""
    line = ridge_line(view, y, height, rough)
    shape = smooth(line, closed=False, steps=4) if rough < 0.5 else line
    foot = mix(tone, view.light.sky[2], 0.30)
    low = min(y + 0.30, view.height)
    view.pen.fill(down(view, shape), paint=Gradient((0, y - height), (0, low), (lift(tone, glow * 0.3), foot)))
    return shape


def ground(view: View, y: float, tone: Lab, depth: float = 0.14) -> None:
    """The floor of the picture, darker towards the viewer."""
    m = view.margin
    view.pen.fill(
        box_path(-m, y, view.width + m, view.height + m),
        paint=Gradient((0, y), (0, view.height), (mix(tone, view.light.sky[2], 0.28), tone, lift(tone, -depth))),
    )


def pine(pen: Pen, x: float, y: float, height: float, tone: Lab, light: Light, snowy: bool = False) -> None:
    """A conifer standing at (x, y)."""
    tiers = []
    for k in range(4):
        top, low, half = y - height * (1 - 0.20 * k), y - height * (0.62 - 0.19 * k), height * (0.11 + 0.055 * k)
        tiers.append(
            [
                (x, top),
                (x + half, low),
                (x + half * 0.4, low - 0.015 * height),
                (x - half * 0.4, low - 0.015 * height),
                (x - half, low),
            ]
        )
    pen.fill(box_path(x - 0.018 * height, y - 0.12 * height, x + 0.018 * height, y), *tiers, paint=tone)
    if snowy:
        caps = [
            [
                t[0],
                (t[0][0] + (t[1][0] - t[0][0]) * 0.62, t[0][1] + (t[1][1] - t[0][1]) * 0.6),
                (x, t[0][1] + (t[1][1] - t[0][1]) * 0.42),
                (t[0][0] + (t[4][0] - t[0][0]) * 0.62, t[0][1] + (t[4][1] - t[0][1]) * 0.6),
            ]
            for t in tiers
        ]
        pen.fill(*caps, paint=mix((0.95, 0.0, -0.01), light.sky[2], 0.35))


def round_tree(pen: Pen, x: float, y: float, height: float, tone: Lab, light: Light) -> None:
    """A broad-leaved tree standing at (x, y)."""
    trunk = [
        (x - 0.035 * height, y),
        (x - 0.02 * height, y - 0.5 * height),
        (x + 0.02 * height, y - 0.5 * height),
        (x + 0.035 * height, y),
    ]
    pen.fill(trunk, paint=lift(mix(tone, (0.35, 0.04, 0.04), 0.6), -0.06))
    blobs = [
        oval(x + dx * height, y - dy * height, r * height)
        for dx, dy, r in ((0, 0.74, 0.25), (-0.19, 0.58, 0.20), (0.19, 0.60, 0.20), (0.03, 0.52, 0.22))
    ]
    pen.fill(
        *blobs,
        paint=Gradient(
            (x + 0.3 * height * light.side, y - height),
            (x - 0.3 * height * light.side, y - 0.35 * height),
            (mix(lift(tone, 0.10), light.light, 0.2), tone, lift(tone, -0.10)),
        ),
    )


def haze(view: View, y: float, size: float, strength: float = 0.5) -> None:
    """A band of mist across the view."""
    m = view.margin
    view.pen.fill(
        box_path(-m, y - size / 2, view.width + m, y + size / 2),
        paint=mix(view.light.sky[2], view.light.light, 0.2),
        alpha=strength,
        blur=size * 0.5,
    )


def vignette(pen: Pen, light: Light, strength: float = 0.30) -> None:
    """Darker corners, by four soft shapes outside the frame."""
    w, h = pen.size
    for x in (-0.04 * w, 1.04 * w):
        for y in (-0.04 * h, 1.04 * h):
            pen.fill(oval(x, y, 0.20 * w, 0.20 * h), paint=lift(light.near, -0.05), alpha=strength, blur=0.17)


def spot(view: View, x: float, y: float, radius: float, colour: Lab, strength: float) -> None:
    view.pen.glow((x, y), radius, colour, strength)


def wash(view: View, stops: tuple[Lab, ...]) -> None:
    """A round fall of colour over the whole frame."""
    m = view.margin
    middle = (view.width / 2, view.height * 0.42)
    view.pen.fill(
        box_path(-m, -m, view.width + m, view.height + m), paint=Radial(middle, 0.8 * max(view.width, view.height), stops)
    )
