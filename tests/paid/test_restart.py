"""A paid set that was under way when the server went: known afterwards, and fetched without being sent again."""

import asyncio
from pathlib import Path

import pytest

from seedream_ui.imaging.store import ContentStore
from seedream_ui.platforms.remote import Remote
from seedream_ui.platforms.wavespeed import WaveSpeed as Adapter
from seedream_ui.request import SequenceRequest
from seedream_ui.runs.engine import Runs
from seedream_ui.runs.files import RunFiles
from seedream_ui.secret import Secret
from tests.emulators.faults import Fault, Silence
from tests.emulators.fixtures import emulator  # noqa: F401
from tests.emulators.wavespeed import WaveSpeed

KETTLE = SequenceRequest(prompt="a red kettle", count=3, platform="wavespeed")


def process(folder: Path, platform: WaveSpeed) -> Runs:
    """The runs as one process of the server has them; another one on the same folders is the server, started again."""
    return Runs(
        ContentStore(folder / "references"),
        RunFiles(folder / "files"),
        folder / "runs",
        {"wavespeed": Remote(Adapter(), platform.url)},
    )


async def until_sent(runs: Runs, platform: WaveSpeed) -> str:
    """Starts a run and leaves it as soon as its job is at the platform, as a killed server would."""
    run = await runs.start(KETTLE, key=Secret(platform.key))
    await asyncio.to_thread(platform.wait_for_jobs, 1)
    return run.id


@pytest.mark.parametrize("lost", [False, True], ids=["the job was running", "the answer had not come"])
def test_a_set_is_found_and_fetched_after_the_server_was_killed(tmp_path: Path, emulator: WaveSpeed, lost: bool) -> None:  # noqa: F811
    done = emulator.hold()
    if lost:
        emulator.faults.push(Fault("submit", Silence()))
    run_id = asyncio.run(until_sent(process(tmp_path, emulator), emulator))
    done.set()

    again = process(tmp_path, emulator)
    found = again.find(run_id)
    assert (found.status, found.open) == ("unknown", False)
    assert "restarted" in (found.error or "")

    async def fetch() -> None:
        await again.look_again(run_id, Secret(emulator.key))
        await again.finish(run_id)

    asyncio.run(fetch())
    whole = again.find(run_id)
    assert (whole.status, whole.returned) == ("completed", 3)
    assert float(whole.cost_usd) == pytest.approx(0.081)
    assert len(emulator.jobs) == 1
