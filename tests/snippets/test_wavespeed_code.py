"""The code for WaveSpeedAI runs as it is, sends what the app would send, and saves the very images that were made."""

import os
import subprocess
import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from seedream_ui.errors import RequestRefused
from seedream_ui.platforms.wavespeed import WaveSpeed as Platform
from seedream_ui.request import ExactSize, Panel, Reference, SequenceRequest, TierSize
from seedream_ui.sizing import dimensions
from seedream_ui.snippets import Snippet, snippets
from tests.conftest import Photo
from tests.emulators.faults import Fault, html
from tests.emulators.wavespeed import WaveSpeed
from tests.emulators.wavespeed_jobs import Job, Script
from tests.test_snippets import NASTY

LANGUAGES = {
    "cURL": ("bash", "make.sh"),
    "Python · httpx": (sys.executable, "make.py"),
    "Python · SDK": (sys.executable, "make.py"),
    "JavaScript · fetch": ("node", "make.mjs"),
    "JavaScript · SDK": ("node", "make.mjs"),
}
SMALL = ExactSize(width=1024, height=1024)
COLOURS = ("teal", "orange")


def wanted(prompt: str = "a red kettle", **said: object) -> SequenceRequest:
    return SequenceRequest.model_validate({"prompt": prompt, "platform": "wavespeed", "count": 2, "size": SMALL} | said)


def reference(label: str = "", media_type: str = "image/jpeg") -> Reference:
    return Reference.model_validate({"sha256": "0" * 64, "media_type": media_type, "width": 480, "height": 360, "label": label})


FORMS = {
    "a group": wanted(panels=(Panel(text="on a beach"), Panel(text="in snow"))),
    "an edit of two references": wanted(
        "the mug of image 1 on the wall of image 2",
        references=(reference('the "$mug"'), reference("the wall")),
        size=TierSize(aspect_ratio="reference"),
    ),
    "seq off": wanted("a fox", count=3, sequence=False, panels=(Panel(text="at dawn"), Panel(text="in snow"))),
    "seq off with a reference": wanted(count=2, sequence=False, references=(reference(),)),
    "one image": wanted(count=1),
    "nasty words": wanted(f"{NASTY} ‹body› ‹about›", panels=(Panel(text=NASTY),)),
    "nasty words and a reference": wanted(
        NASTY, references=(reference(NASTY[:100]),), prompt_override=f"{NASTY}\nPanel 1 — {NASTY}"
    ),
    "nasty words one by one": wanted(NASTY, panels=(Panel(text=NASTY),), sequence=False),
    "PNG in and out": wanted(
        count=1,
        model="seedream-v5.0-lite",
        references=(reference(media_type="image/png"),),
        options={"output_format": "png"},
        size=ExactSize(width=2048, height=2048),
    ),
}

Run = Callable[[SequenceRequest, str], subprocess.CompletedProcess[str]]


@pytest.fixture
def place(tmp_path: Path, npm_packages: Path) -> Path:
    """The working directory of whoever runs the code."""
    folder = tmp_path / "somewhere else"
    folder.mkdir()
    (tmp_path / "node_modules").symlink_to(npm_packages)
    return folder


@pytest.fixture
def run(place: Path, emulator: WaveSpeed, photo_of: Photo) -> Run:
    """Runs a request's code in `place`, its references beside it."""

    def run(request: SequenceRequest, language: str, key: str = emulator.key) -> subprocess.CompletedProcess[str]:
        for number, (each, colour) in enumerate(zip(request.references, COLOURS, strict=False), 1):
            name = f"image-{number}.{'png' if each.media_type == 'image/png' else 'jpg'}"
            (place / name).write_bytes(photo_of(colour))
        command, script = LANGUAGES[language]
        (place / script).write_text(snippet(request, language).code, "utf-8")
        own = {"WAVESPEED_BASE_URL": emulator.url, "WAVESPEED_API_KEY": key, "NO_PROXY": "127.0.0.1"}
        return subprocess.run(
            [command, script], cwd=place, env=os.environ | own, capture_output=True, text=True, timeout=60, check=False
        )

    return run


def snippet(request: SequenceRequest, language: str) -> Snippet:
    return next(each for each in snippets(request, "http://127.0.0.1:7860") if each.language == language)


def saved(place: Path) -> list[bytes]:
    """The images in the order of their names; nothing but them, the references and the script may be there."""
    names = sorted(path.name for path in place.iterdir() if not path.name.startswith(("image-", "make.")))
    assert names == [f"output-{number:02}{Path(name).suffix}" for number, name in enumerate(names, 1)]
    return [(place / name).read_bytes() for name in names]


def sent_by_the_app(request: SequenceRequest, jobs: list[Job]) -> list[dict[str, object]]:
    """The bodies that the app sends for the request, with the addresses that the references have in those jobs."""
    planned = Platform().plan(request, *dimensions(request))
    assert [job.model for job in jobs] == [each.endpoint for each in planned]
    return [Platform().body(each, job.body.get("images", ())) for each, job in zip(planned, jobs, strict=True)]


