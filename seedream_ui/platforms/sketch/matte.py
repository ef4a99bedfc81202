"""Lifts the subject of a photo off a plain-ish background."""

import hashlib
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from .colour import Array, Lab, as_lab, small, to_lab, to_rgb
from .planes import stretched

_WORK = 1000
_FLOOD = 640
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Cutout:
    """A subject cropped to its box: `lab` (h, w, 3) and `alpha` (h, w), 0..1; `grounded` if the photo's lower edge cuts it.

    `behind` is the colour that it was lifted off; None where the photo was transparent there.
    """

    lab: Array
    alpha: Array
    grounded: bool
    behind: Lab | None = None

    @property
    def ratio(self) -> float:
        """Width over height."""
        return float(self.alpha.shape[1] / self.alpha.shape[0])

    def colour(self, low: float = 0.0, high: float = 1.0) -> Lab:
        """The median colour of a horizontal band, heights from the top."""
        rows = self.alpha.shape[0]
        part = slice(int(rows * low), max(int(rows * high), int(rows * low) + 1))
        inside = self.alpha[part] > 0.8
        return as_lab(np.median(self.lab[part][inside], axis=0)) if inside.any() else (0.6, 0.0, 0.0)


class _Key:
    """A picture that is compared by its pixels, so that a set lifts each reference once."""

    def __init__(self, image: Image.Image) -> None:
        mode = "RGBA" if image.mode in ("RGBA", "LA", "PA") else "RGB"
        self.image = small(image.convert(mode), _WORK)
        self.digest = hashlib.sha256(self.image.tobytes() + repr(self.image.size).encode()).digest()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and other.digest == self.digest

    def __hash__(self) -> int:
        return int.from_bytes(self.digest[:8], "big")


def cut_out(image: Image.Image) -> Cutout | None:
    """The subject, or None where the background is not plain enough to tell it apart."""
    return _cut_out(_Key(image))


@lru_cache(maxsize=4)
def _cut_out(key: _Key) -> Cutout | None:
    image = key.image
    if min(image.size) < 24:
        return None
    if image.mode == "RGBA" and np.asarray(image.getchannel("A")).min() < 128:
        return _cropped(to_lab(np.asarray(image.convert("RGB"))), np.asarray(image.getchannel("A"), np.float32) / np.float32(255))
    rgb = image.convert("RGB")
    return _from_plain(rgb)


def _from_plain(image: Image.Image) -> Cutout | None:
    tiny = small(image, _FLOOD)
    lab = to_lab(np.asarray(tiny.filter(ImageFilter.GaussianBlur(0.6))))
    background, noise = _background(lab)
    if background is None:
        return None
    solid = _subject(lab, background, noise)
    sides = sum(float(side.mean()) > 0.25 for side in (solid[0], solid[-1], solid[:, 0], solid[:, -1]))
    if not 0.015 < solid.mean() < 0.93 or sides > 1:
        return None
    alpha = _refined(solid, image.size)
    full = to_lab(np.asarray(image))
    plain = np.stack([stretched(background[..., i], image.size) for i in range(3)], -1)
    behind = as_lab(np.median(background.reshape(-1, 3), axis=0))
    return _cropped(_decontaminated(full, plain, alpha), alpha, behind)


def _background(lab: Array) -> tuple[Array | None, float]:
    """A quadratic surface through the border, as colours (h, w, 3); None where the border does not agree with itself."""
    height, width = lab.shape[:2]
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    x, y = x / width * 2 - 1, y / height * 2 - 1
    basis = np.stack([np.ones_like(x), x, y, x * x, y * y, x * y], -1)
    rim = max(2, round(0.03 * min(height, width)))
    border = np.ones((height, width), bool)
    border[rim:-rim, rim:-rim] = False
    points, colours = basis[border], lab[border]
    trusted = np.linalg.norm(colours - np.median(colours, axis=0), axis=1) < 0.22
    for _ in range(4):
        if trusted.mean() < 0.45:
            return None, 0.0
        fit = np.linalg.lstsq(points[trusted], colours[trusted], rcond=None)[0]
        off = np.linalg.norm(points @ fit - colours, axis=1)
        trusted = off < max(2.5 * float(np.median(off[trusted])), 0.02)
    noise = float(np.median(off[trusted]))
    return ((basis @ fit).astype(np.float32), noise) if trusted.mean() > 0.68 and noise < 0.035 else (None, 0.0)


def _subject(lab: Array, background: Array, noise: float) -> Mask:
    """What the background does not reach from the border, with the holes that show it."""
    off = lab - background
    colour = np.hypot(off[..., 1], off[..., 2])
    away = np.sqrt(off[..., 0] ** 2 + (1.6 * colour) ** 2)
    low = max(0.028, 3.2 * noise)
    slope = np.hypot(*np.gradient(lab[..., 0]))
    shadow = (off[..., 0] < 0) & (off[..., 0] > -0.42) & (colour < 0.022 - 0.05 * off[..., 0]) & (slope < 0.010)
    open_ = (away < low) | shadow
    edge = np.zeros_like(open_)
    edge[0], edge[-1], edge[:, 0], edge[:, -1] = True, True, True, True
    outside = _spread(edge & open_, open_)
    solid = _largest(~_grown(outside, 1))
    return solid & ~_holes(solid, away, low)


