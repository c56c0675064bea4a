"""The port `Store`: every engine that its contract runs on, and a ledger over each.

A further one is a further entry of `STORES`: the URL of an empty store that belongs to the
test alone. PostgreSQL is a server that the tests start by themselves (`tests.support.postgres`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pytest

from broker.adapters.db.store import SqlStore
from tests.contract.ledger import Ledger, Open
from tests.support.machine import NEEDS_POSTGRESQL
from tests.support.postgres import PostgresServer, postgres
from tests.support.world import KG, KZ, TJ, World


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """The PostgreSQL of this session; tests make databases of their own in it."""
    with postgres() as server:
        yield server


def sqlite(request: pytest.FixtureRequest) -> str:
    """The URL of a SQLite database in the test's folder."""
    return f"sqlite:///{request.getfixturevalue('tmp_path') / 'hub.db'}"


def postgresql(request: pytest.FixtureRequest) -> str:
    """The URL of a new database of the session's PostgreSQL."""
    server: PostgresServer = request.getfixturevalue("postgres_server")
    return server.make_database()


STORES: Final = (pytest.param(sqlite, id="sqlite"), pytest.param(postgresql, id="postgresql", marks=NEEDS_POSTGRESQL))


@pytest.fixture(params=STORES)
def reopen(request: pytest.FixtureRequest) -> Iterator[Open]:
    """Opens the store of this test, as often as wanted; all of them are closed in the end."""
    opened: list[SqlStore] = []
    url = request.param(request)

    def open_one() -> SqlStore:
        opened.append(SqlStore(url))
        return opened[-1]

    yield open_one
    for store in opened:
        store.close()


@pytest.fixture
def store(reopen: Open) -> SqlStore:
    """An empty store."""
    made = reopen()
    made.migrate()
    return made


@pytest.fixture
def world() -> World:
    """KZ, KG and TJ with an officer each."""
    return World([KZ, KG, TJ])


@pytest.fixture
def ledger(store: SqlStore, world: World) -> Ledger:
    """The world's public statements in the store."""
    return Ledger(store, world)
