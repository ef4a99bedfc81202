"""`/generate` for programs: the images, the record, and the same service for each kind of client."""

import asyncio
import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from gradio_client import Client, handle_file
from mcp import ClientSession
from mcp.client.streamable_http import streamable_http_client
from PIL import Image

from tests.api.programs import Api
from tests.conftest import App, Photo

CANARY = "sk-canary-7f31c9d0e5"


def hashes(record: dict[str, Any]) -> list[str]:
    return [panel["sha256"] for panel in record["panels"]]


class TestASet:
    def test_comes_with_a_record_that_fits_it(self, api: Api) -> None:
        images, record = api.generate("a red kettle", panels=["on a beach", "in snow"], count=3)
        assert (record["status"], record["requested"], record["returned"]) == ("completed", 3, 3)
        assert [image["orig_name"] for image in images] == [panel["file"] for panel in record["panels"]]
        for image, panel in zip(images, record["panels"], strict=True):
            data = api.http.get(image["url"]).content
            assert hashlib.sha256(data).hexdigest() == panel["sha256"]
            assert Image.open(BytesIO(data)).size == (panel["width"], panel["height"]) == (320, 256)
        assert [panel["prompt"] for panel in record["panels"]] == ["on a beach", "in snow", ""]
        assert "a series of three separate images" in record["prompt_sent"]

    def test_is_the_same_again_for_the_same_request(self, api: Api) -> None:
        first, second = (api.generate("a red kettle", count=2)[1] for _ in range(2))
        assert hashes(first) == hashes(second)
        assert first["run_id"] != second["run_id"]
        assert hashes(api.generate("a red kettle", count=2, seed=first["seed"])[1]) == hashes(first)
        assert hashes(api.generate("a red kettle", count=2, seed=1)[1]) != hashes(first)

    def test_may_have_fifteen_images(self, api: Api) -> None:
        images, record = api.generate("a fox", panels=[f"number {i}" for i in range(15)], count=15, size="256*256")
        assert len(images) == len(set(hashes(record))) == 15

    def test_may_be_told_by_its_panels_alone(self, api: Api) -> None:
        assert api.generate(panels=["a fox", "an owl"], count=2)[1]["returned"] == 2

    def test_takes_words_of_every_script(self, api: Api) -> None:
        words = "🦊 ثعلب אדום 三张 \u202ereversed\u202c"
        _, record = api.generate(words, panels=["👨‍👩‍👧 \n second line", words], count=2)
        assert record["status"] == "completed"
        assert words in record["prompt_sent"]

    @pytest.mark.parametrize(
        ("asked", "size"),
        [
            ({"size": "512*300"}, (512, 300)),
            ({"size": "512x300", "pro": True, "aspect_ratio": "16:9"}, (512, 300)),
            ({"size": "2K", "aspect_ratio": "4:3", "pro": True}, (2304, 1728)),
            ({"pro": True}, (3072, 3072)),
            ({"size": "", "aspect_ratio": None}, (2048, 2048)),
        ],
    )
    def test_has_the_size_that_was_asked_for(self, api: Api, asked: dict[str, Any], size: tuple[int, int]) -> None:
        _, record = api.generate("a fox", count=1, **asked)
        assert (record["width"], record["height"]) == size

    def test_is_drawn_from_an_uploaded_reference(self, api: Api, photo_of: Photo) -> None:
        mug, wall = api.upload(photo_of("teal"), "mug.jpg"), api.upload(photo_of("orange", 300, 600), "wall.jpg")
        asked = {"references": [mug, wall], "panels": ["in navy"], "count": 1, "size": "2K", "aspect_ratio": "reference"}
        _, record = api.generate("the mug of image 1", **asked, options={"labels": ["the mug"]})
        assert "Image 1 is the mug." in record["prompt_sent"]
        assert record["width"] / record["height"] == pytest.approx(4 / 3, rel=0.01)
        assert hashes(record) != hashes(api.generate("the mug of image 1", **asked | {"references": [wall, mug]})[1])

    def test_counts_a_picture_that_comes_twice_as_two_so_that_image_3_stays_the_third(self, api: Api, photo_of: Photo) -> None:
        mug = api.upload(photo_of())
        _, record = api.generate("a mug", references=[mug, mug], count=1, options={"labels": ["one", "the other"]})
        assert "Image 1 is one; image 2 is the other." in record["prompt_sent"]

    def test_may_be_sent_with_a_prompt_of_ones_own(self, api: Api) -> None:
        _, record = api.generate("a fox", count=2, options={"prompt_override": "Two owls.\n\nPanel 1 — day\nPanel 2 — night"})
        assert record["prompt_sent"] == "Two owls.\n\nPanel 1 — day\nPanel 2 — night"
        assert [panel["prompt"] for panel in record["panels"]] == ["day", "night"]

    def test_takes_options_as_json_text_too(self, api: Api) -> None:
        _, record = api.generate("a fox", count=1, options=json.dumps({"prompt_override": "an owl"}))
        assert record["prompt_sent"] == "an owl"

    def test_without_sequence_has_a_prompt_for_each_image(self, api: Api) -> None:
        _, record = api.generate("a fox", panels=["by day", "by night"], count=2, sequence=False)
        assert record["prompt_sent"].count("Generate one single image") == 2
        assert "\n\n---\n\n" in record["prompt_sent"]

    def test_need_not_be_waited_for(self, api: Api) -> None:
        images, record = api.generate("a fox", count=15, wait=False)
        assert (images, record["status"], record["returned"], record["requested"]) == ([], "running", 0, 15)
        assert len(record["run_id"]) == 32

    def test_may_be_one_of_many_at_once(self, api: Api) -> None:
        with ThreadPoolExecutor(12) as pool:
            made = list(pool.map(lambda i: Api(api.url).generate(f"fox {i % 3}", count=2, size="256*256")[1], range(12)))
        assert {record["status"] for record in made} == {"completed"}
        assert len({tuple(hashes(record)) for record in made}) == 3

    def test_can_be_asked_for_in_the_older_form(self, api: Api) -> None:
        images, record = api.call_in_order(
            "generate", "a fox", None, None, 1, True, False, "1:1", "256*256", "sketch", "", None, None, True
        )
        assert (len(images), record["status"]) == (1, "completed")
        assert api.call_in_order("generate", "a fox", None, None, 1, True, False, "1:1", "256*256")[1]["status"] == "completed"


