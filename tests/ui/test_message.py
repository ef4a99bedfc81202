"""Anybody may send the page's functions anything: the answer is one sentence, and the log stays quiet."""

import asyncio
import json
import logging
import time
from typing import Any

import pytest

from seedream_ui.request import SequenceRequest
from seedream_ui.runs import Spender, runs
from seedream_ui.runs.records import Records
from seedream_ui.ui import history, server  # noqa: F401 - for what they serve
from seedream_ui.ui.message import UNREADABLE, Message
from seedream_ui.ui.served import SERVER_FUNCTIONS

FUNCTIONS = {function.__name__: function for function in SERVER_FUNCTIONS}
NUL = "has a NUL character in it, which cannot be kept. Take it out."
FIELDS = ("draft", "files", "run", "index", "sha256", "press", "version", "kind", "name", "pinned", "before", "query", "text")
FIELDS += ("key", "platform", "origin", "session", "visitor")
WHOLE: dict[str, Any] = {
    "draft": {"prompt": "a fox", "count": 1, "size": {"kind": "exact", "width": 256, "height": 256}},
    "files": [{"path": "/nowhere", "name": "a.png"}],
    "run": "r" * 32,
    "index": 1,
    "sha256": ["0" * 64],
    "press": "p",
    "version": 1,
    "kind": "zip",
    "name": "a",
    "pinned": True,
    "before": 1.5,
    "query": "fox",
    "text": "a fox",
    "key": "k",
    "platform": "sketch",
    "origin": "http://127.0.0.1",
    "session": "s" * 32,
    "visitor": "v" * 32,
}
ODD = [None, 5, 1e400, float("nan"), 10**400, True, "", "x" * 150_000, "\0", "\ud83e"]
ODD += [[], [[]], ["x"], [None], {}, {"a": 1}, [{}] * 9000]

pytestmark = pytest.mark.usefixtures("data_dir")


def ask(name: str, message: Any) -> dict[str, Any]:
    answer = asyncio.run(FUNCTIONS[name](message, None))
    assert len(json.dumps(answer, ensure_ascii=False).encode()) < 200_000
    return answer


def sentence(answer: dict[str, Any]) -> str:
    return str(answer.get("error", ""))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_no_message_is_too_odd_to_be_answered_in_words(name: str, caplog: pytest.LogCaptureFixture) -> None:
    for message in (None, 5, "x" * 150_000, [], [WHOLE]):
        assert sentence(ask(name, message)) == UNREADABLE
    ask(name, {})
    for field in FIELDS:
        for odd in ODD:
            began = time.monotonic()
            answer = ask(name, WHOLE | {field: odd})
            assert len(sentence(answer)) < 300, (field, odd)
            assert time.monotonic() - began < 3, (field, str(odd)[:40])
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


@pytest.mark.parametrize(
    "draft",
    [
        *({"panels": 5}, {"panels": "x" * 150_000}, {"panels": [{}] * 90_000}, {"references": 5}, {"options": [1]}),
        *({"options": 5}, {"platform": ["x"]}, {"model": {}}, {"prompt": "\ud83e"}, {"count": []}, {"count": "\ud83e"}),
        *({"preset": []}, {"size": "\ud83e"}),
    ],
)
def test_nor_is_any_form(draft: dict[str, Any], caplog: pytest.LogCaptureFixture) -> None:
    for name in ("describe_draft", "start_run", "code_for", "account"):
        answer = ask(name, WHOLE | {"draft": {"prompt": "a fox", "count": 99} | draft})
        assert sentence(answer) or answer["problems"]
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ("x" * 150_000, UNREADABLE),
        (["x"] * 3, UNREADABLE),
        ([{"path": "/x"}], UNREADABLE),
        ([{"path": "/x", "name": 5}], UNREADABLE),
        ([{"path": "/x", "name": "x"}] * 21, "At most 20 pictures can be added at once. Add fewer."),
    ],
)
def test_files_are_a_short_list_of_uploads(files: Any, words: str) -> None:
    assert sentence(ask("bring_in", {"files": files})) == words


@pytest.mark.parametrize("path", ["/etc/passwd", "x" * 4000, "/" + "x/" * 2000, "."])
def test_a_file_that_was_not_uploaded_is_refused_by_its_name(path: str) -> None:
    answer = ask("bring_in", {"files": [{"path": path, "name": "mine.png"}]})
    assert answer["references"] == []
    assert "it was not uploaded here" in answer["refused"][0]


@pytest.mark.parametrize("odd", [None, 5, [], {}, "v" * 201, "\0", "\ud83e"])
def test_only_a_short_text_is_a_visitor(odd: Any) -> None:
    assert Message({"visitor": odd}).visitor == ""
    assert Message({"visitor": "v" * 200}).visitor == "v" * 200


def test_what_a_person_typed_is_refused_in_words(caplog: pytest.LogCaptureFixture) -> None:
    run = made("v")
    asked = {"visitor": "v", "run": run}
    assert sentence(ask("rename_run", asked | {"name": "a\0b"})) == f"Name {NUL}"
    assert sentence(ask("rename_run", asked | {"name": "x" * 121})) == "Name is 121 characters long; the limit is 120."
    assert sentence(ask("history", asked | {"query": "\0"})) == f"Query {NUL}"
    assert sentence(ask("history", asked | {"query": "x " * 101})) == "Query is 202 characters long; the limit is 200."
    assert len(ask("history", asked | {"query": "x" * 200})["entries"]) == 0


def test_one_run_that_cannot_be_shown_takes_no_other_with_it(caplog: pytest.LogCaptureFixture, monkeypatch: Any) -> None:
    there, gone = made("v"), made("v")
    page = Records.page

    def of_a_model_that_is_gone(*asked: Any, **more: Any) -> Any:
        entries = page(*asked, **more)
        for entry in entries:
            if entry.run.id == gone:
                object.__setattr__(entry.run.request, "model", "gone")
        return entries

    monkeypatch.setattr(Records, "page", of_a_model_that_is_gone)
    assert [run["id"] for run in ask("recent", {"visitor": "v"})["runs"]] == [there]
    assert [entry["id"] for entry in ask("history", {"visitor": "v"})["entries"]] == [there]
    assert {record.message for record in caplog.records if record.exc_info} == {f"run {gone[:6]} cannot be shown"}


def test_a_failure_of_ours_keeps_its_traceback_once(caplog: pytest.LogCaptureFixture, monkeypatch: Any) -> None:
    def breaks(*_: Any) -> None:
        raise KeyError("ours")

    monkeypatch.setattr(server, "describe", breaks)
    assert sentence(ask("describe_draft", WHOLE)).startswith("Something went wrong on this server.")
    assert len([record for record in caplog.records if record.exc_info]) == 1


def made(visitor: str) -> str:
    """The id of a small set, which is over."""
    request = SequenceRequest.model_validate(WHOLE["draft"])

    async def make() -> str:
        run = await runs().start(request, spender=Spender(visitor))
        return (await runs().finish(run.id, visitor)).id

    return asyncio.run(make())
