"""Where a run's files lie, and when they go.

Each run has a folder below `files/` with an unguessable name: whoever has a file's URL may read that file, nobody may list.
"""

import hashlib
import logging
import os
import re
import secrets
import shutil
import tempfile
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
SHORT_LIVED_SECONDS = 3600
"""Age at which uploads go, and what was made to be downloaded: the one is taken in by then, the other made again."""
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
        try:
            name = f"{kind}-{original.stem}.webp"
            return self.made(folder, name, lambda path: path.write_bytes(SMALL[kind](original)))
        except FileNotFoundError:  # deleted meanwhile
            raise
        except (ValueError, OSError):
            log.exception("no %s of %s could be made", kind, file)
            return original

    def made(self, folder: str, name: str, make: Callable[[Path], object]) -> Path:
        """A file that `make` writes of a run, made once, and young again whenever it is asked for.

        It is made beside the run's folder, so that a folder that is deleted meanwhile does not come back: then it raises
        `FileNotFoundError`, as for a folder that never was.
        """
        path = self.folder(folder) / name
        with suppress(FileNotFoundError):
            os.utime(path)
            return path
        with tempfile.TemporaryDirectory(prefix="made-", dir=self.root) as place:
            make(file := Path(place) / name)
            file.replace(path)
        return path

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
            _remove(self.folder(folder))

    def reap(
        self, keep_days: float, keep_gb: float, stay: Callable[[], Collection[str]] = set, first: Collection[str] = ()
    ) -> set[str]:
        """Deletes the folders of runs older than `keep_days`, then the oldest, `first` ones first, until `keep_gb` hold the rest.

        Uploads, which Gradio keeps beside them and which were taken in long ago, go after an hour, and so does what was made of
        a run to be downloaded. Neither takes room from other people's runs: only originals count. Folders that `stay` take room
        too; they are asked for once all are listed, since a run is recorded before it has a folder. Gives the names of those
        that went.
        """
        self._tidy()
        runs = [folder for path in self.root.glob(FOLDER_PREFIX + "*") if (folder := _Folder.of(path))]
        total, gone, staying = sum(folder.size for folder in runs), set(), stay()
        for folder in sorted(runs, key=lambda folder: (folder.path.name not in first, folder)):
            old = folder.modified < time.time() - DAY * keep_days
            if folder.path.name not in staying and (old or total > keep_gb * 1e9):
                _remove(folder.path)
                total -= folder.size
                gone.add(folder.path.name)
        return gone

    def _tidy(self) -> None:
        """Deletes uploads and downloads that are older than an hour, and what a crash left half deleted."""
        before = time.time() - SHORT_LIVED_SECONDS
        for path in filter(Path.is_dir, self.root.iterdir()):
            with suppress(OSError):  # deleted meanwhile, or not ours: the others still go
                if path.name.startswith(_GONE_PREFIX):
                    shutil.rmtree(path, ignore_errors=True)
                elif path.name.startswith(FOLDER_PREFIX):
                    for file in path.iterdir():
                        if not _KEPT.match(file.name) and file.stat().st_mtime < before:
                            file.unlink()
                elif max(each.stat().st_mtime for each in (path, *path.rglob("*"))) < before:
                    _remove(path)


def _told(file: str, data: bytes) -> dict[str, Any]:
    width, height, _ = dimensions(data)
    found = {"file": file, "width": width, "height": height, "size": len(data)}
    return found | {"sha256": hashlib.sha256(data).hexdigest()}


class _Folder(NamedTuple):
    """The folder of a run, ordered by the time of its newest original; `size` is that of all of them, in bytes."""

    modified: float
    size: int
    path: Path

    @classmethod
    def of(cls, path: Path) -> Self | None:
        """None where the folder is gone by now."""
        with suppress(FileNotFoundError):
            originals = [file.stat() for file in path.iterdir() if _IMAGE.fullmatch(file.name)]
            newest = max((file.st_mtime for file in originals), default=path.stat().st_mtime)
            return cls(newest, sum(file.st_size for file in originals), path)
        return None


FOLDER_PREFIX = "run-"
"""Run folders are told from Gradio's own upload folders, which share `files/`, by this."""
_GONE_PREFIX = "gone-"
"""What is being deleted; one left behind by a crash goes the next time that folders are looked through."""
_RUN = re.compile(FOLDER_PREFIX + r"[\w-]{32}")
_KEPT = re.compile("(image|thumb|middle)-")
_IMAGE = re.compile(r"image-\d\d\.(jpg|png|webp)")


def _remove(folder: Path) -> None:
    """Deletes a folder, under another name: what is just being written into it does not bring it back."""
    with suppress(OSError):
        shutil.rmtree(folder.rename(folder.with_name(_GONE_PREFIX + secrets.token_urlsafe(24))), ignore_errors=True)


def write(path: Path, data: bytes, *, surely: bool = False) -> None:
    """Writes a file that appears whole or not at all; `surely`: even if the power is cut."""
    with replaced(path, surely=surely) as temporary:
        temporary.write_bytes(data)
