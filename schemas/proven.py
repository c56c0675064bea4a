"""What a verified evidence file proves and what it does not, as data (PROTOCOL 11).

`schemas.verification.verify_evidence` makes it. What the proven facts are worth is the reader's to judge.
"""

# ruff: noqa: RUF001 - Russian words contain letters that look Latin

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum

from schemas.addresses import Address
from schemas.checkpoint import Checkpoint
from schemas.claims import Claims, Receipt
from schemas.directory import Certified, NetworkEpoch
from schemas.encoding import encode_base64url
from schemas.errors import Code, SeraiError
from schemas.labels import CodedValue
from schemas.reports import ReadReport
from schemas.statements import VerifiedStatement


class EvidenceStep(IntEnum):
    """The steps of `schemas.verification.verify_evidence`, in order."""

    EPOCHS = 1
    CHECKPOINT = 2
    LEAVES = 3
    SIGNERS = 4
    CONTENT = 5
    ENTRY = 6
    KEY = 7
    REFERENCES = 8


class EvidenceError(SeraiError):
    """An evidence file does not hold.

    Args:
        step: where it failed.
        code: the rule that was broken.
        detail: what exactly, for people.
        index: number of the statement that failed; ``None`` if it was not one of them.
    """

    def __init__(self, step: EvidenceStep, code: Code, detail: str = "", index: int | None = None) -> None:
        super().__init__(code, detail)
        self.args = (step, code, detail, index)
        self.step = step
        self.index = index

    def __str__(self) -> str:
        """Step, number, code and detail in one line."""
        where = "" if self.index is None else f", number {self.index}"
        return f"step {self.step.value} ({self.step.name.lower()}){where}: {super().__str__()}"


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
        "That the content is a report of the cover's kind: it cannot be read as one here.",
        "Что содержание - донесение указанного вида: прочитать его так здесь нельзя.",
    )
    REPORT_NOT_ALL_KNOWN = (
        "report_not_all_known",
        "What the report means where it says what is not known here: that stands as its sender wrote it.",
        "Что означает та часть донесения, которая здесь неизвестна: она дана так, как её написал отправитель.",
    )
    ENTRY_NOT_OPENED = (
        "entry_not_opened",
        "That the recipient could open its copy: only the holder of its key can show that.",
        "Что получатель мог открыть свой экземпляр: это может показать лишь владелец его ключа.",
    )


@dataclass(frozen=True, slots=True)
class VerifiedContent:
    """Sealed content that is the one the cover names.

    Attributes:
        recipient: whose copy it is; its entry is one that the sender signed.
        disclosed: the content as sealed, padding included, if the file has the key.
        report: the same as a report, if it is one of the cover's kind and what it calls critical is known here.
    """

    recipient: Address
    disclosed: bytes | None = field(default=None, repr=False)
    report: ReadReport | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class VerifiedItem:
    """A statement that stands in the ledger, signed with a key that was good there.

    Attributes:
        statement: what was signed.
        index: its place in the ledger.
        accepted_at: when the hub accepted it, milliseconds since 1970 UTC.
        chain: the credentials from the root down to the signer; empty where the root,
            the hub or a key that the statement itself is about has signed.
        content: its sealed content, if the file has it.
        limits: what of its content is not proven.
    """

    statement: VerifiedStatement[Claims]
    index: int
    accepted_at: int
    chain: tuple[Certified, ...]
    content: VerifiedContent | None = None
    limits: tuple[Limit, ...] = ()

    @property
    def digest(self) -> str:
        """Its identity, base64url."""
        return encode_base64url(self.statement.digest)

    @property
    def recipients(self) -> tuple[Address, ...]:
        """Whom the statement names in ``to``, in order."""
        to: list[Address] | Address = getattr(self.statement.claims, "to", None) or []
        return (to,) if isinstance(to, str) else tuple(to)


@dataclass(frozen=True, slots=True)
class Missing:
    """A statement that an item names and that the file does not have.

    Attributes:
        digest: of the statement that is not there, base64url.
        index: number of the item that names it.
        how: the word under which it is named: relation, outcome, event, or how a step names others.
        by: who signed what names it.
    """

    digest: str
    index: int
    how: str
    by: Address


@dataclass(frozen=True, slots=True)
class VerifiedEvidence:
    """What an evidence file proves, and what it does not.

    Attributes:
        network: name and root thumbprint of the network.
        epochs: all up to that of the checkpoint.
        checkpoint: the signed head of the ledger that everything in the file is under.
        items: what the file is about, in ledger order.
        missing: what these name and the file does not have, in ledger order of what names it.
        limits: what no part of the file proves; what an item does not prove stands with it.
    """

    network: str
    epochs: tuple[NetworkEpoch, ...]
    checkpoint: Checkpoint
    items: tuple[VerifiedItem, ...]
    missing: tuple[Missing, ...]
    limits: tuple[Limit, ...]

    @property
    def epoch(self) -> NetworkEpoch:
        """The epoch of the checkpoint; its document describes the network."""
        return self.epochs[-1]

    def receipts(self) -> dict[str, list[VerifiedItem]]:
        """The receipts in the file, in ledger order, by what in the file they are for."""
        found: dict[str, list[VerifiedItem]] = {item.digest: [] for item in self.items}
        for item in self.items:
            claims = item.statement.claims
            for digest in claims.digests if isinstance(claims, Receipt) else ():
                if digest in found:
                    found[digest].append(item)
        return {digest: receipts for digest, receipts in found.items() if receipts}
