"""The fault table: whatever goes wrong on the way, it is said in plain words, costs what it says, and loses no image."""

import asyncio
import re
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

import pytest

from seedream_ui.platforms.http import HttpCall
from tests.emulators.faults import (
    Answer,
    Endless,
    Fault,
    Hangup,
    Reset,
    Silence,
    Slow,
    Truncated,
    WrongType,
    garbage,
    html,
    redirect,
)
from tests.emulators.pictures import blank
from tests.emulators.wavespeed import WaveSpeed as Emulator
from tests.emulators.wavespeed_jobs import Script
from tests.platforms.remote_driving import Outcome, Studio, request_of

ALL = (0, 1, 2, 3)
FULL = Decimal("0.108")
NOTHING = Decimal()
METADATA = "http://169.254.169.254/latest/meta-data/"
HTML_MESSAGE = {
    "code": 400,
    "message": "<p>size <b>wrong</b></p><script>alert(1)</script>&lt;img src=x&gt; see https://x.test/?k=1",
}


@dataclass(frozen=True)
class Row:
    """One way of going wrong. `jobs` is how many the platform took, `images` those that are shown, `says` what the other frames
    (or, where there are none, the page) say; `charged` None where it cannot be known."""

    arrange: Callable[[Emulator], Any] = lambda emulator: None
    jobs: int = 1
    images: tuple[int, ...] = ALL
    says: str = ""
    charged: Decimal | None = FULL
    submits: int = 1
    around: Callable[[Emulator], AbstractContextManager[Any]] = lambda emulator: nullcontext()
    request: dict[str, Any] = field(default_factory=dict)


def fault(kind: str, action: Any, **more: Any) -> Callable[[Emulator], None]:
    return lambda emulator: emulator.faults.push(Fault(kind, action, **more))


def script(**how: Any) -> Callable[[Emulator], None]:
    return lambda emulator: emulator.script(Script(**how))


def both(*steps: Callable[[Emulator], Any]) -> Callable[[Emulator], None]:
    return lambda emulator: [step(emulator) for step in steps] and None


def image_lost(action: Any, says: str, times: int | None = None) -> Row:
    broken = fault("output", action, path="/2.jpeg", times=times)
    return Row(broken, images=(0, 2, 3), says=rf"made and charged, but could not be fetched.*{says}")


def answer(status: int, message: str = "", **more: Any) -> Callable[[Emulator], None]:
    return fault("submit", Answer(status, {"code": status, "message": message}), **more)


FREE = "[Nn]othing (was|is) charged"
NO_ANSWER = r"unknown whether the job was taken and charged.*Look again.*could be charged twice"
FOUND = r"job was found"
REFUSED = {"jobs": 0, "images": (), "charged": NOTHING}
FAILED = {"images": (), "charged": NOTHING}
UNKNOWN = {"jobs": 0, "images": (), "charged": None, "says": NO_ANSWER}

