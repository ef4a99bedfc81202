"""Objects that can lead a picture or furnish a room: base at y = 0, one unit tall, x around 0."""

from collections.abc import Callable

import numpy as np

from .canvas import Gradient, Pen, bezier, box_path, moved, oval, ribbon, round_box, smooth
from .colour import Lab, hexed, lift, mix
from .direction import Light
from .furniture import car, chair, house, mug
from .scenery import round_tree
from .shoe import Colourway, draw_shoe
from .solids import gleam, solid

Drawn = Callable[[Pen, Light, Lab, Lab], None]


def kettle(pen: Pen, light: Light, body: Lab, accent: Lab) -> None:
    """An enamel kettle, its spout to the right."""
    dark, steel = light.local(hexed("#2b2624")), light.local(hexed("#d8d4cb"))
    handle = bezier((-0.30, -0.60), (-0.36, -1.06), (0.36, -1.06), (0.30, -0.60), steps=40)
    pen.line(handle, 0.035, light.local(hexed("#8a8a8a")))
    pen.line(handle[11:29], 0.070, dark)
    pen.line(moved(handle[12:28], 0.0, -0.015), 0.016, lift(dark, 0.25), 0.7, 0.8)
    spout = smooth(
        [
            (0.28, -0.34),
            (0.42, -0.40),
            (0.52, -0.58),
            (0.60, -0.64),
            (0.66, -0.60),
            (0.60, -0.52),
            (0.52, -0.30),
            (0.36, -0.14),
            (0.28, -0.14),
        ]
    )
    solid(pen, spout, body, light)
    shape = smooth(
        [
            (-0.26, -0.58),
            (-0.08, -0.625),
            (0.08, -0.625),
            (0.26, -0.58),
            (0.38, -0.40),
            (0.43, -0.18),
            (0.40, -0.035),
            (0.34, 0.0),
            (0.0, 0.004),
            (-0.34, 0.0),
            (-0.40, -0.035),
            (-0.43, -0.18),
            (-0.38, -0.40),
        ]
    )
    solid(pen, shape, body, light, 0.8)
    pen.fill(box_path(-0.5, -0.045, 0.5, -0.018), paint=lift(body, -0.14), alpha=0.7, clip=shape)
    side = light.side
    gleam(pen, bezier((side * 0.27, -0.47), (side * 0.33, -0.36), (side * 0.35, -0.25), (side * 0.34, -0.14)), 0.060, light, 0.75)
    gleam(
        pen, bezier((-side * 0.30, -0.42), (-side * 0.36, -0.30), (-side * 0.38, -0.2), (-side * 0.37, -0.1)), 0.022, light, 0.35
    )
    lid = smooth([(-0.27, -0.575), (-0.20, -0.645), (0.0, -0.69), (0.20, -0.645), (0.27, -0.575), (0.0, -0.555)])
    solid(pen, lid, lift(body, 0.02), light)
    pen.line(bezier((-0.275, -0.577), (-0.1, -0.548), (0.1, -0.548), (0.275, -0.577)), 0.016, steel)
    solid(pen, oval(0, -0.725, 0.055, 0.048), dark, light)
    for x in (-0.30, 0.30):
        pen.fill(oval(x, -0.585, 0.032), paint=steel)


def lamp(pen: Pen, light: Light, body: Lab, accent: Lab) -> None:
    pen.fill(box_path(-0.018, -0.62, 0.018, -0.04), paint=accent)
    solid(pen, smooth([(-0.17, 0.0), (-0.16, -0.035), (0.0, -0.06), (0.16, -0.035), (0.17, 0.0)]), accent, light)
    shade = np.array([(-0.30, -0.55), (-0.17, -1.0), (0.17, -1.0), (0.30, -0.55)])
    pen.glow((0, -0.62), 0.9, mix(light.light, (0.9, 0.03, 0.1), 0.5), 0.45)
    solid(pen, shade, body, light)
    pen.fill(oval(0, -0.55, 0.30, 0.035), paint=lift(mix(body, light.light, 0.7), 0.05))


def bottle(pen: Pen, light: Light, body: Lab, accent: Lab) -> None:
    shape = smooth(
        [
            (-0.07, -0.80),
            (-0.07, -0.70),
            (-0.12, -0.62),
            (-0.20, -0.54),
            (-0.21, -0.40),
            (-0.21, -0.05),
            (-0.17, 0.0),
            (0.17, 0.0),
            (0.21, -0.05),
            (0.21, -0.40),
            (0.20, -0.54),
            (0.12, -0.62),
            (0.07, -0.70),
            (0.07, -0.80),
        ]
    )
    solid(pen, shape, body, light, 0.9)
    solid(pen, round_box(-0.085, -1.0, 0.085, -0.78, 0.02), accent, light)
    label = round_box(-0.19, -0.42, 0.19, -0.14, 0.01)
    pen.fill(
        label,
        paint=Gradient(
            (0.2 * light.side, 0), (-0.2 * light.side, 0), (light.local(hexed("#f7f1e4")), light.local(hexed("#ddd2bf")))
        ),
        clip=shape,
    )
    pen.fill(
        box_path(-0.12, -0.34, 0.12, -0.315),
        box_path(-0.07, -0.28, 0.07, -0.265),
        box_path(-0.09, -0.235, 0.09, -0.22),
        paint=lift(body, -0.1),
        alpha=0.8,
    )
    gleam(pen, np.array([(light.side * 0.14, -0.52), (light.side * 0.155, -0.3), (light.side * 0.15, -0.06)]), 0.03, light, 0.7)


