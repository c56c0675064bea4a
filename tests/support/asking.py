"""Members that ask a desk, with real clients at a scripted hub."""

from __future__ import annotations

from typing import Any

from clients.actions.operations.comparing import ComparingDesk, GivenAnswer
from clients.actions.operations.deconflicting import ask_desk, question_cover
from clients.actions.writing import Marking
from clients.mail.deconfliction import read_questions
from schemas.addresses import Address
from schemas.operations.deconfliction import AskedDesk
from tests.support.crew import Crew
from tests.support.deconflicting import form_of, question
from tests.support.world import ROOM


def ask_room(crew: Crew, who: Address, *plates: str, status: Any = None, **members: Any) -> str:
    """A member asks the room about some plates; gives the digest of the question."""
    office = crew[who]
    cover = question_cover(office, Marking(status), Address(f"{who}/DUTY-1"))
    sent = ask_desk(office, form_of(question(*plates, our_reference=f"{who}-1", **members)), cover, "operation open")
    office.desk.flush()
    crew.sync()
    return office.desk.digest_of(sent.id)


def compare(crew: Crew) -> list[GivenAnswer]:
    """The room compares, and everybody gets what it says."""
    room = crew[ROOM]
    given = ComparingDesk(room.state, room.point).look()
    room.desk.flush()
    crew.sync()
    return given


def asked(crew: Crew, who: Address, status: str = "actual") -> list[AskedDesk]:
    """What a member knows of its questions."""
    return read_questions(crew[who].state, status)
