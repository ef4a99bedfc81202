"""Rooms: living room, kitchen, café, train. One wall, one floor, a window with the time of day in it."""

import numpy as np

from .canvas import Gradient, bezier, box_path, oval, round_box, smooth
from .colour import Lab, hexed, lift, mix
from .furniture import chair, mug
from .scenery import View
from .things import kettle, lamp, plant


def _shell(view: View, wall: Lab, floor: Lab) -> None:
    """Wall, skirting and floorboards running to the middle."""
    pen, w, h, y, m, light = view.pen, view.width, view.height, view.horizon + 0.10, view.margin, view.light
    lit = w * (0.5 + 0.5 * light.side)
    pen.fill(
        box_path(-m, -m, w + m, y),
        paint=Gradient((lit, 0), (w - lit, y), (mix(lift(wall, 0.04), light.light, 0.25), wall, light.shade(wall, 0.10))),
    )
    pen.fill(box_path(-m, y, w + m, h + m), paint=Gradient((0, y), (0, h), (floor, lift(floor, -0.07))))
    boards = [
        [(w / 2 + d, y), (w / 2 + d + 0.0025, y), (w / 2 + d * 2.6 + 0.006, h + m), (w / 2 + d * 2.6, h + m)]
        for d in np.linspace(-1.1, 1.1, 23)
    ]
    pen.fill(*boards, paint=lift(floor, -0.10), alpha=0.6)
    pen.fill(box_path(-m, y - 0.028, w + m, y), paint=mix(lift(wall, 0.05), light.light, 0.3))


def _window(view: View, x0: float, y0: float, x1: float, y1: float, bars: int = 2) -> None:
    """A window with sky, a ridge, and its light on the air of the room."""
    pen, light = view.pen, view.light
    frame = light.local(hexed("#f4efe6"))
    pen.fill(box_path(x0 - 0.018, y0 - 0.018, x1 + 0.018, y1 + 0.018), paint=frame)
    glass = box_path(x0, y0, x1, y1)
    pen.fill(glass, paint=Gradient((0, y0), (0, y1), light.sky))
    x = np.linspace(x0, x1, 40)
    for k in range(2):
        line = y1 - (y1 - y0) * (0.26 - 0.12 * k) - 0.022 * np.sin(9 * x + 2.2 * k) - 0.012 * np.sin(23 * x + k)
        pen.fill(np.concatenate([np.stack([x, line], 1), [(x1, y1), (x0, y1)]]), paint=light.layer(0.2 + 0.4 * k))
    if light.time == "night":
        pen.fill(
            *[oval(view.between(x0, x1), view.between(y0, (y0 + y1) / 2), 0.002, steps=8) for _ in range(14)], paint=light.light
        )
    for k in range(1, bars):
        xm = x0 + (x1 - x0) * k / bars
        pen.fill(box_path(xm - 0.006, y0, xm + 0.006, y1), paint=frame)
    pen.fill(
        box_path(x0, (y0 + y1) / 2 - 0.005, x1, (y0 + y1) / 2 + 0.005),
        box_path(x0 - 0.03, y1 + 0.010, x1 + 0.03, y1 + 0.030),
        paint=frame,
    )
    if light.level > 0.8:
        pen.glow(((x0 + x1) / 2, (y0 + y1) / 2), (y1 - y0) * 1.1, light.light, 0.28)


def _sunbeam(view: View, x0: float, x1: float) -> None:
    """The window's light on the floor."""
    light, y = view.light, view.horizon + 0.13
    if light.level < 0.8:
        return
    d = -light.side * 0.22
    for k in range(2):
        a, b = x0 + (x1 - x0) * (0.02 + 0.5 * k), x0 + (x1 - x0) * (0.48 + 0.5 * k)
        view.pen.fill(
            [(a + d * 0.3, y), (b + d * 0.3, y), (b + d * 1.6, y + 0.20), (a + d * 1.6, y + 0.20)],
            paint=light.light,
            alpha=0.5,
            blur=0.006,
        )


def _pendant(view: View, x: float, length: float, tone: Lab, size: float = 0.075) -> None:
    pen = view.pen
    pen.fill(box_path(x - 0.0015, -view.margin, x + 0.0015, length), paint=lift(view.light.near, 0.02))
    shade = smooth(
        [
            (x - size, length + size * 0.75),
            (x - size * 0.75, length + size * 0.2),
            (x, length),
            (x + size * 0.75, length + size * 0.2),
            (x + size, length + size * 0.75),
        ]
    )
    pen.fill(shade, paint=Gradient((x - size, 0), (x + size, 0), (lift(tone, 0.06), lift(tone, -0.10))))
    pen.fill(oval(x, length + size * 0.76, size * 0.92, size * 0.13), paint=view.lamp)
    pen.glow((x, length + size * 1.2), size * 4.2, view.lamp, 0.22 if view.light.level > 0.8 else 0.5)


