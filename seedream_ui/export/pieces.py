"""The pictures of a sheet, read and scaled to their places, in threads."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from PIL import Image

from seedream_ui.export.layout import Placed, Plan
from seedream_ui.export.sheet import Sheet
from seedream_ui.imaging.pictures import dimensions, loaded

__all__ = ["flat", "pale_edged", "ratios", "scaled"]

_HEAD = 1 << 20
"""Bytes that hold the head of nearly every picture."""


def ratios(sheet: Sheet) -> list[float]:
    """Width / height of every picture that can be read."""
    return list(filter(None, (_ratio(frame.path) for frame in sheet.frames if frame.path)))


def scaled(plan: Plan, pixels_per_point: float) -> Iterator[tuple[Placed, Image.Image | None]]:
    """Every frame with its picture, RGB or RGBA, no larger than its place; None where there is no readable picture."""
    with ThreadPoolExecutor(min(4, os.cpu_count() or 2)) as threads:
        yield from zip(plan.frames, threads.map(lambda placed: _fetched(placed, pixels_per_point), plan.frames), strict=True)


def flat(image: Image.Image, ground: tuple[int, int, int]) -> Image.Image:
    """RGB, with whatever is transparent laid onto `ground`."""
    if image.mode == "RGB":
        return image
    sheet = Image.new("RGB", image.size, ground)
    sheet.paste(image, mask=image.getchannel("A"))
    return sheet


def pale_edged(image: Image.Image) -> bool:
    """Whether an RGB picture would bleed into white paper."""
    small = image.resize((8, 8), Image.Resampling.BOX).convert("L")
    levels = small.tobytes()
    return max(levels[at] for at in range(64) if at % 8 in (0, 7) or at // 8 in (0, 7)) > 225


def _ratio(path: Path) -> float | None:
    try:
        with path.open("rb") as stream:
            head = stream.read(_HEAD)
            try:
                width, height, _ = dimensions(head)
            except ValueError:
                width, height, _ = dimensions(head + stream.read())
    except (OSError, ValueError):
        return None
    return width / height


def _fetched(placed: Placed, pixels_per_point: float) -> Image.Image | None:
    if placed.frame.path is None:
        return None
    box = (max(1, round(placed.box.width * pixels_per_point)), max(1, round(placed.box.height * pixels_per_point)))
    try:
        return loaded(placed.frame.path, box)
    except Exception:  # a damaged file leaves its frame empty, and the sheet is made all the same
        return None
