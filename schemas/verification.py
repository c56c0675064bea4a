"""Verifying an evidence file against a root that the reader names (PROTOCOL 11).

`verify_evidence` says two things: what is proven, as data, and what is not, as a list of
`Limit`. It needs no hub, no clock and no network. What the proven facts are worth is the
reader's to judge.
"""

# ruff: noqa: RUF001 - Russian words contain letters that look Latin

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import IntEnum
from typing import cast

from schemas.addresses import Address, is_officer, member_of
from schemas.checkpoint import Checkpoint, VerifiedCheckpoint, parse_note, verify_note
from schemas.claims import Claims, Dispatch, Epoch, Event, Receipt, is_public
from schemas.directory import Certified, Directory, NetworkEpoch, Place
from schemas.encoding import encode_base64url
from schemas.errors import Code, SeraiError
from schemas.evidence import EvidenceContent, EvidenceItem, UnverifiedEvidence
from schemas.labels import CodedValue
from schemas.merkle import hash_leaf, verify_inclusion
from schemas.reports import FeedbackReport, SeizureReport, WarningReport, parse_report
from schemas.sealing import ContentClaim, open_body, verify_body, verify_commitment
from schemas.statements import UnverifiedStatement, VerifiedStatement, verify_statement

AnyReport = WarningReport | SeizureReport | FeedbackReport
"""A report of any kind, as opened content is read."""


class EvidenceStep(IntEnum):
    """The steps of `verify_evidence`, in order."""

    EPOCHS = 1
    CHECKPOINT = 2
    LEAVES = 3
    SIGNERS = 4
    CONTENT = 5
    ENTRY = 6
    KEY = 7
    RECEIPTS = 8


class EvidenceError(SeraiError):
    """An evidence file does not hold.

    Args:
        step: where it failed.
        code: the rule that was broken.
        detail: what exactly, for people.
    """

    def __init__(self, step: EvidenceStep, code: Code, detail: str = "") -> None:
        super().__init__(code, detail)
        self.args = (step, code, detail)
        self.step = step

    def __str__(self) -> str:
        """Step, code and detail in one line."""
        return f"step {self.step.value} ({self.step.name.lower()}): {super().__str__()}"


class Limit(CodedValue):
    """Something that a verified evidence file does not prove."""

    TIME_IS_THE_HUBS = (
        "time_is_the_hubs",
        "That the time is right: it is the hub's word, fixed by its place in the ledger.",
        "Что время верно: это слово узла, закреплённое местом в журнале.",
    )
    REVOCATION_UNKNOWN = (
        "revocation_unknown",
        "That no key in it had been revoked, suspended or replaced before: the public leaves below its place tell.",
        "Что ни один ключ не был прежде отозван, приостановлен или заменён: это видно из открытых записей журнала.",
    )
    COMPLETENESS_UNKNOWN = (
        "completeness_unknown",
        "That nothing else was said: updates, cancellations, replies and receipts may exist that are not in the file.",
        "Что больше ничего не было сказано: возможны уточнения, отмены, ответы и квитанции вне файла.",
    )
    LEDGER_NOT_FOLLOWED = (
        "ledger_not_followed",
        "That everybody was shown this ledger, and that it went on from this checkpoint.",
        "Что всем показан этот журнал и что он продолжен от этой контрольной точки.",
    )
    CONTENT_NOT_INCLUDED = (
        "content_not_included",
        "What the dispatch says: the file does not hold its sealed content.",
        "Что говорится в сообщении: в файле нет запечатанного содержания.",
    )
    CONTENT_NOT_DISCLOSED = (
        "content_not_disclosed",
        "What the dispatch says: its content is in the file, but not the key that opens it.",
        "Что говорится в сообщении: содержание в файле есть, ключа к нему нет.",
    )
    REPORT_NOT_VALID = (
        "report_not_valid",
        "That the content is a report of the cover's kind: it is none of a form known here.",
        "Что содержание - донесение указанного вида: здесь такая форма неизвестна.",
    )
    ENTRY_NOT_OPENED = (
        "entry_not_opened",
        "That the recipient could open its copy: only the holder of its key can show that.",
        "Что получатель мог открыть свой экземпляр: это может показать лишь владелец его ключа.",
    )


@dataclass(frozen=True, slots=True)
class VerifiedItem:
    """A statement that stands in the ledger, signed with a key that was good there.

    Attributes:
        statement: what was signed.
        index: its place in the ledger.
        accepted_at: when the hub accepted it, milliseconds since 1970 UTC.
        chain: the credentials from the root down to the signer; empty where the root,
            the hub or a key that the statement itself is about has signed.
    """

    statement: VerifiedStatement[Claims]
    index: int
    accepted_at: int
    chain: tuple[Certified, ...]


