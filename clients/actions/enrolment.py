"""Making a client, and asking to have its keys certified."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from clients.actions.home import ClientSettings, Home, signed_name
from clients.actions.signed_files import NetworkFile
from clients.errors import ClientError, LocalCode
from clients.keys.enrol import Application, apply_for
from clients.keys.keystore import STANDARD, Cost, Keys, make_keys, make_seat_keys
from clients.keys.officers import lock_key
from clients.keys.root import Stamp
from clients.keys.wrapping import write_private
from clients.line.transport import parse_hub
from clients.store import Store
from clients.system import System
from schemas.addresses import Address, is_officer, member_of
from schemas.claims import MEMBER_ROLES
from schemas.encoding import Digest
from schemas.enrolment import verify_request
from schemas.keys import SigningKey


@dataclass(frozen=True, slots=True)
class ClientPlan:
    """How a client is to be made.

    Attributes:
        address: whose keys: a member, or an officer who has a seat of its own.
        name: for people.
        network: what the root has signed.
        hubs: addresses of the hub, tried in turn.
        roles: what to ask for; what is usual if empty.
        seat: name of this seat.
        ca: file of the authority that signs the hub's TLS certificate, if it is a private one.
    """

    address: Address
    name: str
    network: NetworkFile
    hubs: Sequence[str]
    roles: Sequence[str] = ()
    seat: str = "desk"
    ca: Path | None = None


@dataclass(frozen=True, slots=True)
class ClientDraft:
    """A client that can be made as planned; nothing is on disk yet.

    Attributes:
        plan: how it is to be made.
        settings: what its ``config.toml`` will say.
        keys: fresh.
        officer: the officer's fresh key, open, for a seat of his own.
    """

    plan: ClientPlan
    settings: ClientSettings
    keys: Keys = field(repr=False)
    officer: SigningKey | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class EnrolmentFiles:
    """What somebody who asks to be certified carries away.

    Attributes:
        address: who asks.
        request: file to carry to whoever certifies.
        revocation: file for the safe.
        digest: of the request, to be compared by telephone.
    """

    address: Address
    request: Path
    revocation: Path
    digest: Digest


def complete_roles(address: Address, wanted: Iterable[str]) -> tuple[str, ...]:
    """What is asked for: what is usual if nobody says; with a post of an officer also to exchange dispatches.

    A post alone signs nothing that goes anywhere: its holder would learn that when he has to decide.

    Args:
        address: whose roles.
        wanted: what somebody says.
    """
    roles = tuple(wanted)
    if not roles:
        return ("exchange", "duty_officer") if is_officer(address) else ("exchange", "certify")
    needs_exchange = is_officer(address) and not MEMBER_ROLES & set(roles)
    return ("exchange", *roles) if needs_exchange else roles


def refuse_existing(home: Home) -> None:
    """Nothing is made over a client that is there.

    Raises:
        ClientError: ``file_exists`` if there is one.
    """
    if home.store.exists() or home.config.exists():
        raise ClientError(LocalCode.FILE_EXISTS, path=home.path)


def check_root(network: NetworkFile, root: str) -> None:
    """Whether a network is that of a root of which a person was told.

    Raises:
        ClientError: ``other_root``.
    """
    if network.root != root:
        raise ClientError(LocalCode.OTHER_ROOT, root=network.root)


def draft_client(plan: ClientPlan, system: System) -> ClientDraft:
    """Fresh keys and settings.

    Raises:
        SeraiError: something in the plan will not do.
    """
    address, network = plan.address, plan.network.network
    own = address if is_officer(address) else None
    settings = ClientSettings(
        member=member_of(address),
        network=network,
        hubs=[parse_hub(hub) for hub in plan.hubs],
        seat=plan.seat,
        officer=own,
        ca=plan.ca.absolute() if plan.ca else None,
    )
    keys = (make_seat_keys if own else make_keys)(network, address, system.entropy)
    officer = SigningKey.from_seed(system.entropy(32)) if own else None
    _apply(keys, address, plan.name, plan.roles, system, officer)  # it can be asked for
    return ClientDraft(plan, settings, keys, officer)


def make_client(
    home: Home, draft: ClientDraft, passphrase: str, system: System, cost: Cost = STANDARD
) -> EnrolmentFiles:
    """Make the folder, the store and the files to be carried.

    Args:
        home: where there is no client yet.
        draft: what is made.
        passphrase: wraps the keys; at an officer's own seat the officer's too.
        system: clock and entropy.
        cost: of one guess at the passphrase.
    """
    plan, epochs, keys = draft.plan, draft.plan.network.statements, draft.keys
    if draft.officer is not None:
        locked = lock_key(keys.network, plan.address, draft.officer, passphrase, cost, system.entropy)
        keys = keys.with_officer(plan.address, locked)
    home.make()
    with Store.create(home.store, keys, passphrase, cost=cost) as store:
        store.trust.set_epochs(epochs)
    write_private(home.network, "".join(f"{text}\n" for text in epochs).encode())
    home.write_settings(draft.settings)
    return write_request(home, keys, plan.address, plan.name, plan.roles, system, draft.officer)


def write_request(
    home: Home,
    keys: Keys,
    address: Address,
    name: str,
    roles: Iterable[str],
    system: System,
    officer: SigningKey | None = None,
) -> EnrolmentFiles:
    """Ask to be certified: write the request and the revocation for the safe.

    Args:
        home: the client's folder.
        keys: of the member.
        address: who asks.
        name: for people.
        roles: what to ask for; what is usual if empty.
        system: clock and entropy.
        officer: the officer's key, open, if ``address`` is one.

    Raises:
        SeraiError: no key of the address is held, or the name or a role will not do.
    """
    application = _apply(keys, address, name, roles, system, officer)
    request = home.write_signed(signed_name(address, "request"), application.request)
    revocation = home.write_signed(signed_name(address, "revocation"), application.revocation)
    return EnrolmentFiles(address, request, revocation, verify_request(application.request, keys.network).digest)


def _apply(
    keys: Keys, address: Address, name: str, roles: Iterable[str], system: System, officer: SigningKey | None
) -> Application:
    asked = complete_roles(address, roles)
    return apply_for(keys, address, name, asked, (Stamp.now(system), Stamp.now(system)), officer)
