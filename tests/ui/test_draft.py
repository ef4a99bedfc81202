"""The form's draft and the request it stands for."""

from typing import Any

import pytest
from hypothesis import given

from seedream_ui.errors import RequestRefused
from seedream_ui.request import SequenceRequest
from seedream_ui.ui.draft import draft_of, request_of
from tests.test_request import requests

ROWS = [
    {"text": "in spring"},
    {"text": ""},
    {"text": "in autumn", "caption": "Autumn"},
    {"text": ""},
    {"text": "never asked for"},
]


def test_rows_beyond_the_count_stay_in_the_draft_and_out_of_the_request() -> None:
    request = request_of({"prompt": "a fox", "panels": ROWS, "count": 4})
    assert [panel.text for panel in request.panels] == ["in spring", "", "in autumn"]


def test_what_the_model_does_not_honour_stays_behind() -> None:
    draft = {"prompt": "a fox", "seed": 7, "options": {"output_format": "png"}}
    assert (request_of(draft | {"platform": "sketch"}).seed, request_of(draft | {"platform": "sketch"}).options) == (7, ())
    lite = request_of(draft | {"platform": "wavespeed", "model": "seedream-v5.0-lite"})
    assert (lite.seed, lite.options) == (None, (("output_format", "png"),))


def test_thumbnails_and_the_like_never_reach_the_request() -> None:
    reference = {"sha256": "0" * 64, "media_type": "image/png", "width": 8, "height": 8, "label": "", "thumb": "data:…"}
    assert request_of({"prompt": "a fox", "references": [reference]}).references[0].sha256 == "0" * 64


@given(requests())
def test_a_request_comes_back_from_its_draft(request_: SequenceRequest) -> None:
    again = request_of(draft_of(request_))
    trailing = {"panels": again.panels, "seed": again.seed}
    assert again == request_.model_copy(update=trailing)
    assert request_.panels[: len(again.panels)] == again.panels
    assert not any(panel.text or panel.caption for panel in request_.panels[len(again.panels) :])


def test_classic_controls_stay_where_they_could_ask_for_the_request() -> None:
    fits, too_many = SequenceRequest(prompt="a fox"), SequenceRequest(prompt="a fox", count=5)
    assert [draft_of(request, "classic")["preset"] for request in (fits, too_many)] == ["classic", ""]
    assert draft_of(fits)["preset"] == ""


def test_a_row_that_makes_no_sense_is_read_as_empty() -> None:
    assert request_of({"prompt": "a fox", "panels": [7, None]}).panels == ()


@pytest.mark.parametrize("wrong", [{"count": "3"}, {"count": None}, {"count": -1}, {"references": [7]}, {"size": 7}])
def test_a_draft_that_makes_no_sense_is_refused_in_words(wrong: dict[str, Any]) -> None:
    with pytest.raises(RequestRefused, match=f"(?i)^({next(iter(wrong))}|the .* of reference 1)"):
        request_of({"prompt": "a fox"} | wrong)
