"""Checking everything that a hub says, purely (PROTOCOL 7, 8).

The caller brings what it trusts: the network's first root, the newest head it verified, the
directory that the public statements gave. What comes back is verified, or an error says which
of the recipient's steps failed. Nothing here stores, fetches or decides what to do about it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar, cast

from clients.store.trust import Head
from schemas.addresses import HUB, Address, is_officer, member_of
from schemas.checkpoint import parse_note, verify_note
from schemas.claims import Claims, Dispatch, Epoch, Event, Lane, Receipt, is_public
from schemas.directory import Directory, NetworkEpoch, Place
from schemas.encoding import Digest, decode_base64url, encode_base64url
from schemas.errors import Code, SeraiError
from schemas.frames import DeliverItem
from schemas.keys import DecryptionKey, Kid
from schemas.leaf import LEAF_BYTES, Leaf, parse_leaf
from schemas.merkle import decode_proof, hash_leaf, verify_consistency, verify_inclusion
from schemas.reports import FeedbackReport, SeizureReport, WarningReport, parse_report
from schemas.sealing import UnverifiedCopy, open_body, parse_copy, unwrap_key, verify_body
from schemas.statements import UnverifiedStatement, VerifiedStatement, parse_statement, verify_statement

ReportModel = WarningReport | SeizureReport | FeedbackReport

ClaimsT = TypeVar("ClaimsT", bound=Claims)


class StepError(SeraiError):
    """One of the recipient's steps failed (PROTOCOL 7).

    Args:
        step: 1 to 10.
        code: why.
        detail: for people.
        statement: the statement, where signature and chain held.
    """

    def __init__(
        self, step: int, code: Code, detail: str = "", statement: VerifiedStatement[Dispatch] | None = None
    ) -> None:
        super().__init__(code, detail)
        self.step = step
        self.statement = statement


@dataclass(frozen=True, slots=True)
class PlacedItem:
    """An item whose leaf stands at its place under a verified head (step 1).

    Attributes:
        lane: the lane it came on.
        index: place in the ledger.
        leaf: the leaf.
        head: what it was proven under.
        item: as it came; statement and sealed content are not yet judged.
    """

    lane: Lane
    index: int
    leaf: Leaf
    head: Head
    item: DeliverItem

    @property
    def digest(self) -> str:
        """Identity of the statement, as text."""
        return encode_base64url(self.leaf.digest)

    @property
    def place(self) -> Place:
        """Where it is judged."""
        return Place(self.index, self.leaf.accepted_s)


@dataclass(frozen=True, slots=True)
class VerifiedDispatch:
    """A dispatch that passed all steps that this seat can take.

    Attributes:
        placed: leaf and place.
        statement: cover and signature.
        report: the opened content; ``None`` at a seat that shows covers only.
        content: the report's JSON without padding.
        content_key: what opens the copy.
    """

    placed: PlacedItem
    statement: VerifiedStatement[Dispatch]
    report: ReportModel | None = field(default=None, repr=False)
    content: str | None = field(default=None, repr=False)
    content_key: bytes | None = field(default=None, repr=False)


# Epochs and heads


def learn_epochs(network: str, texts: Iterable[str]) -> tuple[NetworkEpoch, ...]:
    """The epochs of a network from their statements, all of them, oldest first (PROTOCOL 5).

    Args:
        network: network id; its thumbprint is the root that was pinned.
        texts: epoch statements, compact.

    Raises:
        SeraiError: ``wrong_epoch``, ``unknown_key``, ``bad_signature``, ... if they do not
            follow from the pinned root, one from the other.
    """
    directory = Directory(network)
    for text in texts:
        verified = directory.verify(parse_statement(text))
        if not isinstance(verified.claims, Epoch):
            raise SeraiError(Code.WRONG_EPOCH, "not an epoch statement")
        directory = directory.apply(verified, Place(verified.claims.index, verified.claims.iat))
    return directory.epochs


def epoch_at(epochs: Sequence[NetworkEpoch], index: int) -> NetworkEpoch:
    """The epoch in force at a ledger index.

    Raises:
        SeraiError: ``wrong_epoch`` before the first.
    """
    for epoch in reversed(epochs):
        if epoch.statement.claims.index <= index:
            return epoch
    raise SeraiError(Code.WRONG_EPOCH, "no epoch yet")


def verify_head(head: Head | None, epoch: NetworkEpoch, note_text: str, consistency: str) -> Head:
    """The head that a hub shows, if it follows from the one that is trusted.

    1. The note is a checkpoint of the epoch, signed by its ledger key. 2. It covers the epoch's
    own leaf. 3. It is proven to extend the trusted head.

    Args:
        head: the newest that was verified; ``None`` at the very first.
        epoch: the newest epoch.
        note_text: the checkpoint note.
        consistency: proof as it travels.

    Raises:
        SeraiError: ``bad_checkpoint``; ``inconsistent_ledger`` if step 3 fails.
    """
    verified = verify_note(parse_note(note_text), epoch.origin, epoch.ledger_key.public_key)
    new = Head(verified.checkpoint.size, verified.checkpoint.root, note_text)
    if new.size <= epoch.statement.claims.index:
        raise SeraiError(Code.BAD_CHECKPOINT, "a checkpoint of an epoch without the epoch's own leaf")
    if head is None:
        return new
    try:
        verify_consistency(head.size, head.root, new.size, new.root, decode_proof(consistency))
    except SeraiError as error:
        raise SeraiError(Code.INCONSISTENT_LEDGER, f"sizes {head.size} and {new.size}: {error.detail}") from error
    return new


def verify_leaf(leaf: Leaf, index: int, proof: str, head: Head) -> None:
    """Check that a leaf stands at its place under a verified head.

    Raises:
        SeraiError: ``bad_proof``.
    """
    verify_inclusion(leaf.hash, index, head.size, decode_proof(proof), head.root)


def verify_place(item: DeliverItem, head: Head) -> PlacedItem:
    """Step 1: leaf and inclusion proof under a verified head, on a lane that fits.

    Raises:
        StepError: step 1, ``bad_proof``.
    """
    try:
        leaf = parse_leaf(decode_base64url(item.leaf, LEAF_BYTES))
        verify_leaf(leaf, item.index, item.proof, head)
    except SeraiError as error:
        raise StepError(1, Code.BAD_PROOF, error.detail) from error
    if leaf.public != (item.lane == "public"):
        raise StepError(1, Code.BAD_PROOF, "public statements, and only they, come on the public lane")
    return PlacedItem(item.lane, item.index, leaf, head, item)


# Statements


def verify_public(placed: PlacedItem, directory: Directory) -> VerifiedStatement[Claims]:
    """A public statement under its leaf; whether it follows, `Directory.apply` says.

    Raises:
        StepError: step 2 or 3.
    """
    statement = _verify_signed(placed, directory)
    if not is_public(statement.claims):
        raise StepError(2, Code.MALFORMED_STATEMENT, "the leaf says public, the statement is not")
    if statement.claims.aud != directory.network:
        raise StepError(4, Code.WRONG_NETWORK, statement.claims.aud)
    return statement


def _verify_signed(placed: PlacedItem, directory: Directory) -> VerifiedStatement[Claims]:
    """Step 2, and of step 3 that the key is one of the directory."""
    unverified = _under_leaf(placed)
    try:
        key = directory.key_of(unverified)
    except SeraiError as error:
        raise StepError(3, Code.UNKNOWN_KEY, error.detail) from error
    try:
        return verify_statement(unverified, key)
    except SeraiError as error:
        raise StepError(2, error.code, error.detail) from error


def _under_leaf(placed: PlacedItem) -> UnverifiedStatement:
    if placed.item.statement is None:
        raise StepError(2, Code.GONE, "the text was damaged or erased; leaf and proof remain")
    try:
        unverified = parse_statement(placed.item.statement)
    except SeraiError as error:
        raise StepError(2, error.code, error.detail) from error
    if unverified.digest != placed.leaf.digest or unverified.type is not placed.leaf.type:
        raise StepError(2, Code.BAD_PROOF, "the statement is not the one of the leaf")
    return unverified


def _verify_chain(
    placed: PlacedItem, directory: Directory, statement: VerifiedStatement[Claims], role: str | None
) -> None:
    """Step 3: the key was good at the leaf's place, with a role where one is needed."""
    try:
        signer = directory.signer(statement, placed.place)
    except SeraiError as error:
        raise StepError(3, error.code, error.detail) from error
    if role is not None and role not in signer.roles:
        raise StepError(3, Code.ROLE_MISSING, role)


