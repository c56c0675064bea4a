"""Questions and answers of deconfliction as a client holds them: covers and contents without keys."""

# ruff: noqa: RUF001 - Cyrillic letters that look Latin are part of the data

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from schemas.addresses import Address, member_of
from schemas.encoding import decode_object, encode_json
from schemas.operations.deconfliction import (
    ANSWER_KIND,
    DESK,
    KIND,
    AskedDesk,
    DeskView,
    DueAnswer,
    asked_desks,
    compare_questions,
    due_answers,
    told_by,
)
from schemas.operations.held import HeldStep, StepContent
from schemas.operations.terms import MissingHow
from schemas.reports import encode_report, parse_report
from schemas.reports.deconflict import DeconflictReport
from schemas.reports.reading import read_members
from tests.support.profiles import held_profile
from tests.support.story import at_ms, digest_of

CYRILLIC: Final = "а 123 вс 77"
"""A plate as one country types it."""

LATIN: Final = "A123BC-77"
"""The same plate as another does."""

POINT: Final[dict[str, Any]] = {"un_locode": "KZKDR", "first_day": "2026-11-24"}
"""A border point on a day."""


def question(*plates: str, **members: Any) -> dict[str, Any]:
    """The members of a question about some plates."""
    numbers = [{"kind": "vehicle_plate", "value": plate} for plate in plates]
    said = {"report": KIND, "version": 1, "our_reference": "KZ-CD-1", **({"numbers": numbers} if numbers else {})}
    return {**said, **members}


def form_of(members: Mapping[str, Any]) -> DeconflictReport:
    """A question, in its form."""
    form = parse_report(encode_json(dict(members)).encode())
    assert isinstance(form, DeconflictReport)
    return form


class Asking:
    """What members ask a desk, one after another, and what it answers.

    Attributes:
        held: all that was said, in its order.
    """

    def __init__(self) -> None:
        self.held: list[HeldStep] = []

    def add(self, name: str, who: str, minute: float, members: Mapping[str, Any] | None, **more: Any) -> HeldStep:
        """A dispatch.

        Args:
            name: its digest follows from it.
            who: signs.
            minute: of its acceptance.
            members: of its report; ``None`` if it could not be opened.
            more: ``refs`` (relation to name), ``to``, ``number``; claims of the cover.
        """
        refs = [{"rel": rel, "digest": digest_of(each)} for rel, each in more.pop("refs", ())]
        number, to = more.pop("number", 100 + len(self.held)), more.pop("to", DESK)
        kind = more.pop("kind", members["report"] if members else KIND)
        claims = {"kind": kind, "to": [to], "precedence": "priority", **more, **({"refs": refs} if refs else {})}
        cover = held_profile(iss=who, iat=int(at_ms(minute) // 1_000), **claims)
        said = StepContent(members, read_members(members, kind)) if members else MissingHow.NOT_OPENED
        held = HeldStep(digest_of(name), number, at_ms(minute), cover, frozenset({"exchange"}), said)
        self.held.append(held)
        return held

    def ask(self, who: str, *plates: str, minute: float = 0, name: str = "", **more: Any) -> HeldStep:
        """A question about some plates; called as who asks unless it has a name."""
        members = question(*plates, our_reference=f"{who}-1", **more.pop("members", {}))
        return self.add(name or who, f"{who}/DUTY-1", minute, members, **more)

    def cancel(self, who: str, name: str, minute: float = 50, **more: Any) -> None:
        """A question is withdrawn."""
        withdrawn = {"report": "feedback", "version": 1, "our_reference": "x", "your_reference": "x"}
        outcome = {"outcome": {"code": "other", "as_written": "withdrawn"}}
        self.add(f"{name} withdrawn", who, minute, {**withdrawn, **outcome}, refs=[("cancel", name)], **more)

    def view(self, minute: float = 60, status: str = "actual") -> DeskView:
        """What the desk finds."""
        return compare_questions(self.held, DESK, status, at_ms(minute))

    def due(self, minute: float = 60, status: str = "actual") -> list[DueAnswer]:
        """What it has to say."""
        return due_answers(self.view(minute, status), told_by(self.held, DESK))

    def answer(self, minute: float = 60, status: str = "actual") -> dict[str, tuple[str, Sequence[str]]]:
        """The desk says what it has to say: to whom what, by the reference of who is told."""
        found: dict[str, tuple[str, Sequence[str]]] = {}
        for due in self.due(minute, status):
            members = read_json(due)
            refs = [{"rel": "reply", "digest": due.question.digest}]
            cover = held_profile(iss=DESK, to=[due.question.member], kind=ANSWER_KIND, status=status, refs=refs)
            said = StepContent(members, read_members(members, ANSWER_KIND))
            digest = digest_of(f"answer {len(self.held)}")
            held = HeldStep(digest, 100 + len(self.held), at_ms(minute), cover, frozenset({"exchange"}), said)
            self.held.append(held)
            found[due.question.reference] = due.form.result.value, due.form.talk_to
        return found

    def known(self, who: str, status: str = "actual") -> list[AskedDesk]:
        """The questions of a member, with what it was answered."""
        own = [each for each in self.held if member_of(each.cover.iss) == who or who in each.cover.to]
        return asked_desks(own, Address(who), status)


def read_json(due: DueAnswer) -> dict[str, Any]:
    """The members of an answer, as they travel."""
    return decode_object(encode_report(due.form), 1 << 17, fractions=True)
