"""The request and the decisions on it, on paper."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from clients.documents.operations.goods import place_text
from clients.documents.operations.paper_words import (
    OperationPaper,
    as_signed,
    bounded,
    does_text,
    moment,
    named,
    none_known,
    rule_of,
    steps_of,
)
from clients.documents.operations.words import part_text
from clients.documents.pdf.blocks import PdfBlock, PdfFacts, PdfHeading, PdfTable, PdfText, PdfTone
from clients.documents.plain import utc
from clients.documents.report_text import content_facts, field_label, part_facts
from clients.documents.texts import _, label
from schemas.operations.held import HeldStep, StepContent
from schemas.operations.picture import LegAuthority
from schemas.operations.terms import AuthorityState, MissingHow
from schemas.reports.operations import DecideForm, PlanContent

_BAD: Final = frozenset({AuthorityState.REFUSED, AuthorityState.WITHDRAWN, AuthorityState.ENDED, AuthorityState.LAPSED})
_IN_TABLES: Final = ("legs", "asks", "not_known")
_MAX_DECISIONS: Final = 100


def request_blocks(paper: OperationPaper) -> Iterator[PdfBlock]:
    """The plan in force, whole; while none is, the newest one."""
    yield PdfHeading(_("1. Request"))
    plan, shown = paper.view.plan, paper.view.shown_plan
    if shown is None:
        yield PdfText(_("No request is here."), PdfTone.WARNING)
        return
    if paper.picture.in_force != shown.step:
        yield PdfText(_("No plan is in force: this is the newest one, and nobody has confirmed it."), PdfTone.WARNING)
    yield PdfFacts(list(_plan_facts(paper, shown.step, shown.confirmed_by, shown.confirmed_ms)))
    yield from _parts(paper)
    if plan is None:
        yield PdfText(_("What the plan says is not here."), PdfTone.WARNING)
        return
    left = {field_label(name) for name in _IN_TABLES}
    content = paper.content(shown.step)
    facts = content_facts(content) if content is not None else part_facts(plan)
    yield PdfHeading(_("What is requested"), 3)
    yield PdfFacts(list(named((name, value) for name, value in facts if name not in left)))
    yield from _asks(plan)
    yield from _legs(plan)
    if plan.open_items:
        items = "; ".join(label(item) for item in plan.open_items)
        yield PdfText(_("Left open by the plan: {items}").format(items=items))


def _plan_facts(
    paper: OperationPaper, step: str, confirmed_by: str | None, confirmed_ms: int | None
) -> Iterator[tuple[str, str]]:
    yield from step_facts(paper, step)
    if confirmed_by is None:
        yield _("Confirmed"), _("no")
    else:
        text = _("{number}, signed by {post}, in force from {time}")
        time = "-" if confirmed_ms is None else utc(confirmed_ms)
        yield _("Confirmed"), text.format(number=paper.number(confirmed_by), post=paper.signer(confirmed_by), time=time)
        yield _("Its digest"), confirmed_by
    before = [plan.step for plan in paper.state.plans if plan.step != step]
    if before:
        yield _("Other plans"), paper.numbers(before)


def step_facts(paper: OperationPaper, digest: str) -> Iterator[tuple[str, str]]:
    """A step: its number, who signed it, when it was accepted, its digest, what became of it."""
    step = paper.steps.get(digest)
    yield _("Number"), paper.number(digest)
    yield _("Digest"), digest
    if step is None:
        yield _("Not here"), label(MissingHow.NAMED_ONLY)
        return
    yield _("Signer"), step.cover.iss
    yield _("Sent to"), ", ".join(step.cover.to)
    yield _("Accepted by the hub"), utc(step.accepted_ms)
    if paper.effect(digest):
        yield _("Effect"), paper.effect(digest)


def _parts(paper: OperationPaper) -> Iterator[PdfBlock]:
    parts = paper.state.parts
    if parts:
        rows = [(str(member), part_text(part)) for member, part in parts.items()]
        yield PdfHeading(_("Who takes part"), 3)
        yield from bounded(PdfTable((_("Member"), _("Part")), rows, (1, 3)))


def _asks(plan: PlanContent) -> Iterator[PdfBlock]:
    rows = [(str(ask.member), _coded(ask.what), as_signed(ask.until)) for ask in plan.asks]
    yield PdfHeading(_("What is asked of whom"), 3)
    yield from bounded(PdfTable((_("Of whom"), _("What"), _("By when")), rows, (2, 5, 3)))


def _coded(value: object) -> str:
    code, written = getattr(value, "code", None), getattr(value, "as_written", None)
    return label(code) + (f" ({written})" if written else "") if code is not None else str(value)


def _legs(plan: PlanContent) -> Iterator[PdfBlock]:
    if not plan.legs:
        return
    rows = []
    for leg in plan.legs:
        ends = [place_text(place) for place in (leg.origin, leg.destination) if place is not None]
        way = " → ".join(each for each in ends if each)
        outside = f"{label(leg.spoken_for.area)}: {leg.spoken_for.name}" if leg.spoken_for is not None else ""
        border = place_text(leg.border) if leg.border is not None else "-"
        mode = _coded(leg.mode) if leg.mode is not None else ""
        about = "\n".join(each for each in (way, outside, mode) if each) or "-"
        rows.append((leg.leg, str(leg.member), about, border, as_signed(leg.enters), as_signed(leg.leaves)))
    head = (_("Leg"), _("Answers for it"), _("Way"), _("Border point"), _("Expected"), _("Leaves"))
    yield PdfHeading(_("Legs of the way"), 3)
    yield from bounded(PdfTable(head, rows, (3, 4, 6, 5, 5, 5)))


# Decisions


def decision_blocks(paper: OperationPaper) -> Iterator[PdfBlock]:
    """Whether each leg may be used, then every decision, whole."""
    yield PdfHeading(_("2. Decisions"))
    authority = paper.picture.authority
    if authority:
        yield PdfHeading(_("Authority as of {time}").format(time=utc(paper.view.now_ms)), 3)
        rows = [_authority_row(paper, each) for each in authority]
        bad = frozenset(at for at, each in enumerate(authority) if each.state in _BAD)
        head = (_("Leg"), _("Country"), _("Authority"), _("Since, UTC"), _("Until, UTC"), _("Decision"), _("Rule"))
        yield from bounded(PdfTable(head, rows, (2, 3, 5, 4, 4, 3, 2), bad))
    decisions = steps_of(paper, "decide")
    if not decisions:
        yield none_known(_("No country has decided yet."))
    for step in decisions[:_MAX_DECISIONS]:
        yield from _decision(paper, step)
    more = len(decisions) - _MAX_DECISIONS
    if more > 0:
        text = _("{count} more decisions stand in the list of steps only.").format(count=more)
        yield PdfText(text, PdfTone.WARNING)


def _authority_row(paper: OperationPaper, each: LegAuthority) -> tuple[str, ...]:
    name = each.leg or _("move {number}").format(number=paper.number(each.move))
    state = label(each.state)
    if each.by_word_of is not None:
        state += "; " + _("by the word of {member}").format(member=each.by_word_of)
    since, until = moment(each.since_ms), moment(each.until_ms)
    return name, str(each.member), state, since, until, paper.number(each.decision), rule_of(each.because)


def _decision(paper: OperationPaper, step: HeldStep) -> Iterator[PdfBlock]:
    yield PdfHeading(f"{does_text(step.cover)}. {step.cover.iss}", 3)
    answers = [ref.digest for ref in step.cover.refs or () if ref.rel == "reply"]
    facts = [*step_facts(paper, step.digest), (_("Answers"), paper.numbers(answers))]
    if isinstance(step.content, StepContent):
        facts += _decision_facts(paper, step)
    yield PdfFacts(facts)
    if isinstance(step.content, MissingHow):
        text = _("What it says is not here: {reason}").format(reason=label(step.content))
        yield PdfText(text, PdfTone.WARNING)


def _decision_facts(paper: OperationPaper, step: HeldStep) -> Iterator[tuple[str, str]]:
    """What it says; the digests that it repeats come last, whole, because the answer is tied to the request by them."""
    form, content = paper.form(step.digest, DecideForm), paper.content(step.digest)
    left = {field_label(name) for name in ("legs", "common")}
    if content is not None:
        yield from named((name, value) for name, value in content_facts(content) if name not in left)
    if form is None:
        return
    if form.legs:
        yield _("Decides on legs"), "\n".join(f"{leg.leg}: {leg.digest}" for leg in form.legs)
    if form.common is not None:
        yield _("Common part"), form.common
