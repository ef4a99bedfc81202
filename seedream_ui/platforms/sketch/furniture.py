"""Larger and homelier things: car, house, armchair, mug. Base at y = 0, one unit tall."""

import numpy as np

from .canvas import Gradient, Pen, bezier, box_path, oval, round_box, smooth
from .colour import Lab, hexed, lift, mix
from .direction import Light
from .solids import solid


def car(pen: Pen, light: Light, body: Lab, accent: Lab) -> None:
    pen = pen.at(0, 0, 1.35)
    shape = bezier(
        (-0.78, -0.10),
        (-0.82, -0.28),
        (-0.78, -0.36),
        (-0.62, -0.38),
        (-0.50, -0.40),
        (-0.42, -0.60),
        (-0.26, -0.68),
        (-0.08, -0.72),
        (0.14, -0.72),
        (0.26, -0.62),
        (0.36, -0.54),
        (0.42, -0.42),
        (0.48, -0.40),
        (0.66, -0.38),
        (0.80, -0.34),
        (0.80, -0.20),
        (0.80, -0.12),
        (0.76, -0.10),
        (0.6, -0.10),
        (0.2, -0.10),
        (-0.4, -0.10),
        (-0.78, -0.10),
    )
    solid(pen, shape, body, light, 0.8)
    glass = mix(light.sky[1], light.local(hexed("#23303c")), 0.45)
    for pane in (
        [(-0.42, -0.42), (-0.34, -0.58), (-0.22, -0.635), (-0.03, -0.65), (-0.03, -0.42)],
        [(0.02, -0.42), (0.02, -0.65), (0.13, -0.645), (0.24, -0.56), (0.36, -0.42)],
    ):
        pen.fill(pane, paint=Gradient((0, -0.65), (0.2, -0.4), (lift(glass, 0.12), glass)))
    pen.line([(-0.78, -0.28), (0.79, -0.28)], 0.018, light.local(hexed("#e8e4da")), 0.9)
    for x in (-0.48, 0.48):
        pen.fill(oval(x, -0.12, 0.165), paint=lift(light.near, -0.02))
        pen.fill(oval(x, -0.12, 0.085), paint=light.local(hexed("#d9d5cc")))
        pen.fill(oval(x, -0.12, 0.05), paint=accent)
    pen.fill(oval(0.755, -0.31, 0.035, 0.045), paint=lift(light.light, 0.02))
    pen.line([(-0.01, -0.40), (-0.01, -0.14)], 0.008, lift(body, -0.15), 0.8)


def house(pen: Pen, light: Light, body: Lab, accent: Lab) -> None:
    pen.fill(box_path(0.17, -0.96, 0.28, -0.6), paint=light.shade(accent, 0.1))
    wall = box_path(-0.42, -0.56, 0.42, 0.0)
    pen.fill(wall, paint=Gradient((0.4 * light.side, 0), (-0.4 * light.side, 0), (lift(body, 0.05), light.shade(body, 0.09))))
    planks = [box_path(-0.42, y, 0.42, y + 0.006) for y in np.arange(-0.5, 0, 0.07)]
    pen.fill(*planks, paint=light.shade(body, 0.12), alpha=0.5)
    pen.fill(
        [(-0.52, -0.52), (-0.03, -1.0), (0.03, -1.0), (0.52, -0.52)],
        paint=Gradient((0.3 * light.side, -0.9), (-0.3 * light.side, -0.55), (lift(accent, 0.05), light.shade(accent, 0.1))),
    )
    glow = mix(light.light, (0.9, 0.03, 0.13), 0.6)
    for x in (-0.29, 0.15):
        pen.fill(box_path(x - 0.015, -0.385, x + 0.155, -0.185), paint=light.local(hexed("#f3ece0")))
        pen.fill(box_path(x, -0.37, x + 0.065, -0.2), box_path(x + 0.075, -0.37, x + 0.14, -0.2), paint=glow)
        pen.glow((x + 0.07, -0.28), 0.28, glow, 0.0 if light.level > 0.9 else 0.5)
    pen.fill(round_box(-0.085, -0.32, 0.085, 0.02, 0.03), paint=light.shade(accent, 0.16), clip=wall)


def chair(pen: Pen, light: Light, body: Lab, accent: Lab) -> None:
    wood = light.local(hexed("#7a5238"))
    pen.fill(
        *[[(x - 0.02, -0.2), (x + 0.02, -0.2), (x * 1.12 + 0.012, 0), (x * 1.12 - 0.012, 0)] for x in (-0.30, 0.30, -0.18, 0.18)],
        paint=wood,
    )
    solid(pen, round_box(-0.34, -0.98, 0.34, -0.30, 0.16), light.shade(body, 0.05), light, 0.3)
    solid(pen, round_box(-0.37, -0.46, 0.37, -0.16, 0.08), body, light, 0.3)
    for x in (-0.40, 0.40):
        solid(pen, round_box(x - 0.075, -0.62, x + 0.075, -0.14, 0.07), lift(body, 0.02), light, 0.3)
    solid(pen, round_box(-0.16, -0.74, 0.16, -0.46, 0.05), accent, light, 0.2)


def mug(pen: Pen, light: Light, body: Lab, accent: Lab) -> None:
    pen.line(bezier((0.30, -0.62), (0.62, -0.66), (0.60, -0.20), (0.28, -0.18)), 0.085, lift(body, -0.04))
    shape = smooth(
        [(-0.33, -0.76), (0.33, -0.76), (0.34, -0.5), (0.31, -0.08), (0.24, 0.0), (-0.24, 0.0), (-0.31, -0.08), (-0.34, -0.5)]
    )
    solid(pen, shape, body, light, 0.7)
    pen.fill(box_path(-0.4, -0.30, 0.4, -0.20), paint=accent, clip=shape)
    pen.fill(oval(0, -0.765, 0.33, 0.062), paint=lift(body, 0.07))
    pen.fill(oval(0, -0.758, 0.285, 0.046), paint=light.local(hexed("#4a2c1c")))
    for x in (-0.10, 0.06):
        pen.line(bezier((x, -0.82), (x + 0.12, -0.92), (x - 0.10, -1.0), (x + 0.04, -1.14)), 0.03, light.light, 0.32, 0.9)
