"""Putting a hub together: ports opened and closed in order, applications that start and stop it."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from broker.app import create_app, create_control_app, make_hub, open_ports
from broker.settings import HubFolder
from schemas.errors import Code
from tests.support.hub import make_folder
from tests.support.refusals import refused
from tests.support.world import HUB_ORIGIN, World
from tests.unit.broker.edges import present_world


@pytest.fixture
def world() -> World:
    """KZ, KG and TJ, today."""
    return present_world()


@pytest.fixture
def folder(tmp_path: Path, world: World) -> HubFolder:
    """A hub's folder."""
    return make_folder(tmp_path / "hub", world)


def test_a_folder_is_open_to_one_hub(folder: HubFolder) -> None:
    """While one hub holds the folder a second one is refused; afterwards it may."""
    settings = folder.read_settings()
    with open_ports(folder, settings):
        with refused(Code.HUB_NOT_READY, "another hub"), open_ports(folder, settings):
            pass
        with refused(Code.HUB_NOT_READY, "another hub"), open_ports(folder, settings):
            pass
    with open_ports(folder, settings) as ports:
        assert ports.store.head().size == 7


@pytest.mark.parametrize("broken", ["keys", "database"])
def test_a_port_that_cannot_be_opened_leaves_nothing_held(folder: HubFolder, broken: str) -> None:
    """After keys or database were refused and mended, the folder opens."""
    settings = folder.read_settings()
    victim = folder.keys / "event.json" if broken == "keys" else folder.database
    whole = victim.read_bytes()
    victim.write_bytes(b"not what it was" * 1_000)
    with refused(Code.MALFORMED_KEY if broken == "keys" else Code.STORAGE_FAILED), open_ports(folder, settings):
        pass
    victim.write_bytes(whole)
    with open_ports(folder, settings) as ports:
        assert ports.store.head().size == 7


def test_the_hub_knows_by_what_it_is_dialled(folder: HubFolder, world: World) -> None:
    """Network and origins come from the settings."""
    settings = folder.read_settings()
    with open_ports(folder, settings) as ports:
        hub = make_hub(ports, settings)
    assert (hub.network, hub.origins) == (world.network, frozenset({HUB_ORIGIN}))


async def test_the_application_starts_and_stops_the_hub(folder: HubFolder) -> None:
    """Before its lifespan the hub is not ready, within it is, after it is stopping."""
    settings = folder.read_settings()
    with open_ports(folder, settings) as ports:
        hub = make_hub(ports, settings)
        app = create_app(hub)
        with refused(Code.HUB_NOT_READY):
            hub.check_ready()
        async with app.router.lifespan_context(app):
            hub.check_ready()
            assert hub.mailroom.head.size == 7
        with refused(Code.HUB_STOPPING):
            hub.check_ready()


async def test_the_two_doors_have_nothing_in_common(folder: HubFolder) -> None:
    """What is for the operator is not on the members' door, and the reverse."""
    settings = folder.read_settings()
    with open_ports(folder, settings) as ports:
        hub = make_hub(ports, settings)
        hub.load()
        transports = [httpx.ASGITransport(app) for app in (create_app(hub), create_control_app(hub))]
        for transport, path, method in zip(transports, ("/admit", "/v1/network"), ("POST", "GET"), strict=True):
            async with httpx.AsyncClient(transport=transport, base_url="http://hub") as http:
                answer = await http.request(method, path)
            assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
