"""Forms of operations in the registry of kinds: how they read in a line, and what is asked to fill them in.

A question asks for one value. Where a form has a list, the questions are those of its first entry (``legs[0]``): what
asks for more of them counts that number on.
"""

from __future__ import annotations

from typing import Any, Final

from schemas.addresses import MemberField
from schemas.labels import Label
from schemas.reports.base import DecimalText, Instant, Line, Reference, Text
from schemas.reports.drugs import DrugGroup, Unit
from schemas.reports.entry import ReportKind
from schemas.reports.operations import codes
from schemas.reports.operations.acts import (
    CancelForm,
    CloseForm,
    ConfirmForm,
    DecideForm,
    NoteForm,
    OpenForm,
    PlanForm,
    StopForm,
)
from schemas.reports.operations.facts import ExhibitForm, HandForm, MoveForm, ResultForm
from schemas.reports.operations.parts import ExhibitName, LegName
from schemas.reports.steps import Step


def _ask(key: str, question: str, form: Any, path: str = "", **more: Any) -> Step:
    """A step whose help is its question, which is short."""
    return Step(key, question, form, path=path, help=question, **more)


_REFERENCE: Final = _ask("reference", "Your own reference number of the operation", Reference, "our_reference")
_SUMMARY: Final = _ask("summary", "In words (Enter for none)", Text, needed=False)
_WHEN: Final = _ask("occurred_at", "When it happened (2026-11-24T14:05+05:00)", Instant)
_WHOSE: Final = (
    _ask("fact_of", "Whose fact it is, if not your own (UZ/NFP)", MemberField, needed=False),
    _ask("learned_from", "Who reported it to you", Line, needed=False, after="fact_of"),
)
_WHERE: Final = (
    _ask("country", "In which country, in words", Line, "place.country.as_written", needed=False),
    _ask("place", "At which place", Line, "place.name", needed=False),
)


def _coded(key: str, question: str, table: Any, path: str, **more: Any) -> tuple[Step, Step]:
    """A code, and the word in its place where it is ``other``."""
    words = _ask(f"{key}_words", f"{question}, in words", Line, f"{path}.as_written", after=f"{key}=other")
    return _ask(key, question, table, f"{path}.code", **more), words


def _amount(path: str) -> tuple[Step, ...]:
    """How much of what."""
    return (
        _ask("group", "Kind of goods", DrugGroup, f"{path}.group", needed=False),
        _ask("goods", "The kind in words", Line, f"{path}.name", after="group=other"),
        _ask("quantity", "How much, in figures only", DecimalText, f"{path}.quantity", after="group"),
        _ask("unit", "In what unit", Unit, f"{path}.unit", after="group"),
        _ask("unit_words", "In what unit, in words", Line, f"{path}.unit_as_written", after="unit=other"),
    )


_PLAN: Final = (
    _REFERENCE,
    _ask("group", "Kind of goods", DrugGroup, "goods[0].group"),
    _ask("goods", "Their name, as you write it", Line, "goods[0].name"),
    _ask(
        "quantity", "How much, in figures only (Enter if not weighed)", DecimalText, "goods[0].quantity", needed=False
    ),
    _ask("unit", "In what unit", Unit, "goods[0].unit", after="quantity"),
    _ask("unit_words", "In what unit, in words", Line, "goods[0].unit_as_written", after="unit=other"),
    _ask("place", "Where the goods are now", Line, "place.name"),
    _ask("next_place", "Where they go next", Line, "next_point.place.name"),
    _ask("next_from", "When they may be there at the earliest", Instant, "next_point.earliest"),
    _ask("next_until", "When they are missed there", Instant, "next_point.latest", needed=False),
    _ask("ask_member", "Of whom you ask something (UZ/NFP)", MemberField, "asks[0].member"),
    *_coded("ask", "What you ask", codes.RequestedStep, "asks[0].what"),
    _ask("ask_until", "By when you ask it", Instant, "asks[0].until", needed=False),
    _ask("persons_at_risk", "Whether anybody is at risk", codes.PersonsAtRisk),
    _ask("stop_when", "When it must be stopped", Text, "stop_rule.when"),
    _ask("stop_by", "Who decides that when nobody can be reached (KZ/NFP)", MemberField, "stop_rule.decided_by"),
    _ask("leg", "Name of a leg of the way", LegName, "legs[0].leg", needed=False),
    _ask("leg_member", "Who answers for that leg (UZ/NFP)", MemberField, "legs[0].member", after="leg"),
    _ask(
        "leg_border", "By which border point they come onto it", Line, "legs[0].border.name", needed=False, after="leg"
    ),
    _ask("leg_enters", "When they come onto it", Instant, "legs[0].enters", needed=False, after="leg"),
    _ask("offence", "What is investigated (Enter if not known yet)", Text, needed=False),
    *_coded("variant", "In what it travels", codes.ConsignmentVariant, "variant", needed=False),
    _ask("plate", "Number plate", Line, "identifiers[kind=vehicle_plate].value", needed=False),
    _ask("container", "Container number", Line, "identifiers[kind=container].value", needed=False),
    _ask("substitution", "How much is substituted", codes.SubstitutionPlan, needed=False),
    _ask("grounds", "Why a controlled delivery", Text, needed=False),
    _SUMMARY,
)

