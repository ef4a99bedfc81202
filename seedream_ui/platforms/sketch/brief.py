"""What is to be drawn, and the one source of chance."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PIL import Image

Stop = Callable[[], bool]


class Stopped(Exception):
    """Raised by `render` soon after its `should_stop` turned true."""


@dataclass(frozen=True)
class Brief:
    """A whole set. Equal briefs give equal bytes, in any process and any thread.

    `context` is the instruction for the set and `panels` holds each image's own words (may be empty). `size` is the exact
    output in pixels, 256..4096 per side. `references` are upright sRGB pictures, RGB or RGBA; `labels` say what each is for.
    """

    context: str
    panels: tuple[str, ...]
    sequence: bool
    seed: int
    size: tuple[int, int]
    references: tuple[Image.Image, ...] = ()
    labels: tuple[str, ...] = ()

    def words(self, index: int) -> str:
        """The panel's own words; none beyond the last panel."""
        return self.panels[index] if index < len(self.panels) else ""

    def label(self, number: int) -> str:
        return self.labels[number] if number < len(self.labels) else ""


def chance(*parts: object) -> np.random.Generator:
    """A generator that depends on the parts alone, by SHA-256: the same in every process."""
    digest = hashlib.sha256("\x1f".join(map(str, parts)).encode("utf-8", "replace")).digest()
    return np.random.Generator(np.random.PCG64(int.from_bytes(digest[:16], "big")))
