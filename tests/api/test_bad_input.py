"""Whatever is sent, the answer is one clear sentence, the log has no traceback, and nothing is started."""

import struct
import zlib
from io import BytesIO
from typing import Any

import httpx
import pytest
from PIL import Image

from tests.api.programs import Api, Refused
from tests.conftest import App, Photo

UPLOAD_FIRST = "A reference has to be uploaded first, and named by the path that the upload answered."
OPTION_KINDS = "Each of the options has to be a text, a whole number, or true or false."
FILE = {"meta": {"_type": "gradio.FileData"}}


@pytest.fixture
def refusal(api: Api, app: App) -> Any:
    """The sentence with which a call is refused."""

    def refused(**arguments: Any) -> str:
        before = len(app.log)
        with pytest.raises(Refused) as caught:
            api.call("generate", **{"prompt": "a fox"} | arguments)
        assert "Traceback" not in app.log[before:]
        return str(caught.value)

    return refused


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"prompt": ""}, "There is nothing to draw yet. Write a prompt, or at least one panel."),
        ({"prompt": " ", "panels": ["", " "]}, "There is nothing to draw yet. Write a prompt, or at least one panel."),
        ({"prompt": 5}, "Prompt has to be text, and 5 is none."),
        ({"prompt": "x" * 100_000}, "Prompt is 100,000 characters long; the limit is 8,000."),
        ({"count": 0}, "Count cannot be 0; it goes from 1 to 15."),
        ({"count": 16}, "Count cannot be 16; it goes from 1 to 15."),
        ({"count": 3.5}, "Count has to be a whole number, and 3.5 is none."),
        ({"count": "3"}, 'Count has to be a whole number, and "3" is none.'),
        ({"count": True}, "Count has to be a whole number, and true is none."),
        ({"count": 2, "panels": ["a", "b", "c"]}, "There are 3 panels for a count of 2. Raise the count or remove panels."),
        ({"panels": "a fox"}, "Panels has to be a list of texts."),
        ({"panels": [1]}, "Panels has to be a list of texts."),
        ({"panels": [{"text": "a fox"}]}, "Panels has to be a list of texts."),
        ({"sequence": "yes"}, 'Sequence has to be true or false, and "yes" is neither.'),
        ({"pro": "false"}, "Pro has to be true or false."),
        ({"wait": 0}, "Wait has to be true or false."),
        ({"size": "100*100"}, "100×100 is outside what Sketch preview takes: each side from 256 to 4096 px."),
        ({"size": "0*0"}, "Width cannot be 0; it has to be more than 0."),
        ({"size": "2048"}, "Size cannot be “2048”; it is W*H in pixels, such as 2048*1536, or 2K, 3K or 4K."),
        ({"size": 2048}, "Size cannot be “2048”; it is W*H in pixels, such as 2048*1536, or 2K, 3K or 4K."),
        ({"size": ["2K"]}, "Size cannot be “['2K']”; it is W*H in pixels, such as 2048*1536, or 2K, 3K or 4K."),
        ({"aspect_ratio": "reference"}, "“As the reference” needs a reference image. Add one, or choose a ratio."),
        ({"platform": "midjourney"}, "There is no platform “midjourney” here. There is sketch, wavespeed."),
        ({"platform": 5}, "Platform has to be text, and 5 is none."),
        ({"model": "seedream-pro"}, "Sketch has no model “seedream-pro” here. It has sketch."),
        ({"seed": -1}, "Seed cannot be -1; it has to be at least 0."),
        ({"seed": "lucky"}, 'Seed has to be a whole number, and "lucky" is none.'),
        ({"platform": "wavespeed", "seed": 4}, "Seedream 4.0 takes no seed on this platform. Leave it out."),
        ({"options": {"steps": 30}}, "Sketch preview has no option “steps”. It has none."),
        ({"options": {"steps": [30]}}, OPTION_KINDS),
        ({"options": {"steps": None}}, OPTION_KINDS),
        ({"options": [1]}, "Options has to be an object of names and values."),
        ({"options": "steps=30"}, "Options has to be an object of names and values."),
        ({"options": {"labels": ["the mug"]}}, "Labels: there are 1, and 0 reference images."),
        ({"options": {"labels": "the mug"}}, "Labels has to be a list of texts."),
        ({"options": {"prompt_override": 5}}, "Prompt override has to be text, and 5 is none."),
        (
            {"platform": "wavespeed"},
            "WaveSpeedAI needs a key, and there is none. Nothing was sent; paste your key first.",
        ),
    ],
)
def test_what_cannot_be_made_is_refused(refusal: Any, asked: dict[str, Any], words: str) -> None:
    assert refusal(**asked) == words


