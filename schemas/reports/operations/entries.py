"""Forms of operations in the registry of kinds: how they read in a line, and what is asked to fill them in.

A question asks for one value. Where a form has a list, the questions are those of its first entry (``legs[0]``): what
asks for more of them counts that number on.
"""

from __future__ import annotations

from typing import Final

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
from schemas.reports.operations.asking import PLAN, REFERENCE, SUMMARY, ask, coded
from schemas.reports.operations.facts import ExhibitForm, HandForm, MoveForm, ResultForm
from schemas.reports.operations.parts import ExhibitName, LegName
from schemas.reports.steps import Step

_WHEN: Final = ask("occurred_at", "When it happened (2026-11-24T14:05+05:00)", Instant)
_WHOSE: Final = (
    ask("fact_of", "Whose fact it is, if not your own (UZ/NFP)", MemberField, needed=False),
    ask("learned_from", "Who reported it to you", Line, needed=False, after="fact_of"),
)
_WHERE: Final = (
    ask("country", "In which country, in words", Line, "place.country.as_written", needed=False),
    ask("place", "At which place", Line, "place.name", needed=False),
)


def _amount(path: str) -> tuple[Step, ...]:
    """How much of what."""
    return (
        ask("group", "Kind of goods", DrugGroup, f"{path}.group", needed=False),
        ask("goods", "The kind in words", Line, f"{path}.name", after="group=other"),
        ask("quantity", "How much, in figures only", DecimalText, f"{path}.quantity", after="group"),
        ask("unit", "In what unit", Unit, f"{path}.unit", after="group"),
        ask("unit_words", "In what unit, in words", Line, f"{path}.unit_as_written", after="unit=other"),
    )