def _holes(solid: Mask, away: Array, low: float) -> Mask:
    """Patches inside the subject that are just the background, and large enough to be meant (a kettle's handle)."""
    like = solid & (away < low * 0.7)
    core = ~_grown(~like, 4)
    return _spread(core, like) if core.sum() > 0.004 * solid.sum() else np.zeros_like(solid)


def _spread(seed: Mask, open_: Mask) -> Mask:
    """All that can be reached from the seed through the open, in whole runs along rows and columns."""
    reached = seed & open_
    for _ in range(60):
        before = int(reached.sum())
        reached = _runs(reached, open_)
        reached = _runs(reached.T, open_.T).T
        if int(reached.sum()) == before:
            break
    return reached


def _runs(reached: Mask, open_: Mask) -> Mask:
    starts = np.cumsum(np.pad(~open_, ((0, 0), (1, 0)), constant_values=True)[:, :-1] | ~open_, axis=1)
    label = starts + np.arange(len(open_))[:, None] * (open_.shape[1] + 2)
    hit = np.bincount(label.ravel(), weights=reached.ravel(), minlength=int(label.max()) + 1) > 0
    filled: Mask = hit[label] & open_
    return filled


def _grown(mask: Mask, by: int) -> Mask:
    image = Image.fromarray(mask.astype(np.uint8) * 255).filter(ImageFilter.MaxFilter(2 * by + 1))
    return np.asarray(image) > 127


def _largest(mask: Mask) -> Mask:
    """Without crumbs: every piece of at least 3 % of the largest."""
    left, pieces = mask.copy(), []
    for _ in range(12):
        if not left.any():
            break
        seed = np.zeros_like(mask)
        seed[np.unravel_index(int(np.argmax(left)), mask.shape)] = True
        if (row := _grown(seed, 1) & left).any():
            piece = _spread(row, left)
            pieces.append(piece)
            left &= ~piece
    most = max((int(piece.sum()) for piece in pieces), default=0)
    kept = [piece for piece in pieces if piece.sum() >= 0.03 * most]
    return np.logical_or.reduce(kept) if kept else mask


def _refined(solid: Mask, size: tuple[int, int]) -> Array:
    """The mask at full size with a soft edge about one pixel of the small one wide."""
    image = Image.fromarray(solid.astype(np.uint8) * 255).filter(ImageFilter.GaussianBlur(1.7))
    large = np.asarray(image.resize(size, Image.Resampling.BICUBIC), np.float32) / 255
    return np.clip((large - 0.5) * 2.0 + 0.45, 0, 1)


def _decontaminated(lab: Array, background: Array, alpha: Array) -> Array:
    """Takes the background's share out of the soft edge, in light."""
    a = np.clip(alpha, 0.35, 1)[..., None]
    clean = background + (lab - background) / a
    edge = (alpha > 0.02) & (alpha < 0.98)
    out = lab.copy()
    out[edge] = np.clip(clean[edge], (0.0, -0.3, -0.3), (1.0, 0.3, 0.3))
    return out


def _cropped(lab: Array, alpha: Array, behind: Lab | None = None) -> Cutout | None:
    inside = alpha > 0.5
    if not inside.any():
        return None
    rows, columns = np.flatnonzero(inside.any(1)), np.flatnonzero(inside.any(0))
    top, bottom = max(rows[0] - 2, 0), min(rows[-1] + 3, alpha.shape[0])
    left, right = max(columns[0] - 2, 0), min(columns[-1] + 3, alpha.shape[1])
    grounded = bool(inside[-2:].mean() > 0.2)
    return Cutout(lab[top:bottom, left:right], alpha[top:bottom, left:right], grounded, behind)


def as_image(cutout: Cutout) -> Image.Image:
    """The subject as RGBA; its colours run on beyond the edge, so that it can be scaled without a fringe."""
    rgb, alpha = Image.fromarray(to_rgb(cutout.lab)), Image.fromarray((cutout.alpha * 255).astype(np.uint8))
    core = alpha.point([255 if v > 200 else 0 for v in range(256)])
    black = Image.new("RGB", rgb.size)
    black.paste(rgb, mask=core)
    spread = np.asarray(black.filter(ImageFilter.GaussianBlur(4)), np.float32)
    share = np.asarray(core.filter(ImageFilter.GaussianBlur(4)), np.float32)[..., None] / 255
    around = Image.fromarray(np.clip(spread / np.maximum(share, 0.004), 0, 255).astype(np.uint8))
    around.paste(rgb, mask=alpha.point([255 if v > 110 else 0 for v in range(256)]))
    around.putalpha(alpha)
    return around
