"""One printed page: an A4 PDF with the pictures as JPEG and the words as type.

Words that Helvetica's Western encoding has are real text, sharp and selectable; other scripts and emoji are set as pictures.
"""

import zlib
from io import BytesIO

from PIL import Image

from seedream_ui.export.layout import Box, Line, Placed, Plan, Rule, empty_note, on_page, typeface
from seedream_ui.export.pieces import flat, pale_edged, ratios, scaled
from seedream_ui.export.sheet import Sheet
from seedream_ui.export.type import Typeface, is_western, tidy

__all__ = ["one_page_pdf"]

_PICTURE_DPI, _TYPE_DPI = 200, 400
_INK, _QUIET, _HAIRLINE, _HOLLOW = (30, 30, 28), (104, 103, 98), (206, 204, 198), (243, 242, 239)
_WHITE = (255, 255, 255)


def one_page_pdf(sheet: Sheet) -> bytes:
    """PDF bytes: one A4 page, upright or lying as the frames fit better. Never raises for a missing or damaged picture."""
    face = typeface(sheet, western=True)
    plan = on_page(sheet, ratios(sheet), face)
    page = _Page(plan, face)
    for rule in plan.rules:
        page.rule(rule)
    for placed, picture in scaled(plan, _PICTURE_DPI / 72):
        page.frame(placed, picture)
    for line in plan.lines:
        page.line(line)
    return page.finished(tidy(sheet.title))


class _Page:
    """The drawing instructions of the page, and the pictures they use. Heights are turned over: PDF counts from the foot."""

    def __init__(self, plan: Plan, face: Typeface) -> None:
        self._plan, self._face = plan, face
        self._drawn: list[str] = []
        self._pictures: list[bytes] = []

    def rule(self, rule: Rule) -> None:
        y = self._plan.height - rule.y
        self._drawn.append(f"{_rgb(_HAIRLINE)} RG 0.5 w {rule.left:.2f} {y:.2f} m {rule.right:.2f} {y:.2f} l S")

    def frame(self, placed: Placed, picture: Image.Image | None) -> None:
        if picture is None:
            self._drawn.append(f"{_rgb(_HOLLOW)} rg {_rgb(_HAIRLINE)} RG 0.5 w {self._corners(placed.box)} re B")
            for line in empty_note(placed, self._face):
                self.line(line)
            return
        box, picture = placed.box.centred(picture.width / picture.height), flat(picture, _WHITE)
        self._place(_jpeg(picture), box)
        if pale_edged(picture):
            self._drawn.append(f"{_rgb(_HAIRLINE)} RG 0.3 w {self._corners(box)} re S")

    def line(self, line: Line) -> None:
        colour = _QUIET if line.quiet else _INK
        if not is_western(line.text):
            self._line_as_picture(line, colour)
            return
        place, codes = f"{line.x:.2f} {self._plan.height - line.y:.2f} Td", line.text.encode("cp1252").hex()
        self._drawn.append(f"BT {_rgb(colour)} rg /F {line.size:.2f} Tf {place} <{codes}> Tj ET")

    def finished(self, title: str) -> bytes:
        content = _stream("/Filter /FlateDecode", zlib.compress("\n".join(self._drawn).encode()))
        names = " ".join(f"/P{index} {7 + index} 0 R" for index in range(len(self._pictures)))
        resources = f"/Font << /F 4 0 R >> /XObject << {names} >>"
        size = f"{self._plan.width:.2f} {self._plan.height:.2f}"
        heading = ("\ufeff" + title).encode("utf-16-be", errors="replace").hex()
        return _file(
            b"<< /Type /Catalog /Pages 2 0 R /ViewerPreferences << /DisplayDocTitle true >> >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {size}] /Resources << {resources} >> /Contents 5 0 R >>".encode(),
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
            content,
            f"<< /Title <{heading}> /Creator (Seedream Sequence Studio) >>".encode(),
            *self._pictures,
        )

    def _line_as_picture(self, line: Line, colour: tuple[int, int, int]) -> None:
        scale, above, below = _TYPE_DPI / 72, line.size * 1.1, line.size * 0.4
        width = self._face.measure(line.text, line.size) + 2
        image = Image.new("RGB", (round(width * scale), round((above + below) * scale)), _WHITE)
        self._face.draw(image, (0, above * scale), line.text, line.size * scale, colour)
        self._place(_lossless(image), Box(line.x, line.y - above, width, above + below))

    def _place(self, picture: bytes, box: Box) -> None:
        foot = self._plan.height - box.y - box.height
        self._drawn.append(f"q {box.width:.2f} 0 0 {box.height:.2f} {box.x:.2f} {foot:.2f} cm /P{len(self._pictures)} Do Q")
        self._pictures.append(picture)

    def _corners(self, box: Box) -> str:
        return f"{box.x:.2f} {self._plan.height - box.y - box.height:.2f} {box.width:.2f} {box.height:.2f}"


def _rgb(colour: tuple[int, int, int]) -> str:
    return " ".join(f"{level / 255:.3f}" for level in colour)


def _jpeg(image: Image.Image) -> bytes:
    buffer = BytesIO()
    image.save(buffer, "JPEG", quality=90, subsampling=0)
    return _picture(image, "/DCTDecode", buffer.getvalue())


def _lossless(image: Image.Image) -> bytes:
    return _picture(image, "/FlateDecode", zlib.compress(image.tobytes()))


def _picture(image: Image.Image, coding: str, data: bytes) -> bytes:
    kind = f"/Type /XObject /Subtype /Image /Width {image.width} /Height {image.height}"
    return _stream(f"{kind} /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter {coding}", data)


def _stream(dictionary: str, data: bytes) -> bytes:
    return f"<< {dictionary} /Length {len(data)} >>\nstream\n".encode() + data + b"\nendstream"


def _file(*objects: bytes) -> bytes:
    """Objects 1 (the catalogue), 2 …, with 6 as the document's information, and the table of where each begins."""
    out, starts = bytearray(b"%PDF-1.5\n%\xe2\xe3\xcf\xd3\n"), []
    for number, body in enumerate(objects, 1):
        starts.append(len(out))
        out += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    table = "".join(f"{start:010} 00000 n \n" for start in starts)
    count = len(objects) + 1
    trailer = f"trailer\n<< /Size {count} /Root 1 0 R /Info 6 0 R >>\nstartxref\n{len(out)}\n%%EOF\n"
    return bytes(out) + f"xref\n0 {count}\n0000000000 65535 f \n{table}{trailer}".encode()