OPERATION_FORMS: Final = (
    ReportKind(
        name="operation-open",
        label=Label("Request", "Запрос"),
        model=OpenForm,
        purpose="Ask other countries for a controlled delivery.",
        headline="{goods[0]}: {place.name} - {next_point.place.name}",
        steps=_PLAN,
    ),
    ReportKind(
        name="operation-plan",
        label=Label("New plan", "Новый план"),
        short=Label("New plan", "План"),
        model=PlanForm,
        purpose="Put another plan in the place of the last one.",
        headline="{goods[0]}: {changes}",
        steps=(*_PLAN, _ask("changes", "What is different", Text, needed=False)),
    ),
    ReportKind(
        name="operation-confirm",
        label=Label("Confirmed", "Подтверждение"),
        short=Label("Confirmed", "Подтв."),
        model=ConfirmForm,
        purpose="Confirm a plan, or that the conditions of a decision are kept.",
        headline="{conditions_met}",
        steps=(
            _REFERENCE,
            _ask("post", "Post of who confirms", Line, "authority.post", needed=False),
            _ask("conditions_met", "How the conditions are kept", Text, needed=False),
        ),
    ),
    ReportKind(
        name="operation-decide",
        label=Label("Decision", "Решение"),
        model=DecideForm,
        purpose="Decide on the legs of your country.",
        headline="{authority.post}",
        steps=(
            _REFERENCE,
            _ask("post", "Post of who decided", Line, "authority.post"),
            _ask("rank", "Rank of who decided", Line, "authority.rank", needed=False),
            _ask("decision_reference", "Number of the decision", Reference, "authority.reference", needed=False),
            _ask("legal_basis", "Under what law", Text, needed=False),
            _ask("manner", "How it was made known", codes.DecisionManner),
            _ask("spoken_by", "Post of who spoke", Line, "oral.spoken_by", after="manner=oral"),
            _ask("received_by", "Post of who wrote it down", Line, "oral.received_by", after="manner=oral"),
            _ask("spoken_at", "When it was spoken", Instant, "oral.spoken_at", after="manner=oral"),
            _ask(
                "confirmed_until",
                "Until when it must be confirmed",
                Instant,
                "oral.confirmed_until",
                after="manner=oral",
            ),
            _ask("valid_from", "From when it holds", Instant, needed=False),
            _ask("valid_until", "Until when it holds", Instant, needed=False),
            _ask("condition", "On what condition", Text, "conditions[0]", needed=False),
            *_coded("reason", "Why it is refused or withdrawn", codes.RefusalReason, "reason", needed=False),
            _SUMMARY,
        ),
    ),
    ReportKind(
        name="operation-stop",
        label=Label("Stop", "Стоп"),
        model=StopForm,
        purpose="Stop an operation.",
        headline="{reason.code}",
        steps=(
            _REFERENCE,
            *_coded("reason", "Why it must stop", codes.StopReason, "reason"),
            _ask("wish", "What you wish to be done", codes.StopWish, needed=False),
            _ask("until", "Until when, at most 24 hours (Enter: until you cancel it)", Instant, needed=False),
            _SUMMARY,
        ),
    ),
    ReportKind(
        name="operation-move",
        label=Label("Movement", "Перемещение"),
        short=Label("Movement", "Перемещ."),
        model=MoveForm,
        purpose="Report where the goods are.",
        headline="{movement}: {place.name}",
        is_past=True,
        steps=(
            _REFERENCE,
            _ask("movement", "What happened", codes.Movement),
            _WHEN,
            *_WHERE,
            _ask("soil", "On whose soil the goods are then (UZ/NFP)", MemberField, needed=False),
            _ask("leg", "On which leg", LegName, needed=False),
            _ask("ground", "On what ground the border was crossed", codes.CrossingGround, after="movement=crossed"),
            *_coded("state", "In what state the goods are", codes.GoodsState, "state", needed=False),
            _ask("next_report", "By when you report again", Instant, needed=False),
            *_WHOSE,
            _SUMMARY,
        ),
    ),
    ReportKind(
        name="operation-hand",
        label=Label("Handover", "Передача"),
        model=HandForm,
        purpose="Hand the goods over, or take them over.",
        headline="{stage}: {other}",
        is_past=True,
        steps=(
            _REFERENCE,
            _ask("stage", "Which side you are", codes.HandStage),
            _ask("other", "Who is on the other side (KZ/NFP)", MemberField),
            _WHEN,
            *_WHERE,
            _ask("exhibit", "Which exhibit (Enter: the whole consignment)", ExhibitName, "exhibits[0]", needed=False),
            _ask("differences", "What differs from what was offered (Enter: nothing)", Text, needed=False),
            _ask("seal", "Number of the seal", Reference, "seals[0]", needed=False),
            *_WHOSE,
            _SUMMARY,
        ),
    ),
    ReportKind(
        name="operation-exhibit",
        label=Label("Exhibit", "Вещественное доказательство"),
        short=Label("Exhibit", "Вещдок"),
        model=ExhibitForm,
        purpose="Record what happened to an exhibit.",
        headline="{exhibit}: {event}",
        is_past=True,
        steps=(
            _REFERENCE,
            _ask("event", "What happened to it", codes.ExhibitEvent),
            _ask("exhibit", "Its number", ExhibitName),
            _WHEN,
            *_amount("amounts[0]"),
            _ask("not_counted", "Why it is not counted", Line, "not_counted_because", needed=False),
            _ask("part", "Number of what comes of it", ExhibitName, "parts[0].exhibit", needed=False),
            _ask("holder", "In whose hands it is, if not yours (UZ/NFP)", MemberField, needed=False),
            _ask("seal", "Number of the seal", Reference, "seals[0]", needed=False),
            _ask("laboratory", "Number of the laboratory", Reference, "laboratory_reference", needed=False),
            *_WHOSE,
            _SUMMARY,
        ),
    ),
    ReportKind(
        name="operation-result",
        label=Label("Result", "Результат"),
        model=ResultForm,
        purpose="Report what came of it in your country.",
        headline="{outcome.code}",
        is_past=True,
        steps=(
            _REFERENCE,
            *_coded("outcome", "What came of it", codes.OperationOutcome, "outcome"),
            _WHEN,
            *_amount("seized[0]"),
            _ask("laboratory", "Number of the laboratory", Reference, "laboratory_reference", needed=False),
            _ask("losses", "What was lost or damaged", Text, needed=False),
            _ask("injuries", "Who was hurt", Text, needed=False),
            *_WHOSE,
            _SUMMARY,
        ),
    ),
    ReportKind(
        name="operation-note",
        label=Label("Note", "Заметка"),
        model=NoteForm,
        purpose="Write to others in the operation; it counts for nothing.",
        steps=(_REFERENCE, _ask("summary", "What you want to write", Text)),
    ),
    ReportKind(
        name="operation-close",
        label=Label("Closed", "Закрытие"),
        model=CloseForm,
        purpose="Close an operation.",
        headline="{outcome.code}",
        is_past=True,
        steps=(
            _REFERENCE,
            *_coded("outcome", "What came of it", codes.OperationOutcome, "outcome"),
            _ask("lessons", "What to do better next time", Text, needed=False),
            _SUMMARY,
        ),
    ),
    ReportKind(
        name="operation-cancel",
        label=Label("Struck out", "Вычеркнуто"),
        short=Label("Struck", "Вычеркн."),
        model=CancelForm,
        purpose="Strike out a fact or a stop of your own.",
        headline="{reason}",
        steps=(_REFERENCE, _ask("reason", "Why", Line)),
    ),
)
"""The form of each step, in the order of the words of covers."""
