"""What the form shows about a draft follows from the catalogue: limits, sizes, price, button, and what stands in the way."""

import json
from typing import Any

import pytest
from hypothesis import given

from seedream_ui.request import SequenceRequest
from seedream_ui.secret import Secret
from seedream_ui.ui.draft import draft_of
from seedream_ui.ui.view import describe, money
from tests.test_request import requests

FOX: dict[str, Any] = {"prompt": "a fox", "count": 4, "platform": "sketch", "model": ""}
WAVESPEED = FOX | {"platform": "wavespeed"}
V45 = WAVESPEED | {"model": "seedream-v4.5"}


@given(requests())
def test_any_draft_is_described(request_: SequenceRequest) -> None:
    shown = describe(draft_of(request_))
    assert shown["button"]["ready"] == (not shown["problems"] and request_.platform == "sketch")


class TestSketch:
    def test_is_free_and_ready(self) -> None:
        shown = describe(FOX)
        assert shown["button"] == {
            "what": "Make 4 images",
            "label": "Make 4 images · free",
            "ready": True,
            "note": None,
            "instead": None,
        }
        assert shown["quote"]["line"] == "Free, drawn on this machine."
        assert shown["limits"] == {"references": 10, "outputs": 15}
        assert shown["seed"]

    def test_says_what_is_missing(self) -> None:
        shown = describe(FOX | {"prompt": ""})
        assert shown["problems"] == [
            {"field": "prompt", "message": "There is nothing to draw yet. Write a prompt, or at least one panel."}
        ]
        assert not shown["button"]["ready"]

    def test_says_that_seq_has_no_effect_on_one_image(self) -> None:
        assert describe(FOX | {"count": 1})["hints"] == ["With one image, Seq has no effect."]
        assert describe(FOX)["hints"] == []

    def test_says_at_a_panel_what_is_wrong_with_it_and_shows_no_older_prompt(self) -> None:
        shown = describe(FOX | {"panels": [{"text": "x" * 5000}]})
        assert shown["problems"] == [
            {"field": "panels.0", "message": "The text of panel 1 is 5,000 characters long; the limit is 2,000."}
        ]
        assert shown["prompt"] == ""

    @pytest.mark.parametrize("wrong", [{"count": 16}, {"platform": "midjourney"}, {"model": "dall-e"}])
    def test_blocks_the_button_with_the_reason(self, wrong: dict[str, Any]) -> None:
        shown = describe(FOX | wrong)
        assert not shown["button"]["ready"]
        assert shown["button"]["note"] == shown["problems"][0]["message"]


class TestAPlatformWithoutAKey:
    def test_quotes_and_compiles_asks_for_one_and_offers_sketch(self) -> None:
        shown = describe(WAVESPEED)
        assert shown["button"]["label"] == "Make 4 images · $0.108"
        assert shown["button"]["note"] == "WaveSpeedAI needs a key: paste yours above, or draw previews."
        assert shown["key"] == {"state": "missing", "title": "WaveSpeedAI", "ends": None}
        assert shown["button"]["instead"] == "Make 4 images with Sketch · free"
        assert not shown["button"]["ready"]
        assert shown["quote"]["line"] == "4 × $0.027 = $0.108"
        assert "a series of four separate images" in shown["prompt"]

    def test_is_ready_with_the_visitors_own_and_shows_its_end_alone(self) -> None:
        shown = describe(WAVESPEED, Secret("wsk-very-secret-1234"))
        assert shown["button"]["ready"]
        assert shown["key"]["ends"] == "1234"
        assert "very-secret" not in json.dumps(shown)

    def test_has_models_with_their_prices(self) -> None:
        assert [(model["name"], model["price"]) for model in describe(WAVESPEED)["models"]] == [
            ("seedream-v4", "$0.027 each"),
            ("seedream-v4.5", "$0.04 each"),
            ("seedream-v5.0-lite", "$0.035 each"),
        ]


class TestSizes:
    def test_that_the_model_refuses_are_shown_with_the_reason(self) -> None:
        reasons = {size["label"]: size["reason"] for size in describe(V45)["recommended"]}
        assert reasons["2 MP, exact"] == "1448×1448 is too small for Seedream 4.5: at least 3,686,400 pixels, such as 2560×1440."
        assert all(size["reason"] is None for size in describe(FOX)["recommended"])

    def test_follow_ratio_and_tier(self) -> None:
        shown = describe(FOX | {"size": {"kind": "tier", "tier": "2K", "aspect_ratio": "16:9"}})
        assert shown["size"] == {"width": 2848, "height": 1600}
        assert [tier["size"] for tier in shown["tiers"]] == ["2848 × 1600", "4096 × 2304", "4096 × 2304"]

    def test_an_exact_one_keeps_the_nearest_ratio_for_what_comes_after(self) -> None:
        shown = describe(FOX | {"size": {"kind": "exact", "width": 1600, "height": 901}})
        assert shown["ratio"] == "16:9"
        assert shown["tiers"][0]["size"] == "2848 × 1600"

    def test_as_the_reference_needs_one(self) -> None:
        (as_reference,) = [ratio for ratio in describe(FOX)["ratios"] if ratio["value"] == "reference"]
        assert as_reference["reason"] == "Needs a reference image."


class TestClassic:
    def test_narrows_the_form_and_quotes_in_credits(self) -> None:
        shown = describe(WAVESPEED | {"preset": "classic"})
        assert shown["limits"] == {"references": 5, "outputs": 4}
        assert [ratio["value"] for ratio in shown["ratios"]] == ["1:1", "4:3", "16:9", "9:16"]
        assert [tier["label"] for tier in shown["tiers"]] == ["Standard 2K", "Pro 3K"]
        assert shown["quote"]["credits_line"] == "53 Daisy credits, 3 fewer than singly (5%)"


def test_a_number_that_is_not_the_count_is_told_with_its_fix() -> None:
    (conflict,) = describe(FOX | {"prompt": "three images of a fox"})["conflicts"]
    assert (conflict["field"], conflict["found"], conflict["fixed"]) == ("prompt", 3, "four images of a fox")


@pytest.mark.parametrize(("amount", "shown"), [("0.108", "$0.108"), ("0.1", "$0.10"), ("12", "$12.00"), ("0.0275", "$0.0275")])
def test_money_has_two_decimals_at_least(amount: str, shown: str) -> None:
    assert money(float(amount)) == shown
