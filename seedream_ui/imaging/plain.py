"""Pictures made plain: eight bits, sRGB, upright, transparent only where something shows through."""

from io import BytesIO

import numpy as np
from PIL import Image, ImageCms

__all__ = ["opaque", "plain", "upright"]

_ORIENTATION = 0x0112
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_MODE_OF_PROFILE = {"RGB": "RGB", "GRAY": "L", "CMYK": "CMYK"}


def plain(image: Image.Image) -> Image.Image:
    """RGB or RGBA at eight bits, in sRGB; EXIF stays in `info` and `getexif`. A profile that cannot be used is ignored."""
    image.load()
    profile, turn = image.info.get("icc_profile"), _turn(image)
    image = _eight_bits(image)
    image = (_in_srgb(image, profile) if profile else None) or _in_mode(image, "RGBA" if "A" in image.getbands() else "RGB")
    image.info = {"turn": turn}
    return image


def upright(image: Image.Image) -> Image.Image:
    """Turned as the EXIF orientation, kept by `plain`, says."""
    turn = _TURNS.get(image.info.get("turn", 1))
    return image if turn is None else image.transpose(turn)


def opaque(image: Image.Image) -> Image.Image:
    """RGB where the alpha channel, if any, is solid throughout."""
    if image.mode != "RGBA":
        return image
    lowest, _ = image.getchannel("A").getextrema()
    return image if lowest != 255 else image.convert("RGB")


def _turn(image: Image.Image) -> int:
    try:
        return int(image.getexif().get(_ORIENTATION, 1))
    except Exception:  # EXIF is a file format of its own, and often broken
        return 1


def _in_mode(image: Image.Image, mode: str) -> Image.Image:
    """`convert` without the copy where nothing changes."""
    return image if image.mode == mode else image.convert(mode)


def _eight_bits(image: Image.Image) -> Image.Image:
    """One of L, LA, RGB, RGBA and CMYK, whatever the picture was stored as."""
    if image.mode.startswith("I"):
        wide = np.asarray(image).astype(np.int64)
        return Image.fromarray((wide >> 8).clip(0, 255).astype(np.uint8))
    if image.has_transparency_data:
        return _in_mode(image, "LA" if image.mode == "LA" else "RGBA")
    return _in_mode(image, {"1": "L", "L": "L", "CMYK": "CMYK"}.get(image.mode, "RGB"))


def _in_srgb(image: Image.Image, profile: bytes) -> Image.Image | None:
    """Converted from an embedded profile, or None if that is not possible or not needed."""
    alpha = image.getchannel("A") if image.mode in ("LA", "RGBA") else None
    colours = _in_mode(image, {"LA": "L", "RGBA": "RGB"}.get(image.mode, image.mode))
    transform = _transform(profile, colours.mode)
    if transform is None:
        return None
    converted = transform.apply(colours)
    if alpha:
        converted.putalpha(alpha)
    return converted


def _transform(profile: bytes, mode: str) -> ImageCms.ImageCmsTransform | None:
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        if _MODE_OF_PROFILE.get(source.profile.xcolor_space.strip()) != mode:
            return None
        transform = ImageCms.buildTransform(source, ImageCms.createProfile("sRGB"), mode, "RGB")
        return None if _changes_nothing(transform, mode) else transform
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError, AttributeError):  # a profile made of anything
        return None


def _changes_nothing(transform: ImageCms.ImageCmsTransform, mode: str) -> bool:
    """Whether a profile is sRGB, whatever it is called: tried on a lattice of colours, with two levels of tolerance."""
    if mode != "RGB":
        return False
    steps = np.linspace(0, 255, 6).astype(np.uint8)
    lattice = np.stack(np.meshgrid(steps, steps, steps), axis=-1).reshape(1, -1, 3)
    there = np.asarray(transform.apply(Image.fromarray(lattice))).astype(np.int16)
    return int(np.abs(there - lattice).max()) <= 2