def boat(pen: Pen, light: Light, body: Lab, accent: Lab) -> None:
    sail = light.local(hexed("#f6efe0"))
    pen.fill(box_path(-0.012, -1.0, 0.012, -0.15), paint=light.local(hexed("#5a4030")))
    solid(
        pen,
        bezier(
            (0.03, -0.97),
            (0.20, -0.7),
            (0.38, -0.4),
            (0.46, -0.24),
            (0.3, -0.22),
            (0.15, -0.22),
            (0.03, -0.24),
            (0.06, -0.5),
            (0.05, -0.8),
            (0.03, -0.97),
        ),
        sail,
        light,
        0.2,
    )
    solid(
        pen,
        bezier(
            (-0.03, -0.90),
            (-0.14, -0.6),
            (-0.25, -0.4),
            (-0.36, -0.25),
            (-0.2, -0.23),
            (-0.1, -0.23),
            (-0.03, -0.24),
            (-0.05, -0.5),
            (-0.04, -0.7),
            (-0.03, -0.90),
        ),
        accent,
        light,
        0.2,
    )
    hull = bezier(
        (-0.46, -0.19),
        (-0.1, -0.15),
        (0.2, -0.15),
        (0.56, -0.22),
        (0.50, -0.06),
        (0.40, 0.0),
        (0.28, 0.0),
        (0.0, 0.02),
        (-0.2, 0.02),
        (-0.30, 0.0),
        (-0.40, -0.05),
        (-0.44, -0.12),
        (-0.46, -0.19),
    )
    solid(pen, hull, body, light)
    pen.line(bezier((-0.45, -0.165), (-0.1, -0.125), (0.2, -0.125), (0.54, -0.19)), 0.02, sail, 0.95)


def plant(pen: Pen, light: Light, body: Lab, accent: Lab) -> None:
    green = light.local(hexed("#3f7a4f"))
    for k, (x, y) in enumerate(
        ((-0.36, -0.72), (0.36, -0.76), (-0.20, -0.95), (0.20, -0.98), (0.0, -0.84), (-0.42, -0.50), (0.42, -0.52))
    ):
        leaf = np.concatenate(
            [
                bezier((0, -0.30), (x * 0.2, y * 0.7), (x * 0.6 - 0.12, y * 0.9), (x, y)),
                bezier((x, y), (x * 0.9 + 0.12, y * 0.72), (x * 0.6 + 0.05, y * 0.5), (0, -0.30)),
            ]
        )
        pen.fill(leaf, paint=lift(green, (0.06, -0.05, 0.0, 0.08, 0.03, -0.03, 0.04)[k]))
        pen.line(bezier((0, -0.30), (x * 0.3, y * 0.6), (x * 0.7, y * 0.85), (x, y)), 0.008, lift(green, 0.14), 0.6, 0.8)
    solid(pen, np.array([(-0.20, -0.34), (0.20, -0.34), (0.15, 0.0), (-0.15, 0.0)]), body, light, 0.3)
    pen.fill(box_path(-0.22, -0.37, 0.22, -0.30), paint=lift(body, 0.04))


def watch(pen: Pen, light: Light, body: Lab, accent: Lab) -> None:
    solid(pen, round_box(-0.16, -1.0, 0.16, 0.0, 0.06), body, light, 0.3)
    solid(pen, oval(0, -0.5, 0.31), light.local(hexed("#c9b27a")), light, 0.9)
    pen.fill(oval(0, -0.5, 0.265), paint=light.local(hexed("#f7f3ea")))
    ticks = [
        ribbon(np.array([(0.21 * np.sin(a), -0.5 - 0.21 * np.cos(a)), (0.24 * np.sin(a), -0.5 - 0.24 * np.cos(a))]), 0.014)
        for a in np.linspace(0, 2 * np.pi, 13)
    ]
    pen.fill(*ticks, paint=light.local(hexed("#2a2a2e")))
    pen.line([(0, -0.5), (-0.10, -0.60)], 0.02, light.local(hexed("#2a2a2e")))
    pen.line([(0, -0.5), (0.06, -0.69)], 0.014, light.local(hexed("#2a2a2e")))
    pen.fill(oval(0, -0.5, 0.018), paint=accent)


