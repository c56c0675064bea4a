"""Which dispatches are exported."""

from __future__ import annotations

import pytest

from clients.actions.exporting import ExportChoice, ExportOptions, choose, exported
from clients.actions.handling import WantedUse
from clients.errors import LocalCode
from schemas.rules.handling import Use
from tests.support.counter import Counter
from tests.support.desk import Desk, ScriptedHub, warning
from tests.support.refusals import refused
from tests.support.traffic import arrive, send_now


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
    return list(choose(counter, ExportOptions(mixed=mixed, **wanted)).digests)  # type: ignore[arg-type]


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
    with refused(LocalCode.STATUSES_MIXED, "actual 2, exercise 1"):
        chosen(counter, mixed=False)
    assert chosen(counter, mixed=False, status="actual") == digests[:2]
    assert choose(counter, ExportOptions(mixed=True)).status == "mixed"
    assert choose(counter, ExportOptions(status="exercise")).status == "exercise"
    assert ExportChoice().status == "none"


def test_numbers(counter: Counter, digests: list[str]) -> None:
    """Dispatches are chosen by number, each once; one that is not here is a fault."""
    item = counter.store.items.get(digests[1])
    assert item is not None
    assert item.index is not None
    assert chosen(counter, numbers=(item.index, item.index)) == [digests[1]]
    with refused(LocalCode.NO_DISPATCH):
        chosen(counter, numbers=(999,))


def test_what_failed_a_check_is_left_out(counter: Counter, kz: Desk, hub: ScriptedHub) -> None:
    """A dispatch of which a check failed is counted, and goes into no file."""
    hub.send(hub.world.dispatch("UZ/NFP", ["KZ/NFP"], b"no report"))
    kz.sync()
    choice = choose(counter, ExportOptions())
    assert (choice.digests, choice.unverified) == ((), 1)


@pytest.mark.parametrize(("use", "stays"), [(Use.OWN, {"H2"}), (Use.OTHERS, set()), (Use.COURT, set())])
def test_what_its_provider_keeps_is_not_exported(
    kz: Desk, uz: Desk, counter: Counter, use: Use, stays: set[str]
) -> None:
    """Of what came only that is handed out which its provider permits for such a use; by its number it is refused."""
    for handling in ("H2", "H3"):
        arrive(uz, kz, reference=handling, handling=handling)
    sent, _index = send_now(kz, "UZ/NFP", handling="H3")
    choice = choose(counter, ExportOptions(wanted=WantedUse(use)))
    handed_out = {each.handling for each in exported(counter, choice) if not each.needs_permission}
    assert handed_out - {"H3"} == stays
    assert [each.item.digest for each in exported(counter, choice) if not each.needs_permission][-1] == sent
    with refused(LocalCode.USE_NOT_PERMITTED, "UZ/NFP"):
        numbers = [each.item.index or 0 for each in exported(counter, choice) if each.handling == "H3"]
        choose(counter, ExportOptions((numbers[0],), wanted=WantedUse(use)))


def test_permission_opens_what_is_kept(kz: Desk, uz: Desk, counter: Counter) -> None:
    """Where somebody says where it was permitted, it is exported, by number and by filter."""
    digest = arrive(uz, kz, handling="H3")
    wanted = WantedUse(Use.COURT, "Letter 12 of 1 June")
    number = kz.store.items.place_of(digest) or 0
    for options in (ExportOptions(wanted=wanted), ExportOptions((number,), wanted=wanted)):
        (each,) = exported(counter, choose(counter, options))
        assert (each.item.digest, each.needs_permission) == (digest, False)


def test_what_was_sent_just_now_is_exported(kz: Desk, counter: Counter) -> None:
    """What the hub has accepted is in a file with its report, though the own copy of it has not come yet."""
    digest, _index = send_now(kz, "UZ/NFP")
    (each,) = exported(counter, choose(counter, ExportOptions()))
    assert each.item.digest == digest
    assert each.delivery.report == warning()
