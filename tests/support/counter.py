"""A command's desk over a test's desk: what a command of ``serai`` works with, at a scripted hub."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import pytest

from clients.actions.client import Client
from clients.actions.home import ClientSettings, Home
from tests.support import desk as support
from tests.support.desk import ScriptedHub, ScriptedReader, system_of
from tests.support.shelf import Shelf


class Counter(Client):
    """A desk that commands may use.

    Args:
        party: whose store it is.
        hub: where it dials.
    """

    def __init__(self, party: support.Desk, hub: ScriptedHub) -> None:
        keys = party.store.keys
        settings = ClientSettings(member=keys.member, network=keys.network, hubs=["ws://127.0.0.1:1"])
        super().__init__(Home(party.path), settings, party.store)
        self._hub = hub

    @property
    def shelf(self) -> Shelf:
        """The blobs of its hub."""
        return self._hub.shelf

    @property
    def options(self) -> dict[str, Any]:
        """How its focal point meets the scripted hub, in the world's time."""
        reader = partial(_read, self._hub, self.store.keys.member)
        outside = {"transport": self._hub, "make_reader": reader, "system": system_of(self._hub.world)}
        outside["make_blobs"] = lambda *_where: self.shelf
        return {**super().options, **outside}


def _read(hub: ScriptedHub, member: str, *_where: object) -> ScriptedReader:
    return ScriptedReader(hub, member)


def serve(monkeypatch: pytest.MonkeyPatch, counter: Counter) -> None:
    """Let every command that opens a desk get this one."""

    @contextmanager
    def open_client(*_where: object, **_how: object) -> Iterator[Counter]:
        yield counter

    monkeypatch.setattr("clients.cli.client.open_client", open_client)


def references(counter: Counter) -> list[str]:
    """The reference of every report in the outbox, in its order."""
    rows = reversed(counter.store.outbox.all(10_000))
    return [json.loads(row.draft["content"])["our_reference"] for row in rows if row.draft["draft"] == "dispatch"]
