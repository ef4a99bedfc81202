"""The store of reference images: named by content, whole or not at all, forgotten only when unused."""

import hashlib
import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from picture_files import gradient, saved

from seedream_ui.errors import ReferenceMissing
from seedream_ui.imaging.store import ContentStore
from seedream_ui.request import Reference

JPEG = saved(gradient(), "JPEG")


@pytest.fixture
def store(tmp_path: Path) -> ContentStore:
    return ContentStore(tmp_path / "store")


def reference(sha256: str, label: str = "") -> Reference:
    return Reference(sha256=sha256, media_type="image/jpeg", width=90, height=60, label=label)


def age(path: Path, seconds: float) -> None:
    os.utime(path, (time.time() - seconds,) * 2)


def test_what_was_put_can_be_read_by_its_hash(store: ContentStore) -> None:
    sha256 = store.put(JPEG, "image/jpeg")
    assert sha256 == hashlib.sha256(JPEG).hexdigest()
    assert store.read(sha256) == JPEG
    assert store.path(reference(sha256)) == store.root / sha256[:2] / f"{sha256}.jpg"


def test_a_png_lies_beside_as_png(store: ContentStore) -> None:
    data = saved(gradient(mode="RGBA"), "PNG")
    sha256 = store.put(data, "image/png")
    assert store.path(reference(sha256)).suffix == ".png"
    assert store.read(sha256) == data


def test_putting_the_same_again_writes_nothing(store: ContentStore) -> None:
    sha256 = store.put(JPEG, "image/jpeg")
    before = store.path(reference(sha256)).stat().st_ino
    assert store.put(JPEG, "image/jpeg") == sha256
    assert store.path(reference(sha256)).stat().st_ino == before


def test_many_puts_at_once_leave_one_whole_file(store: ContentStore) -> None:
    with ThreadPoolExecutor(16) as threads:
        names = set(threads.map(lambda _: store.put(JPEG, "image/jpeg"), range(64)))
    assert len(names) == 1
    assert [path.name for path in store.root.rglob("*.*")] == [f"{names.pop()}.jpg"]


@pytest.mark.parametrize("sha256", ["0" * 64, "", "../../etc/passwd", "A" * 64, "0" * 63 + "\n", "0" * 65])
def test_unknown_and_malformed_names_are_missing(store: ContentStore, sha256: str) -> None:
    assert not store.has(sha256)
    assert not store.touch(sha256)
    with pytest.raises(ReferenceMissing, match="no longer stored on this server"):
        store.read(sha256)


def test_a_missing_reference_is_named_by_its_label(store: ContentStore) -> None:
    for use in (store.path, store.open_image):
        with pytest.raises(ReferenceMissing, match="“the shoe”"):
            use(reference("0" * 64, "the shoe"))


def test_damaged_bytes_are_missing_and_healed_by_bringing_them_in_again(store: ContentStore) -> None:
    sha256 = store.put(JPEG, "image/jpeg")
    store.path(reference(sha256)).write_bytes(JPEG[:100])
    with pytest.raises(ReferenceMissing):
        store.read(sha256)
    store.put(JPEG, "image/jpeg")
    assert store.read(sha256) == JPEG


def test_a_picture_opens_as_rgb_or_rgba(store: ContentStore) -> None:
    opaque, clear = store.put(JPEG, "image/jpeg"), store.put(saved(gradient(mode="RGBA"), "PNG"), "image/png")
    assert store.open_image(reference(opaque)).mode == "RGB"
    assert store.open_image(reference(clear)).mode == "RGBA"
    assert store.open_image(reference(clear)).size == (90, 60)


@pytest.mark.parametrize("use", ["put", "read", "path", "open_image", "touch"])
def test_use_keeps_a_picture_from_the_reaper(store: ContentStore, use: str) -> None:
    sha256 = store.put(JPEG, "image/jpeg")
    age(store.path(reference(sha256)), 1000)
    arguments = {"put": (JPEG, "image/jpeg"), "read": (sha256,), "touch": (sha256,)}.get(use, (reference(sha256),))
    getattr(store, use)(*arguments)
    assert store.reap(older_than_seconds=500) == 0
    assert store.has(sha256)


def test_the_reaper_takes_what_is_old_and_what_a_crash_left(store: ContentStore) -> None:
    old, young = store.put(JPEG, "image/jpeg"), store.put(saved(gradient(), "PNG"), "image/png")
    leftover = store.root / old[:2] / "half.part"
    leftover.write_bytes(b"half")
    for path in (store.path(reference(old)), leftover):
        age(path, 1000)
    assert store.reap(older_than_seconds=500) == 1
    assert (store.has(old), store.has(young), leftover.exists()) == (False, True, False)


def test_reaping_an_empty_store_is_no_trouble(store: ContentStore) -> None:
    assert store.reap(0) == 0


def test_a_write_that_fails_leaves_nothing_behind(store: ContentStore, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> int:
        raise OSError("disk full")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match="disk full"):
        store.put(JPEG, "image/jpeg")
    assert not list(store.root.rglob("*.*"))
