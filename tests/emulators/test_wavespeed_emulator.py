"""WaveSpeedAI's contract, statement by statement, over plain HTTP."""

import base64
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from tests.emulators.calling import FOUR, MEGAPIXEL, V4, V5, V45, Caller, finished, photo, upload, visitor
from tests.emulators.clock import DAY, stamp
from tests.emulators.pictures import colours_in
from tests.emulators.wavespeed import WaveSpeed
from tests.emulators.wavespeed_jobs import Script

pytestmark = pytest.mark.usefixtures("time_stands")


# ------------------------------------------------------------------------------------------------------- keys, routes
@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer nobody"}, {"X-API-Key": "ws-emulator-key-0001"}])
def test_without_a_valid_bearer_key_every_call_is_401(emulator: WaveSpeed, headers: dict[str, str]) -> None:
    for method, path in [("POST", V4), ("GET", "predictions/x/result"), ("GET", "balance"), ("POST", "media/uploads")]:
        answer = visitor.request(method, f"{emulator.url}/api/v3/{path}", headers=headers, json=None if method == "GET" else FOUR)
        assert (answer.status_code, answer.json()["code"]) == (401, 401)


def test_an_unknown_model_is_404(caller: Caller) -> None:
    answer = caller.submit("bytedance/seedream-v9", **MEGAPIXEL)
    assert (answer.status_code, answer.json()["code"]) == (404, 404)


def test_an_unknown_prediction_is_404_and_so_is_somebody_elses(caller: Caller, emulator: WaveSpeed) -> None:
    emulator.account("ws-second-key")
    theirs = Caller(emulator, "ws-second-key").submitted()
    assert caller.http.get("/predictions/nothing/result").status_code == 404
    assert caller.http.get(f"/predictions/{theirs}/result").status_code == 404


# ------------------------------------------------------------------------------------------------------ a job's course
def test_a_submit_answers_created_with_the_address_of_the_result(caller: Caller, emulator: WaveSpeed) -> None:
    answer = caller.submit().json()
    data = answer["data"]
    assert (answer["code"], answer["message"]) == (200, "success")
    assert data["urls"] == {"get": f"{emulator.url}/api/v3/predictions/{data['id']}/result"}
    assert (data["status"], data["outputs"], data["has_nsfw_contents"], data["error"]) == ("created", [], [], "")
    assert (data["executionTime"], data["timings"], data["model"]) == (0, {"inference": 0}, f"{V4}/sequential")
    assert len(data["id"]) == 32
    assert data["created_at"] == stamp(emulator.jobs[0].created_at)


def test_a_job_is_processing_and_then_completed_with_one_flag_per_image(caller: Caller, emulator: WaveSpeed) -> None:
    job_id = caller.submitted()
    assert caller.poll(job_id)["status"] == "processing"
    emulator.clock.advance(59)
    assert caller.poll(job_id)["status"] == "processing"
    emulator.clock.advance(1)
    data = caller.poll(job_id)
    assert (data["status"], len(data["outputs"]), data["has_nsfw_contents"]) == ("completed", 4, [False] * 4)
    assert data["executionTime"] == data["timings"]["inference"] == 60_000


def test_the_result_is_at_the_shorter_path_too(caller: Caller) -> None:
    job_id = caller.submitted()
    assert caller.http.get(f"/predictions/{job_id}").json()["data"]["id"] == job_id


def test_a_job_can_wait_in_the_queue_before_it_is_processed(caller: Caller, emulator: WaveSpeed) -> None:
    emulator.script(Script(queued=30))
    job_id = caller.submitted()
    assert caller.poll(job_id)["status"] == "created"
    emulator.clock.advance(30)
    assert caller.poll(job_id)["status"] == "processing"


def test_a_job_of_twenty_minutes_needs_no_waiting(caller: Caller, emulator: WaveSpeed) -> None:
    emulator.duration = 1200
    job_id = caller.submitted()
    emulator.clock.advance(1199)
    assert caller.poll(job_id)["status"] == "processing"
    emulator.clock.advance(1)
    assert caller.poll(job_id)["executionTime"] == 1_200_000


def test_a_held_job_ends_when_it_is_released(caller: Caller, emulator: WaveSpeed) -> None:
    released = emulator.hold()
    job_id = caller.submitted()
    emulator.clock.advance(DAY)
    assert caller.poll(job_id)["status"] == "processing"
    released.set()
    assert caller.poll(job_id)["status"] == "completed"


