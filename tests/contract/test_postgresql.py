"""PostgreSQL beyond the contract: a whole hub over it, and what only a server can do to a store."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from broker.adapters.db.store import SqlStore
from broker.ports import StoredHead
from schemas.errors import Code
from tests.support.harbour import check_folder, present_world
from tests.support.hub import make_folder
from tests.support.machine import NEEDS_POSTGRESQL
from tests.support.postgres import PostgresServer
from tests.support.refusals import refused

pytestmark = NEEDS_POSTGRESQL


@pytest.fixture
def store(postgres_server: PostgresServer) -> Iterator[SqlStore]:
    """An empty store."""
    made = SqlStore(postgres_server.make_database())
    made.migrate()
    yield made
    made.close()


def test_a_hub_keeps_its_ledger_there(postgres_server: PostgresServer, tmp_path: Path) -> None:
    """A hub whose settings name the database admits the public statements, and its ledger checks out."""
    world = present_world()
    folder = make_folder(tmp_path / "hub", world, database=postgres_server.make_database())
    assert check_folder(folder).size == len(world.log)
    assert not folder.database.exists()


def test_a_cut_connection_fails_once(store: SqlStore, postgres_server: PostgresServer) -> None:
    """Whoever uses a connection that the server has ended gets `storage_failed`; the next use has a new one."""
    postgres_server.cut_connections()
    with refused(Code.STORAGE_FAILED):
        store.tile(0, 0)
    assert store.tile(0, 0) == b""
    postgres_server.cut_connections()
    with refused(Code.STORAGE_FAILED):
        store.head()
    assert store.head() == StoredHead(0, 0, 0, "")


def test_a_transaction_that_is_cut_off_leaves_nothing(store: SqlStore, postgres_server: PostgresServer) -> None:
    """Neither its head nor its lock: the next writer goes on from what was committed."""
    with refused(Code.STORAGE_FAILED), store.transaction() as transaction:
        transaction.advance(StoredHead(0, 1, 1, "never committed"), {})
        postgres_server.cut_connections()
    with store.transaction() as transaction:
        assert transaction.head == StoredHead(0, 0, 0, "")


def test_no_server_is_a_storage_failure() -> None:
    """A server that is not there is told as every other failure of the store."""
    store = SqlStore("postgresql+psycopg://serai@/hub?host=/nowhere")
    with refused(Code.STORAGE_FAILED):
        store.migrate()
    store.close()
