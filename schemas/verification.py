"""Verifying an evidence file against a root that the reader names (PROTOCOL 11).

`verify_evidence` says two things: what is proven, as data, and what is not: a list of `Limit`, and every
statement that an item names and that the file does not have. It needs no hub, no clock and no network.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Final, cast

from schemas.addresses import member_of
from schemas.checkpoint import VerifiedCheckpoint, verify_note
from schemas.claims import Claims, Dispatch, Epoch, Event, Receipt, is_public
from schemas.directory import Certified, Directory, NetworkEpoch, Position, apply_statement
from schemas.errors import Code, SeraiError
from schemas.evidence import EvidenceContent, EvidenceItem, UnverifiedEvidence
from schemas.merkle import hash_leaf, verify_inclusion
from schemas.naming import Named, named_by
from schemas.operations.steps import is_stop
from schemas.proven import (
    EvidenceError,
    EvidenceStep,
    Limit,
    Missing,
    VerifiedContent,
    VerifiedEvidence,
    VerifiedItem,
)
from schemas.reports import ReadReport, read_content
from schemas.rules.recipients import entry_position
from schemas.rules.references import check_answer, check_reference
from schemas.rules.signers import check_dispatch_signer, check_event_signer, check_receipt_signer
from schemas.rules.status import check_inherited, check_status, is_status_known
from schemas.sealing import ContentClaim, open_body, verify_body, verify_commitment
from schemas.statements import UnverifiedStatement, VerifiedStatement, verify_statement

_OF_THE_FILE: Final = (
    Limit.TIME_IS_THE_HUBS,
    Limit.REVOCATION_UNKNOWN,
    Limit.COMPLETENESS_UNKNOWN,
    Limit.LEDGER_NOT_FOLLOWED,
)


@contextmanager
def _at(step: EvidenceStep, index: int | None = None) -> Iterator[None]:
    try:
        yield
    except EvidenceError:
        raise  # of a single statement
    except SeraiError as error:
        raise EvidenceError(step, error.code, error.detail, index) from error


def verify_evidence(evidence: UnverifiedEvidence, root_thumbprint: str) -> VerifiedEvidence:
    """Check everything in an evidence file.

    1. *epochs*: epoch 0 is signed by the key with the thumbprint, each later one by the root before it or
       the one that root committed to. 2. *checkpoint*: the ledger key of the last epoch signed the note.
       3. *leaves*: each leaf is in the tree at its place, no two at one place, no statement twice, times do not
       decrease, and each statement is the one its leaf names. 4. *signers*: in ledger order, each credential
       follows from its issuer, and each signature is by a key good at its place, with the role it takes and for
       this network. 5. *content*: the sealed content is the one that the cover names. 6. *entry*: the recipient is
       named, and its entry is in the cover's ``entries``. 7. *key*: the content key is the one committed to, and
       opens the content. 8. *references*: what names another statement in the file stands above it and may name it.
       Steps 5 to 7 are for each item of which the file holds content.

    Args:
        evidence: what `schemas.evidence.parse_evidence` read.
        root_thumbprint: of the network's first root, from a source other than the file.

    Raises:
        EvidenceError: with the step that failed.
    """
    with _at(EvidenceStep.EPOCHS):
        directory = _verify_epochs(evidence.epochs, root_thumbprint)
    with _at(EvidenceStep.CHECKPOINT):
        checkpoint = _verify_checkpoint(evidence, directory.epoch)
    with _at(EvidenceStep.LEAVES):
        _verify_leaves(evidence, directory.epochs, checkpoint)
    judged = _verify_signers(evidence, directory)
    items = tuple(_with_content(judged[item.index], item.content) for item in evidence.items)
    return VerifiedEvidence(
        network=directory.network,
        epochs=tuple(directory.epochs),
        checkpoint=checkpoint.checkpoint,
        items=items,
        missing=tuple(_verify_references(items)),
        limits=_OF_THE_FILE,
    )


def _verify_epochs(epochs: Iterable[UnverifiedStatement], root_thumbprint: str) -> Directory:
    """A directory with nothing but the epochs."""
    first, *_ = epochs
    pinned = verify_statement(first, Directory(f"/{root_thumbprint}").key_of(first))
    if pinned.claims.aud.partition("/")[2] != root_thumbprint:
        raise SeraiError(Code.WRONG_NETWORK, "the file is of a network with another root")
    directory = Directory(pinned.claims.aud)
    for epoch in epochs:
        verified = cast("VerifiedStatement[Epoch]", directory.verify(epoch))
        directory = apply_statement(directory, verified, Position(verified.claims.index, 0))
    return directory


def _verify_checkpoint(evidence: UnverifiedEvidence, epoch: NetworkEpoch) -> VerifiedCheckpoint:
    return verify_note(evidence.note, epoch.origin, epoch.ledger_key)


def _verify_leaves(evidence: UnverifiedEvidence, epochs: Iterable[NetworkEpoch], verified: VerifiedCheckpoint) -> None:
    size, root = verified.checkpoint.size, verified.checkpoint.root
    items = evidence.placed()
    places = [item.index for item in items] + [epoch.statement.claims.index for epoch in epochs]
    if len(set(places)) != len(places) or max(places) >= size:
        raise SeraiError(Code.BAD_PROOF, "two statements at one place, or one beyond the checkpoint")
    if len({item.statement.digest for item in items}) != len(items):
        raise SeraiError(Code.BAD_PROOF, "one statement at two places")
    for item in items:
        with _at(EvidenceStep.LEAVES, item.index):
            verify_inclusion(item.leaf.hash, item.index, size, item.proof, root)
            if (item.leaf.digest, item.leaf.type) != (item.statement.digest, item.statement.type):
                raise SeraiError(Code.BAD_PROOF, "the leaf is of another statement")
    times = [item.leaf.accepted_at for item in items]
    if times != sorted(times):
        raise SeraiError(Code.BAD_PROOF, "times decrease from leaf to leaf")


def _verify_signers(evidence: UnverifiedEvidence, epochs: Directory) -> dict[int, VerifiedItem]:
    """Every statement by its place, judged in ledger order by what the file shows below it."""
    directory = Directory(epochs.network)
    starts: list[tuple[int, NetworkEpoch | EvidenceItem]] = [
        (epoch.statement.claims.index, epoch) for epoch in epochs.epochs
    ]
    judged: dict[int, VerifiedItem] = {}
    for index, event in sorted([*starts, *((item.index, item) for item in evidence.placed())], key=lambda at: at[0]):
        with _at(EvidenceStep.SIGNERS, index):
            if isinstance(event, NetworkEpoch):
                directory = apply_statement(directory, event.statement, Position(index, 0))
            else:
                directory, judged[index] = _judge(directory, event)
    return judged


def _judge(directory: Directory, item: EvidenceItem) -> tuple[Directory, VerifiedItem]:
    verified = directory.verify(item.statement, lenient=True)
    place = Position(item.index, item.leaf.accepted_s)
    if is_public(verified.claims) != item.leaf.public:
        raise SeraiError(Code.BAD_PROOF, "the leaf has the wrong public flag")
    chain: tuple[Certified, ...] = ()
    if item.leaf.public:
        directory = apply_statement(directory, verified, place)
    elif isinstance(verified.claims, Event):
        _check_event(verified, directory)
    else:
        signer = directory.signer(verified, place)
        _check_signer(verified.claims, signer, directory)
        chain = directory.chain(signer)
    return directory, VerifiedItem(verified, item.index, item.leaf.accepted_at, chain)


def _check_event(verified: VerifiedStatement[Claims], directory: Directory) -> None:
    check_event_signer(verified.kid, directory.epoch.event_key.kid)


def _check_signer(claims: Claims, signer: Certified, directory: Directory) -> None:
    """What the signer's level and roles must be, and whether the network admits the status."""
    if isinstance(claims, Receipt):
        check_receipt_signer(claims.iss, claims.outcome)
    if isinstance(claims, Dispatch):
        check_dispatch_signer(signer.roles)
        check_status(claims.status, directory.epoch.document.status)


