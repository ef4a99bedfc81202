"""Neck, shoulders and clothes for a close picture, in head coordinates."""

from .canvas import Gradient, Path, Pen, bezier, moved, smooth
from .colour import Lab, lift
from .direction import Light, flesh
from .head import draw_behind, draw_head
from .look import Look


def draw_bust(pen: Pen, look: Look, light: Light, turn: float = 0.0) -> None:
    """Head and shoulders down to y = 3; the eyes at the pen's origin."""
    draw_behind(pen, look, light)
    skin = light.local(look.skin)
    body = pen.at(0, -0.12)
    _clothes(body, look, light)
    _neck(body, look, skin, light)
    _collar(body, look, light)
    draw_head(pen, look, light, turn)


def _neck(pen: Pen, look: Look, skin: Lab, light: Light) -> None:
    w = 0.155 if look.womanly or look.childlike else 0.205
    neck = smooth(
        [
            (-w, 0.20),
            (w, 0.20),
            (w, 0.55),
            (w + 0.03, 0.74),
            (w + 0.02, 0.86),
            (0.0, 1.02),
            (-w - 0.02, 0.86),
            (-w - 0.03, 0.74),
            (-w, 0.55),
        ]
    )
    pen.fill(neck, paint=Gradient((0.3 * light.side, 0.7), (-0.3 * light.side, 1.1), (skin, flesh(skin, 0.05))))
    chin = smooth([(-0.30, 0.40), (0.30, 0.40), (0.22, 0.66), (0.05 - 0.06 * light.side, 0.80), (-0.20, 0.68)])
    pen.fill(chin, paint=flesh(skin, 0.20), alpha=0.85, blur=0.012, clip=neck)
    for side in (-1, 1) if look.garment == "dress" else ():
        pen.line(
            bezier((side * 0.05, 1.03), (side * 0.15, 0.98), (side * 0.25, 0.97), (side * 0.38, 0.99)),
            0.014,
            flesh(skin, 0.14),
            0.6,
            0.9,
        )


def _shoulders(look: Look) -> Path:
    broad = 0.72 if look.womanly else 0.86
    if look.childlike:
        broad = 0.58
    half = [
        (0.20, 0.72),
        (0.29, 0.82),
        (broad * 0.72, 0.96),
        (broad, 1.11),
        (broad + 0.12, 1.5),
        (broad + 0.18, 2.2),
        (broad + 0.2, 3.2),
    ]
    return smooth(half + [(-x, y) for x, y in reversed(half)])


def _clothes(pen: Pen, look: Look, light: Light) -> None:
    top = light.local(look.top)
    body = _shoulders(look)
    neckline = _NECKLINES.get(look.garment, _crew)(look)
    keep = Gradient((0.8 * light.side, 0.9), (-0.8 * light.side, 1.9), (lift(top, 0.06), top, light.shade(top, 0.13)))
    skin = light.local(look.skin)
    pen.fill(body, paint=keep)
    pen.crescent(body, (0.16 * light.side, -0.03), light.shade(top, 0.15), 0.7, 0.10)
    pen.crescent(body, (-0.025 * light.side, 0.018), lift(top, 0.14), 0.7, 0.01)
    shirt = look.garment in ("coat", "jacket")
    under = light.local((0.93, 0.0, 0.015)) if shirt else skin
    pen.fill(neckline, paint=Gradient((0.3 * light.side, 0.7), (-0.3 * light.side, 1.1), (under, flesh(under, 0.05))), clip=body)
    for side in (-1, 1):
        fold = bezier((side * 0.62, 1.34), (side * 0.58, 1.6), (side * 0.60, 1.9), (side * 0.56, 2.6))
        pen.line(fold, 0.03, light.shade(top, 0.16), 0.6, 0.9)


def _collar(pen: Pen, look: Look, light: Light) -> None:
    top = light.local(look.top)
    if look.garment in ("coat", "jacket"):
        _lapels(pen, top, light)
    elif look.garment == "top":
        ring = smooth([(-0.27, 0.74), (-0.24, 0.90), (0.0, 1.02), (0.24, 0.90), (0.27, 0.74)], closed=False)
        pen.line(ring, 0.06, lift(top, 0.03))
        pen.line(moved(ring, 0, 0.028), 0.010, lift(top, -0.10), 0.7)
    if look.scarf:
        _scarf(pen, light.local(look.accent), light)


def _crew(look: Look) -> Path:
    return smooth(
        [(-0.24, 0.72), (0.0, 0.66), (0.24, 0.72), (0.30, 0.86), (0.17, 1.00), (0.0, 1.04), (-0.17, 1.00), (-0.30, 0.86)]
    )


def _scoop(look: Look) -> Path:
    return smooth(
        [(-0.30, 0.76), (0.0, 0.66), (0.30, 0.76), (0.44, 0.92), (0.30, 1.18), (0.0, 1.28), (-0.30, 1.18), (-0.44, 0.92)]
    )


def _deep(look: Look) -> Path:
    return smooth([(-0.26, 0.72), (0.0, 0.66), (0.26, 0.72), (0.24, 1.0), (0.08, 1.5), (0.0, 1.66), (-0.08, 1.5), (-0.24, 1.0)])


_NECKLINES = {"dress": _scoop, "coat": _deep, "jacket": _deep}


def _lapels(pen: Pen, top: Lab, light: Light) -> None:
    for side in (-1, 1):
        lapel = [
            (side * 0.21, 0.70),
            (side * 0.36, 0.84),
            (side * 0.50, 1.10),
            (side * 0.37, 1.16),
            (side * 0.40, 1.24),
            (0.0, 1.78),
            (side * 0.13, 1.26),
        ]
        pen.fill([(x + 0.02 * -light.side, y + 0.03) for x, y in lapel], paint=light.shade(top, 0.25), alpha=0.5, blur=0.02)
        pen.fill(lapel, paint=lift(top, 0.05) if side * light.side > 0 else lift(top, -0.04))
        pen.line(lapel[1:5], 0.010, lift(top, -0.14), 0.7)
    pen.line([(0.0, 1.78), (0.0, 3.0)], 0.012, light.shade(top, 0.2), 0.8)


def _scarf(pen: Pen, colour: Lab, light: Light) -> None:
    wrap = smooth(
        [(-0.30, 0.60), (0.0, 0.70), (0.30, 0.60), (0.42, 0.78), (0.32, 0.98), (0.0, 1.06), (-0.32, 0.98), (-0.42, 0.78)]
    )
    tail = smooth([(-0.05, 0.92), (0.22, 0.90), (0.30, 1.35), (0.24, 1.72), (0.02, 1.70), (0.04, 1.30)])
    for part in (tail, wrap):
        pen.fill(moved(part, 0.01, 0.03), paint=lift(colour, -0.4), alpha=0.4, blur=0.025)
        pen.fill(
            part, paint=Gradient((0.3 * light.side, 0.6), (-0.3 * light.side, 1.1), (lift(colour, 0.06), lift(colour, -0.09)))
        )
    for k in range(3):
        y = 0.72 + 0.10 * k
        pen.line(
            bezier((-0.34 + 0.03 * k, y), (-0.1, y + 0.10), (0.1, y + 0.10), (0.34 - 0.03 * k, y - 0.02)),
            0.016,
            lift(colour, -0.13),
            0.7,
            0.8,
        )
