"""What can go wrong on the way, seen from the client's side of the socket."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from tests.emulators.calling import FOUR, MEGAPIXEL, V4, Caller, finished, visitor
from tests.emulators.faults import (
    Action,
    Answer,
    Delay,
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
from tests.emulators.wavespeed import WaveSpeed
from tests.emulators.wavespeed_jobs import Script

pytestmark = pytest.mark.usefixtures("time_stands")
BLOCKED = "http://169.254.169.254/latest/meta-data/"


@contextmanager
def raw_submit(emulator: WaveSpeed) -> Iterator[socket.socket]:
    """A submit written onto the socket by hand, to see how the socket ends."""
    where = urlsplit(emulator.url)
    body = b'{"prompt": "A kettle"}'
    head = f"POST /api/v3/{V4} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {emulator.key}\r\nContent-Length: {len(body)}\r\n\r\n"
    with socket.create_connection((where.hostname, where.port), timeout=5) as connection:
        connection.sendall(head.encode() + body)
        yield connection


def picture_url(caller: Caller, emulator: WaveSpeed) -> str:
    return finished(caller, emulator, V4, **MEGAPIXEL)["outputs"][0]


def collect(answer: httpx.Response, into: bytearray) -> None:
    for piece in answer.iter_raw():
        into += piece


# ------------------------------------------------------------------------------------------- connections that are broken
@pytest.mark.parametrize(("processed", "jobs"), [(False, 0), (True, 1)])
def test_a_reset_is_a_tcp_reset_before_or_after_the_job_was_taken(emulator: WaveSpeed, processed: bool, jobs: int) -> None:
    emulator.faults.push(Fault("submit", Reset(processed)))
    with raw_submit(emulator) as connection, pytest.raises(ConnectionResetError):
        connection.recv(1)
    assert len(emulator.jobs) == jobs


@pytest.mark.parametrize(("processed", "jobs"), [(False, 0), (True, 1)])
def test_a_hangup_is_an_orderly_end_without_a_byte(emulator: WaveSpeed, processed: bool, jobs: int) -> None:
    emulator.faults.push(Fault("submit", Hangup(processed)))
    with raw_submit(emulator) as connection:
        assert connection.recv(1) == b""
    assert len(emulator.jobs) == jobs


@pytest.mark.parametrize(("processed", "jobs"), [(False, 0), (True, 1)])
def test_silence_lasts_until_the_client_goes(caller: Caller, emulator: WaveSpeed, processed: bool, jobs: int) -> None:
    emulator.faults.push(Fault("submit", Silence(processed)))
    with pytest.raises(httpx.ReadTimeout):
        caller.http.post(f"/{V4}", json=MEGAPIXEL, timeout=0.3)
    assert len(emulator.wait_for_jobs(jobs)) == jobs
    assert emulator.journal.of("submit")[0].status is None


def test_while_it_refuses_nobody_listens_and_then_it_is_back_at_the_same_port(caller: Caller, emulator: WaveSpeed) -> None:
    url = emulator.url
    with emulator.refusing(), pytest.raises(httpx.ConnectError):
        caller.submit()
    assert (emulator.url, emulator.journal.count("submit")) == (url, 0)
    assert caller.submit().status_code == 200


def test_connections_kept_for_later_can_be_dropped(caller: Caller, emulator: WaveSpeed) -> None:
    with socket.create_connection((urlsplit(emulator.url).hostname, urlsplit(emulator.url).port), timeout=5) as kept:
        caller.balance()  # the server has taken the kept connection by now, as it was first
        emulator.drop()
        assert kept.recv(1) == b""
    assert caller.balance() == 100


# --------------------------------------------------------------------------------------------------------- other answers
@pytest.mark.parametrize(
    ("action", "status", "text", "kind"),
    [
        (html(502), 502, "<html>", "text/html; charset=utf-8"),
        (garbage(), 200, '{"code": 200', "application/json"),
        (Answer(500), 500, "", "application/octet-stream"),
        (Answer(429, {"code": 429, "message": "slow down"}, {"Retry-After": "7"}), 429, "slow down", "application/json"),
        (Answer(400, {"code": 400, "message": "<script>alert(1)</script>"}), 400, "<script>", "application/json"),
        (Answer(200, {"code": 500, "message": "try later"}), 200, "try later", "application/json"),
    ],
)
def test_any_answer_can_stand_in_and_nothing_is_done(
    caller: Caller, emulator: WaveSpeed, action: Answer, status: int, text: str, kind: str
) -> None:
    emulator.faults.push(Fault("submit", action))
    answer = caller.submit()
    assert (answer.status_code, answer.headers["content-type"]) == (status, kind)
    assert text in answer.text
    assert answer.headers.get("retry-after") == action.headers.get("Retry-After")
    assert emulator.jobs == []


@pytest.mark.parametrize("action", [html(502, processed=True), garbage(processed=True), Answer(200, "", processed=True)])
def test_the_job_can_be_taken_and_its_answer_lost(caller: Caller, emulator: WaveSpeed, action: Answer) -> None:
    emulator.faults.push(Fault("submit", action))
    assert caller.submit().status_code == action.status
    assert [item["inputs"] for item in caller.post("/predictions")["items"]] == [FOUR]
    assert str(emulator.owner.charged) == "0.108"


@pytest.mark.parametrize("lost", [Reset(processed=True), Silence(), html(502, processed=True)])
def test_a_submit_can_be_processed_late(caller: Caller, emulator: WaveSpeed, lost: Action) -> None:
    emulator.script(Script(late=10))
    emulator.faults.push(Fault("submit", lost))
    with suppress(httpx.TransportError):
        caller.http.post(f"/{V4}", json=MEGAPIXEL, timeout=0.3)
    emulator.clock.advance(9)
    assert (caller.post("/predictions")["items"], caller.balance()) == ([], 100)
    emulator.clock.advance(1)
    (item,) = caller.post("/predictions")["items"]
    assert (item["status"], caller.balance()) == ("processing", pytest.approx(99.973))
    emulator.clock.advance(60)
    assert caller.poll(item["id"])["status"] == "completed"


def test_a_redirect_leads_wherever_it_is_told(caller: Caller, emulator: WaveSpeed) -> None:
    url = picture_url(caller, emulator)
    emulator.faults.push(Fault("output", redirect(BLOCKED)))
    answer = visitor.get(url)
    assert (answer.status_code, answer.headers["location"]) == (302, BLOCKED)


# ------------------------------------------------------------------------------------------------- bodies that are broken
def test_a_truncated_body_is_shorter_than_it_says(caller: Caller, emulator: WaveSpeed) -> None:
    url, seen = picture_url(caller, emulator), bytearray()
    emulator.faults.push(Fault("output", Truncated(share=0.25)))
    with visitor.stream("GET", url) as answer, pytest.raises(httpx.RemoteProtocolError):
        collect(answer, seen)
    whole = emulator.jobs[0].picture(0)
    assert int(answer.headers["content-length"]) == len(whole)
    assert seen == whole[: len(whole) // 4]


def test_a_truncated_body_can_end_in_a_reset(caller: Caller, emulator: WaveSpeed) -> None:
    url = picture_url(caller, emulator)
    emulator.faults.push(Fault("output", Truncated(reset=True)))
    with pytest.raises(httpx.ReadError):
        visitor.get(url)


@pytest.mark.parametrize("announced", [None, 10**12])
def test_an_endless_body_goes_on_for_as_long_as_it_is_read(caller: Caller, emulator: WaveSpeed, announced: int | None) -> None:
    url, seen = picture_url(caller, emulator), 0
    emulator.faults.push(Fault("output", Endless(announced)))
    with visitor.stream("GET", url) as answer:
        for piece in answer.iter_raw():
            seen += len(piece)
            if seen > 10_000_000:
                break
    assert answer.headers.get("content-length") == (None if announced is None else str(announced))
    assert visitor.get(url).is_success


def test_a_slow_body_is_the_true_one_in_pieces(caller: Caller, emulator: WaveSpeed) -> None:
    url = picture_url(caller, emulator)
    emulator.faults.push(Fault("output", Slow(piece=8000, pause=0.002)))
    with visitor.stream("GET", url) as answer:
        pieces = list(answer.iter_raw())
    assert len(pieces) > 3
    assert b"".join(pieces) == emulator.jobs[0].picture(0)


def test_an_answer_can_be_delayed(caller: Caller, emulator: WaveSpeed) -> None:
    emulator.faults.push(Fault("balance", Delay(0.1)))
    with pytest.raises(httpx.ReadTimeout):
        caller.http.get("/balance", timeout=0.05)


def test_an_image_can_come_under_another_content_type_or_none(caller: Caller, emulator: WaveSpeed) -> None:
    url = picture_url(caller, emulator)
    emulator.faults.push(Fault("output", WrongType()), Fault("output", WrongType(None)))
    answers = [visitor.get(url), visitor.get(url)]
    assert [answer.headers.get("content-type") for answer in answers] == ["text/html", None]
    assert {answer.content for answer in answers} == {emulator.jobs[0].picture(0)}


# ------------------------------------------------------------------------------------------------------ what is consumed
def test_faults_of_a_kind_are_consumed_in_order(caller: Caller, emulator: WaveSpeed) -> None:
    emulator.faults.push(Fault("balance", html(500), times=2), Fault("balance", html(503)), Fault("models", html(504)))
    assert [caller.http.get("/balance").status_code for _ in range(4)] == [500, 500, 503, 200]
    assert [fault.kind for fault in emulator.faults.left] == ["models"]


def test_a_fault_can_wait_for_its_turn_and_stay(caller: Caller, emulator: WaveSpeed) -> None:
    emulator.faults.push(Fault("balance", html(500), times=None, skip=1))
    assert [caller.http.get("/balance").status_code for _ in range(4)] == [200, 500, 500, 500]
    emulator.faults.clear()
    assert caller.http.get("/balance").status_code == 200


def test_a_fault_can_mean_one_image_of_the_set(caller: Caller, emulator: WaveSpeed) -> None:
    emulator.faults.push(Fault("output", html(404), path="/2.jpeg", times=None))
    statuses = [visitor.get(url).status_code for url in finished(caller, emulator)["outputs"]]
    assert statuses == [200, 404, 200, 200]


def test_every_route_can_break(caller: Caller, emulator: WaveSpeed) -> None:
    job = finished(caller, emulator)
    put = caller.post("/media/uploads", filename="a.png", size=1)["upload"]["url"]
    calls: dict[str, tuple[str, str]] = {
        "submit": ("POST", V4),
        "poll": ("GET", f"predictions/{job['id']}/result"),
        "list": ("POST", "predictions"),
        "delete": ("POST", "predictions/delete"),
        "upload_ticket": ("POST", "media/uploads"),
        "upload_binary": ("POST", "media/upload/binary"),
        "upload_put": ("PUT", put),
        "output": ("GET", job["outputs"][0]),
        "balance": ("GET", "balance"),
        "price": ("POST", "model/price"),
        "models": ("GET", "models"),
        "billings": ("POST", "billings/search"),
    }
    for kind, (method, path) in calls.items():
        emulator.faults.push(Fault(kind, Answer(418)))
        url = path if path.startswith("http") else f"{emulator.url}/api/v3/{path}"
        assert visitor.request(method, url).status_code == 418, kind


# ------------------------------------------------------------------------------------------------------------ the journal
def test_the_journal_has_every_request_with_the_key_masked(caller: Caller, emulator: WaveSpeed) -> None:
    caller.submitted()
    (received,) = emulator.journal.of("submit")
    assert (received.method, received.path, received.json) == ("POST", f"/api/v3/{V4}/sequential", FOUR)
    assert (received.status, received.at) == (200, emulator.clock.now())
    assert received.size == int(received.headers["content-length"])
    assert received.headers["authorization"] == "Bearer ***"
    assert (received.keys_in, received.leaks) == (("header authorization",), ())


@pytest.mark.parametrize(
    ("request_of", "place"),
    [
        ({"headers": {"Authorization": "Bearer ws-emulator-key-0001"}}, "header authorization"),
        ({"params": {"key": "ws-emulator-key-0001"}}, "url"),
        ({"headers": {"Cookie": "d3MtZW11bGF0b3Ita2V5LTAwMDE="}}, "header cookie"),
    ],
)
def test_a_key_sent_with_a_download_is_noticed(
    caller: Caller, emulator: WaveSpeed, request_of: dict[str, Any], place: str
) -> None:
    url = picture_url(caller, emulator)
    visitor.get(url, **request_of)
    assert [received.leaks for received in emulator.journal.leaks] == [(place,)]
    assert emulator.key not in str(emulator.journal.requests)


def test_a_key_in_a_body_is_noticed_even_where_the_platform_wants_one(caller: Caller, emulator: WaveSpeed) -> None:
    caller.submit(V4, prompt=f"A kettle {emulator.key}")
    assert emulator.journal.leaks[0].leaks == ("body",)


def test_a_test_can_wait_for_a_request(caller: Caller, emulator: WaveSpeed) -> None:
    caller.submitted()
    assert len(emulator.journal.wait_for("submit")) == 1
    with pytest.raises(TimeoutError, match="1 of 2"):
        emulator.journal.wait_for("submit", 2, timeout=0.01)


def test_stopping_does_not_wait_for_those_who_wait(emulator: WaveSpeed) -> None:
    emulator.script(Script(until=Event()))
    emulator.faults.push(Fault("balance", Silence()))
    with pytest.raises(httpx.ReadTimeout):
        visitor.get(f"{emulator.url}/api/v3/balance", timeout=0.05)
    emulator.stop()
    with pytest.raises(httpx.ConnectError):
        visitor.get(emulator.url)