class TestAReference:
    @pytest.mark.parametrize("path", ["/etc/passwd", "app.py", "/nowhere/at/all.png", "../../../etc/passwd", "\0"])
    @pytest.mark.parametrize("mark", [{}, FILE], ids=["plain", "as FileData"])
    def test_that_was_never_uploaded_is_refused(self, refusal: Any, path: str, mark: dict[str, Any]) -> None:
        words = refusal(references=[{"path": path} | mark])
        assert words == UPLOAD_FIRST or "it was not uploaded here" in words
        assert "/" not in words

    def test_from_the_data_folder_itself_is_refused(self, api: Api, app: App, refusal: Any, photo_of: Photo) -> None:
        api.generate("a mug", references=[api.upload(photo_of())], count=1)
        stored = next(path for path in (app.data_dir / "references").rglob("*.jpg"))
        kept = app.data_dir / "studio.db"
        assert kept.exists()
        for path in (stored, kept, app.data_dir / "files" / ".." / "references" / stored.parent.name / stored.name):
            assert "it was not uploaded here" in refusal(references=[{"path": str(path)}])
            assert refusal(references=[{"path": str(path)} | FILE]) == UPLOAD_FIRST

    def test_that_is_a_link_to_somewhere_else_is_refused(self, app: App, refusal: Any) -> None:
        link = app.data_dir / "files" / "link.png"
        link.symlink_to("/etc/passwd")
        try:
            assert "it was not uploaded here" in refusal(references=[{"path": str(link)}])
        finally:
            link.unlink()

    @pytest.mark.parametrize(
        "reference",
        [
            {"url": "http://127.0.0.1:1/secret.png"},
            {"url": "http://127.0.0.1:1/secret.png", "path": None} | FILE,
            {"path": ""},
            {"path": 5},
            {"path": "http://127.0.0.1:1/secret.png"} | FILE,
            "/etc/passwd",
            5,
            None,
            ["/etc/passwd"],
        ],
    )
    def test_that_is_no_upload_is_refused(self, refusal: Any, reference: Any) -> None:
        assert refusal(references=[reference]) == UPLOAD_FIRST

    @pytest.mark.parametrize("references", ["mug.jpg", {"path": "/etc/passwd"}, 5])
    def test_comes_in_a_list(self, refusal: Any, references: Any) -> None:
        assert refusal(references=references) == "References has to be a list."

    def test_is_one_of_ten_at_most(self, api: Api, refusal: Any, photo_of: Photo) -> None:
        eleven = [api.upload(photo_of(), f"{i}.jpg") for i in range(11)]
        assert refusal(references=eleven) == "There are 11 reference images; no model here takes more than 10."
        assert api.generate("a mug", references=eleven[:10], count=1)[1]["status"] == "completed"

    @pytest.mark.parametrize(
        ("name", "data", "words"),
        [
            pytest.param("notes.png", b"only words\n" * 50, "“notes.png” was left out: it is a text file;", id="notes.png"),
            pytest.param(
                "logo.svg",
                b'<svg xmlns="http://www.w3.org/2000/svg"/>',
                "“logo.svg” was left out: it is an SVG drawing;",
                id="logo.svg",
            ),
            pytest.param("empty.jpg", b"", "“empty.jpg” was left out: it is an empty file.", id="empty.jpg"),
            pytest.param(
                "long.jpg", b"\xff" * 30 * 2**20, "“long.jpg” was left out: it is 30.0 MB, and the limit is 20 MB.", id="long.jpg"
            ),
        ],
    )
    def test_that_is_no_usable_picture_is_named_with_the_reason(
        self, api: Api, refusal: Any, name: str, data: bytes, words: str
    ) -> None:
        assert refusal(references=[api.upload(data, name)]).startswith(words)

    def test_that_was_cut_short_is_refused(self, api: Api, refusal: Any, photo_of: Photo) -> None:
        photo = photo_of(width=900, height=900)
        words = refusal(references=[api.upload(photo[: len(photo) // 2], "half.jpg")])
        assert words == "“half.jpg” was left out: it is damaged or cut short, and cannot be opened whole."

    def test_of_90_megapixels_is_refused_before_it_is_decoded(self, api: Api, refusal: Any) -> None:
        buffer = BytesIO()
        Image.new("1", (1, 1)).save(buffer, "PNG")
        header = b"IHDR" + struct.pack(">II", 10_000, 9_000) + buffer.getvalue()[24:29]
        huge = buffer.getvalue()[:12] + header + struct.pack(">I", zlib.crc32(header)) + buffer.getvalue()[33:]
        words = refusal(references=[api.upload(huge, "huge.png")])
        assert words == "“huge.png” was left out: it has 10,000 × 9,000 pixels (90.0 MP), and the limit is 40 MP."


def test_an_argument_or_an_endpoint_that_does_not_exist_is_the_callers_error(app):
    for path, body in (("v2/generate", {"prompt": "x", "colour": "red"}), ("v2/nothing", {"prompt": "x"})):
        answer = httpx.post(f"{app.url}/gradio_api/call/{path}", json=body)
        assert answer.status_code in (404, 422)
        assert "Traceback" not in answer.text


class TestTheHeadersAndWords:
    def test_of_a_call_have_a_length(self, api: Api, refusal: Any) -> None:
        words = "The X-Visitor-Token header has at most 200 characters."
        assert refusal(headers={"x-visitor-token": "v" * 201}) == words
        with pytest.raises(Refused, match=r"^Query is 201 characters long; the limit is 200\.$"):
            api.call("runs", query="x" * 201)

    def test_hold_no_nul(self, api: Api, refusal: Any) -> None:
        assert refusal(prompt="a\0b") == "Prompt has a NUL character in it, which cannot be kept. Take it out."
        with pytest.raises(Refused, match=r"^Query has a NUL"):
            api.call("runs", query="\0")


def test_an_odd_message_of_the_page_is_answered_at_once_and_shortly(app: App, api: Api) -> None:
    """As the page sends it: Gradio's own way to the function is walked too."""
    config = api.http.get("/../config").json()
    composer = next(part["id"] for part in config["components"] if part["props"].get("elem_id") == "composer")
    before = len(app.log)
    for data in ({"files": "x" * 150_000}, None, 5, ["x"], "x"):
        body = {"session_hash": "odd", "component_id": composer, "fn_name": "bring_in", "data": data}
        answer = httpx.post(f"{app.url}/gradio_api/component_server", json=body, timeout=5)
        assert (answer.status_code, answer.json()) == (200, {"error": "This page sent something that cannot be read. Reload it."})
    assert "Traceback" not in app.log[before:]
