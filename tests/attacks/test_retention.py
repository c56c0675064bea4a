"""Attacks on what a member has deleted in its own store, and on the rules by which it deletes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from clients.actions.lists import list_inbox
from clients.actions.numbers import SpokenNumber
from clients.actions.retention import check_deletable, delete_dispatch, plan_run, set_rule
from clients.actions.ringing import Urgent
from clients.errors import LocalCode
from schemas.reports import encode_report
from tests.attacks.test_store import reopened, told
from tests.support.counter import Counter
from tests.support.desk import Desk, ScriptedHub, warning
from tests.support.refusals import refused
from tests.support.world import KZ, UZ, World

DAYS_MS = 400 * 86_400_000


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A desk of UZ that is up to date."""
    uz = Desk(tmp_path, ScriptedHub(World([KZ, UZ])), UZ, f"{UZ}/DUTY-1")
    uz.sync()
    return uz


def send(desk: Desk, reference: str = "W-1", **changes: Any) -> str:
    """KZ sends a warning, which comes; gives its digest."""
    digest = desk.hub.send(desk.hub.world.dispatch(KZ, [UZ], encode_report(warning(reference)), **changes))
    desk.confirm()
    item = desk.store.items.get(digest)
    assert item is not None
    assert item.step is None
    return digest


def delete(desk: Desk, digest: str) -> Counter:
    """The text is deleted by order."""
    client = Counter(desk, desk.hub)
    index = desk.store.items.place_of(digest)
    assert index is not None
    delete_dispatch(client, SpokenNumber(index, None), "order 17", None)
    return client


def test_deleted_text_delivered_again(desk: Desk) -> None:
    """A hub that delivers everything anew brings no deleted text back, even where its row was removed."""
    digest = send(desk)
    client = delete(desk, digest)
    desk.store.items._rows.drop(digest)
    desk.store.trust.ask_mail()
    desk.state.start_anew()
    desk.sync()
    item = desk.store.items.get(digest)
    assert item is not None
    assert (item.statement, item.content, item.sealed) == (None, None, None)
    assert list_inbox(client, 10).total == 0
    assert desk.alarms() == []


def test_deleted_text_under_a_newer_key(desk: Desk) -> None:
    """A sender that seals the same content again does not bring it back; it is confirmed."""
    digest = send(desk)
    client = delete(desk, digest)
    again = send(desk, refs=[{"rel": "reseal", "digest": digest}])
    item = desk.store.items.get(again)
    assert item is not None
    assert item.content is None
    assert list_inbox(client, 10).total == 0
    desk.sync()
    assert (UZ, "received") in desk.outcomes(again)


def test_another_content_as_the_deleted_one(desk: Desk) -> None:
    """What names a deleted text and says something else is shown, and rings."""
    client = delete(desk, send(desk))
    named = desk.store.deletions.newest(1)[0].digest
    shown = send(desk, "ANOTHER", refs=[{"rel": "reseal", "digest": named}], precedence="flash")
    assert [each.digest for each in list_inbox(client, 10).shown] == [shown]
    assert len(Urgent(desk.store).look()) == 1


def test_entry_of_the_log_removed(desk: Desk) -> None:
    """Whoever removes an entry of the log without the store's key raises an alarm."""
    delete(desk, send(desk))
    reopened(desk, "DELETE FROM deletion")
    assert any("deletion" in each for each in told(desk.store))


def test_open_alert_outlives_every_rule(desk: Desk) -> None:
    """An alert that nobody has answered is deleted by no rule, however old it is, and by no order."""
    digest = send(desk, precedence="flash")
    client = Counter(desk, desk.hub)
    set_rule(client, "all", 30)
    desk.hub.world.time_ms += DAYS_MS
    assert plan_run(client).digests == ()
    index = desk.store.items.place_of(digest)
    assert index is not None
    with refused(LocalCode.STILL_OPEN):
        check_deletable(client, SpokenNumber(index, None))


def test_hub_with_a_clock_ahead(desk: Desk) -> None:
    """A hub that says that a year has passed makes nothing old enough to be deleted."""
    send(desk)
    client = Counter(desk, desk.hub)
    set_rule(client, "all", 30)
    client.state.system.clock.offset_ms = DAYS_MS
    assert plan_run(client).digests == ()
