"""The emulator as a process of its own, as benchmarks and people use it."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

PROJECT = Path(__file__).parents[2]


@pytest.fixture
def address() -> Iterator[str]:
    options = ["--port", "0", "--duration", "0", "--key", "my-key", "--balance", "2"]
    command = [sys.executable, "-m", "tests.emulators.wavespeed", *options]
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        yield process.stdout.readline().strip()
        process.terminate()


def test_it_prints_its_address_and_serves_there(address: str) -> None:
    with httpx.Client(base_url=f"{address}/api/v3", headers={"Authorization": "Bearer my-key"}, verify=False) as http:
        assert http.get("/balance").json()["data"] == {"balance": 2.0}
        job = http.post("/bytedance/seedream-v4", json={"prompt": "A kettle", "size": "1024*1024"}).json()["data"]
        assert http.get(job["urls"]["get"]).json()["data"]["status"] == "completed"
