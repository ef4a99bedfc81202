"""Art direction: one light, one palette, one finish for the whole set with Seq on; everything anew for each picture without."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np

from .brief import Brief, chance
from .colour import Lab, hexed, mix, polar, table
from .words import Reading, read

_LEVEL = {"day": 1.0, "dawn": 0.95, "golden": 0.95, "dusk": 0.82, "night": 0.74}
_TONES = ("far", "near", "ground", "light", "accent", "accent2", "wall", "floor")
_QUIET = ("dawn", "golden", "day")


def flesh(colour: Lab, depth: float) -> Lab:
    """The shaded side of skin: darker and a little redder, never grey."""
    return max(colour[0] - depth, 0.05), colour[1] * 0.95 + 0.012, colour[2] * 0.95


@dataclass(frozen=True)
class Light:
    """The colours of one time of day. `side` is where the light comes from: -1 left, 1 right."""

    name: str
    time: str
    sky: tuple[Lab, Lab, Lab]
    far: Lab
    near: Lab
    ground: Lab
    light: Lab
    accent: Lab
    accent2: Lab
    wall: Lab
    floor: Lab
    side: float = 1.0

    @property
    def level(self) -> float:
        return _LEVEL[self.time]

    def local(self, colour: Lab) -> Lab:
        """A thing's own colour as this light shows it."""
        if self.level >= 0.94:
            return mix(colour, self.light, 0.06)
        dim = (colour[0] * self.level, colour[1] * 0.95, colour[2] * 0.95)
        return mix(dim, self.sky[1], 0.09)

    def shade(self, colour: Lab, depth: float = 0.16) -> Lab:
        """The shaded side of a colour: darker, and a little of the sky in it."""
        dark = (max(colour[0] - depth, 0.03), colour[1] * 0.9, colour[2] * 0.9)
        return mix(dark, (dark[0], self.near[1], self.near[2]), 0.15)

    def layer(self, t: float) -> Lab:
        """The silhouettes from far (0) to near (1)."""
        return mix(self.far, self.near, t)


@dataclass(frozen=True)
class Direction:
    """How one picture is made. `set` numbers the stream of chance: the same for all pictures with Seq on."""

    brief: Brief
    index: int
    words: Reading
    light: Light
    finish: str
    treatment: str

    def rng(self, what: str) -> np.random.Generator:
        """Chance that a sequence shares and loose pictures do not."""
        return chance(_root(self.brief), what, 0 if self.brief.sequence else self.index + 1)

    def own(self, what: str) -> np.random.Generator:
        """Chance of this picture alone."""
        return chance(_root(self.brief), what, "own", self.index, self.brief.sequence)

    def pick(self, what: str, *choices: str) -> str:
        """One of the choices: the same through a sequence, each in turn without."""
        order = chance(_root(self.brief), what).permutation(len(choices))
        return choices[int(order[0 if self.brief.sequence else self.index % len(choices)])]


@lru_cache(maxsize=16)
def _digest(context: str, panels: tuple[str, ...]) -> str:
    return str(chance(context, *panels).integers(2**62))


def _root(brief: Brief) -> str:
    return f"{brief.seed}/{_digest(brief.context, brief.panels)}"


def direct(brief: Brief, index: int) -> Direction:
    """Decides light, palette and finish of one picture from words and chance."""
    general = read(brief.context)
    words = read(brief.words(index)).over(general)
    draft = Direction(brief, index, words, lights()[0], "", "")
    treatment = "" if brief.sequence else _treatment(draft)
    light = _light(draft, words, treatment)
    if brief.sequence and words.time != general.time:
        light = _blended(light, _light(draft, general, ""), _KINSHIP)
    finish = words.finish or (TREATMENTS[treatment].finish if treatment else "")
    return Direction(brief, index, words, light, finish, treatment)


_KINSHIP = 0.50
"""Seq on: how much of the set's own light stays in a panel that asks for another time of day."""


