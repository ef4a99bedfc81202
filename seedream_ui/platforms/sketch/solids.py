"""Rounded bodies and gleams."""

from .canvas import Gradient, Path, Pen, ribbon
from .colour import Lab, lift, mix
from .direction import Light


def solid(pen: Pen, path: Path, tone: Lab, light: Light, gloss: float = 0.5) -> None:
    """A rounded body: lit side, shaded side, a rim."""
    low, high = path.min(0), path.max(0)
    a, b = (high[0], low[0]) if light.side > 0 else (low[0], high[0])
    width = high[0] - low[0]
    pen.fill(path, paint=Gradient((a, low[1]), (b, high[1]), (lift(tone, 0.06), tone, light.shade(tone, 0.10))))
    pen.crescent(path, (0.22 * width * light.side, 0), light.shade(tone, 0.15), 0.6, 0.10 * width)
    pen.crescent(
        path, (-0.03 * width * light.side, 0.012), mix(lift(tone, 0.2), light.light, 0.5), 0.4 + 0.5 * gloss, 0.012 * width
    )


def gleam(pen: Pen, points: Path, width: float, light: Light, alpha: float = 0.6) -> None:
    pen.fill(ribbon(points, width, 0.9), paint=lift(light.light, 0.03), alpha=alpha, blur=width * 0.25)
