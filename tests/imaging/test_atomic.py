"""Files appear whole or not at all, and what must not be lost is on the disk before it has its name."""

import os
import stat
from pathlib import Path

import pytest

from seedream_ui.imaging.atomic import replaced
from seedream_ui.imaging.store import ContentStore
from seedream_ui.runs.files import RunFiles
from tests.runs.stand_ins import picture

RUN = "run-" + "a" * 32


@pytest.fixture
def synced(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was synced: the size of a file with bytes in it, or "folder"."""
    seen: list[str] = []

    def sync(opened: int) -> None:
        found = os.fstat(opened)
        seen.append("folder" if stat.S_ISDIR(found.st_mode) else str(found.st_size))

    monkeypatch.setattr(os, "fsync", sync)
    return seen


def test_a_file_that_is_not_written_to_its_end_does_not_appear(tmp_path: Path) -> None:
    def write() -> None:
        with replaced(tmp_path / "set.zip") as temporary:
            temporary.write_bytes(b"half of it")
            raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        write()
    assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_made_again_is_synced_before_it_has_its_name_and_then_the_name(tmp_path: Path, synced: list[str]) -> None:
    data = picture()
    RunFiles(tmp_path).save(RUN, 1, data)
    ContentStore(tmp_path).put(data, "image/png")
    assert synced == [str(len(data)), "folder"] * 2


def test_what_can_be_made_again_waits_for_no_disk(tmp_path: Path, synced: list[str]) -> None:
    files = RunFiles(tmp_path)
    file = files.save(RUN, 1, picture())["file"]
    synced.clear()
    files.small(RUN, "thumb", file)
    assert synced == []
