"""A request is one frozen value: it survives JSON, keeps its fingerprint, and refuses what is impossible in words."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seedream_ui.catalog import catalog
from seedream_ui.errors import RequestRefused
from seedream_ui.request import ASPECT_RATIOS, MAX_SEED, ExactSize, Panel, Reference, SequenceRequest, TierSize

MODELS = [(platform, model) for platform in catalog().platform for model in platform.model]
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
references = st.builds(
    Reference,
    sha256=st.text("0123456789abcdef", min_size=64, max_size=64),
    media_type=st.sampled_from(["image/jpeg", "image/png"]),
    width=st.integers(1, 8000),
    height=st.integers(1, 8000),
    label=texts,
)


@st.composite
def requests(draw: st.DrawFn) -> SequenceRequest:
    """Any request that can be built for any model of the catalogue."""
    platform, model = draw(st.sampled_from(MODELS))
    count = draw(st.integers(1, 15))
    tiers = st.builds(TierSize, tier=st.sampled_from(model.tiers), aspect_ratio=st.sampled_from(ASPECT_RATIOS))
    exact = st.builds(ExactSize, width=st.integers(1, 9000), height=st.integers(1, 9000))
    return SequenceRequest(
        prompt=draw(texts),
        panels=tuple(draw(st.lists(st.builds(Panel, text=texts, caption=texts), max_size=count))),
        references=tuple(draw(st.lists(references, max_size=3))),
        count=count,
        sequence=draw(st.booleans()),
        size=draw(tiers | exact),
        platform=platform.name,
        model=draw(st.sampled_from([model.name, ""] if platform.find("") is model else [model.name])),
        seed=draw(st.none() | st.integers(0, MAX_SEED)),
        prompt_override=draw(st.none() | texts),
        options=tuple((option.name, draw(st.sampled_from(option.choices))) for option in model.options),
    )


class TestARequest:
    @given(requests())
    def test_comes_back_from_json_as_it_was(self, request: SequenceRequest) -> None:
        again = SequenceRequest.model_validate_json(request.model_dump_json())
        assert again == request
        assert again.fingerprint == request.fingerprint

    @given(requests())
    def test_comes_back_from_plain_data_as_it_was(self, request: SequenceRequest) -> None:
        assert SequenceRequest.model_validate(json.loads(json.dumps(request.model_dump(mode="json")))) == request

    def test_cannot_be_changed(self) -> None:
        with pytest.raises(ValueError, match="frozen"):
            SequenceRequest(prompt="a fox").count = 3  # type: ignore[misc]

    def test_holds_its_options_in_one_order_however_they_are_given(self) -> None:
        ways = ({"b": 1, "a": 2}, [["b", 1], ["a", 2]], (("b", 1), ("a", 2)))
        assert {SequenceRequest.model_validate({"options": way}).options for way in ways} == {(("a", 2), ("b", 1))}


class TestTheFingerprint:
    def test_never_changes_from_one_version_to_the_next(self) -> None:
        request = SequenceRequest(
            prompt="A red kettle, “émaillé” 🫖",
            panels=(Panel(text="on a beach"), Panel(text="in snow", caption="Snow")),
            references=(Reference(sha256="ab" * 32, media_type="image/png", width=640, height=480, label="the kettle"),),
            count=2,
            sequence=False,
            size=TierSize(tier="3K", aspect_ratio="16:9"),
            platform="wavespeed",
            model="seedream-v5.0-lite",
            options=(("output_format", "png"),),
        )
        assert request.fingerprint == "68b8a8b4da7c8b5b2702affc11e3eef0698e8c5c92963e1bc11ec24330e4da48"
        assert SequenceRequest(prompt="a fox").fingerprint == "a36c30abdeb52ed1647ea324dddb6a54b01c373345ee984ffb36aef3dc8d5953"

    def test_does_not_hang_on_the_order_of_keys(self) -> None:
        said = {"prompt": "a fox", "count": 3, "size": {"kind": "exact", "width": 512, "height": 640}, "seed": 7}
        turned = {name: said[name] for name in reversed(said)} | {"size": {"height": 640, "width": 512, "kind": "exact"}}
        assert SequenceRequest.model_validate(said).fingerprint == SequenceRequest.model_validate(turned).fingerprint

    def test_is_the_same_for_a_default_said_and_unsaid(self) -> None:
        defaults = SequenceRequest().model_dump(mode="json")
        assert SequenceRequest.model_validate(defaults | {"prompt": "a fox"}) == SequenceRequest(prompt="a fox")
        assert SequenceRequest.model_validate(defaults).fingerprint == SequenceRequest().fingerprint

    def test_stays_when_a_later_version_knows_more(self) -> None:
        class Later(SequenceRequest):
            watermark: bool = False

        assert Later(prompt="a fox").fingerprint == SequenceRequest(prompt="a fox").fingerprint
        assert Later(prompt="a fox", watermark=True).fingerprint != SequenceRequest(prompt="a fox").fingerprint

    @given(requests(), requests())
    def test_tells_any_two_requests_apart(self, one: SequenceRequest, other: SequenceRequest) -> None:
        assert (one.fingerprint == other.fingerprint) == (one == other)


class TestTheSeed:
    def test_follows_from_the_request(self) -> None:
        assert SequenceRequest(prompt="a fox").effective_seed == SequenceRequest(prompt="a fox").effective_seed
        assert SequenceRequest(prompt="a fox").effective_seed != SequenceRequest(prompt="an owl").effective_seed

    def test_is_the_one_that_was_given(self) -> None:
        assert SequenceRequest(prompt="a fox", seed=0).effective_seed == 0

    def test_is_a_new_one_after_vary_and_all_else_stays(self) -> None:
        request = SequenceRequest(prompt="a fox", seed=5)
        varied = request.vary()
        assert varied.seed not in (None, 5)
        assert varied.model_copy(update={"seed": 5}) == request

    @given(requests())
    def test_is_one_that_platforms_take(self, request: SequenceRequest) -> None:
        assert 0 <= request.effective_seed <= MAX_SEED


REFUSED = [
    ({"count": 0}, "count", "Count cannot be 0; it goes from 1 to 15."),
    ({"count": 16}, "count", "Count cannot be 16; it goes from 1 to 15."),
    ({"count": 3.5}, "count", "Count has to be a whole number, and 3.5 is none."),
    ({"count": "3"}, "count", 'Count has to be a whole number, and "3" is none.'),
    ({"count": True}, "count", "Count has to be a whole number, and true is none."),
    ({"prompt": "x" * 100_000}, "prompt", "Prompt is 100,000 characters long; the limit is 8,000."),
    ({"prompt": 5}, "prompt", "Prompt has to be text, and 5 is none."),
    ({"prompt": "\ud83e"}, "prompt", "Prompt has a character in it that is none."),
    ({"count": "\ud83e"}, "count", 'Count has to be a whole number, and "?" is none.'),
    ({"prompt": "a\0b"}, "prompt", "Prompt has a NUL character in it, which cannot be kept. Take it out."),
    (
        {"panels": [{"caption": "\0"}]},
        "panels.0",
        "The caption of panel 1 has a NUL character in it, which cannot be kept. Take it out.",
    ),
    (
        {"prompt_override": "\0"},
        "prompt_override",
        "Prompt override has a NUL character in it, which cannot be kept. Take it out.",
    ),
    ({"panels": [{"text": "x" * 2001}]}, "panels.0", "The text of panel 1 is 2,001 characters long; the limit is 2,000."),
    ({"panels": "a fox"}, "panels", 'Panels has to be a list, and "a fox" is none.'),
    ({"count": 1, "panels": [{}, {}]}, "panels", "There are 2 panels for a count of 1. Raise the count or remove panels."),
    ({"sequence": "yes"}, "sequence", 'Sequence has to be true or false, and "yes" is neither.'),
    ({"size": {"kind": "tier", "tier": "8K"}}, "size", "Size cannot be \"8K\"; it is one of '2K', '3K' or '4K'."),
    ({"size": {"kind": "exact", "width": 0, "height": 9}}, "size", "Width cannot be 0; it has to be more than 0."),
    ({"size": {"kind": "exact", "width": 9}}, "size", "Height is missing."),
    ({"seed": -1}, "seed", "Seed cannot be -1; it has to be at least 0."),
    ({"seed": 2**31}, "seed", "Seed cannot be 2147483648; it has to be at most 2,147,483,647."),
    ({"options": {"x": 1.5}}, "options", "Each of the options has to be a text, a whole number, or true or false."),
    ({"options": [1]}, "options", "Each of the options has to be a text, a whole number, or true or false."),
    ({"colour": "red"}, "colour", "Colour is not something a request has."),
]


@pytest.mark.parametrize(("said", "field", "words"), REFUSED)
def test_what_is_impossible_is_refused_by_field_and_limit(said: dict[str, object], field: str, words: str) -> None:
    with pytest.raises(RequestRefused) as refused:
        SequenceRequest.model_validate(said)
    assert refused.value.field == field
    assert str(refused.value) == words


def test_a_ratio_that_is_none_is_refused_with_those_that_are() -> None:
    with pytest.raises(RequestRefused, match=r"^Aspect ratio cannot be \"5:4\"; it is one of '1:1', .*'21:9' or 'reference'\.$"):
        SequenceRequest.model_validate({"size": {"kind": "tier", "aspect_ratio": "5:4"}})
