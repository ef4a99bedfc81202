"""The environment is read once, and says where things lie."""

from pathlib import Path

import pytest

from seedream_ui.settings import settings


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SEEDREAM_DATA_DIR", "SEEDREAM_KEEP_DAYS", "SEEDREAM_KEEP_GB", "SPACE_ID", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)


read = settings.__wrapped__


def test_only_the_files_folder_is_served_and_nothing_else_lies_in_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SEEDREAM_DATA_DIR", str(tmp_path))
    assert read().files == tmp_path / "files"
    assert not read().references.is_relative_to(read().files)


def test_without_a_choice_data_goes_to_the_users_own_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert read().data_dir.is_relative_to(tmp_path.resolve())
    assert not read().ephemeral


def test_a_path_may_begin_with_a_tilde(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("SEEDREAM_DATA_DIR", "~/sets")
    assert read().data_dir == tmp_path.resolve() / "sets"


def test_a_space_without_a_volume_forgets_and_one_with_a_volume_does_not(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SPACE_ID", "somebody/studio")
    assert read().ephemeral
    monkeypatch.setenv("SEEDREAM_DATA_DIR", str(tmp_path))
    assert not read().ephemeral


def test_retention_is_a_week_and_ten_gigabytes_unless_said(monkeypatch: pytest.MonkeyPatch) -> None:
    assert (read().keep_days, read().keep_gb) == (7, 10)
    monkeypatch.setenv("SEEDREAM_KEEP_DAYS", "0.5")
    monkeypatch.setenv("SEEDREAM_KEEP_GB", "2")
    assert (read().keep_days, read().keep_gb) == (0.5, 2)
