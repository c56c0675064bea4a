# ruff: noqa: S608 - SQL as an attacker types it
"""Attacks on a client's store by plain SQL: somebody writes the file, and has no key."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from clients.actions.news import NewsKind, Newsreader
from clients.mail.compose import Ref
from clients.store import STORE_CHANGED, OutState, Owed, Store
from schemas.addresses import Address
from schemas.encoding import encode_base64url, sha256
from schemas.errors import Code
from tests.support.desk import Desk, ScriptedHub
from tests.support.refusals import refused
from tests.support.world import KZ, TJ, UZ, World


def open_desk(path: Path) -> Desk:
    """A desk with something in every table that decides something."""
    hub = ScriptedHub(World([KZ, UZ, TJ]))
    desk = Desk(path, hub, KZ, f"{KZ}/DUTY-1")
    desk.sync()
    desk.send(UZ, TJ, reference="W-1", precedence="flash")
    desk.flush()
    hub.send(hub.world.dispatch(UZ, [KZ], precedence="flash", view=hub.world.checkpoint()))
    hub.send(hub.world.dispatch(TJ, [KZ], precedence="flash"))
    desk.sync()
    hub.world.admit(hub.world.receipt(UZ, KZ, [desk.digest_of(1)]))
    desk.sync()
    desk.store.items.mark_taken(digest for _, digest in desk.store.items.untaken())
    desk.state.alarm("fork", "two histories")
    desk.store.outcomes.owe(Owed("B" * 43, "urgent", "rejected", Address(UZ), 7, "no_key"))
    desk.store.outcomes.ask_reseal(desk.digest_of(1), Address(UZ))
    desk.send(UZ, reference="waiting", refs=(Ref("update", desk.digest_of(1)),))
    return desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A desk of one's own."""
    return open_desk(tmp_path)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The store of such a desk, closed."""
    path = tmp_path_factory.mktemp("desk")
    desk = open_desk(path)
    desk.store.close()
    return desk.store.path


def plain_sql(path: Path, *statements: str) -> None:
    """What anybody can do who may write the file."""
    with closing(sqlite3.connect(path)) as file, file:
        for sql in statements:
            assert file.execute(sql).rowcount, f"nothing was changed: {sql}"


def told(store: Store) -> list[str]:
    """What the alarms say about a store that was changed."""
    return [alarm.detail for alarm in store.alarms.raised() if alarm.kind == STORE_CHANGED]


def reopened(desk: Desk, *statements: str) -> Desk:
    """The desk after its file was changed, in a process that begins and is connected."""
    desk.store.close()
    plain_sql(desk.store.path, *statements)
    desk.store = Store.open(desk.store.path, desk.passphrase, system=desk.state.system, check=False)
    assert len(told(desk.store)) == 1
    desk.restart()
    desk.state.start_anew()
    desk.sync()
    return desk


INBOX = "(SELECT digest FROM item WHERE inbox = 1 ORDER BY seq LIMIT 1)"
NEWEST = "(SELECT max(seq) FROM item WHERE lane = 'public')"

CHANGES = {
    "alert hidden": f"UPDATE item SET inbox = 0 WHERE digest = {INBOX}",
    "alert passed off as not shown": "UPDATE item SET taken = 1 - taken WHERE inbox = 1",
    "alert deleted": f"DELETE FROM item WHERE digest = {INBOX}",
    "all alerts deleted": "DELETE FROM item WHERE inbox = 1",
    "public statement deleted": f"DELETE FROM item WHERE seq = {NEWEST}",
    "urgent made normal": f"UPDATE item SET lane = 'normal' WHERE digest = {INBOX}",
    "place changed": f"UPDATE item SET place = place + 1000 WHERE digest = {INBOX}",
    "digest changed": "UPDATE item SET digest = 'A' WHERE inbox = 1 AND seq % 2",
    "outcome deleted": "DELETE FROM outcome WHERE outcome = 'received'",
    "outcome made another": "UPDATE outcome SET outcome = 'acknowledged' WHERE outcome = 'received'",
    "outcome moved": f"UPDATE outcome SET digest = {INBOX} WHERE outcome = 'received'",
    "outcome doubled": "INSERT INTO outcome SELECT 99, zeroblob(32), digest, outcome, at, stamp, blob FROM outcome"
    " LIMIT 1",
    "outcome renumbered": "UPDATE outcome SET seq = seq + 1000 WHERE outcome = 'received'",
    "what waits passed off as sent": "UPDATE outbox SET state = 'accepted', place = 1 WHERE state != 'accepted'",
    "what waits deleted": "DELETE FROM outbox WHERE state != 'accepted'",
    "alarm deleted": "DELETE FROM alarm",
    "alarm closed": "UPDATE alarm SET state = 'closed'",
    "receipt that is due deleted": "DELETE FROM due",
    "wish for another key deleted": "DELETE FROM reseal",
    "deadline moved": "UPDATE awaited SET due_at = due_at + 1000000000",
    "deadline deleted": "DELETE FROM awaited",
    "view of another member deleted": "DELETE FROM view",
    "cursors deleted": "DELETE FROM meta WHERE name = 'cursors'",
    "sums deleted": "DELETE FROM sums",
    "trigger planted": "CREATE TRIGGER hide AFTER INSERT ON item BEGIN UPDATE item SET inbox = 0; END",
    "trigger named as a table": "CREATE TRIGGER item AFTER INSERT ON item BEGIN UPDATE item SET inbox = 0; END",
    "view planted": "CREATE VIEW shown AS SELECT * FROM item",
}


@pytest.mark.parametrize("sql", CHANGES.values(), ids=CHANGES)
def test_changed_by_plain_sql(file: Path, tmp_path: Path, sql: str) -> None:
    """Each change is an alarm when the next command opens the store, once, and the store goes on being read."""
    path = tmp_path / "store.db"
    tmp_path.chmod(0o700)
    shutil.copy2(file, path)
    plain_sql(path, sql)
    for _ in range(2):
        with Store.open(path, "toy", check=False) as store:
            assert len(told(store)) == 1
            assert store.items.inbox(9) is not None
            assert store.trust.is_mail_wanted


@pytest.mark.parametrize(
    "sql",
    [
        CHANGES["alert hidden"],
        CHANGES["urgent made normal"],
        CHANGES["place changed"],
        "UPDATE item SET seq = -seq",
    ],
    ids=["hidden", "lane", "place", "order"],
)
def test_hidden_alert_is_shown_again(desk: Desk, sql: str) -> None:
    """An alert that was hidden or moved to another lane is there again, and told anew."""
    _is_there_again(desk, sql)


def test_decline_passed_off_as_called_for(desk: Desk) -> None:
    """A decline that was numbered below what somebody was called for has its own number again, and calls."""
    clock = desk.state.system.clock
    desk.store.outcomes.set_called("run", 1)
    desk.hub.world.admit(desk.hub.world.receipt(f"{UZ}/DUTY-1", KZ, [desk.digest_of(1)], "declined", reason="not_ours"))
    desk.sync()
    reopened(desk, "UPDATE outcome SET seq = -seq WHERE outcome = 'declined'")
    assert [each.kind for each in Newsreader(desk.store, "run", clock.time_ms).look()] == [NewsKind.DECLINED]


@pytest.mark.parametrize("change", ["digest changed", "all alerts deleted"])
def test_deleted_alert_comes_again(desk: Desk, change: str) -> None:
    """An alert that was deleted, or whose name was changed, comes again from the hub, and is told anew."""
    _is_there_again(desk, CHANGES[change])


def _is_there_again(desk: Desk, sql: str) -> None:
    before = {item.digest: (item.index, item.lane, item.content) for item in desk.store.items.inbox(9)}
    after = {item.digest: (item.index, item.lane, item.content) for item in reopened(desk, sql).store.items.inbox(9)}
    assert after == before
    changed = {digest for _, digest in desk.store.items.untaken()}
    assert changed
    assert changed <= {digest for _, digest in desk.store.items.urgent_after(0)}


@pytest.mark.parametrize(
    "sql",
    ["DELETE FROM item WHERE digest = '{}'", "UPDATE item SET type = 9 WHERE digest = '{}'"],
    ids=["deleted", "made another"],
)
def test_deleted_revocation_comes_back(desk: Desk, sql: str) -> None:
    """A revocation that was deleted, or made something else, is known again."""
    world = desk.hub.world
    officer = world.party(f"{UZ}/DUTY-1")
    text = world.revocation(officer)
    world.admit(text)
    desk.sync()
    reopened(desk, sql.format(encode_base64url(sha256(text.encode()))))
    with refused(Code.CREDENTIAL_REVOKED):
        desk.state.directory.holder(officer.sig.kid, desk.state.place)


def test_what_waits_goes_out_although_it_was_passed_off_as_sent(desk: Desk) -> None:
    """What was made to look accepted waits again, and goes out."""
    waiting = desk.store.outbox.waiting(9)
    reopened(desk, CHANGES["what waits passed off as sent"])
    assert desk.store.outbox.waiting(9) == waiting
    desk.flush()
    assert set(desk.store.outbox.states(waiting).values()) == {OutState.ACCEPTED}


def test_changed_deadline_and_outcome_are_what_they_were(desk: Desk) -> None:
    """A deadline that was moved is due when it was; an outcome that was made another is what it was."""
    sent = desk.digest_of(1)
    before = desk.store.outcomes.of(sent)
    reopened(desk, CHANGES["deadline moved"], CHANGES["outcome made another"])
    assert desk.store.outcomes.of(sent) == before
    assert sent in desk.store.outcomes.take_silent(desk.hub.world.time_ms + 1_000_000_000 - 1)


@pytest.mark.parametrize("table", ["item", "meta", "outcome", "outbox", "alarm"])
def test_table_of_an_older_copy(desk: Desk, tmp_path: Path, table: str) -> None:
    """Rows that are genuine but older, put back from a copy of the same store, are noticed."""
    older = tmp_path / "older.db"
    desk.store.copy_to(older)
    desk.flush()
    desk.hub.send(desk.hub.world.dispatch(UZ, [KZ], precedence="flash"))
    desk.hub.world.admit(desk.hub.world.receipt(TJ, KZ, [desk.digest_of(1)]))
    desk.sync()
    desk.state.alarm("fork", "later")
    desk.store.close()
    with closing(sqlite3.connect(desk.store.path)) as file:
        file.execute("ATTACH ? AS older", (str(older),))
        with file:
            file.execute(f"DELETE FROM {table}")
            file.execute(f"INSERT INTO {table} SELECT * FROM older.{table}")
    with Store.open(desk.store.path, "toy", check=False) as store:
        assert told(store) == [table]
