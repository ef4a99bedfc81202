"""The emulator under the vendor's own client, unmodified: what it can do with the platform, it can do here."""

import threading
from io import BytesIO
from pathlib import Path

import httpx
import pytest
import wavespeed
from PIL import Image

from tests.emulators.faults import Answer, Fault, Hangup, Reset, html
from tests.emulators.wavespeed import WaveSpeed
from tests.emulators.wavespeed_jobs import Script

SEQUENTIAL = "bytedance/seedream-v4/sequential"
FOUR = {"prompt": "Four kettles, one per season", "size": "1024*1024", "max_images": 4}


@pytest.fixture
def client(emulator: WaveSpeed) -> wavespeed.Client:
    return wavespeed.Client(api_key=emulator.key, base_url=emulator.url, retry_interval=0.01)


def run(client: wavespeed.Client, model: str = SEQUENTIAL, **changes: object) -> dict:
    return client.run(model, FOUR | changes, poll_interval=0.02)


def png(tmp_path: Path) -> Path:
    path = tmp_path / "reference.png"
    Image.new("RGB", (640, 480), "teal").save(path)
    return path


def test_run_submits_once_polls_and_returns_the_images(client: wavespeed.Client, emulator: WaveSpeed) -> None:
    outputs = run(client)["outputs"]
    sizes = [Image.open(BytesIO(httpx.get(url).content)).size for url in outputs]
    assert sizes == [(1024, 1024)] * 4
    assert emulator.journal.count("submit") == 1
    assert emulator.journal.count("poll") >= 2


def test_sync_mode_returns_the_images_with_the_submit(client: wavespeed.Client, emulator: WaveSpeed) -> None:
    outputs = client.run(SEQUENTIAL, FOUR, enable_sync_mode=True)["outputs"]
    assert len(outputs) == 4
    assert emulator.journal.count("poll") == 0


def test_sync_mode_that_takes_too_long_names_the_task_which_goes_on(client: wavespeed.Client, emulator: WaveSpeed) -> None:
    emulator.rules.sync_seconds = 0.02
    released = emulator.hold()
    told = client.run_no_throw(SEQUENTIAL, FOUR, enable_sync_mode=True)
    assert (told["status"], told["outputs"], told["task_id"]) == ("processing", None, emulator.jobs[0].id)
    assert "Sync mode timed out" in told["error"]
    released.set()
    assert client.get_result(told["task_id"])["data"]["status"] == "completed"


def test_sync_mode_raises_with_the_address_of_the_result(client: wavespeed.Client, emulator: WaveSpeed) -> None:
    emulator.rules.sync_seconds = 0.02
    emulator.hold()
    with pytest.raises(RuntimeError, match="Sync mode timed out") as raised:
        client.run(SEQUENTIAL, FOUR, enable_sync_mode=True)
    assert f"{emulator.url}/api/v3/predictions/{emulator.jobs[0].id}/result" in str(raised.value)


def test_a_file_uploaded_by_ticket_can_be_a_reference(client: wavespeed.Client, emulator: WaveSpeed, tmp_path: Path) -> None:
    path = png(tmp_path)
    url = client.upload(str(path))
    assert httpx.get(url).content == path.read_bytes()
    assert len(run(client, "bytedance/seedream-v4/edit-sequential", images=[url])["outputs"]) == 4
    assert (emulator.journal.count("upload_ticket"), emulator.journal.count("upload_put")) == (1, 1)
    assert emulator.journal.leaks == []


def test_a_stream_is_uploaded_too(client: wavespeed.Client, tmp_path: Path) -> None:
    with png(tmp_path).open("rb") as stream:
        url = client.upload(stream)
    assert httpx.get(url).status_code == 200


def test_an_upload_fails_where_the_ticket_route_is_not_there(
    client: wavespeed.Client, emulator: WaveSpeed, tmp_path: Path
) -> None:
    emulator.rules.ticket_uploads = False
    with pytest.raises(RuntimeError, match="HTTP 404"):
        client.upload(str(png(tmp_path)))


