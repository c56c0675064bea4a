"""Making a network in a folder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from clients.actions.enrolment import ClientPlan, draft_client, make_client
from clients.actions.home import Home
from clients.actions.progress import ShowProgress, Work, silent
from clients.actions.root import draft_member, draft_network, sign_member, sign_network
from clients.actions.signed_files import NetworkFile, read_network, read_statement, thumbprint_of
from clients.keys.enrol import apply_for, certify_officer
from clients.keys.keystore import Keys
from clients.keys.officers import lock_key
from clients.keys.root import Stamp
from clients.keys.root_folder import RootFolder
from clients.network.hub import HubProcess, free_port
from clients.network.plan import MemberPlan, NetworkPlan, OfficerPlan
from clients.store import Store
from clients.system import System
from schemas.addresses import Address
from schemas.claims import Credential
from schemas.enrolment import verify_request
from schemas.keys import SigningKey


@dataclass(frozen=True, slots=True)
class MadeNetwork:
    """A network in a folder; its hub does not serve yet.

    Attributes:
        path: the folder.
        plan: what it was made of.
        network: network id.
        hub: its hub.
    """

    path: Path
    plan: NetworkPlan
    network: str
    hub: HubProcess

    @property
    def root(self) -> str:
        """Thumbprint of the root: the one thing that a verifier needs to know."""
        return thumbprint_of(self.network)

    def home(self, member: Address) -> Home:
        """The folder of a member's client."""
        return _home(self.path, member)

    @contextmanager
    def open_stores(self) -> Iterator[dict[Address, Store]]:
        """The store of each member, its officers unlocked; closed at the end."""
        with ExitStack() as stack:
            yield {member.address: stack.enter_context(self._open_store(member)) for member in self.plan.members}

    def _open_store(self, member: MemberPlan) -> Store:
        store = Store.open(self.home(member.address).store, self.plan.passphrase)
        for officer in member.officers:
            store.officers.unlock(officer.address, self.plan.officers_passphrase, System().clock.time_ms())
        return store


async def make_network(path: Path, plan: NetworkPlan, system: System, progress: ShowProgress = silent) -> MadeNetwork:
    """Make the root, the hub's folder, everybody's client, and have it all certified and admitted.

    Args:
        path: an empty folder, its owner's alone. The root is made in ``root``, the hub in ``hub``, and each member's
            client in a folder named after it (``kz-nfp``).
        plan: what is made.
        system: clock and entropy.
        progress: shows how many parties are made.

    Raises:
        SeraiError: something in the plan will not do, or the hub cannot be made.
    """
    hub = HubProcess(path / "hub", path / "hub.log", free_port() if plan.port is None else plan.port)
    root = await _make_root(path, plan, system, hub)
    statements = [*root.epochs.statements]
    with progress(Work.MAKING, len(plan.members)) as made:
        for member in plan.members:
            statements += _make_member(path, plan, root, hub.origin, member)
            made.advance()
    file = path / "public.jws"
    file.write_text("".join(f"{text}\n" for text in statements))
    await hub.admit(file)
    return MadeNetwork(path, plan, root.epochs.network, hub)


@dataclass(frozen=True, slots=True)
class _Root:
    """The root of a network that is being made."""

    home: Home
    folder: RootFolder
    key: SigningKey
    epochs: NetworkFile


async def _make_root(path: Path, plan: NetworkPlan, system: System, hub: HubProcess) -> _Root:
    """Make the root and the hub, and sign epoch 0."""
    home = Home(path / "root")
    home.make()
    folder = RootFolder(home.root, system)
    key, _following = folder.make(plan.name, plan.passphrase, plan.cost)
    keys = await hub.init(folder.read_state().network)
    document = draft_network(folder, key, keys, plan.codes, exercise=plan.exercise)
    return _Root(home, folder, key, read_network(sign_network(folder, key, document, ()).path))


def _make_member(path: Path, plan: NetworkPlan, root: _Root, origin: str, member: MemberPlan) -> list[str]:
    """Make a member's client with the keys of its officers; gives the credential of each."""
    system = root.folder.system
    draft = draft_client(ClientPlan(member.address, member.name, root.epochs, (origin,), member.roles), system)
    keys, made = draft.keys, [(officer, SigningKey.from_seed(system.entropy(32))) for officer in member.officers]
    for officer, key in made:
        secret = plan.officers_passphrase, plan.cost
        keys = keys.with_officer(officer.address, lock_key(keys.network, officer.address, key, *secret, system.entropy))
    home = _home(path, member.address)
    files = make_client(home, replace(draft, keys=keys), plan.passphrase, system, plan.cost)
    asked = verify_request(read_statement(files.request), root.epochs.network)
    credential = draft_member(root.folder, asked, member.roles, plan.days)
    signed = sign_member(root.home, root.folder, root.key, credential, ())
    officers = [_certify(system, keys, credential, officer, key) for officer, key in made]
    return [read_statement(signed.path), *officers]


def _certify(system: System, keys: Keys, above: Credential, officer: OfficerPlan, key: SigningKey) -> str:
    """The credential of an officer, signed by its member, as long as the member's own."""
    stamps = Stamp.now(system), Stamp.now(system)
    application = apply_for(keys, officer.address, officer.address, officer.roles, stamps, key)
    asked = verify_request(application.request, keys.network)
    statement, _keys = certify_officer(keys, asked, officer.roles, (above.nbf, above.exp), Stamp.now(system))
    return statement


def _home(path: Path, member: Address) -> Home:
    return Home(path / member.lower().replace("/", "-"))