@dataclass(frozen=True, slots=True)
class VerifiedContent:
    """Sealed content that is the one the cover names.

    Attributes:
        recipient: whose copy it is; its entry is one that the sender signed.
        disclosed: the content as sealed, padding included, if the file has the key.
        report: the same as a report, if it is one of the cover's kind.
    """

    recipient: Address
    disclosed: bytes | None = field(default=None, repr=False)
    report: AnyReport | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class VerifiedEvidence:
    """What an evidence file proves, and what it does not.

    Attributes:
        epoch: the epoch of the checkpoint; its document names the network.
        checkpoint: the signed head of the ledger that everything in the file is under.
        said: the statement that the file is about.
        content: its sealed content, if the file has it.
        receipts: what recipients said of it, in ledger order.
        limits: what is not proven.
    """

    epoch: NetworkEpoch
    checkpoint: Checkpoint
    said: VerifiedItem
    content: VerifiedContent | None
    receipts: tuple[VerifiedItem, ...]
    limits: tuple[Limit, ...]

    @property
    def network(self) -> str:
        """Name and root thumbprint of the network."""
        return self.said.statement.claims.aud

    @property
    def recipients(self) -> tuple[Address, ...]:
        """Whom the statement names in ``to``, in order."""
        to: list[Address] | Address = getattr(self.said.statement.claims, "to", None) or []
        return (to,) if isinstance(to, str) else tuple(to)


@contextmanager
def _at(step: EvidenceStep) -> Iterator[None]:
    try:
        yield
    except SeraiError as error:
        raise EvidenceError(step, error.code, error.detail) from error


def verify_evidence(evidence: UnverifiedEvidence, root_thumbprint: str) -> VerifiedEvidence:
    """Check everything in an evidence file.

    1. *epochs*: epoch 0 is signed by the key with the thumbprint, each later one by the root before it or
       the one that root committed to. 2. *checkpoint*: all proofs carry the same note, and the ledger key of
       the last epoch signed it. 3. *leaves*: each leaf is in the tree at its place, no two at one place, times
       do not decrease, and each statement is the one its leaf names. 4. *signers*: in ledger order, each
       credential follows from its issuer, and each signature is by a key good at its place, with the role it
       takes and for this network. 5. *content*: the sealed content is the one that the cover names. 6. *entry*:
       the recipient is named, and its entry is in the cover's ``entries``. 7. *key*: the content key is the one
       committed to, and opens the content. 8. *receipts*: each names the statement and is by one of its
       recipients, to its sender. Steps 5 to 7 are for what the file holds.

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
    with _at(EvidenceStep.SIGNERS):
        judged = _verify_signers(evidence, directory)
    said = judged[evidence.said.index]
    receipts = tuple(judged[item.index] for item in evidence.receipts)
    content = _verify_content(evidence.content, said)
    with _at(EvidenceStep.RECEIPTS):
        for receipt in receipts:
            _verify_receipt(receipt, said)
    limits = tuple(_limits(said, content))
    return VerifiedEvidence(directory.epoch, checkpoint.checkpoint, said, content, receipts, limits)


def _verify_epochs(epochs: Iterable[UnverifiedStatement], root_thumbprint: str) -> Directory:
    """A directory with nothing but the epochs."""
    first, *_ = epochs
    pinned = verify_statement(first, Directory(f"/{root_thumbprint}").key_of(first))
    if pinned.claims.aud.partition("/")[2] != root_thumbprint:
        raise SeraiError(Code.WRONG_NETWORK, "the file is of a network with another root")
    directory = Directory(pinned.claims.aud)
    for epoch in epochs:
        verified = cast("VerifiedStatement[Epoch]", directory.verify(epoch))
        directory = directory.apply(verified, Place(verified.claims.index, 0))
    return directory


def _verify_checkpoint(evidence: UnverifiedEvidence, epoch: NetworkEpoch) -> VerifiedCheckpoint:
    note_text = evidence.said.proof.note_text
    if any(item.proof.note_text != note_text for item in evidence.items()):
        raise SeraiError(Code.BAD_CHECKPOINT, "the proofs have more than one checkpoint")
    return verify_note(parse_note(note_text), epoch.origin, epoch.ledger_key.public_key)


def _verify_leaves(evidence: UnverifiedEvidence, epochs: Iterable[NetworkEpoch], verified: VerifiedCheckpoint) -> None:
    size, root = verified.checkpoint.size, verified.checkpoint.root
    items = sorted(evidence.items(), key=lambda item: item.index)
    places = [item.index for item in items] + [epoch.statement.claims.index for epoch in epochs]
    if len(set(places)) != len(places) or max(places) >= size:
        raise SeraiError(Code.BAD_PROOF, "two statements at one place, or one beyond the checkpoint")
    for item in items:
        verify_inclusion(item.leaf.hash, item.index, size, item.proof.hashes, root)
        if (item.leaf.digest, item.leaf.type) != (item.statement.digest, item.statement.type):
            raise SeraiError(Code.BAD_PROOF, f"the leaf at {item.index} is of another statement")
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
    for index, event in sorted([*starts, *((item.index, item) for item in evidence.items())], key=lambda at: at[0]):
        if isinstance(event, NetworkEpoch):
            directory = directory.apply(event.statement, Place(index, 0))
        else:
            directory, judged[index] = _judge(directory, event)
    return judged


def _judge(directory: Directory, item: EvidenceItem) -> tuple[Directory, VerifiedItem]:
    verified = directory.verify(item.statement)
    place = Place(item.index, item.leaf.accepted_s)
    if is_public(verified.claims) != item.leaf.public:
        raise SeraiError(Code.BAD_PROOF, f"the leaf at {item.index} has the wrong public flag")
    chain: tuple[Certified, ...] = ()
    if item.leaf.public:
        directory = directory.apply(verified, place)
    elif isinstance(verified.claims, Event):
        _check_event(verified, directory)
    else:
        signer = directory.signer(verified, place)
        _check_signer(verified.claims, signer, directory)
        chain = directory.chain(signer)
    return directory, VerifiedItem(verified, item.index, item.leaf.accepted_at, chain)


def _check_event(verified: VerifiedStatement[Claims], directory: Directory) -> None:
    if verified.kid != directory.epoch.event_key.kid:
        raise SeraiError(Code.UNKNOWN_KEY, "not signed with the event key")


def _check_signer(claims: Claims, signer: Certified, directory: Directory) -> None:
    """What the signer's level and roles must be, and whether the network admits the status."""
    if isinstance(claims, Receipt) and is_officer(signer.address) != (claims.outcome in ("acknowledged", "declined")):
        raise SeraiError(Code.NOT_PERMITTED, f"{claims.outcome} is not for {signer.address} to say")
    if isinstance(claims, Dispatch):
        if "exchange" not in signer.roles:
            raise SeraiError(Code.ROLE_MISSING, "exchange")
        if claims.status == "actual" and directory.epoch.document.status == "exercise":
            raise SeraiError(Code.STATUS_NOT_ALLOWED, claims.status)


