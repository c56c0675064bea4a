"""The root's acts: networks and their epochs, certifying, revoking.

Each has two steps: what would be signed is drafted, so that a person can look at it, and then signed, logged with the
lines that the person saw, and written to a file.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from clients.actions.home import Home, signed_name
from clients.actions.signed_files import claims_in
from clients.errors import ClientError, LocalCode
from clients.keys.root import (
    Reason,
    Stamp,
    draft_credential,
    make_document,
    sign_credential,
    sign_first_epoch,
    sign_later_epoch,
    sign_revocation,
    validity,
)
from clients.keys.root_folder import LoggedSignature, RootFolder
from clients.system import System
from schemas.addresses import ROOT, Address
from schemas.claims import Bounds, Credential, Epoch, KeepDays, NetworkDocument, Revocation
from schemas.encoding import decode_digest
from schemas.enrolment import VerifiedRequest, read_request
from schemas.keys import Kid, SigningKey, VerifyKey

HubKeys = tuple[VerifyKey, VerifyKey]
"""Ledger key and event key of a hub."""


@dataclass(frozen=True, slots=True)
class SignedFile:
    """What was signed, as a file to be carried.

    Attributes:
        path: the file.
        digests: of the statements in it.
    """

    path: Path
    digests: tuple[str, ...]


def root_folder(home: Home) -> RootFolder:
    """The root's folder in a client's folder, with this machine's clock and chance."""
    return RootFolder(home.root, System())


# Network and epochs


def read_hub_keys(path: Path) -> HubKeys:
    """The keys that ``serai-hub init`` printed.

    Raises:
        ClientError: ``not_hub_keys`` if the file says something else.
    """
    try:
        keys = json.loads(path.read_text())
        return VerifyKey.from_jwk(keys["ledger_key"]), VerifyKey.from_jwk(keys["event_key"])
    except (ValueError, KeyError, TypeError):
        raise ClientError(LocalCode.NOT_HUB_KEYS, path=path) from None


def check_no_epoch(folder: RootFolder) -> None:
    """Epoch 0 is signed once.

    Raises:
        ClientError: ``epoch_signed``.
    """
    if folder.epochs():
        raise ClientError(LocalCode.EPOCH_SIGNED)


def draft_network(
    folder: RootFolder,
    key: SigningKey,
    hub_keys: HubKeys,
    codes: Iterable[str],
    *,
    exercise: bool,
    bounds: Bounds | None = None,
    keep_days: KeepDays | None = None,
) -> NetworkDocument:
    """The network document of epoch 0.

    Args:
        folder: the root's.
        key: the root's.
        hub_keys: of the hub.
        codes: organisation codes beside ``CENTRE``.
        exercise: whether nothing in the network is meant.
        bounds: how many a member may certify, if more than the protocol permits.
        keep_days: for how long the hub keeps texts; for ever if ``None``.

    Raises:
        SeraiError: ``malformed_statement``, ``credential_invalid``.
    """
    state = folder.read_state()
    status: Literal["actual", "exercise"] = "exercise" if exercise else "actual"
    return make_document(state.name, key.public, state.next_root, hub_keys, codes, status, bounds, keep_days)


def sign_network(folder: RootFolder, key: SigningKey, document: NetworkDocument, shown: Sequence[str]) -> SignedFile:
    """Sign epoch 0 and begin the network file.

    Args:
        folder: the root's.
        key: the root's.
        document: what `draft_network` gave.
        shown: the lines in which a person saw it.
    """
    statement = sign_first_epoch(document, key, Stamp.now(folder.system))
    digest = folder.record(statement, shown)
    folder.add_epoch(statement)
    return SignedFile(folder.network, (digest,))


@dataclass(frozen=True, slots=True)
class NeededEpoch:
    """What a restored hub needs to have signed, so that it may go on.

    Attributes:
        epoch: number of the epoch.
        index: how many leaves go on.
        root: Merkle root over them.
        last: newest checkpoint of the epoch before that the hub knows.
    """

    epoch: int
    index: int
    root: str
    last: str | None


def read_need(path: Path) -> NeededEpoch:
    """What ``serai-hub restore`` printed.

    Raises:
        ClientError: ``not_epoch_need`` if the file says something else.
    """
    try:
        value = json.loads(path.read_text().splitlines()[0])
        need = value.get("needs_epoch", value)
        return NeededEpoch(int(need["epoch"]), int(need["index"]), need["root"], need["last"])
    except (ValueError, KeyError, TypeError, AttributeError, IndexError):
        raise ClientError(LocalCode.NOT_EPOCH_NEED, path=path) from None


def document_before(folder: RootFolder, need: NeededEpoch) -> NetworkDocument:
    """The document in force before the epoch that is needed, which must be the one that comes next here.

    Raises:
        ClientError: ``no_epoch_yet``; ``other_epoch_due``, for what is shown must be what is signed.
    """
    epochs = folder.epochs()
    claims = claims_in(epochs[-1]) if epochs else None
    if not isinstance(claims, Epoch):
        raise ClientError(LocalCode.NO_EPOCH_YET)
    if need.epoch != len(epochs):
        raise ClientError(LocalCode.OTHER_EPOCH_DUE, wanted=need.epoch, following=len(epochs), path=folder.network)
    return claims.network


@dataclass(frozen=True, slots=True)
class EpochDraft:
    """A later epoch, not yet signed.

    Attributes:
        need: what the hub needs.
        document: the new network document.
        key: what signs: the root, or the next root that takes over.
        following: the key that follows a next root that takes over.
    """

    need: NeededEpoch
    document: NetworkDocument
    key: SigningKey
    following: SigningKey | None


