"""Templates and examples are words that anyone may edit; these are the promises they have to keep."""

from collections import Counter

import pytest
from pydantic import ValidationError

from seedream_ui.counting import count_conflicts
from seedream_ui.prompting import compile_prompts
from seedream_ui.request import Reference, TierSize
from seedream_ui.templates import Template, load, parse

STORED = Reference(sha256="0" * 64, media_type="image/jpeg", width=640, height=480)
BY_NAME = {template.name: template for template in load()}

each = pytest.mark.parametrize("template", load(), ids=lambda template: template.name)


def _words(template: Template) -> str:
    return "\n".join([template.prompt, *(panel.text for panel in template.panels)])


def test_there_are_four_templates_and_ten_examples_and_the_first_is_the_shoe() -> None:
    assert Counter(template.kind for template in load()) == {"example": 10, "template": 4}
    assert load()[0].name == "colourways"
    assert load()[0].panels[0].caption == "Classic white"


@each
def test_each_fills_a_form_that_compiles(template: Template) -> None:
    request = template.request((STORED,) * len(template.references))
    assert len(compile_prompts(request)) == (1 if template.sequence else template.count)
    assert request.size == TierSize(tier="2K", aspect_ratio=template.aspect_ratio)
    assert [panel.caption for panel in request.panels] == [panel.caption for panel in template.panels]


@each
def test_none_states_another_number_than_its_count(template: Template) -> None:
    assert count_conflicts(_words(template), template.count) == ()


@each
def test_only_templates_have_slots_to_fill_in(template: Template) -> None:
    assert ("[" in _words(template)) == (template.kind == "template")


@each
def test_a_prompt_names_the_references_it_has_and_no_others(template: Template) -> None:
    for number in (1, 2, 3):
        assert (f"image {number}" in template.prompt) == (number <= len(template.references))
    assert template.aspect_ratio != "reference" or template.references


@each
def test_the_words_around_it_are_short(template: Template) -> None:
    assert all(len(panel.caption) <= 24 for panel in template.panels)
    assert template.summary.endswith(".")
    assert "!" not in template.title + template.summary + _words(template)


def test_references_get_the_labels_of_the_template() -> None:
    (reference,) = BY_NAME["colourways"].request((STORED,)).references
    assert reference == STORED.model_copy(update={"label": "the shoe"})


def test_without_stored_references_the_rest_is_filled_in() -> None:
    assert BY_NAME["colourways"].request(()).references == ()


def test_a_slip_in_the_file_is_refused_at_load() -> None:
    fox = {"name": "fox", "kind": "example", "title": "Fox", "summary": "A fox.", "prompt": "a fox", "count": 2,
           "sequence": True, "aspect_ratio": "1:1"}  # fmt: skip
    assert parse({"template": [fox]})[0].name == "fox"
    for slip in ({"aspect_ratio": "5:4"}, {"count": 16}, {"colour": "red"}, {"panels": [{"text": "one", "caption": "One"}]},
                 {"name": "The Fox"}, {"references": [{"file": "../secret.jpg"}]}):  # fmt: skip
        with pytest.raises(ValidationError):
            parse({"template": [fox | slip]})
    with pytest.raises(ValueError, match="used more than once: fox"):
        parse({"template": [fox, fox]})