ROWS = {
    "connection refused": Row(
        around=lambda emulator: emulator.refusing(), submits=0, says=f"cannot be reached.*{FREE}", **REFUSED
    ),
    "reset before the job was taken": Row(fault("submit", Reset()), **UNKNOWN),
    "reset after the job was taken": Row(fault("submit", Reset(processed=True)), says=FOUND),
    "hung up before": Row(fault("submit", Hangup()), **UNKNOWN),
    "hung up after": Row(fault("submit", Hangup(processed=True)), says=FOUND),
    "400 with HTML in the message": Row(
        fault("submit", Answer(400, HTML_MESSAGE)), says=r"It says: “size wrong see …”\. Nothing was charged", **REFUSED
    ),
    "400, an HTML page": Row(fault("submit", html(400)), says=r"did not take this request\. Nothing was charged", **REFUSED),
    "401": Row(answer(401, "no"), says="does not accept this key. Nothing was charged", **REFUSED),
    "402": Row(answer(402), says="balance .* does not cover this. Nothing was charged", **REFUSED),
    "400 that means no money": Row(answer(400, "Insufficient credits"), says="balance.*Nothing was charged", **REFUSED),
    "404": Row(answer(404, "model not found"), says="“model not found”. Nothing was charged", **REFUSED),
    "413": Row(fault("submit", html(413)), says="too large. Nothing was charged; use smaller", **REFUSED),
    "429 without Retry-After": Row(answer(429, times=2), submits=3, says="asking again in 5 s"),
    "429 with Retry-After": Row(
        fault("submit", Answer(429, {"code": 429}, {"Retry-After": "7"}), times=2), submits=3, says="asking again in 7 s"
    ),
    "429 for good": Row(answer(429, times=None), submits=3, says="takes no more jobs.*Nothing was charged", **REFUSED),
    "500 on submit, not taken": Row(answer(500, "oops"), **UNKNOWN),
    "500 on submit, taken": Row(fault("submit", Answer(500, {"code": 500}, processed=True)), says=FOUND),
    "502 HTML on submit, not taken": Row(fault("submit", html(502)), **UNKNOWN),
    "502 HTML on submit, taken": Row(fault("submit", html(502, processed=True)), says=FOUND),
    "an answer that cannot be read, taken": Row(fault("submit", garbage(processed=True)), says=FOUND),
    "an answer without an id, not taken": Row(fault("submit", Answer(200, {"code": 200, "data": None})), **UNKNOWN),
    "HTTP 200, envelope 400": Row(
        fault("submit", Answer(200, {"code": 400, "message": "bad prompt"})), says="“bad prompt”. Nothing was charged", **REFUSED
    ),
    "taken, landing 30 s late": Row(both(script(late=30), fault("submit", Reset(processed=True))), says=FOUND),
    "taken, landing 4 min late": Row(both(script(late=240), fault("submit", Reset(processed=True))), says=FOUND),
    "polls of 500": Row(fault("poll", Answer(500), times=9)),
    "polls of garbage": Row(fault("poll", garbage(), times=9)),
    "polls of HTML": Row(fault("poll", html(200), times=2)),
    "polls reset": Row(fault("poll", Reset(), times=2)),
    "polls of 429 and 503": Row(both(fault("poll", Answer(429)), fault("poll", html(503)))),
    "polls of 404 at first": Row(fault("poll", Answer(404, {"code": 404, "message": "not found"}), times=3)),
    "polls of data: null": Row(script(null_polls=3)),
    "an unknown status": Row(script(odd_status="warming", odd_polls=3)),
    "failed 1200": Row(
        script(status="failed", code=1200), says="content filter refused.*Nothing is charged.*Change the", **FAILED
    ),
    "failed 1402": Row(script(status="failed", code=1402), says="could not read a reference.*Nothing is charged", **FAILED),
    "failed 5000": Row(script(status="failed", code=5000), says="fault of its own.*Nothing is charged.*in a minute", **FAILED),
    "failed, HTML and JSON": Row(
        script(status="failed", error='<b>no</b> {"trace": 1}'), says="could not make this.*Nothing is charged", **FAILED
    ),
    "cancelled": Row(script(status="cancelled"), images=(), says="cancelled at the platform.*charged shows in your account"),
    "timeout": Row(script(status="timeout"), images=(), says="longer than the platform allows.*charged shows in your account"),
    "deleted": Row(script(status="deleted"), images=(), says="deleted at the platform.*charged shows in your account"),
    "fewer images": Row(script(returned=3), images=(0, 1, 2), says=r"sent 3 of the 4 images.*charges \$0\.108 for the 4"),
    "no images": Row(script(returned=0), images=(), says=r"sent 0 of the 4 images.*charges \$0\.108"),
    "more images": Row(script(returned=6), says="sent 6 images for 4 asked for; the first 4 are kept"),
    "a flagged image": Row(script(flags=(False, True))),
    "a flagged, blank image": Row(script(flags=(False, True), blank=(1,))),
    "image 404": image_lost(Answer(404), "answers 404"),
    "image 500": image_lost(html(500), "answers 500"),
    "image 500 twice": Row(fault("output", html(500), path="/2.jpeg", times=2)),
    "image truncated": image_lost(Truncated(), "connection broke off"),
    "image truncated once": Row(fault("output", Truncated(), path="/2.jpeg")),
    "image reset": image_lost(Truncated(reset=True), "connection broke off"),
    "image cut, length right": image_lost(Answer(200, blank(1024, 1024)[:9000]), "no whole picture"),
    "image is HTML": image_lost(html(200), "no whole picture"),
    "image under a wrong type": Row(fault("output", WrongType(), path="/2.jpeg")),
    "image redirected inside": image_lost(redirect(METADATA), "can be trusted", times=1),
    "image redirected to a private https": image_lost(redirect("https://10.0.0.1/x"), "can be trusted", times=1),
    "image endless": image_lost(Endless(), "larger than 60 MB", times=1),
    "image silent": image_lost(Silence(), "too long"),
    "image slow": image_lost(Slow(piece=64, pause=0.05), "too long"),
}


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS.keys())
async def test_a_fault_is_said_and_costs_what_it_says(studio: Studio, row: Row) -> None:
    row.arrange(studio.emulator)
    with row.around(studio.emulator):
        outcome = await studio.make(request_of(4, **row.request))
    assert set(outcome.pictures) == set(row.images)
    assert set(outcome.lost) == set(ALL) - set(row.images)
    assert len(studio.emulator.jobs) == row.jobs
    assert studio.emulator.journal.count("submit") == row.submits
    assert all(fault.times is None for fault in studio.emulator.faults.left)
    _plain(outcome)
    sentences = [*outcome.lost.values()] or [" ".join(outcome.told)]
    assert all(re.search(row.says, sentence) for sentence in sentences), sentences
    assert outcome.charged == row.charged
    if row.charged is not None:
        assert studio.emulator.owner.charged == row.charged


