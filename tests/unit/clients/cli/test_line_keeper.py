"""The service beside a desk: it keeps the line, waits while another process has it, and takes it over."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from clients.actions.home import Home
from clients.cli.administrator.line_keeper import LineKeeper
from clients.cli.administrator.siren import CallOptions
from clients.line.lock import hold_line, holder_of
from clients.store import Store
from tests.support.web_desk import KZ, STORE, copy_network, network_of_desks


@pytest.fixture
def home(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> Home:
    """The folder of a member whose hub does not serve."""
    return copy_network(network_of_desks(tmp_path_factory), tmp_path / "network").home(KZ)


async def until(holds: Callable[[], bool]) -> None:
    """Wait for something that another thread does."""
    async with asyncio.timeout(30):
        while not holds():  # noqa: ASYNC110 - a thread cannot set an event of this loop
            await asyncio.sleep(0.02)


async def test_line_is_taken_over_when_its_holder_ends(home: Home) -> None:
    """While another process is connected the keeper waits; then it is the one, until it is told to stop."""
    keeper = LineKeeper(home, lambda: Store.open(home.store, STORE, check=False), CallOptions(bell=False))
    with hold_line(home.store, "serai run", 1):
        keeping = asyncio.create_task(keeper.run())
        await until(lambda: keeper.is_waiting)
        assert (found := holder_of(home.store)) is not None
        assert found.what == "serai run"
    await until(lambda: (found := holder_of(home.store)) is not None and found.what == "serai desk")
    keeping.cancel()
    with pytest.raises(asyncio.CancelledError):
        await keeping
    assert holder_of(home.store) is None


async def test_fault_of_the_line_ends_the_desk(home: Home) -> None:
    """What ends the line before its time comes out, as the fault that it is."""

    def broken() -> Store:
        raise ValueError("a fault of the program")

    with pytest.raises(ValueError, match="a fault of the program"):
        await LineKeeper(home, broken, CallOptions(bell=False)).run()