@dataclass(frozen=True)
class Treatment:
    """Seq off: time and finish that a picture takes where the words leave them free; exposure and tint that it takes anyway."""

    time: str
    finish: str
    exposure: float
    hue: float
    chroma: float


TREATMENTS = {
    "pale wash": Treatment("dawn", "watercolour", 0.14, 70, 0.012),
    "warm print": Treatment("golden", "riso", 0.05, 60, 0.040),
    "clear": Treatment("day", "", 0.10, 110, 0.015),
    "ink": Treatment("day", "comic", 0.08, 210, 0.020),
    "deep film": Treatment("night", "film", -0.11, 235, 0.030),
    "blue hour": Treatment("dusk", "", -0.09, 268, 0.045),
    "painted": Treatment("golden", "oil", -0.13, 45, 0.040),
    "night": Treatment("night", "", -0.11, 310, 0.035),
}


def _treatment(draft: Direction) -> str:
    """Bright and dark by turns, each kind in an order of its own."""
    bright = [name for name, treatment in TREATMENTS.items() if treatment.exposure > 0]
    dark = [name for name in TREATMENTS if name not in bright]
    kinds = (bright, dark) if chance(_root(draft.brief), "first").random() < 0.5 else (dark, bright)
    kind = kinds[draft.index % 2]
    order = chance(_root(draft.brief), "treatment", *kind).permutation(len(kind))
    return kind[int(order[draft.index // 2 % len(kind)])]


def _light(draft: Direction, words: Reading, treatment: str) -> Light:
    asked = words.time or ("night" if words.place in ("cyberpunk", "space") else "")
    if words.finish == "neon" and asked not in ("dusk", "night"):
        asked = "dusk"
    time = asked or (TREATMENTS[treatment].time if treatment else _time_by_chance(draft))
    rng = draft.rng("palette")
    choices = [light for light in lights() if light.time == time]
    if words.place == "cyberpunk" or words.finish == "neon":
        choices = [light for light in choices if light.name in ("violet", "plum")] or choices
    light = choices[int(rng.integers(len(choices)))]
    turn = rng.uniform(-16, 16) * (1.8 if treatment else 1.0)
    return _turned(light, float(turn), 1.0 if rng.random() < 0.5 else -1.0)


def _blended(light: Light, other: Light, share: float) -> Light:
    sky = (mix(light.sky[0], other.sky[0], share), mix(light.sky[1], other.sky[1], share), mix(light.sky[2], other.sky[2], share))
    return _repainted(light, lambda name: mix(getattr(light, name), getattr(other, name), share), sky, other.side)


def _repainted(light: Light, tone: Callable[[str], Lab], sky: tuple[Lab, Lab, Lab], side: float) -> Light:
    tones: dict[str, Any] = {name: tone(name) for name in _TONES}
    return replace(light, sky=sky, side=side, **tones)


def _time_by_chance(draft: Direction) -> str:
    return _QUIET[int(draft.rng("time").integers(len(_QUIET)))]


def _turned(light: Light, degrees: float, side: float) -> Light:
    """The same light with its hues turned a little, so that two seeds differ."""

    def turn(c: Lab) -> Lab:
        return polar(c[0], float(np.hypot(c[1], c[2])), float(np.degrees(np.arctan2(c[2], c[1]))) + degrees)

    return _repainted(
        light, lambda name: turn(getattr(light, name)), (turn(light.sky[0]), turn(light.sky[1]), turn(light.sky[2])), side
    )


@lru_cache(maxsize=1)
def lights() -> tuple[Light, ...]:
    return tuple(_lamp(row) for row in table("palettes")["palette"])


def _lamp(row: dict[str, Any]) -> Light:
    top, middle, low = map(hexed, row["sky"])
    tones: dict[str, Any] = {name: hexed(row[name]) for name in _TONES}
    return Light(row["name"], row["time"], (top, middle, low), **tones)
