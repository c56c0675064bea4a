"""What else the steps say, on paper: nothing of a content that is here is left off it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from clients.documents.operations.paper_words import OperationPaper, does_text, named, none_known
from clients.documents.pdf.blocks import PdfBlock, PdfFacts, PdfHeading, PdfText, PdfTone
from clients.documents.report_text import content_facts, field_label
from clients.documents.texts import _
from schemas.operations.held import HeldStep

_MAX_STEPS: Final = 300
_TABLED: Final = frozenset(
    {"occurred_at", "fact_of", "learned_from", "our_reference", "movement", "soil", "leg", "ground", "state", "stage"}
    | {"other", "exhibits", "as_offered", "differences", "seals", "event", "exhibit", "amounts", "parts", "holder"}
    | {"not_counted_because", "laboratory_reference", "outcome", "seized", "losses", "injuries"}
)
"""What the tables of custody have of a fact."""

_FACTS: Final = frozenset({"move", "hand", "exhibit", "result"})


def content_blocks(paper: OperationPaper) -> Iterator[PdfBlock]:
    """Of every step but the plan above and the decisions, which stand there whole, what no table has."""
    yield PdfHeading(_("8. What else the steps say"))
    shown = paper.view.shown_plan
    found = [
        (step, facts)
        for step in paper.steps.values()
        if (shown is None or step.digest != shown.step) and (facts := _rest(paper, step))
    ]
    if not found:
        yield none_known(_("Nothing else."))
    for step, facts in found[:_MAX_STEPS]:
        yield PdfHeading(f"{paper.number(step.digest)}. {does_text(step.cover)}. {step.cover.iss}", 3)
        yield PdfFacts(facts)
    more = len(found) - _MAX_STEPS
    if more > 0:
        text = _("{count} more steps say more; the evidence file has them.").format(count=more)
        yield PdfText(text, PdfTone.WARNING)


def _rest(paper: OperationPaper, step: HeldStep) -> list[tuple[str, str]]:
    claim, content = step.cover.operation, paper.content(step.digest)
    do = claim.do if claim is not None else None
    if content is None or do == "decide":
        return []
    left = {field_label(name) for name in (_TABLED if do in _FACTS else {"our_reference"})}
    return list(named((name, value) for name, value in content_facts(content) if name not in left))