def draft_epoch(  # noqa: PLR0913 - each is the root's own choice
    folder: RootFolder,
    need: NeededEpoch,
    old: NetworkDocument,
    passphrase: str,
    hub_keys: HubKeys | None,
    *,
    succeed: bool,
    bounds: Bounds | None = None,
    keep_days: KeepDays | None = None,
) -> EpochDraft:
    """The next epoch.

    Args:
        folder: the root's.
        need: what the hub needs.
        old: what `document_before` gave.
        passphrase: of the root's keys.
        hub_keys: new keys of the hub; ``None`` if it keeps its own.
        succeed: whether the next root takes over.
        bounds: how many a member may certify from now on; as before if ``None``.
        keep_days: for how long the hub keeps texts from now on; as before if ``None``.

    Raises:
        SeraiError: as `RootFolder.unlock`; ``malformed_statement``, ``credential_invalid``.
    """
    key = folder.unlock(passphrase, folder.next_key if succeed else folder.key)
    following = folder.make_key() if succeed else None
    same = VerifyKey.from_jwk(old.ledger_key), VerifyKey.from_jwk(old.event_key)
    next_root = following.public.kid if following else folder.read_state().next_root
    more = bounds or old.bounds, keep_days or old.keep_days
    document = make_document(old.name, key.public, next_root, hub_keys or same, old.codes, old.status, *more)
    return EpochDraft(need, document, key, following)


def sign_epoch(home: Home, folder: RootFolder, draft: EpochDraft, passphrase: str, shown: Sequence[str]) -> SignedFile:
    """Sign an epoch and add it to the network file; where the next root takes over, it is the root from then on.

    Args:
        home: the client's folder, in which the file to be carried is written.
        folder: the root's.
        draft: what `draft_epoch` gave.
        passphrase: of the root's keys; wraps the key that follows.
        shown: the lines in which a person saw it.

    Raises:
        SeraiError: ``unknown_key``, ``wrong_network``, ``wrong_epoch`` if it does not follow from the one before.
    """
    need, state = draft.need, folder.read_state()
    at = need.index, decode_digest(need.root)
    before = folder.epochs()[-1]
    statement = sign_later_epoch(before, draft.document, draft.key, at, need.last, Stamp.now(folder.system))
    digest = folder.record(statement, shown)
    if draft.following is not None:
        folder.succeed(draft.following, passphrase)
    folder.add_epoch(statement)
    folder.write_state(replace(state, next_root=Kid(draft.document.next_root)))
    return SignedFile(home.write_signed(f"epoch-{need.epoch}.jws", statement), (digest,))


# Members


def draft_member(folder: RootFolder, asked: VerifiedRequest, roles: Sequence[str], days: int) -> Credential:
    """What the credential of a member will say.

    Args:
        folder: the root's.
        asked: the member's request.
        roles: what is granted; all that was asked for if empty.
        days: how long it is valid.

    Raises:
        SeraiError: ``credential_invalid``, ``malformed_statement``.
    """
    stamp = Stamp.now(folder.system)
    return draft_credential(asked, ROOT, validity(stamp.iat, days), roles or asked.claims.roles, stamp)


def sign_member(
    home: Home, folder: RootFolder, key: SigningKey, credential: Credential, shown: Sequence[str]
) -> SignedFile:
    """Sign the credential of a member; `sign_network` says what the arguments are."""
    statement = sign_credential(credential, key)
    digest = folder.record(statement, shown)
    return SignedFile(home.write_signed(signed_name(credential.sub, "credential"), statement), (digest,))


def keys_to_revoke(folder: RootFolder, address: Address, kid: str | None) -> list[Kid]:
    """Which keys of an address a revocation ends: the one named, or all that were certified here and are in date.

    Raises:
        ClientError: ``none_certified_here``.
    """
    kids = [Kid(kid)] if kid else open_kids(folder.signed(), address, folder.system.clock.time_s())
    if not kids:
        raise ClientError(LocalCode.NONE_CERTIFIED_HERE, address=address)
    return kids


def open_kids(signed: Sequence[LoggedSignature], address: Address, now_s: int) -> list[Kid]:
    """Thumbprints of the keys of an address that the log says were certified, newest first.

    Args:
        signed: the log, oldest first.
        address: whose.
        now_s: now, seconds since 1970 UTC; what is out of date, or revoked in the log, is left out.
    """
    logged = [claims_in(entry.statement) for entry in reversed(signed)]
    revoked = {each.kid for each in logged if isinstance(each, Revocation)}
    granted = [each for each in logged if isinstance(each, Credential) and each.sub == address and now_s < each.exp]
    kids = dict.fromkeys(read_request(each.request).kid for each in granted)
    return [kid for kid in kids if kid not in revoked]


def sign_revocations(
    home: Home,
    folder: RootFolder,
    key: SigningKey,
    target: tuple[Address, Sequence[Kid]],
    reason: Reason,
    shown: Sequence[str],
) -> SignedFile:
    """Revoke keys of an address, into one file.

    Args:
        home: the client's folder, in which the file is written.
        folder: the root's.
        key: the root's.
        target: whose keys, and the thumbprints of those that end.
        reason: why.
        shown: the lines in which a person saw it.
    """
    address, kids = target
    network = folder.read_state().network
    texts = [sign_revocation(key, ROOT, network, (address, kid), reason, Stamp.now(folder.system)) for kid in kids]
    digests = tuple(folder.record(text, shown) for text in texts)
    return SignedFile(home.write_signed(signed_name(address, "revoked"), "\n".join(texts)), digests)
