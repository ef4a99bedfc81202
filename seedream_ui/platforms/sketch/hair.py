"""Hairstyles, in head coordinates: eyes at y = 0, crown at -0.5,
chin at 0.5. Each has what lies behind and what lies in front."""

from collections.abc import Callable

import numpy as np

from .canvas import Gradient, Path, Pen, bezier, moved, oval, ribbon, smooth
from .colour import Lab, lift
from .direction import Light
from .look import Look


def mirrored(half: list[tuple[float, float]]) -> Path:
    """A closed outline from its right half, top to bottom."""
    left = [(-x, y) for x, y in reversed(half) if x]
    return smooth(half + left)


def behind(pen: Pen, look: Look, light: Light) -> None:
    """The mass of hair behind head and shoulders."""
    tone = light.local(look.hair_colour)
    _BEHIND[look.hair](pen, tone, light)


def over(pen: Pen, look: Look, light: Light) -> None:
    """What falls over the shoulders: a braid, long strands."""
    if look.hair in _OVER:
        _OVER[look.hair](pen, light.local(look.hair_colour), light, light.local(look.accent))


def front(pen: Pen, look: Look, light: Light, skin: Lab, face: Path) -> None:
    """The cap with its hairline, over the face, and its shadow on the forehead."""
    tone = light.local(look.hair_colour)
    cap = _cap(look)
    pen.fill(moved(cap, 0.02 * -light.side, 0.045), paint=light.shade(skin, 0.20), alpha=0.55, blur=0.012, clip=face)
    if look.hair == "curls":
        _curly_cap(pen, tone, light)
        return
    high = Gradient((0.4 * light.side, -0.62), (-0.35 * light.side, 0.1), (lift(tone, 0.10), tone, lift(tone, -0.08)))
    pen.fill(cap, paint=high)
    _strands(pen, tone, cap, look)
    pen.crescent(cap, (-0.05 * light.side, 0.05), lift(tone, 0.16), 0.28, 0.02)


def _cap(look: Look) -> Path:
    outer = [
        (0.385, 0.10),
        (0.415, -0.12),
        (0.375, -0.38),
        (0.23, -0.57),
        (0.0, -0.635),
        (-0.23, -0.57),
        (-0.375, -0.38),
        (-0.415, -0.12),
        (-0.385, 0.10),
    ]
    if look.hair == "short":
        return _short_cap(look)
    if look.hair in ("bun", "ponytail"):
        outer = [(0.362, -0.03), *outer[1:-1], (-0.362, -0.03)]
    if look.fringe and look.hair in ("bob", "long", "ponytail", "bun"):
        inner = [
            (-0.34, 0.02),
            (-0.325, -0.10),
            (-0.27, -0.135),
            (-0.12, -0.15),
            (0.06, -0.155),
            (0.20, -0.14),
            (0.30, -0.12),
            (0.335, 0.0),
        ]
    else:
        inner = [
            (-0.34, 0.04),
            (-0.315, -0.14),
            (-0.22, -0.27),
            (-0.06, -0.36),
            (0.075, -0.435),
            (0.13, -0.36),
            (0.25, -0.25),
            (0.325, -0.12),
            (0.345, 0.04),
        ]
    sides = 0.62 if look.hair == "bob" else 0.42 if look.hair in ("long", "braid") else 0.0
    if sides:
        width = 0.10 if look.hair == "bob" else 0.06
        outer = [
            (0.345, sides * 0.9),
            (0.43, sides * 0.75),
            (0.445, 0.12),
            *outer[1:-1],
            (-0.445, 0.12),
            (-0.43, sides * 0.75),
            (-0.345, sides * 0.9),
        ]
        inner = [(-0.335 + width * 0.4, sides * 0.55), *inner, (0.335 - width * 0.4, sides * 0.55)]
    return smooth(outer + inner)


