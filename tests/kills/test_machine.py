"""Whatever people, the platform and the power cord do, in any order: nothing paid is lost, paid twice, or seen by others."""

import asyncio
import hashlib
import shutil
import tempfile
import time
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, precondition, rule

from seedream_ui.errors import RunNotFound
from seedream_ui.platforms.http import Door
from seedream_ui.platforms.remote import Remote
from seedream_ui.platforms.wavespeed import WaveSpeed as Adapter
from seedream_ui.request import SequenceRequest
from seedream_ui.runs import Run, Runs, Spender
from seedream_ui.secret import Secret
from seedream_ui.settings import Settings
from tests.emulators.faults import Fault, Reset, html
from tests.emulators.wavespeed import WaveSpeed
from tests.emulators.wavespeed_jobs import Job, Script
from tests.kills.test_kills import LONG
from tests.platforms.remote_driving import QUICK, SMALL, UNLIMITED, FastClock

ANNA, BEN = Spender("anna-token"), Spender("ben-token")
LATE, VERY_LATE = 30.0, 4000.0
ENDS = ("completed", "partial", "failed", "cancelled", "unknown")
SUBMITS = {
    "well": (),
    "lost and taken": (Fault("submit", Reset(processed=True)),),
    "lost and not taken": (Fault("submit", html(502)),),
    "lost and lands late": (Fault("submit", Reset(processed=True)),),
    "lost and lands very late": (Fault("submit", Reset(processed=True)),),
    "fails": (),
    "fewer": (),
}
SCRIPTS = {
    "lost and lands late": Script(late=LATE),
    "lost and lands very late": Script(late=VERY_LATE),
    "fails": Script(status="failed", code=1200),
    "fewer": Script(returned=1),
}


