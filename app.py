"""Sequence Studio: what `./run` and a Hugging Face Space start."""

import sys

from seedream_ui.errors import SeedreamError

try:
    from seedream_ui.ui import build_app, launch

    demo = build_app()
except SeedreamError as error:
    sys.exit(str(error))
except (OSError, ValueError) as error:
    sys.exit(f"The app cannot start: {error}. Check SEEDREAM_DATA_DIR and the other settings in the README.")

if __name__ == "__main__":
    launch(demo)
