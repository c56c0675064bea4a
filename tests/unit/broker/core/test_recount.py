"""What was written with each statement, computed again from texts alone."""

from __future__ import annotations

import pytest

from broker.core.admission.effects import Admitted, MailboxEntry, Watch
from broker.core.recount import Recount
from broker.core.verification import StoredEntry
from schemas import limits
from schemas.errors import Code
from schemas.leaf import Leaf
from tests.support.refusals import refused
from tests.support.world import KG, KZ, UZ, World

ENTRY = StoredEntry(b"", b"")


@pytest.fixture
def world() -> World:
    """A network of three, each with an officer."""
    return World([KZ, KG, UZ])


def recounted(world: World) -> tuple[Recount, list[Admitted]]:
    """A world's whole log."""
    recount = Recount(world.network)
    return recount, [recount.take(index, item.leaf, item.text, b"body") for index, item in enumerate(world.log)]


def test_public_statements_give_the_directory(world: World) -> None:
    """Keys and revocations are applied, a member whose last key is revoked has ceased; nobody gets mail of them."""
    world.revoke("UZ/NFP/DUTY-1")
    assert recounted(world)[0].ceased == []
    world.revoke(UZ)
    recount, admitted = recounted(world)
    assert recount.directory == world.directory
    assert recount.ceased == [(UZ, len(world.log) - 1)]
    assert {(item.lane, item.deliveries, item.watches) for item in admitted} == {("public", (), ())}


def test_a_dispatch(world: World) -> None:
    """It goes to its recipients and, not addressed, to its sender's member; receipt and reply are due."""
    first = world.dispatch(KZ, [KG, UZ])
    world.admit(first.text)
    world.admit(
        world.dispatch(
            KG,
            [KG],
            precedence="flash",
            expects={"by": world.time_s + 60},
            refs=[{"rel": "reply", "digest": first.digest}],
        ).text
    )
    before, after = recounted(world)[1][-2:]
    due_ms = world.time_ms + 1000 * limits.RECEIVED_DUE_S["routine"]
    assert before.deliveries == (
        MailboxEntry(KG, True, ENTRY),
        MailboxEntry(UZ, True, ENTRY),
        MailboxEntry(KZ, False, ENTRY),
    )
    assert (before.lane, before.watches) == ("normal", (Watch(due_ms, before.index, "received"),))
    assert (after.lane, after.deliveries) == ("urgent", (MailboxEntry(KG, True, ENTRY),))
    assert after.references == ((before.index, "reply"),)
    assert after.watches[1] == Watch(world.time_ms + 60_000, after.index, "reply")
    assert after.content is not None
    assert (after.content.body, len(after.content.entries)) == (b"body", 1)


def test_answers_that_are_owed(world: World) -> None:
    """Who owes one, and what ended that first: an answer to the asker, a decline, a cancellation, being asked anew."""
    asked = [world.dispatch(KZ, [KG, UZ], expects={"by": world.time_s + 60}) for _ in range(3)]
    for sent in asked:
        world.admit(sent.text)
    start = len(world.log)
    refs = [
        [{"rel": rel, "digest": sent.digest}] for rel, sent in zip(("reply", "cancel", "update"), asked, strict=True)
    ]
    world.admit(world.dispatch(KG, [UZ], refs=refs[0]).text)
    world.admit(world.dispatch(KG, [KZ], refs=refs[0]).text)
    world.admit(world.receipt(f"{UZ}/DUTY-1", KZ, [asked[0].digest, asked[1].digest], "declined", reason="not_ours"))
    world.admit(world.dispatch(KZ, [KG], refs=refs[1]).text)
    world.admit(world.dispatch(KZ, [KG], refs=refs[2], expects={"by": world.time_s, "from": [KZ]}).text)
    recount, admitted = recounted(world)
    assert [item.owing for item in admitted[start - 3 :]] == [(KG, UZ)] * 3 + [()] * 4 + [(KZ,)]
    assert recount.ended == {
        (start - 3, KG): start + 1,
        (start - 3, UZ): start + 2,
        (start - 2, KG): start + 3,
        (start - 2, UZ): start + 2,
        (start - 1, KG): start + 4,
        (start - 1, UZ): start + 4,
        (start + 4, KZ): None,
    }


def test_receipts_and_events(world: World) -> None:
    """They take the most urgent lane of what they name; the first of an outcome counts."""
    flash, routine = world.dispatch(KZ, [KG], precedence="flash"), world.dispatch(KZ, [KG, KZ])
    for sent in (flash, routine):
        world.admit(sent.text)
    start = len(world.log)
    world.admit(world.receipt(KG, KZ, [routine.digest]))
    world.admit(world.receipt(KG, KZ, [routine.digest, flash.digest]))
    world.admit(world.receipt(KZ, KZ, [routine.digest]))
    world.admit(world.event("overdue", to=[KZ], digests=[flash.digest], members=[KG], missing="received", due=1))
    world.admit(world.event("suspended", member=KG))
    first, second, own, event, suspended = recounted(world)[1][start:]
    assert (first.lane, first.outcomes) == ("normal", ((start - 1, "received"),))
    assert (second.lane, second.outcomes) == ("urgent", ((start - 2, "received"),))
    assert first.deliveries == (MailboxEntry(KZ, True), MailboxEntry(KG, False))
    assert (own.deliveries, own.outcomes) == ((MailboxEntry(KZ, True),), ((start - 1, "received"),))
    assert (event.lane, event.deliveries) == ("urgent", (MailboxEntry(KZ, True),))
    assert (suspended.lane, suspended.deliveries) == ("public", ())


def test_what_names_something_gone_cannot_be_recounted(world: World) -> None:
    """A text that is gone is told from one that never was."""
    sent = world.dispatch(KZ, [KG])
    world.admit(sent.text)
    world.admit(world.receipt(KG, KZ, [sent.digest]))
    dispatch, receipt = world.log[-2:]
    recount = recounted(World([KZ, KG, UZ]))[0]
    with refused(Code.UNKNOWN_REFERENCE):
        recount.take(len(world.log) - 1, receipt.leaf, receipt.text, None)
    recount.skip(dispatch.leaf, "normal")
    with refused(Code.GONE):
        recount.take(len(world.log) - 1, receipt.leaf, receipt.text, None)


@pytest.mark.parametrize("public", [False, True])
def test_a_leaf_that_says_otherwise(world: World, public: bool) -> None:
    """Type and public flag of a leaf are those of its text."""
    sent = world.dispatch(KZ, [KG])
    logged = world.admit(sent.text)
    code = logged.leaf.code if public else world.log[0].leaf.code
    leaf = Leaf(logged.leaf.accepted_at, code, public or code == 1, logged.leaf.digest)
    recount = recounted(World([KZ, KG, UZ]))[0]
    with refused(Code.DAMAGED):
        recount.take(len(world.log) - 1, leaf, logged.text, None)
