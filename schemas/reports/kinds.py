"""The kinds of reports: the one place where a kind is added (`KINDS`).

Everything that depends on the kind reads it from here, when it is needed: parsing and JSON Schemas; what is asked to
write a report, the options of the command line, where an answer goes, correcting; screens, search and export.
"""

# ruff: noqa: RUF001 - Russian words contain letters that look Latin

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from schemas.labels import Label, Role
from schemas.reports.base import CountryCode, DecimalText, Line, Moment, Reference, Text
from schemas.reports.codes import FeedbackOutcome, RequestedAction
from schemas.reports.drugs import DrugGroup, Unit
from schemas.reports.models import FeedbackReport, ReportModel, SeizureReport, WarningReport
from schemas.reports.steps import Step


@dataclass(frozen=True, slots=True)
class ReportKind:
    """What a dispatch is (`kind` of a cover), and the form of its report. Texts are English; screens translate them.

    Attributes:
        name: the word that travels.
        label: what a person reads for it.
        short: the same where there is room for nine letters, if the label is longer.
        model: the form; ``None`` if there is none yet: such a report is read as it was written.
        senders: roles and posts, one of which its signer needs, as a client checks before it signs; nobody sends it
            if there are none. The hub, which is blind to kinds, asks for the role of `schemas.rules.signers`.
        purpose: what sending it is for, one sentence.
        examples: what may be typed after ``serai send`` and the name.
        steps: the minimal form, in the order in which an officer thinks.
        headline: the report in a line; each ``{path}`` is what stands there (`schemas.reports.paths`).
        is_past: whether it tells what has happened; then nothing is urgent about it, unless its sender says so.
    """

    name: str
    label: Label
    short: Label | None = None
    model: type[ReportModel] | None = None
    senders: tuple[Role, ...] = ()
    purpose: str = ""
    examples: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    headline: str = "{summary}"
    is_past: bool = False

    @property
    def value(self) -> str:
        """The name, as it is called of every code that has a label (`schemas.labels.Labelled`)."""
        return self.name


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
    ReportKind("profile", Label("Country profile", "Профиль страны"), Label("Profile", "Профиль")),
    ReportKind("operation", Label("Operation", "Операция")),
)

KINDS: Final[dict[str, ReportKind]] = {kind.name: kind for kind in _KINDS}
"""Every kind by its name, in the order in which people see them; read, never changed, while a program runs."""


def forms() -> dict[str, type[ReportModel]]:
    """The form of each kind that has one, by its name."""
    return {kind.name: kind.model for kind in KINDS.values() if kind.model is not None}


def sendable() -> Iterator[ReportKind]:
    """The kinds that somebody may send."""
    return (kind for kind in KINDS.values() if kind.model is not None and kind.senders)
