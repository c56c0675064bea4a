"""The recipient's steps: everything that a hub delivers, checked purely (PROTOCOL 7).

The caller brings what it trusts: the newest head it verified (`clients.trust.heads`) and the
directory that the public statements gave. What comes back is verified, or `Failed` says which
step failed. Nothing here stores, fetches or decides what to do about it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import NoReturn, TypeVar, cast

from clients.store.trust import Head
from clients.trust.heads import epoch_at, verify_leaf
from schemas.addresses import Address
from schemas.claims import Claims, Dispatch, Event, Lane, Receipt, is_public
from schemas.directory import Certified, Directory, Position
from schemas.encoding import encode_base64url
from schemas.errors import Code, SeraiError
from schemas.frames import DeliverItem
from schemas.keykinds import UnknownKey
from schemas.keys import DecryptionKey, Kid
from schemas.leaf import Leaf, read_leaf
from schemas.merkle import decode_proof, hash_leaf, verify_inclusion
from schemas.reports import read_content
from schemas.rules.recipients import entry_position
from schemas.rules.signers import check_dispatch_signer, check_event_signer, check_receipt_signer
from schemas.rules.status import check_status
from schemas.sealing import UnverifiedCopy, open_body, parse_copy, unwrap_key, verify_body
from schemas.statements import (
    UnverifiedStatement,
    VerifiedStatement,
    parse_under_leaf,
    read_header,
    verify_statement,
)

ClaimsT = TypeVar("ClaimsT", bound=Claims)


@dataclass(frozen=True, slots=True)
class Failed:
    """One of the recipient's steps failed (PROTOCOL 7).

    Attributes:
        step: 1 to 10.
        code: why.
        detail: for people.
        statement: the statement as far as it was verified: of a dispatch, where signature, chain and network held.
    """

    step: int
    code: Code
    detail: str = ""
    statement: VerifiedStatement[Dispatch] | None = None

    def __str__(self) -> str:
        """Code and detail in one line."""
        return str(SeraiError(self.code, self.detail))


class _StepFailed(Exception):  # noqa: N818 - on its way to becoming a result
    """A step failed.

    Args:
        failed: which, and why.
    """

    def __init__(self, failed: Failed) -> None:
        super().__init__(failed)
        self.failed = failed


def _fail(step: int, code: Code, detail: str = "") -> NoReturn:
    raise _StepFailed(Failed(step, code, detail))


@contextmanager
def _step(number: int, code: Code | None = None) -> Iterator[None]:
    """What is refused inside fails a step, with its own code or with the one that is named."""
    try:
        yield
    except SeraiError as error:
        raise _StepFailed(Failed(number, code or error.code, error.detail)) from error


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
    def place(self) -> Position:
        """Where it is judged."""
        return Position(self.index, self.leaf.accepted_s)


@dataclass(frozen=True, slots=True)
class Opened:
    """A dispatch that passed all steps that this seat can take.

    Attributes:
        placed: leaf and place.
        statement: cover and signature.
        content: the report's JSON without padding; ``None`` at a seat that shows covers only.
        content_key: what opens the copy.
    """

    placed: PlacedItem
    statement: VerifiedStatement[Dispatch]
    content: str | None = field(default=None, repr=False)
    content_key: bytes | None = field(default=None, repr=False)


def verify_place(item: DeliverItem, head: Head) -> PlacedItem | Failed:
    """Step 1: leaf and inclusion proof under a verified head, on a lane that fits."""
    try:
        with _step(1, Code.BAD_PROOF):
            leaf = read_leaf(item.leaf)
            verify_leaf(leaf, item.index, item.proof, head)
        if leaf.public != (item.lane == "public"):
            _fail(1, Code.BAD_PROOF, "public statements, and only they, come on the public lane")
    except _StepFailed as stop:
        return stop.failed
    return PlacedItem(item.lane, item.index, leaf, head, item)


# Statements


def judge_newer(placed: PlacedItem) -> Failed:
    """What a leaf of a type that this program does not know brings: opaque, or not even that.

    Nothing is granted by it. ``unsupported_type`` at step 2 says that the text is the leaf's and its ``typ`` is
    unknown too: newer, and no fault of the hub. Any other code is one.
    """
    try:
        _under_leaf(placed)
    except _StepFailed as stop:
        return stop.failed
    return Failed(2, Code.BAD_PROOF, "the statement is not the one of the leaf")


def verify_public(placed: PlacedItem, directory: Directory) -> VerifiedStatement[Claims] | Failed:
    """A public statement under its leaf, steps 2 to 4; whether it follows, `apply_statement` says."""
    try:
        statement = _verify_signed(placed, directory)
        if not is_public(statement.claims):
            _fail(2, Code.MALFORMED_STATEMENT, "the leaf says public, the statement is not")
        _verify_aud(statement, directory)
    except _StepFailed as stop:
        return stop.failed
    return statement


def verify_receipt(placed: PlacedItem, directory: Directory) -> VerifiedStatement[Receipt] | Failed:
    """A receipt: steps 2 to 4, and that the right kind of key signed it, whatever its roles (PROTOCOL 6)."""
    try:
        statement = _of_type(_verify_signed(placed, directory), Receipt)
        _verify_chain(placed, directory, statement)
        _verify_aud(statement, directory)
        with _step(3):
            check_receipt_signer(statement.claims.iss, statement.claims.outcome)
    except _StepFailed as stop:
        return stop.failed
    return statement


def verify_event(placed: PlacedItem, directory: Directory) -> VerifiedStatement[Event] | Failed:
    """An event: steps 2 to 4, signed with the event key of its epoch."""
    try:
        statement = _of_type(_verify_signed(placed, directory), Event)
        _verify_aud(statement, directory)
        with _step(3):
            check_event_signer(statement.kid, epoch_at(directory.epochs, placed.index).event_key.kid)
    except _StepFailed as stop:
        return stop.failed
    return statement


def _verify_signed(placed: PlacedItem, directory: Directory) -> VerifiedStatement[Claims]:
    """Step 2, and of step 3 that the key is one of the directory."""
    unverified = _under_leaf(placed)
    with _step(3):
        key = directory.key_of(unverified)
    with _step(2):
        return verify_statement(unverified, key, lenient=True)


def is_of_later_key(placed: PlacedItem, directory: Directory, iss: str) -> bool:
    """Whether a statement is under an unknown alg, by a key of that alg that the directory names for its issuer.

    Then its signature cannot be checked, and nobody has to be at fault; nothing follows from it all the same.
    """
    try:
        header = read_header(placed.item.statement or "")
    except SeraiError:
        return False
    keys = (
        held.key
        for held in directory.credentials(Address(iss))
        if held.key.kid == header.kid and held.place.index < placed.index and not held.revoked(placed.index)
    )
    return any(isinstance(key, UnknownKey) and key.alg in (None, header.alg) for key in keys)


def _under_leaf(placed: PlacedItem) -> UnverifiedStatement:
    text = placed.item.statement
    if text is None:
        _fail(2, Code.GONE, "the text was damaged or erased; leaf and proof remain")
    with _step(2):
        return parse_under_leaf(text, placed.leaf)


def _of_type(statement: VerifiedStatement[Claims], kind: type[ClaimsT]) -> VerifiedStatement[ClaimsT]:
    if not isinstance(statement.claims, kind):
        _fail(2, Code.UNSUPPORTED_TYPE, "a statement of another type was due")
    return cast("VerifiedStatement[ClaimsT]", statement)


def _verify_chain(placed: PlacedItem, directory: Directory, statement: VerifiedStatement[Claims]) -> Certified:
    """Step 3: the key was good at the leaf's place."""
    with _step(3):
        return directory.signer(statement, placed.place)