def test_get_result_tells_how_a_job_stands(client: wavespeed.Client, emulator: WaveSpeed) -> None:
    released = emulator.hold()
    running = threading.Thread(target=run, args=(client,))
    running.start()
    emulator.journal.wait_for("poll")
    assert client.get_result(emulator.jobs[0].id)["data"]["status"] == "processing"
    released.set()
    running.join(5)
    assert client.get_result(emulator.jobs[0].id)["data"]["status"] == "completed"


@pytest.mark.parametrize("status", ["failed", "cancelled", "timeout", "deleted"])
def test_every_bad_end_is_raised(client: wavespeed.Client, emulator: WaveSpeed, status: str) -> None:
    emulator.script(Script(status=status))
    with pytest.raises(RuntimeError, match=f"Prediction {status}"):
        run(client)


def test_a_failed_job_says_why(client: wavespeed.Client, emulator: WaveSpeed) -> None:
    emulator.script(Script(status="failed", code=1200))
    told = client.run_no_throw(SEQUENTIAL, FOUR, poll_interval=0.02)
    assert (told["status"], told["task_id"]) == ("failed", emulator.jobs[0].id)
    assert "refused by moderation" in told["error"]


def test_a_job_may_be_run_again_when_the_failure_was_upstream(client: wavespeed.Client, emulator: WaveSpeed) -> None:
    emulator.script(Script(status="failed", code=5000, error="upstream said HTTP 503"))
    assert len(client.run(SEQUENTIAL, FOUR, poll_interval=0.02, max_retries=1)["outputs"]) == 4
    assert [job.status for job in emulator.jobs] == ["failed", "completed"]


def test_an_unknown_status_is_waited_out(client: wavespeed.Client, emulator: WaveSpeed) -> None:
    emulator.script(Script(odd_polls=3))
    assert len(run(client)["outputs"]) == 4
    assert emulator.journal.count("poll") >= 4


def test_a_wrong_key_is_401(emulator: WaveSpeed) -> None:
    stranger = wavespeed.Client(api_key="ws-nobody", base_url=emulator.url)
    with pytest.raises(RuntimeError, match="HTTP 401"):
        run(stranger)
    assert emulator.jobs == []


def test_result_queries_are_repeated_after_500_429_and_a_reset(client: wavespeed.Client, emulator: WaveSpeed) -> None:
    emulator.faults.push(*(Fault("poll", action) for action in (html(500), Answer(429), html(503), Reset())))
    assert len(run(client)["outputs"]) == 4
    assert emulator.journal.count("poll") >= 5
    assert emulator.faults.left == []


@pytest.mark.parametrize("action", [Reset(processed=True), Hangup(processed=True), html(502, processed=True)])
def test_a_submit_whose_answer_is_lost_is_not_repeated_though_it_is_paid(
    client: wavespeed.Client, emulator: WaveSpeed, action: Reset
) -> None:
    emulator.faults.push(Fault("submit", action))
    told = client.run_no_throw(SEQUENTIAL, FOUR, poll_interval=0.02, max_retries=3)
    assert (told["status"], told["task_id"]) == ("failed", "unknown")
    assert emulator.journal.count("submit") == len(emulator.jobs) == 1
    assert str(emulator.owner.charged) == "0.108"


def test_run_no_throw_returns_the_images_and_the_id(client: wavespeed.Client, emulator: WaveSpeed) -> None:
    told = client.run_no_throw(SEQUENTIAL, FOUR, poll_interval=0.02)
    assert (told["status"], told["task_id"], told["error"]) == ("completed", emulator.jobs[0].id, None)
    assert len(told["outputs"]) == 4


def test_the_key_goes_nowhere_else(client: wavespeed.Client, emulator: WaveSpeed, tmp_path: Path) -> None:
    run(client, "bytedance/seedream-v4/edit-sequential", images=[client.upload(str(png(tmp_path)))])
    assert emulator.journal.leaks == []
    assert all(emulator.key not in str(request) for request in emulator.journal.requests)
