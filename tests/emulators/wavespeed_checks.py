"""The answers to a wrong submit, before anything is charged."""

import re
from collections.abc import Mapping
from typing import Any

from tests.emulators.emulator import Refused
from tests.emulators.wavespeed_rules import UNKNOWN_FIELDS_TOLD, Model, Rules
from tests.emulators.wavespeed_uploads import Size

SIZE = re.compile(r"(\d{1,5})\*(\d{1,5})")
DEFAULT_SIDE = 2048
TYPES: dict[str, type[Any]] = {"string": str, "integer": int, "boolean": bool, "array": list}


def refused(status: int, message: str, headers: Mapping[str, str] | None = None, error_code: str | None = None) -> Refused:
    body = {"code": status, "message": message} | ({"error_code": error_code} if error_code else {})
    return Refused(status, body, headers)


def check(model: Model, body: Any, rules: Rules) -> dict[str, Any]:
    """The body as it is, if the model takes it (its size apart); raises Refused."""
    if not isinstance(body, dict):
        raise refused(400, "Invalid JSON body")
    _check_fields(model, body, rules)
    if not body["prompt"].strip():
        raise refused(400, "prompt is required")
    _check_images(model, body)
    return body


def _check_fields(model: Model, body: dict[str, Any], rules: Rules) -> None:
    unknown = sorted(set(body) - set(model.fields))
    if unknown and rules.unknown_fields_refused:
        raise refused(400, f"unknown field: {', '.join(unknown[:UNKNOWN_FIELDS_TOLD])}")
    for name in model.required:
        if not body.get(name):
            raise refused(400, f"{name} is required")
    for name, schema in model.fields.items():
        if name in body:
            _check_value(name, body[name], schema)


def _check_value(name: str, value: Any, schema: dict[str, Any]) -> None:
    kind = TYPES[schema["type"]]
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise refused(400, f"{name} must be of type {schema['type']}")
    if kind is int and not schema["minimum"] <= value <= schema["maximum"]:
        raise refused(400, f"{name} must be between {schema['minimum']} and {schema['maximum']}")
    if "enum" in schema and value not in schema["enum"]:
        raise refused(400, f"{name} must be one of {', '.join(schema['enum'])}")
    if kind is list and any(not isinstance(item, str) for item in list(value)):
        raise refused(400, f"{name} must hold strings")


def _check_images(model: Model, body: dict[str, Any]) -> None:
    references, outputs = len(body.get("images", ())), body.get("max_images", 1)
    if references > model.references:
        raise refused(400, f"images must hold at most {model.references} items")
    if model.max_images and references + outputs > model.references_plus_outputs:
        raise refused(400, f"images and max_images together must not exceed {model.references_plus_outputs}")


def size_problem(model: Model, size: str) -> str | None:
    """Why the model refuses a size, None if it does not."""
    match = SIZE.fullmatch(size)
    if not match:
        return "size must be width*height"
    width, height = int(match[1]), int(match[2])
    if model.side and not (model.side[0] <= min(width, height) and max(width, height) <= model.side[1]):
        return f"size: each side must be between {model.side[0]} and {model.side[1]}"
    if model.pixels and not model.pixels[0] <= width * height <= model.pixels[1]:
        return f"size: the image must have between {model.pixels[0]} and {model.pixels[1]} pixels"
    if max(width, height) > model.ratio * min(width, height):
        return f"size: the ratio must be between 1:{model.ratio} and {model.ratio}:1"
    return None


def output_size(size: str | None, reference: Size | None) -> Size:
    """What is drawn: the size asked for; without one, 2048² in the first reference's ratio."""
    match = SIZE.fullmatch(size) if size else None
    if match:
        return int(match[1]), int(match[2])
    if not reference:
        return DEFAULT_SIDE, DEFAULT_SIDE
    stretch = (reference[0] / reference[1]) ** 0.5
    return round(DEFAULT_SIDE * stretch / 16) * 16, round(DEFAULT_SIDE / stretch / 16) * 16
