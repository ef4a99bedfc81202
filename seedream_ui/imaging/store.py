"""Where the bytes of reference images lie: files named by the SHA-256 of their content."""

import hashlib
import re
import threading
import time
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

from PIL import Image

from seedream_ui.errors import ReferenceMissing
from seedream_ui.imaging import formats
from seedream_ui.imaging.atomic import replaced
from seedream_ui.request import Reference

__all__ = ["ContentStore"]

_SUFFIXES = {"image/jpeg": ".jpg", "image/png": ".png"}
_HEX = re.compile(r"[0-9a-f]{64}")
_UNNAMED = "a reference image"


class ContentStore:
    """Prepared pictures under `root`, as `ab/abcdef….jpg`. Safe for many threads; each file appears whole or not at all.

    Using a picture keeps it: `put`, `read`, `path` and `touch` reset the age that `reap` goes by.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._lock = threading.Lock()  # keeps `reap` from taking a file that is just being reused

    def put(self, data: bytes, media_type: str) -> str:
        """Stores JPEG or PNG bytes, unless they are here already, and returns their SHA-256 in hex."""
        sha256 = hashlib.sha256(data).hexdigest()
        destination = self._place(sha256, _SUFFIXES[media_type])
        if not (self.touch(sha256) and destination.is_file()):
            with replaced(destination, surely=True) as temporary:
                temporary.write_bytes(data)
        return sha256

    def has(self, sha256: str) -> bool:
        """Whether these bytes are here. Anything but a SHA-256 in hex is not."""
        return self._find(sha256) is not None

    def read(self, sha256: str) -> bytes:
        """The bytes, checked against their name. Raises `ReferenceMissing` if they are gone or damaged."""
        return self._checked(sha256, _UNNAMED)

    def path(self, reference: Reference) -> Path:
        """Where the bytes of a reference lie. Raises `ReferenceMissing`."""
        found = self._find(reference.sha256)
        if found is None or not self.touch(reference.sha256):
            raise _missing(reference.label or _UNNAMED)
        return found

    def open_image(self, reference: Reference) -> Image.Image:
        """The decoded picture, RGB or RGBA. Raises `ReferenceMissing`."""
        image = formats.opened(self._checked(reference.sha256, reference.label or _UNNAMED))
        return image.convert("RGBA" if image.has_transparency_data else "RGB")

    def touch(self, sha256: str) -> bool:
        """Marks a picture as used just now; False if it is not here."""
        with self._lock, suppress(FileNotFoundError):
            found = self._find(sha256)
            if found:
                found.touch()
                return True
        return False

    def reap(self, older_than_seconds: float, stay: Collection[str] = ()) -> int:
        """Deletes what nobody used for so long, and returns how many pictures went; those that `stay` are named by SHA-256."""
        before = time.time() - older_than_seconds
        return sum(self._reaped(file, before) for file in list(self.root.glob("??/*")) if file.stem not in stay)

    def _reaped(self, file: Path, before: float) -> bool:
        with self._lock, suppress(FileNotFoundError):
            if file.is_file() and file.stat().st_mtime < before:
                file.unlink()
                return file.suffix in _SUFFIXES.values()
        return False

    def _place(self, sha256: str, suffix: str) -> Path:
        return self.root / sha256[:2] / f"{sha256}{suffix}"

    def _find(self, sha256: str) -> Path | None:
        if not _HEX.fullmatch(sha256):
            return None
        places = (self._place(sha256, suffix) for suffix in _SUFFIXES.values())
        return next((place for place in places if place.is_file()), None)

    def _checked(self, sha256: str, name: str) -> bytes:
        found = self._find(sha256)
        try:
            data = found.read_bytes() if found else b""
        except FileNotFoundError:
            data = b""
        if found and hashlib.sha256(data).hexdigest() != sha256:
            found.unlink(missing_ok=True)  # damaged, as after a full disk: bringing it in again has to heal it
            data = b""
        if not data:
            raise _missing(name)
        self.touch(sha256)
        return data


def _missing(name: str) -> ReferenceMissing:
    return ReferenceMissing(name, "it is no longer stored on this server; add it again.")
