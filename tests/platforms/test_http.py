"""The door to the network: what is sent again, what is never sent, and what nobody gets to read."""

import asyncio
import base64
import html
import json
import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import httpx
import pytest

from seedream_ui.errors import AnswerLost, Busy, DownloadFailed, KeyRefused, NotAnswering, PlatformError, Rejected, Unreachable
from seedream_ui.platforms.http import POOLS, Deadlines, Door, HttpCall, Line, Reply
from seedream_ui.platforms.patience import Clock, patience
from seedream_ui.platforms.replies import error_of, inline_picture, json_of, plain_words
from seedream_ui.secret import Secret

KEY = Secret("canary-key-123456")
GET = HttpCall("GET", "/thing")
POST = HttpCall("POST", "/job", {"prompt": "a fox"})
LOOK = HttpCall("POST", "/list", {}, repeatable=True)
Answer = httpx.Response | Exception


class Network:
    """Answers one after the other, the last for ever."""

    def __init__(self, *answers: Answer) -> None:
        self.answers, self.requests = list(answers), list[httpx.Request]()
        self.slept: list[float] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)

    @property
    def clock(self) -> Clock:
        return Clock(sleep=self.sleep, jitter=lambda most: most)

    @property
    def line(self) -> Line:
        return Door(self.clock, transport=httpx.MockTransport(self)).line("Acme", "https://api.acme.test/", KEY)


def read(reply: Reply) -> Any:
    """As a platform reads: errors by status, then JSON."""
    if reply.status != 200:
        raise error_of("Acme", reply.status, "", reply.retry_after)
    try:
        return json_of(reply)["value"]
    except (ValueError, KeyError):
        raise AnswerLost("Acme") from None


GOOD = httpx.Response(200, json={"value": 7})
DOWN = httpx.ConnectError("no")


@pytest.mark.parametrize(
    "trouble",
    [
        httpx.Response(429),
        httpx.Response(500),
        httpx.Response(502, html="<h1>bad</h1>"),
        httpx.Response(503),
        httpx.Response(504),
        httpx.Response(200, text='{"value": '),
        httpx.Response(200, json={"value_": 1}),
        DOWN,
        httpx.ReadTimeout("no"),
        httpx.ReadError("no"),
        httpx.RemoteProtocolError("no"),
        httpx.PoolTimeout("no"),
    ],
    ids=repr,
)
@pytest.mark.parametrize("call", [GET, LOOK], ids=["GET", "a POST that only asks"])
async def test_a_question_is_asked_again(trouble: Answer, call: HttpCall) -> None:
    network = Network(trouble, trouble, GOOD)
    assert await network.line.ask(call, read) == 7
    assert network.slept == [0.5, 1.0]


async def test_a_question_is_not_asked_for_ever() -> None:
    network = Network(httpx.Response(503))
    with pytest.raises(NotAnswering):
        await network.line.ask(GET, read)
    assert network.slept == [0.5, 1, 2, 4, 8]


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 413, 422])
async def test_a_no_is_a_no(status: int) -> None:
    network = Network(httpx.Response(status))
    with pytest.raises(PlatformError) as caught:
        await network.line.ask(GET, read)
    assert (caught.value.charged, caught.value.repeat) == ("nothing", "never")
    assert len(network.requests) == 1


@pytest.mark.parametrize(
    "trouble",
    [
        httpx.Response(500),
        httpx.Response(502, html="<h1>bad</h1>"),
        httpx.Response(302, headers={"location": "/"}),
        httpx.Response(200, text="no"),
        httpx.ReadTimeout(""),
        httpx.WriteTimeout(""),
        httpx.ReadError(""),
        httpx.WriteError(""),
        httpx.RemoteProtocolError(""),
    ],
    ids=repr,
)
async def test_what_costs_is_not_sent_again_once_a_byte_left(trouble: Answer) -> None:
    network = Network(trouble, GOOD)
    with pytest.raises(AnswerLost) as caught:
        await network.line.ask(POST, read)
    assert caught.value.charged == "unknown"
    assert len(network.requests) == 1


