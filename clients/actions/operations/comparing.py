"""A desk compares the questions that others have asked it, and answers them: by a machine, in seconds (PROTOCOL 16)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from clients.errors import ClientError, LocalCode
from clients.mail.compose import Ref
from clients.mail.cover import Cover
from clients.mail.deconfliction import question_mark, read_desk, read_told
from clients.mail.sent import Sent
from clients.mail.state import State
from clients.mail.writer import Writer
from schemas.addresses import Address
from schemas.claims import Handling, Status
from schemas.operations.deconfliction import MATTERS_A_DAY, DeskView, DueAnswer, due_answers
from schemas.reports.deconflict import ComparisonResult

STATUSES: Final[tuple[Status, ...]] = ("actual", "exercise")
"""Within each of them is compared, never across."""

_HANDLING: Handling = "H2"


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """An answer that was put into the outbox.

    Attributes:
        due: what it says, and to which question.
        sent: its row.
    """

    due: DueAnswer
    sent: Sent


class ComparingDesk:
    """The own member as a desk: finds what it has to say, and says it once.

    Args:
        state: what the client believes, with its store.
        writer: says it; a program with a line, or what keeps it until there is one.

    Raises:
        ClientError: ``no_key_held``: this seat cannot sign for its member.
    """

    def __init__(self, state: State, writer: Writer) -> None:
        if not state.keys.signing:
            raise ClientError(LocalCode.NO_KEY_HELD, address=state.member)
        self._state = state
        self._writer = writer
        self._mark: frozenset[str] | None = None
        self._said: dict[str, frozenset[Address]] = {}

    def look(self) -> list[GivenAnswer]:
        """Answer what has come since the last look. What an answer says is in no log.

        Raises:
            SeraiError: the store cannot be read or written now, or is damaged.
        """
        mark = question_mark(self._state)
        if mark == self._mark:
            return []
        given = [each for status in STATUSES for each in self._answer(status)]
        self._mark = mark
        return given

    def _answer(self, status: Status) -> list[GivenAnswer]:
        view = read_desk(self._state, status)
        self._tell_beyond(view, status)
        told = read_told(self._state, view)
        for digest, named in self._said.items():  # what came back is not said again and again
            told[digest] = told.get(digest, frozenset()) | named
        return [self._give(due, status) for due in due_answers(view, told)]

    def _give(self, due: DueAnswer, status: Status) -> GivenAnswer:
        digest, form = due.question.digest, due.form
        is_urgent = form.result is ComparisonResult.TALK_TO
        cover = Cover(
            to=(due.question.member,),
            signer=self._state.member,
            status=status,
            precedence="immediate" if is_urgent else "priority",
            handling=_HANDLING,
            refs=(Ref("reply", digest),),
        )
        sent = self._writer.send(form, cover)
        self._said[digest] = self._said.get(digest, frozenset()) | frozenset(form.talk_to)
        return GivenAnswer(due, sent)

    def _tell_beyond(self, view: DeskView, status: Status) -> None:
        """An officer of the desk hears of a member that asks about more than it may in a day, once for each day."""
        for question in view.beyond:
            day = datetime.fromtimestamp(question.accepted_ms / 1000, UTC).date().isoformat()
            detail = f"{question.member}: more than {MATTERS_A_DAY} matters to compare on {day}, {status}"
            self._state.alarm("asks_much", detail, cause=question.member)
