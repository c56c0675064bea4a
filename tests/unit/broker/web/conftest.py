"""A server of connections, and its loop, which is the hub's: another one has other transports."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterator, Mapping

import pytest
import uvloop

from broker.web import connections as module
from tests.unit.broker.web.rig import SHORT_S, Rig, serving


def pytest_asyncio_loop_factories() -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    """For every test in this folder (a hook of pytest-asyncio)."""
    return {"uvloop": uvloop.new_event_loop}


@pytest.fixture
async def rig() -> AsyncIterator[Rig]:
    """A server without TLS."""
    async with serving(Rig()) as made:
        yield made


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that does not wait long for anything."""
    for name in ("REQUEST_S", "ANSWER_S", "LINGER_S"):
        monkeypatch.setattr(module, name, SHORT_S)


@pytest.fixture
def quiet(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """No peer makes uvicorn, websockets or asyncio log anything."""
    yield
    said = [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]
    assert [text for text in said if "Maximum" not in text] == []
