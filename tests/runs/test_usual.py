"""How long sets take, and how often they come whole, is learned from those that were made."""

from seedream_ui.request import SequenceRequest
from seedream_ui.runs.run import new_run
from seedream_ui.runs.usual import Experience, Usual
from tests.runs.conftest import MakeRuns
from tests.runs.stand_ins import Losing, Willing

FOX = SequenceRequest(prompt="a fox", count=3)


def ended(seconds: float, status: str = "completed", **changes: object):
    run = new_run("id", "run-x", FOX)
    return run.model_copy(update={"status": status, "finished_at": run.started_at + seconds, **changes})


def test_little_is_known_after_two_sets() -> None:
    usual = Usual([ended(5), ended(6)])
    assert usual.of(FOX) is None


def test_the_median_is_that_of_whole_sets_and_the_share_counts_all() -> None:
    usual = Usual([ended(5), ended(7), ended(6), ended(60, "partial")])
    assert usual.of(FOX) == Experience(seconds=6.0, whole=3, of=4)


def test_what_waited_for_a_person_teaches_nothing() -> None:
    usual = Usual([ended(5), ended(6), ended(7)])
    usual.note(ended(5000, interrupted=True))
    usual.note(ended(1, "cancelled"))
    assert usual.of(FOX) == Experience(seconds=6.0, whole=3, of=3)


def test_kinds_are_told_apart() -> None:
    usual = Usual([ended(5)] * 3)
    assert usual.of(FOX.model_copy(update={"count": 4})) is None
    assert usual.of(FOX.model_copy(update={"sequence": False})) is None
    assert usual.of(FOX.model_copy(update={"prompt": "an owl"})) is not None


async def test_it_is_known_again_after_a_restart(runs_on: MakeRuns) -> None:
    runs = runs_on(Willing())
    for _ in range(3):
        await runs.finish((await runs.start(FOX)).id)
    again = runs_on(Losing(0))
    learned = again.usual.of(FOX)
    assert learned is not None
    assert (learned.whole, learned.of) == (3, 3)
