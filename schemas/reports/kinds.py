"""The kinds of reports: the one place where a kind is added (`KINDS`).

Everything that depends on the kind reads it from here, when it is needed: parsing and JSON Schemas; what is asked to
write a report, the options of the command line, where an answer goes, correcting; screens, search and export.
"""

# ruff: noqa: RUF001 - Russian words contain letters that look Latin

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from schemas.labels import Label, Role
from schemas.reports.base import CountryCode, DecimalText, Line, Moment, Reference, Text
from schemas.reports.codes import FeedbackOutcome, RequestedAction
from schemas.reports.deconflict import DECONFLICT, DECONFLICT_ANSWER
from schemas.reports.drugs import DrugGroup, Unit
from schemas.reports.entry import ReportKind
from schemas.reports.models import FeedbackReport, ReportModel, SeizureReport, WarningReport
from schemas.reports.operations.entries import OPERATION_FORMS
from schemas.reports.profile import PROFILE
from schemas.reports.steps import Step

_REFERENCE: Final = Step(
    "reference",
    "Your own reference number of this report",
    Reference,
    path="our_reference",
    help="Your own number of it.",
)

_KINDS: Final = (
    ReportKind(
        name="warning",
        label=Label("Warning", "Предупреждение"),
        short=Label("Warning", "Предупр."),
        model=WarningReport,
        senders=(Role.EXCHANGE,),
        purpose="Warn others of a consignment.",
        examples=(
            "",
            (
                "--to UZ/NFP --precedence flash --reference KZ-412 \\\n"
                '    --action stop --summary "Blue lorry, false floor, Korday 03:00"'
            ),
        ),
        headline="{requested_action.code}: {summary}",
        steps=(
            _REFERENCE,
            Step(
                "action",
                "What do you ask for?",
                RequestedAction,
                path="requested_action.code",
                help="What you ask for: control, observe, locate, stop, identify, inform, other.",
            ),
            Step(
                "action_words",
                "What do you ask for, in words?",
                Line,
                after="action=other",
                path="requested_action.as_written",
                help="The same in words, with --action other.",
            ),
            Step(
                "summary",
                "The case in words: what, by what, from where, to where",
                Text,
                help="The case in words.",
            ),
            Step(
                "expected_from",
                "Earliest arrival (2026-11-24 or 2026-11-24T03:00Z; Enter if not known)",
                Moment,
                needed=False,
                help="Earliest arrival.",
            ),
            Step(
                "plate",
                "Number plate of the vehicle (Enter if not known)",
                Line,
                needed=False,
                path="identifiers[kind=vehicle_plate].value",
                help="Number plate of the vehicle.",
            ),
            Step(
                "container",
                "Container number (Enter if none)",
                Line,
                needed=False,
                path="identifiers[kind=container].value",
                help="Container number.",
            ),
        ),
    ),
    ReportKind(
        name="seizure",
        label=Label("Seizure", "Изъятие"),
        model=SeizureReport,
        senders=(Role.EXCHANGE,),
        purpose="Report a seizure.",
        examples=(
            (
                "--to ALL --reference KZ-77 --date 2026-11-24 \\\n"
                "    --country KZ --group heroin --goods Heroin --quantity 2.5 --unit kilogram"
            ),
        ),
        headline="{country} {date} {goods[0]}",
        is_past=True,
        steps=(
            _REFERENCE,
            Step("date", "Day of the seizure (2026-11-24)", Moment, help="Day of the seizure, 2026-11-24."),
            Step("country", "Country where it was made (KZ)", CountryCode, help="Where it was made, KZ."),
            Step(
                "group",
                "What was seized?",
                DrugGroup,
                path="goods[0].group",
                help="Drug group: heroin, opium, cannabis_resin, ...",
            ),
            Step("goods", "Its name, as you write it", Line, path="goods[0].name", help="Its name, as you write it."),
            Step(
                "quantity",
                "How much, in figures only (2.5; Enter if not weighed)",
                DecimalText,
                needed=False,
                path="goods[0].quantity",
                help="How much, in figures only.",
            ),
            Step(
                "unit",
                "In what unit?",
                Unit,
                after="quantity",
                path="goods[0].unit",
                help="In what unit: kilogram, gram, litre, tablet, ...",
            ),
            Step(
                "unit_words",
                "In what unit, in words?",
                Line,
                after="unit=other",
                path="goods[0].unit_as_written",
                help="The unit in words, with --unit other.",
            ),
            Step("summary", "The case in words (Enter for none)", Text, needed=False, help="The case in words."),
        ),
    ),
    ReportKind(
        name="feedback",
        label=Label("Feedback", "Сообщение о результатах"),
        short=Label("Feedback", "Результат"),
        model=FeedbackReport,
        senders=(Role.EXCHANGE,),
        purpose="Tell what came of a warning or a seizure report.",
        examples=("--on 10423 --reference UZ-9 --outcome seizure_made",),
        headline="{outcome.code} ({your_reference})",
        is_past=True,
        steps=(
            _REFERENCE,
            Step(
                "your_reference",
                "Their reference number of what you answer",
                Reference,
                help="Their number of what you answer.",
            ),
            Step(
                "outcome",
                "What came of it?",
                FeedbackOutcome,
                path="outcome.code",
                help="What came of it: nothing_found, seizure_made, ...",
            ),
            Step(
                "outcome_words",
                "What came of it, in words?",
                Line,
                after="outcome=other",
                path="outcome.as_written",
                help="The same in words, with --outcome other.",
            ),
            Step("date", "When (2026-11-24; Enter for no date)", Moment, needed=False, help="When, 2026-11-24."),
            Step("summary", "In words (Enter for none)", Text, needed=False, help="In words."),
        ),
    ),
    # Words of the protocol that have no form yet
    ReportKind("request", Label("Request", "Запрос")),
    ReportKind("reply", Label("Reply", "Ответ")),
    ReportKind("bulletin", Label("Bulletin", "Бюллетень")),
    PROFILE,
    ReportKind(
        name="operation",
        label=Label("Operation", "Операция"),
        senders=(Role.EXCHANGE,),
        purpose="A step of a controlled delivery.",
        forms=OPERATION_FORMS,
    ),
    DECONFLICT,
    DECONFLICT_ANSWER,
)

