"""The page: two components of our own in a Gradio frame, and the API beside them.

The components' templates are static and everything on them is drawn by the modules in `web/` as DOM nodes. Gradio runs what
its own templates render as a JavaScript template literal, so that a person's `${…}` would be code there, even inside `{{ }}`.
"""

import hashlib
import logging
import threading
from functools import cache
from pathlib import Path
from typing import Any

import gradio as gr
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from seedream_ui.runs import runs
from seedream_ui.settings import settings
from seedream_ui.ui import api, history, server  # noqa: F401 - these two for what they serve
from seedream_ui.ui.address import Callers
from seedream_ui.ui.pictures import SMALL_PICTURES
from seedream_ui.ui.served import SERVER_FUNCTIONS
from seedream_ui.ui.starters import first_draft, keep_pictures, starters

__all__ = ["build_app", "launch"]

log = logging.getLogger(__name__)

WEB = Path(__file__).with_name("web")
TITLE = "Sequence Studio"
THREADS = 256
"""Gradio's `max_threads` also caps async calls; 200 people at once are meant to fit."""
REAP_SECONDS = 3600.0


def build_app() -> gr.Blocks:
    """The whole app, not yet launched."""
    demo = gr.Blocks(title=TITLE, fill_width=True, analytics_enabled=False)
    with demo:
        gr.HTML(html_template=(WEB / "header.html").read_text("utf-8"), apply_default_css=False, elem_id="masthead")
        with gr.Row(elem_id="studio"):
            _component("composer", boot=_boot(), server_functions=SERVER_FUNCTIONS)
            _component("stage")
        api.register()
    return demo


def launch(demo: gr.Blocks, **changes: Any) -> Any:
    """Starts the server; `changes` go to Gradio's `launch`. Port and host come from Gradio's own environment variables."""
    threading.Thread(target=_reap_forever, daemon=True, name="reaper").start()
    demo.queue(default_concurrency_limit=None)
    font, mono = ["system-ui", "sans-serif"], ["ui-monospace", "monospace"]
    chosen: dict[str, Any] = {
        "theme": gr.themes.Base(font=font, font_mono=mono),
        "head": (WEB / "head.html").read_text("utf-8").replace("@studio", _modules()),
        "app_kwargs": {
            "routes": [Mount(f"/{_modules()}", StaticFiles(directory=WEB)), SMALL_PICTURES],
            "middleware": [Middleware(Callers)],
            "exception_handlers": {TypeError: _wrong_call, KeyError: _wrong_call},
        },
        "max_threads": THREADS,
        "state_session_capacity": 1000,
        "max_file_size": "40mb",  # above the limit of a reference image, so that our own sentence says so
        "mcp_server": True,
        "run_history": False,
        "footer_links": ["api"],  # not shown; the header opens it
        "favicon_path": WEB / "icon.svg",
        "ssr_mode": False,
        "share": False,
    }
    return demo.launch(**chosen | changes)


async def _wrong_call(request: Request, error: Exception) -> JSONResponse:
    """A call by name with an argument, or an endpoint, that is not there is the caller's error and no failure of this server."""
    if not request.url.path.startswith("/gradio_api/call/"):
        raise error
    return JSONResponse({"error": f"There is no such endpoint or argument: {str(error).split('. ')[0]}"}, 422)


def _component(name: str, **props: Any) -> gr.HTML:
    script = f"""import(new URL("{_modules()}/main.js", document.baseURI).href)
      .then(m => m.mount("{name}", element, {{ server, upload, boot: props.boot }}))"""
    return gr.HTML(html_template='<div class="loading"></div>', js_on_load=script, apply_default_css=False, elem_id=name, **props)


def _boot() -> dict[str, Any]:
    return {
        "ephemeral": settings().ephemeral,
        "keep_days": settings().keep_days,
        "starters": starters(),
        "first": first_draft(),
    }


@cache
def _modules() -> str:
    """Where the page's modules are served: a path that changes with their content, so that no browser keeps old ones."""
    digest = hashlib.sha256()
    for path in sorted((*WEB.rglob("*.js"), *WEB.rglob("*.css"))):
        digest.update(path.read_bytes())
    return f"studio/{digest.hexdigest()[:12]}"


def _reap_forever() -> None:
    pause = threading.Event()
    while True:
        try:
            keep_pictures()
            runs().reap(settings().keep_days, settings().keep_gb)
        except Exception:
            log.exception("the data folder could not be tidied")
        pause.wait(REAP_SECONDS)
