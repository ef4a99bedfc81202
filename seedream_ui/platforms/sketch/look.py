"""Who is in the picture: the protagonist's looks, from words first and the set's chance next."""

from dataclasses import dataclass, replace

import numpy as np

from .colour import Lab, hexed, lift, mix
from .direction import Direction
from .matte import Cutout
from .words import Reading, read_people

_SKINS = ("#f3cfb3", "#e6b48f", "#c98f66", "#a06a45", "#6f4530", "#f0c3a0")
_HAIRS = ("#2a1d1a", "#4a2c1d", "#1a1a20", "#7a4424", "#c08a4a", "#8c3b1e")
_CLOTHES = ("#c8443a", "#1f6f78", "#e0a030", "#27406f", "#7b3f61", "#4f7049", "#d9785a", "#efe6d2", "#33363d", "#8d6bb0")
_WOMANLY = ("woman", "girl")
_MANLY = ("man", "boy")
_SILVER = hexed("#cfcfd2")
_SUIT = hexed("#eceae4")
_METAL = hexed("#9fb2bd")
_INDIGO = hexed("#2b3350")
_BROWN = hexed("#3a2419")
_RED = hexed("#c8443a")
_SKIN = hexed("#e6b48f")
_AMBER = hexed("#f2b134")


@dataclass(frozen=True)
class Look:
    """A person's looks. `age` in years; `hair` is one of the hairstyles of `words.toml`."""

    kind: str = "woman"
    skin: Lab = _SKIN
    hair: str = "long"
    hair_colour: Lab = _BROWN
    top: Lab = _RED
    bottom: Lab = _INDIGO
    accent: Lab = _AMBER
    garment: str = "coat"
    age: int = 28
    scarf: bool = False
    glasses: bool = False
    beard: bool = False
    smile: float = 0.5
    fringe: bool = False

    @property
    def womanly(self) -> bool:
        return self.kind in _WOMANLY

    @property
    def childlike(self) -> bool:
        return self.kind == "child" or self.age < 13


def cast(direction: Direction, sample: Cutout | None = None) -> tuple[Look, ...]:
    """The people of this picture: one or two. `sample` is a lifted reference whose colours they take."""
    words = direction.words
    kinds = _kinds(words)
    if not kinds:
        return ()
    return tuple(_one(direction, words, kind, number, sample if number == 0 else None) for number, kind in enumerate(kinds))


def _kinds(words: Reading) -> tuple[str, ...]:
    named = [kind for kind in words.people if kind not in ("couple", "person")]
    named = [kind for kind in named if kind not in ("robot", "astronaut")] or named
    if "couple" in words.people:
        return ("woman", "man") if len(named) < 2 else (named[0], named[1])
    if len(named) >= 2 and set(named[:2]) in ({"woman", "man"}, {"girl", "boy"}):
        return named[0], named[1]
    if named:
        return (named[0],)
    if words.people or not (words.animal or words.thing):
        return ("person",)
    return ()


def _one(direction: Direction, words: Reading, kind: str, number: int, sample: Cutout | None) -> Look:
    rng = direction.rng(f"person {number}")
    if kind == "person":
        kind = "woman" if rng.random() < 0.5 else "man"
    look = Look(
        kind, hexed(_SKINS[int(rng.integers(len(_SKINS)))]), _hair_by_chance(kind, rng),
        hexed(_HAIRS[int(rng.integers(len(_HAIRS)))]), garment=_garment(kind, rng), age=_usual_age(kind),
        scarf=bool(rng.random() < 0.35), beard=bool(kind == "man" and rng.random() < 0.35), fringe=bool(rng.random() < 0.4),
    )  # fmt: skip
    look = _dressed(direction, look, number)
    look = _sampled(look, sample) if sample else look
    told = read_people(direction.brief.context)
    said = told[number] if number < len(told) else None
    if said is not None and len(told) > 1:
        look = _as_told(look, said, 0)
        words = replace(words, colours={}, extra=(), hair="", hair_colour=None, garment="", beard=False, glasses=False)
    return _as_told(_suited(look), words, number)