@pytest.mark.parametrize(("duration", "expected"), [(89, ("completed", None)), (91, ("processing", 5004))])
def test_sync_mode_holds_the_submit_for_90_seconds(
    caller: Caller, emulator: WaveSpeed, duration: float, expected: tuple[str, int | None]
) -> None:
    emulator.duration = duration
    with ThreadPoolExecutor() as pool:
        answer = pool.submit(caller.submit, V4, **MEGAPIXEL, enable_sync_mode=True)
        emulator.journal.wait_for("submit")
        emulator.clock.advance(90)
        data = answer.result(10).json()["data"]
    assert (data["status"], data.get("code")) == expected


@pytest.mark.parametrize("code", [1200, 1402, 5000])
def test_a_failed_job_is_http_200_with_a_code_and_an_error(caller: Caller, emulator: WaveSpeed, code: int) -> None:
    emulator.script(Script(status="failed", code=code))
    data = finished(caller, emulator)
    assert (data["status"], data["code"], data["outputs"], data["executionTime"]) == ("failed", code, [], 0)
    assert data["error"]


@pytest.mark.parametrize("status", ["cancelled", "timeout", "deleted"])
def test_a_job_can_end_in_every_other_way(caller: Caller, emulator: WaveSpeed, status: str) -> None:
    emulator.script(Script(status=status))
    assert finished(caller, emulator)["status"] == status


def test_polls_can_be_null_or_of_an_unknown_status_and_then_go_on(caller: Caller, emulator: WaveSpeed) -> None:
    emulator.script(Script(null_polls=2, odd_status="thinking", odd_polls=1))
    job_id = caller.submitted()
    emulator.clock.advance(60)
    told = [caller.poll(job_id) for _ in range(4)]
    assert told[:2] == [None, None]
    assert [data["status"] for data in told[2:]] == ["thinking", "completed"]


# -------------------------------------------------------------------------------------------------------------- images
def test_images_have_exactly_the_size_that_was_asked_for(caller: Caller, emulator: WaveSpeed) -> None:
    outputs = finished(caller, emulator, f"{V45}/sequential", **FOUR | {"size": "1999*2001", "max_images": 2})["outputs"]
    answers = [visitor.get(url) for url in outputs]
    assert {answer.headers["content-type"] for answer in answers} == {"image/jpeg"}
    pictures = [Image.open(BytesIO(answer.content)) for answer in answers]
    assert [(picture.format, picture.size) for picture in pictures] == [("JPEG", (1999, 2001))] * 2


def test_every_image_is_told_from_all_others_by_its_colours(caller: Caller, emulator: WaveSpeed) -> None:
    outputs = finished(caller, emulator)["outputs"] + finished(caller, emulator)["outputs"]
    expected = [colours for job in emulator.jobs for colours in map(job.colours, range(4))]
    for url, (own, prompt) in zip(outputs, expected, strict=True):
        seen = colours_in(visitor.get(url).content)
        assert all(abs(a - b) < 8 for a, b in zip((*own, *prompt), (*seen[0], *seen[1]), strict=True))


def test_the_test_knows_the_bytes_of_each_image(caller: Caller, emulator: WaveSpeed) -> None:
    url = finished(caller, emulator)["outputs"][2]
    assert visitor.get(url).content == emulator.jobs[0].picture(2)


def test_5_0_lite_makes_png_where_it_is_asked_to(caller: Caller, emulator: WaveSpeed) -> None:
    url = finished(caller, emulator, V5, prompt="A kettle", size="2048*2048", output_format="png")["outputs"][0]
    assert Image.open(BytesIO(visitor.get(url).content)).format == "PNG"
    assert caller.submit(V4, **MEGAPIXEL, output_format="png").status_code == 400


@pytest.mark.parametrize("returned", [0, 2, 6])
def test_fewer_or_more_images_than_asked_for_can_come_back(caller: Caller, emulator: WaveSpeed, returned: int) -> None:
    emulator.script(Script(returned=returned))
    data = finished(caller, emulator)
    assert len(data["outputs"]) == len(data["has_nsfw_contents"]) == returned
    assert all(visitor.get(url).is_success for url in data["outputs"])


def test_an_image_can_be_flagged_and_blank(caller: Caller, emulator: WaveSpeed) -> None:
    emulator.script(Script(flags=(False, True), blank=(1,)))
    data = finished(caller, emulator)
    assert data["has_nsfw_contents"] == [False, True, False, False]
    assert Image.open(BytesIO(visitor.get(data["outputs"][1]).content)).convert("RGB").getextrema() == ((0, 0),) * 3


def test_an_image_can_be_any_file(caller: Caller, emulator: WaveSpeed) -> None:
    emulator.script(Script(pictures={1: b"no image"}))
    assert visitor.get(finished(caller, emulator)["outputs"][1]).content == b"no image"


