"""City, street and cyberpunk: towers, facades in perspective, neon."""

import numpy as np

from .canvas import Gradient, Path, box_path, oval, round_box
from .colour import Lab, hexed, lift, mix
from .scenery import View, draw_sky, haze


def city(view: View) -> None:
    draw_sky(view)
    light, y = view.light, view.horizon
    for k, depth in enumerate((0.08, 0.32, 0.62)):
        _skyline(view, y + 0.05 + 0.03 * k, 0.40 - 0.05 * k, light.layer(depth), 0.05 + 0.018 * k, k)
        haze(view, y + 0.06 + 0.03 * k, 0.12, 0.45 - 0.1 * k)
    _roof(view, y + 0.13)


def _skyline(view: View, foot: float, height: float, tone: Lab, width: float, layer: int) -> None:
    x = -view.margin + view.between(0, width)
    while x < view.width + view.margin:
        w = width * view.between(0.6, 1.5)
        middle = abs((x + w / 2) / view.width - 0.5)
        tall = height * view.between(0.35, 1.0) * (0.62 + 0.7 * middle)
        _tower(view, x, foot - tall, x + w, foot + 0.1, lift(tone, view.between(-0.025, 0.025)), layer)
        x += w * view.between(0.92, 1.25)


def _tower(view: View, x0: float, top: float, x1: float, low: float, tone: Lab, layer: int) -> None:
    pen, light, w = view.pen, view.light, x1 - x0
    body = box_path(x0, top, x1, low)
    pen.fill(body, paint=Gradient((0, top), (0, low), (tone, mix(tone, light.sky[2], 0.45))))
    lit = box_path(x1 - w * 0.24, top, x1, low) if light.side > 0 else box_path(x0, top, x0 + w * 0.24, low)
    pen.fill(lit, paint=mix(tone, light.light, 0.30), alpha=0.45)
    crown = int(view.rng.integers(5))
    if crown == 0:
        pen.fill(box_path(x0 + w * 0.47, top - 0.05, x0 + w * 0.53, top), paint=tone)
    elif crown == 1:
        pen.fill([(x0, top), (x0 + w * 0.5, top - w * 0.55), (x1, top)], paint=tone)
    elif crown == 2:
        pen.fill(
            box_path(x0 + w * 0.2, top - w * 0.3, x1 - w * 0.2, top),
            box_path(x0 + w * 0.38, top - w * 0.55, x1 - w * 0.38, top),
            paint=tone,
        )
    _windows(view, x0, top, x1, low, tone, layer)


def _windows(view: View, x0: float, top: float, x1: float, low: float, tone: Lab, layer: int) -> None:
    columns, step = max(2, int((x1 - x0) / 0.014)), 0.021
    pitch = (x1 - x0) / (columns + 0.5)
    lit: list[Path] = []
    for row in range(min(int((low - 0.06 - top) / step), 26)):
        for column in range(columns):
            if view.rng.random() < (0.42 if view.night else 0.55):
                x, y = x0 + pitch * (column + 0.5), top + 0.016 + row * step
                lit.append(box_path(x, y, x + pitch * 0.5, y + step * 0.5))
    if lit:
        view.pen.fill(
            *lit,
            paint=view.lamp if view.night else mix(tone, view.light.sky[1], 0.45),
            alpha=(0.45 + 0.2 * layer) if view.night else 0.6,
        )


def _roof(view: View, y: float) -> None:
    """The terrace in front from which the city is seen."""
    pen, light, m = view.pen, view.light, view.margin
    tone = mix(light.near, light.floor, 0.35)
    pen.fill(
        box_path(-m, y, view.width + m, view.height + m),
        paint=Gradient((0, y), (0, view.height), (mix(tone, light.sky[2], 0.18), tone, lift(tone, -0.07))),
    )
    pen.fill(box_path(-m, y - 0.012, view.width + m, y + 0.014), paint=mix(tone, light.light, 0.35))
    joints = [
        [
            (view.width / 2 + d, y + 0.014),
            (view.width / 2 + d + 0.004, y + 0.014),
            (view.width / 2 + d * 3.2 + 0.012, view.height),
            (view.width / 2 + d * 3.2, view.height),
        ]
        for d in np.linspace(-0.8, 0.8, 13)
    ]
    pen.fill(*joints, paint=lift(tone, -0.06), alpha=0.7)


