"""A head, from the front or turned a little; eyes at y = 0, one unit high."""

from .canvas import Gradient, Path, Pen, bezier, oval, ribbon, round_box, smooth
from .colour import Lab, hexed, lift, mix
from .direction import Light, flesh
from .hair import behind, front, mirrored, over
from .look import Look


def draw_behind(pen: Pen, look: Look, light: Light) -> None:
    """Hair behind the shoulders; to be drawn before the body."""
    if look.kind != "robot":
        behind(pen, look, light)


def draw_head(pen: Pen, look: Look, light: Light, turn: float = 0.0, detail: bool = True) -> None:
    """Face and hair over a body that is there. `turn` -1..1 looks left or right; without `detail` the face is bare."""
    if look.kind == "robot":
        _robot(pen, look, light)
        return
    skin = light.local(look.skin)
    over(pen, look, light)
    face = _face(look, turn)
    for side in (-1, 1):
        if side * turn < 0.45:
            _ear(pen, skin, light, side)
    _mask(pen, face, skin, light)
    if detail:
        _features(pen.at(0.10 * turn, 0.02), look, light, skin, turn, face - (0.10 * turn, 0.02))
    if look.beard:
        _beard(pen, look, light, face)
    front(pen, look, light, skin, face)
    if look.glasses and detail:
        _glasses(pen.at(0.10 * turn, 0.02), light)
    if look.kind == "astronaut":
        _helmet(pen, light)
    if look.womanly and look.hair in ("bun", "short", "ponytail") and detail:
        pen.fill(oval(-0.37, 0.22, 0.025), oval(0.37, 0.22, 0.025), paint=light.local(look.accent))


def _robot(pen: Pen, look: Look, light: Light) -> None:
    """A lacquered shell, a dark visor and two lamps."""
    shell, glow = light.local(look.top), lift(light.accent2, 0.06)
    pen.line([(0.0, -0.50), (0.0, -0.72)], 0.035, lift(shell, -0.2))
    pen.fill(oval(0.0, -0.74, 0.06), paint=glow)
    box = round_box(-0.42, -0.52, 0.42, 0.50, 0.20)
    pen.fill(
        box, paint=Gradient((0.4 * light.side, -0.5), (-0.4 * light.side, 0.5), (lift(shell, 0.08), shell, lift(shell, -0.12)))
    )
    pen.crescent(box, (-0.03 * light.side, 0.03), lift(shell, 0.2), 0.7, 0.01)
    pen.fill(round_box(-0.33, -0.26, 0.33, 0.20, 0.14), paint=lift(light.near, 0.02))
    for x in (-0.15, 0.15):
        pen.glow((x, -0.03), 0.26, glow, 0.5)
        pen.fill(oval(x, -0.03, 0.065), paint=glow)
    pen.fill(round_box(-0.14, 0.31, 0.14, 0.36, 0.02), paint=lift(shell, -0.25))


def _helmet(pen: Pen, light: Light) -> None:
    """A glass globe on its collar."""
    globe = oval(0.0, -0.02, 0.66, 0.66, 72)
    pen.fill(globe, paint=mix(light.sky[1], light.light, 0.6), alpha=0.16)
    pen.line([*map(tuple, globe), tuple(globe[0])], 0.045, light.local(hexed("#f2f2f0")))
    shine = bezier((0.30 * light.side, -0.52), (0.50 * light.side, -0.36), (0.56 * light.side, -0.14), (0.54 * light.side, 0.08))
    pen.line(shine, 0.06, (0.98, 0.0, 0.0), 0.7, 0.9)
    pen.fill(round_box(-0.52, 0.52, 0.52, 0.72, 0.09), paint=light.local(hexed("#d9dadd")))


def back_of_head(pen: Pen, look: Look, light: Light) -> None:
    """Seen from behind: nothing but hair."""
    if look.kind == "robot":
        _robot(pen, look, light)
        return
    tone = light.local(look.hair_colour)
    behind(pen, look, light)
    shape = mirrored([(0.0, -0.62), (0.24, -0.56), (0.39, -0.34), (0.40, 0.0), (0.33, 0.28), (0.16, 0.44)])
    pen.fill(
        shape, paint=Gradient((0.4 * light.side, -0.6), (-0.4 * light.side, 0.4), (lift(tone, 0.08), tone, lift(tone, -0.08)))
    )
    pen.crescent(shape, (-0.05 * light.side, 0.03), mix(tone, light.light, 0.5), 0.6, 0.02)
    if look.kind == "astronaut":
        _helmet(pen, light)


