"""Deconfliction: what a desk answers to the questions that it holds, and what an answer is worth (PROTOCOL 16)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from schemas.addresses import Address, member_of
from schemas.operations.held import HeldStep, StepContent
from schemas.operations.matters import matters_of
from schemas.operations.moments import DAY_MS
from schemas.reports.deconflict import ComparisonResult, DeconflictAnswer, DeconflictReport

KIND: Final = "deconflict"
"""Kind of the dispatches that ask."""

ANSWER_KIND: Final = "deconflict_answer"
"""Kind of those that answer."""

DESK: Final = Address("CENTRE/ROOM")
"""The desk that is asked unless another is named."""

COMPARED_DAYS: Final = 90
"""So long after its acceptance a question is compared."""

MATTERS_A_DAY: Final = 256
"""So many different matters a member may ask about in a day of UTC; what goes beyond is not compared."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question as a desk holds it.

    Attributes:
        digest: of the dispatch that asked it first, under whatever key that was sealed.
        number: index of that dispatch.
        accepted_ms: when it was accepted, milliseconds since 1970 UTC.
        member: who asks.
        reference: what that member calls it; empty if it could not be read.
        matters: what it asks about, as far as it could be read.
        is_whole: whether all of it could be read: only then *nobody else* is an answer.
        is_read: whether it was opened; what was not comes again under another key.
    """

    digest: str
    number: int
    accepted_ms: int
    member: Address
    reference: str = ""
    matters: frozenset[str] = frozenset()
    is_whole: bool = False
    is_read: bool = True

    @property
    def day(self) -> int:
        """The day of UTC on which it was accepted, counted from 1970."""
        return self.accepted_ms // DAY_MS


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a desk has found for one question.

    Attributes:
        question: the question.
        result: what was found.
        meets: members that have asked about the same, in the order of their questions.
    """

    question: Question
    result: ComparisonResult
    meets: tuple[Address, ...] = ()


@dataclass(frozen=True, slots=True)
class DeskView:
    """The questions of one status that a desk holds, as of a moment.

    Attributes:
        standing: what was found for each that is compared or would be, in the order of the ledger.
        beyond: those of them that go beyond what their member may ask in a day.
    """

    standing: tuple[Comparison, ...] = ()
    beyond: tuple[Question, ...] = ()


def compare_questions(dispatches: Iterable[HeldStep], desk: Address, status: str, moment_ms: int) -> DeskView:
    """Compare all questions to a desk that stand at a moment, within one status.

    Args:
        dispatches: questions, and what cancels or corrects them, in any order; others have no effect.
        desk: the member that compares.
        status: within which; what is of another status is not there.
        moment_ms: milliseconds since 1970 UTC.
    """
    here = [each for each in dispatches if each.cover.status == status]
    asked = _questions([each for each in here if desk in each.cover.to and member_of(each.cover.iss) != desk])
    beyond = _beyond(asked)
    gone = _gone(here)
    standing = [
        each
        for each in asked
        if (each.digest, each.member) not in gone and moment_ms - each.accepted_ms < COMPARED_DAYS * DAY_MS
    ]
    compared = [each for each in standing if each.digest not in beyond]
    by_matter = _by_matter(compared)
    found = tuple(_compare(each, compared, by_matter, beyond) for each in standing if each.is_read)
    return DeskView(found, tuple(each for each in standing if each.digest in beyond))


def _by_matter(questions: Sequence[Question]) -> dict[str, list[int]]:
    """Where among the questions each matter is asked about."""
    found: dict[str, list[int]] = {}
    for at, each in enumerate(questions):
        for matter in each.matters:
            found.setdefault(matter, []).append(at)
    return found


def _compare(
    question: Question, others: Sequence[Question], by_matter: Mapping[str, Sequence[int]], beyond: frozenset[str]
) -> Comparison:
    if question.digest in beyond:
        return Comparison(question, ComparisonResult.NOT_COMPARED)
    shared = sorted({at for matter in question.matters for at in by_matter.get(matter, ())})
    meets = tuple(dict.fromkeys(others[at].member for at in shared if others[at].member != question.member))
    if meets:
        return Comparison(question, ComparisonResult.TALK_TO, meets)
    return Comparison(question, ComparisonResult.NONE if question.is_whole else ComparisonResult.NOT_COMPARED)


def _questions(dispatches: Sequence[HeldStep]) -> list[Question]:
    """Each once, in the order of the ledger: what brings one again under a newer key is the same question."""
    found: dict[tuple[str, Address], Question] = {}
    for each in sorted(dispatches, key=lambda held: (held.accepted_ms, held.number)):
        if each.cover.kind != KIND or _named(each, "cancel"):
            continue
        resealed, member = _named(each, "reseal"), member_of(each.cover.iss)
        key = (resealed[0] if resealed else each.digest, member)
        known = found.get(key)
        if known is None or not known.is_read:
            at = known or Question(key[0], each.number, each.accepted_ms, member)
            found[key] = _read(each, at)
    return list(found.values())


def _read(held: HeldStep, at: Question) -> Question:
    content = held.content
    if not isinstance(content, StepContent):
        return Question(at.digest, at.number, at.accepted_ms, at.member, is_read=False)
    form = content.read.form
    if not isinstance(form, DeconflictReport):
        return Question(at.digest, at.number, at.accepted_ms, at.member)
    is_whole = not content.read.as_written
    place = at.digest, at.number, at.accepted_ms, at.member
    return Question(*place, form.our_reference, matters_of(form), is_whole=is_whole)


