"""The network of the demonstration: a root, a hub, seven focal points and the Centre's room."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from clients.demo.hub import HubProcess
from clients.enrol import apply_for, certify_officer
from clients.keystore import CHEAP, Keys, make_keys
from clients.root import (
    Stamp,
    check_enrolment,
    draft_credential,
    make_document,
    network_id,
    save_root_key,
    sign_credential,
    sign_first_epoch,
)
from clients.store import Store
from schemas.addresses import ROOT, Address
from schemas.keys import SigningKey

NAME: Final = "caricc"
"""Name of the network."""

FOCAL_POINTS: Final = tuple(Address(f"{country}/NFP") for country in ("KZ", "KG", "TJ", "TM", "UZ", "AZ", "RU"))
"""The members that speak for a country."""

ROOM: Final = Address("CENTRE/ROOM")
"""The Centre's coordination room."""

MEMBERS: Final = (*FOCAL_POINTS, ROOM)
"""Every party of the network."""

PASSPHRASE: Final = "demonstration"  # noqa: S105 - no secret
"""Opens every store and the root's key: nothing in this network is worth a secret."""

_YEAR_S: Final = 365 * 24 * 3600
_OFFICER_ROLES: Final = ("exchange", "duty_officer")


@dataclass(frozen=True, slots=True)
class Network:
    """What a network starts from.

    Attributes:
        id: name, slash, thumbprint of the root.
        keys: of each member, with those of its one officer.
        statements: the public statements, in the order in which they are to be admitted.
    """

    id: str
    keys: dict[Address, Keys]
    statements: tuple[str, ...]

    @property
    def root(self) -> str:
        """Thumbprint of the root: the one thing that a verifier needs to know."""
        return self.id.partition("/")[2]


def _stamp() -> Stamp:
    return Stamp(_now_ms(), secrets.token_bytes(10))


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


def _dates() -> tuple[int, int]:
    now_s = _now_ms() // 1000
    return now_s - 60, now_s + _YEAR_S


async def make_network(folder: Path, hub: HubProcess) -> Network:
    """Make the root, the hub's folder and everybody's keys, and have it all certified.

    Args:
        folder: where the root's key is kept.
        hub: not yet made.
    """
    root, following = (SigningKey.from_seed(secrets.token_bytes(32)) for _ in range(2))
    save_root_key(folder / "root.key", root, PASSPHRASE, secrets.token_bytes, CHEAP)
    network = network_id(NAME, root.public)
    hub_keys = await hub.init(network)
    document = make_document(NAME, root.public, following.kid, hub_keys, status="exercise")
    statements = [sign_first_epoch(document, root, _stamp())]
    keys = {}
    for member in MEMBERS:
        keys[member], credentials = _enrol(network, member, root)
        statements += credentials
    return Network(network, keys, tuple(statements))


def _enrol(network: str, member: Address, root: SigningKey) -> tuple[Keys, list[str]]:
    """Keys of a member and its officer, with the credential of each."""
    officer = Address(f"{member}/DUTY-1")
    signing = SigningKey.from_seed(secrets.token_bytes(32))
    keys = make_keys(network, member, secrets.token_bytes).with_officer(officer, signing)
    roles = ["exchange", "certify", *(["audit", "coordinate"] if member == ROOM else [])]
    request = check_enrolment(apply_for(keys, member, member, roles, (_stamp(), _stamp())).request, network)
    credential = sign_credential(draft_credential(request, ROOT, _dates(), roles, _stamp()), root)
    asked = apply_for(keys, officer, officer, _OFFICER_ROLES, (_stamp(), _stamp()))
    dates = _dates()[0], _dates()[1] - 3600
    certified, keys = certify_officer(keys, check_enrolment(asked.request, network), _OFFICER_ROLES, dates, _stamp())
    return keys, [credential, certified]


def folder_of(folder: Path, member: Address) -> Path:
    """Where a member's store and settings are."""
    return folder / member.lower().replace("/", "-")


@contextmanager
def open_stores(folder: Path, network: Network) -> Iterator[dict[Address, Store]]:
    """A new store for each member, closed at the end."""
    with ExitStack() as stack:
        yield {
            member: stack.enter_context(
                Store.create(folder_of(folder, member) / "store.db", keys, PASSPHRASE, cost=CHEAP)
            )
            for member, keys in network.keys.items()
        }