def _verify_network(placed: PlacedItem, directory: Directory, statement: VerifiedStatement[Claims]) -> None:
    """Step 4: our network, and a status that it admits."""
    if statement.claims.aud != directory.network:
        raise StepError(4, Code.WRONG_NETWORK, statement.claims.aud)
    exercise = epoch_at(directory.epochs, placed.index).document.status == "exercise"
    if exercise and getattr(statement.claims, "status", "test") == "actual":
        raise StepError(4, Code.STATUS_NOT_ALLOWED, "actual in a network of exercises")


def _of_type(statement: VerifiedStatement[Claims], kind: type[ClaimsT]) -> VerifiedStatement[ClaimsT]:
    if not isinstance(statement.claims, kind):
        raise StepError(2, Code.UNSUPPORTED_TYPE, "a statement of another type was due")
    return cast("VerifiedStatement[ClaimsT]", statement)


def verify_dispatch(
    placed: PlacedItem, directory: Directory, member: Address, keys: Mapping[Kid, DecryptionKey]
) -> VerifiedDispatch:
    """A recipient's steps 2 to 10 (PROTOCOL 7); step 1 is `verify_place`.

    2. *signature*: the statement's digest is the leaf's; header and signature hold. 3. *chain*:
    the signing key was good at the leaf's place, with the role ``exchange``. 4. *network*: ``aud``
    is ours, ``status`` one the network admits. 5. *named*: our member is in ``to``, or the
    sender's. 6. *digest*: the content is the one that the cover names. 7. *entry*: our entry is in
    the cover's entries, and under a key that we hold. 8. *commitment*: the opened content key is
    the one committed to. 9. *decryption*: the content opens, under an ``aad`` rebuilt from the
    cover, and has the size. 10. *schema*: the content is a report of the cover's ``kind``.

    Args:
        placed: what passed step 1.
        directory: with every public statement below the place.
        member: whose mailbox.
        keys: its decryption keys by thumbprint; none at a seat that shows covers only, which
            ends in the middle of step 7.

    Raises:
        StepError: with the step that failed; it carries the statement from step 5 on.
    """
    statement = _of_type(_verify_signed(placed, directory), Dispatch)
    _verify_chain(placed, directory, statement, "exchange")
    _verify_network(placed, directory, statement)
    try:
        return _open(placed, statement, member, keys)
    except StepError as error:
        error.statement = statement
        raise


