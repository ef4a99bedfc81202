"""Backdrops for a subject: paper sweep, arch, disc, window light, steps, spot. Each leaves the place to stand free."""

import numpy as np

from .canvas import Gradient, Path, Pen, Radial, box_path, oval, round_box
from .colour import Lab, lift, mix
from .direction import Direction, Light

KINDS = ("sweep", "arch", "disc", "window", "steps", "spot")


def draw_backdrop(pen: Pen, direction: Direction, floor: float, wall: Lab | None = None) -> None:
    """A set with its floor line at `floor` (share of the height); `wall` is a colour that the words asked for."""
    words = direction.words
    bare = direction.brief.sequence and (words.same_background or words.plain_background)
    kind = "sweep" if bare else direction.pick("backdrop", *KINDS)
    light = direction.light
    back = wall or direction_wall(direction)
    width, height = pen.size
    line = floor * height - 0.12 * min(width, height)
    _sweep(pen, light, back, line)
    if kind != "sweep":
        _EXTRAS[kind](pen, light, back, line)
    _falloff(pen, light, back)


def direction_wall(direction: Direction) -> Lab:
    """The wall of this set: one of the palette's quiet colours."""
    light = direction.light
    shade = float(direction.rng("wall").random())
    return (light.wall, mix(light.wall, light.sky[1], 0.55), mix(light.wall, light.accent2, 0.28))[int(shade * 3) % 3]


def _sweep(pen: Pen, light: Light, back: Lab, line: float) -> None:
    """Wall and floor of one paper, the bend between them soft."""
    width, height = pen.size
    middle = width * (0.5 + 0.22 * light.side)
    tones = (lift(back, 0.07), back, lift(back, -0.12))
    pen.fill(box_path(0, 0, width, height), paint=Radial((middle, height * 0.30), 1.05 * max(width, height), tones))
    ground = Gradient((0, line), (0, height), (lift(back, -0.02), lift(back, -0.06), lift(back, -0.16)))
    pen.fill(box_path(-0.1, line, width + 0.1, height + 0.1), paint=ground, blur=0.018)


def _arch(pen: Pen, light: Light, back: Lab, line: float) -> None:
    width, _ = pen.size
    r = min(0.30, width * 0.36)
    x, top = width / 2 - 0.02 * light.side, line - min(0.62, line * 0.86)
    t = np.linspace(np.pi, 2 * np.pi, 48)
    arch: Path = np.concatenate(
        [np.stack([x + r * np.cos(t), top + r + r * np.sin(t)], 1), [(x + r, line + 0.03), (x - r, line + 0.03)]]
    )
    tone = mix(lift(back, -0.10), light.accent, 0.22)
    pen.fill(arch, paint=Gradient((x - r * light.side, top), (x + r * light.side, line), (tone, lift(tone, 0.09))))
    pen.crescent(arch, (-0.022 * light.side, 0.02), lift(tone, -0.15), 0.8, 0.004)


def _disc(pen: Pen, light: Light, back: Lab, line: float) -> None:
    width, _ = pen.size
    r = min(0.33, width * 0.38, line * 0.5)
    tone = mix(mix(back, light.accent, 0.5), light.accent2, 0.2)
    x, y = width / 2 + 0.06 * light.side, line - r * 0.95
    pen.fill(oval(x, y, r, steps=96), paint=Gradient((x, y - r), (x, y + r), (lift(tone, 0.06), mix(tone, back, 0.35))))


def _window(pen: Pen, light: Light, back: Lab, line: float) -> None:
    """Panes of sun across wall and floor."""
    width, height = pen.size
    glow = mix(lift(back, 0.14), light.light, 0.5)
    slant = 0.22 * light.side
    for column in range(3):
        for row in range(2):
            x = width * 0.5 + (column - 1.5) * 0.2 - 0.04 * light.side
            y = height * 0.08 + row * 0.27
            pane = np.array(
                [
                    (x, y + slant * 0.3),
                    (x + 0.17, y),
                    (x + 0.17 - slant * 0.25, y + 0.24),
                    (x - slant * 0.25, y + 0.24 + slant * 0.3),
                ]
            )
            pen.fill(pane, paint=glow, alpha=0.62, blur=0.006)


def _steps(pen: Pen, light: Light, back: Lab, line: float) -> None:
    width, height = pen.size
    tone = mix(back, light.accent2, 0.3)
    for x0, x1, top in (
        (-0.1, width * 0.24, line - 0.26),
        (width * 0.80, width + 0.1, line - 0.40),
        (width * 0.66, width * 0.86, line - 0.15),
    ):
        block = box_path(x0, top, x1, line + 0.05)
        pen.fill(block, paint=Gradient((x0, top), (x1, line), (lift(tone, 0.03), lift(tone, -0.10))))
        pen.fill(box_path(x0, top, x1, top + 0.012), paint=lift(tone, 0.10))
    pen.fill(
        box_path(-0.1, line + 0.03, width + 0.1, height + 0.1),
        paint=Gradient((0, line), (0, height), (lift(back, -0.03), lift(back, -0.13))),
    )


def _spot(pen: Pen, light: Light, back: Lab, line: float) -> None:
    """A dark room with one lamp."""
    width, height = pen.size
    dark = mix(lift(back, -0.42), light.near, 0.5)
    pen.fill(
        box_path(0, 0, width, height),
        paint=Radial((width / 2, line - 0.2), 0.75 * max(width, height), (lift(dark, 0.20), dark, lift(dark, -0.12))),
    )
    pen.fill(oval(width / 2, line + 0.12, 0.48, 0.12), paint=lift(dark, 0.22), alpha=0.8, blur=0.05)
    pen.glow((width / 2, line - 0.25), 0.6, light.light, 0.20)


_EXTRAS = {"arch": _arch, "disc": _disc, "window": _window, "steps": _steps, "spot": _spot}


def _falloff(pen: Pen, light: Light, back: Lab) -> None:
    width, height = pen.size
    far = -0.1 if light.side > 0 else width + 0.1
    pen.fill(oval(far, height * 1.02, 0.42 * width, 0.5 * height), paint=light.shade(back, 0.3), alpha=0.28, blur=0.16)


def plinth(pen: Pen, light: Light, back: Lab, x: float, y: float, half: float) -> None:
    """A low round stand."""
    tone = mix(lift(back, 0.05), light.light, 0.3)
    depth = half * 0.16
    pen.fill(oval(x, y + half * 0.30, half * 1.1, depth * 1.2), paint=lift(back, -0.4), alpha=0.5, blur=0.03)
    side = np.concatenate([oval(x, y + half * 0.22, half, depth)[:25], [(x - half, y), (x + half, y)]])
    pen.fill(side, paint=Gradient((x - half, y), (x + half, y), (lift(tone, -0.16), lift(tone, -0.04), lift(tone, -0.20))))
    pen.fill(oval(x, y, half, depth), paint=tone)


def rounded_card(pen: Pen, x0: float, y0: float, x1: float, y1: float, colour: Lab) -> None:
    """A sheet of card with its shadow."""
    pen.fill(round_box(x0 + 0.004, y0 + 0.012, x1 + 0.004, y1 + 0.014, 0.004), paint=(0.12, 0.0, 0.0), alpha=0.36, blur=0.018)
    pen.fill(round_box(x0, y0, x1, y1, 0.003), paint=colour)
