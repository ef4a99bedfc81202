"""The price is said before the press: per image, in total, and in Daisy's credits where its controls could ask for the same."""

from decimal import Decimal

import pytest
from hypothesis import given

from seedream_ui.pricing import quote
from seedream_ui.request import ExactSize, Reference, SequenceRequest, TierSize
from tests.test_request import requests

REFERENCE = Reference(sha256="0" * 64, media_type="image/png", width=8, height=8)


@pytest.mark.parametrize(
    ("model", "count", "each", "total"),
    [
        ("seedream-v4", 4, "0.027", "0.108"),
        ("seedream-v4", 15, "0.027", "0.405"),
        ("seedream-v4.5", 4, "0.04", "0.16"),
        ("seedream-v5.0-lite", 3, "0.035", "0.105"),
        ("", 1, "0.027", "0.027"),
    ],
)
def test_wavespeed_charges_for_each_image_that_is_asked_for(model: str, count: int, each: str, total: str) -> None:
    price = quote(SequenceRequest(platform="wavespeed", model=model, count=count))
    assert (price.per_image_usd, price.total_usd) == (Decimal(each), Decimal(total))
    assert price.charged_by == "requested"
    assert "refund" in price.unknowns[0]
    assert "price list" in price.source


def test_a_sketch_is_free_and_drawn_on_this_machine() -> None:
    price = quote(SequenceRequest(count=15))
    assert (price.total_usd, price.free, price.charged_by, price.unknowns) == (0, True, "nothing", ())
    assert price.source == "drawn on this machine"


@given(requests())
def test_the_total_is_exactly_the_price_of_an_image_times_their_number(request: SequenceRequest) -> None:
    price = quote(request)
    assert price.total_usd == price.per_image_usd * request.count


class TestDaisysCredits:
    @pytest.mark.parametrize("tier", ["2K", "3K"])
    @pytest.mark.parametrize(("count", "batch", "saved"), [(1, 14, 0), (2, 28, 0), (3, 42, 0), (4, 53, 3)])
    def test_are_14_28_42_53_for_both_tiers(self, tier: str, count: int, batch: int, saved: int) -> None:
        price = quote(SequenceRequest(count=count, size=TierSize.model_validate({"tier": tier})))
        assert (price.credits, price.credits_saved) == (batch, saved)

    @pytest.mark.parametrize(
        "beyond",
        [
            SequenceRequest(count=5),
            SequenceRequest(size=TierSize(tier="4K")),
            SequenceRequest(size=TierSize(aspect_ratio="3:2")),
            SequenceRequest(size=TierSize(aspect_ratio="reference"), references=(REFERENCE,)),
            SequenceRequest(size=ExactSize(width=2048, height=2048)),
            SequenceRequest(references=(REFERENCE,) * 6),
        ],
    )
    def test_are_not_said_for_what_daisy_could_not_be_asked(self, beyond: SequenceRequest) -> None:
        assert (quote(beyond).credits, quote(beyond).credits_saved) == (None, None)