def _beyond(questions: Sequence[Question]) -> frozenset[str]:
    """Digests of questions that go beyond what a member may ask in a day; withdrawing one gives nothing back."""
    asked: dict[tuple[Address, int], frozenset[str]] = {}
    found = set()
    for each in questions:
        matters = asked.get((each.member, each.day), frozenset()) | each.matters
        if len(matters) > MATTERS_A_DAY:
            found.add(each.digest)
        else:
            asked[each.member, each.day] = matters
    return frozenset(found)


def _gone(dispatches: Sequence[HeldStep]) -> set[tuple[str, Address]]:
    """What its own member has withdrawn, or asks anew by a correction."""
    found = set()
    for each in dispatches:
        rels = ("cancel", "update") if each.cover.kind == KIND else ("cancel",)
        found |= {(digest, member_of(each.cover.iss)) for rel in rels for digest in _named(each, rel)}
    return found


# What is due


@dataclass(frozen=True, slots=True)
class DueAnswer:
    """An answer that a desk has to give.

    Attributes:
        question: to which.
        form: the answer.
    """

    question: Question
    form: DeconflictAnswer


def due_answers(view: DeskView, told: Mapping[str, frozenset[Address]]) -> list[DueAnswer]:
    """What the desk has not said yet: an answer to each question, and to an earlier one whom it has met since.

    Nothing of another's question goes into an answer but the address of its member; of one's own, its reference.

    Args:
        view: what was found.
        told: of each question that was answered, by its digest, the members that the answers named.
    """
    found = []
    for each in view.standing:
        known = told.get(each.question.digest)
        meets = tuple(member for member in each.meets if member not in (known or ()))
        if known is None or meets:
            found.append(DueAnswer(each.question, _answer(each, meets)))
    return found


def _answer(found: Comparison, meets: tuple[Address, ...]) -> DeconflictAnswer:
    return DeconflictAnswer(
        our_reference=f"D-{found.question.number}",
        your_reference=found.question.reference or None,
        result=found.result,
        talk_to=meets[:64],
    )


def told_by(answers: Iterable[HeldStep], desk: Address) -> dict[str, frozenset[Address]]:
    """Whom the answers of a desk have named, by the digest of the question; empty where they named nobody."""
    found: dict[str, frozenset[Address]] = {}
    for each in answers:
        if each.cover.kind != ANSWER_KIND or member_of(each.cover.iss) != desk:
            continue
        form = _form(each)
        for digest in _named(each, "reply"):
            found[digest] = found.get(digest, frozenset()) | frozenset(form.talk_to if form is not None else ())
    return found


# At who asked


@dataclass(frozen=True, slots=True)
class AskedDesk:
    """A question of the own member, and what the desk has answered.

    Attributes:
        digest: of the question.
        number: its index.
        desk: who was asked.
        reference: what the own member calls it.
        matters: what it asks about.
        result: what was answered; ``None`` while nothing was.
        talk_to: all members that the answers named.
        is_withdrawn: whether it was withdrawn, or is asked anew.
    """

    digest: str
    number: int
    desk: Address
    reference: str = ""
    matters: frozenset[str] = frozenset()
    result: ComparisonResult | None = None
    talk_to: tuple[Address, ...] = ()
    is_withdrawn: bool = False


def counts(answer: HeldStep, question: HeldStep) -> bool:
    """Whether an answer is that of the desk that was asked, within the same status; anybody else's is no answer.

    Args:
        answer: the dispatch.
        question: what it may answer.
    """
    by_desk = member_of(answer.cover.iss) in question.cover.to
    is_same = answer.cover.status == question.cover.status
    return answer.cover.kind == ANSWER_KIND and by_desk and is_same and question.digest in _named(answer, "reply")


def asked_desks(dispatches: Iterable[HeldStep], member: Address, status: str) -> list[AskedDesk]:
    """The questions of a member within one status, in the order of the ledger, with the answers that count.

    Args:
        dispatches: questions, answers, and what cancels or corrects questions, in any order.
        member: whose questions.
        status: within which.
    """
    here = sorted((each for each in dispatches if each.cover.status == status), key=lambda each: each.number)
    gone, found = _gone(here), []
    for each in here:
        if each.cover.kind != KIND or member_of(each.cover.iss) != member or _named(each, "cancel", "reseal"):
            continue
        answers = (_opened(answer, here) for answer in here if counts(answer, each))
        forms = [form for form in answers if form is not None]
        talk_to = tuple(dict.fromkeys(who for form in forms for who in form.talk_to))
        results = [form.result for form in forms]
        asked = _read(each, Question(each.digest, each.number, each.accepted_ms, member))
        found.append(
            AskedDesk(
                each.digest,
                each.number,
                Address(each.cover.to[0]),
                asked.reference,
                asked.matters,
                ComparisonResult.TALK_TO if talk_to else next(reversed(results), None),
                talk_to,
                is_withdrawn=(each.digest, member) in gone,
            )
        )
    return found


def _opened(answer: HeldStep, here: Sequence[HeldStep]) -> DeconflictAnswer | None:
    """What an answer says; where it could not be opened, what its sender brought again under a newer key."""
    member = member_of(answer.cover.iss)
    again = (each for each in here if answer.digest in _named(each, "reseal") and member_of(each.cover.iss) == member)
    return next((form for each in (answer, *again) if (form := _form(each)) is not None), None)


def _form(held: HeldStep) -> DeconflictAnswer | None:
    form = held.content.read.form if isinstance(held.content, StepContent) else None
    return form if isinstance(form, DeconflictAnswer) else None


def _named(held: HeldStep, *rels: str) -> list[str]:
    return [ref.digest for ref in held.cover.refs or () if ref.rel in rels]
