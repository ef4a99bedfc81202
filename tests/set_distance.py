"""How far apart the pictures of a set are, by their colours: sliced Wasserstein distance in OKLab."""

from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from seedream_ui.platforms.sketch.colour import to_lab

_SIDE = 96
_DIRECTIONS = 32


def set_distance(images: list[Image.Image]) -> float:
    """The median over all pairs of a set."""
    clouds = [_projected(image) for image in images]
    return float(np.median([np.abs(a - b).mean() for a, b in combinations(clouds, 2)]))


def _projected(image: Image.Image) -> NDArray[np.float64]:
    """The picture's colours, 96 × 96 of them, along 32 fixed directions, each sorted."""
    points = to_lab(np.asarray(image.convert("RGB").resize((_SIDE, _SIDE), Image.Resampling.BOX))).reshape(-1, 3)
    axes = np.random.default_rng(0).normal(size=(3, _DIRECTIONS))
    axes /= np.linalg.norm(axes, axis=0)
    return np.sort(points @ axes, axis=0).astype(np.float64)
