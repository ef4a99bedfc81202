"""What is exported: a titled set of numbered frames."""

from dataclasses import dataclass
from pathlib import Path

__all__ = ["Sheet", "SheetFrame"]


@dataclass(frozen=True)
class SheetFrame:
    """One picture of the set. `path` None is a frame that failed: it is drawn empty, with its note inside.

    `number` counts from 1; `caption` stands beneath the picture, `note` in small grey type below that.
    """

    number: int
    path: Path | None
    caption: str = ""
    note: str = ""


@dataclass(frozen=True)
class Sheet:
    """A set with its words: `subtitle` is one quiet line below the title, `notice` the small print at the foot."""

    title: str
    subtitle: str
    frames: tuple[SheetFrame, ...]
    notice: str = ""