OPERATION_FORMS: Final = (
    ReportKind(
        name="operation-open",
        label=Label("Request", "Запрос"),
        model=OpenForm,
        purpose="Ask other countries for a controlled delivery.",
        headline="{goods[0]}: {place.name} - {next_point.place.name}",
        steps=PLAN,
    ),
    ReportKind(
        name="operation-plan",
        label=Label("New plan", "Новый план"),
        short=Label("New plan", "План"),
        model=PlanForm,
        purpose="Put another plan in the place of the last one.",
        headline="{goods[0]}: {changes}",
        steps=(*PLAN, ask("changes", "What is different", Text, needed=False)),
    ),
    ReportKind(
        name="operation-confirm",
        label=Label("Confirmed", "Подтверждение"),
        short=Label("Confirmed", "Подтв."),
        model=ConfirmForm,
        purpose="Confirm a plan, or that the conditions of a decision are kept.",
        headline="{conditions_met}",
        steps=(
            REFERENCE,
            ask("post", "Post of who confirms", Line, "authority.post", needed=False),
            ask("conditions_met", "How the conditions are kept", Text, needed=False),
        ),
    ),
    ReportKind(
        name="operation-decide",
        label=Label("Decision", "Решение"),
        model=DecideForm,
        purpose="Decide on the legs of your country.",
        headline="{authority.post}",
        steps=(
            REFERENCE,
            ask("post", "Post of who decided", Line, "authority.post"),
            ask("rank", "Rank of who decided", Line, "authority.rank", needed=False),
            ask("decision_reference", "Number of the decision", Reference, "authority.reference", needed=False),
            ask("legal_basis", "Under what law", Text, needed=False),
            ask("manner", "How it was made known", codes.DecisionManner),
            ask("spoken_by", "Post of who spoke", Line, "oral.spoken_by", after="manner=oral"),
            ask("received_by", "Post of who wrote it down", Line, "oral.received_by", after="manner=oral"),
            ask("spoken_at", "When it was spoken", Instant, "oral.spoken_at", after="manner=oral"),
            ask(
                "confirmed_until",
                "Until when it must be confirmed",
                Instant,
                "oral.confirmed_until",
                after="manner=oral",
            ),
            ask("valid_from", "From when it holds", Instant, needed=False),
            ask("valid_until", "Until when it holds", Instant, needed=False),
            ask("condition", "On what condition", Text, "conditions[0]", needed=False),
            *coded("reason", "Why it is refused or withdrawn", codes.RefusalReason, "reason", needed=False),
            SUMMARY,
        ),
    ),
    ReportKind(
        name="operation-stop",
        label=Label("Stop", "Стоп"),
        model=StopForm,
        purpose="Stop an operation.",
        headline="{reason.code}",
        steps=(
            REFERENCE,
            *coded("reason", "Why it must stop", codes.StopReason, "reason"),
            ask("wish", "What you wish to be done", codes.StopWish, needed=False),
            ask("until", "Until when, at most 24 hours (Enter: until you cancel it)", Instant, needed=False),
            SUMMARY,
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
            REFERENCE,
            ask("movement", "What happened", codes.Movement),
            _WHEN,
            *_WHERE,
            ask("soil", "On whose soil the goods are then (UZ/NFP)", MemberField, needed=False),
            ask("leg", "On which leg", LegName, needed=False),
            ask("ground", "On what ground the border was crossed", codes.CrossingGround, after="movement=crossed"),
            *coded("state", "In what state the goods are", codes.GoodsState, "state", needed=False),
            ask("next_report", "By when you report again", Instant, needed=False),
            *_WHOSE,
            SUMMARY,
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
            REFERENCE,
            ask("stage", "Which side you are", codes.HandStage),
            ask("other", "Who is on the other side (KZ/NFP)", MemberField),
            _WHEN,
            *_WHERE,
            ask("exhibit", "Which exhibit (Enter: the whole consignment)", ExhibitName, "exhibits[0]", needed=False),
            ask("differences", "What differs from what was offered (Enter: nothing)", Text, needed=False),
            ask("seal", "Number of the seal", Reference, "seals[0]", needed=False),
            *_WHOSE,
            SUMMARY,
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
            REFERENCE,
            ask("event", "What happened to it", codes.ExhibitEvent),
            ask("exhibit", "Its number", ExhibitName),
            _WHEN,
            *_amount("amounts[0]"),
            ask("not_counted", "Why it is not counted", Line, "not_counted_because", needed=False),
            ask("part", "Number of what comes of it", ExhibitName, "parts[0].exhibit", needed=False),
            ask("holder", "In whose hands it is, if not yours (UZ/NFP)", MemberField, needed=False),
            ask("seal", "Number of the seal", Reference, "seals[0]", needed=False),
            ask("laboratory", "Number of the laboratory", Reference, "laboratory_reference", needed=False),
            *_WHOSE,
            SUMMARY,
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
            REFERENCE,
            *coded("outcome", "What came of it", codes.OperationOutcome, "outcome"),
            _WHEN,
            *_amount("seized[0]"),
            ask("laboratory", "Number of the laboratory", Reference, "laboratory_reference", needed=False),
            ask("losses", "What was lost or damaged", Text, needed=False),
            ask("injuries", "Who was hurt", Text, needed=False),
            *_WHOSE,
            SUMMARY,
        ),
    ),
    ReportKind(
        name="operation-note",
        label=Label("Note", "Заметка"),
        model=NoteForm,
        purpose="Write to others in the operation; it counts for nothing.",
        steps=(REFERENCE, ask("summary", "What you want to write", Text)),
    ),
    ReportKind(
        name="operation-close",
        label=Label("Closed", "Закрытие"),
        model=CloseForm,
        purpose="Close an operation.",
        headline="{outcome.code}",
        is_past=True,
        steps=(
            REFERENCE,
            *coded("outcome", "What came of it", codes.OperationOutcome, "outcome"),
            ask("lessons", "What to do better next time", Text, needed=False),
            SUMMARY,
        ),
    ),
    ReportKind(
        name="operation-cancel",
        label=Label("Struck out", "Вычеркнуто"),
        short=Label("Struck", "Вычеркн."),
        model=CancelForm,
        purpose="Strike out a fact or a stop of your own.",
        headline="{reason}",
        steps=(REFERENCE, ask("reason", "Why", Line)),
    ),
)
"""The form of each step, in the order of the words of covers."""
