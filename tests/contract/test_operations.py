"""The port `Store`: operations and their steps, as a writer, a clock, a reader and a check of the ledger find them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from broker.adapters.db.store import SqlStore
from broker.core.admission.effects import Admitted
from broker.core.facts import Facts
from broker.core.recount import Recount
from schemas.addresses import Address
from schemas.encoding import sha256
from schemas.leaf import parse_leaf
from schemas.operations.steps import NotedOperation
from tests.contract.ledger import NOTHING, Ledger, raw
from tests.support.operations import (
    ADD,
    CLOSE,
    GRANT,
    HAND,
    MOVE,
    NOTE,
    OPEN,
    PARTS,
    PLAN,
    REFUSE,
    STOP,
    WARNING,
    Draft,
    Thread,
    operating_world,
)
from tests.support.world import KG, KZ, RU, TJ, UZ, World


@pytest.fixture
def world() -> World:
    """Five members."""
    return operating_world()


@pytest.fixture
def thread(world: World) -> Thread:
    """Drafts made into dispatches."""
    return Thread(world)


def commit(ledger: Ledger, thread: Thread, *drafts: Draft, **claims: Any) -> list[Admitted]:
    """Write drafts, each with further claims."""
    return ledger.commit(*[thread.make(draft, **claims) for draft in drafts])


def facts(ledger: Ledger, operations: Sequence[str] = (), steps: Sequence[str] = ()) -> Facts:
    """What the ledger says of operations and steps."""
    digests = frozenset(map(raw, (*operations, *steps)))
    needs = replace(
        NOTHING, digests=digests, operations=frozenset(map(raw, operations)), steps=frozenset(map(raw, steps))
    )
    return ledger.facts(needs)


def test_facts_tell_of_operations(ledger: Ledger, thread: Thread) -> None:
    """Lead and all that were ever named, by the digest of the request; of what opens nothing, nothing."""
    commit(ledger, thread, OPEN, ADD, WARNING, replace(OPEN, name="second", parts={UZ: "transit"}))
    digests = thread.digests
    found = facts(ledger, [digests["open"], digests["second"], digests["warning"], digests["add"]]).operations
    assert found == {
        raw(digests["open"]): NotedOperation(KZ, frozenset(map(Address, (*PARTS, KG)))),
        raw(digests["second"]): NotedOperation(KZ, frozenset((KZ, UZ))),
    }


def test_facts_tell_of_steps(ledger: Ledger, thread: Thread, world: World) -> None:
    """What was noted of each, also by a reseal of it; of another dispatch nothing."""
    admitted = commit(ledger, thread, OPEN, GRANT, MOVE, ADD, STOP, WARNING)
    start = len(world.log)
    world.rotate(UZ)
    ledger.commit(*(logged.text for logged in world.log[start:]))
    commit(ledger, thread, Draft("again", KZ, (UZ,), None, refs=(("reseal", "open"),)))
    names = [thread.digests[name] for name in ("again", "grant", "move", "add", "stop", "warning")]
    expected = {item.index: item.step.step for item in admitted if item.step is not None}
    assert facts(ledger, steps=names).steps == expected


def test_facts_tell_under_which_key_an_entry_is(ledger: Ledger, thread: Thread, world: World) -> None:
    """Of each recipient of what is brought again."""
    commit(ledger, thread, OPEN)
    digest = raw(thread.digests["open"])
    needs = replace(NOTHING, digests=frozenset({digest}), resealed=frozenset({(digest, UZ), (digest, KG)}))
    assert ledger.facts(needs).entry_kids == {(digest, UZ): world.sealing_key(UZ).kid}


# Clocks


def told(ledger: Ledger) -> dict[str, tuple[tuple[Address, ...], tuple[Address, ...]]]:
    """Of each dispatch of which an answer is due: who is silent, and who is told besides the sender."""
    due = [(each, silent) for each, silent in ledger.due(10**7) if each.watch.missing == "reply"]
    return {each.digest.hex(): (silent, each.informed) for each, silent in due}


def test_everybody_who_got_a_step_is_told(ledger: Ledger, thread: Thread, world: World) -> None:
    """What is overdue in an operation is told to all that got it; elsewhere to who asked."""
    expects = {"by": world.time_s + 60}
    commit(ledger, thread, OPEN, WARNING, expects=expects)
    found = told(ledger)
    assert found[raw(thread.digests["open"]).hex()] == ((RU, TJ, UZ), (KZ, RU, TJ, UZ))
    assert found[raw(thread.digests["warning"]).hex()] == ((RU, TJ, UZ), ())


def test_a_close_ends_the_clocks_below_it(ledger: Ledger, thread: Thread, world: World) -> None:
    """What was asked before it is not waited for; what a later plan asks is."""
    expects = {"by": world.time_s + 60, "from": [UZ]}
    commit(ledger, thread, OPEN, expects=expects)
    commit(ledger, thread, replace(OPEN, name="other"), expects=expects)
    commit(ledger, thread, CLOSE)
    commit(ledger, thread, PLAN, expects=expects)
    silent = {name: told_of for name, (told_of, _) in told(ledger).items()}
    names = {name: silent[raw(thread.digests[name]).hex()] for name in ("open", "other", "plan")}
    assert names == {"open": (), "other": (UZ,), "plan": (UZ,)}


def test_a_note_answers_nothing(ledger: Ledger, thread: Thread, world: World) -> None:
    """Only the answer of the table is one: neither a note, nor another kind of dispatch, nor a decline."""
    commit(ledger, thread, OPEN, expects={"by": world.time_s + 60})
    other = Draft("other", RU, (KZ,), None, of=None, refs=(("reply", "open"),), claims={"kind": "reply"})
    commit(ledger, thread, replace(NOTE, to=(KZ,)), other, REFUSE)
    opened = thread.digests["open"]
    ledger.commit(world.receipt(f"{TJ}/DUTY-1", KZ, [opened], "declined", reason="not_ours"))
    assert told(ledger)[raw(opened).hex()][0] == (RU, TJ)


# Reading


def read(store: SqlStore, ledger: Ledger, thread: Thread, member: str, start: int = 0, limit: int = 100) -> Any:
    """What a member reads of an operation: places, and what it sees of each."""
    found = store.operation_steps(raw(thread.digests["open"]), Address(member), start, ledger.size, limit)
    if found is None:
        return None
    seen = [
        "leaf" if not each.shown else "gone" if each.item.statement is None else "whole" if each.item.copy else "cover"
        for each in found
    ]
    return [each.item.index for each in found], seen


def test_participants_read_every_step(store: SqlStore, ledger: Ledger, thread: Thread) -> None:
    """In order; whole what went to it, the cover of what went to all, of the rest the leaf."""
    start = ledger.size
    commit(ledger, thread, OPEN, WARNING, REFUSE, MOVE, ADD, STOP, GRANT, NOTE)
    places = [start, *range(start + 2, start + 8)]
    assert read(store, ledger, thread, KZ) == (places, ["whole", "whole", "whole", "whole", "leaf", "whole", "leaf"])
    assert read(store, ledger, thread, KG) == (places, ["cover", "leaf", "leaf", "whole", "leaf", "cover", "leaf"])
    assert read(store, ledger, thread, KZ, places[2], 2) == (places[2:4], ["whole", "whole"])


def test_a_stranger_reads_nothing(store: SqlStore, ledger: Ledger, thread: Thread) -> None:
    """Who was never named has the answer of an operation that is not there."""
    commit(ledger, thread, OPEN, WARNING)
    assert read(store, ledger, thread, KG) is None
    assert store.operation_steps(sha256(b"none"), Address(KZ), 0, ledger.size, 9) is None
    assert store.operation_steps(raw(thread.digests["warning"]), Address(KZ), 0, ledger.size, 9) is None


# A check


def recounted(ledger: Ledger, world: World) -> list[Admitted]:
    """What the texts say, read again."""
    recount = Recount(world.network)
    found = ledger.store.texts(0, ledger.size)
    return [recount.take(each.index, parse_leaf(each.leaf), each.text or "", each.body) for each in found]


def test_a_check_finds_what_was_noted(store: SqlStore, ledger: Ledger, thread: Thread, world: World) -> None:
    """A sound ledger has no fault, with every kind of step in it."""
    expects = {"by": world.time_s + 60}
    commit(ledger, thread, OPEN, expects=expects)
    taking = replace(HAND, name="taking", iss=f"{RU}/DUTY-1", to=(KZ, UZ), refs=(("reply", "hand"),))
    commit(ledger, thread, GRANT, REFUSE, MOVE, ADD, STOP, HAND, taking, NOTE, PLAN, CLOSE)
    commit(ledger, thread, Draft("late", f"{KG}/CHIEF", (KZ, UZ), "decide", "granted", refs=(("reply", "add"),)))
    commit(ledger, thread, Draft("back", f"{UZ}/DUTY-1", (KZ, RU), None, refs=(("cancel", "move"),)))
    assert check_rows(store, ledger, world) == []


def check_rows(store: SqlStore, ledger: Ledger, world: World) -> list[str]:
    """What a check says of rows."""
    return list(store.compare(recounted(ledger, world), world.time_ms))


def test_a_check_notices_mail_kept_from_who_has_no_key(
    store: SqlStore, ledger: Ledger, thread: Thread, world: World
) -> None:
    """A stop to a revoked member is in its mailbox, withdrawn, and the check expects that."""
    commit(ledger, thread, OPEN)
    stop = thread.make(replace(STOP, to=(KZ, RU)))
    start = len(world.log)
    world.revoke(RU)
    ledger.commit(*(logged.text for logged in world.log[start:]))
    [stopped, event] = ledger.commit(stop)
    assert RU not in [each.member for each in event.deliveries]
    recount = Recount(world.network)
    for each in store.texts(0, ledger.size):
        recount.take(each.index, parse_leaf(each.leaf), each.text or "", each.body)
    assert recount.kept_from == [(RU, stopped.index)]
    assert store.compare_withdrawn(recount.ceased, recount.kept_from) == []
    assert store.compare_withdrawn(recount.ceased, ()) != []
