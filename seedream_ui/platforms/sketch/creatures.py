"""Animals, sitting and facing us: base at y = 0, one unit tall; and a bird and a horse from the side."""

from dataclasses import dataclass

from .canvas import Path, Pen, bezier, oval, ribbon, smooth
from .colour import Lab, hexed, lift, mix
from .direction import Light
from .hair import mirrored
from .solids import solid


@dataclass(frozen=True)
class Animal:
    """What tells one sitting animal from another."""

    coat: Lab
    face: Lab
    ears: str
    tail: str
    snout: float = 0.10
    size: float = 1.0


ANIMALS = {
    "fox": Animal(hexed("#d2622a"), hexed("#f6ead9"), "sharp", "brush", 0.10),
    "cat": Animal(hexed("#8d8a86"), hexed("#efe9e0"), "sharp", "curl", 0.065, 0.85),
    "dog": Animal(hexed("#b98850"), hexed("#f0e2ca"), "flop", "curl", 0.12),
    "bear": Animal(hexed("#6b4a34"), hexed("#c9a57c"), "round", "", 0.13, 1.15),
    "rabbit": Animal(hexed("#c9b8a3"), hexed("#f5efe6"), "long", "", 0.06, 0.8),
}


def draw_animal(pen: Pen, kind: str, light: Light, coat: Lab | None, accent: Lab) -> None:
    """The animal, in its usual coat or the one that the words name."""
    if kind == "bird":
        _bird(pen, light, coat or hexed("#3f78b5"))
    elif kind == "horse":
        _horse(pen, light, coat or hexed("#7a4a2c"))
    else:
        animal = ANIMALS.get(kind, ANIMALS["fox"])
        _sitting(pen.at(0, 0, animal.size), animal, light, light.local(coat or animal.coat), accent)


def _sitting(pen: Pen, animal: Animal, light: Light, coat: Lab, accent: Lab) -> None:
    face, dark = light.local(animal.face), mix(light.near, hexed("#241a18"), 0.6)
    if animal.tail:
        _tail(pen, animal, light, coat, face)
    body = mirrored([(0.0, -0.66), (0.11, -0.62), (0.17, -0.48), (0.235, -0.28), (0.25, -0.10), (0.20, 0.0), (0.0, 0.004)])
    solid(pen, body, coat, light, 0.25)
    chest = mirrored([(0.0, -0.60), (0.075, -0.56), (0.10, -0.42), (0.065, -0.26), (0.0, -0.17)])
    pen.fill(chest, paint=face, clip=body)
    for side in (-1, 1):
        leg = smooth(
            [
                (side * 0.035, -0.34),
                (side * 0.095, -0.34),
                (side * 0.090, -0.10),
                (side * 0.115, 0.0),
                (side * 0.02, 0.0),
                (side * 0.032, -0.12),
            ]
        )
        solid(pen, leg, lift(coat, 0.02), light, 0.2)
        paw = dark if animal.ears == "sharp" and animal.tail == "brush" else face
        pen.fill(oval(side * 0.068, -0.012, 0.055, 0.030), paint=paw)
    _head(pen.at(0, -0.72), animal, light, coat, face, dark)
    collar = bezier((-0.115, -0.575), (-0.05, -0.535), (0.05, -0.535), (0.115, -0.575))
    pen.line(collar, 0.034, light.local(accent))


def _tail(pen: Pen, animal: Animal, light: Light, coat: Lab, face: Lab) -> None:
    if animal.tail == "brush":
        brush = smooth(
            [
                (0.12, -0.05),
                (0.30, -0.02),
                (0.46, -0.14),
                (0.50, -0.36),
                (0.42, -0.52),
                (0.34, -0.38),
                (0.30, -0.22),
                (0.20, -0.12),
            ]
        )
        solid(pen, brush, coat, light, 0.2)
        pen.fill(
            smooth([(0.42, -0.52), (0.50, -0.40), (0.505, -0.32), (0.44, -0.36), (0.40, -0.34), (0.365, -0.40)]),
            paint=face,
            clip=brush,
        )
    else:
        pen.fill(
            ribbon(bezier((0.16, -0.05), (0.40, 0.0), (0.42, -0.22), (0.33, -0.36)), (0.07, 0.065, 0.05)),
            oval(0.33, -0.36, 0.026),
            paint=light.shade(coat, 0.04),
        )