def _plain(outcome: Outcome) -> None:
    """Every sentence is one, and each frame's names the cost."""
    for sentence in [*outcome.told, *outcome.lost.values()]:
        assert not re.search(r"[{}<>]|https?://|alert|Traceback", sentence), sentence
        assert sentence.endswith("."), sentence
    assert all(re.search("charged|charges", reason) for reason in outcome.lost.values())


async def test_a_flagged_image_is_shown_and_marked(studio: Studio) -> None:
    studio.emulator.script(Script(flags=(False, True), blank=(1,)))
    outcome = await studio.make(request_of(4))
    assert [outcome.pictures[index].flagged for index in ALL] == [False, True, False, False]
    assert outcome.last[0].flags == (False, True, False, False)


async def test_silence_on_submit_is_a_lost_answer(studio: Studio) -> None:
    """The read deadline of a submit is a minute; the emulator is told to answer after it."""
    submission = studio.remote.platform.submission
    studio.remote.platform.submission = lambda *given: _impatient(submission(*given))  # type: ignore[method-assign]
    studio.emulator.faults.push(Fault("submit", Silence(processed=True)))
    outcome = await studio.make(request_of(4))
    assert set(outcome.pictures) == set(ALL)
    assert len(studio.emulator.jobs) == studio.emulator.journal.count("submit") == 1


def _impatient(call: HttpCall) -> HttpCall:
    return replace(call, seconds=0.3)


async def test_a_job_of_twenty_minutes_is_followed_to_its_end(studio: Studio) -> None:
    studio.emulator.script(Script(duration=1200))
    outcome = await studio.make(request_of(4))
    assert set(outcome.pictures) == set(ALL)
    assert next(told for told in outcome.told if "Still running" in told) == "Still running after 5 min; safe to close this page."
    assert studio.clock.seconds == pytest.approx(1200, abs=10)  # what a busy machine takes counts for the platform too


async def test_the_page_says_unknown_after_ten_seconds_and_the_look_ups_go_on(studio: Studio) -> None:
    studio.emulator.faults.push(Fault("submit", Reset()))
    outcome = await studio.make(request_of(2))
    unknown = next(state for state in outcome.filed if state.state == "unknown")
    assert outcome.filed[-1] == unknown
    assert [request.at for request in studio.emulator.journal.of("list")] == pytest.approx(
        [studio.emulator.clock.now() - 300 + at for at in (0, 2, 10, 60, 300)], abs=2
    )


async def test_three_identical_lost_presses_adopt_three_jobs(studio: Studio) -> None:
    studio.emulator.faults.push(Fault("submit", Reset(processed=True), times=3))
    outcomes = await asyncio.gather(*(studio.make(request_of(2)) for _ in range(3)))
    assert all(set(outcome.pictures) == {0, 1} for outcome in outcomes)
    assert len({outcome.last[0].prediction_id for outcome in outcomes}) == 3 == len(studio.emulator.jobs)


async def test_a_history_without_inputs_leaves_it_unknown(studio: Studio) -> None:
    studio.emulator.rules.list_inputs = None
    studio.emulator.faults.push(Fault("submit", Reset(processed=True)))
    outcome = await studio.make(request_of(2))
    assert outcome.last[0].state == "unknown"
    assert studio.emulator.journal.count("submit") == 1


async def test_a_connection_that_is_refused_at_first_is_tried_again(studio: Studio) -> None:
    closed = studio.emulator.refusing()
    closed.__enter__()
    studio.clock.when.append((0.4, lambda: closed.__exit__(None, None, None)))
    outcome = await studio.make(request_of(4))
    assert set(outcome.pictures) == set(ALL)
    assert len(studio.emulator.jobs) == 1
