"""Deleting texts here: by a rule and by order, whole, and for good."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from clients.actions.backup import back_up, restore
from clients.actions.checks import Check, FindingCode, Grade, check_store
from clients.actions.home import Home
from clients.actions.lists import list_inbox, list_sent
from clients.actions.numbers import SpokenNumber
from clients.actions.reading import find_dispatch
from clients.actions.retention import (
    Deleted,
    check_deletable,
    delete_dispatch,
    plan_run,
    run_rules,
    see_retention,
    set_rule,
)
from clients.actions.ringing import Urgent
from clients.actions.searching import Query, find
from clients.errors import LocalCode
from clients.mail.compose import ReceiptDraft, Ref
from clients.store import BlobState, Store
from schemas.addresses import Address
from tests.support.counter import Counter
from tests.support.desk import Desk, ScriptedHub
from tests.support.refusals import refused
from tests.unit.clients.actions.test_attachments import send, upload

DAY_S = 86_400
ORDER = "order of the court 17/2026"


@pytest.fixture
def reader(uz: Desk, hub: ScriptedHub) -> Counter:
    """The client of UZ."""
    return Counter(uz, hub)


def come(kz: Desk, uz: Desk, reference: str = "ZORKIY-UTES", **cover: str) -> str:
    """KZ sends a warning, which comes to UZ; gives its digest."""
    row = kz.send("UZ/NFP", reference=reference, **cover)
    kz.flush()
    uz.sync()
    uz.confirm()
    kz.sync()
    return kz.digest_of(row)


def number_of(client: Counter, digest: str) -> SpokenNumber:
    """The number of a dispatch."""
    index = client.store.items.place_of(digest)
    assert index is not None
    return SpokenNumber(index, None)


def acknowledge(uz: Desk, digest: str) -> None:
    """An officer of UZ acknowledges, and the hub accepts it."""
    officer = next(iter(uz.state.keys.officers))
    uz.sender.draft([ReceiptDraft(Address("KZ/NFP"), "acknowledged", (digest,), officer, urgent=True)])
    uz.flush()


def delete(client: Counter, digest: str) -> Deleted:
    """Delete a dispatch by order."""
    return delete_dispatch(client, number_of(client, digest), ORDER, None)


def files(desk: Desk) -> Iterator[Path]:
    """Every file of a client."""
    return (path for path in desk.path.rglob("*") if path.is_file())


def again(desk: Desk) -> None:
    """All mail comes anew."""
    desk.store.trust.ask_mail()
    desk.state.start_anew()
    desk.sync()


def test_what_is_deleted_is_gone_for_good(kz: Desk, uz: Desk, reader: Counter) -> None:
    """Nothing of a deleted dispatch is left in the store but its place; delivered again, nothing of it is kept."""
    digest = come(kz, uz)
    before = uz.store.items.get(digest)
    assert before is not None
    assert before.content
    assert "ZORKIY-UTES" in before.content
    found = delete(reader, digest)
    assert [(entry.digest, entry.reason, entry.kind) for entry in found.entries] == [(digest, ORDER, "warning")]
    for _ in range(2):
        item = uz.store.items.get(digest)
        assert item is not None
        assert (item.index, item.leaf, item.proof) == (before.index, before.leaf, before.proof)
        assert (item.statement, item.sealed, item.content, item.content_key) == (None, None, None, None)
        assert not list_inbox(reader, 10).shown
        assert not find(uz.store, Query(), 10).page.shown
        again(uz)
    assert uz.alarms() == []


def test_what_is_deleted_says_so(kz: Desk, uz: Desk, reader: Counter) -> None:
    """Who looks for a deleted dispatch is told that it was deleted here, by whom and why."""
    digest = come(kz, uz)
    delete(reader, digest)
    with refused(LocalCode.DELETED_HERE, "court"):
        find_dispatch(reader, number_of(reader, digest).index)


def test_what_was_sent_is_deleted_too(kz: Desk, uz: Desk, counter: Counter) -> None:
    """Statement, content and draft of what was sent go; the lists of what was sent go on without it."""
    digest, other = come(kz, uz), come(kz, uz, "OTHER")
    delete(counter, digest)
    again(kz)
    assert [each.status.digest for each in list_sent(counter, 10).page.shown] == [other]
    row = kz.store.outbox.find(digest)
    assert row is not None
    assert (row.statement, row.sealed, row.draft) == (None, None, {})
    assert kz.alarms() == []


def test_no_byte_is_left(kz: Desk, uz: Desk, reader: Counter) -> None:
    """After a deletion neither the store's file nor its log nor the spool has the sealed bytes of what was deleted."""
    digest = come(kz, uz)
    row = uz.store._database.execute("SELECT blob FROM item WHERE digest = ?", digest).fetchone()
    sealed = bytes(row[0])[-64:]
    assert any(sealed in path.read_bytes() for path in files(uz))
    delete(reader, digest)
    assert not any(sealed in path.read_bytes() for path in files(uz))


