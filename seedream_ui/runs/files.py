"""Where a run's files lie, and when they go.

Each run has a folder below `files/` with an unguessable name: whoever has a file's URL may read that file, nobody may list.
"""

import hashlib
import shutil
import time
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple, Self

from seedream_ui.imaging.atomic import replaced
from seedream_ui.imaging.pictures import dimensions, middle, thumbnail

__all__ = ["FOLDER_PREFIX", "RunFiles", "write"]

DAY = 86_400
UPLOAD_DAYS = 1
SUFFIX = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}


class RunFiles:
    """The run folders below `root`."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def folder(self, name: str) -> Path:
        return self.root / name

    def save(self, folder: str, index: int, data: bytes) -> dict[str, Any]:
        """Stores one original and its thumbnail; gives the changes to its frame. `index` counts from 1."""
        width, height, media_type = dimensions(data)
        place = self.folder(folder)
        file, thumb = f"image-{index:02}.{SUFFIX[media_type]}", f"thumb-{index:02}.webp"
        write(place / file, data)
        write(place / thumb, thumbnail(data))
        found = {"file": file, "thumb": thumb, "width": width, "height": height, "size": len(data)}
        return found | {"sha256": hashlib.sha256(data).hexdigest()}

    def middle(self, folder: str, file: str) -> str:
        """The base name of the picture at a size for the screen (at most 1600 px); made when it is first asked for."""
        original = self.folder(folder) / Path(file).name
        small = original.with_name(f"middle-{original.stem}.webp")
        if not small.exists():
            write(small, middle(original))
        return small.name

    def reap(self, keep_days: float, keep_gb: float, open_folders: Collection[str] = ()) -> None:
        """Deletes the folders of runs older than `keep_days`, then the oldest until all take less than `keep_gb`.

        Uploads, which Gradio keeps beside them and which were taken in long ago, go after a day. `open_folders` stay.
        """
        found = sorted(_Folder.of(path) for path in self.root.iterdir() if path.is_dir() and path.name not in open_folders)
        total = sum(folder.size for folder in found)
        for folder in found:
            is_run = folder.path.name.startswith(FOLDER_PREFIX)
            old = folder.modified < time.time() - DAY * (keep_days if is_run else UPLOAD_DAYS)
            if old or (is_run and total > keep_gb * 1e9):
                shutil.rmtree(folder.path, ignore_errors=True)
                total -= folder.size


class _Folder(NamedTuple):
    """A folder, ordered by the time of its newest file."""

    modified: float
    size: int
    path: Path

    @classmethod
    def of(cls, path: Path) -> Self:
        modified, size = path.stat().st_mtime, 0
        for file in path.rglob("*"):
            with suppress(FileNotFoundError):  # one that is being written has another name by now
                modified, size = max(modified, file.stat().st_mtime), size + file.stat().st_size
        return cls(modified, size, path)


FOLDER_PREFIX = "run-"
"""Run folders are told from Gradio's own upload folders, which share `files/`, by this."""


def write(path: Path, data: bytes) -> None:
    """Writes a file that appears whole or not at all."""
    with replaced(path) as temporary:
        temporary.write_bytes(data)
