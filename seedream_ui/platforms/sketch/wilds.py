"""Places with little shelter: desert, snow, garden, space."""

import numpy as np

from .canvas import Gradient, bezier, oval, ribbon, smooth
from .colour import Lab, hexed, lift, mix
from .outdoors import peaks, row_of_pines, tufts
from .scenery import View, down, draw_sky, ground, haze, hills, round_tree, wash


def desert(view: View) -> None:
    draw_sky(view)
    light, y = view.light, view.horizon
    sand = mix(mix(light.ground, light.accent2, 0.35), light.sky[2], 0.15)
    for k in range(4):
        base = y + 0.03 + 0.085 * k
        _dune(view, base, mix(mix(sand, light.sky[2], 0.42 - 0.14 * k), light.near, 0.06 * k), 0.075 + 0.02 * k)
    ripples = [
        ribbon(bezier((x, b), (x + 0.08, b - 0.012), (x + 0.16, b + 0.012), (x + 0.26, b)), 0.0022, 0.9)
        for x, b in zip(view.many(-0.1, view.width, 22), view.many(y + 0.33, view.height, 22), strict=True)
    ]
    view.pen.fill(*ripples, paint=light.shade(sand, 0.2), alpha=0.45)


def _dune(view: View, base: float, tone: Lab, height: float) -> None:
    """One crest: the lit flank, and the shaded one behind a winding edge."""
    light, w, m = view.light, view.width, view.margin
    x, far = w * view.between(0.08, 0.92), -light.side
    line = smooth(
        [
            (-m, base + height * 0.3),
            (x - 0.42, base + height * 0.05),
            (x - 0.12, base - height * 0.75),
            (x, base - height),
            (x + 0.14, base - height * 0.7),
            (x + 0.45, base + height * 0.1),
            (w + m, base + height * 0.2),
        ],
        closed=False,
    )
    shape = down(view, line[np.argsort(line[:, 0])])
    view.pen.fill(shape, paint=Gradient((0, base - height), (0, base + 0.26), (mix(lift(tone, 0.07), light.light, 0.25), tone)))
    edge = bezier(
        (x, base - height), (x - far * 0.06, base - height * 0.3), (x + far * 0.10, base + 0.03), (x - far * 0.02, base + 0.16)
    )
    flank = np.concatenate([edge, [(x + far * 1.5, base + 0.3), (x + far * 1.5, base - 0.4), (x, base - height - 0.05)]])
    view.pen.fill(
        flank,
        paint=Gradient((x, base), (x + far * 0.7, base), (light.shade(tone, 0.16), light.shade(tone, 0.05))),
        alpha=0.85,
        clip=shape,
    )


def snow(view: View) -> None:
    draw_sky(view)
    light, y = view.light, view.horizon
    white = mix(hexed("#ffffff"), light.sky[1], 0.18)
    peaks(view, y, 0.22, mix(light.layer(0.2), white, 0.25))
    haze(view, y + 0.02, 0.12, 0.5)
    for k in range(3):
        tone = mix(mix(white, light.sky[1], 0.38 - 0.13 * k), light.light, 0.12)
        hills(view, y + 0.05 + 0.085 * k, 0.03, lift(tone, -0.05 + 0.03 * k) if view.night else tone, 0.35)
        row_of_pines(view, y + 0.07 + 0.08 * k, 0.12 + 0.05 * k, light.layer(0.5 + 0.18 * k), 12 - 4 * k, True)
    last = mix(white, light.light, 0.2)
    last = (last[0] * (0.75 if view.night else 1.0), last[1], last[2])
    hills(view, y + 0.26, 0.015, last, 0.3)


def garden(view: View) -> None:
    draw_sky(view)
    light, y, w, pen = view.light, view.horizon, view.width, view.pen
    hills(view, y - 0.02, 0.06, light.layer(0.2))
    green = mix(light.ground, hexed("#5f8f52"), 0.45 if not view.night else 0.15)
    for x in np.linspace(0, w, 7):
        round_tree(
            pen,
            float(x) + view.between(-0.06, 0.06),
            y + 0.05,
            view.between(0.16, 0.27),
            mix(light.layer(0.45), green, 0.5),
            light,
        )
    ground(view, y + 0.03, green, 0.16)
    path = smooth(
        [
            (w * 0.48, y + 0.03),
            (w * 0.52, y + 0.03),
            (w * 0.60, y + 0.12),
            (w * 0.52, y + 0.22),
            (w * 0.78, view.height + 0.1),
            (w * 0.22, view.height + 0.1),
            (w * 0.38, y + 0.24),
            (w * 0.50, y + 0.12),
        ],
        steps=8,
    )
    pen.fill(path, paint=mix(light.light, light.ground, 0.4), alpha=0.85)
    _flowers(view, y + 0.09, green)


