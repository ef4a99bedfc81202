"""A lean server for being killed: `python -m tests.kills.server ORDERS` presses every order, and ends when all runs are over.

An order is a line of JSON, `{"press": …, "request": …}`. Pressing again what was pressed before starts nothing, so that a server
that was killed is simply started again. Where things lie, and the operator's key, come from the environment, as for the app.
"""

import asyncio
import json
import sys
from pathlib import Path

from seedream_ui.request import SequenceRequest
from seedream_ui.runs import Spender, close, runs

VISITOR = "a-visitor-that-is-killed-a-lot"


async def main(orders: str) -> None:
    lines = [json.loads(line) for line in orders.splitlines()]
    print("up", flush=True)
    await asyncio.gather(*(_ordered(line) for line in lines))
    print("over", flush=True)


async def _ordered(order: dict[str, str]) -> None:
    request = SequenceRequest.model_validate_json(order["request"])
    run = await runs().start(request, order["press"], spender=Spender(VISITOR))
    await runs().finish(run.id, VISITOR)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]).read_text("utf-8")))
    close()
