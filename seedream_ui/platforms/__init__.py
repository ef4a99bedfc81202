"""The platforms this version can reach, by the name the catalogue gives them."""

from seedream_ui.platforms.base import Platform
from seedream_ui.platforms.local import Sketch
from seedream_ui.platforms.remote import Remote
from seedream_ui.platforms.wavespeed import WaveSpeed
from seedream_ui.settings import settings

__all__ = ["PLATFORMS"]

PLATFORMS: dict[str, Platform] = {
    "sketch": Sketch(),
    "wavespeed": Remote(WaveSpeed(), settings().base_urls.get("wavespeed", "")),
}
