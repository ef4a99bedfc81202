"""The catalogue says what each model takes, what it costs, and where that is known from."""

from decimal import Decimal
from typing import ClassVar

import pytest
from pydantic import ValidationError

from seedream_ui.catalog import Catalog, Model, catalog, model_of, platform_of
from seedream_ui.errors import RequestRefused
from seedream_ui.request import SequenceRequest

MODELS = [pytest.param(model, id=f"{platform.name} {model.name}") for platform in catalog().platform for model in platform.model]
WAVESPEED = catalog().find("wavespeed")
assert WAVESPEED


@pytest.mark.parametrize("model", MODELS)
class TestEveryModel:
    def test_names_the_source_of_each_rule(self, model: Model) -> None:
        rules = {"limits"} if "limits" in model.sources else {"references", "outputs", "side", "pixels", "ratio", "seed"}
        assert rules | {"price"} <= model.sources.keys()
        assert all(source.strip() for source in model.sources.values())

    def test_has_a_source_for_each_of_its_options(self, model: Model) -> None:
        assert {option.name for option in model.options} <= model.sources.keys()
        assert all(option.default in option.choices for option in model.options)

    def test_can_make_at_least_one_size(self, model: Model) -> None:
        assert model.side[0] ** 2 <= model.pixels[1]
        assert model.side[1] ** 2 >= model.pixels[0]
        assert model.tiers

    def test_is_pinned(self, model: Model) -> None:
        assert model.pin.strip()


class TestSketch:
    def test_takes_ten_references_and_makes_fifteen_images_of_256_to_4096_pixels(self) -> None:
        sketch = model_of(SequenceRequest())
        assert (sketch.references, sketch.outputs, sketch.references_plus_outputs) == (10, 15, None)
        assert sketch.side == (256, 4096)

    def test_is_free_and_honours_the_seed(self) -> None:
        assert platform_of(SequenceRequest()).free
        assert (model_of(SequenceRequest()).price_usd, model_of(SequenceRequest()).seed) == (0, True)


class TestWaveSpeed:
    @pytest.mark.parametrize(
        ("name", "price", "fewest", "most"),
        [
            ("seedream-v4", "0.027", 1024 * 1024, 4096 * 4096),
            ("seedream-v4.5", "0.04", 2560 * 1440, 4096 * 4096),
            ("seedream-v5.0-lite", "0.035", 2560 * 1440, 4096 * 4096),
        ],
    )
    def test_has_seedream_in_four_variants(self, name: str, price: str, fewest: int, most: int) -> None:
        model = model_of(SequenceRequest(platform="wavespeed", model=name))
        base = f"bytedance/{name}"
        assert model.endpoints == {
            "single": base,
            "edit": f"{base}/edit",
            "group": f"{base}/sequential",
            "edit_group": f"{base}/edit-sequential",
        }
        assert (model.price_usd, model.charged_by, model.pixels) == (Decimal(price), "requested", (fewest, most))
        assert (model.references, model.outputs, model.references_plus_outputs) == (10, 15, 15)
        assert (model.group, model.seed) == (True, False)

    def test_means_seedream_v4_where_no_model_is_named(self) -> None:
        assert model_of(SequenceRequest(platform="wavespeed")).name == "seedream-v4"

    def test_writes_sizes_with_a_star(self) -> None:
        assert WAVESPEED.size_syntax == "W*H"

    def test_lets_only_5_0_lite_choose_the_file_format(self) -> None:
        assert {model.name for model in WAVESPEED.model if model.options} == {"seedream-v5.0-lite"}


class TestDaisy:
    def test_is_a_preset_with_its_own_ratios_tiers_limits_and_credits(self) -> None:
        (classic,) = catalog().preset
        assert classic.aspect_ratios == ("1:1", "4:3", "16:9", "9:16")
        assert classic.tiers == {"Standard": "2K", "Pro": "3K"}
        assert (classic.outputs, classic.references) == (4, 5)
        assert classic.credits == (14, 28, 42, 53)


class TestRecommendedSizes:
    TABLE: ClassVar = [
        ("1:1", [(1408, 1408), (1448, 1448), (1024, 1024), (320, 320), (323, 323)]),
        ("3:2", [(1773, 1182), (1728, 1152), (1254, 836), (1216, 832), (397, 264), (384, 256)]),
        ("4:3", [(1672, 1254), (1664, 1216), (1182, 887), (1152, 896), (374, 280), (448, 320)]),
        ("16:9", [(1936, 1089), (1920, 1088), (1365, 768), (1344, 768), (432, 243), (448, 256)]),
        ("21:9", [(2212, 948), (2176, 960), (1564, 670), (1536, 640), (495, 212), (576, 256)]),
    ]

    @pytest.mark.parametrize(("ratio", "sizes"), TABLE)
    def test_are_those_of_the_table(self, ratio: str, sizes: list[tuple[int, int]]) -> None:
        assert {(size.width, size.height) for size in catalog().recommended_for(ratio)} == set(sizes)

    @pytest.mark.parametrize(("lying", "upright"), [("4:3", "3:4"), ("16:9", "9:16"), ("3:2", "2:3")])
    def test_are_turned_for_upright_ratios(self, lying: str, upright: str) -> None:
        assert [(size.height, size.width) for size in catalog().recommended_for(lying)] == [
            (size.width, size.height) for size in catalog().recommended_for(upright)
        ]


@pytest.mark.parametrize(
    ("said", "field", "words"),
    [
        ({"platform": "midjourney"}, "platform", "There is no platform “midjourney” here. There is sketch, wavespeed."),
        ({"model": "dall-e"}, "model", "Sketch has no model “dall-e” here. It has sketch."),
        (
            {"platform": "wavespeed", "model": "seedream-pro"},
            "model",
            "WaveSpeedAI has no model “seedream-pro” here. It has seedream-v4, seedream-v4.5, seedream-v5.0-lite.",
        ),
    ],
)
def test_what_the_catalogue_does_not_have_is_refused_with_what_it_has(said: dict[str, str], field: str, words: str) -> None:
    with pytest.raises(RequestRefused) as refused:
        model_of(SequenceRequest.model_validate(said))
    assert (refused.value.field, str(refused.value)) == (field, words)


@pytest.mark.parametrize(
    "wrong", [{"side": [4096, 256]}, {"price_usd": "0.1"}, {"outputs": 16}, {"surprise": 1}, {"tiers": ["8K"]}, {"ratio": 0}]
)
def test_a_wrong_catalogue_is_noticed_as_it_is_read(wrong: dict[str, object]) -> None:
    data = catalog().model_dump(mode="json")
    sketch = next(platform for platform in data["platform"] if platform["name"] == "sketch")
    sketch["model"][0] |= wrong
    with pytest.raises(ValidationError):
        Catalog.model_validate({"recommended": (), **{name: data[name] for name in ("tiers", "preset", "platform")}})