def _verify_content(content: EvidenceContent | None, said: VerifiedItem) -> VerifiedContent | None:
    if content is None:
        return None
    with _at(EvidenceStep.CONTENT):
        cover = said.statement.claims
        if not isinstance(cover, Dispatch):
            raise SeraiError(Code.CONTENT_MISMATCH, "only a dispatch has sealed content")
        claim = cover.content.claim()
        verify_body(content.copy.body, claim, cover.envelope())
    with _at(EvidenceStep.ENTRY):
        _verify_entry(content, cover, claim)
    if content.content_key is None:
        return VerifiedContent(content.recipient)
    with _at(EvidenceStep.KEY):
        verify_commitment(content.content_key, claim, cover.envelope())
        opened = open_body(content.copy.body, content.content_key, cover.envelope())
    return VerifiedContent(content.recipient, opened, _read_report(opened, cover.kind))


def _verify_entry(content: EvidenceContent, cover: Dispatch, claim: ContentClaim) -> None:
    addresses = list(dict.fromkeys((*cover.to, member_of(cover.iss))))
    if content.recipient not in addresses:
        raise SeraiError(Code.NOT_A_RECIPIENT, content.recipient)
    entry, place = hash_leaf(content.copy.entry.to_bytes()), addresses.index(content.recipient)
    try:
        verify_inclusion(entry, place, len(addresses), content.entry_proof, claim.entries)
    except SeraiError as error:
        raise SeraiError(Code.ENTRIES_MISMATCH, error.detail) from error


def _read_report(opened: bytes, kind: str) -> AnyReport | None:
    # Not a failure: that a sender sealed something else is itself worth proving.
    try:
        report = parse_report(opened)
    except SeraiError:
        return None
    return report if report.report == kind else None


def _verify_receipt(receipt: VerifiedItem, said: VerifiedItem) -> None:
    claims, cover = cast("Receipt", receipt.statement.claims), said.statement.claims
    if not isinstance(cover, Dispatch) or said.index > receipt.index:
        raise SeraiError(Code.UNKNOWN_REFERENCE, "a receipt is for a dispatch accepted before it")
    if encode_base64url(said.statement.digest) not in claims.digests:
        raise SeraiError(Code.UNKNOWN_REFERENCE, f"the receipt at {receipt.index} is for something else")
    if member_of(claims.iss) not in cover.to or claims.to != member_of(cover.iss):
        raise SeraiError(Code.NOT_A_RECIPIENT, f"the receipt of {claims.iss}")


def _limits(said: VerifiedItem, content: VerifiedContent | None) -> Iterator[Limit]:
    yield Limit.TIME_IS_THE_HUBS
    yield Limit.REVOCATION_UNKNOWN
    yield Limit.COMPLETENESS_UNKNOWN
    yield Limit.LEDGER_NOT_FOLLOWED
    if not isinstance(said.statement.claims, Dispatch):
        return
    if content is None:
        yield Limit.CONTENT_NOT_INCLUDED
        return
    yield Limit.ENTRY_NOT_OPENED
    if content.disclosed is None:
        yield Limit.CONTENT_NOT_DISCLOSED
    elif content.report is None:
        yield Limit.REPORT_NOT_VALID
