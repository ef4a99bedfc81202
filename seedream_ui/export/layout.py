"""Where everything lies on a sheet: pure geometry, in points (1/72 inch), measured from the top left corner."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import median_low

from seedream_ui.export.sheet import Sheet, SheetFrame
from seedream_ui.export.type import Typeface, reads_from_right

__all__ = ["A4", "Box", "Line", "Placed", "Plan", "Rule", "empty_note", "on_page", "on_roll", "typeface"]

A4 = (595.28, 841.89)
MARGIN = 44.0
_WIDE, _NARROW = 842.0, 470.0
_GAP, _ROW_GAP, _RAIL = 16.0, 20.0, 15.0
_TALLEST = 560.0
_MUCH = 100.0  # from here on, room below the frames looks left over, and they are set in the middle
_TITLE, _SUBTITLE, _NUMBER, _NOTE, _NOTICE = 22.0, 9.5, 7.5, 7.0, 6.5
_LEADING = 1.36
_EMPTY = "No image"


@dataclass(frozen=True)
class Box:
    """A rectangle; x and y are its top left corner."""

    x: float
    y: float
    width: float
    height: float

    def centred(self, ratio: float) -> "Box":
        """The largest box of this ratio inside, in the middle."""
        width = min(self.width, self.height * ratio)
        height = width / ratio
        return Box(self.x + (self.width - width) / 2, self.y + (self.height - height) / 2, width, height)


@dataclass(frozen=True)
class Line:
    """One line of type: left end on the baseline, size, and whether it is quiet."""

    x: float
    y: float
    text: str
    size: float
    quiet: bool = False


@dataclass(frozen=True)
class Rule:
    """A hairline from `left` to `right` at height `y`."""

    left: float
    right: float
    y: float


@dataclass(frozen=True)
class Placed:
    """A frame of the set in its place."""

    frame: SheetFrame
    box: Box


@dataclass(frozen=True)
class Plan:
    """A whole sheet: size of the page, frames, lines of type, and hairlines."""

    width: float
    height: float
    frames: tuple[Placed, ...]
    lines: tuple[Line, ...]
    rules: tuple[Rule, ...]


@dataclass(frozen=True)
class _Grid:
    columns: int
    rows: int
    width: float
    height: float
    pitch: float
    drop: float

    @property
    def caption(self) -> float:
        """Type size of captions: larger below larger frames."""
        return max(8.0, min(11.5, 7.0 + self.width / 110))


def typeface(sheet: Sheet, *, western: bool = False) -> Typeface:
    """One typeface for all the words of a sheet; `western` as in `Typeface`."""
    words = [text for frame in sheet.frames for text in (frame.caption, frame.note)]
    return Typeface([sheet.title, sheet.subtitle, sheet.notice, *words], western=western)


def on_roll(sheet: Sheet, ratios: Sequence[float], face: Typeface) -> Plan:
    """A sheet as long as its frames need. `ratios` are width / height of the pictures there are."""
    count, ratio = len(sheet.frames), _ratio(ratios)
    columns = _balanced(count, ratio)
    cell = (_WIDE - 2 * MARGIN - (columns - 1) * _GAP) / columns
    width = min(cell, _TALLEST * ratio)
    page = min(_WIDE, max(_NARROW, columns * (width + _GAP) - _GAP + 2 * MARGIN))
    grid = _Grid(columns, math.ceil(count / columns), width, width / ratio, width + _GAP, 0)
    grid = replace(grid, drop=_RAIL + grid.height + _text_height(sheet, grid, face) + _ROW_GAP)
    return _plan(sheet, face, grid, (page, None))


def on_page(sheet: Sheet, ratios: Sequence[float], face: Typeface) -> Plan:
    """One A4 page, upright or lying, whichever shows the pictures larger."""
    pages = (A4[::-1], A4)
    plans = [_fitted(sheet, _ratio(ratios), face, page) for page in pages]
    grid, page = max(zip(plans, pages, strict=True), key=lambda pair: _merit(len(sheet.frames), pair[0], pair[1][0]))
    return _plan(sheet, face, grid, page)


def _ratio(ratios: Sequence[float]) -> float:
    return min(4.0, max(0.25, median_low(ratios))) if ratios else 1.0


def _balanced(count: int, ratio: float) -> int:
    """Columns that make a sheet of pleasant shape with few holes in the last row; up to three stay in one row."""
    if count <= 3:
        return max(1, count)

    def strain(columns: int) -> float:
        rows = math.ceil(count / columns)
        holes = (columns * rows - count) / (columns * rows)
        return abs(math.log(columns * ratio / rows / 1.4)) + 1.2 * holes

    return min(range(1, count + 1), key=strain)


def _fitted(sheet: Sheet, ratio: float, face: Typeface, page: tuple[float, float]) -> _Grid:
    """The grid with the largest frames that fits between head and foot of a page."""
    top = _rules(sheet, face, page[0])[1]
    room = page[1] - top - _foot_height(sheet, face, page[0]) - 14
    grids = (
        _fit(sheet, ratio, face, columns, (page[0] - 2 * MARGIN, room)) for columns in range(1, max(1, len(sheet.frames)) + 1)
    )
    return max(grids, key=lambda grid: _merit(len(sheet.frames), grid, page[0]))


def _merit(count: int, grid: _Grid, page_width: float) -> float:
    """Large frames, over the whole width of the page, with few holes in the last row."""
    across = (grid.columns - 1) * grid.pitch + grid.width
    return grid.width * across / (page_width - 2 * MARGIN) * count / (grid.columns * grid.rows)


def _fit(sheet: Sheet, ratio: float, face: Typeface, columns: int, room: tuple[float, float]) -> _Grid:
    rows = max(1, math.ceil(len(sheet.frames) / columns))
    width = (room[0] - (columns - 1) * _GAP) / columns
    grid = _Grid(columns, rows, width, width / ratio, 0, 0)
    for _ in range(4):  # narrower frames need more lines of caption, which leaves less height for the frames
        words = _text_height(sheet, grid, face)
        height = (room[1] - (rows - 1) * _ROW_GAP) / rows - _RAIL - words
        width = max(1.0, min(width, height * ratio))
        grid = replace(grid, width=width, height=width / ratio)
    pitch = width + min(3 * _GAP, (room[0] - columns * width) / max(1, columns - 1))
    loose = (room[1] - rows * (_RAIL + grid.height + words)) / max(1, rows - 1)
    return replace(grid, pitch=pitch, drop=_RAIL + grid.height + words + min(1.6 * _ROW_GAP, max(_ROW_GAP, loose)))


def _plan(sheet: Sheet, face: Typeface, grid: _Grid, page: tuple[float, float | None]) -> Plan:
    width = page[0]
    rule, first = _rules(sheet, face, width)
    foot = _foot_height(sheet, face, width)
    height = page[1] or first + grid.rows * grid.drop + 8 + foot
    spare = height - foot - first - grid.rows * grid.drop
    placed = tuple(_placed(sheet.frames, grid, first + (0.4 * spare if spare > _MUCH else 0)))
    lines = [*_head(sheet, face, width), *_foot(sheet, face, (width, height))]
    lines += [line for each in placed for line in _words(each, grid, face)]
    rules = [Rule(MARGIN, width - MARGIN, y) for y in (rule, height - foot)]
    return Plan(width, height, placed, tuple(lines), (*rules, *map(_rail, placed)))


def _rail(placed: Placed) -> Rule:
    """The edge of the film: a hairline beside the number."""
    inset = 6 + 5 * len(str(placed.frame.number))
    return Rule(placed.box.x + inset, placed.box.x + placed.box.width, placed.box.y - 8)


def _placed(frames: Sequence[SheetFrame], grid: _Grid, first: float) -> Iterator[Placed]:
    for index, frame in enumerate(frames):
        row, column = divmod(index, grid.columns)
        x, y = MARGIN + column * grid.pitch, first + row * grid.drop + _RAIL
        yield Placed(frame, Box(x, y, grid.width, grid.height))


def _head(sheet: Sheet, face: Typeface, width: float) -> Iterator[Line]:
    y = MARGIN + 0.3 * _TITLE
    for text in face.wrap(sheet.title, _TITLE, width - 2 * MARGIN, 2):
        y += _TITLE * (0.72 if y < MARGIN + _TITLE / 2 else 1.2)
        yield Line(MARGIN, y, text, _TITLE)
    for text in face.wrap(sheet.subtitle, _SUBTITLE, width - 2 * MARGIN, 2):
        y += _SUBTITLE * 1.9
        yield Line(MARGIN, y, text, _SUBTITLE, quiet=True)


def _rules(sheet: Sheet, face: Typeface, width: float) -> tuple[float, float]:
    """Heights of the hairline below the head and of the first row."""
    lowest = max((line.y for line in _head(sheet, face, width)), default=MARGIN - 16)
    return lowest + 18, lowest + 18 + 18


def _foot_height(sheet: Sheet, face: Typeface, width: float) -> float:
    lines = len(face.wrap(sheet.notice, _NOTICE, width - 2 * MARGIN, 3))
    return MARGIN * 0.8 + (8 + lines * _NOTICE * _LEADING if lines else 0)


def _foot(sheet: Sheet, face: Typeface, page: tuple[float, float]) -> Iterator[Line]:
    y = page[1] - _foot_height(sheet, face, page[0]) + 8
    for text in face.wrap(sheet.notice, _NOTICE, page[0] - 2 * MARGIN, 3):
        y += _NOTICE * _LEADING
        yield Line(MARGIN, y, text, _NOTICE, quiet=True)


def empty_note(placed: Placed, face: Typeface) -> list[Line]:
    """Why a frame is empty, centred in it."""
    size, box = 8.0, placed.box
    lines = face.wrap(placed.frame.note or _EMPTY, size, box.width - 20, max(1, int(box.height / 12) - 1))
    top = box.y + (box.height - (len(lines) - 1) * size * _LEADING) / 2 + size * 0.36
    starts = [box.x + (box.width - face.measure(text, size)) / 2 for text in lines]
    return [Line(x, top + at * size * _LEADING, lines[at], size, quiet=True) for at, x in enumerate(starts)]


def _words(placed: Placed, grid: _Grid, face: Typeface) -> Iterator[Line]:
    """Number above, caption and note below; the note of a failed frame is drawn inside it instead."""
    frame, box = placed.frame, placed.box
    yield Line(box.x, box.y - 5.5, str(frame.number), _NUMBER, quiet=True)
    y = box.y + box.height + 4
    for text in face.wrap(frame.caption, grid.caption, box.width, 2):
        y += grid.caption * _LEADING
        yield _aligned(Line(box.x, y, text, grid.caption), box, face)
    for text in face.wrap(frame.note, _NOTE, box.width, 1) if frame.path else []:
        yield _aligned(Line(box.x, y + 3 + _NOTE * _LEADING, text, _NOTE, quiet=True), box, face)


def _aligned(line: Line, box: Box, face: Typeface) -> Line:
    """Words that are read from the right begin at the right edge."""
    return replace(line, x=box.x + box.width - face.measure(line.text, line.size)) if reads_from_right(line.text) else line


def _text_height(sheet: Sheet, grid: _Grid, face: Typeface) -> float:
    """Height of the tallest caption with its note, from the lower edge of a frame."""
    tallest = 0.0
    for frame in sheet.frames:
        lines = list(_words(Placed(frame, Box(0, 0, grid.width, 0)), grid, face))[1:]
        tallest = max(tallest, max((line.y for line in lines), default=0.0))
    return tallest
