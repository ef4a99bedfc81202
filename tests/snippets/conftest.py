"""What a JavaScript snippet stands on: the vendor's npm package, installed once for all sessions."""

import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from tests.emulators.fixtures import emulator

__all__ = ["emulator", "npm_packages"]

JAVASCRIPT_SDK = "wavespeed@0.3.2"


@pytest.fixture(scope="session")
def npm_packages() -> Path:
    """A `node_modules` folder with the SDK."""
    place = Path.home() / ".cache" / "seedream-tests" / JAVASCRIPT_SDK.replace("@", "-")
    if not place.exists():
        place.parent.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(dir=place.parent))
        command = ["npm", "install", "--prefix", str(fresh), "--ignore-scripts", "--no-audit", "--no-fund", JAVASCRIPT_SDK]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        try:
            fresh.rename(place)  # whole or not at all
        except OSError:  # another session was quicker
            shutil.rmtree(fresh)
    return place / "node_modules"