def brought(emulator: WaveSpeed, job: Job) -> list[bytes | None]:
    """What lies at the addresses of a job's references."""
    found = [emulator.uploads.at(urlsplit(url).path, emulator.clock.now()) for url in job.body.get("images", ())]
    return [file and file.data for file in found]


def test_all_ways_are_offered() -> None:
    assert [each.language for each in snippets(FORMS["a group"], "")] == list(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
class TestTheCode:
    @pytest.mark.parametrize("form", FORMS)
    def test_sends_what_the_app_sends_and_saves_what_is_made(
        self, run: Run, emulator: WaveSpeed, place: Path, language: str, form: str
    ) -> None:
        request, emulator.duration = FORMS[form], 0
        ran = run(request, language)
        assert ran.returncode == 0, ran.stderr

        jobs = emulator.jobs
        assert [job.body for job in jobs] == sent_by_the_app(request, jobs)
        assert emulator.journal.count("submit") == len(jobs)
        assert all(brought(emulator, job) == [path.read_bytes() for path in sorted(place.glob("image-*"))] for job in jobs)
        assert saved(place) == [job.picture(index) for job in jobs for index in range(job.count)]

    def test_follows_a_job_politely_and_past_a_fault(self, run: Run, emulator: WaveSpeed, place: Path, language: str) -> None:
        emulator.script(Script(odd_polls=1))
        emulator.faults.push(Fault("poll", html(502)))
        ran = run(FORMS["a group"], language)
        assert ran.returncode == 0, ran.stderr
        looks = emulator.journal.of("poll")
        assert len(looks) == 3
        assert all(after.at - before.at > 0.9 for before, after in pairwise(looks))
        assert len(saved(place)) == 2

    def test_keeps_the_key_to_the_platform(self, run: Run, emulator: WaveSpeed, place: Path, language: str) -> None:
        emulator.duration = 0
        ran = run(FORMS["an edit of two references"], language)
        assert emulator.journal.leaks == []
        assert emulator.key not in ran.stdout + ran.stderr
        assert all(emulator.key.encode() not in path.read_bytes() for path in place.iterdir())

    @pytest.mark.parametrize("form", ["a group", "an edit of two references"])
    def test_ends_with_the_platforms_words_at_a_wrong_key(
        self, run: Run, emulator: WaveSpeed, place: Path, language: str, form: str
    ) -> None:
        ran = run(FORMS[form], language, key="ws-nobody")
        assert ran.returncode != 0
        assert "WaveSpeedAI: " in ran.stderr
        assert "Unauthorized: missing or invalid API key" in ran.stderr
        assert "Traceback" not in ran.stderr
        assert (emulator.jobs, saved(place)) == ([], [])

    def test_ends_with_the_platforms_words_where_a_job_fails(
        self, run: Run, emulator: WaveSpeed, place: Path, language: str
    ) -> None:
        """What was made before is saved, and nothing more is sent."""
        emulator.script(Script(), Script(status="failed", code=1200))
        emulator.duration = 0
        ran = run(FORMS["seq off"], language)
        assert ran.returncode != 0
        assert "refused by moderation" in ran.stderr
        assert emulator.jobs[1].id in ran.stdout + ran.stderr
        assert emulator.journal.count("submit") == 2
        assert saved(place) == [emulator.jobs[0].picture(0)]

    def test_says_that_the_key_is_missing(self, run: Run, emulator: WaveSpeed, language: str) -> None:
        ran = run(FORMS["a group"], language, key="")
        assert ran.returncode != 0
        assert "WAVESPEED_API_KEY" in ran.stderr or "API key" in ran.stderr
        assert emulator.jobs == []

    def test_says_what_it_makes_and_costs(self, language: str) -> None:
        head = snippet(FORMS["seq off"], language).code[:200]
        assert "3 images of 1024*1024 by bytedance/seedream-v4, $0.081 a run" in head

    def test_goes_to_the_platform_itself_unless_told_otherwise(self, language: str) -> None:
        code = snippet(FORMS["a group"], language).code
        assert "https://api.wavespeed.ai" in code or "SDK" in language
        assert "127.0.0.1" not in code


def test_what_the_platform_would_refuse_is_no_code() -> None:
    with pytest.raises(RequestRefused, match="up to 15 together"):
        snippets(wanted(count=15, references=(reference(),)), "")


def test_the_images_come_by_their_addresses_whatever_a_program_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("seedream_ui.snippets.wavespeed.check", lambda request: None)
    inline = wanted(options={"enable_base64_output": True, "enable_sync_mode": True, "output_format": "png"})
    for each in snippets(inline, ""):
        assert "enable_" not in each.code
        assert "output_format" in each.code
