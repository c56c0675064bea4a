"""A ledger in a SQLite database, for the tests of its adapter."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from broker.adapters.db.store import SqlStore
from tests.contract.ledger import Ledger
from tests.support.world import KG, KZ, TJ, World


@pytest.fixture
def world() -> World:
    """KZ, KG and TJ with an officer each."""
    return World([KZ, KG, TJ])


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    """An empty store."""
    made = SqlStore(f"sqlite:///{tmp_path / 'hub.db'}")
    made.migrate()
    yield made
    made.close()


@pytest.fixture
def ledger(store: SqlStore, world: World) -> Ledger:
    """The world's public statements in the store."""
    return Ledger(store, world)