def _with_content(item: VerifiedItem, content: EvidenceContent | None) -> VerifiedItem:
    """An item with what the file has of its content, and with what that does not prove."""
    verified = None if content is None else _verify_content(content, item)
    return replace(item, content=verified, limits=tuple(_limits(item.statement.claims, verified)))


def _verify_content(content: EvidenceContent, item: VerifiedItem) -> VerifiedContent:
    with _at(EvidenceStep.CONTENT, item.index):
        cover = item.statement.claims
        if not isinstance(cover, Dispatch):
            raise SeraiError(Code.CONTENT_MISMATCH, "only a dispatch has sealed content")
        claim = cover.content.claim()
        verify_body(content.copy.body, claim, cover.envelope())
    with _at(EvidenceStep.ENTRY, item.index):
        _verify_entry(content, cover, claim)
    if content.content_key is None:
        return VerifiedContent(content.recipient)
    with _at(EvidenceStep.KEY, item.index):
        verify_commitment(content.content_key, claim, cover.envelope())
        opened = open_body(content.copy.body, content.content_key, cover.envelope())
    return VerifiedContent(content.recipient, opened, _read_report(opened, cover))


def _verify_entry(content: EvidenceContent, cover: Dispatch, claim: ContentClaim) -> None:
    index, count = entry_position(cover.to, cover.iss, content.recipient)
    try:
        entry = hash_leaf(content.copy.entry.to_bytes())
        verify_inclusion(entry, index, count, content.entry_proof, claim.entries)
    except SeraiError as error:
        raise SeraiError(Code.ENTRIES_MISMATCH, error.detail) from error


