"""Replies as WaveSpeedAI writes them."""

import json
from typing import Any

from seedream_ui.platforms.http import Reply
from seedream_ui.platforms.wavespeed import WaveSpeed

SITE = WaveSpeed()
ID = "6f1c0e5b9d424f0c8e0a7b1d2c3e4f50"


def reply(data: Any = None, status: int = 200, code: int | None = None, message: str = "success") -> Reply:
    envelope = {"code": status if code is None else code, "message": message, "data": data}
    return Reply(status, json.dumps(envelope).encode(), "application/json")
