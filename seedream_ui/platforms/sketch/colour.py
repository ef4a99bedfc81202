"""Colours in OKLab, where mixing and measuring agree with the eye, and the names that words give them."""

import tomllib
from functools import lru_cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageColor

Lab = tuple[float, float, float]
"""Lightness 0..1, green–red, blue–yellow."""
Array = NDArray[np.float32]
Bytes = NDArray[np.uint8]

_TO_LMS = np.array([[0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566],
                    [0.0883024619, 0.2817188376, 0.6299787005]], np.float32)  # fmt: skip
_TO_LAB = np.array([[0.2104542553, 0.7936177850, -0.0040720468], [1.9779984951, -2.4285922050, 0.4505937099],
                    [0.0259040371, 0.7827717662, -0.8086757660]], np.float32)  # fmt: skip
_FROM_LAB = np.linalg.inv(_TO_LAB).astype(np.float32)
_FROM_LMS = np.linalg.inv(_TO_LMS).astype(np.float32)


def _decoded() -> Array:
    v = np.arange(256, dtype=np.float32) / 255
    return np.where(v <= 0.04045, v / 12.92, ((v + 0.055) / 1.055) ** 2.4).astype(np.float32)


_DECODED = _decoded()


def _encoded() -> Bytes:
    v = np.arange(4097) / 4096
    curve = np.where(v <= 0.0031308, v * 12.92, 1.055 * v ** (1 / 2.4) - 0.055)
    return np.clip(curve * 255 + 0.5, 0, 255).astype(np.uint8)


_ENCODED = _encoded()


@lru_cache(maxsize=8)
def table(name: str) -> dict[str, Any]:
    """One of the package's TOML files."""
    return tomllib.loads((files(__package__) / f"{name}.toml").read_text("utf-8"))


def to_lab(rgb: Bytes) -> Array:
    """sRGB bytes (…, 3) in OKLab."""
    lms = _DECODED[rgb] @ _TO_LMS.T
    lab: Array = np.cbrt(lms) @ _TO_LAB.T
    return lab


def to_rgb(lab: Array) -> Bytes:
    """OKLab (…, 3) as sRGB bytes, clipped to the gamut."""
    lms = np.asarray(lab, np.float32) @ _FROM_LAB.T
    linear = np.clip((lms * lms * lms) @ _FROM_LMS.T, 0, 1)
    rgb: Bytes = _ENCODED[(linear * 4096 + 0.5).astype(np.int16)]
    return rgb


def hexed(text: str) -> Lab:
    """`#rrggbb` in OKLab."""
    return as_lab(to_lab(np.array([ImageColor.getrgb(text)[:3]], np.uint8))[0])


def as_lab(values: Any) -> Lab:
    lightness, a, b = (float(v) for v in values)
    return lightness, a, b


def rgb(colour: Lab) -> tuple[int, int, int]:
    r, g, b = (int(v) for v in to_rgb(np.array([colour], np.float32))[0])
    return r, g, b


def mix(a: Lab, b: Lab, t: float) -> Lab:
    """`a` at t = 0, `b` at t = 1."""
    return a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t, a[2] + (b[2] - a[2]) * t


def lift(colour: Lab, by: float) -> Lab:
    """Lighter (or darker) by that much lightness; chroma follows a little, as paint does."""
    lightness = min(max(colour[0] + by, 0.02), 0.99)
    keep = min(lightness / max(colour[0], 0.05), 1.0) ** 0.5
    return lightness, colour[1] * keep, colour[2] * keep


def polar(lightness: float, chroma: float, hue: float) -> Lab:
    """From OKLCh; the hue in degrees."""
    return lightness, chroma * float(np.cos(np.radians(hue))), chroma * float(np.sin(np.radians(hue)))


def chroma_of(colour: Lab) -> float:
    return float(np.hypot(colour[1], colour[2]))


def gap(a: Lab, b: Lab) -> float:
    """Distance in OKLab."""
    return float(np.linalg.norm(np.subtract(a, b)))


_PIECES = tuple(
    (  # noqa: SIM905 - a list of 120 strings would be ten times as long
        "alice antique aqua marine azure beige bisque blanched almond blue burly wood cadet chart reuse coral corn flower silk "
        "crimson cyan dark deep dim dodger fire brick floral forest fuchsia gainsboro ghost golden gold rod gray grey green "
        "honey dew hot indian indigo ivory khaki lace lavender blush lawn lemon chiffon light lime linen magenta maroon medium "
        "midnight mint cream misty moccasin navajo navy old olive drab orange orchid pale papaya whip peach puff peru pink plum "
        "powder purple rebecca red rosy rose royal saddle brown salmon sandy sea shell sienna silver sky slate smoke snow spring "
        "steel tan teal thistle tomato turquoise violet wheat white yellow chocolate black"
    ).split(" ")
)


def _spaced(name: str) -> str:
    """`darkolivegreen` → `dark olive green`; the longest piece first, whole if it does not part."""
    if not name:
        return ""
    for piece in sorted(_PIECES, key=len, reverse=True):
        if name.startswith(piece):
            rest = _spaced(name[len(piece) :])
            if rest or name == piece:
                return f"{piece} {rest}".strip()
    return ""


@lru_cache(maxsize=1)
def names() -> dict[str, Lab]:
    """Every colour name the renderer knows: CSS (also in separate words) and those of `words.toml`."""
    skip = set(table("words")["colours_that_are_things"]["words"])
    known: dict[str, Lab] = {}
    for name in ImageColor.colormap:
        if name not in skip:
            known[name] = known[_spaced(name) or name] = hexed(name)
    known |= {name: hexed(value) for name, value in table("words")["colours"].items()}
    return known


def cube(change: Any, steps: int = 25) -> Any:
    """A `Color3DLUT` filter from a function on OKLab arrays: any grade, at full size, in bytes, without a float array."""
    from PIL import ImageFilter

    axis = np.linspace(0, 255, steps)
    b, g, r = np.meshgrid(axis, axis, axis, indexing="ij")
    grid = np.stack([r, g, b], -1).reshape(-1, 3)
    out = to_rgb(change(to_lab(np.round(grid).astype(np.uint8)))).astype(np.float32) / 255
    return ImageFilter.Color3DLUT(steps, out.ravel().tolist())


def small(image: Image.Image, side: int) -> Image.Image:
    """A copy no larger than `side` on its longer side, at least 1 px on the other."""
    factor = min(1.0, side / max(image.size))
    size = (max(1, round(image.width * factor)), max(1, round(image.height * factor)))
    return image.resize(size, Image.Resampling.BOX if factor < 0.5 else Image.Resampling.BICUBIC) if factor < 1 else image