@pytest.mark.parametrize("trouble", [DOWN, httpx.ConnectTimeout(""), httpx.PoolTimeout(""), httpx.ProxyError("")], ids=repr)
async def test_what_costs_is_sent_again_if_no_byte_left(trouble: Answer) -> None:
    assert await Network(trouble, trouble, GOOD).line.ask(POST, read) == 7
    with pytest.raises(Unreachable):
        await Network(trouble).line.ask(POST, read)


async def test_what_was_not_taken_is_sent_again_twice() -> None:
    network = Network(httpx.Response(429))
    with pytest.raises(Busy):
        await network.line.ask(POST, read)
    assert network.slept == [5, 5]


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7),
        ("0", 0),
        ("3600", 60),
        ("in half a minute", 30),
        ("half a minute ago", 0),
        ("soon", 5),
        ("²", 5),
    ],
)
async def test_retry_after_is_honoured_up_to_a_minute(header: str, seconds: float) -> None:
    ahead = {"in half a minute": 30, "half a minute ago": -30}.get(header)
    if ahead is not None:
        header = format_datetime(datetime.now(UTC) + timedelta(seconds=ahead), usegmt=True)
    network = Network(httpx.Response(429, headers=[(b"Retry-After", header.encode("latin-1"))]), GOOD)
    await network.line.ask(POST, read)
    assert network.slept == [pytest.approx(seconds, abs=2)]


def test_the_wait_is_jittered_in_full() -> None:
    waits = [patience(AnswerLost("Acme"), True, 5, Clock()) for _ in range(200)]
    assert min(wait or 0 for wait in waits) < 2
    assert 6 < max(wait or 0 for wait in waits) <= 8


async def test_whatever_breaks_while_a_reply_is_read_is_a_lost_answer(caplog: pytest.LogCaptureFixture) -> None:
    def broken(reply: Reply) -> Any:
        return reply.body.decode().encode("ascii")

    line = Network(httpx.Response(200, text="half a ¥")).line
    with pytest.raises(AnswerLost) as lost:
        await line.ask(POST, broken)
    assert lost.value.__context__ is lost.value.__cause__ is None
    with pytest.raises(NotAnswering):
        await line.ask(GET, broken)
    assert "UnicodeEncodeError" in caplog.text
    assert "in broken" in caplog.text
    assert "xa5" not in caplog.text


# -------------------------------------------------------------------------------------------------------------------- keys
@pytest.mark.parametrize("key", ["two\nlines", "a\x00b", "tab\there", "schlüssel", "dots•••", "\x7f-"])
async def test_a_key_of_a_form_that_no_header_can_carry_is_refused_before_any_call(key: str) -> None:
    network = Network(GOOD)
    line = Door(network.clock, transport=httpx.MockTransport(network)).line("Acme", "https://api.acme.test/", Secret(key))
    for call in (GET, POST):
        with pytest.raises(KeyRefused, match=r"was not sent.*Nothing was charged") as refused:
            await line.ask(call, read)
        assert key not in str(refused.value)
    assert not network.requests
    assert not network.slept


async def test_the_key_is_sent_to_the_platform_and_to_no_address_in_a_reply() -> None:
    network = Network(GOOD)
    await network.line.once(GET)
    await network.line.once(HttpCall("PUT", "https://elsewhere.test/x?sig=1", content=b"1", foreign=True))
    own, foreign = network.requests
    assert own.headers["authorization"] == f"Bearer {KEY.reveal()}"
    assert "authorization" not in foreign.headers
    assert KEY.reveal() not in str(foreign.headers) + str(foreign.url)


async def test_no_cookie_of_one_account_is_sent_with_anothers_key() -> None:
    network = Network(httpx.Response(200, json={}, headers={"Set-Cookie": "session=annas; Path=/"}))
    door = Door(network.clock, transport=httpx.MockTransport(network))
    for key in (KEY, Secret("another-key-654321")):
        for _ in range(POOLS):
            await door.line("Acme", "https://api.acme.test/", key).once(GET)
    assert not any("cookie" in request.headers for request in network.requests)


