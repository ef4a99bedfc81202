"""Contact sheet and printed page: every set gets one, whatever its shape, its words and its faults."""

import re
import zlib
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from seedream_ui.export import type as type_module
from seedream_ui.export.contact import WIDTH, contact_sheet
from seedream_ui.export.layout import A4, Plan, on_page, on_roll, typeface
from seedream_ui.export.pdf import one_page_pdf
from seedream_ui.export.sheet import Sheet, SheetFrame

RATIOS = [1.0, 16 / 9, 9 / 16, 21 / 9, 3 / 4]
WORDS = [
    "Navy with gold",
    "night 🌃 market 👩‍🚀",
    "مرحبا بالعالم",
    "Ночной город",
    "東京の夜",
    "x" * 300,
    "a\nb\0c",
    "\ud800",
    "Łódź × café",
]


def sheet_of(count: int, caption: str = "Navy with gold") -> Sheet:
    frames = tuple(SheetFrame(number, None, caption, "Note") for number in range(1, count + 1))
    return Sheet("A title", "and what is below it", frames, "A notice.")


def columns(plan: Plan) -> int:
    return len({placed.box.x for placed in plan.frames})


def opened(data: bytes) -> Image.Image:
    return Image.open(BytesIO(data)).convert("RGB")


@pytest.mark.parametrize(
    ("count", "ratio", "expected"),
    [(1, 1.0, 1), (2, 1.0, 2), (3, 1.0, 3), (4, 1.0, 2), (4, 16 / 9, 2), (4, 9 / 16, 4), (6, 1.0, 3), (9, 1.0, 3), (15, 1.0, 5)],
)
def test_frames_lie_in_a_balanced_grid(count: int, ratio: float, expected: int) -> None:
    sheet = sheet_of(count)
    assert columns(on_roll(sheet, [ratio] * count, typeface(sheet))) == expected


@pytest.mark.parametrize("ratio", RATIOS)
@pytest.mark.parametrize("count", [1, 2, 3, 4, 7, 15])
@pytest.mark.parametrize("lay_out", [on_roll, on_page])
def test_nothing_overlaps_or_leaves_the_sheet(lay_out: Any, count: int, ratio: float) -> None:
    sheet = sheet_of(count, caption="A caption that is long enough for two lines, and then for more than that")
    plan = lay_out(sheet, [ratio] * count, typeface(sheet))
    head, foot = plan.rules[0].y, plan.rules[1].y
    boxes = [placed.box for placed in plan.frames]
    assert len(boxes) == count
    for box in boxes:
        assert abs(box.width / box.height - ratio) < 0.01
        assert 40 < box.x < box.x + box.width < plan.width - 40
        assert head < box.y < box.y + box.height < foot
    for one, other in ((a, b) for a in boxes for b in boxes if a is not b):
        assert one.x + one.width < other.x or other.x + other.width < one.x or abs(one.y - other.y) > one.height
    assert all(line.y < foot or line.text == "A notice." for line in plan.lines)


@pytest.mark.parametrize(("ratio", "lying"), [(9 / 16, True), (1.0, False), (16 / 9, False)])
def test_the_page_is_turned_to_show_four_frames_larger(ratio: float, lying: bool) -> None:
    sheet = sheet_of(4)
    plan = on_page(sheet, [ratio] * 4, typeface(sheet))
    assert (plan.width, plan.height) == (A4[::-1] if lying else A4)


def test_a_contact_sheet_shows_every_picture(make_sheet: Any) -> None:
    image = opened(contact_sheet(make_sheet(4)))
    assert image.width == WIDTH
    colours = {pixel for _, pixel in image.getcolors(1 << 24)}
    assert all(any(abs(r - 200) + abs(g - 30) + abs(b - 10 * n) < 9 for r, g, b in colours) for n in (1, 2, 3, 4))


def test_a_failed_frame_keeps_its_place_and_says_why(make_sheet: Any) -> None:
    whole, partial = opened(contact_sheet(make_sheet(4))), opened(contact_sheet(make_sheet(4, failed=(2,))))
    assert whole.size == partial.size
    left, _, right, _ = ImageChops.difference(whole, partial).getbbox()
    assert left > WIDTH / 2
    assert right < WIDTH
    assert b"466c6167676564" in unpacked(one_page_pdf(make_sheet(4, failed=(2,))))  # "Flagged"