def _face(look: Look, turn: float) -> Path:
    jaw, chin, low = (0.225, 0.085, 0.505) if look.womanly else (0.262, 0.13, 0.52)
    if look.childlike:
        jaw, chin, low = 0.26, 0.10, 0.455
    half = [(0.0, -0.50), (0.21, -0.46), (0.335, -0.26), (0.352, 0.0), (0.325, 0.19), (jaw, 0.375), (chin, low - 0.03)]
    path = mirrored(half)
    lean = (path[:, 1] + 0.5).clip(0, 1)
    path[:, 0] += 0.055 * turn * lean
    return path


def _mask(pen: Pen, face: Path, skin: Lab, light: Light) -> None:
    glow = Gradient((0.35 * light.side, -0.3), (-0.36 * light.side, 0.4), (lift(skin, 0.05), skin, flesh(skin, 0.05)))
    pen.fill(face, paint=glow)
    pen.crescent(face, (0.10 * light.side, -0.03), flesh(skin, 0.13), 0.75, 0.05)


def _ear(pen: Pen, skin: Lab, light: Light, side: int) -> None:
    ear = smooth(
        [
            (side * 0.33, -0.03),
            (side * 0.395, -0.06),
            (side * 0.415, 0.02),
            (side * 0.385, 0.13),
            (side * 0.345, 0.17),
            (side * 0.32, 0.1),
        ]
    )
    tone = skin if side * light.side > 0 else flesh(skin, 0.09)
    pen.fill(ear, paint=tone)
    pen.line(
        bezier((side * 0.355, -0.01), (side * 0.40, 0.0), (side * 0.385, 0.06), (side * 0.36, 0.10)), 0.013, flesh(skin, 0.2), 0.7
    )


def _features(pen: Pen, look: Look, light: Light, skin: Lab, turn: float, face: Path) -> None:
    blush = mix(skin, (skin[0] - 0.02, 0.15, 0.06), 0.5)
    for side in (-1, 1):
        pen.fill(oval(side * 0.205, 0.17, 0.085, 0.06), paint=blush, alpha=0.42, blur=0.035, clip=face)
        narrow = 1 - 0.22 * max(side * turn, 0)
        _eye(pen.at(side * 0.158 * narrow, 0.0, 1.0, side < 0), look, light, skin)
    _nose(pen, light, skin, turn)
    _mouth(pen, look, light, skin)
    if look.age >= 40:
        _lines(pen, light, skin, min((look.age - 35) / 30, 1.0))


def _eye(pen: Pen, look: Look, light: Light, skin: Lab) -> None:
    big = 1.18 if look.childlike else 1.0
    dark = mix(light.near, hexed("#1d1414"), 0.7)
    white = light.local(hexed("#f8f3ec"))
    shape = smooth(
        [
            (-0.078 * big, 0.012),
            (-0.03, -0.034 * big),
            (0.03, -0.034 * big),
            (0.082 * big, -0.006),
            (0.035, 0.031 * big),
            (-0.03, 0.031 * big),
        ]
    )
    pen.fill(shape, paint=white)
    pen.fill(oval(0.002, -0.004, 0.042 * big), paint=mix(dark, light.local(hexed("#6b4a32")), 0.45), clip=shape)
    pen.fill(oval(0.002, -0.004, 0.021 * big), paint=dark, clip=shape)
    pen.fill(oval(0.018 * light.side, -0.019, 0.0105), paint=(0.98, 0.0, 0.0))
    lid = bezier((-0.086 * big, 0.014), (-0.045, -0.052 * big), (0.035, -0.056 * big), (0.096 * big, -0.014))
    pen.fill(ribbon(lid, (0.010, 0.026 if look.womanly else 0.018, 0.014)), paint=dark)
    crease = bezier((-0.075, -0.04), (-0.03, -0.083), (0.04, -0.083), (0.088, -0.045))
    pen.line(crease, 0.011, flesh(skin, 0.2), 0.6, 0.8)
    brow_tone = mix(light.local(look.hair_colour), dark, 0.35 if look.age < 55 else 0.05)
    brow = bezier((-0.088, -0.118), (-0.035, -0.158), (0.045, -0.165), (0.112, -0.122))
    pen.fill(ribbon(brow, (0.026, 0.034, 0.010) if look.womanly else (0.036, 0.044, 0.016)), paint=brow_tone, alpha=0.92)


def _nose(pen: Pen, light: Light, skin: Lab, turn: float) -> None:
    side = -light.side if abs(turn) < 0.2 else (1.0 if turn > 0 else -1.0)
    plane = smooth(
        [
            (side * 0.012, -0.02),
            (side * 0.030, 0.08),
            (side * 0.062, 0.19),
            (side * 0.02, 0.215),
            (0.0, 0.2),
            (side * 0.004, 0.08),
        ]
    )
    pen.fill(plane, paint=flesh(skin, 0.12), alpha=0.45, blur=0.010)
    tip = bezier((-0.052, 0.196), (-0.03, 0.222), (0.03, 0.222), (0.052, 0.196))
    pen.line(tip, 0.015, flesh(skin, 0.24), 0.75, 0.7)
    pen.fill(oval(-side * 0.008, 0.165, 0.018, 0.024), paint=lift(skin, 0.09), alpha=0.6, blur=0.012)


