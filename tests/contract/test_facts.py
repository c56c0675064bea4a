"""The port `Store`: what it tells a writer of the ledger, and what falls due."""

from __future__ import annotations

from dataclasses import replace

import pytest

from broker.core.facts import Needs
from schemas.addresses import Address
from schemas.claims import StatementType
from schemas.encoding import sha256
from tests.contract.ledger import NOTHING, SIZE, Ledger, raw
from tests.support.world import KG, KZ, TJ, World, digest_of

# Facts


def test_facts_tell_what_is_known(ledger: Ledger, world: World) -> None:
    """Of a digest in the ledger place, time, type, sender, lane and status are told; of another nothing."""
    sent = world.dispatch(f"{KZ}/DUTY-1", [KG], precedence="flash", status="test")
    receipt = world.receipt(KG, KZ, [sent.digest])
    ledger.commit(sent, receipt)
    wanted = {raw(sent.digest), raw(digest_of(receipt)), raw(digest_of(world.log[1].text)), sha256(b"other")}
    known = ledger.facts(replace(NOTHING, digests=frozenset(wanted))).known
    assert {(k.index, k.leaf.accepted_at, k.leaf.type, k.sender, k.lane, k.status) for k in known.values()} == {
        (SIZE, world.time_ms, StatementType.DISPATCH, KZ, "urgent", "test"),
        (SIZE + 1, world.time_ms, StatementType.RECEIPT, KG, "urgent", None),
        (1, world.time_ms, StatementType.CREDENTIAL, "ROOT", "public", None),
    }


def test_facts_tell_which_jti_was_used_for_what(ledger: Ledger, world: World) -> None:
    """A jti is its member's: the same one of another member does not matter."""
    sent = world.dispatch(f"{KZ}/DUTY-1", [KG])
    ledger.commit(sent)
    jti = sent.envelope.jti
    facts = ledger.facts(replace(NOTHING, jtis=frozenset({(KZ, jti), (KG, jti)})))
    assert facts.jtis.get((KZ, jti)) == raw(sent.digest)
    assert (KG, jti) not in facts.jtis


def test_facts_tell_who_was_sent_what_and_what_they_said(ledger: Ledger, world: World) -> None:
    """Recipients are readers, the sender is not; each outcome counts by member, whichever officer gave it."""
    sent = world.dispatch(KZ, [KG, TJ])
    ledger.commit(sent, world.receipt(f"{KG}/DUTY-1", KZ, [sent.digest], "acknowledged"))
    digest = raw(sent.digest)
    needs = replace(
        NOTHING,
        digests=frozenset({digest}),
        readers=frozenset((digest, member) for member in (KZ, KG, TJ)),
        outcomes=frozenset((digest, member, said) for member in (KG, TJ) for said in ("received", "acknowledged")),
    )
    facts = ledger.facts(needs)
    assert facts.readers == {(digest, KG), (digest, TJ)}
    assert facts.outcomes == {(digest, KG, "acknowledged")}


def test_facts_answer_a_large_batch(ledger: Ledger, world: World) -> None:
    """However much is asked at once, it is answered."""
    sent = [world.dispatch(KZ, [KG, TJ]) for _ in range(40)]
    ledger.commit(*sent)
    digests = {raw(each.digest) for each in sent}
    unknown = {sha256(str(number).encode()) for number in range(2_500)}
    needs = Needs(
        frozenset(digests | unknown),
        frozenset((KZ, each.envelope.jti) for each in sent) | {(KZ, str(number)) for number in range(2_500)},
        frozenset((digest, member) for digest in digests | unknown for member in (KG, TJ)),
        frozenset((digest, member, "received") for digest in digests | unknown for member in (KG, TJ)),
        frozenset(),
    )
    facts = ledger.facts(needs)
    assert set(facts.known) == digests
    assert {facts.jtis[KZ, each.envelope.jti] for each in sent} == digests
    assert facts.readers == {(digest, member) for digest in digests for member in (KG, TJ)}


