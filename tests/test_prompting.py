"""What is sent is what was typed, with the count locked; and it can be read back."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seedream_ui.counting import count_conflicts
from seedream_ui.errors import RequestRefused
from seedream_ui.prompting import SEPARATOR, compile_prompts, context_words, panel_words, panels_from_lines, prompt_text
from seedream_ui.request import Panel, Reference, SequenceRequest

NUMBERS = [
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve", "thirteen", "fourteen", "fifteen",
]  # fmt: skip


def reference(label: str = "") -> Reference:
    return Reference(sha256="0" * 64, media_type="image/png", width=8, height=8, label=label)


def request(prompt: str = "", *panels: str, **more: object) -> SequenceRequest:
    return SequenceRequest.model_validate({"prompt": prompt, "panels": tuple(Panel(text=text) for text in panels)} | more)


def edited(asked: SequenceRequest, text: str) -> SequenceRequest:
    return asked.model_copy(update={"prompt_override": text})


SHOE = request("A shoe on a plain background.", "in red", "", "in green", references=(reference("the shoe"),))
APART = SHOE.model_copy(update={"sequence": False})


class TestASequence:
    def test_is_one_prompt_from_the_count_down_to_the_panels(self) -> None:
        assert compile_prompts(SHOE) == (
            "Generate a series of four separate images, each one complete picture on its own; "
            "never a collage, grid, split screen or contact sheet.\n\n"
            "A shoe on a plain background.\n\n"
            "Image 1 is the shoe.\n\n"
            "Apart from what a panel says, keep the people and objects of the reference images the same in every image, in "
            "identity, shape and detail, and keep one colour palette, lighting, composition and style throughout.\n\n"
            "Panel 1 — in red\n"
            "Panel 2 — continues the set freely, in keeping with the other panels.\n"
            "Panel 3 — in green\n"
            "Panel 4 — continues the set freely, in keeping with the other panels.",
        )

    @pytest.mark.parametrize("count", range(2, 16))
    def test_states_the_count_in_words_and_states_no_other(self, count: int) -> None:
        (prompt,) = compile_prompts(request("a fox", count=count))
        assert f"a series of {NUMBERS[count - 1]} separate images" in prompt
        assert count_conflicts(prompt, count) == ()
        assert count_conflicts(prompt, count + 1) != ()

    def test_has_no_panel_lines_where_no_panel_says_anything(self) -> None:
        (prompt,) = compile_prompts(request("a fox", "", " "))
        assert "panel" not in prompt.lower()
        assert "Apart from what is asked for above" in prompt

    def test_asks_for_one_identity_with_and_without_references(self) -> None:
        (without,) = compile_prompts(request("a fox"))
        (with_one,) = compile_prompts(request("a fox", references=(reference(),)))
        assert "all images share the same subject" in without
        assert "the reference images the same in every image" in with_one

    def test_says_what_each_labelled_reference_is(self) -> None:
        asked = request("a fox", references=(reference("the fox"), reference(), reference("the forest.")))
        assert "\n\nImage 1 is the fox; image 3 is the forest.\n\n" in prompt_text(asked)

    def test_of_one_is_a_single_image_prompt(self) -> None:
        (prompt,) = compile_prompts(request("a fox", "asleep", count=1))
        assert prompt == compile_prompts(request("a fox", "asleep", count=1, sequence=False))[0]
        assert prompt.startswith("Generate one single image:")


class TestWithoutSequence:
    def test_each_image_gets_its_own_prompt(self) -> None:
        prompts = compile_prompts(APART)
        assert len(prompts) == 4
        assert prompts[0] == (
            "Generate one single image: a complete picture on its own, never a collage, grid, split screen or contact sheet.\n\n"
            "A shoe on a plain background.\n\nin red\n\nImage 1 is the shoe."
        )
        assert "in green" not in prompts[0]
        assert "in green" in prompts[2]

    def test_a_line_of_dashes_in_the_words_does_not_part_them(self) -> None:
        asked = request("a fox\n---\nin snow", count=2, sequence=False)
        assert "a fox\n———\nin snow" in compile_prompts(asked)[0]
        assert compile_prompts(edited(asked, prompt_text(asked))) == compile_prompts(asked)


class TestAnEditedPrompt:
    def test_is_sent_as_it_is(self) -> None:
        assert compile_prompts(edited(SHOE, "  just this\n---\nand this \n")) == ("just this\n---\nand this",)

    def test_is_parted_at_lines_of_dashes_without_sequence(self) -> None:
        asked = edited(request("", count=3, sequence=False), "a fox\n---\n\na hare\r\n -----  \r\nan owl -- at night\n---\n")
        assert compile_prompts(asked) == ("a fox", "a hare", "an owl -- at night")

    @pytest.mark.parametrize(("text", "has"), [("a fox", "1 part for 4 images"), ("a\n---\nb", "2 parts for 4 images")])
    def test_is_refused_where_its_parts_are_not_the_count(self, text: str, has: str) -> None:
        with pytest.raises(RequestRefused, match=f"has {has}.*three dashes") as refused:
            compile_prompts(edited(APART, text))
        assert refused.value.field == "prompt_override"

    @pytest.mark.parametrize("asked", [SHOE, APART])
    def test_is_refused_where_it_is_empty(self, asked: SequenceRequest) -> None:
        with pytest.raises(RequestRefused, match="empty"):
            compile_prompts(edited(asked, " \n"))

    @pytest.mark.parametrize("asked", [SHOE, APART])
    def test_that_was_not_changed_says_the_same(self, asked: SequenceRequest) -> None:
        same = edited(asked, prompt_text(asked))
        assert panel_words(same) == panel_words(asked) == ("in red", "", "in green", "")
        assert context_words(same) == context_words(asked) == "A shoe on a plain background."


class TestTheWordsOfEachImage:
    def test_come_from_the_panel_lines_of_an_edited_sequence(self) -> None:
        text = "A fox.\n\nPanel 1: asleep\n  curled up\npanel 3 - running\n\nBlue hour.\nPanel 9 — x"
        asked = edited(request("ignored", count=3), text)
        assert panel_words(asked) == ("asleep\n  curled up", "", "running")
        assert context_words(asked) == "A fox.\n\nBlue hour."

    def test_come_from_the_parts_without_sequence(self) -> None:
        asked = edited(request("ignored", count=2, sequence=False), "a red fox\n---\na blue fox")
        assert panel_words(asked) == ("a red fox", "a blue fox")
        assert context_words(asked) == ""

    def test_are_all_there_is_where_all_parts_are_alike(self) -> None:
        asked = edited(request("ignored", count=2, sequence=False), "a fox\n---\na fox")
        assert panel_words(asked) == ("a fox", "a fox")
        assert context_words(asked) == "a fox"

    def test_are_as_many_as_the_count_even_while_the_parts_are_not(self) -> None:
        assert panel_words(edited(APART, "a fox\n---\na hare")) == ("a fox", "a hare", "", "")
        assert panel_words(edited(APART, "")) == ("", "", "", "")


PASTED = [
    ("1. a fox", "a fox"),
    ("1.a fox", "a fox"),
    ("2) a fox", "a fox"),
    ("(2) a fox", "a fox"),
    ("[2] a fox", "a fox"),
    ("3: a fox", "a fox"),
    ("3 - a fox", "a fox"),
    ("3 — a fox", "a fox"),
    ("#3 a fox", "a fox"),
    ("12. a fox", "a fox"),
    ("１．a fox", "a fox"),
    ("Panel 3 — a fox", "a fox"),
    ("panel 3: a fox", "a fox"),
    ("PANEL 3. a fox", "a fox"),
    ("**Panel 3:** a fox", "a fox"),
    ("**Panel 3** — a fox", "a fox"),
    ("Image 2: a fox", "a fox"),
    ("Shot 4 - a fox", "a fox"),
    ("- a fox", "a fox"),
    ("* a fox", "a fox"),
    ("• a fox", "a fox"),
    ("- 2. a fox", "a fox"),
    ("第1张：a fox", "a fox"),
    ("第三张图，a fox", "a fox"),
    ("1. 2 models laughing", "2 models laughing"),
    ("45 years old", "45 years old"),
    ("2 models laughing", "2 models laughing"),
    ("1980s street", "1980s street"),
    ("1980. A street", "1980. A street"),
    ("16:9 crop", "16:9 crop"),
    ("10:30, the train leaves", "10:30, the train leaves"),
    ("1.5 litres of milk", "1.5 litres of milk"),
    ("2–3 people", "2–3 people"),
    ("7-Eleven at night", "7-Eleven at night"),
    ("-5 degrees, snow", "-5 degrees, snow"),
    ("2D drawing", "2D drawing"),
    ("3/4 view", "3/4 view"),
    ("Image 2 on a billboard", "Image 2 on a billboard"),
    ("Panel discussion", "Panel discussion"),
    ("*whispers* come", "*whispers* come"),
    ("第一张 雪", "雪"),
    ("第一次下雪", "第一次下雪"),
]


@pytest.mark.parametrize(("line", "panel"), PASTED)
def test_a_pasted_line_loses_its_numbering_and_keeps_its_numbers(line: str, panel: str) -> None:
    assert panels_from_lines(f"  {line}  ") == (panel,)


def test_pasted_lines_that_say_nothing_are_dropped() -> None:
    assert panels_from_lines("Panel 1\na fox\n\n  \n2.\n- \r\nan owl\n") == ("a fox", "an owl")
    assert panels_from_lines("") == ()


@pytest.mark.parametrize("piece", ["panel 1" + " " * 100_000 + "x", "- " * 50_000, "*" * 100_000, "第" * 100_000, "1" * 100_000])
def test_a_hundred_thousand_pasted_characters_are_read_at_once(piece: str) -> None:
    panels_from_lines(piece)


words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=80) | st.text(
    "-—\n\r \x0bPanel 12:", max_size=40
)
requests = st.integers(1, 15).flatmap(
    lambda count: st.builds(
        request,
        words,
        count=st.just(count),
        sequence=st.booleans(),
        panels=st.lists(st.builds(Panel, text=words), max_size=count).map(tuple),
        references=st.lists(st.builds(reference, words), max_size=4).map(tuple),
    )
)


def dashes_apart(text: str, asked: SequenceRequest) -> str:
    """The text as it is sent: its lines of dashes are redrawn where they would part it."""
    if asked.sequence:
        return text.strip()
    lines = text.strip().split("\n")
    return "\n".join(line.replace("-", "—") if re.fullmatch("-{3,}", line.strip()) else line for line in lines)


@given(requests)
def test_there_are_as_many_prompts_as_calls(asked: SequenceRequest) -> None:
    assert len(compile_prompts(asked)) == (1 if asked.sequence else asked.count)
    assert all(prompt == prompt.strip() for prompt in compile_prompts(asked))


@given(requests)
def test_the_count_is_stated(asked: SequenceRequest) -> None:
    number = f"series of {NUMBERS[asked.count - 1]} separate images" if asked.sequence and asked.count > 1 else "one single image"
    assert all(number in prompt for prompt in compile_prompts(asked))


@given(requests)
def test_every_word_appears_as_it_was_typed(asked: SequenceRequest) -> None:
    prompts = compile_prompts(asked) if not asked.sequence else compile_prompts(asked) * asked.count
    assert all(dashes_apart(asked.prompt, asked) in prompt for prompt in prompts)
    assert all(dashes_apart(panel.text, asked) in prompt for panel, prompt in zip(asked.panels, prompts, strict=False))


@given(requests)
def test_the_text_shown_compiles_to_the_prompts_it_shows(asked: SequenceRequest) -> None:
    assert compile_prompts(edited(asked, prompt_text(asked))) == compile_prompts(asked)
    assert asked.sequence or tuple(prompt_text(asked).split(SEPARATOR)) == compile_prompts(asked)


@given(requests, words)
def test_every_image_has_words_whatever_was_typed(asked: SequenceRequest, text: str) -> None:
    for either in (asked, edited(asked, text)):
        assert len(panel_words(either)) == asked.count
        assert isinstance(context_words(either), str)


@given(st.text())
def test_any_text_can_be_pasted(text: str) -> None:
    assert all(panel == panel.strip() != "" for panel in panels_from_lines(text))
