"""Deconfliction: what nobody learns by asking or by answering, and whose answer counts (PROTOCOL 16)."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

import pytest

from clients.mail.deconfliction import find_answered
from clients.mail.state import cover_of
from schemas.encoding import encode_json
from schemas.errors import Code
from schemas.operations.deconfliction import MATTERS_A_DAY
from schemas.reports import encode_report, parse_report
from schemas.reports.deconflict import ComparisonResult
from tests.support.asking import ask_room, asked, compare
from tests.support.crew import Crew
from tests.support.deconflicting import LATIN, Asking, question
from tests.support.refusals import refused
from tests.support.world import KZ, ROOM, UZ

ANSWER: dict[str, Any] = {"report": "deconflict_answer", "version": 1, "our_reference": "D-100", "result": "none"}
SECRETS = ("A123BC", "UZ-CD-9", "KZKDR", "2026-11-24")


@pytest.mark.parametrize(
    "case",
    [
        {"summary": "UZ follows the blue lorry"},
        {"goods": [{"group": "heroin", "name": "Heroin"}]},
        {"identifiers": [{"kind": "vehicle_plate", "value": LATIN}]},
        {"place": {"name": "Korday"}},
        {"our_reference": "UZ-CD-9 follows the same lorry"},
    ],
    ids=lambda case: next(iter(case)),
)
def test_answer_that_reveals_a_case(case: dict[str, Any]) -> None:
    """A desk that wants to say more than with whom to talk has no room for it in an answer."""
    with refused(Code.MALFORMED_REPORT):
        parse_report(encode_json({**ANSWER, **case}).encode())


def test_what_an_answer_says_of_another() -> None:
    """Of the other side an answer has the member's address: no number, day, reference, nor place."""
    asking = Asking()
    members = {"our_reference": "UZ-CD-9", "points": [{"un_locode": "KZKDR", "first_day": "2026-11-24"}]}
    asking.add("theirs", f"{UZ}/DUTY-1", 0, question(LATIN, **members), number=7_777_777)
    asking.ask(KZ, LATIN, minute=1)
    (said,) = [encode_report(each.form).decode() for each in asking.due() if each.question.member == KZ]
    assert f'"talk_to":["{UZ}"]' in said
    assert not [each for each in (*SECRETS, "7777777") if each in said]


def test_exercise_question_that_meets_a_real_one() -> None:
    """What is played meets no real operation, and nobody real is told of a game."""
    asking = Asking()
    asking.ask(KZ, LATIN)
    asking.ask(UZ, LATIN, minute=1, status="exercise")
    found = [each.form for status in ("actual", "exercise") for each in asking.due(status=status)]
    assert [(each.result, each.talk_to) for each in found] == [(ComparisonResult.NONE, ())] * 2


def test_answer_by_a_member_that_was_not_asked(tmp_path: Path) -> None:
    """UZ answers what KZ has asked the room: it is shown as no answer, and the question stays without one."""
    crew = Crew(tmp_path)
    digest = ask_room(crew, KZ, LATIN)
    refs = [{"rel": "reply", "digest": digest}]
    forged = crew.world.dispatch(f"{UZ}/DUTY-1", [KZ], ANSWER, kind="deconflict_answer", refs=refs)
    crew.hub.send(forged)
    crew.sync()
    item = crew[KZ].store.items.get(forged.digest)
    cover = cover_of(item) if item is not None else None
    assert cover is not None
    assert find_answered(crew[KZ].state, forged.digest, cover) is None
    assert [each.result for each in asked(crew, KZ)] == [None]
    assert crew[KZ].store.outcomes.is_missing(digest, "reply")


def test_answer_of_an_exercise_to_a_real_question() -> None:
    """A played *nobody else* settles no real question."""
    asking = Asking()
    asking.ask(KZ, LATIN)
    more = {"to": KZ, "status": "exercise", "refs": [("reply", KZ)]}
    asking.add("played", ROOM, 1, ANSWER, **more)
    assert [each.result for each in asking.known(KZ)] == [None]


def test_fishing_for_the_operations_of_others() -> None:
    """A member asks about every plate there is: from the sixty-fifth of a day on it learns nothing."""
    asking = Asking()
    asking.ask(UZ, f"A {MATTERS_A_DAY}")
    for at in range(MATTERS_A_DAY + 1):
        asking.ask(KZ, f"A {at}", minute=1 + at / 10, name=f"q{at}")
    results = [(each.question.member, each.form.result.value) for each in asking.due()]
    assert results == [(UZ, "none"), *[(KZ, "none")] * MATTERS_A_DAY, (KZ, "not_compared")]


def test_fishing_with_questions_that_are_taken_back() -> None:
    """Whoever asks, reads and withdraws, to ask again, has asked all the same."""
    asking = Asking()
    asking.ask(UZ, f"A {MATTERS_A_DAY}")
    for at in range(MATTERS_A_DAY + 1):
        asking.ask(KZ, f"A {at}", minute=1 + at / 10, name=f"q{at}")
        if at < MATTERS_A_DAY:
            asking.cancel(f"{KZ}/DUTY-1", f"q{at}", 1 + at / 10)
    assert {(each.question.member, each.form.result.value) for each in asking.due()} == {
        (UZ, "none"),
        (KZ, "not_compared"),
    }


def test_question_that_another_takes_back() -> None:
    """Who wants not to be met does not withdraw the question of whom he would meet."""
    asking = Asking()
    asking.ask(KZ, LATIN)
    asking.cancel(f"{UZ}/DUTY-1", KZ, 1)
    asking.ask(UZ, LATIN, minute=2)
    assert {each.form.talk_to for each in asking.due()} == {(KZ,), (UZ,)}


def test_question_that_was_not_read_to_its_end() -> None:
    """A desk that does not know all of a question does not say that nobody else has asked."""
    asking = Asking()
    asking.ask(KZ, LATIN, members={"faces": ["known to a later version"]})
    assert [each.form.result for each in asking.due()] == [ComparisonResult.NOT_COMPARED]


def test_number_in_a_cover_a_log_or_an_alarm(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """What is compared stands in no cover, which the hub reads, and in no log or alarm of the desk that compares."""
    crew = Crew(tmp_path)
    with caplog.at_level(logging.DEBUG):
        for at in range(MATTERS_A_DAY // 16 + 1):
            plates = [f"SECRET {each}" for each in range(16 * at, 16 * at + 16)]
            digest = ask_room(crew, KZ, *plates)
            item = crew[KZ].store.items.get(digest)
            cover = cover_of(item) if item is not None else None
            assert cover is not None
            assert "SECRET" not in json.dumps(cover.model_dump(mode="json", by_alias=True))
        compare(crew)
    alarms = [each.alarm for each in crew[ROOM].store.alarms.newest(9)]
    assert "asks_much" in {each.kind for each in alarms}
    told = [*(f"{each.detail} {each.evidence}" for each in alarms), *(each.getMessage() for each in caplog.records)]
    assert not [each for each in told if "SECRET" in each]
