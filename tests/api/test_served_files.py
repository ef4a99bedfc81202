"""Over HTTP there is what was made for whoever has its address, and nothing else of the data folder."""

from pathlib import Path

import httpx
import pytest

from tests.api.programs import Api
from tests.conftest import PROJECT, App, Photo


@pytest.fixture(scope="module")
def made(api: Api, photo_of: Photo) -> tuple[str, str]:
    """The URL of a picture and the id of its run."""
    images, record = api.generate("a mug", references=[api.upload(photo_of())], count=1)
    return images[0]["url"], record["run_id"]


def test_a_picture_of_a_run_is_served_by_its_address(api: Api, made: tuple[str, str]) -> None:
    answer = api.http.get(made[0])
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg")


def test_so_are_its_smaller_sizes_and_nothing_that_is_none(api: Api, made: tuple[str, str]) -> None:
    _, folder, file = made[0].rsplit("/", 2)
    for kind in ("thumb", "middle"):
        answer = httpx.get(f"{api.url}/small/{folder}/{kind}/{file}")
        assert (answer.status_code, answer.headers["content-type"]) == (200, "image/webp")
        assert "immutable" in answer.headers["cache-control"]
    for nothing in (
        f"{folder}/thumb/image-09.jpg",
        f"{folder}/huge/{file}",
        f"..%2f/thumb/{file}",
        f"{folder}/thumb/..%2f{file}",
    ):
        assert httpx.get(f"{api.url}/small/{nothing}").status_code == 404


def test_nothing_else_of_the_data_folder_is(api: Api, app: App, made: tuple[str, str]) -> None:
    private = [path for path in app.data_dir.rglob("*") if path.is_file() and not path.is_relative_to(app.data_dir / "files")]
    assert {path.relative_to(app.data_dir).parts[0] for path in private} >= {"references", "secret", "studio.db"}
    assert {api.file(path).status_code for path in private} == {403}


def test_nor_by_a_detour_through_the_served_folder(api: Api, app: App, made: tuple[str, str]) -> None:
    record = "studio.db"
    for detour in (
        f"{app.data_dir}/files/../{record}",
        f"{app.data_dir}/files/%2e%2e/{record}",
        f"file://{app.data_dir}/{record}",
    ):
        assert api.file(detour).status_code in (403, 404)


@pytest.mark.parametrize("path", ["/etc/passwd", PROJECT / "app.py", PROJECT / "pyproject.toml", "app.py"])
def test_nor_is_anything_of_the_machine(api: Api, path: Path | str) -> None:
    assert api.file(path).status_code in (403, 404)


def test_folders_are_not_listed(api: Api, app: App, made: tuple[str, str]) -> None:
    run = Path(made[0].partition("file=")[2]).parent
    for folder in (run, run.parent, app.data_dir):
        assert api.file(folder).status_code in (403, 404)


def test_the_name_of_a_run_folder_cannot_be_guessed(made: tuple[str, str]) -> None:
    folder = Path(made[0].partition("file=")[2]).parent.name
    assert len(folder.removeprefix("run-")) == 32
    assert made[1] not in folder
