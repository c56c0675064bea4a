"""What a paper about an operation is made from, and its words: numbers, times, signers of steps."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, TypeVar

from clients.actions.numbers import spell_number
from clients.documents.operations.view import OperationView
from clients.documents.operations.words import number_text
from clients.documents.pdf.blocks import PdfBlock, PdfTable, PdfText, PdfTone
from clients.documents.plain import utc
from clients.documents.texts import _, label_of
from schemas.addresses import Address
from schemas.claims import Dispatch
from schemas.operations.books import Measure
from schemas.operations.held import HeldOperation, HeldStep, StepContent
from schemas.operations.results import Because, StepRecord
from schemas.operations.words import Decision, StepKind
from schemas.reports import ReadReport
from schemas.reports.drugs import DrugGroup, Unit
from schemas.reports.operations import OperationForm
from schemas.rules.handling import Use

MAX_ROWS: Final = 1_000
"""Rows of one table; of more the paper says how many, and the evidence file has them."""

_OFFSET: Final = re.compile(r"([+-]\d\d:\d\d)$")

Form = TypeVar("Form", bound=OperationForm)


@dataclass(frozen=True, slots=True)
class GoesWith:
    """The evidence file that goes with a paper.

    Attributes:
        name: of the file.
        sha256: of its bytes, in hexadecimal digits.
    """

    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class PaperUse:
    """Who makes a paper, when and for what.

    Attributes:
        by: the officer.
        at_ms: when, milliseconds since 1970 UTC.
        use: for what.
        permission: where the providers have permitted that, in words; empty if nobody says so.
        handling: the strictest handling code of all that stands in it.
        root: thumbprint of the network's root.
        goes_with: the evidence file, if there is one.
    """

    by: Address
    at_ms: int
    use: Use
    permission: str
    handling: str
    root: str
    goes_with: GoesWith | None = None


class OperationPaper:
    """An operation as a paper tells it.

    Args:
        view: what its screen shows too.
        held: the steps.
        use: who makes it, for what.
    """

    def __init__(self, view: OperationView, held: HeldOperation, use: PaperUse) -> None:
        self.view, self.state, self.picture, self.use = view, view.state, view.picture, use
        self.steps = {step.digest: step for step in sorted(held.steps, key=lambda step: step.number)}
        self._records = {record.digest: record for record in view.state.steps}

    def number(self, digest: str | None) -> str:
        """A step by its number in the ledger; by its digest, if that is not known here."""
        if digest is None:
            return "-"
        number = self.view.number_of(digest)
        return digest if number is None else spell_number(number, self.state.status)

    def numbers(self, digests: Iterable[str]) -> str:
        """Steps, after each other."""
        return ", ".join(map(self.number, digests)) or "-"

    def record(self, digest: str) -> StepRecord | None:
        """A step as the fold counts it."""
        return self._records.get(digest)

    def signer(self, digest: str | None) -> str:
        """The post that signed a step."""
        step = self.steps.get(digest or "")
        return "-" if step is None else step.cover.iss

    def form(self, digest: str | None, kind: type[Form]) -> Form | None:
        """What a step says, if it is here and of this kind."""
        content = self.content(digest)
        form = content.form if content is not None else None
        return form if isinstance(form, kind) else None

    def content(self, digest: str | None) -> ReadReport | None:
        """What a step says, if it is here."""
        step = self.steps.get(digest or "")
        return step.content.read if step is not None and isinstance(step.content, StepContent) else None

    def effect(self, digest: str) -> str:
        """What takes the effect from a step, or judges it otherwise; empty if nothing does."""
        record = self.record(digest)
        if record is None:
            return ""
        words = []
        if record.struck_out_by is not None:
            words.append(_("STRUCK OUT by {number}").format(number=self.number(record.struck_out_by)))
        if record.void is not None:
            words.append(_("WITHOUT EFFECT [{rule}]").format(rule=record.void.rule.value))
        if record.repeated:
            words.append(_("repeated after a new epoch, by the signer's clock"))
        return "; ".join(words)


def moment(time_ms: int | None) -> str:
    """A time in UTC, where the head of the column says that it is; a dash for none."""
    return "-" if time_ms is None else utc(time_ms)[:-4]


def as_signed(time: str | None) -> str:
    """A time as a form has it, with the offset that its signer wrote."""
    return "-" if time is None else _OFFSET.sub(r" \1", str(time).replace("T", " ").replace("Z", " UTC"))


def rule_of(because: Because) -> str:
    """The rule that something follows from."""
    return because.rule.value


def does_text(cover: Dispatch) -> str:
    """What a step does, by its cover."""
    claim = cover.operation
    if claim is None or claim.do is None:
        return _("Cancel") if any(ref.rel == "cancel" for ref in cover.refs or ()) else _("Sealed again")
    does = label_of(StepKind, claim.do)
    return f"{does}: {label_of(Decision, claim.decision)}" if claim.decision is not None else does


def _kind(measure: Measure) -> str:
    name = measure.name if measure.name and measure.group == DrugGroup.OTHER.value else ""
    return name or label_of(DrugGroup, measure.group)


def kind_and_unit(measure: Measure) -> str:
    """What is counted, and in what."""
    return f"{_kind(measure)}, {label_of(Unit, measure.unit).lower()}"


def measured(measure: Measure, amount: Decimal) -> str:
    """So much of one kind in its unit."""
    return f"{_kind(measure)}: {number_text(amount)} {label_of(Unit, measure.unit).lower()}"


def named(rows: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Fields of a form on paper: each name begins with a capital letter, as the names of ours do."""
    return ((name[:1].upper() + name[1:], value) for name, value in rows)


def bounded(table: PdfTable) -> Iterator[PdfBlock]:
    """A table, and that it is cut, where it is."""
    rows = table.rows[:MAX_ROWS]
    yield PdfTable(table.head, rows, table.widths, frozenset(at for at in table.warnings if at < MAX_ROWS))
    more = len(table.rows) - len(rows)
    if more:
        text = _("{count} more rows are not printed; the evidence file has their steps.")
        yield PdfText(text.format(count=more), PdfTone.WARNING)


def none_known(text: str) -> PdfText:
    """That there is nothing of something."""
    return PdfText(text, PdfTone.QUIET)


def steps_of(paper: OperationPaper, do: str) -> list[HeldStep]:
    """Steps of a kind, by number."""
    claims = ((step, step.cover.operation) for step in paper.steps.values())
    return [step for step, claim in claims if claim is not None and claim.do == do]
