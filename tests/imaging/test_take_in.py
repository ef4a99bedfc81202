"""Files brought in together, and which paths a program may name."""

import os
from pathlib import Path

import pytest
from picture_files import gradient, saved, with_chunk

from seedream_ui.errors import ImageRefused
from seedream_ui.imaging.intake import MAX_BYTES, Upload, take_in, uploaded
from seedream_ui.imaging.store import ContentStore

# many files at once


async def test_good_files_stay_in_order_and_bad_ones_are_named(tmp_path: Path) -> None:
    contents = {
        "one.jpg": saved(gradient(), "JPEG"),
        "notes.png": b"some text",
        "two.png": saved(gradient(50, 70), "PNG"),
        "one again.jpg": saved(gradient(), "JPEG"),
        "cut.jpg": saved(gradient(), "JPEG")[:500],
        "three.webp": saved(gradient(31, 30), "WEBP"),
    }
    for name, data in contents.items():
        (tmp_path / name).write_bytes(data)
    store = ContentStore(tmp_path / "store")
    intake = await take_in([Upload(tmp_path / name, name) for name in (*contents, "gone.jpg")], store)
    assert [(each.width, each.height) for each in intake.references] == [(90, 60), (50, 70), (31, 30)]
    assert [each.name for each in intake.refused] == ["notes.png", "cut.jpg", "gone.jpg"]
    assert all(store.has(each.sha256) for each in intake.references)


async def test_no_files_are_no_trouble(tmp_path: Path) -> None:
    intake = await take_in([], ContentStore(tmp_path))
    assert (intake.references, intake.refused) == ((), ())


async def test_a_large_file_is_refused_without_being_read(tmp_path: Path) -> None:
    huge = tmp_path / "huge.jpg"
    with huge.open("wb") as stream:
        stream.truncate(8 * 1024**3)  # sparse: reading it would need 8 GB
    intake = await take_in([Upload(huge, "huge.jpg")], ContentStore(tmp_path / "store"))
    assert "8192.0 MB, and the limit is 20 MB" in str(intake.refused[0])


async def test_a_sets_own_image_may_be_larger_than_an_upload(tmp_path: Path) -> None:
    large = tmp_path / "image-01.png"
    large.write_bytes(with_chunk(saved(gradient(), "PNG"), b"junk", bytes(MAX_BYTES)))
    store = ContentStore(tmp_path / "store")
    assert "the limit is 20 MB" in str((await take_in([Upload(large, "a")], store)).refused[0])
    assert (await take_in([Upload(large, "a", 2 * MAX_BYTES)], store)).references[0].width == 90


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
async def test_a_pipe_or_a_folder_is_no_picture(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.jpg")
    intake = await take_in([Upload(tmp_path / "pipe.jpg", "pipe.jpg"), Upload(tmp_path, "folder")], ContentStore(tmp_path / "s"))
    assert [each.name for each in intake.refused] == ["pipe.jpg", "folder"]


# paths from API calls


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "files" / "ab").mkdir(parents=True)
    (tmp_path / "files" / "ab" / "cat.jpg").write_bytes(b"x")
    (tmp_path / "secret.jpg").write_bytes(b"x")
    (tmp_path / "files-of-others").mkdir()
    (tmp_path / "files-of-others" / "dog.jpg").write_bytes(b"x")
    return tmp_path / "files"


def test_an_uploaded_file_is_found(root: Path) -> None:
    assert uploaded(str(root / "ab" / ".." / "ab" / "cat.jpg"), root) == (root / "ab" / "cat.jpg").resolve()


def test_a_link_below_the_root_to_a_file_below_the_root_is_fine(root: Path) -> None:
    (root / "link.jpg").symlink_to(root / "ab" / "cat.jpg")
    assert uploaded(str(root / "link.jpg"), root) == (root / "ab" / "cat.jpg").resolve()


@pytest.mark.parametrize(
    "path",
    [
        "{root}/../secret.jpg",
        "{root}/out.jpg",
        "{root}/loop",
        "{root}/ab",
        "{root}",
        "{root}/missing.jpg",
        "{root}-of-others/dog.jpg",
        "/etc/passwd",
        "/dev/zero",
        "ab/cat.jpg",
        "",
        "\0",
        "{root}/ab/cat.jpg\0.png",
        "https://example.com/cat.jpg",
        "file:///etc/passwd",
        "x" * 100_000,
        "../" * 3000 + "etc/passwd",
    ],
)
def test_every_other_path_is_refused_without_being_repeated(root: Path, path: str) -> None:
    (root / "out.jpg").symlink_to(root.parent / "secret.jpg")
    (root / "loop").symlink_to(root / "loop")
    with pytest.raises(ImageRefused) as caught:
        uploaded(path.replace("{root}", str(root)), root)
    said = str(caught.value)
    assert "it was not uploaded here" in said
    assert str(root.parent) not in said
    assert "/etc" not in said
    assert len(said) < 250
