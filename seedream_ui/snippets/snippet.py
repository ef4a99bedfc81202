"""What a snippet is, and how references are called in it."""

from collections.abc import Sequence
from dataclasses import dataclass

from seedream_ui.request import SequenceRequest

__all__ = ["Snippet", "at_hand", "file_names"]

_SUFFIX = {"image/jpeg": "jpg", "image/png": "png"}


@dataclass(frozen=True)
class Snippet:
    """`language` is a name for people; `needs` says what to have at hand before running it."""

    language: str
    code: str
    needs: str


def file_names(request: SequenceRequest) -> list[str]:
    """The references as they are read from the working directory: `image-1.jpg`, `image-2.png`, …"""
    return [f"image-{i}.{_SUFFIX[reference.media_type]}" for i, reference in enumerate(request.references, 1)]


def at_hand(files: Sequence[str], needs: str) -> str:
    return f"{', '.join(files)} in the working directory; {needs}" if files else needs
