"""What usually happens is learned from what happened."""

from decimal import Decimal
from typing import Any

from seedream_ui.platforms.base import JobState
from seedream_ui.platforms.remote import Remote, Usual
from seedream_ui.platforms.remote.learned import Learned
from seedream_ui.platforms.wavespeed import WaveSpeed
from tests.emulators.faults import Answer, Fault
from tests.emulators.wavespeed_jobs import Script
from tests.platforms.remote_driving import Studio, request_of


def job(count: int = 4, submitted_at: float = 100.0, **changes: Any) -> JobState:
    given: dict[str, Any] = {"state": "done", "prediction_id": "p1", "outputs": ("https://x.test/1.jpeg",)}
    return JobState(
        **(given | changes),
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


def failed(count: int = 4) -> JobState:
    return job(count, state="failed", outputs=None)


def test_what_earlier_lives_of_the_server_made_is_recalled():
    learned = Learned()
    learned.recall([(job(), 60.0), (job(), 70.0), (failed(), 3.0), (job(), 90.0)])
    usual = learned.usual(job())
    assert usual is not None
    assert usual.median == 70


def test_what_was_never_taken_or_has_not_ended_teaches_nothing():
    learned = Learned()
    learned.recall([(job(state="failed", prediction_id=None), 1.0), (job(state="running"), 1.0), (job(state="unknown"), 1.0)] * 3)
    assert learned.usual(job()) is None


async def test_the_driver_learns_from_every_job_that_made_images(studio: Studio) -> None:
    studio.emulator.script(Script(), Script(status="failed", code=5000), Script())
    for _ in range(3):
        state = (await studio.make(request_of(2))).last[0]
        assert studio.remote.learned.usual(state) is None
    await studio.make(request_of(2))
    assert studio.remote.learned.usual(state) is not None


async def test_a_refusal_teaches_nothing(studio: Studio) -> None:
    studio.emulator.faults.push(Fault("submit", Answer(402, {"code": 402}), times=3))
    for _ in range(5):
        state = (await studio.make(request_of(2))).last[0]
    assert studio.remote.learned.usual(state) is None


def test_what_the_driver_recalls_is_usual() -> None:
    remote = Remote(WaveSpeed())
    remote.recall([(job(), 60.0)] * 3)
    assert remote.usual(job()) == Usual(60.0, 60.0)


async def test_images_that_are_fetched_again_later_teach_nothing_new(studio: Studio) -> None:
    given = request_of(2)
    for _ in range(2):
        state = (await studio.make(given)).last[0]
    studio.clock.seconds += 3600
    assert set((await studio.look_again(given, [state], 0)).pictures) == {0}
    assert studio.remote.learned.usual(state) is None
