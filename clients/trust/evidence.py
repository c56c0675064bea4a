"""Making an evidence file from what a member holds (PROTOCOL 11).

The store has the statements, their copies and every public statement; what it
lacks are proofs of all these under one checkpoint, the last one that the client verified.
The hub gives them and is not believed: a file is handed out only after it has been
verified like a stranger's.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from clients.errors import ClientError, LocalCode
from clients.store import ShownStep
from schemas import limits
from schemas.addresses import HUB, ROOT, Address
from schemas.checkpoint import parse_note
from schemas.claims import Claims, Dispatch, Receipt, Revocation
from schemas.directory import Certified, Directory, Position
from schemas.encoding import encode_base64url, encode_json
from schemas.errors import Code, SeraiError
from schemas.evidence import EvidenceContent, EvidenceItem, UnverifiedEvidence, encode_evidence, parse_evidence
from schemas.leaf import Leaf
from schemas.merkle import decode_proof
from schemas.sealing import parse_copy
from schemas.statements import VerifiedStatement, parse_statement
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


@dataclass(frozen=True, slots=True)
class HeldCover:
    """A statement of which the cover alone is here.

    Attributes:
        index: place in the ledger.
        leaf: its leaf.
        statement: the compact JWS.
        sealed: nothing.
        entry_proof: nothing.
        content_key: nothing.
    """

    index: int
    leaf: Leaf
    statement: str
    sealed: None = None
    entry_proof: None = None
    content_key: None = None


@dataclass(frozen=True, slots=True)
class WithCovers:
    """A store of what came, and covers of steps that came to others.

    Attributes:
        items: what came.
        shown: the step of a digest, as the hub has shown it.
    """

    items: EvidenceStore
    shown: Callable[[str], ShownStep | None]

    def get(self, digest: str) -> Held | None:
        """The statement of a digest, base64url."""
        step = None if (held := self.items.get(digest)) is not None else self.shown(digest)
        if step is None or step.statement is None:
            return held
        return HeldCover(step.index, step.leaf, step.statement)


class EvidenceReader(Protocol):
    """What is needed of the hub."""

    async def inclusion(self, index: int, size: int) -> str:
        """The inclusion proof of a leaf in the tree of a size, as it travels."""


@dataclass(frozen=True, slots=True)
class Disclosure:
    """What a file is to show of the dispatches in it.

    Attributes:
        content: the sealed content as it was delivered.
        key: the content keys too, so that the reader can open the contents.
        without: digests of dispatches whose keys are left out all the same, because they are not held.
    """

    content: bool = True
    key: bool = False
    without: frozenset[str] = frozenset()

    def opens(self, digest: str) -> bool:
        """Whether the key of a dispatch is disclosed."""
        return self.key and digest not in self.without


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


def ignore(_count: int, /) -> None:
    """Tell nobody how far it has got."""


async def build_evidence(
    digests: Sequence[str],
    known: Known,
    store: EvidenceStore,
    reader: EvidenceReader,
    show: Disclosure,
    on_proof: Callable[[int], None] = ignore,
) -> bytes:
    """An evidence file about statements.

    Args:
        digests: of the statements, base64url, in any order; one that is named twice stands there once.
        known: what the client has verified before.
        store: where the statements and the credentials are.
        reader: gives the proofs.
        show: what the file discloses.
        on_proof: is told how many proofs have come: one for each statement, and for each credential that is needed.

    Raises:
        SeraiError: ``not_in_store`` or ``gone`` for what the store does not hold, ``unreadable_here``
            if a key is to be disclosed that is not held, ``evidence_too_large``, what ``reader`` raises,
            and the `EvidenceError` of a file that does not hold.
    """
    items = _in_order(_held(store, digest) for digest in dict.fromkeys(digests))
    contents = [
        _content(item, known.member, key=show.opens(encode_base64url(item.leaf.digest))) if show.content else None
        for item in items
    ]
    _check_size(items, contents)
    credentials = _in_order(
        _held(store, encode_base64url(certified.statement.digest)) for certified in _needed(known.directory, items)
    )
    proven = [item async for item in _prove(reader, known.note_text, (*credentials, *items), on_proof)]
    shown = zip(proven[len(credentials) :], contents, strict=True)
    evidence = UnverifiedEvidence(
        note=parse_note(known.note_text),
        epochs=tuple(parse_statement(epoch.statement.text) for epoch in known.directory.epochs),
        credentials=tuple(proven[: len(credentials)]),
        items=tuple(replace(item, content=content) for item, content in shown),
    )
    try:
        data = encode_evidence(evidence)
    except SeraiError as error:
        raise (too_large() if error.code is Code.MALFORMED_EVIDENCE else error) from error
    verify_evidence(parse_evidence(data), known.directory.network.partition("/")[2])
    return data


def too_large() -> ClientError:
    """What is shown is more than a file may have."""
    size = limits.EVIDENCE_BYTES // (1024 * 1024)
    return ClientError(LocalCode.EVIDENCE_TOO_LARGE, count=limits.EVIDENCE_ITEMS, size=size)


def _check_size(items: Sequence[Held], contents: Iterable[EvidenceContent | None]) -> None:
    """Refuse what cannot fit before the hub is asked for anything."""
    size_bytes = sum(len(held.statement or "") for held in items)
    size_bytes += sum(len(encode_json(content.copy.to_json())) for content in contents if content)
    if size_bytes > limits.EVIDENCE_BYTES or len(items) > limits.EVIDENCE_ITEMS:
        raise too_large()


def _held(store: EvidenceStore, digest: str) -> Held:
    held = store.get(digest)
    if held is None or held.index is None:
        raise ClientError(LocalCode.NOT_IN_STORE, digest=digest)
    if held.statement is None:
        raise SeraiError(Code.GONE, digest)
    return held


def _in_order(items: Iterable[Held]) -> list[Held]:
    return sorted(items, key=_index)


def _index(held: Held) -> int:
    return held.index or 0


def _needed(directory: Directory, items: Sequence[Held]) -> list[Certified]:
    """The credentials of those who signed these, and those above them, each once; none that is an item itself."""
    found: dict[bytes, Certified] = {}
    shown = {held.index for held in items}
    for held in items:
        verified = directory.verify(parse_statement(held.statement or ""), lenient=True)
        for certified in _chain(directory, verified, Position(_index(held), held.leaf.accepted_s)):
            if certified.place.index not in shown:
                found[certified.statement.digest] = certified
    return list(found.values())


def _chain(directory: Directory, verified: VerifiedStatement[Claims], place: Position) -> list[Certified]:
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


async def _prove(
    reader: EvidenceReader, note_text: str, items: Sequence[Held], on_proof: Callable[[int], None]
) -> AsyncIterator[EvidenceItem]:
    size = parse_note(note_text).checkpoint.size
    for done, held in enumerate(items, 1):
        hashes = decode_proof(await reader.inclusion(_index(held), size))
        yield EvidenceItem(parse_statement(held.statement or ""), _index(held), held.leaf, hashes)
        on_proof(done)


def _content(item: Held, member: Address, *, key: bool) -> EvidenceContent | None:
    if item.sealed is None or item.entry_proof is None:
        return None
    if key and item.content_key is None:
        raise ClientError(LocalCode.UNREADABLE_HERE, number=item.index)
    copy = parse_copy(dict(item.sealed))
    return EvidenceContent(copy, decode_proof(item.entry_proof), member, item.content_key if key else None)