def _short_cap(look: Look) -> Path:
    if look.womanly:
        return smooth(
            [
                (0.37, 0.10),
                (0.41, -0.14),
                (0.37, -0.40),
                (0.22, -0.58),
                (0.0, -0.63),
                (-0.24, -0.58),
                (-0.38, -0.38),
                (-0.41, -0.12),
                (-0.37, 0.14),
                (-0.335, 0.06),
                (-0.31, -0.10),
                (-0.20, -0.14),
                (0.02, -0.20),
                (0.20, -0.32),
                (0.30, -0.22),
                (0.335, -0.04),
            ]
        )
    return smooth(
        [
            (0.365, 0.06),
            (0.395, -0.14),
            (0.37, -0.42),
            (0.24, -0.60),
            (0.02, -0.65),
            (-0.20, -0.60),
            (-0.36, -0.44),
            (-0.395, -0.16),
            (-0.365, 0.06),
            (-0.335, -0.04),
            (-0.32, -0.20),
            (-0.24, -0.33),
            (-0.08, -0.36),
            (0.10, -0.35),
            (0.24, -0.37),
            (0.315, -0.22),
            (0.335, -0.04),
        ]
    )


def _strands(pen: Pen, tone: Lab, cap: Path, look: Look) -> None:
    part = (0.07, -0.60)
    lines = []
    for k in range(-4, 5):
        if k == 0:
            continue
        end = (0.40 * np.sign(k) * min(1.0, 0.4 + abs(k) * 0.16), -0.42 + abs(k) * 0.11)
        lines.append(ribbon(bezier(part, (part[0] + 0.1 * k / 4, -0.58), (end[0] * 0.9, end[1] - 0.18), end), 0.016, 0.9))
    pen.fill(*lines[::2], paint=lift(tone, -0.07), alpha=0.55, clip=cap)
    pen.fill(*lines[1::2], paint=lift(tone, 0.09), alpha=0.35, clip=cap)


def _mass(pen: Pen, path: Path, tone: Lab, light: Light) -> None:
    low, high = path.min(0), path.max(0)
    pen.fill(
        path, paint=Gradient((low[0], low[1]), (low[0] * 0.4, high[1]), (lift(tone, -0.02), lift(tone, -0.09), lift(tone, -0.05)))
    )
    pen.crescent(path, (-0.035 * light.side, 0.02), lift(tone, 0.14), 0.45, 0.012)


def _bob(pen: Pen, tone: Lab, light: Light) -> None:
    _mass(
        pen,
        mirrored(
            [(0.0, -0.64), (0.26, -0.57), (0.43, -0.34), (0.475, 0.0), (0.49, 0.34), (0.44, 0.60), (0.30, 0.63), (0.12, 0.50)]
        ),
        tone,
        light,
    )


def _long(pen: Pen, tone: Lab, light: Light) -> None:
    shape = mirrored(
        [
            (0.0, -0.64),
            (0.26, -0.57),
            (0.43, -0.34),
            (0.48, 0.1),
            (0.54, 0.6),
            (0.60, 1.1),
            (0.52, 1.55),
            (0.30, 1.66),
            (0.1, 1.60),
        ]
    )
    _mass(pen, shape, tone, light)


def _tight(pen: Pen, tone: Lab, light: Light) -> None:
    _mass(pen, mirrored([(0.0, -0.64), (0.25, -0.57), (0.40, -0.36), (0.40, -0.08), (0.33, 0.14), (0.18, 0.24)]), tone, light)


def _bun(pen: Pen, tone: Lab, light: Light) -> None:
    knot = oval(0.03, -0.74, 0.215, 0.19)
    _mass(pen, knot, tone, light)
    for r in (0.06, 0.12):
        pen.line(oval(0.03, -0.74, r * 1.4, r)[4:34], 0.014, lift(tone, -0.09), 0.8, 0.6)
    _tight(pen, tone, light)


def _tail(pen: Pen, tone: Lab, light: Light) -> None:
    tail = smooth(
        [
            (-0.10, -0.60),
            (-0.32, -0.72),
            (-0.56, -0.56),
            (-0.66, -0.16),
            (-0.62, 0.34),
            (-0.70, 0.82),
            (-0.52, 0.66),
            (-0.42, 0.30),
            (-0.40, -0.1),
            (-0.30, -0.40),
        ]
    )
    _mass(pen, tail, tone, light)
    _tight(pen, tone, light)