class Life(RuleBasedStateMachine):
    """A server, two visitors with keys of one account, a platform, and time that passes as fast as it can be worked through."""

    runs = Bundle("runs")

    @initialize()
    def begins(self) -> None:
        self.place = Path(tempfile.mkdtemp(prefix="seedream-life-"))
        self.platform = WaveSpeed()
        self.platform.__enter__()
        self.clock = FastClock(self.platform)
        self.server: Runs | None = None
        self.pressed: dict[str, tuple[str, Spender, SequenceRequest]] = {}
        self.starts()

    # ---------------------------------------------------------------------------------------------------------- people
    @precondition(lambda self: self.server)
    @rule(
        target=runs,
        how=st.sampled_from(sorted(SUBMITS)),
        who=st.sampled_from((ANNA, BEN)),
        count=st.integers(1, 3),
        seq=st.booleans(),
    )
    def presses(self, how: str, who: Spender, count: int, seq: bool) -> str:
        assert self.server
        self.platform.faults.push(*SUBMITS[how])
        if how in SCRIPTS:
            self.platform.script(SCRIPTS[how])
        number = len(self.pressed)
        request = SequenceRequest(prompt=f"kettle {number:03}", platform="wavespeed", count=count, sequence=seq, size=SMALL)
        run = asyncio.run(self.server.start(request, f"press-{number}", Secret(self.platform.key), who))
        self.pressed[f"press-{number}"] = (run.id, who, request)
        return f"press-{number}"

    @precondition(lambda self: self.server)
    @rule(press=runs)
    def presses_again(self, press: str) -> None:
        """As a page does whose answer was lost."""
        assert self.server
        run_id, who, request = self.pressed[press]
        assert asyncio.run(self.server.start(request, press, Secret(self.platform.key), who)).id == run_id

    @precondition(lambda self: self.server)
    @rule(press=runs)
    def cancels(self, press: str) -> None:
        assert self.server
        run_id, who, _ = self.pressed[press]
        asyncio.run(self.server.stop(run_id, who.visitor))

    @precondition(lambda self: self.server)
    @rule(press=runs)
    def looks_and_closes_the_tab(self, press: str) -> None:
        assert self.server
        run_id, who, _ = self.pressed[press]
        asyncio.run(self.server.newer(run_id, 1, 0.02, who.visitor))

    @precondition(lambda self: self.server)
    @rule(who=st.sampled_from((ANNA, BEN)))
    def gives_the_key_again(self, who: Spender) -> None:
        assert self.server
        asyncio.run(self.server.give_key(Secret(self.platform.key), "wavespeed", who.visitor))

    @precondition(lambda self: self.server)
    @rule(press=runs)
    def looks_again(self, press: str) -> None:
        assert self.server
        run_id, who, _ = self.pressed[press]
        asyncio.run(self.server.look_again(run_id, Secret(self.platform.key), who.visitor))

    # ------------------------------------------------------------------------------------------------- server and time
    @precondition(lambda self: self.server)
    @rule()
    def crashes(self) -> None:
        assert self.server
        self.server.close()
        self.server = None

    @precondition(lambda self: not self.server)
    @rule()
    def starts(self) -> None:
        place = Settings(self.place, keep_days=7, keep_gb=1, ephemeral=False)
        door = Door(clock=self.clock, deadlines=QUICK)
        self.server = Runs(place, {"wavespeed": Remote(Adapter(), self.platform.url, door, UNLIMITED)})

    @rule(seconds=st.sampled_from((0.01, 0.05, 0.3)))
    def time_passes(self, seconds: float) -> None:
        time.sleep(seconds)

    # ------------------------------------------------------------------------------------------------- always true
    @invariant()
    def no_job_is_sent_twice(self) -> None:
        for _, _, request in self.pressed.values():
            assert len(self._jobs(request)) <= (1 if request.sequence else request.count)

    @invariant()
    def nobody_sees_what_is_not_theirs(self) -> None:
        if not self.server:
            return
        for run_id, who, _ in self.pressed.values():
            for other in ({ANNA, BEN} - {who}).pop().visitor, "":
                with pytest.raises(RunNotFound):
                    self.server.find(run_id, other)
            assert run_id in {entry.run.id for entry in self.server.history.page(who.visitor)}

    # ------------------------------------------------------------------------------------------------- true in the end
    def teardown(self) -> None:
        try:
            if hasattr(self, "server"):
                self._comes_to_an_end()
        finally:
            if getattr(self, "server", None):
                self.server.close()  # type: ignore[union-attr]
            self.platform.__exit__(None, None, None)
            shutil.rmtree(self.place, ignore_errors=True)

    def _comes_to_an_end(self) -> None:
        if not self.server:
            self.starts()
        self._waits_for_all()
        self.platform.clock.advance(VERY_LATE)
        self.platform.faults.clear()
        for run_id, who, _ in self.pressed.values():
            asyncio.run(self.server.look_again(run_id, Secret(self.platform.key), who.visitor))  # type: ignore[union-attr]
        found = self._waits_for_all()
        assert all(run.status in ENDS and not run.open for run in found.values())
        assert all(frame.state in ("done", "failed", "stopped", "unknown") for run in found.values() for frame in run.frames)
        for press, (_, _, request) in self.pressed.items():
            made = Counter(
                _hash(job.picture(i)) for job in self._jobs(request) if job.status == "completed" for i in range(job.count)
            )
            assert Counter(frame.sha256 for frame in found[press].frames if frame.file) == made, (press, found[press])
        self._books_agree(found)

    def _books_agree(self, found: dict[str, Run]) -> None:
        assert self.server
        for run in found.values():
            known = sum((job.charged_usd or Decimal(0) for job in run.jobs), Decimal(0))
            assert known == self._charged(run.request), run
        settled = sum(
            (run.cost_usd for run in found.values() if run.cost_is == "charged" and run.status != "unknown"), Decimal(0)
        )
        assert sum((self.server.history.totals(who.visitor).ever for who in (ANNA, BEN)), Decimal(0)) == settled

    def _charged(self, request: SequenceRequest) -> Decimal:
        """By the platform's own ledger."""
        own = {job.id for job in self._jobs(request)}
        lines = [line for line in self.platform.owner.ledger if line.job.id in own]
        return sum((line.price if line.kind == "deduct" else -line.price for line in lines), Decimal(0))

    def _waits_for_all(self) -> dict[str, Run]:
        assert self.server
        until = time.monotonic() + 60
        for who in (ANNA, BEN):
            asyncio.run(self.server.give_key(Secret(self.platform.key), "wavespeed", who.visitor))
        while True:
            found = {press: self.server.find(run_id, who.visitor) for press, (run_id, who, _) in self.pressed.items()}
            if not any(run.open for run in found.values()):
                return found
            assert time.monotonic() < until, [run.model_dump() for run in found.values() if run.open]
            for run in found.values():
                if run.needs_key:
                    who = next(who for run_id, who, _ in self.pressed.values() if run_id == run.id)
                    asyncio.run(self.server.give_key(Secret(self.platform.key), "wavespeed", who.visitor))
            time.sleep(0.02)

    def _jobs(self, request: SequenceRequest) -> list[Job]:
        return [job for job in self.platform.jobs if request.prompt in str(job.body["prompt"])]


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


TestLife = Life.TestCase
TestLife.settings = settings(
    max_examples=60 if LONG else 12,
    stateful_step_count=14,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # an example takes seconds: making it smaller, minutes
    suppress_health_check=list(HealthCheck),
    print_blob=True,
)
TestLife = pytest.mark.timeout(1200)(TestLife)