def test_what_is_urgent_and_open_stays(kz: Desk, uz: Desk, reader: Counter, counter: Counter) -> None:
    """Neither an order nor a rule deletes what no officer has answered; answered, it goes, on both sides."""
    digest = come(kz, uz, precedence="flash")
    set_rule(reader, "all", 30)
    kz.hub.world.time_ms += 100 * DAY_S * 1000
    with refused(LocalCode.STILL_OPEN, "no officer"):
        delete(reader, digest)
    with refused(LocalCode.STILL_WAITS):
        delete(counter, digest)
    assert plan_run(reader).digests == ()
    assert plan_run(reader).kept == 1
    assert len(Urgent(uz.store).look()) == 1
    acknowledge(uz, digest)
    kz.sync()
    assert plan_run(reader).digests == (digest,)
    delete(reader, digest)
    delete(counter, digest)
    assert len(Urgent(uz.store).look()) == 0


def test_what_is_answered_in_between_stays(kz: Desk, uz: Desk, reader: Counter) -> None:
    """What a correction waits for in the outbox is not deleted, though a person has agreed to it before."""
    digest = come(kz, uz)
    set_rule(reader, "warning", 30)
    kz.hub.world.time_ms += 31 * DAY_S * 1000
    plan = plan_run(reader)
    uz.send("KZ/NFP", refs=(Ref("reply", digest),))
    assert run_rules(reader, plan, None).entries == ()
    with refused(LocalCode.STILL_SENDING):
        check_deletable(reader, number_of(reader, digest))


def test_a_rule_deletes_by_kind_and_age(kz: Desk, uz: Desk, reader: Counter) -> None:
    """What is older than the rule of its kind goes, with the rule in the log; without a rule nothing does."""
    old = come(kz, uz)
    with refused(LocalCode.RULE_MISSING):
        plan_run(reader)
    kz.hub.world.time_ms += 40 * DAY_S * 1000
    come(kz, uz, "YOUNG")
    set_rule(reader, "feedback", 30)
    assert plan_run(reader).digests == ()
    set_rule(reader, "all", 30)
    assert plan_run(reader).kinds == {"warning": 1}
    run_rules(reader, plan_run(reader), None)
    log = see_retention(reader, 10)
    assert [(entry.digest, entry.days, entry.reason) for entry in log.newest] == [(old, 30, None)]
    assert log.rules == {"all": 30, "feedback": 30}
    assert set_rule(reader, "all", None) == {"feedback": 30}


