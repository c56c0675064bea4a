"""A desk over the store of a member whose network is made once for the session."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from clients.desk.desk import Desk
from clients.network.maker import MadeNetwork
from tests.support.web_desk import KZ, Window, copy_network, network_of_desks, open_desk


@pytest.fixture(scope="session")
def desks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a network; it is only copied."""
    return network_of_desks(tmp_path_factory)


@pytest.fixture
def made(desks: Path, tmp_path: Path) -> MadeNetwork:
    """A network of its own; its hub does not serve."""
    return copy_network(desks, tmp_path / "network")


@pytest.fixture
async def desk(made: MadeNetwork) -> AsyncIterator[Desk]:
    """The desk of KZ/NFP."""
    async with open_desk(made.home(KZ)) as found:
        yield found


@pytest.fixture
async def window(desk: Desk) -> Window:
    """An open window of it, locked."""
    return await Window(desk).open()
