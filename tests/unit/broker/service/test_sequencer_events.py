"""The sequencer: what falls due, whom a revocation leaves without mail, and what the operator has the hub say."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from broker.service import sequencer as module
from broker.service.operator import make_suspension
from broker.service.sequencer import AcceptedAt
from schemas.checkpoint import parse_note
from schemas.encoding import decode_digest, encode_base64url
from schemas.errors import Code
from schemas.merkle import hash_leaf, root_of
from tests.support.world import KG, KZ, RU, UZ, Party, World
from tests.unit.broker.service.notary import Notary, codes, committed, founded


@pytest.fixture
def notary(tmp_path: Path) -> Iterator[Notary]:
    """The notary of a network of four."""
    with founded(tmp_path, World([KZ, UZ, RU, KG])) as made:
        yield made


@pytest.fixture
def world(notary: Notary) -> World:
    """Its world."""
    return notary.world


def test_overdue_receipt(notary: Notary, world: World) -> None:
    """When a receipt is overdue, its sender is told once who is silent, on the dispatch's lane."""
    flash, calm = world.dispatch(KZ, [UZ, RU], precedence="flash"), world.dispatch(KZ, [UZ])
    notary.accept(flash, calm)
    notary.accept(world.receipt(RU, KZ, [flash.digest]))
    due_s = world.time_s + 300
    world.wait(299.999)
    assert notary.events(notary.turn()) == []
    world.wait(0.001)
    commit = notary.turn()
    (event,) = notary.events(commit)
    assert event.model_dump(exclude_none=True, exclude={"iss", "aud", "jti", "iat"}) == {
        "event": "overdue", "to": [KZ], "digests": [flash.digest], "missing": "received", "members": [UZ], "due": due_s,
    }  # fmt: skip
    assert notary.mail(KZ, "urgent")[-1] == commit.admitted[0].statement.text
    assert notary.events(notary.turn()) == []
    notary.assert_whole()


def test_overdue_reply(notary: Notary, world: World) -> None:
    """When a reply is overdue, its sender is told who has not replied, whatever else they have said."""
    asked = world.dispatch(KZ, [UZ, RU], expects={"by": world.time_s + 60})
    notary.accept(asked)
    reply = world.dispatch(RU, [KZ], refs=[{"rel": "reply", "digest": asked.digest}])
    related = world.dispatch(UZ, [KZ], refs=[{"rel": "related", "digest": asked.digest}])
    notary.accept(reply, related, world.receipt(UZ, KZ, [asked.digest]))
    world.wait(60)
    (event,) = notary.events(notary.turn())
    assert (event.missing, event.members, event.due) == ("reply", [UZ], world.time_s)


def test_nobody_is_silent(notary: Notary, world: World) -> None:
    """Where everybody has answered in time, nothing is said."""
    sent = world.dispatch(KZ, [UZ], precedence="flash")
    notary.accept(sent)
    notary.accept(world.receipt(UZ, KZ, [sent.digest]))
    world.wait(300)
    assert notary.events(notary.turn()) == []
    assert notary.store.due_at() is None


def test_receipt_and_watch_in_one_turn(notary: Notary, world: World) -> None:
    """What has fallen due is said before the turn's own statements are decided."""
    sent = world.dispatch(KZ, [UZ], precedence="flash")
    notary.accept(sent)
    world.wait(300)
    commit = notary.turn(world.receipt(UZ, KZ, [sent.digest]))
    assert [event.missing for event in notary.events(commit)] == ["received"]
    assert codes(commit.verdicts) == [None]
    assert len(commit.admitted) == 2