KINDS: Final[dict[str, ReportKind]] = {kind.name: kind for kind in _KINDS}
"""Every kind by its name, in the order in which people see them; read, never changed, while a program runs."""


def form_name(kind: str, do: Any) -> str:
    """What the form of a report is called: as its kind, or ``kind-do`` where the kind has one for each ``do``.

    Args:
        kind: of the report.
        do: its member of that name, if it has one.
    """
    entry = KINDS.get(kind)
    return f"{kind}-{do}" if entry is not None and entry.forms else kind


def forms() -> dict[str, type[ReportModel]]:
    """Every form, by its name."""
    return {each.name: each.model for each in entries() if each.model is not None}


def entries() -> Iterator[ReportKind]:
    """Every kind, and the forms of a kind that has several after it."""
    return (each for kind in KINDS.values() for each in (kind, *kind.forms))


def find_entry(name: str) -> ReportKind:
    """The kind of a name, or the form of a kind that has several (`form_name`).

    Raises:
        KeyError: there is none.
    """
    return KINDS[name] if name in KINDS else {each.name: each for each in entries()}[name]


def entry_of(report: ReportModel) -> ReportKind:
    """What the registry has of a report: its kind, or its form of a kind that has several."""
    return find_entry(form_name(report.kind, getattr(report, "do", None)))


def sendable() -> Iterator[ReportKind]:
    """The kinds that somebody may send as they are: what has commands of its own is left out."""
    return (kind for kind in KINDS.values() if kind.model is not None and kind.senders and not kind.has_own_commands)