def _curls_at(rx: float, ry: float, low: float, high: float, count: int, size: float) -> list[Path]:
    t = np.linspace(low, high, count)
    return [oval(rx * np.sin(a), -0.12 - ry * np.cos(a), size * (1 + 0.22 * np.sin(7.3 * i)), steps=24) for i, a in enumerate(t)]


def _curls(pen: Pen, tone: Lab, light: Light) -> None:
    pen.fill(oval(0, -0.06, 0.54, 0.58), *_curls_at(0.50, 0.52, -2.45, 2.45, 21, 0.135), paint=lift(tone, -0.08))
    pen.fill(*_curls_at(0.52, 0.55, 0.3 * light.side, 1.9 * light.side, 9, 0.065), paint=lift(tone, 0.06), alpha=0.5, blur=0.01)


def _curly_cap(pen: Pen, tone: Lab, light: Light) -> None:
    pen.fill(*_curls_at(0.36, 0.37, -1.45, 1.45, 13, 0.125), *_curls_at(0.20, 0.32, -0.9, 0.9, 6, 0.12), paint=tone)
    rings = [curl[6:26] for curl in _curls_at(0.37, 0.39, -1.4, 1.4, 11, 0.075)]
    for ring in rings:
        pen.line(ring, 0.016, lift(tone, 0.11), 0.6, 0.8)
    for ring in [curl[26:44] for curl in _curls_at(0.47, 0.50, -2.2, 2.2, 13, 0.08)]:
        pen.line(ring, 0.014, lift(tone, -0.09), 0.6, 0.8)


def _long_over(pen: Pen, tone: Lab, light: Light, tie: Lab) -> None:
    for side in (-1, 1):
        lock = smooth(
            [
                (side * 0.36, 0.05),
                (side * 0.46, 0.35),
                (side * 0.53, 0.85),
                (side * 0.50, 1.40),
                (side * 0.36, 1.55),
                (side * 0.31, 1.05),
                (side * 0.34, 0.55),
            ]
        )
        _mass(pen, lock, lift(tone, 0.02), light)
        for k in range(3):
            x = side * (0.38 + 0.05 * k)
            pen.line(
                bezier((x - side * 0.02, 0.3), (x + side * 0.05, 0.7), (x, 1.0), (x + side * 0.01, 1.38)),
                0.014,
                lift(tone, (-0.06, 0.08, -0.05)[k]),
                0.6,
                0.9,
            )


def _braid_over(pen: Pen, tone: Lab, light: Light, tie: Lab) -> None:
    spine = bezier((0.36, 0.30), (0.50, 0.55), (0.40, 0.95), (0.44, 1.42), steps=12)
    pen.fill(smooth([(0.30, 0.0), (0.43, -0.05), (0.47, 0.28), (0.42, 0.46), (0.31, 0.40)]), paint=lift(tone, -0.02))
    for i, (x, y) in enumerate(spine[:-1]):
        size = 0.115 - 0.0045 * i
        for side in (-1, 1):
            lobe = smooth(
                [
                    (x, y + 0.10),
                    (x + side * size * 1.15, y + 0.02),
                    (x + side * size, y - 0.07),
                    (x, y - 0.02),
                    (x - side * 0.02, y + 0.04),
                ]
            )
            pen.fill(lobe, paint=lift(tone, 0.05 if side * light.side > 0 else -0.05))
            pen.crescent(lobe, (0, 0.018), lift(tone, 0.13), 0.5, 0.006)
            pen.crescent(lobe, (0, -0.02), lift(tone, -0.12), 0.6, 0.006)
    x, y = spine[-1]
    pen.fill(
        smooth([(x - 0.05, y), (x + 0.05, y), (x + 0.07, y + 0.18), (x, y + 0.24), (x - 0.06, y + 0.17)]), paint=lift(tone, -0.02)
    )
    pen.fill(oval(x, y + 0.02, 0.065, 0.04), paint=tie)


_BEHIND: dict[str, Callable[[Pen, Lab, Light], None]] = {
    "bob": _bob,
    "long": _long,
    "braid": _tight,
    "bun": _bun,
    "curls": _curls,
    "ponytail": _tail,
    "short": lambda pen, tone, light: None,
}
_OVER: dict[str, Callable[[Pen, Lab, Light, Lab], None]] = {"long": _long_over, "braid": _braid_over}
