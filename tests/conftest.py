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


class App:
    """The app as `python app.py` starts it. It keeps its port and its data folder when it is killed and started again."""

    process: "subprocess.Popen[bytes]"

    def __init__(self, place: Path, environment: Mapping[str, str]) -> None:
        self.data_dir, self._log_file, self._environment = place / "data", place / "app.log", environment
        self.url = f"http://127.0.0.1:{_free_port()}"

    @property
    def log(self) -> str:
        """What it has printed since it was last started."""
        return self._log_file.read_text("utf-8", "replace")

    def start(self) -> bool:
        """Starts it, and waits until it answers or has ended; whether it answers."""
        own = {
            "SEEDREAM_DATA_DIR": str(self.data_dir),
            "GRADIO_SERVER_PORT": self.url.rpartition(":")[2],
            "PYTHONUNBUFFERED": "1",
        }
        env = {**os.environ, **own, **self._environment}
        with self._log_file.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "app.py"], cwd=PROJECT, env=env, stdout=log, stderr=subprocess.STDOUT
            )
        until = time.monotonic() + START_SECONDS
        while self.process.poll() is None and not self._answers():
            if time.monotonic() > until:
                self.kill()
            time.sleep(0.1)
        return self.process.poll() is None

    def _answers(self) -> bool:
        """It says that it runs (another may answer on its port), and answers."""
        return self.url in self.log and httpx.get(f"{self.url}/gradio_api/info", timeout=60).is_success

    def kill(self) -> None:
        """With −9."""
        self.process.kill()
        self.process.wait()

    def end(self) -> None:
        """As a person ends it; with −9 if that takes long."""
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.kill()


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
    for _ in range(5):
        running = App(place, environment)
        started = running.start()
        if started or "empty port" not in running.log:  # somebody else may have been quicker to take the port
            break
    try:
        if not started:
            pytest.fail(f"The app did not start:\n{running.log}", pytrace=False)
        yield running
    finally:
        running.end()
        shutil.rmtree(place, ignore_errors=True)


def _cache() -> Path:
    cache = Path.home() / ".cache"
    cache.mkdir(exist_ok=True)
    return cache


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


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
