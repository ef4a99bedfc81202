"""Sets of pictures to export."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from seedream_ui.export.sheet import Sheet, SheetFrame

MakeSheet = Callable[..., Sheet]


@pytest.fixture
def make_sheet(tmp_path: Path) -> MakeSheet:
    """A sheet of `count` pictures, each of one colour; `failed` are the numbers of the frames without one."""

    def make(
        count: int, size: tuple[int, int] = (320, 320), failed: tuple[int, ...] = (), caption: str = "Navy with gold"
    ) -> Sheet:
        def frame(number: int) -> SheetFrame:
            path = tmp_path / f"{number}.jpg"
            Image.new("RGB", size, (200, 30, 10 * number)).save(path)
            return SheetFrame(number, None if number in failed else path, caption, "Flagged" if number in failed else "")

        return Sheet("One shoe", "4 images", tuple(frame(number) for number in range(1, count + 1)), "Made by a model.")

    return make
