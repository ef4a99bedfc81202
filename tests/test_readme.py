"""What the README says is so: its code runs, its versions are those that are installed, its variables are those that are read."""

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.conftest import PROJECT, App

README = (PROJECT / "README.md").read_text("utf-8")
SHOE = PROJECT / "seedream_ui" / "examples" / "shoe.jpg"


def _blocks() -> list[str]:
    return re.findall(r"```python\n(.*?)```", README, re.DOTALL)


def _run(code: str, folder: Path, **environment: str) -> str:
    ready = os.environ | {"PYTHONPATH": str(PROJECT)} | environment
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, env=ready, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_client_example_runs(app: App, tmp_path: Path) -> None:
    (tmp_path / "shoe.jpg").write_bytes(SHOE.read_bytes())
    code = _blocks()[0].replace("http://127.0.0.1:7860", app.url) + "\nprint(len(images), record['status'])"
    assert _run(code, tmp_path).strip().endswith("2 completed")


def test_the_python_example_runs(tmp_path: Path) -> None:
    assert "image-02.jpg" in _run(_blocks()[1], tmp_path, SEEDREAM_DATA_DIR=str(tmp_path))


def test_a_space_installs_the_gradio_that_is_required() -> None:
    wanted = re.search(r"^sdk_version: (.+)$", README, re.MULTILINE)
    assert wanted
    assert f"gradio[mcp]=={wanted[1]}" in (PROJECT / "requirements.txt").read_text("utf-8")


def test_every_variable_it_names_is_read() -> None:
    named = set(re.findall(r"`((?:SEEDREAM|WAVESPEED)_[A-Z_]+)`", README))
    source = "".join(path.read_text("utf-8") for path in (PROJECT / "seedream_ui").rglob("*.py"))
    for name in named:
        assert name in source or name.partition("_")[2] in source, name


def test_its_picture_is_there() -> None:
    for picture in re.findall(r"!\[.*?\]\((.*?)\)", README):
        assert (PROJECT / picture).is_file(), picture
