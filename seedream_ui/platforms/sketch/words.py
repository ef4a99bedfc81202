"""Reads a panel's words: which colours, where, when, who, how drawn. Never raises, whatever the text."""

import re
from dataclasses import dataclass, field, replace
from functools import lru_cache

from .colour import Lab, hexed, names, table

_LIMIT = 4000
"""Characters that are read; the rest of a longer text changes the seed only."""


@dataclass(frozen=True)
class Reading:
    """What a text says; empty or None where it says nothing. Colours by what they are for: "" is the main one."""

    colours: dict[str, Lab] = field(default_factory=dict)
    extra: tuple[Lab, ...] = ()
    place: str = ""
    time: str = ""
    weather: str = ""
    finish: str = ""
    fringe: bool = False
    glasses: bool = False
    scarf: bool = False
    beard: bool = False
    same_background: bool = False
    plain_background: bool = False
    surface: str = ""
    hair: str = ""
    hair_colour: Lab | None = None
    age: int | None = None
    people: tuple[str, ...] = ()
    animal: str = ""
    thing: str = ""
    garment: str = ""
    shot: str = ""
    pose: str = ""
    view: str = ""
    reference: int | None = None

    def over(self, general: "Reading") -> "Reading":
        """These words first, the general ones where these say nothing. Colours and views are a panel's own."""
        taken = {name: getattr(self, name) or getattr(general, name) for name in _SHARED}
        who = self if self._leads(general) else general
        if general.place == "cyberpunk" and self.place in ("city", "street"):
            taken["place"] = "cyberpunk"
        merged = replace(self, **taken, people=who.people, animal=who.animal, thing=who.thing)
        return replace(merged, colours={**general.colours, **self.colours}, extra=self.extra or general.extra)

    def _leads(self, general: "Reading") -> bool:
        """Whether the protagonist is this panel's own: a tree or a rabbit in a child's story does not replace the child."""
        people = general.people not in ((), ("person",))
        if self.people not in ((), ("person",)) or not (general.people or general.animal or general.thing):
            return True
        return not people and bool(self.animal or (self.thing and not general.animal))


_SHARED = (
    "fringe",
    "glasses",
    "scarf",
    "beard",
    "same_background",
    "plain_background",
    "place",
    "time",
    "weather",
    "finish",
    "surface",
    "hair",
    "hair_colour",
    "age",
    "garment",
    "pose",
    "shot",
)


@lru_cache(maxsize=64)
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    longest = sorted(words, key=len, reverse=True)
    return re.compile(r"(?<!\w)(" + "|".join(re.escape(word) for word in longest) + r")(?:s|es)?(?![\w])")


@lru_cache(maxsize=32)
def _lookup(group: str) -> tuple[re.Pattern[str], dict[str, str]]:
    keys = {word: key for key, words in table("words")[group].items() for word in words}
    return _pattern(tuple(keys)), keys


def _first(text: str, group: str) -> str:
    """The key whose word comes first in the text."""
    pattern, keys = _lookup(group)
    found = pattern.search(text)
    return keys[found.group(1)] if found else ""


def _every(text: str, group: str) -> tuple[str, ...]:
    pattern, keys = _lookup(group)
    return tuple(dict.fromkeys(keys[match.group(1)] for match in pattern.finditer(text)))


@lru_cache(maxsize=512)
def read(text: str) -> Reading:
    """The reading of one text."""
    plain = re.sub(r"\s+", " ", text[:_LIMIT].lower())
    hair_colour, plain_of_hair = _hair_colour(plain)
    wears = {name: re.search(pattern, plain) is not None for name, pattern in _FEATURES.items()}
    colours, extra, rest = _colours(plain_of_hair)
    people, animal, thing = _every(rest, "people"), _first(rest, "animals"), _first(rest, "objects")
    return Reading(
        colours=colours, extra=extra, place=_place(rest), time=_first(rest, "times"), weather=_weather(rest),
        finish=_finish(plain), surface=_first(plain, "surfaces"), hair=_hairstyle(re.sub(r"\s+", " ", plain_of_hair)),
        **wears,
        hair_colour=hair_colour or colours.get("hair"), age=_age(plain), people=people, animal=animal, thing=thing,
        garment=_first(rest, "garments"), shot=_first(rest, "shots"), pose=_first(rest, "poses"),
        view=_view(rest), reference=_reference(rest),
    )  # fmt: skip


_FEATURES = {
    "scarf": r"\bscarf\b",
    "fringe": r"\b(?:fringe|bangs)\b",
    "glasses": r"\bglasses\b",
    "beard": r"\bbeard(?:ed)?\b",
    "same_background": r"\b(?:(?:keep|preserve)\b[^.;!?]*|same )(?:background|backdrop)\b",
    "plain_background": r"\b(?:plain|bare|empty|clean|seamless) (?:\w+ ){0,2}(?:background|backdrop)\b",
}


def _place(text: str) -> str:
    """A neon city is cyberpunk wherever the word stands."""
    found = _every(text, "places")
    return "cyberpunk" if "cyberpunk" in found else (found[0] if found else "")