@pytest.mark.parametrize("make", [contact_sheet, one_page_pdf])
def test_a_picture_that_is_gone_damaged_or_transparent_spoils_nothing(make_sheet: Any, make: Any, tmp_path: Path) -> None:
    sheet = make_sheet(3)
    sheet.frames[0].path.unlink()
    sheet.frames[1].path.write_bytes(sheet.frames[1].path.read_bytes()[:300])
    Image.new("RGBA", (300, 300), (0, 0, 0, 0)).save(tmp_path / "clear.png")
    frames = (*sheet.frames, SheetFrame(4, tmp_path / "clear.png"), SheetFrame(5, tmp_path))
    assert len(make(replace(sheet, frames=frames))) > 1000


@pytest.mark.parametrize("make", [contact_sheet, one_page_pdf])
@pytest.mark.parametrize("count", [0, 1, 15])
def test_sets_of_any_length_are_made(make_sheet: Any, make: Any, count: int) -> None:
    assert make(make_sheet(count))


@pytest.mark.parametrize("make", [contact_sheet, one_page_pdf])
def test_the_same_set_gives_the_same_bytes(make_sheet: Any, make: Any) -> None:
    assert make(make_sheet(3)) == make(make_sheet(3))


def unpacked(pdf: bytes) -> bytes:
    content = re.search(rb"5 0 obj\n<<.*?>>\nstream\n(.*?)\nendstream", pdf, re.DOTALL)
    return zlib.decompress(content.group(1))


def test_the_pdf_has_one_page_a_title_and_words_that_can_be_copied(make_sheet: Any) -> None:
    pdf = one_page_pdf(replace(make_sheet(4), title="Один 🌃"))
    assert pdf.startswith(b"%PDF-1.5")
    assert pdf.count(b"/Type /Page ") == 1
    assert "\ufeffОдин 🌃".encode("utf-16-be").hex().encode() in pdf
    assert b"Navy with gold".hex().encode() in unpacked(pdf)
    assert pdf.count(b"/DCTDecode") == 4


def test_the_table_of_a_pdf_points_at_its_objects(make_sheet: Any) -> None:
    pdf = one_page_pdf(make_sheet(2))
    table = int(re.search(rb"startxref\n(\d+)", pdf).group(1))
    assert pdf[table:].startswith(b"xref")
    for number, start in enumerate(re.findall(rb"(\d{10}) 00000 n", pdf), 1):
        assert pdf[int(start) :].startswith(f"{number} 0 obj".encode())


def test_pictures_in_the_pdf_are_no_larger_than_print_needs(make_sheet: Any) -> None:
    sizes = re.findall(rb"/Width (\d+) /Height", one_page_pdf(make_sheet(1, size=(4000, 4000))))
    assert max(map(int, sizes)) <= 8.27 * 200


@pytest.mark.parametrize("make", [contact_sheet, one_page_pdf])
def test_no_words_in_any_script_break_a_sheet(make_sheet: Any, make: Any) -> None:
    frames = tuple(SheetFrame(number, None, text, text) for number, text in enumerate(WORDS, 1))
    for text in WORDS:
        assert make(Sheet(text, text, frames, text * 3))


def test_a_machine_without_fonts_still_sets_what_it_can(make_sheet: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type_module, "_found", lambda name: None if name else 100.0)
    type_module._covers.cache_clear()
    try:
        face = type_module.Typeface(WORDS)
        assert face.settable("Łódź × 東京 — naïve 🌃") == "Lodz x - naive"
        assert type_module.Typeface(WORDS, western=True).settable("café × 東京") == "café ×"
        assert contact_sheet(make_sheet(2, caption="東京"))
        assert b"caf\xe9".hex().encode() in unpacked(one_page_pdf(make_sheet(2, caption="café 🌃")))
    finally:
        type_module._covers.cache_clear()


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200), st.integers(20, 400), st.integers(1, 4))
def test_wrapped_text_keeps_to_its_lines_and_its_width(text: str, width: int, most: int) -> None:
    face = type_module.Typeface([text])
    lines = face.wrap(text, 12, width, most)
    assert len(lines) <= most
    assert all(line.strip() for line in lines)
    assert all(face.measure(line, 12) <= width or len(line) <= 2 for line in lines)


def test_what_does_not_fit_ends_in_an_ellipsis() -> None:
    face = type_module.Typeface(["a"])
    assert face.wrap("one two three four five six", 10, 60, 2)[-1].endswith("…")
    assert face.wrap("one two", 10, 60, 2) == ["one two"]


def test_words_read_from_the_right_are_known_by_their_first_letter() -> None:
    assert type_module.reads_from_right("2 שלום")
    assert not type_module.reads_from_right("Hello שלום")
    assert not type_module.reads_from_right("42")