def _read_report(opened: bytes, cover: Dispatch) -> ReadReport | None:
    # Not a failure: that a sender sealed something else is itself worth proving.
    try:
        return read_content(opened, cover)
    except SeraiError:
        return None


def _limits(claims: Claims, content: VerifiedContent | None) -> Iterator[Limit]:
    if not isinstance(claims, Dispatch):
        return
    if content is None:
        yield Limit.CONTENT_NOT_INCLUDED
        return
    yield Limit.ENTRY_NOT_OPENED
    if content.disclosed is None:
        yield Limit.CONTENT_NOT_DISCLOSED
    elif content.report is None:
        yield Limit.REPORT_NOT_VALID
    elif not content.report.is_known:
        yield Limit.REPORT_NOT_ALL_KNOWN


def _verify_references(items: tuple[VerifiedItem, ...]) -> Iterator[Missing]:
    """What the items name and the file does not have; what it has is checked to be named rightly."""
    by_digest = {item.digest: item for item in items}
    for item in items:
        for named in named_by(item.statement):
            other = by_digest.get(named.digest)
            if other is None:
                yield Missing(named.digest, item.index, named.how, item.statement.claims.iss)
                continue
            if not named.is_judged:
                continue
            with _at(EvidenceStep.REFERENCES, item.index):
                _check_named(item, named, other)


def _check_named(item: VerifiedItem, named: Named, other: VerifiedItem) -> None:
    claims, cover = item.statement.claims, other.statement.claims
    if isinstance(claims, Dispatch) and is_stop(claims):
        return  # it was admitted whatever it refers to
    if other.index >= item.index:
        raise SeraiError(Code.UNKNOWN_REFERENCE, f"{other.index} was accepted later")
    if isinstance(claims, Event):
        return  # the hub's word about anything
    if not isinstance(cover, Dispatch):
        raise SeraiError(Code.UNKNOWN_REFERENCE, f"{other.index} is no dispatch")
    member, sender = member_of(claims.iss), member_of(cover.iss)
    if isinstance(claims, Receipt):
        check_answer(claims, sender, by_recipient=member in cover.to)
    elif isinstance(claims, Dispatch):
        check_reference(named.how, by_sender=member == sender, by_recipient=member in cover.to)
        if is_status_known(claims.status) and is_status_known(cover.status):
            check_inherited(named.how, cover.status, claims.status)
        if named.how == "reseal" and not set(claims.to) <= set(cover.to):
            raise SeraiError(Code.REFERENCE_NOT_PERMITTED, "not all were recipients")
