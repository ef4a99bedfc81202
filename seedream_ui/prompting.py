"""From prompt, panels and references to the words that are sent, and back to each image's own words."""

import re

from seedream_ui.errors import RequestRefused
from seedream_ui.request import SequenceRequest

__all__ = ["SEPARATOR", "compile_prompts", "context_words", "panel_words", "panels_from_lines", "prompt_text"]

SEPARATOR = "\n\n---\n\n"
"""Between the prompts of images that are made one by one, where they are shown as one text."""

_NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
            "eleven", "twelve", "thirteen", "fourteen", "fifteen")  # fmt: skip

_ONE = "Generate one single image: a complete picture on its own, never a collage, grid, split screen or contact sheet."
# "A series of N images" is the wording that both WaveSpeed documents give for locking the count.
_MANY = (
    "Generate a series of {} separate images, each one complete picture on its own; "
    "never a collage, grid, split screen or contact sheet."
)
_ALIKE = (
    "Apart from {}, all images share the same subject with the same identity, "
    "and one colour palette, lighting, composition and style."
)
_ALIKE_AS_REFERENCE = (
    "Apart from {}, keep the people and objects of the reference images the same in every image, in identity, shape and detail, "
    "and keep one colour palette, lighting, composition and style throughout."
)
_CHANGING = ("what a panel says", "what is asked for above")
_FREE = "continues the set freely, in keeping with the other panels."

_RULE = re.compile(r"^[^\S\n]*-{3,}[^\S\n]*$", re.MULTILINE)
_BLANK_LINES = re.compile(r"\n(?:[^\S\n]*\n)+")
_PANEL_LINE = re.compile(
    r"""^[^\S\n]*panel[^\S\n]*(?P<number>\d{1,2})[^\S\n]*[—–:.-]
        (?P<text>.*(?:\n(?![^\S\n]*panel[^\S\n]*\d)[^\S\n]*\S.*)*)""",  # up to the next panel or a blank line
    re.IGNORECASE | re.MULTILINE | re.VERBOSE,
)


def compile_prompts(request: SequenceRequest) -> tuple[str, ...]:
    """What is sent, word for word: one prompt for a sequence, else one for each image.

    The person's words stand in it as they were typed, without the blanks around them. One thing is redrawn where there are
    several prompts: a line of dashes inside them becomes a line of long dashes, so that it does not part the text.

    Raises `RequestRefused` where a hand-edited prompt is empty or, without `sequence`, has not one part for each image.
    """
    if request.prompt_override is not None:
        return _overriding(request, request.prompt_override)
    if not request.sequence:
        return tuple(_unruled(_single(request, text)) for text in _texts(request))
    if request.count == 1:
        return (_single(request, _texts(request)[0]),)
    many = _MANY.format(_NUMBERS[request.count - 1])
    return (_joined(many, request.prompt, _purposes(request), _alike(request), _panel_lines(request)),)


def prompt_text(request: SequenceRequest) -> str:
    """All of `compile_prompts` as one text; as `prompt_override` it compiles to the same prompts again."""
    return SEPARATOR.join(compile_prompts(request))


def panel_words(request: SequenceRequest) -> tuple[str, ...]:
    """Each image's own words, one string for each of `count`: from the panels, or from a hand-edited prompt."""
    if request.prompt_override is None:
        return _texts(request)
    found = _words_by_line(request.prompt_override) if request.sequence else _words_by_part(request)
    return tuple(found.get(number, "") for number in range(1, request.count + 1))


def context_words(request: SequenceRequest) -> str:
    """The words that hold for the whole set: the prompt, or a hand-edited one without its panels and our own sentences."""
    if request.prompt_override is None:
        return request.prompt.strip()
    if request.sequence:
        return _joined(*_paragraphs(request, _PANEL_LINE.sub("", request.prompt_override)))
    return _joined(*_shared(_paragraphs_by_part(request)))


def _single(request: SequenceRequest, panel: str) -> str:
    return _joined(_ONE, request.prompt, panel, _purposes(request))


def _texts(request: SequenceRequest) -> tuple[str, ...]:
    """The panels' texts, filled up with empty ones to the count."""
    texts = [panel.text.strip() for panel in request.panels]
    return (*texts, *[""] * (request.count - len(texts)))


def _purposes(request: SequenceRequest) -> str:
    """What each labelled reference is: "Image 1 is the shoe; image 3 is the wall behind it."."""
    labels = [(number, reference.label.strip()) for number, reference in enumerate(request.references, 1)]
    said = "; ".join(f"image {number} is {label}" for number, label in labels if label)
    return f"I{said[1:]}" + ("" if said[-1] in ".!?。" else ".") if said else ""


