"""The platforms this version can reach, by the name the catalogue gives them."""

from seedream_ui.platforms.base import LocalPlatform
from seedream_ui.platforms.local import Sketch

__all__ = ["PLATFORMS"]

PLATFORMS: dict[str, LocalPlatform] = {"sketch": Sketch()}
