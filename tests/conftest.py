"""What many tests stand on: a running app, a service of a test's own, and pictures to bring in."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import httpx
import hypothesis
import pytest
from PIL import Image, ImageDraw

from seedream_ui import runs as service
from seedream_ui.settings import settings
from tests.postgres import postgres  # noqa: F401 - for all tests

PROJECT = Path(__file__).parents[1]
START_SECONDS = 120


hypothesis.settings.register_profile("long", max_examples=300, deadline=None)
hypothesis.settings.register_profile("short", max_examples=100, deadline=None)
hypothesis.settings.load_profile("long" if os.environ.get("SEEDREAM_TEST_LONG") else "short")


def pytest_configure(config: pytest.Config) -> None:
    """No test writes to the data folder of whoever runs it."""
    own = tempfile.TemporaryDirectory(prefix="seedream-test-")
    config.add_cleanup(own.cleanup)
    os.environ["SEEDREAM_DATA_DIR"] = own.name
    os.environ.pop("SPACE_ID", None)
    slow = [hypothesis.HealthCheck.too_slow]  # a busy machine is no fault of the code
    hypothesis.settings.register_profile("project", deadline=None, suppress_health_check=slow)
    hypothesis.settings.load_profile("project")


@dataclass(frozen=True)
class App:
    """A running app."""

    url: str
    data_dir: Path
    log_file: Path
    process: subprocess.Popen[bytes]

    @property
    def log(self) -> str:
        """Everything it has printed so far."""
        return self.log_file.read_text("utf-8", "replace")


@pytest.fixture(scope="session")
def app() -> Iterator[App]:
    """The app as `python app.py` starts it, on a free port, with a data folder of its own.

    The folder lies neither below the working directory nor below the system's temporary folder: Gradio hands out files from
    there more freely, which would hide faults.
    """
    with started_app() as running:
        yield running


@contextmanager
def started_app(**environment: str) -> Iterator[App]:
    """A running app of one's own, with these environment variables."""
    place = Path(tempfile.mkdtemp(prefix="seedream-test-", dir=_cache()))
    running = _start(place, environment)
    for _ in range(4):
        if _ready(running) or "empty port" not in running.log:  # somebody else may have been quicker to take the port
            break
        running = _start(place, environment)
    if running.process.poll() is not None:
        pytest.fail(f"The app did not start:\n{running.log}", pytrace=False)
    try:
        yield running
    finally:
        _end(running.process)
        shutil.rmtree(place, ignore_errors=True)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()


def _cache() -> Path:
    cache = Path.home() / ".cache"
    cache.mkdir(exist_ok=True)
    return cache


def _start(place: Path, environment: Mapping[str, str]) -> App:
    url, data_dir, log_file = f"http://127.0.0.1:{_free_port()}", place / "data", place / "app.log"
    own = {"SEEDREAM_DATA_DIR": str(data_dir), "GRADIO_SERVER_PORT": url.rpartition(":")[2], "PYTHONUNBUFFERED": "1"}
    with log_file.open("wb") as log:
        command = [sys.executable, "app.py"]
        process = subprocess.Popen(
            command, cwd=PROJECT, env={**os.environ, **own, **environment}, stdout=log, stderr=subprocess.STDOUT
        )
    return App(url, data_dir, log_file, process)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _ready(running: App) -> bool:
    """Waits until the app says that it runs (another may answer on its port) and answers."""
    until = time.monotonic() + START_SECONDS
    while running.process.poll() is None:
        if running.url in running.log and httpx.get(f"{running.url}/gradio_api/info", timeout=60).is_success:
            return True
        if time.monotonic() > until:
            running.process.kill()
            running.process.wait()
        time.sleep(0.1)
    return False


@pytest.fixture
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty data folder, which `seedream_ui.generate` and all that stands on the settings use during the test."""
    monkeypatch.setenv("SEEDREAM_DATA_DIR", str(tmp_path))
    _forget()
    yield tmp_path
    _forget()


def _forget() -> None:
    """Lets go of the place that this process uses, if it uses any."""
    service.close()
    settings.cache_clear()


Photo = Callable[..., bytes]


@pytest.fixture(scope="session")
def photo_of() -> Photo:
    """Makes a small JPEG of a thing of some colour on a plain wall."""

    def take(colour: str = "teal", width: int = 480, height: int = 360) -> bytes:
        image = Image.new("RGB", (width, height), "#e8e4dc")
        ImageDraw.Draw(image).ellipse((width * 0.3, height * 0.25, width * 0.7, height * 0.8), fill=colour)
        buffer = BytesIO()
        image.save(buffer, "JPEG", quality=92)
        return buffer.getvalue()

    return take
