"""The form as the browser holds it, and the request it stands for. Nothing else reads the form."""

from collections.abc import Mapping
from typing import Any

from seedream_ui.catalog import Model, catalog
from seedream_ui.pricing import classic_credits
from seedream_ui.request import Panel, Reference, SequenceRequest

__all__ = ["draft_of", "request_of"]

MOST_PANELS = 15
MOST_REFERENCES = 100
"""More than any model takes: enough for the check to name its limit, too few to keep a server busy."""


def request_of(draft: Mapping[str, Any]) -> SequenceRequest:
    """The request of a draft: rows beyond the count, and what the chosen model does not honour, stay behind in the draft.

    Raises `RequestRefused`.
    """
    wanted = {name: draft[name] for name in _PLAIN if name in draft}
    count = wanted.get("count")
    model = _model(draft)
    return SequenceRequest.model_validate(
        wanted
        | {
            "panels": _rows(Panel, draft.get("panels", ()), min(count, MOST_PANELS) if isinstance(count, int) else MOST_PANELS),
            "references": _rows(Reference, draft.get("references", ()), MOST_REFERENCES),
            "seed": draft.get("seed") if model is None or model.seed else None,
            "options": _honoured(draft.get("options", {}), model),
        }
    )


_PLAIN = ("prompt", "count", "sequence", "size", "platform", "model", "prompt_override")


def draft_of(request: SequenceRequest, preset: str = "") -> dict[str, Any]:
    """The draft that stands for a request; under the preset, where its controls could ask for it."""
    return request.model_dump(mode="json") | {"preset": preset if classic_credits(request) is not None else ""}


def _rows(kind: type[Panel] | type[Reference], rows: Any, most: int) -> Any:
    """The first rows, without empty ones at the end; what is no list of rows is left for the request to refuse."""
    if not isinstance(rows, list | tuple):
        return rows
    kept = [_only(kind, row) for row in rows[: max(most, 0)]]
    while kind is Panel and kept and not any(kept[-1].values()):
        kept.pop()
    return tuple(kept)


def _only(kind: type[Panel] | type[Reference], item: Any) -> dict[str, Any]:
    """The item without what the browser keeps beside it, such as a thumbnail."""
    return {name: item[name] for name in kind.model_fields if name in item} if isinstance(item, Mapping) else {}


def _model(draft: Mapping[str, Any]) -> Model | None:
    platform = catalog().find(str(draft.get("platform", "")))
    return platform.find(str(draft.get("model", ""))) if platform else None


def _honoured(options: Any, model: Model | None) -> Any:
    if not isinstance(options, Mapping):
        return options
    known = {option.name for option in model.options} if model else set()
    return {name: value for name, value in options.items() if name in known}
