"""Gives a lifted subject other colours, keeping its shading and texture."""

from dataclasses import replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from .brief import chance
from .colour import Array, Lab, as_lab, chroma_of, lift, mix
from .matte import Cutout
from .words import Reading


def recoloured(subject: Cutout, words: Reading) -> Cutout:
    """The subject in the colours that the words name; the same object where they name none."""
    main = words.colours.get("")
    sole, accent = words.colours.get("sole"), words.colours.get("accent")
    accent = accent or (words.extra[0] if words.extra and main else None)
    if not (main or sole or accent):
        return subject
    parts = _parts(subject)
    lab = subject.lab
    if main:
        lab = _dyed(lab, parts[..., 0], main, words.surface)
        accent = accent or _answer(subject.lab, parts[..., 2], main)
    for share, colour in ((parts[..., 1], sole), (parts[..., 2], accent)):
        if colour:
            lab = _dyed(lab, share, colour, words.surface)
    return replace(subject, lab=lab)


def _answer(lab: Array, share: Array, main: Lab) -> Lab | None:
    """Details that would drown in the new main colour turn off-white or dark."""
    if share.sum() < 40:
        return None
    own = as_lab(np.average(lab.reshape(-1, 3), axis=0, weights=share.ravel()))
    if abs(own[0] - main[0]) > 0.28 or chroma_of(own) > 0.09:
        return None
    return (0.93, 0.002, 0.018) if main[0] < 0.62 else lift(main, -0.45)


def _dyed(lab: Array, share: Array, target: Lab, surface: str) -> Array:
    """`share` of every pixel takes the target's hue and chroma; lightness keeps its structure around the target's."""
    inside = share > 0.5
    if not inside.any():
        return lab
    light = lab[..., 0]
    base = float(np.percentile(light[inside], 62))
    shading = _shading(light - base, target[0], surface)
    lightness = np.clip(target[0] + shading, 0.03, 0.995)
    chroma = _chroma(lightness, target)
    grain = (lab[..., 1:] - np.median(lab[inside][:, 1:], axis=0)) * 0.15
    dyed = np.stack([lightness, target[1] * chroma + grain[..., 0], target[2] * chroma + grain[..., 1]], -1)
    return lab + (dyed - lab) * share[..., None]


def _shading(relative: Array, target: float, surface: str) -> Array:
    """Light and shade, with as much room as the target leaves above and below itself."""
    up = min(1.0, (0.99 - target) / 0.16) * {"matte": 0.55, "gloss": 1.35}.get(surface, 1.0)
    down = min(1.0, max(target - 0.05, 0.05) / 0.42) * {"gloss": 1.15}.get(surface, 0.92)
    return np.where(relative > 0, relative * up, relative * down)


def _chroma(lightness: Array, target: Lab) -> Array:
    """Highlights bleach, deep shade dulls."""
    above = np.clip((lightness - target[0]) / max(1.0 - target[0], 0.05), 0, 1)
    below = np.clip(lightness / max(target[0], 0.05), 0, 1)
    result: Array = (1 - 0.75 * above**1.5) * below**0.6
    return result


@lru_cache(maxsize=4)
def _parts_of(key: "_Same") -> Array:
    return _split(key.subject)


class _Same:
    """A cutout compared by identity, so that a set parts each subject once."""

    def __init__(self, subject: Cutout) -> None:
        self.subject = subject

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.subject is self.subject

    def __hash__(self) -> int:
        return id(self.subject)


def _parts(subject: Cutout) -> Array:
    """Shares (h, w, 3) of body, sole and details; white trim belongs to none."""
    return _parts_of(_Same(subject))


