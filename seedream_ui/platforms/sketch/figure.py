"""A whole person: feet at y = 0, one unit tall, y down. Poses are joints; clothes hang on them."""

from dataclasses import dataclass

from .canvas import Gradient, Path, Pen, bezier, oval, ribbon, smooth
from .colour import Lab, hexed, lift, mix
from .direction import Light, flesh
from .head import back_of_head, draw_behind, draw_head
from .look import Look

_HEAD = 0.138
Joint = tuple[float, float]


@dataclass(frozen=True)
class Pose:
    """Ends and bends of the limbs, left then right in the picture; `lean` moves the shoulders sideways."""

    hands: tuple[Joint, Joint] = ((-0.112, -0.445), (0.112, -0.445))
    elbows: tuple[Joint, Joint] = ((-0.116, -0.62), (0.116, -0.62))
    feet: tuple[Joint, Joint] = ((-0.048, 0.0), (0.050, 0.0))
    knees: tuple[Joint, Joint] = ((-0.046, -0.25), (0.048, -0.25))
    lean: float = 0.0
    turn: float = 0.0
    back: bool = False


POSES: dict[str, Pose] = {
    "stand": Pose(),
    "ease": Pose(hands=((-0.070, -0.515), (0.114, -0.445)), elbows=((-0.140, -0.61), (0.118, -0.62)), turn=0.35),
    "walk": Pose(
        feet=((-0.115, -0.025), (0.110, 0.0)),
        knees=((-0.035, -0.25), (0.085, -0.27)),
        hands=((-0.145, -0.47), (0.130, -0.47)),
        elbows=((-0.120, -0.63), (0.112, -0.62)),
        lean=0.008,
        turn=0.6,
    ),
    "wave": Pose(hands=((-0.112, -0.445), (0.200, -1.03)), elbows=((-0.116, -0.62), (0.165, -0.86)), turn=0.2),
    "cheer": Pose(hands=((-0.205, -1.03), (0.205, -1.03)), elbows=((-0.165, -0.86), (0.165, -0.86))),
    "back": Pose(back=True),
}


def draw_figure(pen: Pen, look: Look, light: Light, pose: Pose) -> None:
    """The person in that pose."""
    scale = _HEAD * (1.30 if look.childlike else 1.0)
    head = pen.at(pose.lean * 1.4, -1 + 0.66 * scale, scale)
    if not pose.back:
        draw_behind(head, look, light)
    _legs(pen, look, light, pose)
    raised = [hand[1] < -0.9 for hand in pose.hands]
    inside = [abs(hand[0]) < 0.1 for hand in pose.hands]
    for side in (0, 1):
        if not inside[side]:
            _arm(pen, look, light, pose, side, raised[side])
    _torso(pen, look, light, pose)
    for side in (0, 1):
        if inside[side]:
            _arm(pen, look, light, pose, side, raised[side])
    _neck(pen, look, light, pose)
    if pose.back:
        back_of_head(head, look, light)
    else:
        draw_head(head, look, light, pose.turn)
    if look.scarf:
        _scarf(pen, light.local(look.accent), light, pose)


def shadow(pen: Pen, light: Light, ground: Lab, length: float = 0.5) -> None:
    """The shadow on the ground, away from the light."""
    tone = light.shade(ground, 0.22)
    far = -light.side * length
    path = smooth(
        [
            (-0.06, -0.006),
            (0.06, -0.006),
            (0.09 + far * 0.5, 0.030),
            (0.05 + far, 0.060),
            (-0.05 + far, 0.060),
            (-0.09 + far * 0.5, 0.030),
        ]
    )
    pen.fill(path, paint=tone, alpha=0.45, blur=0.010)
    pen.fill(oval(0, 0.004, 0.12, 0.016), paint=lift(tone, -0.1), alpha=0.6, blur=0.010)