def _finish(text: str) -> str:
    """A comic storyboard is drawn in ink."""
    found = _every(text, "finishes")
    return next((name for name in found if name != "storyboard"), found[0] if found else "")


def _hairstyle(text: str) -> str:
    """A long braid is a braid."""
    found = _every(text, "hair")
    return next((style for style in found if style not in ("long", "short")), found[0] if found else "")


def _weather(text: str) -> str:
    found = _every(text, "weathers")
    return next((name for name in found if name != "sun"), found[0] if found else "")


def _view(text: str) -> str:
    """ "Left" alone is a view only in a short line; elsewhere it is a place in the sentence."""
    found = _first(text, "views")
    if found.endswith("_alone"):
        return found.removesuffix("_alone") if len(text.split()) <= 4 or "view" in text else ""
    return found


def _age(text: str) -> int | None:
    found = re.search(r"\b(?:at|aged?|is|turns|age of)\s+(\d{1,3})\b|\b(\d{1,3})[\s-]*(?:years?[\s-]*old|yo\b)", text)
    if not found:
        found = re.fullmatch(r"\s*(\d{1,2})\W*", text)
    if found:
        return int(next(group for group in found.groups() if group))
    return (
        70
        if re.search(r"\b(?:old and gr[ea]y|in old age|elderly|old (?:wo)?man|grand(?:mother|father)|old lady)\b", text)
        else None
    )


def _reference(text: str) -> int | None:
    found = re.search(r"\bimage\s*#?(\d{1,2})\b", text)
    return int(found.group(1)) - 1 if found else None


def _hair_colour(text: str) -> tuple[Lab | None, str]:
    pattern, keys = _lookup("hair_colours")
    found = pattern.search(text)
    if not found:
        return None, text
    return hexed(keys[found.group(1)]), text.replace(found.group(0), " hair " if "hair" in found.group(0) else " ")


_NOT_COLOURS = re.compile(
    r"old and gr[ea]y|golden hour|blue hour|golden light|black[ -]and[ -]white|green tea|orange juice|gold medal|red carpet"
    r"|northern lights|rose garden|coffee (?:shop|pot|cup)|peach tree|lemon tree"
)


def _colours(text: str) -> tuple[dict[str, Lab], tuple[Lab, ...], str]:
    """Colours by their part, further main colours, and the text without them."""
    searched = _NOT_COLOURS.sub(lambda m: "_" * len(m.group()), text)
    pattern = _pattern(tuple(names()))
    parts: dict[str, Lab] = {}
    loose: list[Lab] = []
    for found in pattern.finditer(searched):
        part = _part_after(searched[found.end() :]) or _part_before(searched[: found.start()])
        if not part and _is_thing(found.group(1), searched[: found.start()]):
            continue
        if part:
            parts.setdefault(part, names()[found.group(1)])
        else:
            loose.append(names()[found.group(1)])
    if len(loose) > 2:  # "red, yellow and blue" is a palette, and nobody's coat
        loose = []
    if loose:
        parts[""] = loose.pop(0)
    if parts.get("hair") == names()["red"]:
        parts["hair"] = names()["rust"]  # nobody's red hair is red
    rest = pattern.sub(" ", searched)
    for kept in _NOT_COLOURS.findall(text):
        rest += f" {kept}"
    return parts, tuple(loose), rest


def _is_thing(word: str, before: str) -> bool:
    """ "Under a stone" names no colour; "in sage" does, and so does a line that is nothing but its colours."""
    if word not in table("words")["colours_that_may_be_things"]["words"]:
        return False
    return re.search(r"\b(?:a|an|the|under|on|of|every|some)\s+(?:\w+ )?$", before) is not None and len(before.split()) > 2


def _part_after(text: str) -> str:
    """Within three words, and before a comma, "and" or "with": "white outsole", "gold metal details"."""
    near = re.split(r"[,;.]|\band\b|\bwith\b|\bon\b|\bin\b|\bagainst\b", text, maxsplit=1)[0]
    return _first(" ".join(near.split()[:3]), "parts")


def _part_before(text: str) -> str:
    """ "The sole in gum", "laces: white", "background is navy"."""
    near = re.search(r"([\w-]+)\s*(?:in|is|are|:|=|to|becomes)\s*(?:a |an |the )?$", text)
    return _first(near.group(1), "parts") if near else ""


def read_people(text: str) -> tuple[Reading, ...]:
    """What is said of each person: from one person's word to the next, "a woman in a cream coat and a man in a blue suit"."""
    pattern, keys = _lookup("people")
    found = [m for m in pattern.finditer(text[:_LIMIT].lower()) if keys[m.group(1)] in _NAMED and m.group(1) not in _PRONOUNS]
    ends = [m.start() for m in found[1:]] + [len(text)] * bool(found)
    return tuple(read(text[m.start() : min(end, m.start() + 160)].split(".")[0]) for m, end in zip(found, ends, strict=True))


_NAMED = ("woman", "man", "girl", "boy", "child", "astronaut", "robot")
_PRONOUNS = ("she", "her", "he", "his")