def _ears(pen: Pen, animal: Animal, light: Light, coat: Lab, face: Lab) -> None:
    for side in (-1, 1):
        if animal.ears == "sharp":
            ear, inner = (
                [(side * 0.06, -0.12), (side * 0.155, -0.285), (side * 0.195, -0.05)],
                [(side * 0.095, -0.12), (side * 0.15, -0.235), (side * 0.17, -0.07)],
            )
        elif animal.ears == "long":
            ear, inner = (
                smooth(
                    [(side * 0.03, -0.13), (side * 0.05, -0.38), (side * 0.10, -0.44), (side * 0.14, -0.36), (side * 0.12, -0.11)]
                ).tolist(),
                smooth(
                    [
                        (side * 0.06, -0.15),
                        (side * 0.075, -0.34),
                        (side * 0.10, -0.39),
                        (side * 0.115, -0.33),
                        (side * 0.10, -0.13),
                    ]
                ).tolist(),
            )
        elif animal.ears == "round":
            ear, inner = oval(side * 0.135, -0.14, 0.065).tolist(), oval(side * 0.135, -0.14, 0.036).tolist()
        else:
            continue
        pen.fill(ear, paint=coat if side * light.side > 0 else light.shade(coat, 0.07))
        pen.fill(inner, paint=mix(face, light.accent, 0.2), alpha=0.9)


def _head(pen: Pen, animal: Animal, light: Light, coat: Lab, face: Lab, dark: Lab) -> None:
    _ears(pen, animal, light, coat, face)
    wide = 0.205 if animal.ears != "flop" else 0.185
    head = mirrored(
        [
            (0.0, -0.175),
            (0.12, -0.155),
            (wide, -0.02),
            (wide * 0.93, 0.065),
            (0.10, 0.135),
            (0.045, 0.175 + animal.snout * 0.2),
            (0.0, 0.185 + animal.snout * 0.2),
        ]
    )
    solid(pen, head, coat, light, 0.25)
    for side in (-1, 1):
        cheek = smooth(
            [
                (0.0, 0.02),
                (side * 0.05, 0.035),
                (side * 0.13, 0.01),
                (side * 0.21, 0.045),
                (side * 0.10, 0.15),
                (side * 0.03, 0.20),
                (0.0, 0.20),
            ]
        )
        pen.fill(cheek, paint=face if side * light.side > 0 else light.shade(face, 0.06), clip=head)
    if animal.ears == "flop":
        for side in (-1, 1):
            solid(
                pen,
                smooth(
                    [(side * 0.11, -0.155), (side * 0.20, -0.12), (side * 0.235, 0.06), (side * 0.19, 0.12), (side * 0.15, 0.02)]
                ),
                light.shade(coat, 0.10),
                light,
                0.2,
            )
    _look(pen, animal, light, dark)


def _look(pen: Pen, animal: Animal, light: Light, dark: Lab) -> None:
    for side in (-1, 1):
        pen.fill(oval(side * 0.085, -0.02, 0.024, 0.030), paint=dark)
        pen.fill(oval(side * 0.085 + 0.008 * light.side, -0.031, 0.008), paint=(0.98, 0.0, 0.0))
        pen.line(bezier((0, 0.135), (side * 0.015, 0.155), (side * 0.045, 0.155), (side * 0.055, 0.135)), 0.008, dark, 0.8, 0.6)
    pen.fill(smooth([(-0.030, 0.085), (0.030, 0.085), (0.022, 0.112), (0.0, 0.125), (-0.022, 0.112)]), paint=dark)
    pen.line([(0, 0.12), (0, 0.14)], 0.007, dark, 0.8)