def _open(
    placed: PlacedItem,
    statement: VerifiedStatement[Dispatch],
    member: Address,
    keys: Mapping[Kid, DecryptionKey],
) -> VerifiedDispatch:
    cover = statement.claims
    if member not in cover.to and member != member_of(cover.iss):
        raise StepError(5, Code.NOT_A_RECIPIENT, f"neither to nor from {member}")
    copy = _verify_copy(placed, cover)
    _verify_entry(copy, placed.item.entry_proof or "", cover, member)
    if not keys:
        return VerifiedDispatch(placed, statement)
    content_key = _unwrap(copy, cover, member, keys)
    content = _decrypt(copy, cover, content_key)
    return VerifiedDispatch(placed, statement, _parse(content, cover.kind), _text(content), content_key)


def _verify_copy(placed: PlacedItem, cover: Dispatch) -> UnverifiedCopy:
    """Step 6."""
    if placed.item.sealed is None:
        raise StepError(6, Code.CONTENT_MISMATCH, "no content came with the cover")
    try:
        copy = parse_copy(placed.item.sealed)
        verify_body(copy.body, cover.content.claim(), cover.envelope())
    except SeraiError as error:
        raise StepError(6, error.code, error.detail) from error
    return copy


def entry_place(cover: Dispatch, member: Address) -> tuple[int, int]:
    """Index of a member's entry among the entries of a cover, and how many there are (PROTOCOL 7)."""
    sender = member_of(cover.iss)
    count = len(cover.to) + (sender not in cover.to)
    return (cover.to.index(member) if member in cover.to else len(cover.to)), count


