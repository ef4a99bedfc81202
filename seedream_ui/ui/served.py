"""How the page asks the server: functions of one message that give one JSON object; they are not part of the API."""

from collections.abc import Awaitable, Callable
from typing import Any

import gradio as gr

from seedream_ui.runs import Run, runs
from seedream_ui.ui.address import address_of
from seedream_ui.ui.keys import KeyRing
from seedream_ui.ui.message import Message
from seedream_ui.ui.spoken import sentence

__all__ = ["KEYS", "SERVER_FUNCTIONS", "Json", "Message", "run_of", "served"]

Json = dict[str, Any]
SERVER_FUNCTIONS: list[Callable[..., Any]] = []
KEYS = KeyRing()


def served(function: Callable[[Message], Awaitable[Json]]) -> Callable[[Any, gr.Request], Awaitable[Json]]:
    """Makes a function callable from the page; an error becomes `{"error": sentence}`."""

    async def spoken(message: Any, request: gr.Request) -> Json:
        try:
            return await function(Message(message, address_of(request)))
        except Exception as error:
            return {"error": sentence(error)}

    spoken.__name__, spoken.__doc__ = function.__name__, function.__doc__
    SERVER_FUNCTIONS.append(spoken)
    return spoken


async def run_of(message: Message) -> Run:
    """The run that a message names. Raises `RunNotFound`, for a run of somebody else's too."""
    return await runs().found(message.text("run"), message.visitor)
