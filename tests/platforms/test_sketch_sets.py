"""Seq on and off, measured: a loose set is at least twice as spread as a sequence."""

import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median
from typing import Any

import pytest
from PIL import Image

from seedream_ui.platforms.sketch import Brief, render
from tests.set_distance import set_distance

EXAMPLES = Path(__file__).parents[2] / "seedream_ui" / "examples"

TEMPLATES = tomllib.loads((EXAMPLES.parent / "templates.toml").read_text("utf-8"))["template"]
Set = tuple[str, tuple[str, ...], str]


def shipped(row: dict[str, Any]) -> Set:
    photo = next((reference["file"] for reference in row.get("references", [])), "")
    return row["prompt"], tuple(panel["text"] for panel in row["panels"]), photo


SHIPPED: dict[str, Set] = {row["name"]: shipped(row) for row in TEMPLATES if row["kind"] == "example"}
OTHERS: dict[str, Set] = {
    "fox": (
        "A fox travels",
        (
            "in the forest",
            "in the mountains",
            "by the sea",
            "in a garden",
        ),
        "",
    ),
    "astronaut": (
        "An astronaut explores a planet",
        (
            "landing",
            "walking",
            "planting a flag",
            "looking at the stars",
        ),
        "",
    ),
    "bag": (
        "A leather bag in four colours",
        (
            "tan",
            "black",
            "burgundy",
            "forest green",
        ),
        "",
    ),
    "boat": (
        "A small boat on its journey",
        (
            "calm sea",
            "storm",
            "fog",
            "sunny harbour",
        ),
        "",
    ),
    "man": (
        "A man in a mustard coat",
        (
            "walks in the street",
            "waits in a café",
            "rides the train",
            "at home by the window",
        ),
        "",
    ),
    "cat": (
        "Cat portraits",
        (
            "",
            "",
            "",
            "",
        ),
        "",
    ),
    "empty": (
        "",
        (
            "",
            "",
            "",
            "",
        ),
        "",
    ),
    "noir": (
        "A detective story, noir",
        (
            "in the alley",
            "at the bar",
            "on the roof",
            "in the rain",
        ),
        "",
    ),
    "water": (
        "Watercolour garden with a child",
        (
            "picking flowers",
            "under a tree",
            "with a rabbit",
            "in the rain",
        ),
        "",
    ),
    "lamp": (
        "A ceramic lamp",
        (
            "cream",
            "sage",
            "rust",
            "charcoal",
        ),
        "",
    ),
    "season": (
        "A cottage in four seasons",
        (
            "spring blossom",
            "summer sun",
            "autumn leaves",
            "winter snow",
        ),
        "",
    ),
    "dance": (
        "A dancer, three poses",
        (
            "arms up",
            "walking",
            "close-up",
        ),
        "",
    ),
}


SETS = SHIPPED | OTHERS


def spread(name: str, sequence: bool, seed: int) -> float:
    """The set distance of a named set."""
    context, panels, reference = SETS[name]
    photos = (Image.open(EXAMPLES / reference).convert("RGB"),) if reference else ()
    brief = Brief(context, panels, sequence, seed, (256, 256), photos)
    return set_distance([render(brief, index) for index in range(len(panels))])


@pytest.mark.parametrize("seed", [7, 1234])
def test_a_loose_set_is_at_least_twice_as_spread_as_a_sequence(seed: int) -> None:
    with ThreadPoolExecutor(2) as pool:
        together = dict(zip(SETS, pool.map(lambda name: spread(name, True, seed), SETS), strict=True))
        loose = dict(zip(SETS, pool.map(lambda name: spread(name, False, seed), SETS), strict=True))
    ratios = {name: loose[name] / max(together[name], 1e-9) for name in SETS}
    assert median(loose.values()) >= 2 * median(together.values())
    assert median(ratios.values()) >= 4
    # Where every panel names its own time and place, the words already set a sequence apart: none may come out closer, though.
    assert min(ratios.values()) > 1.2, min(ratios.items(), key=lambda item: item[1])
    assert sum(ratio >= 2 for ratio in ratios.values()) >= len(SETS) - 3
