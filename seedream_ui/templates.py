"""What fills the form in one press: templates with [slots], and examples that run as they are. Their words: templates.toml."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, model_validator

from seedream_ui.request import AspectRatio, Panel, Reference, SequenceRequest, Tier, TierSize

__all__ = ["Template", "TemplatePanel", "TemplateReference", "load", "parse"]


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class TemplatePanel(_Entry):
    text: Annotated[str, Field(min_length=1)]
    caption: Annotated[str, Field(min_length=1, max_length=24)]


class TemplateReference(_Entry):
    """A picture in `seedream_ui/examples/`, and what it is: the label completes "Image 1 is …"."""

    file: Literal["shoe.jpg", "girl.jpg", "character.jpg", "kettle.jpg", "room.jpg"]
    label: str = ""


class Template(_Entry):
    """A filled form: a "template" has [slots] for the person's own words, an "example" runs as it is."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
    kind: Literal["template", "example"]
    title: Annotated[str, Field(min_length=1, max_length=40)]
    summary: Annotated[str, Field(min_length=1, max_length=90)]
    prompt: Annotated[str, Field(min_length=1)]
    panels: tuple[TemplatePanel, ...] = ()
    count: Annotated[int, Field(ge=1, le=15)]
    sequence: bool
    aspect_ratio: AspectRatio
    tier: Tier = "2K"
    references: tuple[TemplateReference, ...] = ()

    @model_validator(mode="after")
    def _one_panel_per_image(self) -> Self:
        if self.panels and len(self.panels) != self.count:
            raise ValueError(f"{self.name} has {len(self.panels)} panels for a count of {self.count}")
        return self

    def request(self, references: tuple[Reference, ...] = ()) -> SequenceRequest:
        """The request that this fills in. `references` are the stored ones, as many or fewer than `self.references` names."""
        return SequenceRequest(
            prompt=self.prompt.strip(),
            panels=tuple(Panel(text=panel.text, caption=panel.caption) for panel in self.panels),
            references=tuple(_labelled(stored, drawn) for stored, drawn in zip(references, self.references, strict=False)),
            count=self.count,
            sequence=self.sequence,
            size=TierSize(tier=self.tier, aspect_ratio=self.aspect_ratio),
        )


def _labelled(stored: Reference, drawn: TemplateReference) -> Reference:
    return stored.model_copy(update={"label": drawn.label})


@cache
def load() -> tuple[Template, ...]:
    """All templates and examples, in the order of the file. Raises pydantic's `ValidationError` if the file is wrong."""
    return parse(tomllib.loads((files("seedream_ui") / "templates.toml").read_text("utf-8")))


def parse(data: dict[str, Any]) -> tuple[Template, ...]:
    """The templates in a file's data, checked; a name may be used once."""
    templates = TypeAdapter(tuple[Template, ...]).validate_python(data.get("template", []))
    names = [template.name for template in templates]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ValueError(f"used more than once: {', '.join(twice)}")
    return templates
