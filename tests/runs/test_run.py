"""What a run says of its cost and its state, from what is known of its jobs."""

from decimal import Decimal
from typing import Any

import pytest

from seedream_ui.platforms.base import JobState
from seedream_ui.request import SequenceRequest
from seedream_ui.runs.ending import ended
from seedream_ui.runs.run import Run, new_run

PRICE = Decimal("0.027")


def run_of(count: int, *jobs: JobState) -> Run:
    request = SequenceRequest(prompt="a kettle", count=count, sequence=False, platform="wavespeed")
    run = new_run("i" * 32, "run-x", request, paid_by="visitor", visitor="v")
    for job in jobs:
        run = run.with_job(job)
    return run


def job(number: int, state: str, **known: Any) -> JobState:
    taken = {"prediction_id": f"p{number}"} if state in ("done", "failed", "running") else {}
    return JobState(
        **(taken | known),
        number=number,
        endpoint="bytedance/seedream-v4",
        frames=(number,),
        prompt_sha256="",
        size="1024*1024",
        count=1,
        state=state,
        price_usd=PRICE,
    )


def made(number: int, charged: Decimal = PRICE, **known: Any) -> JobState:
    return job(number, "done", charged_usd=charged, **known)


def test_a_run_is_not_unknown_while_images_of_it_are_still_to_be_sent() -> None:
    run = run_of(4, made(0), job(1, "unknown"))
    assert (run.status, run.finished, run.error) == ("running", False, None)
    run = run.with_job(made(2))
    assert run.status == "running"
    assert run.with_job(made(3)).status == "unknown"


def test_after_a_stop_what_was_not_sent_is_not_waited_for() -> None:
    run = run_of(4, made(0)).changed(stopping=True)
    assert run.with_job(job(1, "unknown")).status == "unknown"


def test_while_images_are_still_to_be_sent_their_price_is_quoted() -> None:
    run = run_of(4, made(0, PRICE / 2), made(1))
    assert (run.cost_is, run.cost_usd, run.charge_is) == ("quoted", PRICE * Decimal("3.5"), None)


@pytest.mark.parametrize(("jobs", "cost"), [((made(0), made(1)), 2 * PRICE), ((), Decimal(0))])
def test_once_it_is_over_what_was_never_sent_costs_nothing(jobs: tuple[JobState, ...], cost: Decimal) -> None:
    over = ended(run_of(4, *jobs), stopped=True)
    assert (over.cost_is, over.cost_usd, over.charge_is) == ("charged", cost, "rule")


def test_what_is_unknown_at_the_end_stays_quoted() -> None:
    over = ended(run_of(2, made(0), job(1, "unknown")))
    assert (over.status, over.cost_is, over.cost_usd) == ("unknown", "quoted", 2 * PRICE)


def test_the_charge_is_by_the_platforms_word_only_if_all_of_it_is() -> None:
    first = made(0, charge_is="platform")
    assert run_of(2, first, made(1, charge_is="platform")).charge_is == "platform"
    assert run_of(2, first, made(1)).charge_is == "rule"


def test_a_discount_is_no_refund() -> None:
    assert run_of(1, made(0, PRICE / 2, charge_is="platform")).refunded_usd == 0
    assert run_of(1, job(0, "failed", charged_usd=Decimal(0))).refunded_usd == PRICE