def _bird(pen: Pen, light: Light, coat: Lab) -> None:
    tone, dark = light.local(coat), mix(light.near, hexed("#1c1a1e"), 0.6)
    belly = light.local(mix(coat, hexed("#f4e3c4"), 0.75))
    pen.fill(
        *[ribbon(bezier((x, -0.16), (x + 0.01, -0.1), (x, -0.05), (x + 0.02, 0.0)), 0.018) for x in (-0.03, 0.07)],
        paint=light.local(hexed("#c9842f")),
    )
    pen.fill([(-0.26, -0.30), (-0.58, -0.16), (-0.52, -0.10), (-0.18, -0.16)], paint=light.shade(tone, 0.12))
    body = smooth(
        [
            (-0.30, -0.30),
            (-0.18, -0.52),
            (0.0, -0.66),
            (0.06, -0.86),
            (0.20, -0.95),
            (0.33, -0.86),
            (0.34, -0.66),
            (0.32, -0.40),
            (0.18, -0.18),
            (-0.04, -0.12),
            (-0.24, -0.18),
        ]
    )
    solid(pen, body, tone, light, 0.3)
    pen.fill(
        smooth([(0.30, -0.66), (0.34, -0.45), (0.18, -0.16), (-0.02, -0.12), (0.10, -0.30), (0.18, -0.52)]),
        paint=belly,
        clip=body,
    )
    wing = smooth([(-0.02, -0.58), (0.12, -0.46), (0.06, -0.28), (-0.18, -0.20), (-0.44, -0.17), (-0.26, -0.36)])
    solid(pen, wing, light.shade(tone, 0.08), light, 0.2)
    pen.fill([(0.32, -0.84), (0.46, -0.79), (0.32, -0.75)], paint=light.local(hexed("#e8a12d")))
    pen.fill(oval(0.23, -0.82, 0.030), paint=dark)
    pen.fill(oval(0.24, -0.83, 0.010), paint=(0.98, 0.0, 0.0))


def _limb(points: list[tuple[float, float]], widths: tuple[float, ...]) -> Path:
    return ribbon(smooth(points, closed=False), widths)


def _horse(pen: Pen, light: Light, coat: Lab) -> None:
    tone, mane = light.local(coat), lift(light.local(coat), -0.22)
    back = light.shade(tone, 0.08)
    pen.fill(
        _limb([(-0.24, -0.45), (-0.30, -0.25), (-0.25, 0.0)], (0.13, 0.055, 0.05)),
        _limb([(0.20, -0.42), (0.25, -0.22), (0.20, 0.0)], (0.10, 0.05, 0.045)),
        paint=back,
    )
    pen.fill(_limb([(-0.32, -0.58), (-0.46, -0.50), (-0.45, -0.26)], (0.05, 0.09, 0.03)), paint=mane)
    body = smooth(
        [
            (-0.34, -0.56),
            (-0.20, -0.62),
            (0.05, -0.60),
            (0.17, -0.70),
            (0.25, -0.92),
            (0.33, -0.97),
            (0.44, -0.86),
            (0.47, -0.78),
            (0.41, -0.75),
            (0.33, -0.80),
            (0.30, -0.60),
            (0.24, -0.42),
            (0.0, -0.36),
            (-0.20, -0.37),
            (-0.33, -0.42),
        ]
    )
    pen.fill(
        _limb([(-0.28, -0.48), (-0.34, -0.25), (-0.33, 0.0)], (0.16, 0.06, 0.05)),
        _limb([(0.20, -0.48), (0.19, -0.24), (0.15, 0.0)], (0.12, 0.055, 0.045)),
        paint=tone,
    )
    solid(pen, body, tone, light, 0.3)
    pen.fill(
        smooth([(0.26, -0.98), (0.20, -0.86), (0.12, -0.72), (0.06, -0.62), (0.17, -0.70), (0.25, -0.88)]),
        [(0.27, -0.94), (0.285, -1.03), (0.32, -0.95)],
        paint=mane,
    )
    pen.fill(oval(0.365, -0.885, 0.013), paint=hexed("#171313"))