def _suited(look: Look) -> Look:
    """Astronauts come in white, robots in one metal."""
    if look.kind == "astronaut":
        return replace(look, top=_SUIT, bottom=_SUIT, garment="top", hair="short", scarf=False)
    if look.kind == "robot":
        return replace(
            look, top=_METAL, bottom=lift(_METAL, -0.2), skin=_METAL, garment="top", hair="short", scarf=False, beard=False
        )
    return look


def _usual_age(kind: str) -> int:
    return {"girl": 19, "boy": 19, "child": 8}.get(kind, 30)


def _hair_by_chance(kind: str, rng: np.random.Generator) -> str:
    styles = ("bob", "long", "bun", "ponytail", "curls", "bob") if kind in _WOMANLY else ("short", "short", "curls", "short")
    return styles[int(rng.integers(len(styles)))] if kind != "child" else ("bob", "short")[int(rng.integers(2))]


def _garment(kind: str, rng: np.random.Generator) -> str:
    styles = ("coat", "dress", "jacket", "top", "coat") if kind in _WOMANLY else ("coat", "jacket", "top", "coat")
    return styles[int(rng.integers(len(styles)))]


def _dressed(direction: Direction, look: Look, number: int) -> Look:
    """Clothes by chance, and the second person's unlike the first one's."""
    order = direction.rng("clothes").permutation(len(_CLOTHES))
    top, accent = (hexed(_CLOTHES[int(order[k])]) for k in (number * 2, number * 2 + 1))
    return replace(look, top=top, bottom=mix(hexed("#2b3350"), lift(top, -0.3), 0.3), accent=accent)


def _sampled(look: Look, sample: Cutout) -> Look:
    """Skin, hair and clothes as measured on the reference: face at the middle, hair at the crown, clothes below."""
    rows, columns = sample.alpha.shape
    middle = slice(int(columns * 0.42), int(columns * 0.58))
    head = 0.62 if sample.grounded else 0.16

    def band(low: float, high: float, across: slice) -> Lab:
        part = (slice(int(rows * low), max(int(rows * high), int(rows * low) + 1)), across)
        inside = sample.alpha[part] > 0.8
        values = sample.lab[part][inside]
        return tuple(float(v) for v in np.median(values, axis=0)) if len(values) else look.skin  # type: ignore[return-value]

    skin = band(head * 0.52, head * 0.74, middle)
    hair = band(0.02 * head, 0.18 * head, middle)
    top = band(min(head * 1.42, 0.88), min(head * 1.42, 0.88) + 0.1, middle)
    return replace(look, skin=skin, hair_colour=hair, top=top, garment="top", scarf=False, fringe=False)


def _as_told(look: Look, words: Reading, number: int) -> Look:
    """The words have the last say."""
    colours = words.colours
    main = colours.get("") if not (words.animal or words.thing) else None
    top = colours.get("clothes") or (main if number == 0 else (words.extra[0] if words.extra else None))
    age = words.age if words.age is not None else look.age
    look = replace(
        look, top=top or look.top, bottom=colours.get("bottoms") or look.bottom, accent=colours.get("accent") or look.accent,
        hair=words.hair if words.hair and (number == 0 or look.womanly) else look.hair, garment=words.garment or look.garment,
        hair_colour=(words.hair_colour if number == 0 else None) or look.hair_colour, age=age,
        scarf=look.scarf or words.scarf,
        fringe=words.fringe or (look.fringe and not words.hair),
        glasses=look.glasses or (words.glasses and number == 0),
        beard=look.beard or (words.beard and look.kind == "man"),
    )  # fmt: skip
    return _aged(look)


def _aged(look: Look) -> Look:
    if look.age < 40:
        return look
    grey = min(max((look.age - 38) / 24, 0.0), 1.0)
    silver = mix(look.hair_colour, _SILVER, grey * 0.92)
    return replace(look, hair_colour=silver, glasses=look.glasses or look.age >= 60, fringe=False)