def _mouth(pen: Pen, look: Look, light: Light, skin: Lab) -> None:
    tint = 0.16 if look.womanly else 0.06
    lip = mix(skin, (skin[0] - 0.14, 0.15, 0.06), 0.45 + tint * 1.8)
    up = -0.022 * look.smile
    upper = smooth(
        [
            (-0.112, 0.330 + up),
            (-0.05, 0.306),
            (-0.016, 0.298),
            (0.0, 0.305),
            (0.016, 0.298),
            (0.05, 0.306),
            (0.112, 0.330 + up),
            (0.05, 0.338),
            (0.0, 0.342),
            (-0.05, 0.338),
        ]
    )
    lower = smooth(
        [
            (-0.100, 0.332 + up),
            (-0.05, 0.340),
            (0.0, 0.343),
            (0.05, 0.340),
            (0.100, 0.332 + up),
            (0.055, 0.378),
            (0.0, 0.390),
            (-0.055, 0.378),
        ]
    )
    pen.fill(lower, paint=lift(lip, 0.035))
    pen.fill(upper, paint=lift(lip, -0.05))
    pen.line(bezier((-0.118, 0.328 + up), (-0.05, 0.345), (0.05, 0.345), (0.118, 0.328 + up)), 0.010, lift(lip, -0.20), 0.9, 0.6)
    pen.fill(oval(0.02 * light.side, 0.362, 0.035, 0.008), paint=lift(lip, 0.16), alpha=0.5, blur=0.006)
    pen.fill(oval(0, 0.42, 0.05, 0.012), paint=flesh(skin, 0.12), alpha=0.4, blur=0.012)


def _lines(pen: Pen, light: Light, skin: Lab, much: float) -> None:
    tone = flesh(skin, 0.17)
    for side in (-1, 1):
        pen.line(
            bezier((side * 0.085, 0.21), (side * 0.135, 0.25), (side * 0.155, 0.30), (side * 0.145, 0.355)),
            0.012,
            tone,
            0.75 * much,
            0.8,
        )
        pen.line(
            bezier((side * 0.10, 0.062), (side * 0.14, 0.085), (side * 0.19, 0.08), (side * 0.225, 0.055)),
            0.010,
            tone,
            0.6 * much,
            0.8,
        )
        for k in range(2):
            pen.line([(side * 0.262, 0.0 + 0.03 * k), (side * 0.305, -0.015 + 0.045 * k)], 0.009, tone, 0.7 * much)
    for k in range(2 if much > 0.6 else 0):
        pen.line(
            bezier((-0.14, -0.235 - 0.05 * k), (-0.05, -0.25 - 0.05 * k), (0.05, -0.25 - 0.05 * k), (0.14, -0.235 - 0.05 * k)),
            0.009,
            tone,
            0.5 * much,
            0.8,
        )


def _beard(pen: Pen, look: Look, light: Light, face: Path) -> None:
    tone = light.local(look.hair_colour)
    shape = smooth(
        [
            (-0.36, 0.05),
            (-0.30, 0.16),
            (-0.20, 0.265),
            (-0.08, 0.255),
            (0.0, 0.27),
            (0.08, 0.255),
            (0.20, 0.265),
            (0.30, 0.16),
            (0.36, 0.05),
            (0.33, 0.42),
            (0.16, 0.58),
            (0.0, 0.62),
            (-0.16, 0.58),
            (-0.33, 0.42),
        ]
    )
    pen.fill(shape, paint=tone, alpha=0.94, clip=smooth(face[::10] * (1.01, 1.06)))
    lips = smooth([(-0.09, 0.335), (0.0, 0.325), (0.09, 0.335), (0.0, 0.372)])
    pen.fill(lips, paint=mix(light.local(look.skin), (0.45, 0.12, 0.06), 0.5))


def _glasses(pen: Pen, light: Light) -> None:
    frame = mix(light.near, hexed("#2a2020"), 0.6)
    for side in (-1, 1):
        ring = oval(side * 0.162, 0.01, 0.125, 0.105)
        pen.fill(ring, paint=(0.97, 0.0, 0.0), alpha=0.10)
        pen.line([*list(map(tuple, ring)), tuple(ring[0])], 0.016, frame, 0.95)
    pen.line(bezier((-0.04, -0.01), (-0.015, -0.03), (0.015, -0.03), (0.04, -0.01)), 0.016, frame)
