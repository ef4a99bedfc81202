"""Blurs on float planes, which Pillow does in bytes only."""

import numpy as np
from PIL import Image

from .colour import Array


def blurred(plane: Array, radius: float, passes: int = 2) -> Array:
    """A near-Gaussian blur of standard deviation `radius`: repeated boxes along both axes."""
    half = max(1, round(radius * (3 / passes) ** 0.5))
    for _ in range(passes):
        plane = _box(_box(plane, half).T, half).T
    return plane


def _box(plane: Array, half: int) -> Array:
    padded = np.pad(plane, ((0, 0), (half + 1, half)), mode="edge")
    total = np.cumsum(padded, axis=1, dtype=np.float32)
    return (total[:, 2 * half + 1 :] - total[:, : -2 * half - 1]) / np.float32(2 * half + 1)


def stretched(plane: Array, size: tuple[int, int]) -> Array:
    """A plane at another size (width, height)."""
    return np.asarray(Image.fromarray(np.ascontiguousarray(plane)).resize(size, Image.Resampling.BICUBIC), np.float32)
