"""The ZIP of a set: the originals untouched, the record, and names a person can read."""

import json
import zipfile
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from seedream_ui.export.archive import names, zip_originals
from seedream_ui.export.sheet import Sheet, SheetFrame

RECORD = {"run_id": "abc", "prompt_sent": "Four shoes — café", "panels": [{"index": 1}]}


def test_the_archive_holds_the_originals_the_record_and_the_prompt(make_sheet: Any, tmp_path: Path) -> None:
    sheet, target = make_sheet(2), tmp_path / "out" / "set.zip"
    zip_originals(sheet, RECORD, target)
    with zipfile.ZipFile(target) as archive:
        assert archive.namelist() == ["01-navy-with-gold.jpg", "02-navy-with-gold.jpg", "record.json", "prompt.txt"]
        assert archive.read("01-navy-with-gold.jpg") == sheet.frames[0].path.read_bytes()
        assert json.loads(archive.read("record.json")) == RECORD
        assert archive.read("prompt.txt").decode() == "Four shoes — café\n"
        assert {entry.compress_type for entry in archive.infolist()} == {zipfile.ZIP_STORED}
        assert archive.testzip() is None


def test_frames_that_failed_or_vanished_are_left_out(make_sheet: Any, tmp_path: Path) -> None:
    sheet = make_sheet(3, failed=(2,))
    sheet.frames[0].path.unlink()
    assert [name for name, _ in names(sheet)] == ["03-navy-with-gold.jpg"]


def test_without_a_prompt_there_is_no_prompt_file(make_sheet: Any, tmp_path: Path) -> None:
    zip_originals(make_sheet(1), {}, tmp_path / "set.zip")
    assert "prompt.txt" not in zipfile.ZipFile(tmp_path / "set.zip").namelist()


@pytest.mark.parametrize(
    ("caption", "name"),
    [
        ("", "01.jpg"),
        ("../../etc/passwd", "01-etc-passwd.jpg"),
        ("C:\\x\0y", "01-c-x-y.jpg"),
        ("Café — 東京 🌃", "01-café-東京.jpg"),
        ("...", "01.jpg"),
        ("long " * 40, "01-" + ("long-" * 40)[:48].strip("-") + ".jpg"),
    ],
)
def test_captions_become_safe_names(make_sheet: Any, caption: str, name: str) -> None:
    assert [each for each, _ in names(make_sheet(1, caption=caption))] == [name]


def test_the_same_number_and_caption_still_give_two_names(make_sheet: Any) -> None:
    frame = make_sheet(1).frames[0]
    assert [name for name, _ in names(Sheet("", "", (frame, frame), ""))] == ["01-navy-with-gold.jpg", "01-navy-with-gold-2.jpg"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(st.text(max_size=300))
def test_no_caption_makes_a_name_with_folders(make_sheet: Any, caption: str) -> None:
    frame = replace(FRAME, caption=caption)
    for name, _ in names(Sheet("", "", (frame,), "")):
        assert PurePosixPath(name).name == name
        assert "\\" not in name
        assert name.startswith("01")


FRAME = SheetFrame(1, Path(__file__), "")


def test_a_write_that_fails_leaves_the_old_archive_and_no_other_file(
    make_sheet: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "out" / "set.zip"
    zip_originals(make_sheet(1), RECORD, target)
    before = target.read_bytes()

    def full(*_: object, **__: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(zipfile.ZipFile, "writestr", full)
    with pytest.raises(OSError, match="disk full"):
        zip_originals(make_sheet(2), RECORD, target)
    assert target.read_bytes() == before
    assert list(target.parent.iterdir()) == [target]
