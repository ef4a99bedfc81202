"""Addresses in a reply that are none: they cost the image they stand for, and no other."""

from typing import Any

import pytest

from seedream_ui.platforms.download import picture
from seedream_ui.platforms.http import Line
from seedream_ui.platforms.remote import images
from seedream_ui.platforms.wavespeed import WaveSpeed
from tests.emulators.faults import Answer, Fault, redirect
from tests.platforms.remote_driving import Studio, request_of


@pytest.mark.parametrize("location", ["http://[", "//[", "https://xn--/"])
async def test_a_redirect_to_no_address_loses_one_image(studio: Studio, location: str) -> None:
    studio.emulator.faults.push(Fault("output", redirect(location), path="/2.jpeg", times=None))
    outcome = await studio.make(request_of(4))
    assert set(outcome.pictures) == {0, 2, 3}
    assert "made and charged, but could not be fetched" in outcome.lost[1]
    studio.emulator.faults.clear()
    again = await studio.look_again(request_of(4), tuple(outcome.last.values()), 1)
    assert set(again.pictures) == {1}


@pytest.mark.parametrize("address", ["https://xn--/", "https://x/\ud800", "https://a\x00b/", "https://" + "a" * 70 + ".test/"])
async def test_an_output_at_no_address_loses_one_image(studio: Studio, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    outputs = WaveSpeed._progress

    def second_is(platform: WaveSpeed, data: dict[str, Any]) -> Any:
        if found := data.get("outputs"):
            data = data | {"outputs": [found[0], address, *found[2:]]}
        return outputs(platform, data)

    monkeypatch.setattr(WaveSpeed, "_progress", second_is)
    outcome = await studio.make(request_of(4))
    assert set(outcome.pictures) == {0, 2, 3}
    assert "made and charged, but could not be fetched" in outcome.lost[1]


async def test_whatever_breaks_while_an_image_is_fetched_is_said_in_its_frame(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(line: Line, url: str) -> bytes:
        if url.endswith("/2.jpeg"):
            raise RuntimeError
        return await picture(line, url)

    monkeypatch.setattr(images, "picture", broken)
    outcome = await studio.make(request_of(4))
    assert set(outcome.pictures) == {0, 2, 3}
    assert "made and charged, but could not be fetched" in outcome.lost[1]


@pytest.mark.parametrize("url", ["https://xn--/", "https://x/\ud800", "http://["])
@pytest.mark.parametrize("headers", [{}, {"x-é": "ü\ud83d"}])
async def test_a_reference_with_no_place_to_go_costs_nothing(studio: Studio, url: str, headers: dict[str, str]) -> None:
    upload = {"method": "PUT", "url": url, "headers": headers}
    ticket = Answer(200, {"code": 200, "data": {"download_url": "https://files.test/x", "upload": upload}})
    studio.emulator.faults.push(Fault("upload_ticket", ticket, times=None))
    outcome = await studio.make(request_of(2, references=(studio.reference(),)))
    assert all("Nothing was charged" in reason for reason in outcome.lost.values())
    assert (set(outcome.lost), outcome.charged) == ({0, 1}, 0)


async def test_an_upload_whose_answer_cannot_be_read_costs_nothing(studio: Studio) -> None:
    studio.emulator.faults.push(Fault("upload_ticket", Answer(200, {"code": 200, "data": {}}), times=None))
    outcome = await studio.make(request_of(2, references=(studio.reference(),)))
    assert all("This cost nothing" in reason for reason in outcome.lost.values())