def test_many_overdue(notary: Notary, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """However much falls due at once, each commit says a bounded part of it, and none is lost."""
    monkeypatch.setattr(module, "MAX_EVENTS", 2)
    sent = [world.dispatch(KZ, [UZ], precedence="flash") for _ in range(5)]
    notary.accept(*sent)
    world.wait(300)
    told = [[event.digests for event in notary.events(notary.turn())] for _ in range(4)]
    assert [len(each) for each in told] == [2, 2, 1, 0]
    assert sorted(str(digests) for each in told for digests in each) == sorted(str([each.digest]) for each in sent)


def test_suspended_sender_is_told_nothing(notary: Notary, world: World) -> None:
    """What a suspended member asked for is dropped when it is due; what it owes to others is still due."""
    notary.accept(world.dispatch(KZ, [UZ], expects={"by": world.time_s + 60}))
    owed = world.dispatch(UZ, [KZ], expects={"by": world.time_s + 60})
    notary.accept(owed)
    committed(notary.sequencer.take_turn([make_suspension(KZ, lambda _: None)]))
    world.wait(60)
    (event,) = notary.events(notary.turn())
    assert (event.to, event.digests, event.members, event.missing) == ([UZ], [owed.digest], [KZ], "reply")
    world.wait(86_400)
    assert [event.to for event in notary.events(notary.turn())] == [[UZ]]


def test_a_deadline_in_the_past_is_due_at_once(notary: Notary, world: World) -> None:
    """It may have waited to be sent: it is admitted, and who has not answered is told with the next commit."""
    notary.accept(world.dispatch(KZ, [UZ], expects={"by": 1}))
    (event,) = notary.events(notary.turn())
    assert (event.missing, event.due) == ("reply", 1)


def test_what_is_asked_in_a_commit_is_bounded(notary: Notary, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Dispatches to many are looked at a few at a time, and each of them once."""
    monkeypatch.setattr(module, "MAX_ASKED", 6)
    notary.accept(*(world.dispatch(KZ, [UZ, RU], precedence="flash") for _ in range(5)))
    world.wait(300)
    assert [len(notary.events(notary.turn())) for _ in range(4)] == [2, 2, 1, 0]


def test_a_flood_of_deadlines_does_not_keep_others_waiting(
    notary: Notary, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who asked for one thing hears of it with the next commit, however much another has asked for before."""
    monkeypatch.setattr(module, "MAX_EVENTS", 2)
    notary.accept(*(world.dispatch(KZ, [UZ], expects={"by": 1}) for _ in range(9)))
    late = world.dispatch(RU, [UZ], expects={"by": world.time_s})
    notary.accept(late)
    told = notary.events(notary.turn()) + notary.events(notary.turn())
    assert [late.digest] in [event.digests for event in told]


def test_undeliverable(notary: Notary, world: World) -> None:
    """A member's last revocation and the events about its mail are one commit; the mail is not delivered later."""
    got, lost = world.dispatch(KZ, [UZ, RU]), world.dispatch(KZ, [UZ], precedence="flash")
    notary.accept(got, lost)
    notary.accept(world.receipt(UZ, KZ, [got.digest]))
    commit = notary.turn(world.revocation(world.party(UZ)))
    (event,) = notary.events(commit)
    assert (event.event, event.to, event.digests, event.member) == ("undeliverable", [KZ], [lost.digest], UZ)
    assert notary.mail(KZ, "urgent")[-1] == commit.admitted[1].statement.text
    notary.accept(world.credential(Party.of(UZ, 1)))
    assert (notary.mail(UZ, "urgent"), notary.mail(UZ)[0]) == ([], got.text)
    assert notary.store.find(decode_digest(lost.digest), UZ, auditor=False) is None
    world.wait(86_400)
    assert [event.members for event in notary.events(notary.turn())] == [[RU]]
    notary.assert_whole()


def test_withdrawn_is_not_reported_again(notary: Notary, world: World) -> None:
    """A member that ceases twice is reported with what came in between, not with what was reported before."""
    notary.accept(world.dispatch(KZ, [UZ]))
    world.revoke(UZ)
    world.rotate(UZ)
    notary.catch_up()
    between = world.dispatch(KZ, [UZ])
    notary.accept(between)
    (event,) = notary.events(notary.turn(world.revocation(world.party(UZ))))
    assert event.digests == [between.digest]


def test_mail_after_a_new_credential_in_one_turn(notary: Notary, world: World) -> None:
    """What is sent after a new credential is delivered, though it came in one commit with the revocation."""
    old, new = world.party(UZ), Party.of(UZ, 1)
    before = world.dispatch(KZ, [UZ])
    items = [before.text, world.revocation(old), world.credential(new)]
    ahead = World([KZ, UZ, RU, KG])
    ahead.rotate(UZ)
    after = ahead.dispatch(KZ, [UZ])
    candidates = [notary.candidate(before), *map(notary.candidate, items[1:]), notary.candidate(after)]
    commit = committed(notary.sequencer.take_turn(candidates))
    assert codes(commit.verdicts) == [None] * 4
    assert [event.digests for event in notary.events(commit)] == [[before.digest]]
    assert notary.mail(UZ) == [after.text]


def test_receipts_outlive_a_revocation(notary: Notary, world: World) -> None:
    """What others have said to a member is kept for it: no event tells them otherwise."""
    sent = world.dispatch(UZ, [KZ])
    receipt = world.receipt(KZ, UZ, [sent.digest])
    notary.accept(sent, receipt)
    commit = notary.turn(world.revocation(world.party(UZ)))
    assert notary.events(commit) == []
    assert notary.mail(UZ) == [sent.text, receipt]


def test_suspension_by_the_operator(notary: Notary, world: World) -> None:
    """A draft of the operator's becomes a public event, and the answer names it."""
    suspension = make_suspension(UZ, lambda _: None)
    commit = committed(notary.sequencer.take_turn([suspension, notary.candidate(world.dispatch(UZ, [KZ]))]))
    (event,) = notary.events(commit)
    assert (event.event, event.member) == ("suspended", UZ)
    assert codes(commit.verdicts) == [None, Code.SUSPENDED]
    admitted = commit.admitted[0]
    assert commit.verdicts[0] == AcceptedAt(admitted.statement.digest, admitted.index, admitted.leaf)
    assert [item.statement for item in notary.store.public(admitted.index, admitted.index + 1, 5)] == [
        admitted.statement.text
    ]


def test_new_epoch_stands_first(notary: Notary, world: World) -> None:
    """Where an epoch may begin, what has fallen due waits: the root has signed for the place that comes next."""
    notary.accept(world.dispatch(KZ, [UZ], precedence="flash"))
    world.wait(300)
    head = notary.store.head()
    root = encode_base64url(root_of([hash_leaf(leaf) for leaf in notary.leaves()]))
    epoch = notary.candidate(world.epoch(epoch=1, index=head.size, root=root))
    commit = committed(notary.make_sequencer(new_epoch=True).take_turn([epoch]))
    assert codes(commit.verdicts) == [None]
    assert (commit.head.epoch, parse_note(commit.head.note).checkpoint.origin[-2:]) == (1, "/1")
    notary.sequencer.load()
    assert notary.events(notary.turn()) == []
    world.wait(60)
    assert [event.event for event in notary.events(notary.turn())] == ["overdue"]
