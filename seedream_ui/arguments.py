"""The request as the arguments of `/generate`, and back. Callers send anything, so everything is checked on the way in."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from seedream_ui.catalog import model_of
from seedream_ui.errors import RequestRefused
from seedream_ui.request import ExactSize, Reference, SequenceRequest, TierSize

__all__ = ["flag", "listed", "request_of_arguments", "to_arguments"]

Arguments = dict[str, Any]

_PLAIN = ("prompt", "count", "sequence", "platform", "model", "seed")
"""Arguments that are a part of the request under the same name."""

_TIERS = ("2K", "3K", "4K")
_EXACT = re.compile(r"\s*(\d{1,6})\s*[*xX×]\s*(\d{1,6})\s*")


def request_of_arguments(arguments: Mapping[str, Any], references: Sequence[Reference]) -> SequenceRequest:
    """The request; `references` are those of the call, prepared, in its order. None stands for an argument's default.

    Raises `RequestRefused`.
    """
    options = _mapping("options", arguments.get("options"))
    labels = listed("labels", options.pop("labels", None), str)
    if len(labels) > len(references):
        raise RequestRefused("labels", f"Labels: there are {len(labels)}, and {len(references)} reference images.")
    labels += [reference.label for reference in references[len(labels) :]]
    said = {name: arguments[name] for name in _PLAIN if arguments.get(name) is not None}
    return SequenceRequest.model_validate(
        said
        | {
            "panels": [{"text": text} for text in listed("panels", arguments.get("panels"), str)],
            "references": [ref.model_dump() | {"label": label} for ref, label in zip(references, labels, strict=True)],
            "size": _size(arguments),
            "prompt_override": options.pop("prompt_override", None),
            "options": options,
        }
    )


def to_arguments(request: SequenceRequest) -> Arguments:
    """The arguments that say the same as the request, without defaults and without the references themselves."""
    size = request.size
    options: Arguments = dict(request.options)
    if request.prompt_override is not None:
        options["prompt_override"] = request.prompt_override
    if any(reference.label for reference in request.references):
        options["labels"] = [reference.label for reference in request.references]
    said = {
        "panels": [panel.text for panel in request.panels],
        "sequence": request.sequence,
        "size": f"{size.width}*{size.height}" if isinstance(size, ExactSize) else size.tier,
        "aspect_ratio": size.aspect_ratio if isinstance(size, TierSize) else "1:1",
        "platform": request.platform,
        "model": request.model,
        "seed": _seed(request),
        "options": options,
    }
    different = {name: value for name, value in said.items() if value != _DEFAULTS[name]}
    return {"prompt": request.prompt, "count": request.count} | different


_DEFAULTS: Arguments = {
    "panels": [],
    "sequence": True,
    "size": "2K",
    "aspect_ratio": "1:1",
    "platform": "sketch",
    "model": "",
    "seed": None,
    "options": {},
}


def flag(arguments: Mapping[str, Any], name: str, default: bool) -> bool:
    """A true or false that is no part of the request. Raises `RequestRefused` for anything else."""
    value = arguments.get(name)
    if value is None or isinstance(value, bool):
        return default if value is None else value
    raise RequestRefused(name, f"{name.capitalize()} has to be true or false.")


def listed(name: str, values: Any, kind: type | None = None) -> list[Any]:
    """The argument as a list, of texts where `kind` is `str`. Raises `RequestRefused` for anything else."""
    if values is None:
        return []
    if isinstance(values, list | tuple) and (kind is None or all(isinstance(value, kind) for value in values)):
        return list(values)
    raise RequestRefused(name, f"{name.capitalize()} has to be a list{' of texts' if kind is str else ''}.")


def _mapping(name: str, value: Any) -> Arguments:
    """The argument as a mapping; some MCP clients send it as JSON text."""
    if isinstance(value, str):
        try:
            value = json.loads(value or "{}")
        except ValueError:
            value = ()
    if value is None or isinstance(value, Mapping):
        return dict(value or {})
    raise RequestRefused(name, f"{name.capitalize()} has to be an object of names and values.")


def _size(arguments: Mapping[str, Any]) -> Arguments:
    """`"W*H"` is exact; a tier, or the one that `pro` names, goes with the aspect ratio."""
    size, pro = arguments.get("size") or "", flag(arguments, "pro", default=False)
    if exact := _EXACT.fullmatch(str(size)):
        return {"kind": "exact", "width": int(exact[1]), "height": int(exact[2])}
    if size and size not in _TIERS:
        raise RequestRefused(
            "size", f"Size cannot be “{str(size)[:40]}”; it is W*H in pixels, such as 2048*1536, or 2K, 3K or 4K."
        )
    ratio = arguments.get("aspect_ratio")
    return {"kind": "tier", "tier": size or ("3K" if pro else "2K"), "aspect_ratio": "1:1" if ratio is None else ratio}


def _seed(request: SequenceRequest) -> int | None:
    """The seed to name: captions are no argument, yet the seed that follows from the request counts them in."""
    captioned = any(panel.caption for panel in request.panels) and model_of(request).seed
    return request.effective_seed if captioned else request.seed
