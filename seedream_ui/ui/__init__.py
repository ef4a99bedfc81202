"""The page and the API: the only room that knows Gradio."""

import os

from seedream_ui.settings import settings

# Both have to be set before gradio is imported.
os.environ["GRADIO_TEMP_DIR"] = str(settings().files)
os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")

from seedream_ui.ui.page import build_app, launch

__all__ = ["build_app", "launch"]
