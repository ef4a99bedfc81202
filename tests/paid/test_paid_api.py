"""Real sets for programs, on the caller's key."""

import base64
import hashlib
import time

import httpx
import pytest

from tests.api.programs import Refused
from tests.conftest import App, Photo
from tests.emulators.faults import Fault, Reset, html
from tests.emulators.wavespeed import WaveSpeed
from tests.emulators.wavespeed_jobs import Script
from tests.paid.conftest import CANARY


def test_a_set_comes_whole_at_the_price_that_was_quoted(api, make, wavespeed):
    quoted = api.call("quote", prompt="a red kettle", platform="wavespeed", count=3)[0]
    images, record = make()
    job = wavespeed.jobs[-1]
    assert [httpx.get(image["url"]).content for image in images] == [job.picture(i) for i in range(3)]
    assert record["status"] == "completed"
    assert (record["cost_usd"], record["cost_is"], record["charge_is"]) == (quoted["total_usd"], "charged", "platform")
    assert job.body["prompt"] == record["prompt_sent"]
    assert job.body["max_images"] == 3


def test_references_are_uploaded_and_named(api, make, wavespeed, photo_of: Photo):
    make(references=[api.upload(photo_of("teal")), api.upload(photo_of("red"))], options={"labels": ["the mug", "the mood"]})
    job = wavespeed.jobs[-1]
    assert job.model.endswith("/edit-sequential")
    assert len(job.body["images"]) == 2
    assert "Image 1 is the mug" in job.body["prompt"]


def test_without_seq_each_image_is_a_job_of_its_own(make, wavespeed):
    before = len(wavespeed.jobs)
    _, record = make(sequence=False, panels=["one", "two", "three"])
    assert len(wavespeed.jobs) == before + 3
    assert {job.model for job in wavespeed.jobs[before:]} == {"bytedance/seedream-v4"}
    assert len(record["jobs"]) == 3


def test_no_key_a_wrong_key_and_an_empty_account_are_said_before_anything_is_uploaded(api, make, wavespeed, key, photo_of: Photo):
    with pytest.raises(Refused, match="WaveSpeedAI needs a key"):
        make(headers={})
    with pytest.raises(Refused, match=r"does not accept this key\. Nothing was charged"):
        make(headers={"x-platform-key": "wrong"}, references=[api.upload(photo_of("teal"))])
    wavespeed.account(key, balance="0")
    with pytest.raises(Refused, match=r"does not cover this\. Nothing was charged"):
        make()
    assert wavespeed.journal.count("upload_put") == 0


def test_fewer_images_than_paid_for_is_a_partial_set_with_the_numbers(make, wavespeed):
    wavespeed.script(Script(returned=2))
    images, record = make()
    assert len(images) == 2
    assert (record["status"], record["requested"], record["returned"]) == ("partial", 3, 2)
    assert record["cost_usd"] == pytest.approx(0.081)


def test_a_lost_answer_is_found_again_and_not_paid_twice(make, wavespeed):
    before = len(wavespeed.jobs)
    wavespeed.faults.push(Fault("submit", Reset(processed=True)))
    images, record = make(prompt="a kettle whose answer is lost")
    assert (len(images), record["status"]) == (3, "completed")
    assert len(wavespeed.jobs) == before + 1


def test_an_answer_that_stays_lost_is_unknown_and_ends_with_the_run_id(make, wavespeed):
    before = len(wavespeed.jobs)
    wavespeed.faults.push(Fault("submit", html(502)))
    started = time.monotonic()
    with pytest.raises(Refused, match=r"unknown whether the job was taken.*Run [\w-]{32}$"):
        make(prompt="a kettle that never arrives")
    assert time.monotonic() - started < 30
    assert len(wavespeed.jobs) == before
    assert wavespeed.journal.count("submit") == 1


def test_the_key_is_nowhere_but_on_its_way_to_the_platform(api, make, key, paid_app: App, wavespeed: WaveSpeed, photo_of: Photo):
    """The canary: everything the server wrote or answered is searched, base64 forms included."""
    answers = [str(make(references=[api.upload(photo_of("navy"))]))]
    for used, fault in ((key[:-1], None), (key, Fault("submit", html(502)))):
        if fault:
            wavespeed.faults.push(fault)
        with pytest.raises(Refused) as refused:
            make(headers={"x-platform-key": used}, count=1)
        answers.append(str(refused.value))
    pages = ("/", "/config", "/gradio_api/info", "/gradio_api/mcp/schema", "/gradio_api/runs", "/openapi.json")
    answers += [httpx.get(paid_app.url + path).text for path in pages]
    written = b"".join(path.read_bytes() for path in paid_app.data_dir.rglob("*") if path.is_file())
    everything = written + paid_app.log.encode() + "".join(answers).encode()
    for form in _forms(CANARY):
        assert form not in everything
    assert not wavespeed.journal.leaks


def _forms(key: str) -> list[bytes]:
    """The key as it would look plain, hashed without a secret, and inside base64 at each of the three offsets."""
    plain = key.encode()
    inside = [base64.b64encode(b"x" * shift + plain)[4:-4] for shift in range(3)]
    return [plain[:-1], hashlib.sha256(plain).hexdigest().encode(), *inside]
