"""How a run is told: in one sentence, and in a word where a frame stays empty."""

from decimal import Decimal
from typing import Any

import pytest

from seedream_ui.platforms.base import JobState
from seedream_ui.request import SequenceRequest
from seedream_ui.runs.run import Run, new_run
from seedream_ui.ui.run_view import run_view


def run(**changes: Any) -> Run:
    request = SequenceRequest(prompt="a fox", count=2, sequence=False, platform="wavespeed")
    return new_run("id", "folder", request).changed(**changes)


def job(number: int, state: Any, **more: Any) -> JobState:
    told = {"number": number, "frames": (number,), "state": state} | more
    return JobState(endpoint="e", prompt_sha256="", size="1*1", count=1, price_usd=Decimal("0.027"), **told)


@pytest.mark.parametrize("state", ["intended", "running", "unknown"])
def test_a_lost_answer_names_the_price_of_all_that_is_not_settled(state: str) -> None:
    lost = run(status="unknown", jobs=(job(0, state), job(1, "done", charged_usd=Decimal("0.027"))))
    assert "unknown whether $0.027 was charged" in run_view(lost)["sentence"]


@pytest.mark.parametrize(
    ("state", "activity", "short", "usual"),
    [
        ("waiting", "Next in line at WaveSpeedAI.", "In line", None),
        ("waiting", "Uploading 2 reference images.", "Getting ready", 70.0),
        ("making", None, "Making image 1 of 2", 70.0),
    ],
)
def test_in_line_nothing_is_being_made(state: str, activity: str | None, short: str, usual: float | None) -> None:
    shown = run_view(run(activity=activity).with_frame(1, state=state))
    assert (shown["short"], shown["usual"]) == (short, usual)


@pytest.mark.parametrize(
    ("jobs", "word"),
    [
        ((job(0, "done", prediction_id="p"),), "Did not come back"),
        ((job(0, "failed", prediction_id="p"),), "Failed"),
        ((job(0, "failed"),), "Refused"),
    ],
)
def test_an_empty_frame_says_in_a_word_what_became_of_its_image(jobs: tuple[JobState, ...], word: str) -> None:
    shown = run_view(run(status="failed", jobs=jobs).with_frame(1, state="failed", error="All of it."))
    assert (shown["frames"][0]["word"], shown["frames"][0]["error"]) == (word, "All of it.")
