"""An app that is killed and started again where it was."""

import os
import subprocess
import sys

from tests import conftest
from tests.conftest import PROJECT, App


class Server:
    """Takes over a running app. It keeps its port and its data folder."""

    def __init__(self, first: App, **environment: str) -> None:
        self.url, self.data_dir, self._app = first.url, first.data_dir, first
        place = {"SEEDREAM_DATA_DIR": str(first.data_dir), "GRADIO_SERVER_PORT": first.url.rpartition(":")[2]}
        self._environment = {**os.environ, **place, "PYTHONUNBUFFERED": "1", **environment}

    @property
    def log(self) -> str:
        """What it printed since it was last started."""
        return self._app.log

    def kill(self) -> None:
        """With −9."""
        self._app.process.kill()
        self._app.process.wait()

    def start(self) -> None:
        """Starts it again, and waits until it answers."""
        with self._app.log_file.open("wb") as log:
            command = [sys.executable, "app.py"]
            process = subprocess.Popen(command, cwd=PROJECT, env=self._environment, stdout=log, stderr=subprocess.STDOUT)
        self._app = App(self.url, self.data_dir, self._app.log_file, process)
        assert conftest._ready(self._app), self._app.log