def _legs(pen: Pen, look: Look, light: Light, pose: Pose) -> None:
    bare = look.garment == "dress"
    tone = light.local(look.skin if bare else look.bottom)
    for side in (1, 0) if pose.turn >= 0 else (0, 1):
        hip = ((-0.042, 0.042)[side], -0.49)
        knee, foot = pose.knees[side], pose.feet[side]
        path = smooth([hip, knee, (foot[0], foot[1] - 0.035)], closed=False, steps=12)
        widths = (0.080, 0.052, 0.034) if bare else (0.094, 0.066, 0.052)
        shade = tone if (side == 1) == (light.side > 0) else light.shade(tone, 0.08)
        pen.fill(ribbon(path, widths), paint=shade)
        pen.crescent(ribbon(path, widths), (-0.010 * light.side, 0), lift(shade, 0.10), 0.6, 0.004)
        _shoe(pen, light, foot, 1.0 if pose.turn > 0.25 else -1.0 if pose.turn < -0.25 else (-0.5, 0.5)[side], look)


def _shoe(pen: Pen, light: Light, foot: Joint, toward: float, look: Look) -> None:
    x, y = foot
    tone = light.local(hexed("#2a2422") if look.garment != "dress" else look.accent)
    reach = 0.062 * toward
    shape = smooth(
        [
            (x - 0.030 * (1 if toward > 0 else -1), y - 0.045),
            (x + 0.03 * toward, y - 0.045),
            (x + reach, y - 0.018),
            (x + reach * 1.1, y),
            (x - 0.034 * (1 if toward > 0 else -1), y),
        ]
    )
    pen.fill(shape, paint=tone)


def _torso(pen: Pen, look: Look, light: Light, pose: Pose) -> None:
    top = light.local(look.top)
    shape = _SHAPES[look.garment](look)
    shape[:, 0] += pose.lean * (-shape[:, 1] - 0.4).clip(0) * 2.5
    pen.fill(
        shape, paint=Gradient((0.1 * light.side, -0.8), (-0.1 * light.side, -0.4), (lift(top, 0.05), top, light.shade(top, 0.07)))
    )
    pen.crescent(shape, (0.045 * light.side, -0.01), light.shade(top, 0.14), 0.75, 0.018)
    pen.crescent(shape, (-0.011 * light.side, 0.003), mix(lift(top, 0.16), light.light, 0.35), 0.8, 0.003)
    if look.garment in ("coat", "jacket"):
        _front(pen, top, light, pose)
    elif look.garment == "dress":
        for x in (-0.045, 0.005, 0.05):
            pen.line(
                bezier((x * 0.6, -0.58), (x * 0.9, -0.48), (x * 1.5, -0.38), (x * 1.9, -0.27)),
                0.007,
                light.shade(top, 0.12),
                0.6,
                0.9,
            )


def _front(pen: Pen, top: Lab, light: Light, pose: Pose) -> None:
    x = pose.lean + 0.02 * pose.turn
    dark = light.shade(top, 0.14)
    if pose.back:
        pen.line([(x, -0.60), (x, -0.34)], 0.004, dark, 0.7)
        return
    pen.fill([(x - 0.030, -0.835), (x + 0.030, -0.835), (x, -0.69)], paint=light.local((0.92, 0.0, 0.015)))
    for side in (-1, 1):
        lapel = [(x + side * 0.026, -0.838), (x + side * 0.058, -0.80), (x + side * 0.045, -0.765), (x + side * 0.003, -0.675)]
        pen.fill(lapel, paint=lift(top, 0.05 if side * light.side > 0 else -0.04))
    pen.line([(x, -0.68), (x + 0.003, -0.50)], 0.004, dark, 0.8)
    for k in range(3):
        pen.fill(oval(x + 0.012, -0.655 + 0.055 * k, 0.0052), paint=lift(top, -0.2))


def _outline(half: list[Joint]) -> Path:
    return smooth(half + [(-x, y) for x, y in reversed(half)])


def _coat(look: Look) -> Path:
    broad = 0.098 if look.womanly else 0.115
    return _outline(
        [
            (0.032, -0.842),
            (broad * 0.75, -0.815),
            (broad, -0.785),
            (broad * 0.98, -0.70),
            (broad * 0.82, -0.60),
            (0.105, -0.45),
            (0.132, -0.27),
            (0.05, -0.262),
        ]
    )


