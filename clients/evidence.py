"""Making an evidence file from what a member holds (PROTOCOL 11).

The store has the statement, its copy, its receipts and every public statement; what it
lacks are proofs of all these under one checkpoint, the last one that the client verified.
The hub gives them and is not believed: a file is handed out only after it has been
verified like a stranger's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from schemas.addresses import HUB, ROOT, Address
from schemas.checkpoint import parse_note
from schemas.claims import Claims, Dispatch, Receipt, Revocation
from schemas.directory import Certified, Directory, Place
from schemas.encoding import encode_base64url
from schemas.errors import Code, SeraiError
from schemas.evidence import EvidenceContent, EvidenceItem, UnverifiedEvidence, encode_evidence, parse_evidence
from schemas.leaf import Leaf
from schemas.merkle import decode_proof
from schemas.sealing import parse_copy
from schemas.statements import VerifiedStatement, parse_statement
from schemas.tlogproof import TlogProof
from schemas.verification import verify_evidence


class Held(Protocol):
    """A statement as a store has it."""

    @property
    def index(self) -> int | None:
        """Place in the ledger; ``None`` if a new epoch dropped it."""

    @property
    def leaf(self) -> Leaf:
        """Its leaf."""

    @property
    def statement(self) -> str | None:
        """The compact JWS; ``None`` if it is gone."""

    @property
    def sealed(self) -> Mapping[str, Any] | None:
        """The own copy of the sealed content, a flattened JWE."""

    @property
    def entry_proof(self) -> str | None:
        """Merkle proof of the own entry, base64url."""

    @property
    def content_key(self) -> bytes | None:
        """What opens the copy."""


class EvidenceStore(Protocol):
    """What is needed of a member's store."""

    def get(self, digest: str) -> Held | None:
        """The statement of a digest, base64url."""


class EvidenceReader(Protocol):
    """What is needed of the hub."""

    async def inclusion(self, index: int, size: int) -> str:
        """The inclusion proof of a leaf in the tree of a size, as it travels."""


@dataclass(frozen=True, slots=True)
class Disclosure:
    """What a file is to show.

    Attributes:
        content: the sealed content as it was delivered.
        key: the content key too, so that the reader can open the content.
        receipts: digests of receipts for the statement, base64url.
    """

    content: bool = True
    key: bool = False
    receipts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """What a client has verified before.

    Attributes:
        member: whose store it is, and whose copies of content.
        directory: computed from all public statements that are held.
        note_text: the last checkpoint note; the file's proofs will lead to it.
    """

    member: Address
    directory: Directory
    note_text: str


async def build_evidence(
    digest: str, known: Known, store: EvidenceStore, reader: EvidenceReader, show: Disclosure
) -> bytes:
    """An evidence file about a statement.

    Args:
        digest: of the statement, base64url.
        known: what the client has verified before.
        store: where the statement, its receipts and the credentials are.
        reader: gives the proofs.
        show: what the file discloses.

    Raises:
        SeraiError: ``not_found`` or ``gone`` for what the store does not hold, ``no_key``
            if a key is to be disclosed that is not held, ``malformed_evidence`` if the file
            would be too large, what ``reader`` raises, and the `EvidenceError` of a file
            that does not hold.
    """
    said = _held(store, digest)
    receipts = _in_order(_held(store, receipt) for receipt in show.receipts)
    credentials = _in_order(
        _held(store, encode_base64url(certified.statement.digest))
        for certified in _needed(known.directory, (said, *receipts))
    )
    proven = await _prove(reader, known.note_text, (*credentials, said, *receipts))
    evidence = UnverifiedEvidence(
        epochs=tuple(parse_statement(epoch.statement.text) for epoch in known.directory.epochs),
        credentials=proven[: len(credentials)],
        said=proven[len(credentials)],
        content=_content(said, known.member, key=show.key) if show.content else None,
        receipts=proven[len(credentials) + 1 :],
    )
    data = encode_evidence(evidence)
    verify_evidence(parse_evidence(data), known.directory.network.partition("/")[2])
    return data


def _held(store: EvidenceStore, digest: str) -> Held:
    held = store.get(digest)
    if held is None or held.index is None:
        raise SeraiError(Code.NOT_FOUND, f"{digest} is not in the own store, or has no place in the ledger")
    if held.statement is None:
        raise SeraiError(Code.GONE, digest)
    return held


def _in_order(items: Iterable[Held]) -> list[Held]:
    return sorted(items, key=_index)


def _index(held: Held) -> int:
    return held.index or 0


def _needed(directory: Directory, items: Iterable[Held]) -> list[Certified]:
    """The credentials of those who signed these, and those above them, each once."""
    found: dict[bytes, Certified] = {}
    for held in items:
        verified = directory.verify(parse_statement(held.statement or ""))
        for certified in _chain(directory, verified, Place(_index(held), held.leaf.accepted_s)):
            if certified.place.index != held.index:
                found[certified.statement.digest] = certified
    return list(found.values())


def _chain(directory: Directory, verified: VerifiedStatement[Claims], place: Place) -> list[Certified]:
    claims = verified.claims
    if isinstance(claims, Dispatch | Receipt):
        return list(directory.chain(directory.signer(verified, place)))
    by_member = claims.iss not in (ROOT, HUB)
    chains = [directory.holder(verified.kid, place)] if by_member and not _about_itself(verified) else []
    if isinstance(claims, Revocation):
        chains += [each for each in directory.credentials(claims.sub) if each.key.kid == claims.kid][-1:]
    return [link for certified in chains for link in directory.chain(certified)]


def _about_itself(verified: VerifiedStatement[Claims]) -> bool:
    """Whether a key revokes itself, which it may even when it is no longer good."""
    return isinstance(verified.claims, Revocation) and verified.claims.kid == verified.kid


async def _prove(reader: EvidenceReader, note_text: str, items: Iterable[Held]) -> tuple[EvidenceItem, ...]:
    size = parse_note(note_text).checkpoint.size
    proven = []
    for held in items:
        hashes = decode_proof(await reader.inclusion(_index(held), size))
        proof = TlogProof(_index(held), hashes, note_text)
        proven.append(EvidenceItem(parse_statement(held.statement or ""), held.leaf, proof))
    return tuple(proven)


def _content(said: Held, member: Address, *, key: bool) -> EvidenceContent | None:
    if said.sealed is None or said.entry_proof is None:
        return None
    if key and said.content_key is None:
        raise SeraiError(Code.NO_KEY, "the content was not opened here, so its key cannot be disclosed")
    copy = parse_copy(dict(said.sealed))
    return EvidenceContent(copy, decode_proof(said.entry_proof), member, said.content_key if key else None)
