"""Which dispatches are exported."""

from __future__ import annotations

import click
import pytest

from clients.cli.files.chosen import Choice, MomentType, NumberType, Wanted, check_filters, choose
from schemas.errors import Code
from tests.support.counter import Counter
from tests.support.desk import Desk, ScriptedHub
from tests.support.refusals import refused


@pytest.fixture
def digests(kz: Desk, uz: Desk) -> list[str]:
    """Three dispatches in the store of KZ, a minute apart: sent, come, sent as an exercise."""
    world = kz.hub.world
    rows = [kz.send("UZ/NFP", reference="KZ-1")]
    kz.flush()
    world.wait(60)
    came = uz.send("KZ/NFP", reference="UZ-1")
    uz.flush()
    kz.sync()
    world.wait(60)
    rows.append(kz.send("UZ/NFP", reference="KZ-2", status="exercise"))
    kz.flush()
    kz.sync()
    return [kz.digest_of(rows[0]), uz.digest_of(came), kz.digest_of(rows[1])]


def chosen(counter: Counter, *, mixed: bool = True, **wanted: object) -> list[str]:
    """Digests of what is chosen."""
    return list(choose(counter, Wanted(**wanted), mixed=mixed).digests)  # type: ignore[arg-type]


def test_everything_oldest_first(counter: Counter, digests: list[str]) -> None:
    """Without filters everything that was sent and came is chosen, in the order in which it came here."""
    assert chosen(counter) == digests


def test_filters(counter: Counter, digests: list[str]) -> None:
    """Direction, status, kind and time each leave what they say; a bound of time is inclusive below only."""
    first, second, third = digests
    item = counter.store.items.get(second)
    assert item is not None
    at_ms = item.leaf.accepted_at
    assert chosen(counter, direction="sent") == [first, third]
    assert chosen(counter, direction="received") == [second]
    assert chosen(counter, status="exercise") == [third]
    assert chosen(counter, kinds=("warning",)) == digests
    assert chosen(counter, kinds=("seizure", "feedback")) == []
    assert chosen(counter, since_ms=at_ms) == [second, third]
    assert chosen(counter, until_ms=at_ms) == [first]


def test_exercise_and_actual_do_not_mix(counter: Counter, digests: list[str]) -> None:
    """Exercise and actual come into one file only if that is asked for; the refusal says how many there are."""
    with refused(Code.STATUS_MISMATCH, "Actual 2, Exercise 1"):
        chosen(counter, mixed=False)
    assert chosen(counter, mixed=False, status="actual") == digests[:2]
    assert choose(counter, Wanted(), mixed=True).status == "mixed"
    assert choose(counter, Wanted(status="exercise"), mixed=False).status == "exercise"
    assert Choice(()).status == "none"


def test_numbers(counter: Counter, digests: list[str]) -> None:
    """Dispatches are chosen by number, each once; one that is not here is a fault."""
    item = counter.store.items.get(digests[1])
    assert item is not None
    assert item.index is not None
    assert chosen(counter, numbers=(item.index, item.index)) == [digests[1]]
    with refused(Code.NOT_FOUND):
        chosen(counter, numbers=(999,))


def test_what_failed_a_check_is_left_out(counter: Counter, kz: Desk, hub: ScriptedHub) -> None:
    """A dispatch of which a check failed is counted, and goes into no file."""
    hub.send(hub.world.dispatch("UZ/NFP", ["KZ/NFP"], b"no report"))
    kz.sync()
    choice = choose(counter, Wanted(), mixed=False)
    assert (choice.digests, choice.unverified) == ((), 1)


@pytest.mark.parametrize(
    ("text", "end", "expected_ms"),
    [
        ("1970-01-02", False, 86_400_000),
        ("1970-01-02", True, 2 * 86_400_000),
        ("1970-01-02T00:00Z", True, 86_400_000),
        ("1970-01-02T05:00+05:00", False, 86_400_000),
        ("1970-01-02T00:00", False, 86_400_000),
    ],
)
def test_times(text: str, end: bool, expected_ms: int) -> None:
    """A day is its beginning, or its end where that is meant; a time without an offset is UTC."""
    assert MomentType(end=end).convert(text, None, None) == expected_ms


@pytest.mark.parametrize("text", ["", "yesterday", "2026-13-01", "9999-12-31", "2026-11-24T25:00Z"])
def test_no_time(text: str) -> None:
    """What is no time is wrong use."""
    with pytest.raises(click.UsageError):
        MomentType(end=True).convert(text, None, None)


def test_numbers_as_spoken() -> None:
    """A number may be typed as it is spoken; numbers and filters do not go together."""
    assert NumberType().convert("EX 10 423", None, None) == 10_423
    with pytest.raises(click.UsageError):
        NumberType().convert("ten", None, None)
    with pytest.raises(click.UsageError):
        check_filters((1,), {"since_ms": 5})
    check_filters((1,), {"since_ms": None, "kinds": ()})
