"""Operations as the pages show them: strips by their next clock; one, with all that follows from its steps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from pydantic import Field

from clients.actions.client import Client
from clients.actions.numbers import spell_number
from clients.actions.operations.known import KnownOperation
from clients.actions.operations.overview import entry_of, list_operations
from clients.desk.views.bounds import bounded
from clients.desk.views.reader import PageAct, PageDoubt
from clients.desk.views.rows import RowWords
from clients.desk.views.values import LINES, PageLine, PageSection, PageTime, PageValue, PageWord, coded, named, section
from clients.documents.dispatches import act_text
from clients.documents.operations.doubts import missing_lines, newer_lines
from clients.documents.operations.goods import control_lines, custody_lines, exhibit_tree, way_lines
from clients.documents.operations.list_text import next_clock_ms, next_text, verdict_word
from clients.documents.operations.telephone import telephone_lines
from clients.documents.operations.verdict import amber_lines, contradiction_text, verdict_lines
from clients.documents.operations.view import OperationView, PictureLine, Weight
from clients.documents.operations.viewing import view_of
from clients.documents.operations.words import amounts_text, leg_text, part_text, step_text, words_of
from clients.documents.report_text import goods_text
from clients.documents.texts import _, label, label_of
from schemas.addresses import Address
from schemas.operations.picture import OwedStep
from schemas.operations.results import PlanLeg, StepRecord
from schemas.operations.state import Contradiction, DueClock, MissingStep
from schemas.operations.terms import AuthorityState, Colour, Phase
from schemas.operations.words import StepKind
from schemas.rules.status import may_be_real

_MOST: Final = 500
_CLOSED_TO: Final = ("open",)
_AFTER_CLOSE: Final = ("note", "result", "stop")


class NextClock(PageValue):
    """What is due next, of whom, by when."""

    label: str
    who: PageWord | None
    at: PageTime


class OperationStrip(PageValue):
    """An operation in the list."""

    id: str
    name: str
    number: str
    exercise: bool
    headline: str
    state: PageWord
    control: PageWord | None
    next: NextClock | None
    red: int
    ours: bool
    closed: bool


class OperationRed(PageValue):
    """A contradiction, and who has to explain it."""

    text: str
    who: PageWord | None


class OperationClock(PageValue):
    """Something that is due, or overdue."""

    label: str
    who: PageWord | None
    at: PageTime
    overdue: bool


class OperationMove(PageValue):
    """What somebody has to do next."""

    label: str
    who: PageWord
    ours: bool
    at: PageTime | None


class OperationLeg(PageValue):
    """A leg of the plan, and whether it may be travelled."""

    name: str
    member: PageWord
    enters: PageTime | None
    leaves: PageTime | None
    authority: PageWord | None
    detail: str


class OperationExhibit(PageValue):
    """An exhibit under what it comes of."""

    label: str
    holder: PageWord | None
    depth: int
    at: PageTime | None


class OperationStep(PageValue):
    """A step; ``here`` is false where it was not sent to the own member."""

    id: str | None
    number: str
    label: str
    sender: PageWord | None = Field(alias="from")
    at: PageTime | None
    here: bool


class OperationHead(OperationStrip):
    """What stands above an operation."""

    telephone: list[str]
    part: str
    related: list[str]


class OperationPage(PageValue):
    """An operation on its page."""

    head: OperationHead
    actions: list[PageAct]
    red: list[OperationRed]
    clocks: list[OperationClock]
    moves: list[OperationMove]
    legs: list[OperationLeg]
    custody: list[OperationExhibit]
    sections: list[PageSection]
    steps: list[OperationStep]
    doubts: list[PageDoubt]


@dataclass(frozen=True, slots=True)
class SeenOperation:
    """An operation of the list, as it was looked at.

    Attributes:
        known: the operation.
        reds: how many contradictions are red.
        is_exercise: whether it is certainly not real.
    """

    known: KnownOperation
    reds: int
    is_exercise: bool


def look_at_operations(client: Client, *, closed: bool = False) -> list[SeenOperation]:
    """All operations, by what is due next.

    Args:
        client: whose.
        closed: whether those that are closed are in it too.
    """
    entries = list_operations(client, closed=closed)
    return [SeenOperation(each.known, each.reds, not may_be_real(each.known.state.status)) for each in entries]


def operation_row(client: Client, known: KnownOperation, words: RowWords) -> OperationStrip:
    """An operation in the list."""
    return _row(view_of(client, known), client.member, known, words)


def _row(view: OperationView, member: Address, known: KnownOperation, words: RowWords) -> OperationStrip:
    entry = entry_of(member, known)
    state, control = view.state, view.picture.control
    verdict, weight = verdict_word(view)
    plan = view.plan
    goods = "; ".join(goods_text(each) for each in plan.goods[:3]) if plan else ""
    return OperationStrip(
        id=state.id,
        name=_name(view),
        number=step_text(view, state.id),
        exercise=not may_be_real(state.status),
        headline=bounded(goods) if plan else _("What the plan says is not here."),
        state=PageWord(value=weight.value, label=verdict),
        control=named(control.holder) if control is not None and control.holder is not None else None,
        next=_next(view, words) if state.phase is not Phase.CLOSED else None,
        red=entry.reds,
        ours=bool(entry.ours),
        closed=entry.is_closed,
    )


def _name(view: OperationView) -> str:
    return bounded(str(view.plan.our_reference)) if view.plan is not None else step_text(view, view.state.id)


def _next(view: OperationView, words: RowWords) -> NextClock | None:
    due_ms = next_clock_ms(view)
    if due_ms is None:
        return None
    text = next_text(view).partition(": ")[2]
    return NextClock(label=bounded(text), who=None, at=words.time(due_ms, view.plan))


def operation_page(client: Client, known: KnownOperation, words: RowWords) -> OperationPage:
    """An operation with everything that follows from its steps."""
    view = view_of(client, known)
    row = _row(view, client.member, known, words)
    own = view.state.parts.get(view.own)
    part = part_text(own) if own is not None else ""
    head = OperationHead(
        **row.model_dump(),
        telephone=[bounded(each.text.strip()) for each in telephone_lines(view)[1:]],
        part=bounded(part),
        related=[bounded(each) for each in (*view.goes_on_from, *view.goes_on_in)],
    )
    reds = [each for each in view.state.contradictions if each.colour is Colour.RED]
    return OperationPage(
        head=head,
        actions=_actions(view, urgent=bool(reds or view.picture.stops or view.picture.overdue)),
        red=[
            OperationRed(text=_red_text(view, each), who=named(each.owner) if each.owner else None)
            for each in reds[:_MOST]
        ],
        clocks=[_clock(view, each, words) for each in (*view.picture.overdue, *view.picture.running)[:_MOST]],
        moves=[_move(view, each, words) for each in _moves(view)[:_MOST]],
        legs=[_leg(view, each, words) for each in (view.shown_plan.legs if view.shown_plan else ())[:_MOST]],
        custody=_custody(view, words),
        sections=_sections(view),
        steps=_steps(view, known, words),
        doubts=_doubts(view),
    )


def _red_text(view: OperationView, each: Contradiction) -> str:
    return bounded(contradiction_text(view, each), 400)


def _actions(view: OperationView, *, urgent: bool) -> list[PageAct]:
    """Every step that its member could take; a stop is always possible, and first where something is wrong."""
    kinds = [kind for kind in StepKind if kind.value not in _CLOSED_TO]
    is_closed = view.state.phase is Phase.CLOSED
    why = _("The operation is closed.") if is_closed else None
    acts = [_action(kind, why if is_closed and kind.value not in _AFTER_CLOSE else None) for kind in kinds]
    stop = [each for each in acts if each.do == StepKind.STOP.value]
    rest = [each for each in acts if each.do != StepKind.STOP.value]
    return [*stop, *rest] if urgent else [*rest[:1], *stop, *rest[1:]]


def _action(kind: StepKind, why_not: str | None) -> PageAct:
    return PageAct(
        act="step",
        do=kind.value,
        label=label(kind),
        danger=kind is StepKind.STOP,
        needs_passphrase=True,
        why_not=why_not,
    )


def _clock(view: OperationView, clock: DueClock, words: RowWords) -> OperationClock:
    owing = clock.owing(view.now_ms)
    about = f" {leg_text(clock.about)}" if clock.about else ""
    who = PageWord(value=",".join(owing), label=bounded(", ".join(owing))) if owing else None
    overdue = clock.due_ms <= view.now_ms
    at = words.time(clock.due_ms, view.plan)
    return OperationClock(label=label(clock.kind) + about, who=who, at=at, overdue=overdue)


def _moves(view: OperationView) -> list[OwedStep]:
    """The own member first, then the soonest."""
    far = 1 << 62
    return sorted(view.picture.whose_move, key=lambda each: (each.member != view.own, each.due_ms or far))


def _move(view: OperationView, each: OwedStep, words: RowWords) -> OperationMove:
    about = f": {words_of(each.about)}" if each.about else ""
    at = None if each.due_ms is None else words.time(each.due_ms, view.plan)
    return OperationMove(label=label(each.kind) + about, who=named(each.member), ours=each.member == view.own, at=at)


def _leg(view: OperationView, leg: PlanLeg, words: RowWords) -> OperationLeg:
    found = next((each for each in view.picture.authority if each.leg == leg.leg and each.move is None), None)
    until = "" if found is None or found.until_ms is None else words.time(found.until_ms, view.plan).utc
    return OperationLeg(
        name=bounded(leg.leg),
        member=named(leg.member),
        enters=None if leg.enters_ms is None else words.time(leg.enters_ms, view.plan),
        leaves=None if leg.leaves_ms is None else words.time(leg.leaves_ms, view.plan),
        authority=coded(found.state) if found is not None else None,
        detail=_("until {time}").format(time=until) if until else "",
    )


def _custody(view: OperationView, words: RowWords) -> list[OperationExhibit]:
    """Who has the goods, then the exhibits, each under what it comes of."""
    found = []
    control = view.picture.control
    if control is not None:
        holder = named(control.holder) if control.holder is not None else None
        since = words.time(control.since_ms, view.plan)
        found.append(OperationExhibit(label=_("The goods"), holder=holder, depth=0, at=since))
    for each, depth in exhibit_tree(view.state.custody.exhibits):
        amounts = amounts_text(each.amounts)
        text = f"{words_of(each.name)}: {amounts}" if amounts else words_of(each.name)
        holder = named(each.holder) if each.holder is not None else None
        at = words.time(each.since_ms, view.plan)
        found.append(OperationExhibit(label=bounded(text), holder=holder, depth=min(depth, 8), at=at))
    return found


def _sections(view: OperationView) -> list[PageSection]:
    """What the screen of the command line has beside the rest: why goods may not go, the way, what is to be checked."""
    blocks = (verdict_lines, amber_lines, way_lines, control_lines, custody_lines, missing_lines, newer_lines)
    return [each for block in blocks for each in _block(block(view))]


def _block(lines: Sequence[PictureLine]) -> Iterator[PageSection]:
    if lines:
        title, *rest = lines
        shown = [_line(each) for each in rest[:LINES]]
        yield from section(bounded(title.text), shown or [_line(title)])


def _line(line: PictureLine) -> PageLine:
    depth = (len(line.text) - len(line.text.lstrip())) // 4
    return PageLine(label="", value=bounded(line.text.strip(), 400), depth=depth, strong=line.weight is Weight.RED)


def _steps(view: OperationView, known: KnownOperation, words: RowWords) -> list[OperationStep]:
    here = {each.digest: each for each in view.state.steps}
    held = {each.digest for each in known.held.steps}
    missing = [each for each in view.state.missing if each.digest not in here]
    steps = [(each.number, _step(view, each, words, here=each.digest in held)) for each in view.state.steps]
    steps += [(each.number or 0, _missing(view, each)) for each in missing]
    return [step for _number, step in sorted(steps, key=lambda each: each[0])][-_MOST:]


def _step(view: OperationView, record: StepRecord, words: RowWords, *, here: bool) -> OperationStep:
    text = act_text(record.do, record.decision) or label_of(StepKind, record.do or "")
    marks = [
        *([_("STRUCK OUT")] if record.struck_out_by is not None else []),
        *([_("WITHOUT EFFECT")] if record.void is not None else []),
    ]
    return OperationStep(
        id=record.digest if here else None,
        number=spell_number(record.number, view.state.status),
        label=bounded(", ".join([text or _("Struck out or sent again"), *marks])),
        sender=named(record.signer),
        at=words.time(record.accepted_ms, view.plan),
        here=here,
    )


def _missing(view: OperationView, each: MissingStep) -> OperationStep:
    number = "?" if each.number is None else spell_number(each.number, view.state.status)
    return OperationStep(id=None, number=number, label=label(each.how), sender=None, at=None, here=False)


def _doubts(view: OperationView) -> list[PageDoubt]:
    """That something is missing which could change what stands here, and that what may go is not sure."""
    texts = []
    if view.picture.unsure:
        results = ", ".join(label(each) for each in view.picture.unsure)
        texts.append(_("Not sure, because steps are missing: {results}").format(results=results))
    if view.is_dropped:
        texts.append(_("A new epoch dropped steps that nobody has offered again yet."))
    refusals = (AuthorityState.REFUSED, AuthorityState.WITHDRAWN)
    refused = [each for each in view.picture.authority if each.state in refusals]
    texts += [
        f"{label(each.state)}: {each.member} {leg_text(each.leg) if each.leg else ''}".strip() for each in refused
    ]
    return [PageDoubt(code="doubt", text=bounded(each, 400)) for each in texts]
