"""Templates and examples fill the whole form, and stay usable."""

from seedream_ui.checks import problems
from seedream_ui.runs import runs
from seedream_ui.ui.draft import request_of
from seedream_ui.ui.starters import first_draft, keep_pictures, starters


def test_every_starter_is_a_request_that_can_be_sent(data_dir):
    for starter in starters():
        assert not problems(request_of(starter["draft"])), starter["name"]


def test_the_first_screen_opens_with_one_shoe_in_four_colourways():
    draft = first_draft()
    assert draft["count"] == 4
    assert draft["panels"][0]["caption"] == "Classic white"
    assert draft["references"][0]["thumb"].startswith("data:image/webp;base64,")


def test_the_pictures_of_the_examples_outlive_the_reaper():
    references = [item for starter in starters() for item in starter["draft"]["references"]]
    runs().store.reap(-1)
    keep_pictures()
    assert all(runs().store.has(item["sha256"]) for item in references)
