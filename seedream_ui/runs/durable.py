"""Durable execution: what drives a run is a DBOS workflow, so that a killed server goes on with it. Nothing else imports dbos."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import sqlalchemy as sa
from dbos import DBOS, DBOSConfig, DBOSPortableJSONSerializer, SetWorkflowID

__all__ = ["Durable", "Walk"]

T = TypeVar("T")
Walk = Callable[[str, int], Awaitable[None]]
"""Drives a run, by its id and round, from wherever its record stands to the end of the round."""

VERSION = "1"
"""Of the walk. Never to be changed: DBOS takes up only walks of its own version, and a paid run of another would be left lying.
There is no need to, since the record says where a run stands."""
THREADS = 24

_walks: list[Walk] = []


@DBOS.workflow(name="run", max_recovery_attempts=None)
async def _run(run_id: str, turn: int) -> None:
    await _walks[-1](run_id, turn)


class Durable:
    """One executor of walks, and the event loop that they run in, for as long as the process lives or until `close`.

    A walk that was begun is walked to its end by the executor of the same name, however often the process dies on the way. The
    only argument that is stored is a run's id. DBOS is one to a process, so there is one of these at a time.

    Each executor is an application of its own to DBOS: on a database that several processes share, none takes another's runs,
    whose images and keys it does not have.
    """

    def __init__(self, engine: sa.Engine, executor: str, walk: Walk) -> None:
        name = hashlib.sha256(executor.encode()).hexdigest()[:16]
        config: DBOSConfig = {
            "name": f"seedream-{name}",
            "executor_id": name,
            "application_version": f"{VERSION}-{name}",
            "system_database_engine": engine,
            "serializer": DBOSPortableJSONSerializer(),
            "use_listen_notify": False,
            "notification_listener_polling_interval_sec": 0.2,  # nothing listens; `close` waits for it
            "max_executor_threads": THREADS,
            "log_level": "ERROR",
            "enable_otlp": False,
        }
        _walks[:] = [walk]
        with ThreadPoolExecutor(1) as thread:  # started inside an event loop, DBOS would run its walks there
            self._loop = thread.submit(_launched, config).result()

    async def begin(self, run_id: str, turn: int) -> None:
        """Begins a walk, unless it was begun before. In the walks' loop only (`run`)."""
        with SetWorkflowID(_id(run_id, turn)):
            await DBOS.start_workflow_async(_run, run_id, turn)

    async def goes_on(self, run_id: str, turn: int) -> bool:
        """Begins a walk, unless it was begun before; false if it is over already. In the walks' loop only."""
        with SetWorkflowID(_id(run_id, turn)):
            handle = await DBOS.start_workflow_async(_run, run_id, turn)
        return (await handle.get_status()).status in ("ENQUEUED", "PENDING")

    async def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Does something in the walks' loop, from whatever loop; to its end, even if the caller is cancelled meanwhile."""
        return await asyncio.shield(asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, self._loop)))

    def call(self, work: Coroutine[Any, Any, T]) -> T:
        """Does something in the walks' loop, from a thread that has none."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def forget(self, walks: Iterable[tuple[str, int]]) -> None:
        """Deletes what is recorded of ended walks."""
        if ids := [_id(run_id, turn) for run_id, turn in walks]:
            self.call(DBOS.delete_workflows_async(ids))

    def close(self) -> None:
        """Drops all walks where they stand; the next executor of this name goes on with them."""
        with ThreadPoolExecutor(1) as thread:
            thread.submit(DBOS.destroy).result()


def _launched(config: DBOSConfig) -> asyncio.AbstractEventLoop:
    dbos = DBOS(config=config)
    DBOS.launch()
    loop = dbos._background_event_loop.target_loop()
    assert loop is not None  # noqa: S101 - launched above
    return loop


def _id(run_id: str, turn: int) -> str:
    return f"{run_id}.{turn}"
