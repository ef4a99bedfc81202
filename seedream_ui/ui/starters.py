"""Templates and examples, as drafts that fill the whole form."""

from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from seedream_ui.imaging.intake import Prepared, prepare
from seedream_ui.request import Reference
from seedream_ui.runs import runs
from seedream_ui.templates import Template, load
from seedream_ui.ui.draft import draft_of
from seedream_ui.ui.pictures import shown_reference

__all__ = ["first_draft", "keep_pictures", "starters"]

FIRST = "colourways"


def starters() -> list[dict[str, Any]]:
    """Every template and example: name, kind, title, summary, and the draft."""
    return [
        {
            "name": template.name,
            "kind": template.kind,
            "title": template.title,
            "summary": template.summary,
            "draft": _draft(template),
        }
        for template in load()
    ]


def first_draft() -> dict[str, Any]:
    """What the form holds on a first visit."""
    return next(_draft(template) for template in load() if template.name == FIRST)


@cache
def _draft(template: Template) -> dict[str, Any]:
    references = tuple(_shipped(use.file).model_copy(update={"label": use.label}) for use in template.references)
    draft = draft_of(template.request(references))
    panels = [panel | {"given": True} for panel in draft["panels"]]
    return draft | {"panels": panels, "references": [shown_reference(reference) for reference in references]}


def keep_pictures() -> None:
    """Marks the examples' pictures as used, so that they are never reaped."""
    for template in load():
        for use in template.references:
            runs().store.put(_prepared(use.file).data, _prepared(use.file).media_type)


def _shipped(name: str) -> Reference:
    """A reference image that ships with the package, put into the content store like any other."""
    ready = _prepared(name)
    sha256 = runs().store.put(ready.data, ready.media_type)
    return Reference(sha256=sha256, media_type=ready.media_type, width=ready.width, height=ready.height)


@cache
def _prepared(name: str) -> Prepared:
    return prepare(Path(str(files("seedream_ui") / "examples" / name)).read_bytes(), name)
