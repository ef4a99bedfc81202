"""Who pays: keys, balances, the ledger, and the limits of a level."""

import threading
import uuid
from dataclasses import dataclass, field
from decimal import Decimal

from tests.emulators.wavespeed_jobs import Job
from tests.emulators.wavespeed_rules import LEVELS, Level, Rules

MINUTE = 60


@dataclass(frozen=True)
class Entry:
    """A line of the ledger. `kind` is `deduct` or `refund`; the price is positive in both."""

    kind: str
    price: Decimal
    created_at: float
    job: Job
    uuid: str = field(default_factory=lambda: uuid.uuid4().hex)


@dataclass(eq=False)
class Account:
    """One customer. `jobs` are those that the platform has taken in, oldest first."""

    key: str
    balance: Decimal = Decimal(100)
    level: Level = LEVELS["ultra"]
    jobs: list[Job] = field(default_factory=list)
    by_id: dict[str, Job] = field(default_factory=dict)
    ledger: list[Entry] = field(default_factory=list)
    _open: list[Job] = field(default_factory=list)
    _lock: threading.RLock = field(default_factory=threading.RLock)
    """Tests look at an account from another thread than the server's."""
    _minute: tuple[int, int] = (0, 0)  # which minute, and the images asked for in it

    @property
    def charged(self) -> Decimal:
        """What has been paid in all, refunds taken off."""
        return sum((entry.price if entry.kind == "deduct" else -entry.price for entry in self.ledger), Decimal())

    @property
    def running(self) -> int:
        return sum(job.finished_at is None for job in self._open)

    def over_minute(self, images: int, now: float) -> bool:
        """A request larger than a whole minute's allowance is let through in an unused minute: else it could never be made."""
        used = self._used(now)
        return used > 0 and used + images > self.level.images_per_minute

    def count_images(self, images: int, now: float) -> None:
        self._minute = (int(now // MINUTE), self._used(now) + images)

    def _used(self, now: float) -> int:
        minute, used = self._minute
        return used if minute == int(now // MINUTE) else 0

    def add(self, job: Job) -> None:
        """From its time on, `settle` takes it in."""
        with self._lock:
            self._open.append(job)

    def settle(self, rules: Rules, now: float) -> None:
        """Brings everything up to now: late jobs arrive and are charged, slots are filled, ends noted, refunds made."""
        with self._lock:
            for job in [job for job in self._open if job.created_at <= now]:
                self._settle(job, rules, now)

    def _settle(self, job: Job, rules: Rules, now: float) -> None:
        if not job.taken:
            self._take(job)
        if job.started_at is None and (rules.over_concurrency == "refuse" or self._has_slot(job)):
            job.started_at = (job.created_at if rules.over_concurrency == "refuse" else now) + job.script.queued
        if job.look(now).ended and self._settled(job, rules, now):
            self._open.remove(job)

    def _take(self, job: Job) -> None:
        job.taken = True
        self.jobs.append(job)
        self.by_id[job.id] = job
        self.balance -= job.cost
        self.ledger.append(Entry("deduct", job.cost, job.created_at, job))

    def _has_slot(self, job: Job) -> bool:
        busy = sum(other.started_at is not None and other.finished_at is None for other in self._open if other is not job)
        return busy < self.level.concurrent_tasks

    def _settled(self, job: Job, rules: Rules, now: float) -> bool:
        if job.status not in rules.refunded:
            return True
        due = (job.finished_at or now) + rules.refund_seconds
        if due > now:
            return False
        self.balance += job.cost
        self.ledger.append(Entry("refund", job.cost, due, job))
        return True