def street(view: View) -> None:
    draw_sky(view)
    light = view.light
    _skyline(view, view.horizon + 0.02, 0.20, light.layer(0.18), 0.045, 1)
    haze(view, view.horizon, 0.14, 0.5)
    _road(view, mix(light.near, light.floor, 0.45))
    for side in (-1, 1):
        _facades(view, side)
    _lamps(view)


def _road(view: View, tone: Lab) -> None:
    pen, light, w, y, h, m = view.pen, view.light, view.width, view.horizon, view.height, view.margin
    path = mix(tone, light.light, 0.28)
    pen.fill(
        box_path(-m, y, w + m, h + m), paint=Gradient((0, y), (0, h), (mix(path, light.sky[2], 0.5), path, lift(path, -0.08)))
    )
    road = [(w * 0.47, y), (w * 0.53, y), (w * 1.02, h + m), (w * -0.02, h + m)]
    pen.fill(road, paint=Gradient((0, y), (0, h), (mix(tone, light.sky[2], 0.55), tone, lift(tone, -0.07))))
    for a, b in ((0.10, 0.16), (0.24, 0.34), (0.46, 0.62), (0.80, 1.02)):
        ya, yb = y + (h - y) * a, y + (h - y) * b
        pen.fill(
            [(w / 2 - 0.012 * a, ya), (w / 2 + 0.012 * a, ya), (w / 2 + 0.012 * b, yb), (w / 2 - 0.012 * b, yb)],
            paint=light.light,
            alpha=0.55,
        )


def _depths(view: View, count: int = 6) -> list[float]:
    """Edges of houses along the street, from the viewer (1) to the vanishing point (0)."""
    return [float(v) for v in np.geomspace(1.25, 0.10, count + 1)]


def _at(view: View, side: int, depth: float, up: float) -> tuple[float, float]:
    """A point on the facade line at that depth, `up` above the street in near heights."""
    street = view.horizon + depth * (view.height - view.horizon) * 0.72
    return view.width / 2 + side * depth * view.width * 0.52, street - up * depth


def _facades(view: View, side: int) -> None:
    edges = _depths(view)
    tones = (
        view.light.wall,
        mix(view.light.wall, view.light.accent, 0.45),
        mix(view.light.wall, view.light.accent2, 0.4),
        mix(view.light.wall, view.light.far, 0.6),
    )
    order = view.rng.permutation(len(tones))
    for k in range(len(edges) - 2, -1, -1):
        near, far = edges[k], edges[k + 1]
        tone = mix(view.light.local(tones[int(order[k % 4])]), view.light.sky[2], 0.42 * (1 - near / 1.25))
        _house(view, side, near, far, tone, view.between(0.75, 1.15))


def _house(view: View, side: int, near: float, far: float, tone: Lab, tall: float) -> None:
    pen, light = view.pen, view.light
    tone = light.shade(tone, 0.10) if side * light.side > 0 else tone
    quad = [_at(view, side, near, 0), _at(view, side, far, 0), _at(view, side, far, tall), _at(view, side, near, tall)]
    pen.fill(quad, paint=Gradient(quad[3], quad[0], (lift(tone, 0.03), tone, lift(tone, -0.08))))
    cornice = [
        _at(view, side, near, tall),
        _at(view, side, far, tall),
        _at(view, side, far, tall - 0.025),
        _at(view, side, near, tall - 0.025),
    ]
    pen.fill(cornice, paint=lift(tone, 0.08))
    panes, glass = [], view.lamp if view.night else mix(light.sky[0], light.sky[1], 0.5)
    for floor in np.arange(0.30, tall - 0.12, 0.19):
        for t in (0.18, 0.58):
            a, b = near + (far - near) * t, near + (far - near) * (t + 0.24)
            if view.rng.random() < (0.6 if view.night else 1.0):
                panes.append(
                    [
                        _at(view, side, a, floor),
                        _at(view, side, b, floor),
                        _at(view, side, b, floor + 0.11),
                        _at(view, side, a, floor + 0.11),
                    ]
                )
    if panes:
        pen.fill(*panes, paint=glass, alpha=0.85)
    _shop(view, side, near, far, tone)