async def test_replies_are_asked_for_unpacked() -> None:
    network = Network(GOOD)
    await network.line.once(GET)
    assert network.requests[0].headers["accept-encoding"] == "identity"


def refused(reply: Reply) -> Any:
    raise error_of("Acme", 400, json_of(reply)["message"])


@pytest.mark.parametrize("key", ['wsk-Canary/ab+c"d\\e<f>&g-0123456789', "wsk-Canary-plain-000111222333"])
@pytest.mark.parametrize(
    "spelled",
    [
        str,
        html.escape,
        lambda key: base64.b64encode(key.encode()).decode(),
        lambda key: base64.b64encode(b"Key " + key.encode()).decode(),
        lambda key: base64.urlsafe_b64encode(b"xy" + key.encode()).decode(),
        lambda key: f"{key[:8]}<wbr>{key[8:]}",
        " ".join,
    ],
)
@pytest.mark.parametrize("escaped", [json.dumps, lambda text: '"' + "".join(f"\\u{ord(char):04x}" for char in text) + '"'])
async def test_a_platform_that_repeats_the_key_does_not_give_it_away(
    key: str, spelled: Callable[[str], str], escaped: Callable[[str], str]
) -> None:
    body = f'{{"message": {escaped(f"the key {spelled(key)} is no good here")}}}'
    network = Network(httpx.Response(400, content=body.encode()))
    line = Door(network.clock, transport=httpx.MockTransport(network)).line("Acme", "https://api.acme.test/", Secret(key))
    with pytest.raises(Rejected) as error:
        await line.ask(GET, refused)
    letters = "".join(char for char in str(error.value) if char.isalnum())
    for form in (key, *(base64.b64encode(b"x" * shift + key.encode()).decode()[4:-4] for shift in range(3))):
        bare = "".join(char for char in form if char.isalnum())
        assert not any(bare[start : start + 12] in letters for start in range(len(bare) - 11))
    assert "•••" in str(error.value)
    assert "is no good here" in str(error.value)


async def test_a_reply_is_read_as_it_came() -> None:
    reply = await Network(httpx.Response(200, json={"prompt": f"a fox named {KEY.reveal()}"})).line.once(GET)
    assert json_of(reply)["prompt"] == f"a fox named {KEY.reveal()}"


def test_a_short_key_hides_itself_alone_and_a_word_nothing() -> None:
    assert Secret("ab-12-cd-34").hidden_in("not ab-12-cd-34, but ab-12") == "not •••, but ab-12"
    assert all(Secret(word).hidden_in("a wrong key - •••") == "a wrong key - •••" for word in ("", "•••", "---", "a", "wrong"))


@pytest.mark.parametrize("trouble", [DOWN, httpx.ReadError("x"), httpx.Response(500), httpx.Response(401)], ids=repr)
async def test_no_error_leads_to_the_key(trouble: Answer) -> None:
    with pytest.raises(PlatformError) as caught:
        await Network(trouble).line.ask(POST, read)
    error: BaseException | None = caught.value
    while error:
        assert isinstance(error, PlatformError)  # no exception of httpx, which holds the request
        assert KEY.reveal() not in repr(error.__dict__) + str(error)
        error = error.__context__


async def test_nothing_of_a_call_or_line_shows_the_key() -> None:
    line = Network(GOOD).line
    assert KEY.reveal() not in repr(line) + str(line) + repr(POST) + f"{KEY}{KEY!r}{KEY!s}"
    for write in (json.dumps, __import__("pickle").dumps, __import__("copy").deepcopy):
        with pytest.raises(TypeError):
            write(KEY)


def test_keys_are_told_apart_by_their_text() -> None:
    assert Secret("a ") == Secret("a") != Secret("b")
    assert len({Secret("a"), Secret("a"), Secret("b")}) == 2
    assert Secret("a").tag == Secret("a").tag != Secret("b").tag
    assert not Secret("")


