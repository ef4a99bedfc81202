"""Where a call came from, for the caps on the operator's money."""

import gradio as gr

from seedream_ui.settings import settings

__all__ = ["address_of"]


def address_of(request: gr.Request | None) -> str:
    """The caller's address. Behind the proxy of a Space it is the last one that the proxy itself wrote down.

    Elsewhere nobody vouches for the forwarding header, so it is not believed.
    """
    if request is None:
        return ""
    forwarded = str(request.headers.get("x-forwarded-for", "")) if settings().on_space else ""
    return forwarded.rpartition(",")[2].strip() or str(getattr(request.client, "host", "") or "")
