"""WaveSpeedAI on loopback: the whole contract of its Seedream models, with money, time and faults under a test's control.

    with WaveSpeed() as emulator:
        client = wavespeed.Client(api_key=emulator.key, base_url=emulator.url)

`emulator.duration` is how long jobs take, `emulator.clock` moves time, `emulator.rules` and `emulator.models` change what the
platform accepts, `emulator.script(Script(...))` says how the next job goes, `emulator.faults.push(Fault(...))` what goes wrong on
the way, `emulator.journal` what was received, `emulator.jobs` and `emulator.owner.ledger` what came of it.

By hand: `python -m tests.emulators.wavespeed --port 0 --duration 5`.
"""

import argparse
import threading
import time
from collections import deque
from collections.abc import Iterable, Mapping
from contextlib import suppress
from decimal import Decimal
from typing import Any, ClassVar
from urllib.parse import urlsplit

from starlette.requests import Request

from tests.emulators import wavespeed_media as media
from tests.emulators import wavespeed_routes as routes
from tests.emulators.clock import Clock
from tests.emulators.emulator import Emulator, Refused, Route, route
from tests.emulators.journal import PATIENCE
from tests.emulators.wavespeed_accounts import Account
from tests.emulators.wavespeed_checks import refused
from tests.emulators.wavespeed_jobs import Job, Script
from tests.emulators.wavespeed_rules import LEVELS, Model, Rules, models
from tests.emulators.wavespeed_uploads import Size, Uploads, form_of, inline_pixels

KEY = "ws-emulator-key-0001"
API = routes.API


class WaveSpeed(Emulator):
    """The platform. `key` and `owner` are the account that is always there; `account` opens others."""

    routes: ClassVar[tuple[Route, ...]] = (
        route("list", "POST", f"{API}/predictions", routes.history),
        route("delete", "POST", f"{API}/predictions/delete", routes.delete),
        route("poll", "GET", f"{API}/predictions/{{id}}/result", routes.result),
        route("poll", "GET", f"{API}/predictions/{{id}}", routes.result),
        route("upload_ticket", "POST", f"{API}/media/uploads", media.ticket),
        route("upload_binary", "POST", f"{API}/media/upload/binary", media.binary),
        route("balance", "GET", f"{API}/balance", routes.balance),
        route("billings", "POST", f"{API}/billings/search", routes.billings),
        route("models", "GET", f"{API}/models", routes.models),
        route("price", "POST", f"{API}/model/price", routes.price),
        route("price", "POST", f"{API}/model/pricing", routes.legacy_price),
        route("submit", "POST", f"{API}/{{model:path}}", routes.submit),
        route("upload_put", "PUT", "/put/{id}", media.put, keyed=False),
        route("file", "GET", "/u/{id}/{name}", media.file_itself, keyed=False),
        route("output", "GET", r"/out/{id}/(?P<index>\d+)\.(?P<format>\w+)", routes.output, keyed=False),
    )

    def __init__(self, port: int = 0, clock: Clock | None = None, key: str = KEY) -> None:
        super().__init__(port, clock)
        self.key = key
        self.duration = 0.05
        self.rules = Rules()
        self.models: dict[str, Model] = models()
        self.discount = Decimal()
        """A share taken off every price: Decimal("0.1") is 10 %."""
        self.uploads = Uploads()
        self.accounts: dict[str, Account] = {}
        self._scripts: deque[Script] = deque()
        self.account(key)

    @property
    def owner(self) -> Account:
        return self.accounts[self.key]

    def account(self, key: str, balance: str = "100", level: str = "ultra") -> Account:
        """Opens another account, or the same one anew."""
        self.accounts[key] = Account(key, Decimal(balance), LEVELS[level])
        return self.accounts[key]

    def script(self, *scripts: Script) -> None:
        """How the next jobs go, in the order of their submits."""
        self._scripts.extend(scripts)

    def next_script(self) -> Script:
        return self._scripts.popleft() if self._scripts else Script()

    def hold(self) -> threading.Event:
        """The next job goes on until the event that this returns is set."""
        event = threading.Event()
        self.script(Script(until=event))
        return event

    @property
    def jobs(self) -> list[Job]:
        """All that were taken in, of all accounts, oldest first."""
        self.settle()
        return sorted((job for account in self.accounts.values() for job in account.jobs), key=lambda job: job.created_at)

    def wait_for_jobs(self, count: int = 1, timeout: float = PATIENCE) -> list[Job]:
        """Waits (blocking) until so many jobs were taken in, for submits that get no answer; raises TimeoutError."""
        until = time.monotonic() + timeout
        while len(self.jobs) < count:
            if time.monotonic() > until:
                raise TimeoutError(f"{len(self.jobs)} of {count} jobs in {timeout} s")
            time.sleep(routes.GLANCE)
        return self.jobs

    def job(self, job_id: str) -> Job | None:
        self.settle()
        return next((account.by_id[job_id] for account in self.accounts.values() if job_id in account.by_id), None)

    def settle(self) -> None:
        """Brings all accounts up to now, as every request does."""
        for account in self.accounts.values():
            account.settle(self.rules, self.clock.now())

    def cost(self, model: Model, inputs: Mapping[str, Any]) -> Decimal:
        return model.price * int(inputs.get("max_images", 1)) * (1 - self.discount)

    def pixels_of(self, reference: str) -> Size | None:
        """The size of what a reference in `images` stands for; None if the platform cannot read it."""
        form = form_of(reference)
        if form not in self.rules.image_forms:
            return None
        return inline_pixels(reference) if form != "url" else self._pixels_at(reference)

    def _pixels_at(self, url: str) -> Size | None:
        """Only what this emulator serves can be read: uploads, and its own outputs."""
        if not url.startswith(f"{self.url}/"):
            return None
        path = urlsplit(url).path
        file = self.uploads.at(path, self.clock.now())
        if file:
            return file.pixels
        job = self.job(path.split("/")[2]) if path.startswith("/out/") else None
        return job.size if job else None

    def keys(self) -> Iterable[str]:
        return list(self.accounts)

    def account_of(self, request: Request) -> Account:
        scheme, _, key = request.headers.get("authorization", "").partition(" ")
        account = self.accounts.get(key.strip()) if scheme.lower() == "bearer" else None
        if not account:
            raise refused(401, "Unauthorized: missing or invalid API key")
        account.settle(self.rules, self.clock.now())
        return account

    def unknown(self) -> Refused:
        return refused(404, "not found")


def main() -> None:
    parser = argparse.ArgumentParser(description="WaveSpeedAI on loopback.")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--duration", type=float, default=5.0, help="seconds that a job takes")
    parser.add_argument("--key", default=KEY)
    parser.add_argument("--balance", default="100", help="dollars on the account")
    parser.add_argument("--level", choices=LEVELS, default="ultra")
    given = parser.parse_args()
    emulator = WaveSpeed(given.port, key=given.key)
    emulator.duration = given.duration
    emulator.account(given.key, given.balance, given.level)
    with emulator:
        print(emulator.url, flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        main()
