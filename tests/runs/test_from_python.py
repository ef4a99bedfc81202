"""The same service from Python: `from seedream_ui import SequenceRequest, generate, agenerate`."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from seedream_ui import ExactSize, Panel, SequenceRequest, add_reference, agenerate, generate
from seedream_ui.errors import ImageRefused, KeyMissing, RequestRefused, RunFailed
from seedream_ui.runs import runs
from tests.conftest import Photo
from tests.runs.conftest import MakeRuns
from tests.runs.stand_ins import Exploding

SMALL = ExactSize(width=320, height=256)
KETTLE = SequenceRequest(prompt="a red kettle", panels=(Panel(text="on a beach"), Panel(text="in snow")), count=2, size=SMALL)


def hashes(run: object) -> list[str | None]:
    return [frame.sha256 for frame in run.frames]  # type: ignore[attr-defined]


@pytest.mark.usefixtures("data_dir")
class TestGenerate:
    def test_makes_the_set_and_gives_the_finished_run(self, data_dir: Path) -> None:
        run = generate(KETTLE)
        assert (run.status, run.returned, run.width, run.height) == ("completed", 2, 320, 256)
        assert all((data_dir / "files" / run.folder / (frame.file or "?")).is_file() for frame in run.frames)

    def test_gives_the_same_images_for_the_same_request(self) -> None:
        assert hashes(generate(KETTLE)) == hashes(generate(KETTLE))
        assert hashes(generate(KETTLE)) != hashes(generate(KETTLE.vary()))

    def test_can_be_called_from_many_threads(self) -> None:
        with ThreadPoolExecutor(4) as pool:
            assert {tuple(hashes(run)) for run in pool.map(generate, [KETTLE] * 8)} == {tuple(hashes(generate(KETTLE)))}

    def test_leaves_nothing_of_a_finished_run_in_memory(self) -> None:
        generate(KETTLE)
        assert not runs()._memory.live

    async def test_has_a_twin_for_event_loops(self) -> None:
        assert (await agenerate(KETTLE)).status == "completed"

    def test_uses_reference_images(self, tmp_path: Path, photo_of: Photo) -> None:
        (tmp_path / "mug.jpg").write_bytes(photo_of("teal"))
        mug = add_reference(tmp_path / "mug.jpg", "the mug")
        run = generate(KETTLE.model_copy(update={"references": (mug,)}))
        assert run.status == "completed"
        assert "Image 1 is the mug." in run.prompts[0]

    def test_says_why_a_picture_cannot_be_used(self, tmp_path: Path) -> None:
        (tmp_path / "notes.png").write_text("words " * 100)
        with pytest.raises(ImageRefused, match=r"“notes\.png” was left out: it is a text file"):
            add_reference(tmp_path / "notes.png")

    def test_refuses_what_cannot_be_sent(self) -> None:
        with pytest.raises(RequestRefused, match="each side from 256 to 4096 px"):
            generate(KETTLE.model_copy(update={"size": ExactSize(width=9000, height=512)}))
        with pytest.raises(KeyMissing, match="WaveSpeedAI needs a key"):
            generate(SequenceRequest(prompt="a fox", platform="wavespeed"))

    async def test_fails_with_the_run_id_at_the_end_where_not_one_image_came(
        self, runs_on: MakeRuns, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        broken = runs_on(Exploding(0))
        monkeypatch.setattr("seedream_ui.runs.runs", lambda: broken)
        with pytest.raises(RunFailed) as failed:
            await agenerate(KETTLE)
        assert str(failed.value).endswith(f"Run {failed.value.run_id}")
        assert broken.find(failed.value.run_id).status == "failed"


def test_neither_of_them_imports_gradio() -> None:
    code = "import sys; from seedream_ui import SequenceRequest, generate, agenerate; sys.exit('gradio' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
