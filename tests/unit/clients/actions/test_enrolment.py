"""Making a client."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from clients.actions.enrolment import ClientPlan, check_root, draft_client, make_client, refuse_existing
from clients.actions.home import Home
from clients.actions.signed_files import NetworkFile, claims_in, read_network
from clients.errors import LocalCode
from clients.keys.keystore import CHEAP
from clients.store import Store
from clients.system import System
from schemas.addresses import Address
from schemas.claims import Enrolment, Revocation
from schemas.enrolment import verify_request
from schemas.errors import Code, SeraiError
from tests.support.desk import system_of
from tests.support.refusals import refused
from tests.support.world import KZ, World


@pytest.fixture
def world() -> World:
    """A network with one member."""
    return World([KZ])


@pytest.fixture
def system(world: World) -> System:
    """The world's clock and chance."""
    return system_of(world)


@pytest.fixture
def network(tmp_path: Path, world: World) -> NetworkFile:
    """What the root has signed."""
    (tmp_path / "network.jws").write_text(world.log[0].text)
    return read_network(tmp_path / "network.jws")


def plan_of(network: NetworkFile, address: str = "TJ/NFP") -> ClientPlan:
    """A client that is to be made."""
    return ClientPlan(Address(address), "Dushanbe", network, ("wss://hub.example",))


def test_client_is_made_whole(tmp_path: Path, network: NetworkFile, system: System) -> None:
    """Folder, settings, store and request are there; the request is for what is usual, under the key in the store."""
    home = Home(tmp_path / "client")
    files = make_client(home, draft_client(plan_of(network), system), "long passphrase", system, CHEAP)
    request = verify_request(files.request.read_text().strip(), network.network)
    assert (request.digest, request.claims.roles) == (files.digest, ["exchange", "certify"])
    assert (home.read_settings().hubs, home.read_settings().seat) == (["wss://hub.example:443"], "desk")
    with Store.open(home.store, "long passphrase") as store:
        assert store.keys.signing[0].kid == request.kid
        assert store.trust.epochs == network.statements
    assert [path for path in (home.path, *home.path.rglob("*")) if path.stat().st_mode & 0o077] == []
    assert read_network(home.network) == network
    assert isinstance(claims_in(files.revocation.read_text().strip()), Revocation)


def test_officer_gets_a_seat_of_its_own(tmp_path: Path, network: NetworkFile, system: System) -> None:
    """An officer's client serves its member's mailbox with the officer's key alone."""
    home = Home(tmp_path / "client")
    draft = draft_client(plan_of(network, "TJ/NFP/DUTY-1"), system)
    files = make_client(home, draft, "long passphrase", system, CHEAP)
    claims = claims_in(files.request.read_text().strip())
    assert isinstance(claims, Enrolment)
    assert (claims.iss, claims.roles, claims.key.enc) == ("TJ/NFP/DUTY-1", ["exchange", "duty_officer"], None)
    assert (home.read_settings().member, home.read_settings().officer) == ("TJ/NFP", "TJ/NFP/DUTY-1")
    assert (draft.keys.signing, draft.keys.decryption) == ((), ())


@pytest.mark.parametrize("changes", [{"name": "x" * 81}, {"hubs": ("http://hub.example",)}])
def test_what_will_not_do_is_refused_before_anything_is_made(
    network: NetworkFile, system: System, changes: dict[str, Any]
) -> None:
    """A name or an address of the hub that will not do leaves nothing behind."""
    with pytest.raises(SeraiError) as caught:
        draft_client(replace(plan_of(network), **changes), system)
    assert caught.value.code in (Code.MALFORMED_STATEMENT, Code.MALFORMED_ADDRESS, Code.MALFORMED_FRAME)


def test_nothing_is_made_over_a_client(tmp_path: Path) -> None:
    """Where there is a store or settings, nothing is made."""
    home = Home(tmp_path)
    refuse_existing(home)
    home.config.touch()
    with refused(LocalCode.FILE_EXISTS):
        refuse_existing(home)


def test_another_root_is_named(network: NetworkFile) -> None:
    """A network file of another root than the one a person was told of is refused, with the thumbprint it has."""
    check_root(network, network.root)
    with refused(LocalCode.OTHER_ROOT, network.root):
        check_root(network, "A" * 43)
