"""How files come to WaveSpeedAI, and what a job can do with them."""

import base64
import hashlib
from typing import Any

import pytest

from tests.emulators.calling import FOUR, MEGAPIXEL, V4, Caller, finished, photo, upload, visitor
from tests.emulators.clock import DAY
from tests.emulators.wavespeed import WaveSpeed

pytestmark = pytest.mark.usefixtures("time_stands")


# ---------------------------------------------------------------------------------------------------------- references
def test_references_may_be_uploads_data_uris_bare_base64_or_earlier_outputs(caller: Caller, emulator: WaveSpeed) -> None:
    bare = base64.b64encode(photo(form="JPEG")).decode()
    earlier = finished(caller, emulator)["outputs"][0]
    references = [upload(caller, photo()), f"data:image/jpeg;base64,{bare}", bare, earlier]
    data = finished(caller, emulator, f"{V4}/edit-sequential", **FOUR, images=references)
    assert data["status"] == "completed"


@pytest.mark.parametrize("reference", ["https://files.example/1.png", "data:image/png;base64,AAAA", "not base64!"])
def test_a_reference_that_cannot_be_read_fails_the_task_with_1402(caller: Caller, emulator: WaveSpeed, reference: str) -> None:
    data = finished(caller, emulator, f"{V4}/edit", **MEGAPIXEL, images=[upload(caller, photo()), reference])
    assert (data["status"], data["code"], data["error"]) == ("failed", 1402, "could not fetch image 2")


def test_an_upload_that_is_no_image_fails_the_task(caller: Caller, emulator: WaveSpeed) -> None:
    data = finished(caller, emulator, f"{V4}/edit", **MEGAPIXEL, images=[upload(caller, b"<html>")])
    assert data["code"] == 1402


def test_uploads_are_kept_for_seven_days(caller: Caller, emulator: WaveSpeed) -> None:
    url = upload(caller, photo())
    emulator.clock.advance(7 * DAY - 1)
    assert visitor.get(url).content == photo()
    emulator.clock.advance(1)
    assert visitor.get(url).status_code == 404
    assert finished(caller, emulator, f"{V4}/edit", **MEGAPIXEL, images=[url])["code"] == 1402


def test_data_uris_can_be_refused_as_references(caller: Caller, emulator: WaveSpeed) -> None:
    emulator.rules.image_forms = frozenset({"url"})
    uri = f"data:image/png;base64,{base64.b64encode(photo()).decode()}"
    assert finished(caller, emulator, f"{V4}/edit", **MEGAPIXEL, images=[uri])["code"] == 1402


# ------------------------------------------------------------------------------------------------------------- uploads
def ticket(caller: Caller, data: bytes) -> dict[str, Any]:
    return caller.post("/media/uploads", filename="reference.png", size=len(data), content_type="image/png")


def test_a_ticket_tells_where_and_how_to_put_the_file(caller: Caller, emulator: WaveSpeed) -> None:
    data = ticket(caller, photo())
    assert (data["type"], data["filename"], data["size"]) == ("image", "reference.png", len(photo()))
    assert data["upload"]["method"] == "PUT"
    assert data["upload"]["headers"]["Content-Type"] == "image/png"
    assert visitor.get(data["download_url"]).status_code == 404
    assert visitor.put(data["upload"]["url"], headers=data["upload"]["headers"], content=photo()).is_success
    assert visitor.get(data["download_url"]).content == photo()
    assert emulator.uploads.counts == {hashlib.sha256(photo()).hexdigest(): 1}


@pytest.mark.parametrize(
    "extra",
    [
        {"Authorization": "Bearer ws-emulator-key-0001"},
        {"Authorization": "Bearer x"},
        {"Cookie": "key=ws-emulator-key-0001"},
        {"Content-Type": "image/jpeg"},
        {"X-Client-Name": "someone"},
    ],
)
def test_a_put_with_other_headers_or_with_the_key_is_400(caller: Caller, emulator: WaveSpeed, extra: dict[str, str]) -> None:
    upload = ticket(caller, photo())["upload"]
    assert visitor.put(upload["url"], headers=upload["headers"] | extra, content=photo()).status_code == 400
    assert not emulator.uploads.counts


def test_a_put_without_the_headers_the_signature_or_all_bytes_is_400(caller: Caller) -> None:
    upload = ticket(caller, photo())["upload"]
    assert visitor.put(upload["url"], content=photo()).status_code == 400
    assert visitor.put(upload["url"][:-1], headers=upload["headers"], content=photo()).status_code == 400
    assert visitor.put(upload["url"], headers=upload["headers"], content=photo()[:-1]).status_code == 400


def test_the_multipart_route_takes_a_file_and_counts_it_by_content(caller: Caller, emulator: WaveSpeed) -> None:
    for data in (photo("red"), photo("red"), photo("blue")):
        assert visitor.get(upload(caller, data)).content == data
    assert sorted(emulator.uploads.counts.values()) == [1, 2]
    assert caller.http.post("/media/upload/binary", files={"image": photo()}).status_code == 400


def test_each_way_of_uploading_can_be_missing(caller: Caller, emulator: WaveSpeed) -> None:
    emulator.rules.ticket_uploads = emulator.rules.binary_uploads = False
    asked = {"filename": "a.png", "size": 1}
    assert caller.http.post("/media/uploads", json=asked).status_code == 404
    assert caller.http.post("/media/upload/binary", files={"file": photo()}).status_code == 404


def test_a_file_that_is_too_large_is_413(caller: Caller, emulator: WaveSpeed) -> None:
    emulator.rules.upload_bytes = 100
    assert caller.http.post("/media/uploads", json={"filename": "a.png", "size": 101}).status_code == 413
    assert caller.http.post("/media/upload/binary", files={"file": photo()}).status_code == 413