def _picture(view: View, x: float, y: float, w: float, h: float, tone: Lab) -> None:
    pen, light = view.pen, view.light
    pen.fill(box_path(x - 0.002, y + 0.008, x + w + 0.004, y + h + 0.012), paint=light.near, alpha=0.28, blur=0.010)
    pen.fill(box_path(x, y, x + w, y + h), paint=light.local(hexed("#3a2d26")))
    inner = box_path(x + 0.010, y + 0.010, x + w - 0.010, y + h - 0.010)
    pen.fill(inner, paint=light.local(hexed("#f5eee1")))
    pen.fill(oval(x + w * 0.5, y + h * 0.45, w * 0.26), paint=light.local(tone), clip=inner)
    pen.fill(
        smooth([(x, y + h * 0.75), (x + w * 0.4, y + h * 0.58), (x + w, y + h * 0.78), (x + w, y + h), (x, y + h)]),
        paint=light.local(mix(tone, light.near, 0.6)),
        clip=inner,
    )


def _small(view: View, x: float, y: float, size: float, thing: str, tone: Lab, accent: Lab) -> None:
    draw = {"plant": plant, "lamp": lamp, "chair": chair, "kettle": kettle, "mug": mug}[thing]
    view.pen.fill(oval(x, y, size * 0.42, size * 0.05), paint=view.light.near, alpha=0.35, blur=0.012)
    draw(view.pen.at(x, y, size), view.light, view.light.local(tone), view.light.local(accent))


def room(view: View) -> None:
    light, w, y = view.light, view.width, view.horizon
    _shell(view, light.wall, light.floor)
    s = light.side
    cx = w * (0.5 + 0.20 * s)
    half = min(0.19, w * 0.22)
    _window(view, cx - half, y - 0.42, cx + half, y - 0.06)
    _sunbeam(view, cx - half, cx + half)
    for k in range(2):
        _picture(
            view,
            w * (0.5 - 0.30 * s) - 0.09 + 0.125 * k,
            y - 0.32 + 0.03 * k,
            0.10,
            0.13 + 0.02 * k,
            (light.accent, light.accent2)[k],
        )
    view.pen.fill(oval(w * 0.5, y + 0.26, w * 0.38, 0.07), paint=light.local(mix(light.accent, light.wall, 0.55)))
    view.pen.fill(oval(w * 0.5, y + 0.26, w * 0.34, 0.058), paint=light.local(mix(light.accent, light.wall, 0.72)))
    _small(view, w * (0.5 - 0.34 * s), y + 0.17, 0.30, "chair", mix(light.accent, light.wall, 0.2), light.accent2)
    _small(view, w * (0.5 + 0.44 * s), y + 0.16, 0.34, "plant", mix(light.floor, light.accent2, 0.5), light.accent)
    _small(view, w * (0.5 - 0.48 * s), y + 0.13, 0.42, "lamp", light.accent2, light.near)


def kitchen(view: View) -> None:
    light, w, y, pen, m = view.light, view.width, view.horizon, view.pen, view.margin
    _shell(view, light.wall, light.floor)
    top = y + 0.02
    tile = mix(lift(light.wall, 0.06), light.sky[2], 0.3)
    pen.fill(box_path(-m, y - 0.17, w + m, top), paint=tile)
    grout = [box_path(-m, y - 0.17 + 0.048 * k, w + m, y - 0.168 + 0.048 * k) for k in range(4)]
    grout += [
        box_path(x + 0.04 * (k % 2), y - 0.17 + 0.048 * k, x + 0.04 * (k % 2) + 0.002, y - 0.122 + 0.048 * k)
        for k in range(4)
        for x in np.arange(-m, w + m, 0.08)
    ]
    pen.fill(*grout, paint=lift(tile, -0.08), alpha=0.7)
    cx, half = w * (0.5 + 0.18 * light.side), min(0.17, w * 0.2)
    _window(view, cx - half, y - 0.46, cx + half, y - 0.15)
    _shelf(view, w * (0.5 - 0.26 * light.side), y - 0.30)
    front = light.local(mix(light.accent, light.wall, 0.35))
    pen.fill(box_path(-m, top, w + m, y + 0.26), paint=Gradient((0, top), (0, y + 0.26), (front, light.shade(front, 0.10))))
    for x in np.arange(-m, w + m, 0.19):
        pen.fill(round_box(x + 0.010, top + 0.045, x + 0.18, y + 0.24, 0.006), paint=lift(front, 0.035))
        pen.fill(oval(x + 0.155, top + 0.10, 0.007), paint=light.local(light.accent2))
    pen.fill(box_path(-m, top - 0.012, w + m, top + 0.026), paint=light.local(hexed("#efe6d6")))
    pen.fill(box_path(-m, top + 0.026, w + m, top + 0.040), paint=light.near, alpha=0.25)
    _small(view, w * (0.5 - 0.33 * light.side), top, 0.13, "kettle", light.accent, light.accent2)
    _small(view, w * (0.5 + 0.40 * light.side), top, 0.16, "plant", light.accent2, light.accent)
    for k in (-1, 1):
        _pendant(view, w / 2 + k * 0.20, 0.10, light.local(light.accent2))


