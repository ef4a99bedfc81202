"""`/quote` and `/compile_prompt`: what a set would cost and what would be sent, before anything is."""

from typing import Any

import pytest

from tests.api.programs import Api, Refused


class TestAQuote:
    @pytest.mark.parametrize(
        ("asked", "total", "each", "batch"),
        [
            ({"count": 4}, 0, 0, 53),
            ({"count": 1, "pro": True}, 0, 0, 14),
            ({"platform": "wavespeed", "count": 4}, 0.108, 0.027, 53),
            ({"platform": "wavespeed", "model": "seedream-v4.5", "count": 3, "pro": True}, 0.12, 0.04, 42),
            ({"platform": "wavespeed", "model": "seedream-v5.0-lite", "count": 15, "size": "4K"}, 0.525, 0.035, None),
        ],
    )
    def test_says_what_a_set_would_cost(
        self, api: Api, asked: dict[str, Any], total: float, each: float, batch: int | None
    ) -> None:
        (price,) = api.call("quote", prompt="a fox", **asked)
        assert (price["total_usd"], price["per_image_usd"], price["credits"]) == (total, each, batch)

    def test_says_who_is_charged_for_what_and_what_it_cannot_know(self, api: Api) -> None:
        (price,) = api.call("quote", platform="wavespeed", reference_count=3)
        assert price.keys() == {"total_usd", "per_image_usd", "credits", "charged_by", "source", "unknowns"}
        assert price["charged_by"] == "requested"
        assert "price list" in price["source"]
        assert "refunds" in price["unknowns"][0]

    def test_needs_no_words(self, api: Api) -> None:
        assert api.call("quote")[0]["charged_by"] == "nothing"

    @pytest.mark.parametrize(
        ("asked", "words"),
        [
            ({"count": 0}, "Count cannot be 0; it goes from 1 to 15."),
            ({"reference_count": 11}, "There are 11 reference images; no model here takes more than 10."),
            ({"reference_count": "2"}, "Reference count has to be a whole number, 0 or more."),
            ({"reference_count": -1}, "Reference count has to be a whole number, 0 or more."),
            ({"platform": "midjourney"}, "There is no platform “midjourney” here. There is sketch, wavespeed."),
            ({"size": "64*64"}, "64×64 is outside what Sketch preview takes: each side from 256 to 4096 px."),
            (
                {"platform": "wavespeed", "reference_count": 10, "count": 6},
                "Seedream 4.0 takes references and images up to 15 together. With 10 references it makes up to 5 images.",
            ),
        ],
    )
    def test_is_refused_for_what_could_not_be_made(self, api: Api, asked: dict[str, Any], words: str) -> None:
        with pytest.raises(Refused) as refused:
            api.call("quote", prompt="a fox", **asked)
        assert str(refused.value) == words


class TestACompiledPrompt:
    def test_is_what_a_run_sends_word_for_word(self, api: Api) -> None:
        asked: dict[str, Any] = {"prompt": "a fox", "panels": ["by day", "by night"], "count": 2}
        assert api.call("compile_prompt", **asked) == [api.generate(**asked)[1]["prompt_sent"]]

    def test_tells_what_the_references_are(self, api: Api) -> None:
        (text,) = api.call("compile_prompt", prompt="a set", reference_count=2, options={"labels": ["the shoe", "the wall"]})
        assert "Image 1 is the shoe; image 2 is the wall." in text

    def test_has_a_part_for_each_image_without_sequence(self, api: Api) -> None:
        (text,) = api.call("compile_prompt", prompt="a fox", sequence=False, count=3)
        assert len(text.split("\n\n---\n\n")) == 3
