"""A question to a desk, from a plan to its answer, at real clients."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from clients.actions.operations.comparing import ComparingDesk
from clients.actions.operations.deconflicting import (
    ANSWER_MINUTES,
    ask_desk,
    next_question,
    plan_standing,
    question_cover,
    question_of,
    wait_for_answer,
)
from clients.actions.retention import plan_run, run_rules, set_rule
from clients.actions.writing import Marking
from clients.errors import LocalCode
from clients.mail.state import cover_of
from schemas.addresses import Address
from schemas.operations.deconfliction import DESK, MATTERS_A_DAY
from schemas.operations.moments import DAY_MS
from schemas.reports.deconflict import ComparisonResult
from tests.support.asking import ask_room, asked, compare
from tests.support.crew import Crew
from tests.support.deconflicting import CYRILLIC, LATIN, form_of, question
from tests.support.refusals import refused
from tests.support.world import KZ, ROOM, TJ, UZ

PLAN: dict[str, Any] = {
    "our_reference": "KZ-CD-7",
    "goods": [{"group": "heroin", "name": "Secret powder"}],
    "identifiers": [{"kind": "vehicle_plate", "value": LATIN, "country": "KZ", "note": "Secret note"}],
    "conveyances": [{"identifiers": [{"kind": "trailer_plate", "value": "T 1"}], "description": "Secret colour"}],
    "legs": [
        {"leg": "1", "member": "KZ/NFP", "border": {"name": "Korday"}, "enters": "2026-11-24T01:00+05:00"},
        {"leg": "2", "member": "UZ/NFP", "border": {"un_locode": "UZTMZ", "name": "Termez"}},
        {"leg": "3", "member": "TJ/NFP", "enters": "2026-11-26T03:00Z"},
    ],
}


@pytest.fixture(scope="module")
def crew(tmp_path_factory: pytest.TempPathFactory) -> Crew:
    """Four countries and the room."""
    return Crew(tmp_path_factory.mktemp("asking"))


def test_what_a_plan_has_to_compare() -> None:
    """Its numbers, those of its conveyances, and border points of which the day is known; nothing else of it."""
    form = question_of(PLAN)
    assert form is not None
    assert [(each.kind.value, each.value) for each in form.numbers] == [
        ("vehicle_plate", LATIN),
        ("trailer_plate", "T 1"),
    ]
    point = {"name": "Korday", "first_day": "2026-11-23", "last_day": "2026-11-24"}
    assert [each.model_dump(exclude_none=True) for each in form.points] == [point]
    assert "Secret" not in form.model_dump_json()
    assert question_of({"our_reference": "KZ-CD-7", "identifiers": [{"kind": "seal", "value": " - "}]}) is None


def test_a_plan_that_is_only_begun_is_asked_about() -> None:
    """What cannot be read of it is left out; without a reference of its own there is nothing to call it by."""
    begun = {
        "our_reference": "x",
        "identifiers": [{"kind": "vehicle_plate"}, {"kind": "vehicle_plate", "value": "A 1"}],
    }
    form = question_of(begun | {"legs": [{"border": {"name": "Korday"}, "enters": "soon"}]})
    assert form is not None
    assert (len(form.numbers), form.points) == (1, ())
    assert question_of({"identifiers": PLAN["identifiers"]}) is None


def test_two_countries_after_one_lorry(crew: Crew) -> None:
    """They type it in two alphabets; the room tells each of the other, in one go, and nothing twice; TJ is alone."""
    first = ask_room(crew, KZ, CYRILLIC)
    assert [each.due.form.result for each in compare(crew)] == [ComparisonResult.NONE]
    ask_room(crew, UZ, LATIN)
    ask_room(crew, TJ, "B 999 TT")
    assert {each.due.question.member: each.due.form.talk_to for each in compare(crew)} == {KZ: (UZ,), UZ: (KZ,), TJ: ()}
    assert compare(crew) == []
    known = {who: asked(crew, who)[0] for who in (KZ, UZ, TJ)}
    assert [known[who].talk_to for who in (KZ, UZ, TJ)] == [(UZ,), (KZ,), ()]
    assert known[TJ].result is ComparisonResult.NONE
    assert known[KZ].digest == first
    assert crew[KZ].store.outcomes.is_missing(first, "reply") is False
    answer = crew[KZ].store.references.to(first, "reply")[-1]
    item = crew[KZ].store.items.get(answer.source)
    cover = cover_of(item) if item is not None else None
    assert cover is not None
    assert (cover.iss, cover.precedence, cover.to) == (ROOM, "immediate", [KZ])


def test_a_question_has_a_clock(crew: Crew) -> None:
    """The desk owes the answer, for half an hour: then the one who asked is called."""
    cover = question_cover(crew[KZ], Marking(), Address(f"{KZ}/DUTY-1"))
    assert cover.expects is not None
    assert cover.expects.members == (DESK,)
    assert cover.expects.by - crew[KZ].state.system.clock.time_s() == ANSWER_MINUTES * 60
    assert (cover.to, cover.status, cover.handling) == ((DESK,), "actual", "H2")


def test_how_a_plan_stands_to_the_desk(crew: Crew) -> None:
    """Not asked, asked in part, waiting, answered: each is told, and a plan that changes is asked about anew."""
    plan = {"our_reference": "TJ-CD-9", "identifiers": [{"kind": "container", "value": "CSQU3054383"}]}
    number = {"kind": "container", "value": "csqu 305438-3"}
    assert (standing := plan_standing(crew[TJ], plan, "actual")).left == 1
    assert (standing.asked, standing.result, standing.can_be_asked) == ((), None, True)
    ask_room(crew, TJ, numbers=[number])
    standing = plan_standing(crew[TJ], plan, "actual")
    assert (standing.left, len(standing.asked), standing.result) == (0, 1, None)
    compare(crew)
    assert plan_standing(crew[TJ], plan, "actual").result is ComparisonResult.NONE
    more = plan | {"conveyances": [{"identifiers": [{"kind": "vehicle_plate", "value": "N 7"}]}]}
    assert plan_standing(crew[TJ], more, "actual").left == 1
    assert plan_standing(crew[TJ], plan, "exercise").left == 1
    assert plan_standing(crew[ROOM], plan, "actual").can_be_asked is False
    assert plan_standing(crew[TJ], {"our_reference": "x"}, "actual").question is None


def test_what_one_question_has_no_room_for_is_not_called_asked(tmp_path: Path) -> None:
    """A plan with more numbers than a question may have is not asked about whole, and that is told."""
    crew = Crew(tmp_path)
    numbers = [{"kind": "seal", "value": f"S {at}"} for at in range(20)]
    plan = {"our_reference": "TJ-CD-10", "identifiers": numbers}
    assert plan_standing(crew[TJ], plan, "actual").left == 20
    ask_room(crew, TJ, numbers=numbers[:16])
    assert plan_standing(crew[TJ], plan, "actual").left == 4
    following = next_question(crew[TJ], plan, "actual", DESK)
    assert following is not None
    assert [each.value for each in following.numbers] == ["S 16", "S 17", "S 18", "S 19"]
    ask_room(crew, TJ, numbers=numbers[16:])
    assert next_question(crew[TJ], plan, "actual", DESK) == question_of(plan)
    standing = plan_standing(crew[TJ], plan, "actual")
    assert (standing.left, len(standing.asked)) == (0, 2)


def test_what_cannot_be_asked(crew: Crew) -> None:
    """A test, the own desk, a desk that is not in the directory, and nothing at all."""
    officer = Address(f"{KZ}/DUTY-1")
    with refused(LocalCode.QUESTION_UNSENT, "test"):
        question_cover(crew[KZ], Marking("test"), officer)
    with refused(LocalCode.QUESTION_UNSENT, "own"):
        question_cover(crew[ROOM], Marking(), Address(f"{ROOM}/DUTY-1"))
    with refused(LocalCode.RECIPIENTS_UNKNOWN):
        question_cover(crew[KZ], Marking(), officer, Address("CENTRE/NIGHT"))
    cover = question_cover(crew[KZ], Marking(), officer)
    with refused(LocalCode.QUESTION_UNSENT, "nothing"):
        assert ask_desk(crew[KZ], form_of(question(" - ")), cover, "x").id


def test_a_desk_says_once_what_comes_back(crew: Crew, monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer that the hub refuses is a person's to look at: the machine does not say it again and again."""
    room = crew[ROOM]
    ask_room(crew, KZ, "Z 1")
    desk = ComparingDesk(room.state, room.point)
    assert len(desk.look()) == 1
    monkeypatch.setattr("clients.actions.operations.comparing.read_told", lambda *_: {})
    ask_room(crew, KZ, "Z 2")
    known = {each.due.question.digest for each in desk.look()}
    assert asked(crew, KZ)[-2].digest not in known
    monkeypatch.undo()
    room.desk.flush()
    crew.sync()


