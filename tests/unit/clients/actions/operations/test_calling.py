"""What in operations a person is called for, once each."""

from __future__ import annotations

from typing import Any

import pytest

from clients.actions.news import News, NewsKind, Newsreader
from clients.actions.operations.calling import OperationCaller
from clients.actions.operations.commands import send_step
from clients.line.operations import read_steps
from clients.store import OperationCall
from schemas.addresses import Address
from tests.support.crew import Crew, Office
from tests.support.desk import ScriptedReader
from tests.support.world import KZ, ROOM, RU, TJ, UZ

MINUTE_S = 60.0


def calls(office: Office) -> list[tuple[str, tuple[Address, ...]]]:
    """What is found that nobody was called for yet: its kind, and whom it concerns."""
    before = {row for row, _ in office.store.operations.calls_after(0)}
    office.reread()
    OperationCaller(office.state).look()
    found = [call for row, call in office.store.operations.calls_after(0) if row not in before]
    return [(call.kind, call.members) for call in found]


def told(office: Office, caller: str = "run") -> list[News]:
    """What a caller tells, once."""
    reader = Newsreader(office.store, caller, lambda: office.desk.hub.world.time_ms)
    found = reader.look()
    reader.called(found)
    return found


def decide(crew: Crew, member: Address, operation: str, decision: str, **content: Any) -> str:
    """A country decides."""
    members = {"reason": {"code": "law"}, **content}
    return crew.act(member, "decide", members, operation=operation, decision=decision, chief=True)


def test_nothing_calls_where_nothing_is_wrong(crew: Crew) -> None:
    """A request that everybody grants calls nobody."""
    operation = crew.open()
    crew.agree(operation)
    assert [calls(office) for office in crew.offices.values()] == [[], [], [], [], []]


def test_a_refusal_calls_each_once_whoever_looks(crew: Crew) -> None:
    """What is not urgent by itself calls; each caller once, after a restart too; nobody is called for his own."""
    operation = crew.open()
    digest = decide(crew, UZ, operation, "refused")
    assert calls(crew[TJ]) == [("refused", (UZ,))]
    assert calls(crew[TJ]) == []
    assert calls(crew[UZ]) == []
    (news,) = told(crew[TJ])
    assert (news.kind, news.digest, news.members, news.status) == (NewsKind.REFUSED, digest, (UZ,), "actual")
    assert news.index == crew[TJ].store.items.place_of(digest)
    assert told(crew[TJ]) == []
    assert [each.kind for each in told(crew[TJ], "watch")] == [NewsKind.REFUSED]


def test_what_rings_by_itself_calls_once(crew: Crew) -> None:
    """A stop comes as flash and rings until an officer has answered it: it is not called for beside that."""
    operation = crew.open()
    crew.act(KZ, "stop", operation=operation)
    assert [kind for kind, _ in calls(crew[UZ])] == []


def test_who_has_the_goods_and_does_not_confirm_a_stop_is_telephoned(crew: Crew) -> None:
    """Two minutes after a stop its sender is called if the holder has not received it; not before, nor if it has."""
    operation = crew.open()
    crew.act(KZ, "stop", operation=operation)
    assert calls(crew[KZ]) == []
    crew.world.wait(2 * MINUTE_S)
    assert calls(crew[KZ]) == [("stop_not_received", (TJ,))]
    crew.act(RU, "stop", operation=operation)
    crew[TJ].desk.confirm()
    crew.sync()
    crew.world.wait(3 * MINUTE_S)
    assert calls(crew[RU]) == []


def test_a_stop_that_does_not_go_out_calls(crew: Crew) -> None:
    """Without a line a stop reaches nobody: after two minutes its sender is called to telephone."""
    operation = crew.open()
    assert send_step(crew[KZ], crew[KZ].prepare("stop", operation=operation))
    assert calls(crew[KZ]) == []
    crew.world.wait(2 * MINUTE_S)
    assert [kind for kind, _ in calls(crew[KZ])] == ["stop_not_sent"]


def test_an_authority_that_ends_calls_twice(crew: Crew) -> None:
    """Two hours and half an hour before it ends: its country, the holder and the lead are called; nobody else is."""
    operation = crew.open()
    crew.act(TJ, "confirm", operation=operation, chief=True)
    decide(crew, UZ, operation, "granted", valid_until="2026-11-24T15:00+05:00")
    assert calls(crew[UZ]) == []
    crew.world.wait(90 * MINUTE_S)  # 08:30 UTC: an hour and a half are left
    assert calls(crew[UZ]) == [("ends_soon", (UZ,))]
    assert [kind for kind, _ in calls(crew[TJ])] == ["ends_soon"]
    assert calls(crew[RU]) == []
    crew.world.wait(65 * MINUTE_S)
    assert calls(crew[UZ]) == [("ends_soon", (UZ,))]
    assert calls(crew[UZ]) == []


def test_a_clock_of_ours_that_ran_out_calls(crew: Crew) -> None:
    """Who promised a report and does not send it is called, and who asked for an answer; nobody else."""
    operation = crew.open()
    crew.act(KZ, "move", {"next_report": "2026-11-24T13:00+05:00"}, operation=operation)
    crew.world.wait(62 * MINUTE_S)
    assert [kind for kind, _ in calls(crew[KZ])] == ["overdue"]
    assert "overdue" not in [kind for kind, _ in calls(crew[RU])]


def test_a_red_contradiction_calls_its_owner_and_the_lead(crew: Crew) -> None:
    """A border crossed without consent is red: who answers for it, the lead and the coordinator are called."""
    operation = crew.open()
    crew.act(TJ, "confirm", operation=operation, chief=True)
    crossed = {"movement": "crossed", "ground": "planned", "soil": "UZ/NFP", "leg": "2"}
    crew.act(UZ, "move", crossed, operation=operation)
    assert "contradiction" in [kind for kind, _ in calls(crew[TJ])]
    assert "contradiction" in [kind for kind, _ in calls(crew[ROOM])]
    assert "contradiction" not in [kind for kind, _ in calls(crew[KZ])]


async def test_the_lead_is_called_for_steps_that_were_not_sent_to_it(crew: Crew) -> None:
    """The hub's list has a step that did not reach the lead: it is called once; a mere participant is not."""
    operation = crew.open()
    claim = {"id": operation, "do": "note"}
    crew.hub.send(crew.world.dispatch("KZ/NFP/DUTY-1", [RU], kind="operation", operation=claim))
    for office in (crew[TJ], crew[UZ]):
        await read_steps(office.desk.state, office.desk.intake, ScriptedReader(crew.hub, office.member), operation)
    assert calls(crew[TJ]) == [("not_sent", ())]
    assert calls(crew[UZ]) == []
    assert crew[UZ].known(operation).not_sent == crew[TJ].known(operation).not_sent


def test_what_is_old_calls_nobody(crew: Crew) -> None:
    """A seat that is new here, and learns of an operation of last month, is not called for it."""
    operation = crew.open()
    decide(crew, UZ, operation, "refused")
    crew.world.wait(8 * 24 * 60 * MINUTE_S)
    assert "refused" not in [kind for kind, _ in calls(crew[TJ])]


@pytest.mark.parametrize("kind", ["stopped", "later word"])
def test_only_known_kinds_are_told(crew: Crew, kind: str) -> None:
    """What a later program has found stays in the store, and calls nobody here."""
    crew[TJ].store.operations.call(OperationCall("A" * 43, kind, "", crew.world.time_ms, "A" * 43, (UZ,)))
    assert [each.kind.value for each in told(crew[TJ])] == ([kind] if kind == "stopped" else [])
