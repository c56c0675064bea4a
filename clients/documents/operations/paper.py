"""An operation on paper for a prosecutor: request, decisions, custody, in both languages, one after the other.

It says what the screen says, from the same view. Each language is whole, so that a reader needs one; numbers and
digests are the same in both, and texts of officers stand as they were written.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Final

from clients.documents.dispatches import status_text
from clients.documents.operations.paper_contents import content_blocks
from clients.documents.operations.paper_custody import custody_blocks
from clients.documents.operations.paper_request import decision_blocks, request_blocks
from clients.documents.operations.paper_steps import (
    contradiction_blocks,
    limit_blocks,
    step_blocks,
    stop_blocks,
    withheld_blocks,
)
from clients.documents.operations.paper_words import OperationPaper, PaperUse
from clients.documents.operations.view import OperationView
from clients.documents.pdf.blocks import PdfBlock, PdfFacts, PdfHeading, PdfPaper, PdfPart, PdfText, PdfTone
from clients.documents.plain import utc
from clients.documents.texts import LANGUAGES, _, label, label_of, language, speaking
from schemas.labels import HandlingCode
from schemas.operations.held import HeldOperation
from schemas.operations.terms import Phase

_SECTIONS: Final = (
    request_blocks,
    decision_blocks,
    custody_blocks,
    stop_blocks,
    contradiction_blocks,
    withheld_blocks,
    step_blocks,
    content_blocks,
    limit_blocks,
)


def operation_paper(view: OperationView, held: HeldOperation, use: PaperUse) -> PdfPaper:
    """A paper about an operation, the language of this run first.

    Args:
        view: what its screen shows.
        held: its steps.
        use: who makes it, for what.
    """
    paper = OperationPaper(view, held, use)
    languages = sorted(LANGUAGES, key=lambda name: name != language())
    return PdfPaper(_title(paper), [_part(paper, name) for name in languages], view.now_ms)


def _part(paper: OperationPaper, name: str) -> PdfPart:
    with speaking(name):
        blocks = [*_opening(paper), *chain.from_iterable(section(paper) for section in _SECTIONS)]
        real = paper.state.status == "actual"
        marking = "" if real else status_text(paper.state.status)
        return PdfPart(name, blocks, _head(paper), _foot(paper), _("page {page} of {pages}"), marking)


def _title(paper: OperationPaper) -> str:
    plan = paper.view.plan
    reference = str(plan.our_reference) if plan is not None else paper.number(paper.state.id)
    return _("Controlled delivery {reference}").format(reference=reference)


def _head(paper: OperationPaper) -> str:
    """On each page: what its providers permit, which operation it is, as of when."""
    parts = [_title(paper), _("as of {time}").format(time=utc(paper.view.now_ms))]
    return f"{label_of(HandlingCode, paper.use.handling)}\n{'; '.join(parts)}"


def _foot(paper: OperationPaper) -> str:
    use = paper.use
    name = use.goes_with.name if use.goes_with is not None else "FILE"
    made = _("Printed by {who}, {time}, {use}.").format(who=use.by, time=utc(use.at_ms), use=label(use.use))
    lines = [
        made + " " + _("Verify the evidence file:"),
        f"serai verify {name} --root {use.root}",
    ]
    if use.goes_with is not None:
        lines.append(f"SHA-256 {use.goes_with.sha256}")
    return "\n".join(lines)


def _opening(paper: OperationPaper) -> Iterator[PdfBlock]:
    """What it is about, on the first page."""
    state, use = paper.state, paper.use
    yield PdfHeading(_title(paper), 1)
    yield PdfText(_("Request, decisions and custody, computed from the signed steps that are here."), PdfTone.QUIET)
    if state.status != "actual":
        yield PdfText(_("{status}: NOT REAL").format(status=status_text(state.status)), PdfTone.WARNING)
    phase = label(state.phase)
    if state.phase is Phase.CLOSED:
        phase += f" ({paper.number(state.closed_by)})"
    facts = [
        (_("Operation"), f"{paper.number(state.id)}\n{state.id}"),
        (_("Status"), status_text(state.status)),
        (_("Lead"), str(state.lead or _("not known"))),
        (_("Where it stands"), phase),
        (_("As of"), utc(paper.view.now_ms)),
        (_("Steps"), _("{count} here, {missing} withheld").format(count=len(paper.steps), missing=len(state.missing))),
        (_("May the goods go on"), _("yes") if paper.picture.may_go else _("NO")),
        (_("Handling"), label_of(HandlingCode, use.handling)),
        (_("Printed"), _("by {who}, {time}, {use}").format(who=use.by, time=utc(use.at_ms), use=label(use.use))),
    ]
    if use.permission:
        facts.append((_("Permitted"), use.permission))
    yield PdfFacts(facts)
    if paper.picture.unsure:
        parts = ", ".join(label(part) for part in paper.picture.unsure)
        text = _("NOT SURE: what is named and cannot be read here could change: {parts}").format(parts=parts)
        yield PdfText(text, PdfTone.WARNING)
    red = sum(each.colour.value == "red" for each in state.contradictions)
    if red:
        yield PdfText(_("Contradictions: {count}; see section 5.").format(count=red), PdfTone.WARNING)