def _verify_entry(copy: UnverifiedCopy, proof: str, cover: Dispatch, member: Address) -> None:
    """The first half of step 7."""
    index, count = entry_place(cover, member)
    try:
        leaf_hash = hash_leaf(copy.entry.to_bytes())
        verify_inclusion(leaf_hash, index, count, decode_proof(proof), cover.content.claim().entries)
    except SeraiError as error:
        raise StepError(7, Code.ENTRIES_MISMATCH, error.detail) from error


def _unwrap(copy: UnverifiedCopy, cover: Dispatch, member: Address, keys: Mapping[Kid, DecryptionKey]) -> bytes:
    """The second half of step 7, and step 8."""
    key = keys.get(copy.entry.kid)
    if key is None:
        raise StepError(7, Code.NO_KEY, copy.entry.kid)
    try:
        return unwrap_key(copy.entry, key, cover.content.claim(), cover.envelope(), member)
    except SeraiError as error:
        step = 8 if error.code is Code.COMMITMENT_MISMATCH else 7
        raise StepError(step, error.code, error.detail) from error


def _decrypt(copy: UnverifiedCopy, cover: Dispatch, content_key: bytes) -> bytes:
    """Step 9."""
    try:
        content = open_body(copy.body, content_key, cover.envelope())
    except SeraiError as error:
        raise StepError(9, error.code, error.detail) from error
    if len(content) != cover.content.size:
        raise StepError(9, Code.CONTENT_MISMATCH, "size")
    return content


def _parse(content: bytes, kind: str) -> ReportModel:
    """Step 10."""
    try:
        report = parse_report(content)
    except SeraiError as error:
        raise StepError(10, error.code, error.detail) from None
    if report.report != kind:
        raise StepError(10, Code.MALFORMED_REPORT, f"the cover says {kind}")
    return report


def _text(content: bytes) -> str:
    return content.rstrip(b" ").decode()


def verify_receipt(placed: PlacedItem, directory: Directory) -> VerifiedStatement[Receipt]:
    """A receipt: steps 2 to 4, and that the right kind of key signed it, whatever its roles (PROTOCOL 6).

    Raises:
        StepError: with the step that failed.
    """
    statement = _of_type(_verify_signed(placed, directory), Receipt)
    _verify_chain(placed, directory, statement, None)
    _verify_network(placed, directory, statement)
    by_officer = statement.claims.outcome in ("acknowledged", "declined")
    if is_officer(statement.claims.iss) != by_officer:
        raise StepError(3, Code.NOT_PERMITTED, "members confirm, their officers acknowledge")
    return statement


def verify_event(placed: PlacedItem, directory: Directory) -> VerifiedStatement[Event]:
    """An event: steps 2 to 4, signed with the event key of its epoch.

    Raises:
        StepError: with the step that failed.
    """
    statement = _of_type(_verify_signed(placed, directory), Event)
    _verify_network(placed, directory, statement)
    key = epoch_at(directory.epochs, placed.index).event_key
    if statement.kid != key.kid or statement.claims.iss != HUB:
        raise StepError(3, Code.UNKNOWN_KEY, "not signed with the event key")
    return statement


def check_accepted(statement: str, digest: str, index: int, accepted_at: int, proof: str, head: Head) -> Leaf:
    """The leaf of a statement that the hub says it has accepted, its place proven.

    Args:
        statement: what was submitted.
        digest: its identity as text.
        index: place in the ledger.
        accepted_at: milliseconds.
        proof: as it travels.
        head: verified.

    Raises:
        SeraiError: ``bad_proof``.
    """
    unverified = parse_statement(statement)
    if encode_base64url(unverified.digest) != digest:
        raise SeraiError(Code.BAD_PROOF, "not the statement of this digest")
    public = unverified.type.code in (1, 2, 3)
    leaf = Leaf(accepted_at, unverified.type, public, Digest(unverified.digest))
    verify_leaf(leaf, index, proof, head)
    return leaf
