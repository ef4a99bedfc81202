"""How often a job is asked after: most often when it is likely to end, and seldom in all."""

from itertools import pairwise

import pytest

from seedream_ui.platforms.remote import Usual
from seedream_ui.platforms.remote.pace import pause


def asked(usual: Usual | None, until: float) -> list[float]:
    """The seconds at which a job is asked after."""
    found = [pause(0, usual)]
    while found[-1] < until:
        found.append(found[-1] + pause(found[-1], usual))
    return found


@pytest.mark.parametrize(
    ("median", "around", "often"), [(70, 10.5, 0.5), (200, 30, 0.5), (24, 5, 0.5), (8, 2, 0.5), (4, 1, 0.4), (2, 1, 0.25)]
)
def test_around_the_median_a_job_is_asked_after_often(median: float, around: float, often: float) -> None:
    likely = [at for at in asked(Usual(median), median + around) if at >= median - around]
    assert likely[0] == pytest.approx(median - around, abs=often)
    assert {round(late - early, 6) for early, late in pairwise(likely)} <= {often}


def test_before_it_each_second_at_first_then_every_four() -> None:
    assert asked(Usual(70), 20)[:8] == [1, 2, 3, 4, 5, 9, 13, 17]


def test_after_it_each_second() -> None:
    late = [at for at in asked(Usual(70), 100) if at > 81]
    assert {later - early for early, later in pairwise(late)} == {1}


def test_a_job_of_seventy_seconds_is_asked_after_forty_times_at_most() -> None:
    assert len(asked(Usual(70), 70)) <= 40
    assert len(asked(None, 70)) <= 41


def test_what_takes_far_longer_than_usual_is_asked_after_every_five_seconds() -> None:
    assert pause(300, None) == pause(300, Usual(70)) == 5
    assert pause(300, Usual(100)) == 1