def test_who_runs_no_rule_is_told(kz: Desk, uz: Desk, reader: Counter) -> None:
    """A week after a rule came due doctor warns, until somebody has run the rules; without a rule it says nothing."""
    come(kz, uz)
    assert [found.code for found in check_store(reader) if found.check is Check.RETENTION] == []
    set_rule(reader, "all", 30)
    kz.hub.world.time_ms += 36 * DAY_S * 1000
    assert [found.code for found in check_store(reader) if found.check is Check.RETENTION] == [FindingCode.RULES_KEPT]
    kz.hub.world.time_ms += 2 * DAY_S * 1000
    [found] = [found for found in check_store(reader) if found.check is Check.RETENTION]
    assert (found.code, found.grade, found.facts["count"]) == (FindingCode.RULES_OVERDUE, Grade.WARNING, 1)
    run_rules(reader, plan_run(reader), None)
    assert [found.code for found in check_store(reader) if found.check is Check.RETENTION] == [FindingCode.RULES_KEPT]


def test_what_completes_an_open_alert_stays(kz: Desk, uz: Desk, reader: Counter, tmp_path: Path) -> None:
    """The same with its pictures is not deleted before its first text was answered: which one is named."""
    first, second = send(kz, tmp_path, "flash")
    upload(kz, uz)
    uz.confirm()
    with refused(LocalCode.STILL_OPEN):
        delete(reader, second.digest or "")
    officer = next(iter(uz.state.keys.officers))
    draft = ReceiptDraft(Address("KZ/NFP"), "declined", (second.digest or "",), officer, urgent=True, reason="not_ours")
    uz.sender.draft([draft])
    uz.flush()
    with refused(LocalCode.STILL_NAMED, str(uz.store.items.place_of(first.digest or ""))):
        delete(reader, second.digest or "")
    acknowledge(uz, first.digest or "")
    assert len(delete(reader, second.digest or "").entries) == 1


def test_a_hub_with_a_clock_ahead_makes_nothing_old(kz: Desk, uz: Desk, reader: Counter) -> None:
    """The age is counted by the clock that is behind, the hub's or ours, from when the text came here."""
    come(kz, uz)
    set_rule(reader, "all", 30)
    reader.state.system.clock.offset_ms = 400 * DAY_S * 1000
    assert plan_run(reader).digests == ()


def test_backups_that_may_hold_it_are_named(kz: Desk, uz: Desk, reader: Counter, tmp_path: Path) -> None:
    """A deletion names the backups that were made since the text came; a backup made after it never brings it back."""
    back_up(reader, Home(tmp_path / "before"))
    kz.hub.world.time_ms += 1000
    digest = come(kz, uz)
    kz.hub.world.time_ms += 1000
    back_up(reader, Home(tmp_path / "with"))
    found = delete(reader, digest)
    assert [Path(each.name).name for each in found.copies] == ["with"]
    after, restored = Home(tmp_path / "after"), Home(tmp_path / "restored")
    back_up(reader, after)
    restore(after, restored, uz.passphrase)
    with Store.open(restored.store, uz.passphrase) as store:
        assert store.deletions.get(digest) == found.entries[0]
        item = store.items.get(digest)
        assert item is not None
        assert item.content is None


def test_a_file_goes_with_the_last_that_names_it(kz: Desk, uz: Desk, reader: Counter, tmp_path: Path) -> None:
    """The blob of an attachment is deleted with its dispatch, but not while another that is here names it."""
    [sent] = send(kz, tmp_path, "routine")
    upload(kz, uz)
    uz.confirm()
    [blob] = kz.store.attachments.all()
    uz.store.attachments.put(replace(blob, state=BlobState.KEPT))
    first = sent.digest or ""
    draft = dict(sent.outgoing.draft)
    row = kz.store.outbox.add(draft, urgent=False, made_ms=1)
    kz.flush()
    uz.sync()
    uz.confirm()
    assert delete(reader, first).files == 0
    assert uz.store.spool.size(blob.digest) is not None
    assert delete(reader, kz.digest_of(row)).files == 1
    assert uz.store.spool.size(blob.digest) is None
    assert not list(uz.store.attachments.all())
    again(uz)
    assert not list(uz.store.attachments.all())