def _verify_aud(statement: VerifiedStatement[Claims], directory: Directory) -> None:
    """Of step 4 that the network is ours."""
    if statement.claims.aud != directory.network:
        _fail(4, Code.WRONG_NETWORK, statement.claims.aud)


# Dispatches


def verify_dispatch(
    placed: PlacedItem, directory: Directory, member: Address, keys: Mapping[Kid, DecryptionKey]
) -> Opened | Failed:
    """A recipient's steps 2 to 10 (PROTOCOL 7); step 1 is `verify_place`.

    2. *signature*: the statement's digest is the leaf's; header and signature hold. 3. *chain*:
    the signing key was good at the leaf's place, with the role ``exchange``. 4. *network*: ``aud``
    is ours, ``status`` one the network admits. 5. *named*: our member is in ``to``, or the
    sender's. 6. *digest*: the content is the one that the cover names. 7. *entry*: our entry is in
    the cover's entries, and under a key that we hold. 8. *commitment*: the opened content key is
    the one committed to. 9. *decryption*: the content opens, under an ``aad`` rebuilt from the
    cover, and has the size. 10. *report*: the content is a report of the cover's ``kind``, and
    what its sender calls critical is known.

    Args:
        placed: what passed step 1.
        directory: with every public statement below the place.
        member: whose mailbox.
        keys: its decryption keys by thumbprint; none at a seat that shows covers only, which
            ends in the middle of step 7.
    """
    statement: VerifiedStatement[Dispatch] | None = None
    try:
        statement = _verify_cover(placed, directory)
        return _open(placed, statement, member, keys)
    except _StepFailed as stop:
        return replace(stop.failed, statement=statement)


