"""Rain, snow, fog, storm, wind and sun, over a finished view."""

import numpy as np

from .canvas import oval, ribbon, smooth
from .colour import hexed, lift, mix
from .scenery import View, haze


def draw_weather(view: View) -> None:
    """The weather between us and the scene; nothing for a plain day."""
    if view.weather in _KINDS:
        _KINDS[view.weather](view)


def _rain(view: View) -> None:
    pen, rng, w, h = view.pen, view.rng, view.width, view.height
    tone = mix(view.light.light, view.light.sky[1], 0.25)
    for count, length, width, alpha in ((150, 0.05, 0.0012, 0.40), (60, 0.10, 0.0022, 0.50)):
        x, y = rng.uniform(-0.1, w + 0.1, count), rng.uniform(-0.1, h, count)
        size = rng.uniform(0.6, 1.2, count) * length
        drops = [ribbon(np.array([(a, b), (a - s * 0.22, b + s)]), width) for a, b, s in zip(x, y, size, strict=True)]
        pen.fill(*drops, paint=tone, alpha=alpha)
    rings = [
        oval(rng.uniform(0, w), view.between(view.horizon + 0.15, h), s, s * 0.25, 20) for s in rng.uniform(0.006, 0.022, 26)
    ]
    for ring in rings:
        pen.line(np.concatenate([ring, ring[:1]]), 0.0014, tone, 0.45)


def _snow(view: View) -> None:
    pen, rng, w, h = view.pen, view.rng, view.width, view.height
    white = mix(hexed("#ffffff"), view.light.light, 0.15)
    for count, low, high, alpha, blur in (
        (170, 0.0012, 0.0032, 0.85, 0.0),
        (46, 0.004, 0.0075, 0.85, 0.0015),
        (12, 0.010, 0.018, 0.6, 0.006),
    ):
        x, y, r = rng.uniform(0, w, count), rng.uniform(0, h, count), rng.uniform(low, high, count)
        pen.fill(*[oval(a, b, c, steps=14) for a, b, c in zip(x, y, r, strict=True)], paint=white, alpha=alpha, blur=blur)


def _fog(view: View) -> None:
    for k in range(4):
        haze(view, view.horizon + (k - 1.2) * 0.11, 0.22, 0.42)


def _storm(view: View) -> None:
    pen, rng, w = view.pen, view.rng, view.width
    dark = mix(view.light.near, view.light.sky[0], 0.4)
    for k in range(7):
        x = w * k / 6 + rng.uniform(-0.05, 0.05)
        pen.fill(
            oval(x, rng.uniform(-0.02, 0.06), rng.uniform(0.14, 0.24), rng.uniform(0.06, 0.11)),
            paint=lift(dark, rng.uniform(-0.02, 0.06)),
            alpha=0.85,
            blur=0.02,
        )
    x, y, bolt = w * (0.5 + 0.25 * view.light.side), 0.05, []
    while y < view.horizon:
        bolt.append((x, y))
        x, y = x + rng.uniform(-0.045, 0.045), y + rng.uniform(0.03, 0.06)
    pen.glow(bolt[0], 0.5, view.light.light, 0.5)
    pen.fill(ribbon(np.array(bolt), (0.010, 0.006, 0.002)), paint=lift(view.light.light, 0.05))
    _rain(view)


def _wind(view: View) -> None:
    pen, rng = view.pen, view.rng
    for tone in (view.light.accent, view.light.accent2):
        leaves = []
        for _ in range(16):
            x, y = rng.uniform(0, view.width), rng.uniform(0.1, view.height * 0.95)
            s, a = rng.uniform(0.008, 0.02), rng.uniform(0, 6.3)
            leaf = smooth([(-1, 0), (0, -0.42), (1, 0), (0, 0.42)], steps=4) * s
            turn = np.array([[np.cos(a), np.sin(a)], [-np.sin(a), np.cos(a)]])
            leaves.append(leaf @ turn + (x, y))
        pen.fill(*leaves, paint=view.light.local(tone), alpha=0.9)


def _sun(view: View) -> None:
    view.pen.glow((view.width * (0.5 + 0.42 * view.light.side), 0.02), 0.75, view.light.light, 0.35)


_KINDS = {"rain": _rain, "snow": _snow, "fog": _fog, "storm": _storm, "wind": _wind, "sun": _sun}