def _shop(view: View, side: int, near: float, far: float, tone: Lab) -> None:
    pen, light = view.pen, view.light
    a, b = near + (far - near) * 0.10, near + (far - near) * 0.88
    front = [_at(view, side, a, 0.0), _at(view, side, b, 0.0), _at(view, side, b, 0.17), _at(view, side, a, 0.17)]
    pen.fill(front, paint=view.lamp if view.night else lift(tone, -0.28), alpha=0.9)
    awn = light.local((light.accent, light.accent2)[int(view.rng.integers(2))])
    reach = -side * 0.035
    xa, ya = _at(view, side, a, 0.18)
    xb, yb = _at(view, side, b, 0.18)
    pen.fill(
        [(xa, ya), (xb, yb), (xb + reach * b, yb + 0.05 * b), (xa + reach * a, ya + 0.06 * a)],
        paint=Gradient((0, ya), (0, ya + 0.06), (lift(awn, 0.04), lift(awn, -0.07))),
    )


def _lamps(view: View) -> None:
    pen, light = view.pen, view.light
    tone = lift(light.near, -0.02)
    for side in (-1, 1):
        for depth in (0.26, 0.52):
            x, y = _at(view, side, depth * 0.86, 0)
            h = 0.62 * depth
            pen.fill(box_path(x - 0.005 * depth, y - h, x + 0.005 * depth, y), oval(x, y - h, 0.018 * depth), paint=tone)
            if view.night:
                pen.glow((x, y - h), 0.32 * depth, view.lamp, 0.55)
                pen.fill(oval(x, y - h, 0.014 * depth), paint=lift(view.lamp, 0.05))


_NEON = tuple(hexed(c) for c in ("#ff3fa0", "#22e6f2", "#ffd23f", "#8f6bff", "#ff6a3d"))


def cyberpunk(view: View) -> None:
    """A canyon of towers with signs, haze and a wet street that mirrors them."""
    draw_sky(view, sun=False)
    light, w, y, pen = view.light, view.width, view.horizon, view.pen
    pen.glow((w / 2, y), 0.75, mix(light.sky[2], _NEON[0], 0.4), 0.55)
    x = w * (0.5 + 0.10 * light.side)
    pen.fill(
        oval(x, y * 0.45, 0.15, steps=80),
        paint=Gradient(
            (x, y * 0.45 - 0.15), (x, y * 0.45 + 0.15), (mix(_NEON[0], light.light, 0.55), mix(_NEON[0], light.sky[1], 0.35))
        ),
        alpha=0.9,
    )
    for k, depth in enumerate((0.1, 0.4)):
        _skyline(view, y + 0.03, 0.52 - 0.14 * k, light.layer(depth), 0.045 + 0.02 * k, k + 1)
        haze(view, y - 0.02, 0.2, 0.4)
    _wet(view)
    for side in (-1, 1):
        _blocks(view, side)
    _cables(view)


