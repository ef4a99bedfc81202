"""The contact sheet: one PNG, set like a photographer's print of a roll of film."""

from io import BytesIO

from PIL import Image, ImageDraw

from seedream_ui.export.layout import Box, Line, Placed, Plan, Rule, empty_note, on_roll, typeface
from seedream_ui.export.pieces import flat, pale_edged, ratios, scaled
from seedream_ui.export.sheet import Sheet
from seedream_ui.export.type import Typeface

__all__ = ["WIDTH", "contact_sheet"]

WIDTH = 2400
"""Width of the sheet in pixels; its height follows from the frames."""

GROUND, INK, QUIET, HAIRLINE, HOLLOW = (248, 247, 244), (30, 30, 28), (104, 103, 98), (214, 212, 206), (240, 239, 235)
_KEYLINE = (0, 0, 0, 34)


def contact_sheet(sheet: Sheet) -> bytes:
    """PNG bytes, `WIDTH` pixels wide. A frame whose picture is missing or damaged is drawn empty; never raises for it."""
    face = typeface(sheet)
    plan = on_roll(sheet, ratios(sheet), face)
    buffer = BytesIO()
    _painted(plan, face, WIDTH / plan.width).save(buffer, "PNG", compress_level=6)
    return buffer.getvalue()


def _painted(plan: Plan, face: Typeface, scale: float) -> Image.Image:
    """The plan as an RGB image at `scale` pixels per point."""
    image = Image.new("RGB", (round(plan.width * scale), round(plan.height * scale)), GROUND)
    for rule in plan.rules:
        _rule(image, rule, scale)
    for placed, picture in scaled(plan, scale):
        if picture is None:
            _empty(image, placed, face, scale)
        else:
            _mount(image, placed.box, flat(picture, GROUND), scale)
    for line in plan.lines:
        _set(image, line, face, scale)
    return image


def _set(image: Image.Image, line: Line, face: Typeface, scale: float) -> None:
    face.draw(image, (line.x * scale, line.y * scale), line.text, line.size * scale, QUIET if line.quiet else INK)


def _rule(image: Image.Image, rule: Rule, scale: float) -> None:
    thickness = max(1, round(0.5 * scale))
    left, right, top = round(rule.left * scale), round(rule.right * scale), round(rule.y * scale)
    ImageDraw.Draw(image).rectangle((left, top, right - 1, top + thickness - 1), fill=HAIRLINE)


def _mount(image: Image.Image, box: Box, picture: Image.Image, scale: float) -> None:
    """A picture in the middle of its place; a pale one gets a keyline, so that it does not bleed into the sheet."""
    left, top, right, bottom = _edges(box.centred(picture.width / picture.height), scale)
    size = (max(1, right - left), max(1, bottom - top))
    image.paste(picture if picture.size == size else picture.resize(size, Image.Resampling.LANCZOS), (left, top))
    if not pale_edged(picture):
        return
    ImageDraw.Draw(image, "RGBA").rectangle(
        (left, top, right - 1, bottom - 1), outline=_KEYLINE, width=max(1, round(0.35 * scale))
    )


def _empty(image: Image.Image, placed: Placed, face: Typeface, scale: float) -> None:
    left, top, right, bottom = _edges(placed.box, scale)
    ImageDraw.Draw(image).rectangle((left, top, right - 1, bottom - 1), HOLLOW, HAIRLINE, max(1, round(0.5 * scale)))
    for line in empty_note(placed, face):
        _set(image, line, face, scale)


def _edges(box: Box, scale: float) -> tuple[int, int, int, int]:
    left, top, right, bottom = (round(each * scale) for each in (box.x, box.y, box.x + box.width, box.y + box.height))
    return left, top, max(left + 1, right), max(top + 1, bottom)
