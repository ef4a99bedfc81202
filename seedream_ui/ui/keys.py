"""Visitors' keys: in this process's memory only, by page session, forgotten when they are not used for a while."""

import time
from collections import OrderedDict

from seedream_ui.secret import Secret

__all__ = ["KeyRing"]

KEEP_SECONDS = 4 * 3600.0
MOST_KEYS = 10_000


class KeyRing:
    """Keys by session and platform. A session is named by an unguessable id that the page draws for itself."""

    def __init__(self, keep_seconds: float = KEEP_SECONDS) -> None:
        self._keep = keep_seconds
        self._keys: OrderedDict[tuple[str, str], tuple[float, Secret]] = OrderedDict()

    def put(self, session: str, platform: str, key: Secret) -> None:
        """Keeps the key for that session; an empty session keeps nothing."""
        if session and key:
            self._keys[session, platform] = (time.monotonic(), key)
            self._keys.move_to_end((session, platform))
        while len(self._keys) > MOST_KEYS:
            self._keys.popitem(last=False)

    def get(self, session: str, platform: str) -> Secret | None:
        """The key, if that session gave one and used it lately."""
        used, key = self._keys.get((session, platform), (0.0, None))
        if key is None or time.monotonic() - used > self._keep:
            self.drop(session, platform)
            return None
        self.put(session, platform, key)
        return key

    def drop(self, session: str, platform: str) -> None:
        self._keys.pop((session, platform), None)
