"""All originals of a set in one ZIP file, with the record of how they were made."""

import json
import re
import unicodedata
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from seedream_ui.export.sheet import Sheet, SheetFrame
from seedream_ui.imaging.atomic import replaced

__all__ = ["names", "zip_originals"]


def zip_originals(sheet: Sheet, record: Mapping[str, Any], destination: Path) -> None:
    """Writes `destination` whole or not at all: the files of the frames, untouched, `record.json`, and `prompt.txt`.

    Frames that failed, or whose file is gone, are left out. Stored, not deflated: pictures are compressed already.
    Raises `OSError` if it cannot be written.
    """
    with replaced(destination) as temporary, zipfile.ZipFile(temporary, "w", strict_timestamps=False) as archive:
        for name, path in names(sheet):
            archive.write(path, name)
        archive.writestr("record.json", json.dumps(record, indent=2, ensure_ascii=False, default=str) + "\n")
        if record.get("prompt_sent"):
            archive.writestr("prompt.txt", f"{record['prompt_sent']}\n")


def names(sheet: Sheet) -> Iterator[tuple[str, Path]]:
    """The name in the archive, such as `01-classic-white.jpg`, and the file, for every frame that has one. Names are unique."""
    taken: set[str] = set()
    for frame in sheet.frames:
        if frame.path and frame.path.is_file():
            name = _free(_stem(frame), frame.path.suffix.lower(), taken)
            taken.add(name)
            yield name, frame.path


def _stem(frame: SheetFrame) -> str:
    slug = re.sub(r"[\W_]+", "-", unicodedata.normalize("NFC", frame.caption).lower())[:48].strip("-")
    return f"{frame.number:02}-{slug}" if slug else f"{frame.number:02}"


def _free(stem: str, suffix: str, taken: set[str]) -> str:
    name, again = stem + suffix, 2
    while name in taken:
        name, again = f"{stem}-{again}{suffix}", again + 1
    return name