class TestAKey:
    def test_in_a_header_is_told_to_nobody(self, app: App, api: Api) -> None:
        headers = {"X-Platform-Key": CANARY, "X-Visitor-Token": CANARY[::-1]}
        images, record = api.call("generate", headers=headers, prompt="a fox", count=1, size="256*256")
        assert record["status"] == "completed"
        told = json.dumps([images, record]) + api.http.get("/info").text + api.http.get(f"{app.url}/config").text + app.log
        assert CANARY not in told
        assert CANARY[::-1] not in told
        written = (path for path in app.data_dir.rglob("*") if path.is_file())
        assert not [path.name for path in written if CANARY.encode() in path.read_bytes()]


class TestGradioClient:
    def test_gets_the_files(self, app: App, tmp_path: Path, photo_of: Photo) -> None:
        (tmp_path / "mug.jpg").write_bytes(photo_of())
        client = Client(app.url, verbose=False, download_files=str(tmp_path))
        images, record = client.predict(
            prompt="a mug", references=[handle_file(str(tmp_path / "mug.jpg"))], count=2, size="320*256", api_name="/generate"
        )
        assert [hashlib.sha256(Path(image).read_bytes()).hexdigest() for image in images] == hashes(record)
        assert [Path(image).name for image in images] == [panel["file"] for panel in record["panels"]]

    def test_gets_quotes_prompts_and_refusals(self, app: App) -> None:
        client = Client(app.url, verbose=False)
        assert client.predict(count=4, api_name="/quote")["credits"] == 53
        assert client.predict(prompt="a fox", api_name="/compile_prompt").startswith("Generate a series of four separate images")
        with pytest.raises(Exception, match=r"^Count cannot be 16; it goes from 1 to 15\.$"):
            client.predict(prompt="a fox", count=16, api_name="/generate")


class TestMcp:
    @staticmethod
    def session(app: App, *calls: tuple[str, dict[str, Any]]) -> tuple[Any, list[Any]]:
        async def talk() -> tuple[Any, list[Any]]:
            async with (
                streamable_http_client(f"{app.url}/gradio_api/mcp/") as (read, write, _),
                ClientSession(read, write) as session,
            ):
                await session.initialize()
                tools = await session.list_tools()
                return tools.tools, [await session.call_tool(name, arguments) for name, arguments in calls]

        return asyncio.run(talk())

    def test_has_a_tool_for_each_endpoint_by_the_names_of_the_functions(self, app: App) -> None:
        tools, _ = self.session(app)
        assert {tool.name for tool in tools} == {"generate", "quote", "compile_prompt", "runs", "run", "cancel"}
        generate = next(tool for tool in tools if tool.name == "generate")
        assert "set of images that belong together" in (generate.description or "")
        assert not [name for name in generate.inputSchema["properties"] if name.startswith("x_")]
        assert "1 to 15" in generate.inputSchema["properties"]["count"]["description"]

    def test_makes_a_set_quotes_and_compiles(self, app: App) -> None:
        _, (made, price, prompt) = self.session(
            app,
            ("generate", {"prompt": "a fox", "count": 2, "size": "256*256"}),
            ("quote", {"prompt": "a fox", "platform": "wavespeed", "count": 4}),
            ("compile_prompt", {"prompt": "a fox", "count": 2}),
        )
        assert not made.isError
        assert "'status': 'completed'" in made.content[-1].text
        assert "image-02.jpg" in made.content[0].text
        assert "0.108" in price.content[0].text
        assert prompt.content[0].text.startswith("Generate a series of two separate images")

    def test_tells_a_refusal_in_a_sentence(self, app: App) -> None:
        _, (refused,) = self.session(app, ("generate", {"prompt": "a fox", "count": 99}))
        assert refused.isError
        assert refused.content[0].text == "Count cannot be 99; it goes from 1 to 15."


def test_programs_see_six_endpoints_and_none_of_the_pages_own(api: Api) -> None:
    info = api.http.get("/info").json()
    assert set(info["named_endpoints"]) == {"/generate", "/quote", "/compile_prompt", "/runs", "/run", "/cancel"}
    assert not info["unnamed_endpoints"]
