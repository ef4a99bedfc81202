"""The platforms this version can reach, by the name the catalogue gives them."""

from seedream_ui.catalog import catalog
from seedream_ui.platforms.base import Platform
from seedream_ui.platforms.local import Sketch
from seedream_ui.platforms.remote import Limits, Remote
from seedream_ui.platforms.seam import HttpPlatform
from seedream_ui.platforms.wavespeed import WaveSpeed
from seedream_ui.settings import settings

__all__ = ["PLATFORMS"]


def _remote(name: str, platform: HttpPlatform) -> Remote:
    """The platform at the address, and within the account's limits, that the settings name."""
    known = catalog().find(name)
    level = known.levels.get(settings().levels.get(name, "")) if known else None
    limits = Limits(level.concurrent, level.images_per_minute) if level else Limits()
    return Remote(platform, settings().base_urls.get(name, ""), limits=limits)


PLATFORMS: dict[str, Platform] = {
    "sketch": Sketch(),
    "wavespeed": _remote("wavespeed", WaveSpeed()),
}