def test_a_member_that_asks_about_too_much(tmp_path: Path) -> None:
    """What goes beyond its day is answered so, and an officer of the desk is told once."""
    crew = Crew(tmp_path)
    for at in range(MATTERS_A_DAY // 16 + 1):
        ask_room(crew, KZ, *(f"A {each}" for each in range(16 * at, 16 * at + 16)))
    assert [each.due.form.result.value for each in compare(crew)] == ["none"] * (MATTERS_A_DAY // 16) + ["not_compared"]
    ask_room(crew, UZ, f"A {MATTERS_A_DAY + 6}")
    assert [each.due.form.result.value for each in compare(crew)] == ["none"]
    (alarm,) = [each.alarm for each in crew[ROOM].store.alarms.newest(9) if each.alarm.kind == "asks_much"]
    assert alarm.detail.startswith(f"KZ/NFP: more than {MATTERS_A_DAY} matters to compare on 2026-")


def test_an_answer_that_was_deleted_is_not_given_again(tmp_path: Path) -> None:
    """The desk's retention takes texts of answers while questions still stand: who was named is not named again."""
    crew = Crew(tmp_path)
    ask_room(crew, KZ, LATIN)
    assert len(compare(crew)) == 1
    crew[KZ].desk.confirm()  # that it was received
    crew.world.time_ms += 31 * DAY_MS
    ask_room(crew, UZ, "B 1")
    room = crew[ROOM]
    set_rule(room, "deconflict_answer", 30)
    assert len(run_rules(room, plan_run(room), Address(f"{ROOM}/DUTY-1")).entries) == 1
    room.reread()
    assert [each.due.question.member for each in compare(crew)] == [UZ]
    ask_room(crew, TJ, CYRILLIC)
    assert {each.due.question.member: each.due.form.talk_to for each in compare(crew)} == {KZ: (TJ,), TJ: (KZ,)}


def test_a_seat_that_cannot_sign_for_its_member_does_not_compare(tmp_path: Path) -> None:
    """An officer's seat answers nobody, and says so before anything is looked at."""
    room = Crew(tmp_path)[ROOM]
    room.store.change_keys(lambda keys: replace(keys, signing=()))
    room.reread()
    with refused(LocalCode.NO_KEY_HELD):
        ComparingDesk(room.state, room.point)


def test_a_desk_that_does_not_answer_is_told(tmp_path: Path) -> None:
    """After half an hour the one who asked has an alarm, by his own clock: nobody has compared."""
    crew = Crew(tmp_path)
    digest = ask_room(crew, KZ, LATIN)
    crew.world.time_ms += (60 * ANSWER_MINUTES + 1) * 1_000
    desk = crew[KZ].desk
    desk.intake.check_silent(desk.state.system.clock.local_ms())
    assert (ROOM, "silent_reply") in desk.outcomes(digest)
    assert "overdue" in desk.alarms()
    assert asked(crew, KZ)[0].result is None


def test_waiting_for_an_answer_ends(crew: Crew) -> None:
    """With the answer, as soon as it is here; else when the time is over, with the question as it stands."""
    digest = ask_room(crew, KZ, "W 1")
    found = wait_for_answer(crew[KZ], digest, "actual", 0.0)
    assert found is not None
    assert found.result is None
    compare(crew)
    found = wait_for_answer(crew[KZ], digest, "actual", 600.0)
    assert found is not None
    assert found.result is ComparisonResult.NONE
