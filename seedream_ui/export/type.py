"""Type on a sheet: one typeface for the whole sheet, others only for the characters it lacks; wrapping to a width.

Fonts are whatever the machine has: nothing here fails for the lack of one.
"""

import bisect
import functools
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby, islice
from typing import NamedTuple

from PIL import Image, ImageDraw, ImageFont

__all__ = ["Typeface", "is_western", "reads_from_right", "tidy"]

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont
Colour = tuple[int, int, int]

_TEXT_FONTS = ("LiberationSans-Regular.ttf", "Arial.ttf", "arial.ttf", "NotoSans-Regular.ttf", "DejaVuSans.ttf", "segoeui.ttf")
_OTHER_FONTS = (
    *("NotoSansCJK-Regular.ttc", "NotoSansCJKsc-Regular.otf", "PingFang.ttc", "Hiragino Sans GB.ttc", "msyh.ttc", "YuGothM.ttc"),
    *("malgun.ttf", "DroidSansFallbackFull.ttf", "wqy-zenhei.ttc", "Arial Unicode.ttf", "ARIALUNI.TTF", "FreeSans.ttf"),
    *("NotoSansArabic-Regular.ttf", "NotoSansHebrew-Regular.ttf", "NotoSansDevanagari-Regular.ttf", "NotoSansThai-Regular.ttf"),
)
_EMOJI_FONTS = ("NotoColorEmoji.ttf", "Apple Color Emoji.ttc", "seguiemj.ttf")
_STRIKES = (109, 160, 96, 64)
"""Sizes, in pixels, of the only bitmaps in some emoji fonts."""

_BUILT_IN = ""
_NOBODYS = "\U0010fffd"  # a character no font has
_EM = 100.0
_STANDINS = {"–": "-", "—": "-", "−": "-", "×": "x", "•": "·", "→": "to", "≤": "at most ", "≥": "at least ", "€": "EUR "} | dict(
    zip("ŁłØøßÆæŒœĐđıÞþ", ("L", "l", "O", "o", "ss", "Ae", "ae", "Oe", "oe", "D", "d", "i", "Th", "th"), strict=True)
)
_LONGEST = 600
"""Characters of a text that are looked at; nothing on a sheet has room for more."""

_LATIN = re.compile("[!-\u024f\u2010-\u2bff]")
_EMOJI = re.compile("[\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff\u200d\ufe0f\u20e3\U000e0020-\U000e007f]")
_IDEOGRAPHS = "\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef"  # a line may break between any two
_WORDS = re.compile(rf"\s+|[{_IDEOGRAPHS}]|[^\s{_IDEOGRAPHS}]+")


class Run(NamedTuple):
    """Characters in a row that one font sets; `font` is a file name, or empty for Pillow's own."""

    font: str
    text: str


class Typeface:
    """The type of one sheet. Sizes and widths are in any one unit, points or pixels.

    `western` says that whoever shows the sheet brings a font for Western European text, as every PDF reader does.
    """

    def __init__(self, texts: Iterable[str], *, western: bool = False) -> None:
        self._western = western
        self._widths: dict[str, float] = {}
        latin = set(_LATIN.findall("".join(text[:_LONGEST] for text in texts)))
        self._base = max((_BUILT_IN, *_TEXT_FONTS), key=lambda name: sum(_covers(name, char) for char in latin))

    def measure(self, text: str, size: float) -> float:
        """Width of one line."""
        if text not in self._widths:
            self._widths[text] = sum(_advance(run) for run in self._runs(text))
        return self._widths[text] * size / _EM

    def wrap(self, text: str, size: float, width: float, most: int) -> list[str]:
        """The text in at most `most` lines of at most `width`; what does not fit ends in an ellipsis."""
        broken = _broken(_WORDS.findall(self.settable(text)), lambda line: self.measure(line, size) <= width)
        lines = list(islice(broken, most + 1))
        if len(lines) <= most:
            return lines
        return [*lines[: most - 1], self._cut(" ".join(lines[most - 1 : most + 1]), size, width)]

    def draw(self, image: Image.Image, place: tuple[float, float], text: str, size: float, colour: Colour) -> None:
        """Sets one line onto an RGB image; `place` is its left end on the baseline, in pixels."""
        x, y = place
        for run in self._runs(text):
            if run.font in _EMOJI_FONTS:
                _paste_emoji(image, (x, y), run, size)
            else:
                ImageDraw.Draw(image).text((x, y), run.text, colour, _font(run.font, size), anchor="ls")
            x += _advance(run) * size / _EM

    def settable(self, text: str) -> str:
        """The text on one line, less what no font here can set: a missing word looks better than a row of boxes."""
        wanted = tidy(text)
        got = "".join(self._standin(char) for char in wanted)
        return wanted if got == wanted else tidy(got).strip(" -,;:·")

    def _standin(self, char: str) -> str:
        if char == " " or self._font_for(char) is not None or (self._western and is_western(char)):
            return char
        return _STANDINS.get(char) or unicodedata.normalize("NFKD", char).encode("ascii", "ignore").decode()

    def _font_for(self, char: str) -> str | None:
        if _EMOJI.match(char):
            return next((name for name in _EMOJI_FONTS if _found(name)), None if not _covers(self._base, char) else self._base)
        return next((name for name in (self._base, _BUILT_IN, *_TEXT_FONTS, *_OTHER_FONTS) if _covers(name, char)), None)

    def _runs(self, text: str) -> list[Run]:
        whole = next((name for name in (self._base, *_TEXT_FONTS) if all(_covers(name, char) for char in text)), None)
        if whole is not None:
            return [Run(whole, text)]
        return [
            Run(font, "".join(pair[1] for pair in pairs)) for font, pairs in groupby(self._set_in(text), lambda pair: pair[0])
        ]

    def _set_in(self, text: str) -> Iterator[tuple[str, str]]:
        """Each character with its font; a space goes with the word before it, so that a foreign phrase stays in one run."""
        last = self._base
        for char in text:
            last = (self._base if last in _EMOJI_FONTS else last) if char == " " else self._font_for(char) or self._base
            yield last, char

    def _cut(self, line: str, size: float, width: float) -> str:
        kept = line[: _longest(line, lambda head: self.measure(head + "…", size) <= width)]
        return kept.rstrip(" ,.;:-–—") + "…"


