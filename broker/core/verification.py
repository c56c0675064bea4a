"""Stateless verification of what is submitted, before the sequencer sees it (PROTOCOL 3, 7).

Everything here can be said of the bytes alone, with the key that a thumbprint names:
form, signature, claims, and that sealed content is the content of its cover. A thumbprint
fixes its key for ever, so nothing here grows stale when the directory moves on, and it may
be done in another process, which has a `KeyTable` instead of the directory.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from broker.core.prover import prove_list
from schemas.addresses import Address
from schemas.claims import Claims, Dispatch
from schemas.encoding import Digest, sha256
from schemas.errors import Code, SeraiError
from schemas.frames import Ack, Submit, parse_frame
from schemas.keys import Kid, VerifyKey
from schemas.merkle import hash_leaf
from schemas.rules.recipients import recipients_of
from schemas.rules.writing import check_written
from schemas.sealing import ContentClaim, check_padded, parse_sealed, verify_body
from schemas.session import SessionState, step
from schemas.statements import UnverifiedStatement, VerifiedStatement, parse_statement, verify_statement


@dataclass(frozen=True, slots=True)
class StoredEntry:
    """One recipient's entry as it is kept: leaf data of the entries' tree, and its proof."""

    data: bytes
    proof: bytes


@dataclass(frozen=True, slots=True)
class SubmittedContent:
    """Sealed content that is the content of its cover.

    Attributes:
        body: ``protected.iv.ciphertext.tag.aad``, what all recipients share.
        claim: what the cover says of it.
        recipients: members in the order of the entries.
        kids: the key that each entry is under, and the entry's ``alg``.
        entries: the entries, as kept.
    """

    body: bytes
    claim: ContentClaim
    recipients: tuple[Address, ...]
    kids: tuple[tuple[Kid, str], ...]
    entries: tuple[StoredEntry, ...]


@dataclass(frozen=True, slots=True)
class VerifiedSubmission:
    """A submitted statement that holds in itself; not yet judged against the ledger."""

    statement: VerifiedStatement[Claims]
    content: SubmittedContent | None


class KeyRing(Protocol):
    """What checks a signature with the key that a statement names: a directory, or a `KeyTable`."""

    def verify(self, statement: UnverifiedStatement) -> VerifiedStatement[Claims]:
        """Signature, claims and network of a statement; see `Directory.verify`."""


class KeyTable:
    """The keys of a directory, for where the directory is not.

    Args:
        network: network id.
    """

    def __init__(self, network: str) -> None:
        self._network = network
        self._keys: dict[Kid, VerifyKey] = {}

    def add(self, key: VerifyKey) -> None:
        """Know a further key."""
        self._keys[key.kid] = key

    def verify(self, statement: UnverifiedStatement) -> VerifiedStatement[Claims]:
        """Signature, claims and network of a statement.

        Raises:
            SeraiError: ``unknown_key``, ``wrong_network``, and those of `verify_statement`.
        """
        key = self._keys.get(statement.kid)
        if key is None:
            raise SeraiError(Code.UNKNOWN_KEY, statement.kid)
        verified = verify_statement(statement, key)
        if verified.claims.aud != self._network:
            raise SeraiError(Code.WRONG_NETWORK, verified.claims.aud)
        return verified


@dataclass(frozen=True, slots=True)
class ReadSubmission:
    """What a `submit` frame amounts to.

    Attributes:
        digest: identity of the statement.
        submission: verified, or what is wrong with it.
    """

    digest: Digest
    submission: VerifiedSubmission | SeraiError


def read_frame(text: str, keys: KeyRing) -> ReadSubmission | Ack:
    """What a frame of a live session says (PROTOCOL 9).

    Args:
        text: the frame.
        keys: any version of them that knows the signer will do.

    Raises:
        SeraiError: it is no frame that a client may send now.
    """
    frame = parse_frame(text)
    step(SessionState.LIVE, "client", frame)
    if isinstance(frame, Ack):
        return frame
    if not isinstance(frame, Submit):
        raise SeraiError(Code.UNEXPECTED_FRAME, frame.type)
    digest = sha256(frame.statement.encode())
    try:
        return ReadSubmission(digest, verify_submission(parse_statement(frame.statement), frame.sealed, keys))
    except SeraiError as error:
        return ReadSubmission(digest, error)


def verify_submission(statement: UnverifiedStatement, sealed: Any, keys: KeyRing) -> VerifiedSubmission:
    """Check signature, claims, network, and the sealed content against its cover.

    Args:
        statement: parsed, not verified.
        sealed: the ``sealed`` member of the frame, ``None`` if there was none.
        keys: finds the key; any version of the directory that knows it will do.

    Raises:
        SeraiError: those of `Directory.verify`, `parse_sealed` and `verify_body`;
            ``malformed_sealed`` if content is missing or there should be none; what `check_written` refuses;
            ``entries_mismatch``.
    """
    verified = keys.verify(statement)
    check_written(verified.claims)
    if not isinstance(verified.claims, Dispatch):
        if sealed is not None:
            raise SeraiError(Code.MALFORMED_SEALED, "only a dispatch has sealed content")
        return VerifiedSubmission(verified, None)
    if sealed is None:
        raise SeraiError(Code.MALFORMED_SEALED, "a dispatch comes with its sealed content")
    return VerifiedSubmission(verified, _verify_content(verified.claims, sealed))


def _verify_content(cover: Dispatch, sealed: Any) -> SubmittedContent:
    parsed = parse_sealed(sealed)
    claim = cover.content.claim()
    verify_body(parsed.body, claim, cover.envelope())
    check_padded(claim.size)
    recipients = recipients_of(cover.to, cover.iss)
    if len(parsed.entries) != len(recipients):
        raise SeraiError(Code.ENTRIES_MISMATCH, f"{len(parsed.entries)} entries for {len(recipients)} addresses")
    data = [entry.to_bytes() for entry in parsed.entries]
    root, proofs = prove_list([hash_leaf(item) for item in data])
    if root != claim.entries:
        raise SeraiError(Code.ENTRIES_MISMATCH, "the entries are not those that were signed")
    entries = tuple(StoredEntry(item, proof) for item, proof in zip(data, proofs, strict=True))
    kids = tuple((entry.kid, entry.alg) for entry in parsed.entries)
    return SubmittedContent(parsed.body.to_bytes(), claim, recipients, kids, entries)
