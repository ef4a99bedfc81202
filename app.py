"""Sequence Studio: what `./run` and a Hugging Face Space start."""

from seedream_ui.ui import build_app, launch

demo = build_app()

if __name__ == "__main__":
    launch(demo)
