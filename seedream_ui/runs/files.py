"""Where a run's files lie, and when they go.

Each run has a folder below `files/` with an unguessable name: whoever has a file's URL may read that file, nobody may list.
"""

import hashlib
import logging
import re
import shutil
import time
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple, Self

from seedream_ui.imaging.atomic import replaced
from seedream_ui.imaging.pictures import dimensions, middle, thumbnail

__all__ = ["FOLDER_PREFIX", "RunFiles", "write"]

log = logging.getLogger(__name__)

DAY = 86_400
UPLOAD_DAYS = 1
SMALL: Mapping[str, Callable[[Path], bytes]] = {"thumb": thumbnail, "middle": middle}
"""Sizes for the page, by name: at most 768 and 1600 px. They are made when somebody looks, so that no set waits for them."""
SUFFIX = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}


class RunFiles:
    """The run folders below `root`."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def folder(self, name: str) -> Path:
        return self.root / name

    def save(self, folder: str, index: int, data: bytes) -> dict[str, Any]:
        """Stores one original; gives the changes to its frame. `index` counts from 1."""
        file = f"image-{index:02}.{SUFFIX[dimensions(data)[2]]}"
        write(self.folder(folder) / file, data, surely=True)
        return _told(file, data)

    def small(self, folder: str, kind: str, file: str) -> Path:
        """The picture at a size for the page, made when it is first asked for; the original where none can be made of it.

        `kind` is `thumb` or `middle`. Raises `FileNotFoundError` for anything that is not there, or no image of a run.
        """
        original = self.folder(folder) / file
        if kind not in SMALL or not _RUN.fullmatch(folder) or not _IMAGE.fullmatch(file) or not original.is_file():
            raise FileNotFoundError
        small = original.with_name(f"{kind}-{original.stem}.webp")
        try:
            if not small.exists():
                write(small, SMALL[kind](original))
        except (ValueError, OSError):
            log.exception("no %s of %s could be made", kind, file)
            return original
        return small

    def found(self, folder: str) -> dict[int, dict[str, Any]]:
        """What is stored of a run already: the changes to its frames, by their index.

        A file that is no picture goes: what is not here is fetched or drawn again.
        """
        frames = {}
        for path in sorted(path for path in self.folder(folder).glob("image-*") if _IMAGE.fullmatch(path.name)):
            try:
                frames[int(path.stem.removeprefix("image-"))] = _told(path.name, path.read_bytes())
            except ValueError:
                log.warning("%s was damaged, as by a power cut, and is deleted", path.name)
                path.unlink()
        return frames

    def remove(self, folder: str) -> None:
        """Deletes all files of a run."""
        if _RUN.fullmatch(folder):
            shutil.rmtree(self.folder(folder), ignore_errors=True)

    def reap(self, keep_days: float, keep_gb: float, stay: Collection[str] = (), first: Collection[str] = ()) -> set[str]:
        """Deletes the folders of runs older than `keep_days`, then the oldest, `first` ones first, until `keep_gb` hold the rest.

        Uploads, which Gradio keeps beside them and which were taken in long ago, go after a day. Folders that `stay` take room.
        Gives the names of those that went.
        """
        everything = sorted(_Folder.of(path) for path in self.root.iterdir() if path.is_dir())
        total, gone = sum(folder.size for folder in everything), set()
        everything.sort(key=lambda folder: (folder.path.name not in first, folder))
        for folder in (folder for folder in everything if folder.path.name not in stay):
            is_run = folder.path.name.startswith(FOLDER_PREFIX)
            old = folder.modified < time.time() - DAY * (keep_days if is_run else UPLOAD_DAYS)
            if old or (is_run and total > keep_gb * 1e9):
                shutil.rmtree(folder.path, ignore_errors=True)
                total -= folder.size
                gone.add(folder.path.name)
        return gone


def _told(file: str, data: bytes) -> dict[str, Any]:
    width, height, _ = dimensions(data)
    found = {"file": file, "width": width, "height": height, "size": len(data)}
    return found | {"sha256": hashlib.sha256(data).hexdigest()}


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
_RUN = re.compile(FOLDER_PREFIX + r"[\w-]{32}")
_IMAGE = re.compile(r"image-\d\d\.(jpg|png|webp)")


def write(path: Path, data: bytes, *, surely: bool = False) -> None:
    """Writes a file that appears whole or not at all; `surely`: even if the power is cut."""
    with replaced(path, surely=surely) as temporary:
        temporary.write_bytes(data)
