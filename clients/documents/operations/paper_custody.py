"""Custody on paper: the exhibits, from whom to whom they went, the way, and how the books balance."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from clients.documents.operations.goods import ExhibitEnd, ExhibitRelation, exhibit_tree, place_text
from clients.documents.operations.paper_words import (
    OperationPaper,
    bounded,
    kind_and_unit,
    measured,
    moment,
    none_known,
)
from clients.documents.operations.words import number_text
from clients.documents.pdf.blocks import PdfBlock, PdfHeading, PdfTable, PdfText, PdfTone
from clients.documents.report_text import amount_text
from clients.documents.texts import _, label, label_of
from schemas.operations.books import Balance, Exhibit, Measure
from schemas.operations.results import Crossing, FactState
from schemas.operations.terms import Colour, Phase
from schemas.operations.words import StepKind
from schemas.reports.operations import ExhibitForm, HandForm, MoveForm, ResultForm
from schemas.reports.operations.forms import FactForm
from schemas.reports.operations.parts import GoodsAmount

_INDENT = "· "


def custody_blocks(paper: OperationPaper) -> Iterator[PdfBlock]:
    """Exhibits as a tree, every step in their chain, what balances."""
    yield PdfHeading(_("3. Custody"))
    yield from _control(paper)
    yield from _exhibits(paper)
    yield from _chain(paper)
    yield from _balances(paper)
    yield from _results(paper)


def _control(paper: OperationPaper) -> Iterator[PdfBlock]:
    """In whose hands the consignment was, from when to when."""
    spans = paper.state.control
    if not spans:
        yield PdfText(_("Nobody knows in whose hands the goods are."), PdfTone.WARNING)
        return
    ends = [each.since_ms for each in spans[1:]]
    rows, red = [], set()
    for at, (span, end) in enumerate(zip(spans, [*ends, None], strict=True)):
        notes = [_("LOST FROM SIGHT {time}").format(time=moment(span.lost_ms))] if span.lost_ms is not None else []
        notes += [_("claimed too by {members}").format(members=", ".join(span.rivals))] if span.rivals else []
        notes += [_("offered to {member}").format(member=span.offered_to)] if span.offered_to is not None else []
        notes += [_("one side alone has signed")] if span.colour is Colour.AMBER else []
        if span.lost_ms is not None or span.rivals:
            red.add(at)
        until = moment(end) if end is not None else _("still")
        rows.append((str(span.holder or "?"), moment(span.since_ms), until, "; ".join(notes), paper.number(span.step)))
    head = (_("In the hands of"), _("From, UTC"), _("Until, UTC"), _("Remarks"), _("Step"))
    yield PdfHeading(_("Control of the consignment"), 3)
    yield from bounded(PdfTable(head, rows, (4, 4, 4, 6, 3), frozenset(red)))


def _exhibits(paper: OperationPaper) -> Iterator[PdfBlock]:
    yield PdfHeading(_("Exhibits"), 3)
    exhibits = paper.state.custody.exhibits
    if not exhibits:
        yield none_known(_("None is registered."))
        return
    tree = exhibit_tree(exhibits, len(exhibits))
    rows = [_exhibit_row(paper, each, depth) for each, depth in tree]
    red = frozenset(at for at, (each, _depth) in enumerate(tree) if each.colour is Colour.RED or each.ended == "lost")
    head = (
        _("Exhibit"),
        _("What it is"),
        _("Registered"),
        _("Left in it"),
        _("In the hands of"),
        _("Since, UTC"),
        _("Step"),
    )
    yield from bounded(PdfTable(head, rows, (5, 5, 5, 5, 5, 4, 3), red))


def _exhibit_row(paper: OperationPaper, each: Exhibit, depth: int) -> tuple[str, ...]:
    hands = str(each.holder or "?")
    if each.ended is not None:
        hands = f"{label_of(ExhibitEnd, each.ended)} ({hands})"
    elif each.stays:
        hands += "; " + _("does not travel")
    if each.colour is Colour.AMBER:
        hands += "; " + _("one side alone has signed")
    registered = _amounts(each.amounts) or _("NOT COUNTED, and nobody says why")
    if each.not_counted_because is not None:
        registered = _("not counted yet, because: {reason}").format(reason=each.not_counted_because)
    what = label_of(ExhibitRelation, each.relation)
    left = _amounts(each.remaining) or "-"
    return (
        _INDENT * min(depth, 8) + each.name,
        what,
        registered,
        left,
        hands,
        moment(each.since_ms),
        paper.number(each.step),
    )


def _amounts(amounts: dict[Measure, Decimal]) -> str:
    return "\n".join(measured(measure, amount) for measure, amount in sorted(amounts.items()))


# The chain: facts in their order, from whom to whom


def _chain(paper: OperationPaper) -> Iterator[PdfBlock]:
    yield PdfHeading(_("Chain of custody and the way, in the order in which it happened"), 3)
    facts = [each for each in paper.state.facts if each.do != "result"]
    if not facts:
        yield none_known(_("No movement, handover or exhibit is entered."))
        return
    crossings = {each.step: each for each in paper.state.crossings}
    rows, red = [], set()
    for at, fact in enumerate(facts):
        row, is_red = _fact_row(paper, fact, crossings.get(fact.step))
        rows.append(row)
        red |= {at} if is_red else set()
    head = (
        _("When, UTC"),
        _("What"),
        _("From → to"),
        _("Place"),
        _("Quantity, seals"),
        _("Signed, accepted UTC"),
        _("Step"),
    )
    yield from bounded(PdfTable(head, rows, (4, 6, 6, 4, 6, 5, 3), frozenset(red)))


def _fact_row(paper: OperationPaper, fact: FactState, crossing: Crossing | None) -> tuple[tuple[str, ...], bool]:
    form = paper.form(fact.step, FactForm)
    what, between, amounts = _said(fact, form)
    place = place_text(form.place) if form is not None and form.place is not None else ""
    notes = [paper.effect(fact.step)]
    if fact.member != fact.signer.rpartition("/")[0] and not fact.signer.startswith(fact.member):
        notes.append(_("by the word of {member}").format(member=fact.signer))
    if form is not None and form.learned_from:
        notes.append(_("learned from: {post}").format(post=form.learned_from))
    if fact.gives_way_to is not None:
        notes.append(_("gives way to {number}").format(number=paper.number(fact.gives_way_to)))
    is_red = crossing is not None and crossing.colour is Colour.RED
    if crossing is not None:
        state = label(crossing.authority)
        notes.append(
            _("authority then: {state} [F6]").format(state=state if crossing.colour is Colour.GREEN else state.upper())
        )
    what = "\n".join([what, *(note for note in notes if note)])
    signed = f"{paper.signer(fact.step)}\n{moment(fact.accepted_ms)}"
    return (
        moment(fact.occurred_ms),
        what,
        between,
        place or "-",
        amounts or "-",
        signed,
        paper.number(fact.step),
    ), is_red


def _said(fact: FactState, form: FactForm | None) -> tuple[str, str, str]:
    """What happened, from whom to whom, and how much."""
    if isinstance(form, HandForm):
        return _hand(fact, form)
    if isinstance(form, ExhibitForm):
        seals = _seals(form.seals)
        parts = [f"→ {part.exhibit}: {_listed(part.amounts) or part.not_counted_because or '-'}" for part in form.parts]
        amounts = [_listed(form.amounts), form.not_counted_because or "", *parts, seals]
        laboratory = (
            [_("laboratory: {number}").format(number=form.laboratory_reference)] if form.laboratory_reference else []
        )
        what = f"{form.exhibit}: {label(form.event)}"
        return what, str(form.holder or fact.member), "\n".join(each for each in (*amounts, *laboratory) if each)
    if isinstance(form, MoveForm):
        what = label(form.movement) + (f" ({label(form.ground)})" if form.ground is not None else "")
        leg = [_("leg {leg}").format(leg=form.leg)] if form.leg else []
        state = [label(form.state.code)] if form.state is not None else []
        return what, str(form.soil or "-"), "\n".join([*leg, *state])
    return _("{kind}: what it says is not here").format(kind=label_of(StepKind, fact.do)), str(fact.member), ""


def _hand(fact: FactState, form: HandForm) -> tuple[str, str, str]:
    giver, taker = (fact.member, form.other) if form.stage.value == "offered" else (form.other, fact.member)
    named = ", ".join(form.exhibits) or _("the whole consignment")
    what = f"{label(form.stage)}: {named}"
    differs = _("DIFFERS: {words}").format(words=form.differences) if form.differences else ""
    offered = {True: _("as offered"), False: _("NOT as offered"), None: ""}[form.as_offered]
    return what, f"{giver} → {taker}", "\n".join(each for each in (offered, differs, _seals(form.seals)) if each)


def _seals(seals: Sequence[str]) -> str:
    return _("seals: {numbers}").format(numbers=", ".join(seals)) if seals else ""


def _listed(amounts: Sequence[GoodsAmount]) -> str:
    return "; ".join(amount_text(each) for each in amounts)


# What balances


def _balances(paper: OperationPaper) -> Iterator[PdfBlock]:
    balances = paper.state.custody.balances
    if not balances:
        return
    rows = [_balance_row(each) for each in balances]
    is_over = paper.state.phase is Phase.CLOSED
    red = frozenset(at for at, each in enumerate(balances) if each.difference and (is_over or each.difference < 0))
    head = (
        _("Kind, unit"),
        _("Came in"),
        _("Seized"),
        _("Samples"),
        _("Removed"),
        _("Destroyed"),
        _("Lost"),
        _("Difference") if is_over else _("On the way"),
        _("Not counted yet"),
    )
    yield PdfHeading(_("Quantities: what came in and what became of it"), 3)
    yield from bounded(PdfTable(head, rows, (4, 4, 3, 4, 4, 5, 4, 4, 5), red))


def _balance_row(each: Balance) -> tuple[str, ...]:
    amounts = (each.came_in, each.seized, each.samples, each.removed, each.destroyed, each.lost, each.difference)
    return kind_and_unit(each.measure), *map(number_text, amounts), ", ".join(each.not_counted) or "-"


def _results(paper: OperationPaper) -> Iterator[PdfBlock]:
    """What each country says came of it."""
    rows = []
    for fact in paper.state.facts:
        form = paper.form(fact.step, ResultForm) if fact.do == "result" else None
        if form is None:
            continue
        words = [label(form.outcome.code), _listed(form.seized), form.losses or "", form.injuries or ""]
        words += (
            [_("laboratory: {number}").format(number=form.laboratory_reference)] if form.laboratory_reference else []
        )
        said = "\n".join(each for each in (*words, paper.effect(fact.step)) if each)
        rows.append((str(fact.member), said, moment(fact.occurred_ms), paper.number(fact.step)))
    if rows:
        yield PdfHeading(_("Results"), 3)
        yield from bounded(PdfTable((_("Country"), _("Result"), _("When, UTC"), _("Step")), rows, (2, 6, 3, 2)))
