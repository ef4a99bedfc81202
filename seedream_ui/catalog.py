"""The catalogue: every platform and model as data, read once from `catalog.toml` and checked as it is read."""

import tomllib
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from seedream_ui.errors import RequestRefused
from seedream_ui.request import AspectRatio, OptionValue, SequenceRequest, Tier

__all__ = ["Catalog", "Model", "Option", "Platform", "Preset", "RecommendedSize", "catalog", "model_of", "platform_of"]

Pixels = tuple[int, int]
"""Width and height, or a smallest and a largest value; which one the field's name says."""


def _tuples(value: Any) -> Any:
    """TOML has lists where a frozen model has tuples."""
    return tuple(_tuples(item) for item in value) if isinstance(value, list) else value


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _freeze(cls, data: Any) -> Any:
        return {key: _tuples(value) for key, value in data.items()} if isinstance(data, dict) else data


class Option(_Entry):
    """An option that the model really honours; anything else a caller sends is refused."""

    name: str
    title: str
    choices: tuple[OptionValue, ...]
    default: OptionValue


class Model(_Entry):
    """One model on one platform, with the rules that hold there.

    `side` and `pixels` are smallest and largest, inclusive; `ratio` is the largest long side ÷ short side.
    `price_usd` is per image and `charged_by` says which images: those requested, those returned, or none.
    `pin` is the id that goes into the record; `endpoints` is what serves a request (empty: no endpoint is needed).
    """

    name: str
    title: str
    pin: str
    group: bool
    endpoints: dict[Literal["single", "edit", "group", "edit_group"], str]
    references: int
    outputs: Annotated[int, Field(ge=1, le=15)]
    references_plus_outputs: int | None = None
    side: Pixels
    pixels: Pixels
    ratio: Annotated[int, Field(ge=1)]
    tiers: tuple[Tier, ...]
    seed: bool
    options: tuple[Option, ...] = ()
    price_usd: Annotated[Decimal, Field(ge=0)]
    charged_by: Literal["requested", "returned", "nothing"]
    unknowns: tuple[str, ...] = ()
    sources: dict[str, str]

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if self.side[0] > self.side[1] or self.pixels[0] > self.pixels[1]:
            raise ValueError(f"{self.name}: a smallest value is above its largest")
        if (self.price_usd == 0) != (self.charged_by == "nothing"):
            raise ValueError(f"{self.name}: a price without a charge, or a charge without a price")
        if "price" not in self.sources:
            raise ValueError(f"{self.name}: nothing says where its price is from")
        return self


class Level(_Entry):
    """What an account of a level may do at once, and in a minute."""

    concurrent: int
    images_per_minute: int


class Platform(_Entry):
    """A place that makes images. `program_options` hold for all its models, and are offered to programs, not on the page."""

    name: str
    title: str
    summary: str
    default_model: str
    usual_seconds: float
    levels: dict[str, Level] = {}
    program_options: tuple[Option, ...] = ()
    size_syntax: Literal["WxH", "W*H"]
    model: tuple[Model, ...]

    @property
    def free(self) -> bool:
        """Whether nothing here costs anything, so that no key is needed."""
        return all(model.charged_by == "nothing" for model in self.model)

    def find(self, name: str) -> Model | None:
        """The model of that name; the empty name is the platform's default."""
        return next((model for model in self.model if model.name == (name or self.default_model)), None)

    @model_validator(mode="after")
    def _default_exists(self) -> Self:
        if self.find("") is None:
            raise ValueError(f"{self.name}: the default model is not one of its models")
        return self


class Preset(_Entry):
    """Another product's controls: they narrow the form, and its credits are quoted beside the price."""

    name: str
    title: str
    summary: str
    aspect_ratios: tuple[AspectRatio, ...]
    tiers: dict[str, Tier]
    outputs: int
    references: int
    credits: tuple[int, ...]
    source: str


class SizePair(_Entry):
    exact: Pixels
    rounded: Pixels


class _Recommended(BaseModel):
    megapixels: str
    sizes: dict[AspectRatio, SizePair]

    @model_validator(mode="before")
    @classmethod
    def _by_ratio(cls, data: dict[str, Any]) -> dict[str, Any]:
        return {"megapixels": data["megapixels"], "sizes": {key: value for key, value in data.items() if ":" in key}}


class RecommendedSize(_Entry):
    """One recommended size; `label` says its megapixels and whether its sides are multiples of 64."""

    label: str
    width: int
    height: int


class Catalog(_Entry):
    tiers: dict[Tier, dict[AspectRatio, Annotated[Pixels, BeforeValidator(tuple)]]]
    recommended: tuple[_Recommended, ...]
    preset: tuple[Preset, ...]
    platform: tuple[Platform, ...]

    def find(self, name: str) -> Platform | None:
        return next((platform for platform in self.platform if platform.name == name), None)

    def recommended_for(self, aspect_ratio: str) -> tuple[RecommendedSize, ...]:
        """The recommended sizes at that ratio, largest first; an upright ratio gets the lying one's sizes, turned."""
        turned = ":".join(reversed(aspect_ratio.split(":")))
        found = []
        for row in self.recommended:
            for ratio, step in ((aspect_ratio, 1), (turned, -1)):
                if ratio in row.sizes:
                    found += _both(row.megapixels, row.sizes[ratio], step)
                    break
        return tuple(found)


def _both(megapixels: str, pair: SizePair, step: int) -> list[RecommendedSize]:
    sizes = {"exact": pair.exact[::step], "÷ 64": pair.rounded[::step]}
    if pair.exact == pair.rounded:
        sizes.pop("exact")
    return [RecommendedSize(label=f"{megapixels} MP, {kind}", width=w, height=h) for kind, (w, h) in sizes.items()]


@cache
def catalog() -> Catalog:
    """The shipped catalogue. Raises pydantic's error at start-up if the file is wrong."""
    return Catalog.model_validate(tomllib.loads(files("seedream_ui").joinpath("catalog.toml").read_text("utf-8")))


def platform_of(request: SequenceRequest) -> Platform:
    """The request's platform. Raises `RequestRefused` for one that the catalogue does not have."""
    if found := catalog().find(request.platform):
        return found
    known = ", ".join(platform.name for platform in catalog().platform)
    raise RequestRefused("platform", f"There is no platform “{request.platform[:40]}” here. There is {known}.")


def model_of(request: SequenceRequest) -> Model:
    """The request's model. Raises `RequestRefused` for one that the platform does not have."""
    platform = platform_of(request)
    if found := platform.find(request.model):
        return found
    known = ", ".join(model.name for model in platform.model)
    raise RequestRefused("model", f"{platform.title} has no model “{request.model[:40]}” here. It has {known}.")