def test_facts_tell_what_a_member_has_not_confirmed(ledger: Ledger, world: World) -> None:
    """Dispatches of which the member said nothing at all are told, in the order of the ledger."""
    sent = [world.dispatch(KZ, [KG], precedence=p) for p in ("routine", "flash", "routine", "priority")]
    ledger.commit(
        *sent,
        world.receipt(KG, KZ, [sent[0].digest]),
        world.receipt(f"{KG}/DUTY-1", KZ, [sent[2].digest], "declined", reason="not_ours"),
        world.dispatch(KZ, [TJ]),
    )
    unreceived = ledger.facts(replace(NOTHING, ceasing=frozenset({KG}))).unreceived[KG]
    told = [(item.index, item.digest, item.sender, item.lane) for item in unreceived]
    assert told == [(SIZE + 1, raw(sent[1].digest), KZ, "urgent"), (SIZE + 3, raw(sent[3].digest), KZ, "normal")]


# Watches


def test_watches_fall_due_in_order_and_once(ledger: Ledger, world: World) -> None:
    """The oldest come first, at most as many as asked for, none before its time, none twice."""
    reply_by = world.time_s + 60
    sent = [world.dispatch(KZ, [KG]), world.dispatch(KZ, [KG, TJ], precedence="flash", expects={"by": reply_by})]
    ledger.commit(*sent)
    assert ledger.store.due_at() == 1000 * reply_by
    assert ledger.due(59) == []
    assert [(due.watch.missing, due.digest, silent) for due, silent in ledger.due(10**6, limit=2)] == [
        ("reply", raw(sent[1].digest), (KG, TJ)),
        ("received", raw(sent[1].digest), (KG, TJ)),
    ]
    [(last, _)] = ledger.due(10**6)
    assert (last.sender, last.lane, last.watch.due_ms) == (KZ, "normal", world.time_ms + 86_400_000)
    assert (ledger.due(10**9), ledger.store.due_at()) == ([], None)


def test_who_answered_is_not_silent(ledger: Ledger, world: World) -> None:
    """Any receipt counts as received, only a reply as a reply, and only from the member itself."""
    sent = world.dispatch(KZ, [KG, TJ], expects={"by": world.time_s + 60})
    ledger.commit(
        sent,
        world.receipt(KG, KZ, [sent.digest], "rejected", step=9, reason="decryption_failed"),
        world.dispatch(TJ, [KZ], refs=[{"rel": "reply", "digest": sent.digest}]),
        world.dispatch(KG, [KZ], refs=[{"rel": "related", "digest": sent.digest}]),
    )
    silents = {due.watch.missing: silent for due, silent in ledger.due(10**6) if due.digest == raw(sent.digest)}
    assert silents == {"reply": (KG,), "received": (TJ,)}


def silent_of(ledger: Ledger, digest: str) -> tuple[Address, ...]:
    """Who owes an answer that was due."""
    (silent,) = [
        silent for due, silent in ledger.due(10**6) if (due.watch.missing, due.digest) == ("reply", raw(digest))
    ]
    return silent


def test_an_answer_is_by_whom_it_is_owed_and_goes_to_the_asker(ledger: Ledger, world: World) -> None:
    """A reply to somebody else, or by somebody who owes none, ends nothing; one to the asker does."""
    both = world.dispatch(KZ, [KG, TJ], expects={"by": world.time_s + 60})
    one = world.dispatch(KZ, [KG, TJ], expects={"by": world.time_s + 60, "from": [KG]})
    refs = [{"rel": "reply", "digest": each.digest} for each in (both, one)]
    ledger.commit(both, one, world.dispatch(KG, [TJ], refs=refs))
    ledger.commit(world.dispatch(f"{TJ}/DUTY-1", [KG, KZ], refs=refs))
    assert {silent for due, silent in ledger.due(10**6) if due.watch.missing == "reply"} == {(KG,)}


def test_the_own_member_may_owe(ledger: Ledger, world: World) -> None:
    """What the asker owes itself is answered to anybody."""
    asked = world.dispatch(KZ, [KG], expects={"by": world.time_s + 60, "from": [KZ, KG]})
    ledger.commit(asked, world.dispatch(KZ, [TJ], refs=[{"rel": "reply", "digest": asked.digest}]))
    assert silent_of(ledger, asked.digest) == (KG,)


