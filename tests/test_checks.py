"""What cannot be sent is refused here, before any money, in a sentence that names the limit."""

import pytest
from hypothesis import given

from seedream_ui.catalog import model_of
from seedream_ui.checks import check, problems
from seedream_ui.errors import RequestRefused
from seedream_ui.request import ExactSize, Panel, SequenceRequest
from seedream_ui.sizing import dimensions
from tests.test_request import requests


def with_references(number: int, **more: object) -> SequenceRequest:
    plain = {"media_type": "image/png", "width": 8, "height": 8}
    references = [{"sha256": f"{i:064x}"} | plain for i in range(number)]
    return SequenceRequest.model_validate({"prompt": "a fox", "references": references} | more)


WAVESPEED = {"platform": "wavespeed"}
LITE = {"platform": "wavespeed", "model": "seedream-v5.0-lite"}

REFUSED = [
    (SequenceRequest(), "prompt", "There is nothing to draw yet. Write a prompt, or at least one panel."),
    (SequenceRequest(prompt=" \n"), "prompt", "There is nothing to draw yet. Write a prompt, or at least one panel."),
    (with_references(11), "references", "Sketch preview takes up to 10 reference images; there are 11."),
    (
        with_references(8, count=8, **WAVESPEED),
        "count",
        "Seedream 4.0 takes references and images up to 15 together. With 8 references it makes up to 7 images.",
    ),
    (with_references(0, seed=5, **WAVESPEED), "seed", "Seedream 4.0 takes no seed on this platform. Leave it out."),
    (with_references(0, options={"steps": 9}), "options", "Sketch preview has no option “steps”. It has none."),
    (
        with_references(0, options={"steps": 9}, **LITE),
        "options",
        "Seedream 5.0 Lite has no option “steps”. It has output_format, enable_base64_output, enable_sync_mode.",
    ),
    (
        with_references(0, options={"output_format": "gif"}, **LITE),
        "options",
        "File format cannot be “gif”; it is one of jpeg, png.",
    ),
    (
        with_references(0, size=ExactSize(width=100, height=100)),
        "size",
        "100×100 is outside what Sketch preview takes: each side from 256 to 4096 px.",
    ),
    (
        with_references(0, sequence=False, prompt_override="only one"),
        "prompt_override",
        "The edited prompt has 1 part for 4 images. "
        "Without Seq each image needs its own part, with a line of three dashes (---) between them.",
    ),
    (with_references(0, prompt_override=" "), "prompt_override", "The edited prompt is empty. Write one, or reset it."),
    (with_references(0, model="dall-e"), "model", "Sketch has no model “dall-e” here. It has sketch."),
]


@pytest.mark.parametrize(("request_", "field", "words"), REFUSED)
def test_names_the_field_and_the_limit(request_: SequenceRequest, field: str, words: str) -> None:
    with pytest.raises(RequestRefused) as refused:
        check(request_)
    assert (refused.value.field, str(refused.value)) == (field, words)


@pytest.mark.parametrize(
    "fine",
    [
        SequenceRequest(prompt="a fox"),
        SequenceRequest(panels=(Panel(text="a fox"),)),
        SequenceRequest(prompt_override="a fox"),
        with_references(10, count=15),
        with_references(10, count=5, **WAVESPEED),
        with_references(0, options={"output_format": "png"}, **LITE),
        with_references(0, seed=0),
        SequenceRequest(prompt="🦊 שועל ثعلب " * 100),
    ],
)
def test_lets_through_what_the_model_takes(fine: SequenceRequest) -> None:
    assert problems(fine) == ()


def test_tells_all_that_is_wrong_most_basic_first() -> None:
    found = problems(SequenceRequest(platform="wavespeed", seed=1, size=ExactSize(width=9, height=9)))
    assert [problem.field for problem in found] == ["prompt", "seed", "size"]


@given(requests())
def test_what_passes_keeps_to_every_limit_of_the_model(request: SequenceRequest) -> None:
    if problems(request):
        return
    model = model_of(request)
    assert len(request.references) <= model.references
    assert request.count <= model.outputs
    assert len(request.references) + request.count <= (model.references_plus_outputs or 100)
    assert all(dimensions(request))