def _shelf(view: View, x: float, y: float) -> None:
    pen, light = view.pen, view.light
    wood = light.local(hexed("#9a6b45"))
    for row in range(2):
        b = y + 0.12 * row
        pen.fill(box_path(x - 0.17, b, x + 0.17, b + 0.014), paint=wood)
        for k in range(6):
            tone = light.local((light.accent, light.accent2, hexed("#f2ead9"), light.far)[int(view.rng.integers(4))])
            s, h = 0.020, view.between(0.035, 0.075)
            cx = x - 0.14 + 0.056 * k
            pen.fill(
                round_box(cx - s, b - h, cx + s, b, 0.007),
                paint=Gradient((cx - s, 0), (cx + s, 0), (lift(tone, 0.04), lift(tone, -0.08))),
            )


def cafe(view: View) -> None:
    light, w, y, pen = view.light, view.width, view.horizon, view.pen
    wall = mix(light.shade(light.wall, 0.12), light.accent, 0.15)
    _shell(view, wall, light.floor)
    for k in range(2):
        x0 = w * (0.06 + 0.48 * k)
        _window(view, x0, y - 0.44, x0 + w * 0.38, y - 0.02, 2)
    _sunbeam(view, w * 0.1, w * 0.6)
    awning = [
        [(x, y - 0.50), (x + w * 0.06, y - 0.50), (x + w * 0.06, y - 0.43), (x + w * 0.03, y - 0.415), (x, y - 0.43)]
        for x in np.arange(-0.06 * w, w * 1.06, w * 0.12)
    ]
    pen.fill(box_path(-view.margin, y - 0.50, w + view.margin, y - 0.44), paint=light.local(hexed("#f6efe1")))
    pen.fill(*awning, paint=light.local(light.accent))
    for x in (0.2, 0.5, 0.8):
        _pendant(view, w * x, 0.06 + 0.03 * (x == 0.5), lift(light.near, 0.12), 0.06)
    for x, s in ((0.14, 0.20), (0.88, 0.22)):
        _table(view, w * x, y + 0.22, s)


def _table(view: View, x: float, y: float, size: float) -> None:
    pen, light = view.pen, view.light
    wood = light.local(hexed("#a87448"))
    pen.fill(oval(x, y, size * 0.5, size * 0.09), paint=light.near, alpha=0.4, blur=0.012)
    pen.fill(
        [(x - 0.008, y - size * 0.8), (x + 0.008, y - size * 0.8), (x + 0.014, y), (x - 0.014, y)],
        oval(x, y, size * 0.25, size * 0.045),
        paint=lift(light.near, 0.05),
    )
    pen.fill(oval(x, y - size * 0.78, size * 0.62, size * 0.13), paint=lift(wood, -0.12))
    pen.fill(
        oval(x, y - size * 0.81, size * 0.62, size * 0.13), paint=Gradient((x - size, y), (x + size, y), (lift(wood, 0.05), wood))
    )
    mug(pen.at(x - size * 0.2, y - size * 0.80, size * 0.22), light, light.local(hexed("#f3ece0")), light.local(light.accent))


def train(view: View) -> None:
    light, w, y, pen, m = view.light, view.width, view.horizon, view.pen, view.margin
    wall = mix(light.wall, light.accent, 0.22)
    _shell(view, wall, light.shade(light.floor, 0.06))
    for k in range(3):
        x0 = w * (0.03 + 0.33 * k)
        pen.fill(round_box(x0 - 0.014, y - 0.414, x0 + w * 0.28 + 0.014, y - 0.046, 0.045), paint=light.local(hexed("#d9d4c8")))
        _window(view, x0, y - 0.40, x0 + w * 0.28, y - 0.06, 1)
    pen.fill(box_path(-m, y - 0.475, w + m, y - 0.455), paint=light.local(hexed("#c9a25a")))
    seat = light.local(light.accent)
    for x in (0.0, 0.34, 0.67, 1.0):
        c = w * x
        pen.fill(
            round_box(c - 0.065, y - 0.10, c + 0.065, y + 0.20, 0.03),
            paint=Gradient((c - 0.06, 0), (c + 0.06, 0), (lift(seat, 0.05), light.shade(seat, 0.08))),
        )
        pen.fill(round_box(c - 0.085, y + 0.10, c + 0.085, y + 0.19, 0.025), paint=lift(seat, 0.02))
        pen.fill(round_box(c - 0.045, y - 0.105, c + 0.045, y - 0.055, 0.015), paint=light.local(hexed("#f4ecdd")))
    pen.line(
        bezier((-m, y - 0.52), (w * 0.3, y - 0.50), (w * 0.7, y - 0.50), (w + m, y - 0.52)), 0.008, light.local(hexed("#e8e2d5"))
    )


PLACES = {"room": room, "kitchen": kitchen, "cafe": cafe, "train": train}
