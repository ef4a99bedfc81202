"""What a person asked for, as one frozen value. Everything downstream is a function of it."""

import hashlib
import json
import secrets
from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    ValidationError,
    model_validator,
)
from pydantic_core import PydanticCustomError

from seedream_ui.errors import RequestRefused

__all__ = ["ASPECT_RATIOS", "MAX_SEED", "ExactSize", "Panel", "Reference", "SequenceRequest", "Size", "TierSize"]


def _without_nul(text: str) -> str:
    if "\0" in text:  # Postgres holds none
        raise PydanticCustomError("nul", "has a NUL character")
    return text


NO_NUL = AfterValidator(_without_nul)
Tier = Literal["2K", "3K", "4K"]
AspectRatio = Literal["1:1", "4:3", "3:4", "16:9", "9:16", "3:2", "2:3", "21:9", "reference"]
ASPECT_RATIOS: tuple[str, ...] = get_args(AspectRatio)
OptionValue = bool | int | Annotated[str, NO_NUL]

MAX_SEED = 2**31 - 1
"""Largest seed: the platforms that take one take a signed 32-bit integer."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")


def _tuple(value: Any) -> Any:
    """JSON has no tuples; a strict model takes nothing else."""
    return tuple(value) if isinstance(value, list) else value


class Panel(_Frozen):
    """One image of the set: `text` goes into the prompt, `caption` beneath the picture (empty: the text)."""

    text: Annotated[str, Field(max_length=2000), NO_NUL] = ""
    caption: Annotated[str, Field(max_length=200), NO_NUL] = ""


class Reference(_Frozen):
    """A reference image, named by the SHA-256 of its prepared bytes. The bytes lie in the content store."""

    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    media_type: Literal["image/jpeg", "image/png"]
    width: Annotated[int, Field(gt=0)]
    height: Annotated[int, Field(gt=0)]
    label: Annotated[str, Field(max_length=120), NO_NUL] = ""


class TierSize(_Frozen):
    """A resolution tier at an aspect ratio; `reference` is the ratio of the first reference image."""

    kind: Literal["tier"] = "tier"
    tier: Tier = "2K"
    aspect_ratio: AspectRatio = "1:1"


class ExactSize(_Frozen):
    """Width and height in pixels; the recommended sizes of the catalogue are of this kind."""

    kind: Literal["exact"] = "exact"
    width: Annotated[int, Field(gt=0)]
    height: Annotated[int, Field(gt=0)]


Size = Annotated[TierSize | ExactSize, Field(discriminator="kind")]


def _pairs(value: Any) -> Any:
    """A mapping, or pairs, as sorted pairs; anything else is left for pydantic to refuse."""
    try:
        return tuple(sorted(dict(value).items()))
    except (TypeError, ValueError):
        return value


Options = Annotated[
    tuple[tuple[str, OptionValue], ...],
    BeforeValidator(_pairs),
    PlainSerializer(dict, return_type=dict[str, OptionValue]),
]
"""The model's own options: given and serialised as a mapping, held as sorted pairs so that the request stays frozen."""