def _dress(look: Look) -> Path:
    return _outline(
        [
            (0.034, -0.838),
            (0.072, -0.812),
            (0.090, -0.785),
            (0.082, -0.70),
            (0.062, -0.61),
            (0.088, -0.50),
            (0.118, -0.38),
            (0.140, -0.245),
            (0.05, -0.232),
        ]
    )


def _jacket(look: Look) -> Path:
    broad = 0.096 if look.womanly else 0.118
    return _outline(
        [
            (0.032, -0.842),
            (broad * 0.75, -0.816),
            (broad, -0.785),
            (broad * 0.96, -0.70),
            (broad * 0.80, -0.60),
            (broad * 0.88, -0.47),
            (0.04, -0.462),
        ]
    )


def _top(look: Look) -> Path:
    broad = 0.092 if look.womanly else 0.112
    return _outline(
        [
            (0.034, -0.838),
            (broad * 0.75, -0.814),
            (broad, -0.782),
            (broad * 0.92, -0.70),
            (broad * 0.78, -0.60),
            (broad * 0.86, -0.485),
            (0.04, -0.478),
        ]
    )


_SHAPES = {"coat": _coat, "dress": _dress, "jacket": _jacket, "top": _top}


def _arm(pen: Pen, look: Look, light: Light, pose: Pose, side: int, raised: bool) -> None:
    sign = (-1, 1)[side]
    broad = 0.080 if look.womanly else 0.096
    shoulder = (sign * broad * 0.93 + pose.lean, -0.785)
    elbow, hand = pose.elbows[side], pose.hands[side]
    path = smooth([shoulder, elbow, hand], closed=False, steps=12)
    bare = look.garment == "dress"
    tone = light.local(look.skin if bare else look.top)
    tone = lift(tone, 0.03) if sign * light.side > 0 else (flesh(tone, 0.07) if bare else light.shade(tone, 0.09))
    widths = (0.044, 0.036, 0.028) if bare else (0.060, 0.050, 0.042)
    pen.fill(oval(hand[0], hand[1] + (-0.018 if raised else 0.018), 0.0185, 0.026), paint=light.local(look.skin))
    sleeve = ribbon(path, widths)
    pen.fill(sleeve, oval(*shoulder, widths[0] / 2), paint=tone)
    pen.crescent(sleeve, (-0.008 * light.side, 0.002), mix(lift(tone, 0.14), light.light, 0.3), 0.6, 0.003)
    pen.crescent(sleeve, (0.014 * light.side, 0), light.shade(tone, 0.12), 0.5, 0.006)


def _neck(pen: Pen, look: Look, light: Light, pose: Pose) -> None:
    skin = light.local(look.skin)
    x, half = pose.lean, 0.021 if look.womanly else 0.027
    neck = [(x - half, -0.90), (x + half, -0.90), (x + half, -0.835), (x, -0.815), (x - half, -0.835)]
    pen.fill(neck, paint=flesh(skin, 0.10))


def _scarf(pen: Pen, colour: Lab, light: Light, pose: Pose) -> None:
    x = pose.lean
    wrap = smooth(
        [
            (x - 0.045, -0.862),
            (x, -0.848),
            (x + 0.045, -0.862),
            (x + 0.062, -0.832),
            (x + 0.04, -0.806),
            (x, -0.798),
            (x - 0.04, -0.806),
            (x - 0.062, -0.832),
        ]
    )
    tail = smooth(
        [
            (x + 0.012, -0.822),
            (x + 0.042, -0.822),
            (x + 0.058, -0.73),
            (x + 0.052, -0.66),
            (x + 0.020, -0.664),
            (x + 0.026, -0.74),
        ]
    )
    for part in (tail, wrap):
        pen.fill(
            part,
            paint=Gradient((0.06 * light.side, -0.86), (-0.06 * light.side, -0.76), (lift(colour, 0.05), lift(colour, -0.10))),
        )
    pen.line(
        bezier((x - 0.045, -0.836), (x - 0.02, -0.818), (x + 0.02, -0.818), (x + 0.048, -0.838)),
        0.004,
        lift(colour, -0.15),
        0.8,
        0.7,
    )
