"""The whole app, killed with −9 while programs make sets: every set is there when it is back, made and paid once."""

import hashlib
import random
import secrets
import time
from collections import Counter
from decimal import Decimal

import httpx
import pytest

from tests.api.programs import Api
from tests.conftest import started_app
from tests.emulators.wavespeed import WaveSpeed
from tests.kills.test_kills import LONG

ASK = {"platform": "wavespeed", "size": "1024*1024", "wait": False}
END_SECONDS = 60


@pytest.mark.timeout(900)
def test_sets_that_programs_started_are_whole_after_the_kill(emulator: WaveSpeed) -> None:
    chance, token = random.Random(11), {"x-visitor-token": secrets.token_hex(16)}
    emulator.duration = 0.8
    environment = {"WAVESPEED_BASE_URL": emulator.url, "WAVESPEED_API_KEY": emulator.key, "WAVESPEED_LEVEL": "ultra"}
    with started_app(**environment) as app:
        api = Api(app.url)
        for number in range(6 if LONG else 1):
            for seq in (True, False):
                api.call("generate", token, prompt=f"kettle {number}", sequence=seq, count=3, **ASK)
            time.sleep(chance.uniform(0.0, 1.5))
            app.kill()
            assert app.start(), app.log
        records = over(api, token)
        assert {record["status"] for record in records} <= {"completed", "unknown"}  # unknown: killed before it was sent
        shown = Counter(hash_of(image["url"]) for record in records for image in images(api, token, record))
    made = Counter(hashlib.sha256(job.picture(i)).hexdigest() for job in emulator.jobs for i in range(job.count))
    assert shown == made
    assert emulator.journal.count("submit") == len(emulator.jobs) <= 4 * len(records) // 2
    charged = [job["charged_usd"] for record in records for job in record["jobs"] if job["charged_usd"]]  # type: ignore[attr-defined]
    assert sum(map(Decimal, charged), Decimal(0)) == emulator.owner.charged


def over(api: Api, token: dict[str, str]) -> list[dict[str, object]]:
    until = time.monotonic() + END_SECONDS
    while time.monotonic() < until:
        records: list[dict[str, object]] = api.call("runs", token)[0]
        if all(record["status"] != "running" for record in records):
            return records
        time.sleep(0.2)
    raise AssertionError(f"still running after {END_SECONDS} s: {records}")


def images(api: Api, token: dict[str, str], record: dict[str, object]) -> list[dict[str, str]]:
    found: list[dict[str, str]] = api.call("run", token, run_id=record["run_id"])[0]
    return found


def hash_of(url: str) -> str:
    return hashlib.sha256(httpx.get(url).content).hexdigest()