class SequenceRequest(_Frozen):
    """A whole request. Building one checks its form; `seedream_ui.checks` checks it against the catalogue.

    `count` is the number of images; `panels` may be shorter, the rest is free. `model=""` is the platform's default.
    `seed=None` derives the seed from the fingerprint, so that the same request gives the same bytes where seeds are honoured.
    `prompt_override` replaces the compiled prompt (without `sequence`: the prompts, parted by lines of `---`).

    Raises `RequestRefused`, naming the field and the limit, instead of pydantic's error.
    """

    prompt: Annotated[str, Field(max_length=8000), NO_NUL] = ""
    panels: Annotated[tuple[Panel, ...], BeforeValidator(_tuple)] = ()
    references: Annotated[tuple[Reference, ...], BeforeValidator(_tuple)] = ()
    count: Annotated[int, Field(ge=1, le=15)] = 4
    sequence: bool = True
    size: Size = TierSize()
    platform: Annotated[str, NO_NUL] = "sketch"
    model: Annotated[str, NO_NUL] = ""
    seed: Annotated[int, Field(ge=0, le=MAX_SEED)] | None = None
    prompt_override: Annotated[str, Field(max_length=40_000), NO_NUL] | None = None
    options: Options = ()

    @model_validator(mode="wrap")
    @classmethod
    def _refuse_in_words(cls, data: Any, build: Callable[[Any], Self]) -> Self:
        try:
            return build(data)
        except ValidationError as error:
            raise _refusal(error) from None

    @model_validator(mode="after")
    def _panels_fit(self) -> Self:
        if len(self.panels) > self.count:
            asked = f"There are {len(self.panels)} panels for a count of {self.count}."
            raise RequestRefused("panels", f"{asked} Raise the count or remove panels.")
        return self

    @property
    def fingerprint(self) -> str:
        """SHA-256, in hex, of the canonical JSON: sorted keys, UTF-8; no defaults, so that a new field changes none."""
        said = self.model_dump(mode="json", exclude_defaults=True)
        canonical = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(canonical.encode()).hexdigest()

    @property
    def effective_seed(self) -> int:
        """The seed that is used: the one given, else one derived from the fingerprint."""
        return int(self.fingerprint[:8], 16) & MAX_SEED if self.seed is None else self.seed

    def vary(self) -> Self:
        """The same request with a new random seed."""
        return self.model_copy(update={"seed": secrets.randbelow(MAX_SEED + 1)})


def _refusal(error: ValidationError) -> RequestRefused:
    """The first fault pydantic found, as a sentence that names the field and the limit."""
    first = error.errors()[0]
    field, name = _named(first["loc"])
    if field == "options":
        return RequestRefused(field, "Each of the options has to be a text, a whole number, or true or false.")
    given, limit = first["input"], first.get("ctx", {})
    problem = _PROBLEMS.get(first["type"], "does not fit: {message}").format(
        given=_shown(given),
        length=len(given) if isinstance(given, str) else 0,
        range=_range(field, limit),
        message=first["msg"][:1].lower() + first["msg"][1:],
        **limit,
    )
    return RequestRefused(field, f"{name} {problem}.")


_PROBLEMS = {
    "int_type": "has to be a whole number, and {given} is none",
    "bool_type": "has to be true or false, and {given} is neither",
    "string_type": "has to be text, and {given} is none",
    "string_unicode": "has a character in it that is none",
    "nul": "has a NUL character in it, which cannot be kept. Take it out",
    "tuple_type": "has to be a list, and {given} is none",
    "greater_than": "cannot be {given}; {range}",
    "greater_than_equal": "cannot be {given}; {range}",
    "less_than_equal": "cannot be {given}; {range}",
    "string_too_long": "is {length:,} characters long; the limit is {max_length:,}",
    "literal_error": "cannot be {given}; it is one of {expected}",
    "string_pattern_mismatch": "is not a SHA-256 in hex",
    "extra_forbidden": "is not something a request has",
    "missing": "is missing",
}
"""What is wrong, by the type of pydantic's error."""


def _named(place: tuple[int | str, ...]) -> tuple[str, str]:
    """The field of the request that a place in it belongs to, and words for the place: "The text of panel 3"."""
    parts = [str(part) if isinstance(part, str) else part + 1 for part in place] or ["request"]
    if parts[0] == "size" and len(parts) > 2:  # size, its kind, its part
        parts = ["size"] if parts[2] == "tier" else parts[2:]
    if len(parts) > 1 and isinstance(parts[1], int):
        item = f"{str(parts[0]).removesuffix('s')} {parts[1]}"
        parts = ["the", *parts[2:], "of", item] if parts[2:] else [item]
    field = "aspect_ratio" if "aspect_ratio" in parts else str(place[0]) if place else "request"
    if field == "panels":
        field = ".".join(str(part) for part in place[:2])
    words = " ".join(str(part) for part in parts).replace("_", " ")
    return field, words[:1].upper() + words[1:]


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str).encode("utf-8", "replace").decode()  # half a character
    return text if len(text) <= 40 else text[:40] + "…"


def _range(field: str, limit: Mapping[str, Any]) -> str:
    if field == "count":
        return "it goes from 1 to 15"
    words = {"ge": "at least {:,}", "le": "at most {:,}", "gt": "more than {:,}"}
    return "it has to be " + " and ".join(words[key].format(value) for key, value in limit.items() if key in words)
