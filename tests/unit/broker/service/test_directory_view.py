"""The directory as it is asked for over HTTP: every credential, with its own state at a place."""

from __future__ import annotations

import json
from typing import Any

import pytest

from broker.service.directory_view import describe_directory
from tests.support.family import CLERK, DUTY, UNIT, make_family
from tests.support.world import DAY_S, KG, KZ, ROOM, World


@pytest.fixture
def world() -> World:
    """KZ, KG and the room with an officer each, and a unit of KZ with a clerk certified for a day."""
    return make_family()


def _rows(world: World, size: int | None = None, time_s: int | None = None) -> list[dict[str, Any]]:
    view = describe_directory(world.directory, size or len(world.log), time_s or world.time_s)
    rows: list[dict[str, Any]] = view["credentials"]
    return rows


def _states(world: World, address: str) -> list[str]:
    return [row["state"] for row in _rows(world) if row["address"] == address]


def test_rows(world: World) -> None:
    """A row says what the credential says, where it stands, and brings it along as signed."""
    view = describe_directory(world.directory, len(world.log), world.time_s)
    assert view["size"] == len(world.log)
    assert json.loads(json.dumps(view)) == view
    (row,) = [row for row in view["credentials"] if row["address"] == UNIT]
    party, logged = world.party(UNIT), world.log[row["index"]]
    claims = world.verified(logged.text).claims.model_dump()
    assert party.enc is not None
    assert row == {
        "address": UNIT,
        "name": claims["name"],
        "roles": claims["roles"],
        "kid": party.sig.kid,
        "enc_kid": party.enc.public.kid,
        "nbf": claims["nbf"],
        "exp": claims["exp"],
        "index": row["index"],
        "state": "current",
        "statement": logged.text,
    }


def test_everybody(world: World) -> None:
    """Every address that ever had a credential is there, officers without a key to seal to."""
    rows = _rows(world)
    assert {row["address"] for row in rows} == set(world.directory.addresses())
    assert {row["enc_kid"] for row in rows if row["address"] in (DUTY, CLERK)} == {None}


def test_nobody_yet() -> None:
    """A network without credentials has an empty directory."""
    world = World([])
    assert describe_directory(world.directory, 1, world.time_s) == {"size": 1, "credentials": []}


def test_replaced(world: World) -> None:
    """A credential is replaced from the place of the next one of its address on, the new one current."""
    world.rotate(KZ)
    assert _states(world, KZ) == ["replaced", "current"]
    assert next(row["state"] for row in _rows(world, len(world.log) - 1) if row["address"] == KZ) == "current"


@pytest.mark.parametrize(("waited_s", "state"), [(0, "current"), (DAY_S - 1, "current"), (DAY_S, "expired")])
def test_expired(world: World, waited_s: int, state: str) -> None:
    """A credential is expired from its end on, and before its beginning."""
    world.wait(waited_s)
    assert _states(world, CLERK) == [state]
    assert [row["state"] for row in _rows(world, time_s=world.time_s - DAY_S - 1) if row["address"] == CLERK] == [
        "expired"
    ]


def test_suspended(world: World) -> None:
    """A suspension shows on the member and its officers until the next credential, which lifts it."""
    world.suspend(KG)
    assert (_states(world, KG), _states(world, f"{KG}/DUTY-1")) == (["suspended"], ["suspended"])
    assert _states(world, ROOM) == ["current"]
    world.renew(KG)
    assert (_states(world, KG), _states(world, f"{KG}/DUTY-1")) == (["replaced", "current"], ["current"])


def test_revoked(world: World) -> None:
    """A revoked credential says so, whatever else became of it; those that it certified keep their own state."""
    world.renew(KZ)
    world.suspend(KZ)
    world.revoke(KZ)
    assert _states(world, KZ) == ["revoked", "revoked"]
    assert (_states(world, UNIT), _states(world, DUTY)) == (["current"], ["suspended"])
