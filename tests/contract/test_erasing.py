"""The port `Store`: what is erased, what its days are counted from, and what stays."""

from __future__ import annotations

from broker.core.admission.events import Holding, erasures
from broker.ports import Transaction
from schemas.encoding import Digest
from tests.contract.ledger import SIZE, Item, Ledger, raw
from tests.support.world import KG, KZ, TJ, World


def outlived(ledger: Ledger, until_ms: int, limit: int = 100) -> list[Holding]:
    """What is over by a time."""
    with ledger.store.transaction() as transaction:
        return list(transaction.outlived("mail", until_ms, limit))


def say(ledger: Ledger, *digests: Digest) -> None:
    """Append the events that erase texts."""

    def write(transaction: Transaction) -> None:
        admitter, _ = ledger.write(transaction)
        for draft in erasures(ledger.store.holdings(digests), "law"):
            admitter.append_event(ledger.sign(draft), draft)
        transaction.append(admitter.admitted, ())

    with ledger.store.transaction() as transaction:
        write(transaction)


def test_days_run_when_the_last_recipient_has_confirmed(ledger: Ledger, world: World) -> None:
    """Not before, and a rejection confirms nothing; the longest ago comes first, so many at a time."""
    first, second = world.dispatch(KZ, [KG, TJ]), world.dispatch(KZ, [KG])
    ledger.commit(first, second)
    ledger.commit(world.receipt(KG, KZ, [first.digest]))
    ledger.commit(world.receipt(TJ, KZ, [first.digest], "rejected", step=7, reason="no_key"))
    assert outlived(ledger, 2**53) == []
    world.wait(5)
    ledger.commit(world.receipt(KG, KZ, [second.digest]))
    world.wait(5)
    confirmed_ms = world.time_ms
    ledger.commit(world.receipt(TJ, KZ, [first.digest]))
    assert [each.digest for each in outlived(ledger, confirmed_ms - 1)] == [raw(second.digest)]
    found = outlived(ledger, confirmed_ms)
    assert found == [
        Holding(raw(second.digest), "normal", (KG, KZ)),
        Holding(raw(first.digest), "normal", (KG, KZ, TJ)),
    ]
    assert outlived(ledger, confirmed_ms, 1) == found[:1]


def test_what_is_erased(ledger: Ledger, world: World) -> None:
    """Text, body and entries go from every mailbox; place and leaf stay, and the event is found with the gap."""
    sent: list[Item] = [world.dispatch(KZ, [KG]), world.dispatch(KZ, [KG])]
    digests = [raw(each.digest) for each in sent if not isinstance(each, str)]
    ledger.commit(*sent)
    leaves = ledger.store.leaves(0, SIZE + 2)
    say(ledger, digests[0])
    for member in (KG, KZ):
        gone, kept, event = ledger.store.mailbox(member, "normal", 0, 100, 100)
        assert (gone.index, gone.statement, gone.copy) == (SIZE, None, None)
        assert gone.erased is not None
        assert (gone.erased.index, gone.erased.text, gone.erased.leaf) == (SIZE + 2, event.statement, event.leaf)
        assert (kept.erased, kept.copy is not None) == (None, True)
        found = ledger.store.find(digests[0], member, auditor=False)
        assert found == gone
    [text, *_] = ledger.store.texts(SIZE, SIZE + 1)
    assert (text.text, text.body, text.copies) == (None, None, ())
    assert ledger.store.leaves(0, SIZE + 2) == leaves


def test_what_can_be_erased(ledger: Ledger, world: World) -> None:
    """Neither a public statement, nor what was erased, nor what says so; of what is not there nothing is said."""
    sent = world.dispatch(KZ, [KG])
    ledger.commit(sent)
    digests = [raw(sent.digest), Digest(bytes(32))]
    assert ledger.store.holdings(digests) == [Holding(raw(sent.digest), "normal", (KG, KZ))]
    say(ledger, raw(sent.digest))
    event = ledger.store.mailbox(KG, "normal", SIZE + 1, 100, 100)[0]
    wanted = [raw(sent.digest), Digest(event.leaf[11:43]), Digest(ledger.store.leaves(0, 1)[0][11:43])]
    found = {each.digest: each.can_be_erased for each in ledger.store.holdings(wanted)}
    assert found == dict.fromkeys(wanted, False)
