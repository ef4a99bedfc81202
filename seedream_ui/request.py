"""What a person asked for, as one frozen value. Everything downstream is a function of it."""

import hashlib
import json
import secrets
from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, ValidationError, model_validator

from seedream_ui.errors import RequestRefused

__all__ = ["ASPECT_RATIOS", "MAX_SEED", "ExactSize", "Panel", "Reference", "SequenceRequest", "Size", "TierSize"]

Tier = Literal["2K", "3K", "4K"]
AspectRatio = Literal["1:1", "4:3", "3:4", "16:9", "9:16", "3:2", "2:3", "21:9", "reference"]
ASPECT_RATIOS: tuple[str, ...] = get_args(AspectRatio)
OptionValue = bool | int | str

MAX_SEED = 2**31 - 1
"""Largest seed: the platforms that take one take a signed 32-bit integer."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")


def _tuple(value: Any) -> Any:
    """JSON has no tuples; a strict model takes nothing else."""
    return tuple(value) if isinstance(value, list) else value


class Panel(_Frozen):
    """One image of the set: `text` goes into the prompt, `caption` beneath the picture (empty: the text)."""

    text: Annotated[str, Field(max_length=2000)] = ""
    caption: Annotated[str, Field(max_length=200)] = ""


class Reference(_Frozen):
    """A reference image, named by the SHA-256 of its prepared bytes. The bytes lie in the content store."""

    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    media_type: Literal["image/jpeg", "image/png"]
    width: Annotated[int, Field(gt=0)]
    height: Annotated[int, Field(gt=0)]
    label: Annotated[str, Field(max_length=120)] = ""


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
    if isinstance(value, Mapping):
        return tuple(sorted(value.items()))
    return tuple(sorted(_tuple(pair) for pair in value)) if isinstance(value, list) else value


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

    prompt: Annotated[str, Field(max_length=8000)] = ""
    panels: Annotated[tuple[Panel, ...], BeforeValidator(_tuple)] = ()
    references: Annotated[tuple[Reference, ...], BeforeValidator(_tuple)] = ()
    count: Annotated[int, Field(ge=1, le=15)] = 4
    sequence: bool = True
    size: Size = TierSize()
    platform: str = "sketch"
    model: str = ""
    seed: Annotated[int, Field(ge=0, le=MAX_SEED)] | None = None
    prompt_override: Annotated[str, Field(max_length=40_000)] | None = None
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
        """SHA-256, in hex, of the canonical JSON: sorted keys, no spaces, UTF-8; no defaults, so that a new field changes none."""
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
    where = [part for part in first["loc"] if part not in ("tier", "exact")] or ["request"]
    field = str(where[0])
    name = " ".join(str(part + 1) if isinstance(part, int) else part.replace("_", " ") for part in where)
    limit = first.get("ctx", {})
    match first["type"]:
        case "int_type" | "int_from_float" | "int_parsing":
            problem = f"has to be a whole number, and {_shown(first['input'])} is none"
        case "greater_than_equal" | "less_than_equal" | "greater_than":
            problem = f"cannot be {_shown(first['input'])}; {_range(field, limit)}"
        case "string_too_long":
            problem = f"is {len(first['input']):,} characters long; the limit is {limit['max_length']:,}"
        case "literal_error":
            problem = f"cannot be {_shown(first['input'])}; it is one of {limit['expected']}"
        case "extra_forbidden":
            problem = "is not something a request has"
        case "string_pattern_mismatch":
            problem = "is not a SHA-256 in hex"
        case _:
            problem = f"does not fit: {first['msg'][:1].lower()}{first['msg'][1:]}"
    return RequestRefused(field, f"{name.capitalize()} {problem}.")


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 40 else text[:40] + "…"


def _range(field: str, limit: Mapping[str, Any]) -> str:
    if field == "count":
        return "it goes from 1 to 15"
    words = {"ge": "at least {}", "le": "at most {}", "gt": "more than {}"}
    return "it has to be " + " and ".join(words[key].format(value) for key, value in limit.items() if key in words)
