"""A hub restored to every point of an operation: what members submit again, in any order, and what clocks then say."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any, Final

import pytest
import sqlalchemy as sa

from broker.service.operator import begin_epoch, check_ledger, describe_epoch
from broker.service.sequencer import AcceptedAt
from schemas.encoding import encode_base64url
from schemas.errors import Code
from tests.support.operations import CONFIRM, GRANT, HAND, MOVE, NOTE, OPEN, STOP, Draft, Thread, operating_world
from tests.support.world import KZ, RU, START_S, UZ, Sent, World
from tests.unit.broker.service.notary import Notary, codes, founded

DUE_S: Final = 7_200
"""When every answer is due, after the world began."""

TAKING: Final = Draft("taking", f"{RU}/DUTY-1", (KZ, UZ), "hand", refs=(("reply", "hand"),))
STEPS: Final = (OPEN, GRANT, CONFIRM, MOVE, HAND, TAKING, STOP, NOTE)
ASKED: Final = {"open": [UZ, RU], "hand": [RU]}
"""Whose answers steps ask for: one does not come, that of the last country to the request."""

AGAIN: Final = {Code.UNKNOWN_REFERENCE, Code.OPERATION_UNKNOWN, Code.NOT_A_PARTICIPANT}
"""What a client waits for, or submits again after."""


def say(world: World) -> list[Sent]:
    """The steps of the operation, each a minute after the one before."""
    thread, sent = Thread(world), []
    for step in STEPS:
        world.wait(60)
        expects = {"by": START_S + DUE_S, "from": ASKED.get(step.name)}
        sent.append(thread.make(step, **({"expects": expects} if step.name in ASKED else {})))
    return sent


@contextmanager
def restored(path: Path, keeps: int, down_s: int = 600) -> Iterator[tuple[Notary, list[Sent]]]:
    """A hub that had everything, and after a restore has the first steps only, in a new epoch."""
    world = operating_world()
    sent = say(world)
    with founded(path, world) as notary:
        backup = path / "backup.db"
        notary.store.backup(backup)
        for place, step in enumerate(sent, 1):
            notary.accept(step)
            if place == keeps:
                backup.unlink()
                notary.store.backup(backup)
        world.wait(down_s)
        notary.restore(backup)
        need = describe_epoch(notary.store, notary.register)
        claims: dict[str, Any] = {
            "epoch": need.epoch,
            "index": need.index,
            "root": encode_base64url(need.root),
            "last": need.last,
        }
        ports = (notary.store, notary.register, notary.signer, notary.clock, world.network)
        assert isinstance(begin_epoch(*ports, world.epoch(**claims)), AcceptedAt)
        notary.sequencer.load()
        yield notary, sent


def submit_again(notary: Notary, sent: Sequence[Sent]) -> None:
    """Submit steps in an order, those again that have to wait; a stop never has to."""
    waiting = list(sent)
    while waiting:
        verdicts = dict(zip(waiting, codes(notary.submit(*waiting)), strict=True))
        left = [each for each, code in verdicts.items() if code is not None]
        assert {verdicts[each] for each in left} <= AGAIN
        assert len(left) < len(waiting)
        waiting = left


def late(notary: Notary) -> list[tuple[str, list[str]]]:
    """Whose answers the hub calls overdue once all are due: the step, and the members."""
    assert notary.events(notary.turn()) == []
    notary.world.wait(200_000)
    events = [each for _ in range(3) for each in notary.events(notary.turn())]
    return [
        (each.digests[0], [*each.members])
        for each in events
        if each.missing == "reply" and each.digests is not None and each.members is not None
    ]


@pytest.mark.parametrize("keeps", range(len(STEPS) + 1))
def test_restored_to_a_prefix(tmp_path: Path, keeps: int) -> None:
    """All that was lost is admitted again, in whatever order; who answered is not overdue, who did not is, once.

    That holds too where every clock ran out while the hub was down.
    """
    for attempt, down_s in enumerate((600, 2 * DUE_S)):
        path = tmp_path / str(attempt)
        with restored(path, keeps, down_s) as (notary, sent):
            lost = sent[keeps:]
            Random(10 * keeps + attempt).shuffle(lost)
            submit_again(notary, lost)
            assert late(notary) == [(sent[0].digest, [RU])]
            assert check_ledger(notary.store, notary.world.network).faults == ()


def test_a_stop_is_the_first_thing_that_comes_again(tmp_path: Path) -> None:
    """Whatever else was lost, the request too: a stop is admitted at once."""
    with restored(tmp_path, 0) as (notary, sent):
        stop = sent[STEPS.index(STOP)]
        move = sent[STEPS.index(MOVE)]
        assert codes(notary.submit(move, stop)) == [Code.OPERATION_UNKNOWN, None]


LONG: Final = 1_000
"""Steps of a long operation."""


def test_an_operation_of_a_thousand_steps(tmp_path: Path) -> None:
    """The last step of it costs the database as much work as one of the first, however that is asked."""
    world = operating_world()
    thread = Thread(world)
    with founded(tmp_path, world) as notary:
        notary.accept(thread.make(OPEN), thread.make(MOVE))
        follow = replace(MOVE, refs=(("reply", "move"),))
        short = work(notary, thread.make(replace(follow, name="short")))
        for start in range(0, LONG, 100):
            notary.accept(*[thread.make(replace(follow, name=f"move {start + at}")) for at in range(100)])
        assert work(notary, thread.make(replace(follow, name="long"))) < 2 * short


def work(notary: Notary, step: Sent) -> int:
    """How much the database does for a step: instructions of SQLite's own machine, in tens."""
    done = 0

    def count() -> int:
        nonlocal done
        done += 1
        return 0

    def watch(_connection: object, cursor: sqlite3.Cursor, *_asked: object) -> None:
        cursor.connection.set_progress_handler(count, 10)

    sa.event.listen(notary.store._engine, "before_cursor_execute", watch)
    notary.accept(step)
    sa.event.remove(notary.store._engine, "before_cursor_execute", watch)
    return done
