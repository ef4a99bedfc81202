"""Values as they are written in JSON, JavaScript, Python and a shell's here-documents."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

__all__ = [
    "AS_EXPANDED_JSON",
    "AS_JAVASCRIPT",
    "AS_JAVASCRIPT_LINES",
    "AS_JSON",
    "AS_PYTHON",
    "AS_PYTHON_LINES",
    "Name",
    "Notation",
    "as_json",
    "unexpanded",
    "written",
]


class Name(str):
    """One of the program's own names among the values, written as it is."""


@dataclass(frozen=True)
class Lines:
    """How a text of several lines is put together; `kept` is at the end of each but the last."""

    start: str
    between: str
    end: str
    kept: str = ""


@dataclass(frozen=True)
class Notation:
    """How a language writes values and the keys of mappings. A JSON text is a text in Python and JavaScript, too."""

    value: Callable[[Any], str]
    key: Callable[[str], str]
    step: int = 2
    last: str = ""
    """After the last part of many lines."""
    lines: Lines | None = None
    """None: a text of several lines is written on one."""


def as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def unexpanded(text: str) -> str:
    """The text so that a here-document gives it as it is: a backslash before `$`, backquotes and each of two backslashes."""
    return re.sub(r"\\\\|[$`]", lambda found: "".join(f"\\{character}" for character in found[0]), text)


def _python(value: Any) -> str:
    return as_json(value) if isinstance(value, str) else repr(value)


AS_JSON = Notation(as_json, as_json)
AS_EXPANDED_JSON = Notation(lambda value: unexpanded(as_json(value)), as_json)
"""For a here-document in which the shell fills in what a `Name` says."""
AS_JAVASCRIPT = Notation(as_json, str)
AS_JAVASCRIPT_LINES = Notation(as_json, str, 2, ",", Lines("[", ",", '].join("\\n")'))
AS_PYTHON = Notation(_python, as_json)
AS_PYTHON_LINES = Notation(_python, as_json, 4, ",", Lines("(", "", ")", "\n"))

_WIDTH = 100


def written(value: Any, notation: Notation, indent: int) -> str:
    """The value on one line, or with one line for each of its parts where it is too long."""
    inner = indent + notation.step
    if isinstance(value, Name):
        return value
    if isinstance(value, dict):
        return _spread("{", [_pair(name, part, notation, inner) for name, part in value.items()], "}", notation, indent)
    if isinstance(value, list):
        return _spread("[", [written(part, notation, inner) for part in value], "]", notation, indent)
    if isinstance(value, str) and notation.lines and "\n" in value:
        return _by_line(value, notation, notation.lines, indent)
    return notation.value(value)


def _pair(name: str, value: Any, notation: Notation, indent: int) -> str:
    key, text = notation.key(name), written(value, notation, indent)
    return key if key == text else f"{key}: {text}"  # JavaScript's shorthand


def _spread(start: str, parts: list[str], end: str, notation: Notation, indent: int) -> str:
    if sum(len(part) + 2 for part in parts) + indent <= _WIDTH and not any("\n" in part for part in parts):
        return start + ", ".join(parts) + end
    space = f"\n{' ' * (indent + notation.step)}"
    return start + ",".join(space + part for part in parts) + notation.last + f"\n{' ' * indent}{end}"


def _by_line(text: str, notation: Notation, how: Lines, indent: int) -> str:
    *most, last = text.split("\n")
    parts = [notation.value(part) for part in (*(line + how.kept for line in most), last)]
    space = f"\n{' ' * (indent + notation.step)}"
    return how.start + how.between.join(space + part for part in parts) + f"\n{' ' * indent}{how.end}"