def verify_cover(placed: PlacedItem, directory: Directory) -> VerifiedStatement[Dispatch] | Failed:
    """A dispatch without its content, steps 2 to 4: who signed it, and that it is of our network."""
    try:
        return _verify_cover(placed, directory)
    except _StepFailed as stop:
        return stop.failed


def _verify_cover(placed: PlacedItem, directory: Directory) -> VerifiedStatement[Dispatch]:
    """Steps 2 to 4."""
    statement = _of_type(_verify_signed(placed, directory), Dispatch)
    signer = _verify_chain(placed, directory, statement)
    with _step(3):
        check_dispatch_signer(signer.roles)
    _verify_aud(statement, directory)
    with _step(4):
        check_status(statement.claims.status, epoch_at(directory.epochs, placed.index).document.status)
    return statement


def _open(
    placed: PlacedItem,
    statement: VerifiedStatement[Dispatch],
    member: Address,
    keys: Mapping[Kid, DecryptionKey],
) -> Opened:
    """Steps 5 to 10."""
    cover = statement.claims
    with _step(5):
        index, count = entry_position(cover.to, cover.iss, member)
    copy = _verify_copy(placed, cover)
    with _step(7, Code.ENTRIES_MISMATCH):
        proof = decode_proof(placed.item.entry_proof or "")
        verify_inclusion(hash_leaf(copy.entry.to_bytes()), index, count, proof, cover.content.claim().entries)
    if not keys:
        return Opened(placed, statement)
    content_key = _unwrap(copy, cover, member, keys)
    with _step(9):
        content = open_body(copy.body, content_key, cover.envelope())
    if len(content) != cover.content.size:
        _fail(9, Code.CONTENT_MISMATCH, "size")
    with _step(10):
        read_content(content, cover)
    return Opened(placed, statement, content.rstrip(b" ").decode(), content_key)


def _verify_copy(placed: PlacedItem, cover: Dispatch) -> UnverifiedCopy:
    """Step 6."""
    if placed.item.sealed is None:
        _fail(6, Code.CONTENT_MISMATCH, "no content came with the cover")
    with _step(6):
        copy = parse_copy(placed.item.sealed)
        verify_body(copy.body, cover.content.claim(), cover.envelope())
    return copy


def _unwrap(copy: UnverifiedCopy, cover: Dispatch, member: Address, keys: Mapping[Kid, DecryptionKey]) -> bytes:
    """The second half of step 7, and step 8."""
    key = keys.get(copy.entry.kid)
    if key is None:
        _fail(7, Code.NO_KEY, copy.entry.kid)
    try:
        return unwrap_key(copy.entry, key, cover.content.claim(), cover.envelope(), member)
    except SeraiError as error:
        step = 8 if error.code is Code.COMMITMENT_MISMATCH else 7
        raise _StepFailed(Failed(step, error.code, error.detail)) from error