def tidy(text: str) -> str:
    """The start of a text on one line: spaces for line breaks and tabs, no control characters."""
    printable = (char for char in " ".join(text[:_LONGEST].split()) if char.isprintable() or _EMOJI.match(char))
    return " ".join("".join(printable).split())


def reads_from_right(text: str) -> bool:
    """Whether the first letter that has a direction is of a right-to-left script."""
    directions = (unicodedata.bidirectional(char) for char in text)
    return next((each for each in directions if each in ("L", "R", "AL")), "L") != "L"


def is_western(text: str) -> bool:
    """Whether Windows-1252, the encoding of plain type in a PDF, has all its characters."""
    try:
        text.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True


def _broken(words: list[str], fits: Callable[[str], bool]) -> Iterator[str]:
    """Lines that fit; a word too long for a line of its own is broken."""
    line = ""
    for word in words:
        if fits(line + word):
            line += word
            continue
        yield from [line.rstrip()] if line.strip() else []
        line = "" if word.isspace() else word
        while line and not fits(line):
            head = max(1, _longest(line, fits))
            yield line[:head]
            line = line[head:]
    yield from [line.rstrip()] if line.strip() else []


def _longest(line: str, fits: Callable[[str], bool]) -> int:
    """How many of its first characters fit."""
    return bisect.bisect_left(range(1, len(line) + 1), True, key=lambda end: not fits(line[:end]))


@functools.lru_cache(maxsize=256)
def _font(name: str, size: float) -> Font:
    return ImageFont.truetype(name, size) if name else ImageFont.load_default(size)


@functools.cache
def _found(name: str) -> float | None:
    """The size at which a font can be tried out, or None if this machine does not have it."""
    for size in (_EM, *_STRIKES):
        try:
            _font(name, size)
        except (OSError, ValueError):
            continue
        return size
    return None


@functools.lru_cache(maxsize=8192)
def _covers(name: str, char: str) -> bool:
    size = _found(name)
    if size is None or name in _EMOJI_FONTS:
        return size is not None
    font = _font(name, size)
    return char == " " or bytes(font.getmask(char)) != bytes(font.getmask(_NOBODYS))


@functools.lru_cache(maxsize=8192)
def _advance(run: Run) -> float:
    """Width of a run at a size of `_EM`."""
    size = _found(run.font) or _EM
    return _font(run.font, size).getlength(run.text) * _EM / size


def _paste_emoji(image: Image.Image, place: tuple[float, float], run: Run, size: float) -> None:
    """Colour glyphs, drawn at a size their font has and scaled."""
    strike = _found(run.font) or _EM
    left, top, right, bottom = (int(edge) for edge in _font(run.font, strike).getbbox(run.text, anchor="ls"))
    glyphs = Image.new("RGBA", (max(1, right - left), max(1, bottom - top)))
    ImageDraw.Draw(glyphs).text((-left, -top), run.text, font=_font(run.font, strike), anchor="ls", embedded_color=True)
    scale = size / strike
    glyphs = glyphs.resize((max(1, round(glyphs.width * scale)), max(1, round(glyphs.height * scale))), Image.Resampling.LANCZOS)
    image.paste(glyphs, (round(place[0] + left * scale), round(place[1] + top * scale)), glyphs)