async def test_logs_of_the_libraries_hold_no_query(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    await Network(GOOD).line.once(HttpCall("GET", "https://elsewhere.test/x?signature=canary", foreign=True))
    logging.getLogger("httpcore.http11").debug("headers %r", [(b"location", b"https://a.test/b?signature=canary")])
    logging.getLogger("httpcore.connection").debug("Authorization: Bearer %s", "canary")
    assert "elsewhere.test/x?…" in caplog.text
    assert "canary" not in caplog.text


# ---------------------------------------------------------------------------------------------------------------- base URL
@pytest.mark.parametrize("base", ["http://api.acme.test", "ftp://127.0.0.1", "api.acme.test", "http://10.0.0.1:80", ""])
def test_a_key_goes_over_no_open_line(base: str) -> None:
    with pytest.raises(ValueError, match="https"):
        Door().line("Acme", base)


@pytest.mark.parametrize("base", ["http://127.0.0.1:8000", "http://localhost:8000/", "https://api.acme.test/"])
def test_this_machine_and_https_are_fine(base: str) -> None:
    assert not Door().line("Acme", base).base_url.endswith("/")


# -------------------------------------------------------------------------------------------------------------------- loops
def test_clients_are_closed_with_their_loop() -> None:
    door, clients = Door(transport=httpx.MockTransport(lambda request: GOOD)), list[httpx.AsyncClient]()

    async def use() -> None:
        line = door.line("Acme", "https://api.acme.test")
        await line.once(GET)
        clients.append(await door.client(guarded=False))
        assert clients[-1] in [await door.client(guarded=False) for _ in range(POOLS)]

    asyncio.run(use())
    asyncio.run(use())
    assert clients[0] is not clients[1]
    assert all(client.is_closed for client in clients)


async def test_an_endless_reply_is_given_up() -> None:
    with pytest.raises(AnswerLost):
        await Network(httpx.Response(200, content=bytes(2000))).line.once(HttpCall("GET", "/x", most_bytes=1000))


async def test_a_reply_that_drips_is_given_up() -> None:
    async def drip() -> Any:
        while True:
            yield b"."
            await asyncio.sleep(0.01)

    transport = httpx.MockTransport(lambda request: httpx.Response(200, content=drip()))
    line = Door(deadlines=Deadlines(), transport=transport).line("Acme", "https://api.acme.test")
    with pytest.raises(AnswerLost):
        await line.once(HttpCall("GET", "/x", seconds=-59.8))  # what is allowed in all is a minute more


# -------------------------------------------------------------------------------------------------------------------- words
@pytest.mark.parametrize(
    ("said", "plain"),
    [
        ("<p>Size <b>wrong</b></p>", "Size wrong"),
        ("a<script>alert(1)</script>b", "a b"),
        ("&lt;img src=x onerror=alert(1)&gt; no", "no"),
        ("see https://x.test/?key=1 now", "see … now"),
        ('{"code": 1}', ""),
        ('failed: {"code": 1}', "failed:"),
        ("413", ""),
        ("two\nlines\u202e\x00", "two lines"),
        (None, ""),
        (["x"], ""),
        ("w" * 500, "w" * 199 + "…"),
    ],
)
def test_a_platforms_message_becomes_plain_words(said: object, plain: str) -> None:
    assert plain_words(said) == plain


@pytest.mark.parametrize(
    ("status", "said", "kind"),
    [
        (401, "", KeyRefused),
        (403, "forbidden", KeyRefused),
        (404, "", Rejected),
        (408, "", AnswerLost),
        (409, "", AnswerLost),
        (418, "", AnswerLost),
        (429, "", Busy),
        (500, "insufficient credits", AnswerLost),
    ],
)
def test_a_status_becomes_an_error(status: int, said: str, kind: type[PlatformError]) -> None:
    assert type(error_of("Acme", status, said)) is kind


def test_pictures_inside_replies() -> None:
    assert inline_picture("aGk=") == inline_picture("data:image/png;base64,aGk=") == b"hi"
    assert inline_picture("<html>") is inline_picture("") is None


def test_a_download_is_tried_four_times() -> None:
    clock, gone = Clock(jitter=lambda most: most), DownloadFailed("Acme", "it is gone")
    assert [patience(gone, True, tries, clock) for tries in range(1, 5)] == [0.5, 1, 2, None]
