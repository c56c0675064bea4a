"""All operations, by what is due next."""

from __future__ import annotations

from clients.actions.lists import sent_entries
from clients.actions.operations.overview import list_operations, read_lists
from schemas.operations.terms import ClockKind
from tests.support.crew import Crew
from tests.support.world import KZ, TJ, UZ


def test_the_next_due_stands_first_and_what_is_closed_is_left_out(crew: Crew) -> None:
    """Of two open operations the one whose clock ends first is first; a closed one is in the list on request."""
    later = crew.open()
    asks = [{"member": "UZ/NFP", "what": {"code": "decide"}, "until": "2026-11-24T20:00+05:00"}]
    sooner = crew.open(asks=asks, our_reference="TJ-CD-8")
    assert [each.known.id for each in list_operations(crew[UZ])] == [sooner, later]
    assert [each.known.reference for each in list_operations(crew[UZ])] == ["TJ-CD-8", "TJ-CD-7"]
    crew.act(TJ, "close", operation=sooner)
    assert [each.known.id for each in list_operations(crew[UZ])] == [later]
    assert [each.is_closed for each in list_operations(crew[UZ], closed=True)] == [False, True]


def test_a_line_says_what_is_due_and_whose_move_it_is(crew: Crew) -> None:
    """Who is asked sees that it is his move, by when, and who has stopped it."""
    operation = crew.open()
    (entry,) = list_operations(crew[UZ])
    assert entry.next_clock is not None
    assert (entry.next_clock.kind, entry.next_clock.members) == (ClockKind.ANSWER, (UZ,))
    assert entry.ours
    assert list_operations(crew[KZ])[0].stopped_by == ()
    crew.act(UZ, "stop", operation=operation)
    assert list_operations(crew[KZ])[0].stopped_by == (UZ,)


def test_an_ask_stands_once_among_what_is_not_done(crew: Crew) -> None:
    """The request stands once in what was sent and is not done, until the step that the table names answers it."""
    operation = crew.open()
    assert [each.digest for each in sent_entries(crew[TJ].store)] == [operation]
    crew.act(UZ, "note", operation=operation, to=(TJ,))
    assert [each.digest for each in sent_entries(crew[TJ].store)] == [operation]
    crew.act(UZ, "decide", operation=operation, decision="granted", chief=True)
    assert sent_entries(crew[TJ].store) == []


def test_the_list_of_steps_is_read_on_request(crew: Crew) -> None:
    """Where no process is connected, the hub's list is read at once: what was not sent to us is known by number."""
    operation = crew.open()
    claim = {"id": operation, "do": "note"}
    crew.hub.send(crew.world.dispatch("KZ/NFP/DUTY-1", [TJ], kind="operation", operation=claim))
    read_lists(crew[UZ], [operation], 5.0)
    assert crew[UZ].known(operation).not_sent == (len(crew.world.log) - 1,)
    assert crew[UZ].known(operation).read_ms == crew.world.time_ms
