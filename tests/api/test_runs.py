"""`/runs`, `/run` and `/cancel` for programs: what was made is found again by whoever made it, and by nobody else."""

import secrets
import time
from typing import Any

import pytest

from tests.api.programs import Api, Refused
from tests.conftest import App

SMALL = {"prompt": "a red kettle", "count": 1, "size": "256*256"}


@pytest.fixture
def anna() -> dict[str, str]:
    return {"x-visitor-token": secrets.token_hex(16)}


def made(api: Api, headers: dict[str, str] | None = None, **more: Any) -> dict[str, Any]:
    return dict(api.call("generate", headers, **(SMALL | more))[1])


def listed(api: Api, headers: dict[str, str] | None = None, **asked: Any) -> list[dict[str, Any]]:
    return list(api.call("runs", headers, **asked)[0])


class TestTheList:
    def test_has_a_visitors_runs_newest_first_without_their_panels(self, api: Api, anna: dict[str, str]) -> None:
        ids = [made(api, anna, prompt=f"kettle {i}")["run_id"] for i in range(3)]
        found = listed(api, anna)
        assert [record["run_id"] for record in found] == ids[::-1]
        assert all("panels" not in record and record["status"] == "completed" for record in found)
        assert [record["run_id"] for record in listed(api, anna, limit=2)] == ids[:0:-1]

    def test_is_searched_by_words_of_the_prompt_and_the_panels(self, api: Api, anna: dict[str, str]) -> None:
        made(api, anna, prompt="A Kettle", panels=["in 100% snow"])
        made(api, anna, prompt="a fox")
        assert len(listed(api, anna, query="snow KETTLE")) == 1
        assert len(listed(api, anna, query="100%")) == 1
        assert listed(api, anna, query="sn_w") == []
        assert listed(api, anna, query="' or 1=1 --") == []

    def test_is_empty_without_a_token_and_for_a_stranger(self, api: Api, anna: dict[str, str]) -> None:
        made(api, anna)
        made(api)
        assert listed(api) == []
        assert listed(api, {"x-visitor-token": "somebody else"}) == []

    @pytest.mark.parametrize("limit", [0, -1, 1001, "5", 1.5, True])
    def test_has_a_limit_that_is_a_sensible_number(self, api: Api, limit: Any) -> None:
        with pytest.raises(Refused, match="Limit has to be a whole number from 1 to 1000"):
            listed(api, limit=limit)


class TestARun:
    def test_is_found_by_its_id_with_its_images(self, api: Api) -> None:
        record = made(api)
        images, again = api.call("run", run_id=record["run_id"])
        assert again == record
        assert api.http.get(images[0]["url"]).headers["content-type"] == "image/jpeg"

    def test_that_was_made_with_a_token_is_found_with_that_token_only(self, api: Api, anna: dict[str, str]) -> None:
        run_id = made(api, anna)["run_id"]
        assert api.call("run", anna, run_id=run_id)[1]["run_id"] == run_id
        for other in (None, {"x-visitor-token": ""}, {"x-visitor-token": "somebody else"}):
            for endpoint in ("run", "cancel"):
                with pytest.raises(Refused, match="no longer on this server"):
                    api.call(endpoint, other, run_id=run_id)

    def test_that_does_not_wait_is_followed_by_asking(self, api: Api) -> None:
        record = made(api, wait=False, count=4, size="1024*1024")
        assert record["status"] == "running"
        until = time.monotonic() + 30
        while record["status"] == "running" and time.monotonic() < until:
            images, record = api.call("run", run_id=record["run_id"])
            assert len(images) == record["returned"]
        assert (record["status"], record["returned"]) == ("completed", 4)

    @pytest.mark.parametrize("wrong", ["", "x" * 32, "../../studio.db", "%", None, 7, {"a": 1}])
    def test_with_a_wrong_id_is_said_not_to_be_here(self, api: Api, wrong: Any) -> None:
        with pytest.raises(Refused, match=r"no longer on this server|Run id has to be text"):
            api.call("run", run_id=wrong)


class TestACancel:
    def test_stops_the_renderer_within_a_panel_and_costs_nothing(self, api: Api) -> None:
        record = made(api, wait=False, count=15, size="4096*4096")
        asked = time.monotonic()
        api.call("cancel", run_id=record["run_id"])
        while record["status"] == "running" and time.monotonic() < asked + 30:
            record = api.call("run", run_id=record["run_id"])[1]
        assert (record["status"], record["cost_usd"]) == ("cancelled", 0)
        assert record["returned"] < 15
        assert time.monotonic() - asked < 8

    def test_of_what_is_over_changes_nothing(self, api: Api) -> None:
        record = made(api)
        assert api.call("cancel", run_id=record["run_id"])[0] == record


def test_a_run_is_there_after_a_restart(app: App, api: Api, anna: dict[str, str]) -> None:
    """What is found comes from the database, not from memory: the app's own file has it."""
    run_id = made(api, anna)["run_id"]
    files = [path for path in app.data_dir.glob("studio.db*") if path.is_file()]
    assert any(run_id.encode() in path.read_bytes() for path in files)
