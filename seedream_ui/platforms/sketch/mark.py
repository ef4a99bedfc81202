"""The honest mark in the corner, and the same words in the file's metadata."""

import io

from PIL import ExifTags, Image, ImageDraw, ImageFont, ImageStat

from .brief import Brief

TEXT = "Sketch preview · not a Seedream image"


def stamp(image: Image.Image) -> None:
    """Writes the mark into the lower right corner, light on dark or dark on light, over a breath of veil."""
    side = min(image.size)
    size = max(9.0, min(side * 0.0165 + 3, 0.9 * image.width / 19))
    font = ImageFont.load_default(size)
    left, top, right, bottom = font.getbbox(TEXT)
    width, height, pad = int(right - left), int(bottom - top), int(size * 0.55)
    box = (max(0, image.width - width - 3 * pad), max(0, image.height - height - 3 * pad), image.width, image.height)
    under = image.crop(box)
    dark = ImageStat.Stat(under.convert("L")).mean[0] < 128
    plate = Image.new("L", under.size)
    place = (under.width - width - 2 * pad, under.height - height - 2 * pad)
    ImageDraw.Draw(plate).rounded_rectangle(
        (place[0] - pad, place[1] - pad, place[0] + width + pad, place[1] + height + pad), pad, 96
    )
    image.paste((12, 12, 14) if dark else (250, 249, 246), box, plate)
    letters = Image.new("L", under.size)
    ImageDraw.Draw(letters).text((place[0] - left, place[1] - top), TEXT, fill=225, font=font)
    image.paste((255, 255, 255) if dark else (20, 20, 22), box, letters)


def encode(image: Image.Image, brief: Brief, index: int) -> bytes:
    """JPEG at quality 92 whose metadata says what this is and what it is not."""
    exif = Image.Exif()
    what = f"Preview {index + 1} of {max(len(brief.panels), index + 1)}, seed {brief.seed}"
    exif[ExifTags.Base.ImageDescription] = f"{what}. Drawn by this app's Sketch renderer: not an AI image, and no Seedream image."
    exif[ExifTags.Base.Software] = "Seedream Sequence Studio, Sketch preview renderer (not Seedream)"
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=92, subsampling=1, exif=exif)
    return buffer.getvalue()
