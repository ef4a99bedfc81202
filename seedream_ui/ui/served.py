"""How the page asks the server: functions of one JSON object that give one; they are not part of the API."""

from collections.abc import Awaitable, Callable
from typing import Any

import gradio as gr

from seedream_ui.runs import Run, runs
from seedream_ui.ui.address import address_of
from seedream_ui.ui.keys import KeyRing
from seedream_ui.ui.spoken import sentence

__all__ = ["KEYS", "SERVER_FUNCTIONS", "Json", "run_of", "served", "visitor_of"]

Json = dict[str, Any]
SERVER_FUNCTIONS: list[Callable[..., Any]] = []
KEYS = KeyRing()


def served(function: Callable[[Json], Awaitable[Json]]) -> Callable[[Json, gr.Request], Awaitable[Json]]:
    """Makes a function callable from the page; an error becomes `{"error": sentence}`.

    Every message has `visitor`, the browser's token, and `session`, the tab's; `address`, the caller's, is put in here.
    """

    async def spoken(message: Json, request: gr.Request) -> Json:
        try:
            return await function(message | {"address": address_of(request)})
        except Exception as error:
            return {"error": sentence(error)}

    spoken.__name__, spoken.__doc__ = function.__name__, function.__doc__
    SERVER_FUNCTIONS.append(spoken)
    return spoken


def visitor_of(message: Json) -> str:
    """The token of the visitor's browser."""
    return str(message.get("visitor", ""))


def run_of(message: Json) -> Run:
    """The run that a message names. Raises `RunNotFound`, for a run of somebody else's too."""
    return runs().find(message["run"], visitor_of(message))
