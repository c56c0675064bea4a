"""A store that was changed from outside, where the tests of attacks do not look (`tests/attacks/test_store.py`)."""

from __future__ import annotations

from pathlib import Path

import pytest

from clients.store import STORE_CHANGED, Alarm, Store
from schemas.errors import Code
from tests.support.desk import Desk, ScriptedHub
from tests.support.refusals import refused
from tests.support.world import KZ, UZ, World


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A desk to which something urgent has come."""
    hub = ScriptedHub(World([KZ, UZ]))
    desk = Desk(tmp_path, hub, KZ, f"{KZ}/DUTY-1")
    hub.send(hub.world.dispatch(UZ, [KZ], precedence="flash"))
    desk.sync()
    return desk


def told(store: Store) -> list[str]:
    """What the alarms say about a store that was changed."""
    return [alarm.detail for alarm in store.alarms.raised() if alarm.kind == STORE_CHANGED]


def test_older_copy_as_a_whole_is_caught_up(desk: Desk, tmp_path: Path) -> None:
    """A whole file that is older is genuine: what came since comes again, as after a restore."""
    older = tmp_path / "older.db"
    desk.store.copy_to(older)
    later = desk.hub.send(desk.hub.world.dispatch(UZ, [KZ], precedence="flash"))
    desk.sync()
    desk.store.close()
    desk.store = Store.open(older, "toy", system=desk.state.system, check=False)
    assert told(desk.store) == []
    desk.restart()
    desk.sync()
    assert desk.store.items.inbox(1)[0].digest == later


def test_change_under_a_client_that_runs(desk: Desk) -> None:
    """A row that is changed under an open store is refused when it is read; a check tells of it and makes it good."""
    digest = desk.store.items.inbox(1)[0].digest
    desk.store._database.execute("UPDATE item SET lane = 'normal' WHERE digest = ?", digest)
    with refused(Code.DAMAGED):
        desk.store.items.get(digest)
    desk.state.check_store()
    assert [notice.kind for notice in desk.state.take_notices() if isinstance(notice, Alarm)][-1] == STORE_CHANGED
    stored = desk.store.items.get(digest)
    assert stored is not None
    assert stored.lane == "urgent"


def test_changed_content(desk: Desk) -> None:
    """A content that was changed is noticed when the whole file is checked; it is dropped, and comes again."""
    (item,) = desk.store.items.inbox(9)
    desk.store._database.execute("UPDATE item SET blob = zeroblob(99) WHERE digest = ?", item.digest)
    assert desk.store.check() is None
    alarm = desk.store.check(contents=True)
    assert alarm is not None
    assert "lost" in alarm.evidence["item"]
    assert desk.store.items.inbox(9) == []
    desk.restart()
    desk.state.start_anew()
    desk.sync()
    assert [each.content for each in desk.store.items.inbox(9)] == [item.content]


def test_sound_store_is_left_alone(desk: Desk) -> None:
    """A store that nobody has changed has no alarm, however it is checked, and nothing is asked for again."""
    assert desk.store.check(contents=True) is None
    with Store.open(desk.store.path, "toy") as again:
        assert told(again) == []
        assert not again.trust.is_mail_wanted


def test_keys_of_an_older_copy(desk: Desk, tmp_path: Path) -> None:
    """Keys that were put back from a copy are told of; they are used, for the passphrase has opened them."""
    older = tmp_path / "older.db"
    desk.store.copy_to(older)
    desk.store.change_keys(lambda keys: keys)
    desk.store._database.execute("ATTACH ? AS older", str(older))
    desk.store._database.execute("INSERT OR REPLACE INTO keystore SELECT * FROM older.keystore")
    with Store.open(desk.store.path, "toy") as again:
        assert told(again) == ["keystore"]
        assert again.keys == desk.store.keys