def _alike(request: SequenceRequest) -> str:
    by_panel, by_prompt = _CHANGING
    sentence = _ALIKE_AS_REFERENCE if request.references else _ALIKE
    return sentence.format(by_panel if any(_texts(request)) else by_prompt)


def _panel_lines(request: SequenceRequest) -> str:
    texts = _texts(request)
    return "\n".join(f"Panel {number} — {text or _FREE}" for number, text in enumerate(texts, 1)) if any(texts) else ""


def _joined(*blocks: str) -> str:
    return "\n\n".join(stripped for block in blocks if (stripped := block.strip()))


def _unruled(text: str) -> str:
    return _RULE.sub(lambda rule: rule[0].replace("-", "—"), text)


def _overriding(request: SequenceRequest, override: str) -> tuple[str, ...]:
    parts = _parts(override, request.sequence)
    if not parts:
        raise RequestRefused("prompt_override", "The edited prompt is empty. Write one, or reset it.")
    if not request.sequence and len(parts) != request.count:
        has, needs = _counted(len(parts), "part"), _counted(request.count, "image")
        raise RequestRefused(
            "prompt_override",
            f"The edited prompt has {has} for {needs}. Without Seq each image needs its own part, "
            "with a line of three dashes (---) between them.",
        )
    return parts


def _parts(override: str, whole: bool) -> tuple[str, ...]:
    parts = [override] if whole else _RULE.split(override)
    return tuple(stripped for part in parts if (stripped := part.strip()))


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _words_by_line(override: str) -> dict[int, str]:
    texts = {int(line["number"]): line["text"].strip() for line in _PANEL_LINE.finditer(override)}
    return {number: "" if text == _FREE else text for number, text in texts.items()}


def _words_by_part(request: SequenceRequest) -> dict[int, str]:
    """What a part does not share with all others, so that an unchanged override gives the panels' own words again."""
    parts = _paragraphs_by_part(request)
    shared = _shared(parts)
    own = [[paragraph for paragraph in part if paragraph not in shared] for part in parts]
    return {number: _joined(*part) for number, part in enumerate(own if any(own) else parts, 1)}


def _paragraphs_by_part(request: SequenceRequest) -> list[list[str]]:
    return [_paragraphs(request, part) for part in _parts(request.prompt_override or "", whole=False)]


def _shared(parts: list[list[str]]) -> list[str]:
    return [paragraph for paragraph in parts[0] if all(paragraph in part for part in parts)] if parts else []


def _paragraphs(request: SequenceRequest, text: str) -> list[str]:
    for sentence in _our_sentences(request):
        text = text.replace(sentence, "\n\n")
    return [paragraph.strip() for paragraph in _BLANK_LINES.split(text) if paragraph.strip()]


def _our_sentences(request: SequenceRequest) -> list[str]:
    alike = [sentence.format(changing) for sentence in (_ALIKE, _ALIKE_AS_REFERENCE) for changing in _CHANGING]
    many = [_MANY.format(number) for number in _NUMBERS]
    return [sentence for sentence in (_ONE, *many, *alike, _purposes(request)) if sentence]


_NUMBERING = re.compile(
    r"""
    (?: [-*•·‣▪◦–—+](?:\s++|$) )?                         # a bullet
    (?: (?:\*\*)?                                        # bold, as chat programs write it
        (?: (?:panel|image|picture|photo|frame|shot|scene|slide)\s*+\#?\d{1,2}(?:\*\*)?\s*+
              (?: [:.)：）](?!\d) | (?<=\s)-\s | [–—] | $ )
          | \#\d{1,2}[:.)]?\s
          | [(（\[]\d{1,2}[)）\]]
          | \d{1,2}\s?(?: [.．]\)?(?=\s|$|[^\W\d]) | [)）:：、](?!\d) | (?<=\s)[-–—]\s(?!\d) )
          | 第[\d一二三四五六七八九十]{1,3}[张張幅格页頁个個帧幕](?:图片|图|画面)?\s*+(?: [:：、，,.—–-] | (?<=\s) | $ )
        )
        (?:\*\*)?
    )?""",
    re.IGNORECASE | re.VERBOSE,
)


def panels_from_lines(text: str) -> tuple[str, ...]:
    """The panels in pasted lines, without numbering and bullets ("2) …", "Panel 3 — …", "• …"); blank lines are dropped.

    A number that belongs to what is said stays: "45 years old", "2 models laughing", "16:9 crop".
    """
    texts = (_unnumbered(line.strip()) for line in text.splitlines())
    return tuple(text for text in texts if text)


def _unnumbered(line: str) -> str:
    return _NUMBERING.sub("", line, count=1).strip() if _NUMBERING.match(line) else line