def test_a_finished_job_can_tell_anything(caller: Caller, emulator: WaveSpeed) -> None:
    odd = {"outputs": ["http://10.0.0.1/1.jpeg", None, 7], "has_nsfw_contents": None}
    emulator.script(Script(told=odd))
    job_id = caller.submitted()
    assert caller.poll(job_id)["outputs"] == []
    emulator.clock.advance(60)
    assert {name: caller.poll(job_id)[name] for name in odd} == odd


@pytest.mark.parametrize("form", ["bare", "data-uri", "object"])
def test_base64_output_comes_in_each_form(caller: Caller, emulator: WaveSpeed, form: str) -> None:
    emulator.rules.base64_as = form
    item = finished(caller, emulator, V4, **MEGAPIXEL, enable_base64_output=True)["outputs"][0]
    text = item["url"] if form == "object" else item
    assert text.startswith("data:image/jpeg;base64,") == (form != "bare")
    assert base64.b64decode(text.rpartition(",")[2]) == emulator.jobs[0].picture(0)


def test_urls_can_come_inside_objects(caller: Caller, emulator: WaveSpeed) -> None:
    emulator.rules.outputs_as = "object"
    assert visitor.get(finished(caller, emulator)["outputs"][0]["url"]).is_success


def test_without_a_size_an_edit_follows_its_first_reference(caller: Caller, emulator: WaveSpeed) -> None:
    url = upload(caller, photo(size=(1600, 900)))
    finished(caller, emulator, f"{V4}/edit", prompt="In snow", images=[url])
    finished(caller, emulator, V4, prompt="In snow")
    assert [job.size for job in emulator.jobs] == [(2736, 1536), (2048, 2048)]


# ---------------------------------------------------------------------------------------------- what is refused with 400
@pytest.mark.parametrize(
    ("model", "body"),
    [
        (V4, {"size": "1024*1024"}),
        (V4, {"prompt": "  "}),
        (V4, {"prompt": 7}),
        (V4, FOUR),  # max_images belongs to the sequential ids
        (f"{V4}/sequential", FOUR | {"max_images": 0}),
        (f"{V4}/sequential", FOUR | {"max_images": 16}),
        (f"{V4}/sequential", FOUR | {"max_images": "4"}),
        (f"{V4}/sequential", FOUR | {"images": ["https://files.example/1.png"]}),
        (f"{V4}/edit", MEGAPIXEL),  # images are required
        (f"{V4}/edit", MEGAPIXEL | {"images": []}),
        (f"{V4}/edit", MEGAPIXEL | {"image": "https://files.example/1.png"}),
        (f"{V4}/edit", MEGAPIXEL | {"images": ["https://files.example/1.png"] * 11}),
        (f"{V4}/edit-sequential", FOUR | {"images": ["https://files.example/1.png"] * 8, "max_images": 8}),
        (V4, MEGAPIXEL | {"size": "1024x1024"}),
        (V4, MEGAPIXEL | {"size": "2K"}),
        (V4, MEGAPIXEL | {"size": "1023*1024"}),
        (V4, MEGAPIXEL | {"size": "4097*1024"}),
        (V45, MEGAPIXEL | {"size": "1919*1920"}),
        (V45, MEGAPIXEL | {"size": "4097*4096"}),
        (V5, MEGAPIXEL | {"size": "8192*500"}),
        (V4, MEGAPIXEL | {"seed": 7}),
    ],
)
def test_a_body_that_the_model_does_not_take_is_400_and_costs_nothing(
    caller: Caller, emulator: WaveSpeed, model: str, body: dict[str, Any]
) -> None:
    answer = caller.http.post(f"/{model}", json=body)
    assert (answer.status_code, answer.json()["code"]) == (400, 400)
    assert answer.json()["message"]
    assert emulator.owner.ledger == []


@pytest.mark.parametrize(
    ("model", "size"),
    [(V4, "1024*4096"), (V4, "4096*4096"), (V45, "2560*1440"), (V45, "6240*2656"), (V5, "1920*1920"), (V5, "5504*3040")],
)
def test_sizes_at_the_edges_are_taken(caller: Caller, model: str, size: str) -> None:
    assert caller.submit(model, prompt="A kettle", size=size).status_code == 200


def test_a_body_that_is_no_json_is_400(caller: Caller) -> None:
    assert caller.http.post(f"/{V4}", content=b"{").status_code == 400


def test_a_wrong_size_can_fail_the_task_instead(caller: Caller, emulator: WaveSpeed) -> None:
    emulator.rules.bad_size = None
    data = finished(caller, emulator, V45, **MEGAPIXEL)
    assert (data["status"], data["code"]) == ("failed", 1401)


def test_unknown_fields_can_be_ignored(caller: Caller, emulator: WaveSpeed) -> None:
    emulator.rules.unknown_fields_refused = False
    assert caller.submit(V4, **MEGAPIXEL, seed=7).status_code == 200
