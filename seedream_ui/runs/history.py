"""The history: a visitor's own runs, what may be done with them, and when they go."""

import time
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from seedream_ui.errors import RequestRefused
from seedream_ui.imaging.store import ContentStore
from seedream_ui.runs.durable import Durable
from seedream_ui.runs.ending import without_files
from seedream_ui.runs.files import DAY, RunFiles
from seedream_ui.runs.ledger import Ledger, Totals
from seedream_ui.runs.marks import visitor_tag
from seedream_ui.runs.records import Entry, Records
from seedream_ui.runs.run import Run

__all__ = ["History"]

NAME_LENGTH = 120
PINNED_SHARE, OWN_SHARE = 0.5, 0.1
"""Of the room for sets, that pinned ones may take, and those of one visitor: else a stranger would take the room of all."""


class History:
    """What is recorded. Visitors are given by token; "" is nobody, who has no history. Methods may be called from any thread."""

    def __init__(
        self, records: Records, ledger: Ledger, files: RunFiles, store: ContentStore, durable: Durable, keep_gb: float
    ) -> None:
        self._records, self._ledger, self._files, self._store, self._durable = records, ledger, files, store, durable
        self._keep_gb = keep_gb

    def page(
        self, visitor: str, limit: int = 50, query: str = "", before: float | None = None, going: bool = False
    ) -> list[Entry]:
        """Newest first; `before` is the start of the oldest one seen so far, in seconds since the epoch. `going`: open ones."""
        found = self._records.page(visitor_tag(visitor), limit, query, before, going) if visitor else []
        return [replace(entry, run=self.with_files(entry.run)) for entry in found]

    def with_files(self, run: Run) -> Run:
        """The run, without the images that are no longer on the disk."""
        gone = run.returned and not self._files.folder(run.folder).exists()
        return without_files(run) if gone else run

    def entry(self, run: Run) -> Entry:
        """A run with what its owner wrote on it."""
        return self._records.entry(run.id) or Entry(run, "", pinned=False)

    def rename(self, run: Run, name: str) -> None:
        """Raises `RequestRefused` for a name that is too long."""
        if len(name) > NAME_LENGTH:
            raise RequestRefused("name", f"A name has at most {NAME_LENGTH} characters; this one has {len(name)}.")
        self._records.note(run, name=name.strip())

    def pin(self, run: Run, pinned: bool) -> None:
        """A pinned run is kept whatever its age. Raises `RequestRefused` where it would pass the room for pinned ones, or its
        owner's share of it."""
        if pinned:
            others = [entry.run for entry in self._records.kept() if entry.pinned and entry.run.id != run.id]
            own = [other for other in others if other.visitor == run.visitor]
            self._within(OWN_SHARE, (run, *own), _OWN_FULL if own else _TOO_LARGE)
            self._within(PINNED_SHARE, (run, *others), _FULL)
        self._records.note(run, pinned=pinned)

    def _within(self, share: float, runs: Iterable[Run], words: str) -> None:
        room = share * self._keep_gb
        if sum(map(_bytes, runs)) > room * 1e9:
            raise RequestRefused("pinned", words.format(gb=room))

    def delete(self, run: Run) -> None:
        """Raises `RequestRefused` while the run goes on: its images may be paid for and not here yet."""
        if run.open:
            raise RequestRefused("run", "This set is not over yet. Stop it, or wait for its end, then delete it.")
        self._records.remove([run.id])
        self._files.remove(run.folder)
        self._durable.forget(_walks(run))

    def totals(self, visitor: str) -> Totals:
        return self._ledger.totals(visitor_tag(visitor)) if visitor else Totals(Decimal(0), Decimal(0), Decimal(0))

    def csv(self, visitor: str) -> str:
        """The visitor's ledger."""
        return self._ledger.csv(visitor_tag(visitor) or "nobody")

    def reap(self, keep_days: float, keep_gb: float) -> list[str]:
        """Deletes runs that are too old, or too much for the disk; open and pinned ones stay, with their references.

        Gives the ids of those that went.
        """
        folders = self._files.reap(keep_days, keep_gb, self._kept_folders, self._records.free_folders())
        gone = self._records.loose(time.time() - keep_days * DAY, folders)
        gone = [run for run in gone if not self._files.folder(run.folder).exists()]
        self._records.remove(run.id for run in gone)
        self._durable.forget(walk for run in gone for walk in _walks(run))
        kept = (entry.run.request.references for entry in self._records.kept())
        self._store.reap(keep_days * DAY, {reference.sha256 for references in kept for reference in references})
        return [run.id for run in gone]

    def _kept_folders(self) -> set[str]:
        return {entry.run.folder for entry in self._records.kept()}


_FULL = "This server keeps at most {gb:g} GB of pinned sets, and this one would be beyond it. Download it."
_OWN_FULL = "Your pinned sets may take {gb:g} GB of this server, and this one would be beyond it. Download it, or unpin another."
_TOO_LARGE = "Your pinned sets may take {gb:g} GB of this server, and this one is larger. Download it."


def _bytes(run: Run) -> int:
    return sum(frame.size or 0 for frame in run.frames)


def _walks(run: Run) -> list[tuple[str, int]]:
    return [(run.id, turn) for turn in range(run.turn + 1)]