def _flowers(view: View, y: float, green: Lab) -> None:
    light, w = view.light, view.width
    tufts(view, y, lift(green, -0.12))
    for tone in (light.accent, light.accent2, mix(light.light, light.accent, 0.3)):
        heads = []
        for _ in range(46):
            t = view.rng.random()
            x, b = view.between(0, w), y + t * (view.height - y)
            if abs(x - w / 2) > 0.10 + 0.28 * t:
                s = 0.003 + 0.011 * t
                heads += [oval(x, b, s, steps=14), oval(x + s * 1.3, b + s * 0.6, s * 0.8, steps=14)]
        view.pen.fill(*heads, paint=light.local(tone), alpha=0.95)


def space(view: View) -> None:
    light, w, h, pen = view.light, view.width, view.height, view.pen
    wash(view, (lift(light.sky[1], 0.05), light.sky[0], lift(light.sky[0], -0.08)))
    for _ in range(5):
        pen.glow(
            (view.between(0, w), view.between(0, h * 0.7)),
            view.between(0.25, 0.5),
            mix(light.sky[2], light.accent, view.between(0, 0.6)),
            0.30,
            view.between(0.4, 0.8),
        )
    x, y = view.many(0, w, 170), view.many(0, h * 0.85, 170)
    pen.fill(
        *[oval(a, b, c, steps=8) for a, b, c in zip(x, y, view.many(0.0006, 0.0026, 170), strict=True)],
        paint=hexed("#ffffff"),
        alpha=0.9,
    )
    _planet(view, w * (0.5 + 0.24 * light.side), h * 0.26, view.between(0.12, 0.18))
    soil = mix(light.far, hexed("#9a95a5"), 0.4)
    hills(view, view.horizon + 0.03, 0.03, lift(soil, -0.12), 0.4)
    hills(view, view.horizon + 0.13, 0.012, soil, 0.3)
    for _ in range(9):
        t = view.rng.random()
        cx, cy, r = view.between(0, w), view.horizon + 0.17 + t * (h - view.horizon - 0.17), 0.02 + 0.05 * t
        pen.fill(oval(cx, cy, r, r * 0.28), paint=lift(soil, -0.13), alpha=0.8)
        pen.fill(oval(cx, cy + r * 0.07, r * 0.9, r * 0.20), paint=lift(soil, -0.05))


def _planet(view: View, x: float, y: float, r: float) -> None:
    light, pen = view.light, view.pen
    disc, tone = oval(x, y, r, steps=96), mix(light.accent, light.sky[2], 0.35)
    pen.glow((x, y), r * 2.2, tone, 0.35)
    pen.fill(
        disc,
        paint=Gradient((x + r * light.side, y - r), (x - r * light.side, y + r), (lift(tone, 0.14), tone, lift(tone, -0.26))),
    )
    for k in range(5):
        pen.fill(
            oval(x, y + r * (-0.6 + 0.3 * k), r * 1.2, r * 0.055),
            paint=lift(tone, 0.10 if k % 2 else -0.09),
            alpha=0.5,
            clip=disc,
        )
    pen.crescent(disc, (r * 0.5 * light.side, -r * 0.3), lift(light.near, -0.03), 0.6, r * 0.3)
    ring = ribbon(
        np.stack(
            [x + r * 1.75 * np.cos(t := np.linspace(-0.35, np.pi + 0.35, 60)), y + r * 0.36 * np.sin(t) + 0.06 * r * np.cos(t)], 1
        ),
        r * 0.10,
        0.4,
    )
    pen.fill(ring, paint=light.accent2, alpha=0.85)


PLACES = {"desert": desert, "snow": snow, "garden": garden, "space": space}
