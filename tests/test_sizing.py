"""Every size that is sent is one that the model takes, and as near to what was asked for as its rule allows."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from seedream_ui.catalog import Model, catalog
from seedream_ui.errors import RequestRefused
from seedream_ui.request import ASPECT_RATIOS, ExactSize, Reference, SequenceRequest, TierSize
from seedream_ui.sizing import dimensions, size_problem, tier_dimensions

MODELS = {f"{platform.name} {model.name}": model for platform in catalog().platform for model in platform.model}
NAMED_RATIOS = [ratio for ratio in ASPECT_RATIOS if ratio != "reference"]
EVERY = [
    pytest.param(model, tier, ratio, id=f"{name} {tier} {ratio}")
    for name, model in MODELS.items()
    for tier in model.tiers
    for ratio in NAMED_RATIOS
]
V4 = MODELS["wavespeed seedream-v4"]


def wanted(ratio: str) -> float:
    wide, high = map(int, ratio.split(":"))
    return wide / high


@pytest.mark.parametrize(("model", "tier", "ratio"), EVERY)
class TestATier:
    def test_gives_a_legal_size_of_the_ratio(self, model: Model, tier: str, ratio: str) -> None:
        width, height = tier_dimensions(model, TierSize.model_validate({"tier": tier, "aspect_ratio": ratio}))
        assert size_problem(model, width, height) is None
        assert width / height == pytest.approx(wanted(ratio), rel=0.02)  # the presets themselves are up to 1.8 % off

    def test_is_the_preset_where_the_model_takes_it(self, model: Model, tier: str, ratio: str) -> None:
        preset = catalog().tiers[tier][ratio]  # type: ignore[index]
        if size_problem(model, *preset) is None:
            assert tier_dimensions(model, TierSize.model_validate({"tier": tier, "aspect_ratio": ratio})) == preset


class TestTheRatioOfAReference:
    @given(st.sampled_from(sorted(MODELS)), st.sampled_from(["2K", "3K", "4K"]), st.integers(1, 65_500), st.integers(1, 65_500))
    @example("wavespeed seedream-v4.5", "2K", 65_500, 1)
    @example("wavespeed seedream-v4", "4K", 1, 65_500)
    def test_gives_a_legal_size_whatever_it_is(self, name: str, tier: str, width: int, height: int) -> None:
        model = MODELS[name]
        size = TierSize.model_validate({"tier": tier, "aspect_ratio": "reference"})
        wide, high = tier_dimensions(model, size, (width, height))
        assert size_problem(model, wide, high) is None
        assert (wide >= high) == (width >= height) or wide == high

    @given(st.sampled_from(sorted(MODELS)), st.sampled_from(["2K", "3K", "4K"]), st.floats(1 / 3, 3))
    def test_is_kept_within_rounding_where_the_rule_allows_it(self, name: str, tier: str, ratio: float) -> None:
        reference = (round(3000 * ratio), 3000)
        size = TierSize.model_validate({"tier": tier, "aspect_ratio": "reference"})
        wide, high = tier_dimensions(MODELS[name], size, reference)
        assert wide / high == pytest.approx(reference[0] / reference[1], rel=8 / wide + 8 / high)

    @pytest.mark.parametrize("tier", ["2K", "3K", "4K"])
    def test_keeps_the_pixels_of_the_tier(self, tier: str) -> None:
        size = TierSize.model_validate({"tier": tier, "aspect_ratio": "reference"})
        width, height = tier_dimensions(MODELS["wavespeed seedream-v4.5"], size, (1200, 1000))
        square = catalog().tiers[tier]["1:1"]  # type: ignore[index]
        assert width * height == pytest.approx(square[0] * square[1], rel=0.02)

    def test_is_that_of_the_first(self) -> None:
        wide, high = (
            Reference(sha256="0" * 64, media_type="image/png", width=width, height=height)
            for width, height in ((2000, 1000), (9, 900))
        )
        width, height = dimensions(SequenceRequest(references=(wide, high), size=TierSize(aspect_ratio="reference")))
        assert width / height == pytest.approx(2, rel=0.01)

    def test_needs_a_reference(self) -> None:
        with pytest.raises(RequestRefused, match="needs a reference image") as refused:
            dimensions(SequenceRequest(size=TierSize(aspect_ratio="reference")))
        assert refused.value.field == "aspect_ratio"


class TestAnExactSize:
    @given(st.sampled_from(sorted(MODELS)), st.integers(1, 9000), st.integers(1, 9000))
    def test_is_taken_as_it_is_or_refused_by_the_models_rule(self, name: str, width: int, height: int) -> None:
        platform, model = name.split()
        request = SequenceRequest(platform=platform, model=model, size=ExactSize(width=width, height=height))
        problem = size_problem(MODELS[name], width, height)
        if problem is None:
            assert dimensions(request) == (width, height)
        else:
            with pytest.raises(RequestRefused) as refused:
                dimensions(request)
            assert (refused.value.field, str(refused.value)) == ("size", problem)

    @pytest.mark.parametrize(
        ("name", "width", "height", "words"),
        [
            ("sketch sketch", 255, 512, "255×512 is outside what Sketch preview takes: each side from 256 to 4096 px."),
            ("wavespeed seedream-v4", 2212, 948, "2212×948 is outside what Seedream 4.0 takes: each side from 1024 to 4096 px."),
            (
                "wavespeed seedream-v4.5",
                1448,
                1448,
                "1448×1448 is too small for Seedream 4.5: at least 3,686,400 pixels, such as 2560×1440.",
            ),
            (
                "wavespeed seedream-v5.0-lite",
                8192,
                4096,
                "8192×4096 is too large for Seedream 5.0 Lite: at most 16,777,216 pixels, such as 4096×4096.",
            ),
        ],
    )
    def test_is_refused_with_the_limit(self, name: str, width: int, height: int, words: str) -> None:
        assert size_problem(MODELS[name], width, height) == words

    def test_may_be_very_wide_but_not_wider_than_the_rule(self) -> None:
        wide = V4.model_copy(update={"side": (64, 16_384), "pixels": (64, 10**9)})
        assert size_problem(wide, 1600, 100) is None
        assert size_problem(wide, 1601, 100) == "1601×100 is too narrow for Seedream 4.0: at most 16:1."


def test_the_2_megapixel_sizes_are_too_small_for_4_5() -> None:
    for ratio in ("1:1", "3:2", "4:3", "16:9", "21:9"):
        sizes = [size for size in catalog().recommended_for(ratio) if size.label.startswith("2 MP")]
        assert all(
            "too small" in (size_problem(MODELS["wavespeed seedream-v4.5"], size.width, size.height) or "") for size in sizes
        )
