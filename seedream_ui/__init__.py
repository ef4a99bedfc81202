"""Sets of images that belong together, made with ByteDance's Seedream models.

    from seedream_ui import Panel, SequenceRequest, generate

    run = generate(SequenceRequest(prompt="a red kettle", panels=(Panel(text="on a beach"), Panel(text="in snow")), count=2))

Nothing here imports gradio; the page is `seedream_ui.ui`.
"""

from seedream_ui.errors import SeedreamError
from seedream_ui.request import ExactSize, Panel, Reference, SequenceRequest, TierSize
from seedream_ui.runs import Run, add_reference, agenerate, generate

__all__ = [
    "ExactSize",
    "Panel",
    "Reference",
    "Run",
    "SeedreamError",
    "SequenceRequest",
    "TierSize",
    "add_reference",
    "agenerate",
    "generate",
]