def _split(subject: Cutout) -> Array:
    centres = _clusters(subject)
    member = _membership(subject.lab, centres)
    inside = subject.alpha > 0.6
    sizes = np.array([float(member[..., i][inside].sum()) for i in range(len(centres))])
    band = _lower_band(subject)
    low = np.array([float((member[..., i] * band)[inside].sum()) for i in range(len(centres))]) / np.maximum(sizes, 1)
    main = int(np.argmax(sizes * (1 - low) ** 2))
    sole = member[..., low > 0.55].sum(-1) if (low > 0.55).any() else np.zeros_like(band)
    if float((sole * band)[inside].sum()) < 0.45 * float(band[inside].sum()):
        sole = np.maximum(sole, band)
    sole = _below(sole * _grown_band(band) > 0.5, inside)
    away = _distance(centres, centres[main])
    odd = away > max(0.16, 0.55 * float(away.max()))
    odd[main] = False
    detail = member[..., odd].sum(-1) * (1 - sole)
    trim = member[..., _trim(centres, main, sizes) & ~odd].sum(-1) * (1 - sole)
    body = np.clip(1 - sole - detail - trim, 0, 1)
    planes = [Image.fromarray((p * 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(0.8)) for p in (body, sole, detail)]
    return np.stack([np.asarray(plane, np.float32) / 255 for plane in planes], -1)


def _below(sole: NDArray[np.bool_], inside: NDArray[np.bool_]) -> Array:
    """Everything under the upper edge of the sole, the edge evened out so that a stitch or a highlight does not break it."""
    rows = len(sole)
    solid = np.cumsum(sole, axis=0)
    step = max(3, rows // 40)
    run = np.concatenate([solid[step:], np.repeat(solid[-1:], step, 0)]) - solid >= 0.85 * (step - 1)
    top = np.where((run & sole).any(0), np.argmax(run & sole, axis=0), rows).astype(np.float32)
    window = max(5, sole.shape[1] // 14) | 1
    around = np.lib.stride_tricks.sliding_window_view(np.pad(top, window // 2, mode="edge"), window)
    edge = np.convolve(np.pad(np.median(around, axis=1), 4, mode="edge"), np.full(9, 1 / 9), "valid")
    result: Array = np.clip(np.arange(rows)[:, None] - edge + 0.5, 0, 1).astype(np.float32)
    return result


def _trim(centres: Array, main: int, sizes: Array) -> NDArray[np.bool_]:
    """White laces on a grey shoe: light, neutral, small. They stay as they are."""
    neutral = np.hypot(centres[:, 1], centres[:, 2]) < 0.03
    light = (centres[:, 0] > 0.9) & (centres[:, 0] > centres[main, 0] + 0.09)
    result: NDArray[np.bool_] = neutral & light & (sizes < 0.3 * sizes.sum())
    return result


def _distance(centres: Array, main: Array) -> Array:
    """Shading is lightness alone, so lightness counts less than colour."""
    off = centres - main
    result: Array = np.sqrt((0.75 * off[:, 0]) ** 2 + (1.8 * off[:, 1]) ** 2 + (1.8 * off[:, 2]) ** 2).astype(np.float32)
    return result


def _clusters(subject: Cutout, count: int = 5) -> Array:
    """k-means in OKLab over at most 6,000 pixels; always the same ones."""
    points = subject.lab[subject.alpha > 0.9]
    if len(points) < count:
        points = subject.lab.reshape(-1, 3)
    rng = chance("clusters", len(points))
    points = points[rng.integers(0, len(points), 6000)]
    centres = points[np.argsort(points[:, 0])[np.linspace(0, len(points) - 1, count).astype(int)]]
    for _ in range(12):
        nearest = np.argmin(((points[:, None] - centres) ** 2).sum(-1), 1)
        centres = np.array([points[nearest == i].mean(0) if (nearest == i).any() else centres[i] for i in range(count)])
    result: Array = centres.astype(np.float32)
    return result


def _membership(lab: Array, centres: Array) -> Array:
    away = np.stack([((lab - centre) ** 2).sum(-1) for centre in centres], -1)
    near = np.exp(-(away - away.min(-1, keepdims=True)) / 0.0022)
    result: Array = (near / near.sum(-1, keepdims=True)).astype(np.float32)
    return result


def _height_above(subject: Cutout) -> Array:
    """Height of each pixel above the lowest of its column, in shares of the subject's height."""
    rows = np.arange(subject.alpha.shape[0], dtype=np.float32)[:, None]
    bottom = np.where(subject.alpha > 0.5, rows, -1).max(0)
    result: Array = (bottom - rows) / subject.alpha.shape[0]
    return result


def _lower_band(subject: Cutout) -> Array:
    height = _height_above(subject)
    wide = 0.20 if subject.ratio > 1.3 else 0.10
    result: Array = np.clip((wide - height) / 0.012 + 0.5, 0, 1).astype(np.float32)
    return result


def _grown_band(band: Array) -> Array:
    """Where a sole may be at all: the band and a little above."""
    rows = round(0.09 * band.shape[0])
    return np.maximum(band, np.pad(band, ((0, rows), (0, 0)))[rows:])


def tinted(subject: Cutout, ambient: Lab, level: float, share: float) -> Cutout:
    """The subject in another light: `share` of the ambient colour, lightness scaled by `level`."""
    lab = subject.lab.copy()
    lab[..., 0] *= level
    lab[..., 1:] = lab[..., 1:] * (1 - 0.35 * share) + np.array(ambient[1:], np.float32) * share * lab[..., :1]
    return replace(subject, lab=lab)


def toned(colour: Lab, ambient: Lab, share: float) -> Lab:
    """One colour in that light."""
    return mix(colour, (colour[0] * (0.6 + 0.4 * ambient[0]), ambient[1], ambient[2]), share)
