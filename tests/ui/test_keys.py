"""A visitor's key lives in the memory of one page session."""

from seedream_ui.secret import Secret
from seedream_ui.ui.keys import KeyRing


def test_a_key_is_found_by_its_own_session_and_platform_only():
    ring = KeyRing()
    ring.put("session-a", "wavespeed", Secret("wk-1"))
    assert ring.get("session-a", "wavespeed") == Secret("wk-1")
    assert ring.get("session-b", "wavespeed") is None
    assert ring.get("session-a", "fal") is None


def test_a_key_that_is_not_used_is_forgotten():
    ring = KeyRing(keep_seconds=-1)
    ring.put("session-a", "wavespeed", Secret("wk-1"))
    assert ring.get("session-a", "wavespeed") is None


def test_a_key_can_be_taken_back():
    ring = KeyRing()
    ring.put("session-a", "wavespeed", Secret("wk-1"))
    ring.drop("session-a", "wavespeed")
    assert ring.get("session-a", "wavespeed") is None


def test_without_a_session_nothing_is_kept():
    ring = KeyRing()
    ring.put("", "wavespeed", Secret("wk-1"))
    assert ring.get("", "wavespeed") is None
