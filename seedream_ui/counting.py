"""Where a person's own words state a number of images, and whether that is the number asked for.

Only a number that counts images is read: "three images", "4-panel", "a pair of photos", "三张图". A number that names one
("image 2", "the last two panels"), measures one ("16:9 image", "2.5 images") or counts the references ("2 reference photos")
is left alone. Where it cannot be told, nothing is said: a false alarm costs more than a missed one.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

__all__ = ["CountConflict", "count_conflicts", "fix"]


def _listed(words: str) -> tuple[str, ...]:
    return tuple(words.split())


_WORDS = _listed(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty"
)
_VALUES = {word: value for value, word in enumerate(_WORDS)}
_PHRASES = {"dozen": 12, "pair": 2, "couple": 2}
_CHINESE = ("零", "一", "两", "三", "四", "五", "六", "七", "八", "九", "十")
_CHINESE_DIGITS = {sign: value for value, sign in enumerate(_CHINESE)} | {"二": 2, "兩": 2, "": 0}
_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")

_NOUN = r"image|picture|pic|photograph|photo|panel|frame|shot|version|variation|variant|illustration|rendering|render"
_NOUNS = frozenset(f"{noun}{s}" for noun in _NOUN.split("|") for s in ("", "s"))

_BETWEEN = (
    r"separate|different|distinct|matching|matched|consistent|individual|new|square|final|single|unique|coherent|cohesive|"
    r"related|independent|similar|standalone|sequential|consecutive|connected|successive|alternative|beautiful|stunning|"
    r"high[- ]quality|hd|photo-?realistic|realistic|cinematic|vertical|horizontal|portrait|landscape|comic|story|storyboard|"
    r"product|magazine|lifestyle|studio|campaign|ai|image|[1-8]k|\d{1,2}:\d{1,2}"
)
"""What may stand between the number and the noun without the number counting something else."""

_NOT_A_TOTAL = _listed(
    "first last final other next previous remaining middle same this that these those my your our both every each per any "
    "another than additional iphone pixel galaxy portra seedream by x × combine merge blend mix fuse "
    "from hold holds holding carrying took"
)
"""A number right after one of these tells which images, how many more, or those that came in or are in the picture."""

_PART_OF_A_NAME = _NOUNS | set(_listed("reference references ref refs number no. figure page step scene chapter take"))
_JOINING = frozenset({"and", "or", "to", "&", "-", "–"})

_ASKING = _listed("make generate create draw render produce show me need want a an in with as of give into the for")
"""After one of these, or at the start, "4 image" is a slip for "4 images"; elsewhere ("Gold 200 photo") it is a name."""

_SET = "story|stories|comic|strip|series|set|sequence|storyboard|page|grid|collage|carousel|layout|campaign|collection|spread"

_GAP = r"(?:[^\S\r\n]{1,3}|[-‑])"
_ENGLISH = re.compile(
    rf"""
    (?P<number>(?:\bbetween\ )?(?:
        (?<![A-Za-z_\d\#$€£/@])(?<!\d[.,:/x×*])(?<!\w[-‑])
        (?:(?P<low>\d{{1,3}})\s?(?:[-–—~]|to|or|and)\s?)?(?P<digits>\d{{1,3}})(?!\d)(?:\s?[x×](?=\s))?
      | (?<![\w'’‑-])
        (?:(?:(?P<low_word>{"|".join(_WORDS)})(?:[-–]|\ (?:to|or|and)\ ))?(?P<word>{"|".join(_WORDS)})(?:\ \(\d{{1,3}}\))?
         | (?P<half>half\ )?(?:a|one)\ (?P<phrase>dozen|pair|couple)(?:\ of)?)(?=[\s-])
    ))
    (?={_GAP}?(?:[a-z]|\d{{1,2}}:|\dk))  # a cheap look before the long lists
    (?:{_GAP}?(?:{_BETWEEN}),?){{0,4}}
    (?P<gap>{_GAP}?)
    (?P<noun>{_NOUN})(?P<plural>s?)(?!\w|-\w)
    """,
    re.IGNORECASE | re.VERBOSE,
)

_UNLIKE_A_TOTAL_AFTER = re.compile(
    r"""\s(?: per\b | each\s*(?:$|[.,;:!?)]) | for\ (?:each|every)\b | a\ second\b
      | of\ (?:espresso|tequila|vodka|whisk|rum|gin|glass|wood)
      | (?:as|for)\ (?:an?\ |my\ |the\ )?(?:style\ )?(?:references?|inspiration|inputs?|guides?)\b
      | (?:that\ )?(?:(?:i|we)\ )?(?:have\ |'ve\ )?(?:uploaded|attached|provided|gave|above)\b
      | (?:references?|refs?|inputs?|files?|booth|albums?|frames?|studios?|editors?|books?|shoots?|window)\b )""",
    re.IGNORECASE | re.VERBOSE,
)
_IS_A_SET = re.compile(rf"\s(?:{_SET})\b", re.IGNORECASE)
_IS_A_SLIP = re.compile(r"\s*$|\s*[,.;:!?]|\s(?:of|with|showing|in|for|that|where)\b", re.IGNORECASE)
_ONE_OF_MANY = re.compile(r"\b(?:another|the others?|the next|the rest)\b", re.IGNORECASE)

_CHINESE_COUNT = re.compile(
    r"""
    (?<![\dA-Za-z.．:：/零一二两兩三四五六七八九十])
    (?P<number>(?:(?P<low>\d{1,3})\s?[-–~～到至]\s?)?(?P<digits>\d{1,3})|(?P<sign>[零一二两兩三四五六七八九十]{1,3}))\s?
    (?:[张張幅](?!\s?(?:参考|參考|上传|上傳|输入|原图|素材))(?![^，。,.\s图圖照画]{0,3}[脸臉床桌椅纸紙嘴票毯弓])
     | 格(?=漫画|漫畫|故事|分镜)
     | 个(?=\s?(?:不同的?)?(?:版本|镜头|画面|分镜|图像|图片)))
    (?:(?:不同|独立|单独|连续)的?)?(?:图片|图像|照片|插画|海报|漫画|版本|镜头|画面|分镜|图|画)?
    """,
    re.VERBOSE,
)
_CHINESE_NOT_A_TOTAL = _listed(
    "第 前 后 後 首 末 这 這 那 另 另外 另外的 其他 其它 其余 剩下 剩下的 剩余 剩余的 上传的 "
    "上面 上面的 每 各 某 哪 任 任意 任何 同 再"
)
_FOR_EACH = re.compile(r"每[^，。,.!！？\n]{1,8}$")


@dataclass(frozen=True)
class CountConflict:
    """A number of images in a text that is not the number asked for.

    `start` and `end` enclose the number ("three", "2-4", "a pair of"); `words`, the whole phrase ("three separate images"),
    begins at `start` too. `found` is the number itself, of a range its upper end.
    """

    start: int
    end: int
    found: int
    words: str

    @property
    def number(self) -> str:
        """The number as written."""
        return self.words[: self.end - self.start]

    def replacement(self, count: int) -> str:
        """`count` in the style of the number: digits stay digits, a word stays a word with its capitals, 三 stays Chinese."""
        if digit := re.search(r"\d", self.number):
            return _in_digits(count, digit[0]) + _times(self.number)
        if self.number[0] in _CHINESE_DIGITS:
            return _in_chinese(count)
        return _in_words(count, self.number)

    def corrected(self, count: int) -> str:
        """`words` with `count` in place of the number and the noun to suit: "one image" becomes "four images"."""
        rest = self.words[self.end - self.start :]
        return self.replacement(count) + _inflected(rest, self.found, count)


class _Mention(NamedTuple):
    at: CountConflict
    low: float
    high: float

    def allows(self, count: int) -> bool:
        return self.low <= count <= self.high


def count_conflicts(text: str, count: int) -> tuple[CountConflict, ...]:
    """Every number in `text` that counts images and is not `count`, in order; a range conflicts if `count` is outside it.

    Parts that add up to `count` ("two images by day and two images by night" at 4) are no conflict. Takes linear time.
    """
    mentions = sorted([*_english(text), *_chinese(text)], key=lambda mention: mention.at.start)
    if sum(mention.at.found for mention in mentions) == count:
        return ()
    return tuple(mention.at for mention in mentions if not mention.allows(count))


def fix(text: str, count: int) -> str:
    """`text` with every conflicting number replaced by `count`, each in its own style."""
    parts, done = [], 0
    for conflict in count_conflicts(text, count):
        parts += [_with_article(text[done : conflict.start], count), conflict.corrected(count)]
        done = conflict.start + len(conflict.words)
    return "".join([*parts, text[done:]])


def _english(text: str) -> Iterator[_Mention]:
    for match in _ENGLISH.finditer(text):
        found = _english_value(match)
        if found is None:
            continue
        before = text[max(0, match.start() - 48) : match.start()].casefold().split()
        after = text[match.end() : match.end() + 200]
        if _names_or_measures(before) or _UNLIKE_A_TOTAL_AFTER.match(after) or not _reads_as_count(match, found, before, after):
            continue
        yield _mention(match, found, _low(match, found), before)


def _english_value(match: re.Match[str]) -> int | None:
    """None where case folding let a look-alike in ("fıve")."""
    if match["digits"]:
        return int(match["digits"])
    if match["phrase"]:
        value = _PHRASES.get(match["phrase"].casefold())
        return value // 2 if value and match["half"] else value
    return _VALUES.get(match["word"].casefold())


def _low(match: re.Match[str], found: int) -> int:
    if match["low"]:
        return int(match["low"])
    return _VALUES.get((match["low_word"] or "").casefold(), found)


def _mention(match: re.Match[str], found: int, low: int, before: list[str]) -> _Mention:
    at = CountConflict(*match.span("number"), found, match[0])
    tail = " ".join(before[-2:])
    if tail.endswith(("at least", "minimum", "minimum of")):
        return _Mention(at, low, float("inf"))
    if tail.endswith(("up to", "at most", "maximum", "maximum of")):
        return _Mention(at, 0, found)
    return _Mention(at, min(low, found), max(low, found))


def _names_or_measures(before: list[str]) -> bool:
    words = [word for word in before if word != "the"]
    if not words:
        return False
    if words[-1] in _NOT_A_TOTAL or words[-2:] == ["based", "on"]:
        return True
    if words[-1].endswith(","):
        return False
    while words and (words[-1] in _JOINING or words[-1].rstrip(",").isdecimal()):
        words.pop()
    return bool(words) and words[-1] in _PART_OF_A_NAME


def _reads_as_count(match: re.Match[str], found: int, before: list[str], after: str) -> bool:
    """Whether the noun and its neighbours fit: "4 panel comic" and "4 image of" do, "Gold 200 photo" and "two-shot" do not."""
    if match["plural"]:
        return found != 1 or not _ONE_OF_MANY.search(after)
    if match["phrase"]:
        return False
    if match["gap"] in ("-", "‑"):
        return match["noun"].casefold() != "shot" or bool(_IS_A_SET.match(after))
    if found == 1:
        return not _ONE_OF_MANY.search(after)
    asked = not before or before[-1] in _ASKING
    return bool(_IS_A_SET.match(after)) or (found <= 20 and asked and bool(_IS_A_SLIP.match(after)))


def _chinese(text: str) -> Iterator[_Mention]:
    for match in _CHINESE_COUNT.finditer(text):
        found = int(match["digits"]) if match["digits"] else _chinese_value(match["sign"])
        before = text[max(0, match.start() - 12) : match.start()].rstrip()
        if found is None or before.endswith(_CHINESE_NOT_A_TOTAL) or ("每" in before and _FOR_EACH.search(before)):
            continue
        low = int(match["low"]) if match["low"] else found
        yield _Mention(CountConflict(*match.span("number"), found, match[0]), low, found)


def _chinese_value(sign: str) -> int | None:
    tens, ten, ones = sign.rpartition("十")
    if tens not in _CHINESE_DIGITS or ones not in _CHINESE_DIGITS:
        return None
    return (_CHINESE_DIGITS[tens] or 1) * 10 + _CHINESE_DIGITS[ones] if ten else _CHINESE_DIGITS[ones]


def _with_article(before: str, count: int) -> str:
    """ "a 4-panel" becomes "an 8-panel"."""
    n = "n" if count in (8, 11, 18) else ""
    return re.sub(r"\b(a)n?(\s)$", rf"\1{n}\2", before, flags=re.IGNORECASE)


def _in_digits(count: int, like: str) -> str:
    return str(count).translate(_FULL_WIDTH) if like in "０１２３４５６７８９" else str(count)


def _times(like: str) -> str:
    """The × of "4× images"."""
    return like[-1] if like[-1] in "xX×" else ""


def _in_chinese(count: int) -> str:
    if count <= 10:
        return _CHINESE[count]
    return f"十{_CHINESE[count - 10].replace('两', '二')}" if count < 20 else str(count)


def _in_words(count: int, like: str) -> str:
    word = _WORDS[count] if count < len(_WORDS) else str(count)
    if like.isupper() and len(like) > 1:
        return word.upper()
    return word.capitalize() if like[0].isupper() else word


def _inflected(rest: str, found: int, count: int) -> str:
    """The noun at the end of `rest` as `count` needs it; a hyphenated one ("4-panel") never changes."""
    if not rest[-1:].isascii() or re.search(r"[-‑]\w+$", rest):
        return rest
    if count == 1:
        return rest[:-1] if rest[-1] in "sS" else rest
    return rest + ("S" if rest.isupper() else "s") if found == 1 and rest[-1] not in "sS" else rest
