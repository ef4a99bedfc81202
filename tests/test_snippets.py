"""The code that the page offers runs as it is, and saves the very images that the app makes."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given

from seedream_ui import add_reference, generate
from seedream_ui.arguments import request_of_arguments, to_arguments
from seedream_ui.request import ExactSize, Panel, SequenceRequest, TierSize
from seedream_ui.snippets import snippets
from tests.conftest import App, Photo
from tests.test_request import requests

SMALL = ExactSize(width=320, height=256)
NASTY = (
    """She said "don't", 'twice':\n\t$(touch oops) `touch oops` $HOME ${x} \\n \\\\ \\$ %s {0} </script> 🦊 ثعلب “”\nJSON\nEND"""
)

FORMS = {
    "plain": SequenceRequest(
        prompt="a red kettle", panels=(Panel(text="on a beach"), Panel(text="in snow")), count=2, size=SMALL
    ),
    "seq off": SequenceRequest(prompt="a fox", count=2, sequence=False, size=SMALL, seed=7),
    "a tier": SequenceRequest(prompt="a fox", count=1, size=TierSize(tier="2K", aspect_ratio="16:9"), model="sketch"),
    "captions": SequenceRequest(prompt="a fox", panels=(Panel(text="at dawn", caption="Dawn"),), count=1, size=SMALL),
    "an edited prompt": SequenceRequest(
        prompt=NASTY,
        panels=(Panel(text=NASTY),),
        count=2,
        size=SMALL,
        prompt_override=f"{NASTY}\n\nPanel 1 — {NASTY}\nPanel 2 — snow",
    ),
}
LANGUAGES = {"cURL": ("bash", "make.sh"), "Python": (sys.executable, "make.py"), "JavaScript": ("node", "make.mjs")}


def code(request: SequenceRequest, language: str, app: App) -> str:
    return next(snippet.code for snippet in snippets(request, app.url) if snippet.language == language)


def made_here(request: SequenceRequest) -> list[str | None]:
    """What the service makes of the request, without any API between."""
    return [frame.sha256 for frame in generate(request).frames]


def run(code: str, language: str, place: Path) -> subprocess.CompletedProcess[str]:
    command, script = LANGUAGES[language]
    (place / script).write_text(code, "utf-8")
    return subprocess.run([command, script], cwd=place, capture_output=True, text=True, timeout=120, check=False)


def saved(code: str, language: str, place: Path) -> list[str]:
    """Runs the code in that folder: the SHA-256s of the images that it saves there, and nothing else may appear."""
    before = {*place.iterdir(), place / LANGUAGES[language][1]}
    ran = run(code, language, place)
    assert ran.returncode == 0, ran.stderr
    new = sorted({*place.iterdir()} - before)
    assert [path.name for path in new] == [f"image-{i:02}.jpg" for i, _ in enumerate(new, 1)]
    return [hashlib.sha256(path.read_bytes()).hexdigest() for path in new]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    folder = tmp_path / "somewhere else"
    folder.mkdir()
    return folder


@pytest.mark.usefixtures("data_dir")
@pytest.mark.parametrize("language", LANGUAGES)
class TestASnippet:
    @pytest.mark.parametrize("form", FORMS)
    def test_saves_what_the_app_makes(self, app: App, place: Path, language: str, form: str) -> None:
        assert saved(code(FORMS[form], language, app), language, place) == made_here(FORMS[form])

    @pytest.mark.parametrize("prompt", ["the mug of image 1 on the wall of image 2", NASTY], ids=["plain", "nasty"])
    def test_sends_labelled_references_from_the_working_directory(
        self, app: App, place: Path, photo_of: Photo, language: str, prompt: str
    ) -> None:
        (place / "image-1.jpg").write_bytes(photo_of("teal"))
        (place / "image-2.jpg").write_bytes(photo_of("orange", 300, 600))
        mug, wall = add_reference(place / "image-1.jpg", 'the "$mug"'), add_reference(place / "image-2.jpg")
        request = SequenceRequest(
            prompt=prompt, references=(mug, wall), count=2, size=TierSize(aspect_ratio="reference"), panels=(Panel(text="navy"),)
        )
        assert saved(code(request, language, app), language, place) == made_here(request)

    def test_fails_with_the_sentence_where_the_app_refuses(self, app: App, place: Path, language: str) -> None:
        ran = run(code(SequenceRequest(), language, app), language, place)
        assert ran.returncode != 0
        assert "There is nothing to draw yet. Write a prompt, or at least one panel." in ran.stderr


class TestTheArguments:
    @given(requests())
    def test_say_the_same_as_the_request(self, request_: SequenceRequest) -> None:
        again = request_of_arguments(json.loads(json.dumps(to_arguments(request_))), request_.references)
        captions = tuple(panel.model_copy(update={"caption": ""}) for panel in request_.panels)
        assert again.model_copy(update={"seed": request_.seed}) == request_.model_copy(update={"panels": captions})

    def test_leave_defaults_out(self) -> None:
        assert to_arguments(SequenceRequest(prompt="a fox")) == {"prompt": "a fox", "count": 4}

    def test_name_the_seed_where_captions_would_be_lost_with_it(self) -> None:
        captioned = SequenceRequest(prompt="a fox", panels=(Panel(text="dawn", caption="Dawn"),))
        assert to_arguments(captioned)["seed"] == captioned.effective_seed