def bag(pen: Pen, light: Light, body: Lab, accent: Lab) -> None:
    pen.line(bezier((-0.20, -0.58), (-0.20, -1.06), (0.20, -1.06), (0.20, -0.58)), 0.045, light.shade(body, 0.1))
    shape = smooth(
        [
            (-0.36, -0.62),
            (0.0, -0.64),
            (0.36, -0.62),
            (0.44, -0.20),
            (0.42, -0.03),
            (0.36, 0.0),
            (-0.36, 0.0),
            (-0.42, -0.03),
            (-0.44, -0.20),
        ]
    )
    solid(pen, shape, body, light, 0.4)
    flap = smooth([(-0.37, -0.63), (0.37, -0.63), (0.38, -0.45), (0.22, -0.32), (0.0, -0.28), (-0.22, -0.32), (-0.38, -0.45)])
    pen.fill(moved(flap, 0, 0.02), paint=light.shade(body, 0.2), alpha=0.5, blur=0.015, clip=shape)
    solid(pen, flap, lift(body, 0.03), light, 0.3)
    solid(pen, round_box(-0.055, -0.36, 0.055, -0.22, 0.02), accent, light, 0.9)


def tree(pen: Pen, light: Light, body: Lab, accent: Lab) -> None:
    round_tree(pen, 0, 0, 1.0, body, light)


def balloon(pen: Pen, light: Light, body: Lab, accent: Lab) -> None:
    pen = pen.at(0, -0.12)
    wood = light.local(hexed("#8a5a38"))
    for x in (-0.075, 0.075):
        pen.line([(x * 2.2, -0.26), (x, -0.10)], 0.006, lift(wood, -0.1))
    shape = smooth(
        [
            (0.0, -1.0),
            (0.25, -0.94),
            (0.37, -0.72),
            (0.32, -0.48),
            (0.17, -0.27),
            (0.07, -0.20),
            (-0.07, -0.20),
            (-0.17, -0.27),
            (-0.32, -0.48),
            (-0.37, -0.72),
            (-0.25, -0.94),
        ]
    )
    solid(pen, shape, body, light, 0.3)
    for x in (-0.24, 0.0, 0.24):
        gore = np.concatenate(
            [
                bezier((0, -1.0), (x - 0.12, -0.98), (x * 1.3 - 0.09, -0.6), (x * 0.22 - 0.02, -0.20)),
                bezier((x * 0.22 + 0.02, -0.20), (x * 1.3 + 0.09, -0.6), (x + 0.12, -0.98), (0, -1.0)),
            ]
        )
        pen.fill(gore, paint=accent, alpha=0.85, clip=shape)
    solid(pen, round_box(-0.085, -0.11, 0.085, 0.03, 0.02), wood, light)


def rocket(pen: Pen, light: Light, body: Lab, accent: Lab) -> None:
    for side in (-1, 1):
        solid(pen, smooth([(side * 0.12, -0.36), (side * 0.30, -0.14), (side * 0.30, 0.0), (side * 0.12, -0.10)]), accent, light)
    solid(
        pen,
        smooth(
            [
                (0, -1.0),
                (0.12, -0.84),
                (0.18, -0.55),
                (0.16, -0.2),
                (0.10, -0.06),
                (-0.10, -0.06),
                (-0.16, -0.2),
                (-0.18, -0.55),
                (-0.12, -0.84),
            ]
        ),
        body,
        light,
        0.8,
    )
    pen.fill(oval(0, -0.60, 0.085), paint=accent)
    pen.fill(oval(0, -0.60, 0.06), paint=mix(light.sky[0], light.light, 0.3))


def shoe(pen: Pen, light: Light, body: Lab, accent: Lab) -> None:
    """The trainer, as wide as 1.9 units."""
    sole = light.local(hexed("#f5f3ee"))
    draw_shoe(pen.at(-0.95, 0, 1.9), Colourway(body, lift(body, -0.05), sole, lift(sole, -0.35), accent, sole, lift(body, -0.3)))


THINGS: dict[str, Drawn] = {
    "kettle": kettle,
    "lamp": lamp,
    "bottle": bottle,
    "boat": boat,
    "car": car,
    "house": house,
    "chair": chair,
    "mug": mug,
    "plant": plant,
    "watch": watch,
    "bag": bag,
    "tree": tree,
    "balloon": balloon,
    "rocket": rocket,
    "shoe": shoe,
}
WIDTHS = {"car": 2.2, "shoe": 1.95, "kettle": 1.15, "boat": 1.05, "house": 1.05, "chair": 1.0, "mug": 1.0, "plant": 0.9}
"""Width over height, where it is not about 0.75."""