def _wet(view: View) -> None:
    pen, light, w, y, h, m = view.pen, view.light, view.width, view.horizon, view.height, view.margin
    tone = lift(light.near, 0.03)
    pen.fill(
        box_path(-m, y, w + m, h + m),
        paint=Gradient((0, y), (0, h), (mix(light.sky[2], tone, 0.35), mix(tone, light.sky[1], 0.35), tone)),
    )
    for _ in range(26):
        x, b = view.between(0, w), y + view.between(0.02, 1.0) * (h - y)
        colour = _NEON[int(view.rng.integers(len(_NEON)))]
        pen.fill(
            oval(x, b, view.between(0.008, 0.03), view.between(0.03, 0.14), 20),
            paint=colour,
            alpha=view.between(0.10, 0.30),
            blur=0.008,
        )
    streaks = [
        oval(view.between(0, w), y + 0.03 + view.between(0, 1) * (h - y), view.between(0.02, 0.09), 0.0016, 12) for _ in range(46)
    ]
    pen.fill(*streaks, paint=mix(light.light, _NEON[1], 0.4), alpha=0.35)


def _blocks(view: View, side: int) -> None:
    edges = _depths(view, 5)
    for k in range(len(edges) - 2, -1, -1):
        near, far = edges[k], edges[k + 1]
        tone = mix(lift(view.light.near, 0.06), view.light.sky[2], 0.40 * (1 - near / 1.25))
        tall = view.between(1.0, 1.7)
        quad = [_at(view, side, near, 0), _at(view, side, far, 0), _at(view, side, far, tall), _at(view, side, near, tall)]
        view.pen.fill(quad, paint=Gradient(quad[3], quad[0], (tone, lift(tone, -0.03), lift(tone, 0.04))))
        _slits(view, side, near, far, tall)
        for _ in range(2):
            _sign(view, side, near, far)


def _slits(view: View, side: int, near: float, far: float, tall: float) -> None:
    slits = []
    for up in np.arange(0.12, tall, 0.075):
        for t in (0.12, 0.36, 0.6, 0.82):
            if view.rng.random() < 0.34:
                a, b = near + (far - near) * t, near + (far - near) * (t + 0.13)
                slits.append(
                    [_at(view, side, a, up), _at(view, side, b, up), _at(view, side, b, up + 0.03), _at(view, side, a, up + 0.03)]
                )
    if slits:
        view.pen.fill(*slits, paint=mix(view.lamp, _NEON[int(view.rng.integers(5))], 0.35), alpha=0.75)


def _sign(view: View, side: int, near: float, far: float) -> None:
    """A hanging sign with bars for letters; its light falls on the air around."""
    pen, depth = view.pen, near + (far - near) * view.between(0.2, 0.7)
    colour = _NEON[int(view.rng.integers(len(_NEON)))]
    x, y = _at(view, side, depth, view.between(0.32, 0.70))
    w, h = 0.075 * depth, view.between(0.16, 0.34) * depth
    x0 = x - w if side > 0 else x
    panel = round_box(x0, y - h, x0 + w, y, 0.008 * depth)
    pen.glow((x0 + w / 2, y - h / 2), h * 1.25, colour, 0.55)
    pen.fill(panel, paint=mix(colour, view.light.near, 0.72))
    pen.line(np.concatenate([panel, panel[:1]]), 0.007 * depth, lift(colour, 0.06))
    bars = []
    for k in range(int(h / (0.052 * depth))):
        b = y - h + (0.016 + 0.052 * k) * depth
        bars += [
            box_path(x0 + w * 0.22, b, x0 + w * view.between(0.55, 0.8), b + 0.008 * depth),
            box_path(x0 + w * 0.22, b + 0.016 * depth, x0 + w * 0.78, b + 0.022 * depth),
        ]
    pen.fill(*bars, paint=lift(colour, 0.12), alpha=0.95)


def _cables(view: View) -> None:
    for _ in range(3):
        a, b, y = _at(view, -1, view.between(0.4, 0.9), 0.9), _at(view, 1, view.between(0.4, 0.9), 0.85), view.between(0.03, 0.10)
        t = np.linspace(0, 1, 24)
        view.pen.line(
            np.stack([a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t + 4 * y * t * (1 - t)], 1),
            0.0028,
            lift(view.light.near, -0.02),
            0.9,
        )


PLACES = {"city": city, "street": street, "cyberpunk": cyberpunk}