def test_a_decline_ends_what_one_owes(ledger: Ledger, world: World) -> None:
    """Who declines owes no answer any more; the others still do, and who has but received owes it too."""
    asked = world.dispatch(KZ, [KG, TJ], expects={"by": world.time_s + 60})
    declined = world.receipt(f"{KG}/DUTY-1", KZ, [asked.digest], "declined", reason="not_ours")
    ledger.commit(asked, declined, world.receipt(TJ, KZ, [asked.digest]))
    assert silent_of(ledger, asked.digest) == (TJ,)


@pytest.mark.parametrize(
    ("rel", "asks", "silent"), [("cancel", False, ()), ("update", True, ()), ("update", False, (KG, TJ))]
)
def test_what_the_asker_says_since(
    ledger: Ledger, world: World, rel: str, asks: bool, silent: tuple[Address, ...]
) -> None:
    """A cancellation ends what is owed, a correction that asks anew replaces it, one that asks nothing does not."""
    asked = world.dispatch(KZ, [KG, TJ], expects={"by": world.time_s + 60})
    anew = {"expects": {"by": world.time_s + 10**7}} if asks else {}
    ledger.commit(asked, world.dispatch(KZ, [KG], refs=[{"rel": rel, "digest": asked.digest}], **anew))
    assert silent_of(ledger, asked.digest) == silent


def test_a_reseal_asks_nothing_anew_and_may_be_answered(ledger: Ledger, world: World) -> None:
    """Who knows the reseal alone answers that: it counts for the dispatch that it brings again."""
    asked = world.dispatch(KZ, [KG, TJ], expects={"by": world.time_s + 60})
    ledger.commit(asked)
    world.rotate(KG)
    ledger.commit(*(logged.text for logged in world.log[SIZE:]))
    again = world.dispatch(
        KZ, [KG], expects={"by": world.time_s + 60}, refs=[{"rel": "reseal", "digest": asked.digest}]
    )
    ledger.commit(again)
    ledger.commit(world.dispatch(KG, [KZ], refs=[{"rel": "reply", "digest": again.digest}]))
    due = [(each.watch.missing, each.digest) for each, _ in ledger.due(50)]
    assert due == []
    assert silent_of(ledger, asked.digest) == (TJ,)


def test_withdrawn_mail_is_owed_by_nobody(ledger: Ledger, world: World) -> None:
    """Who never got a dispatch, because its last key was revoked, is not said to owe an answer."""
    asked = world.dispatch(KZ, [KG, TJ], expects={"by": world.time_s + 60})
    ledger.commit(asked, world.revocation(world.party(KG)))
    assert silent_of(ledger, asked.digest) == (TJ,)


def test_members_are_served_in_turn(ledger: Ledger, world: World) -> None:
    """However much falls due to one member, another's turn comes at once; within a member the oldest comes first."""
    flood = [world.dispatch(KZ, [KG], expects={"by": 1 + at}) for at in range(9)]
    late = world.dispatch(TJ, [KG], expects={"by": world.time_s})
    ledger.commit(*flood, late)
    first = ledger.due(0, limit=4)
    assert [(due.sender, due.watch.due_ms) for due, _ in first] == [(KZ, 1_000), (KZ, 2_000), (TJ, 1000 * world.time_s)]
    assert [due.watch.due_ms for due, _ in ledger.due(0, limit=4, after=KZ)] == [3_000, 4_000, 5_000, 6_000]
    assert [due.watch.due_ms for due, _ in ledger.due(0, limit=4)] == [7_000, 8_000, 9_000]


def test_a_later_outcome_confirms_nothing(ledger: Ledger, world: World) -> None:
    """A receipt with a word that is not known is kept; its member is still waited for, and still has mail to lose."""
    sent = world.dispatch(KZ, [KG], expects={"by": world.time_s + 60})
    ledger.commit(sent, world.receipt(f"{KG}/DUTY-1", KZ, [sent.digest], "borrowed"))
    assert [item.digest for item in ledger.facts(replace(NOTHING, ceasing=frozenset({KG}))).unreceived[KG]] == [
        raw(sent.digest)
    ]
    assert [(due.watch.missing, silent) for due, silent in ledger.due(10**6)] == [("reply", (KG,)), ("received", (KG,))]
