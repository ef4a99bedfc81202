"""What usually happens is learned from what happened."""

from decimal import Decimal

from seedream_ui.platforms.base import JobState
from seedream_ui.platforms.remote.learned import Learned


def job(count: int = 4, submitted_at: float = 100.0) -> JobState:
    return JobState(
        number=0,
        endpoint="bytedance/seedream-v4/sequential",
        frames=tuple(range(count)),
        prompt_sha256="",
        size="2048*2048",
        count=count,
        price_usd=Decimal("0.108"),
        submitted_at=submitted_at,
    )


def test_three_jobs_of_a_kind_make_a_median():
    learned = Learned()
    for seconds in (60, 70, 90):
        assert learned.usual(job()) is None
        learned.note(job(), 100.0 + seconds)
    usual = learned.usual(job())
    assert usual is not None
    assert usual.median == 70
    assert usual.p95 is not None
    assert usual.p95 >= 90


def test_other_counts_and_sizes_are_other_kinds():
    learned = Learned()
    for _ in range(3):
        learned.note(job(4), 170.0)
    assert learned.usual(job(15)) is None


def test_only_the_newest_count():
    learned = Learned()
    for _ in range(50):
        learned.note(job(), 110.0)
    for _ in range(50):
        learned.note(job(), 180.0)
    usual = learned.usual(job())
    assert usual is not None
    assert usual.median == 80
