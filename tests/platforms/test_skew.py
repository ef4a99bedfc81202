"""How far a platform's clock is from ours, by what its replies say."""

import pytest

from seedream_ui.platforms.patience import Clock
from seedream_ui.platforms.skew import Skews

AT = "https://api.acme.test"
NOW = 1_800_000_000.0


class Times:
    """Seconds since the epoch on the wall, and on the clock that never goes back."""

    def __init__(self) -> None:
        self.wall, self.now = NOW, 50.0
        self.skews = Skews(Clock(now=lambda: self.now, wall=lambda: self.wall))


def test_the_newest_word_counts_for_each_platform() -> None:
    times = Times()
    times.skews.note(AT, NOW + 60)
    times.skews.note(AT, NOW - 30)
    assert times.skews.ahead(AT) == -30
    assert times.skews.ahead("https://other.test") is None


def test_it_lasts_while_time_passes_and_is_not_known_once_our_clock_was_set() -> None:
    times = Times()
    times.skews.note(AT, NOW + 60)
    times.wall, times.now = times.wall + 5000.5, times.now + 5000
    assert times.skews.ahead(AT) == 60
    times.wall += 60
    assert times.skews.ahead(AT) is None


@pytest.mark.parametrize("date", [0.0, -62_000_000_000.0, 250_000_000_000.0])
def test_an_absurd_date_is_not_believed(date: float) -> None:
    times = Times()
    times.skews.note(AT, date)
    assert times.skews.ahead(AT) is None
