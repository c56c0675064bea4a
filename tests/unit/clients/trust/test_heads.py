"""Epochs, heads and accepted statements: what a hub shows of the ledger is believed only if it follows."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from clients.trust.heads import (
    check_accepted,
    epoch_at,
    learn_epochs,
    verify_head,
)
from schemas.encoding import encode_base64url, sha256
from schemas.errors import Code
from schemas.frames import AcceptedItem
from schemas.merkle import encode_proof
from tests.support.placed import Bench, head_of
from tests.support.refusals import refused
from tests.support.world import (
    KZ,
    RU,
    UZ,
    Party,
    World,
    consistency_proof,
)


@pytest.fixture
def bench() -> Bench:
    """A fresh bench."""
    return Bench()


# Epochs and heads


def test_epochs_follow_from_the_pinned_root(bench: Bench) -> None:
    """Every epoch is learned, across a change of root, from the thumbprint alone."""
    bench.world.turn_root()
    texts = [epoch.statement.text for epoch in bench.world.directory.epochs]
    epochs = learn_epochs(bench.world.network, texts)
    assert [epoch.statement.text for epoch in epochs] == texts
    assert [epoch_at(epochs, index).number for index in (0, 6, 7, 99)] == [0, 0, 1, 1]


def test_epochs_of_another_root_are_refused(bench: Bench) -> None:
    """A hub cannot make a network: its epoch must be signed by the pinned root."""
    other = World([KZ], name="other")
    with refused(Code.UNKNOWN_KEY):
        learn_epochs(bench.world.network, [other.log[0].text])
    with refused(Code.WRONG_EPOCH):
        learn_epochs(bench.world.network, [bench.world.log[0].text, bench.world.log[1].text])


def test_no_epoch_is_in_force_before_the_first() -> None:
    """Without epochs no index has one."""
    with refused(Code.WRONG_EPOCH):
        epoch_at((), 0)


def test_head_is_followed(bench: Bench) -> None:
    """A newer checkpoint is believed if it extends the one that is trusted."""
    world, epoch = bench.world, bench.world.directory.epoch
    first = verify_head(None, epoch, world.checkpoint(), "")
    world.rotate("KZ/NFP")
    proof = encode_proof(consistency_proof(world.hashes(), first.size))
    second = verify_head(first, epoch, world.checkpoint(), proof)
    assert (first.size, second.size, second.root) == (7, 8, world.tree_root())
    assert verify_head(second, epoch, world.checkpoint(), "") == second


def test_shrinking_or_forked_ledger_is_inconsistent(bench: Bench) -> None:
    """A signed checkpoint that does not extend the trusted one is a fork."""
    world, epoch = bench.world, bench.world.directory.epoch
    trusted = head_of(world.checkpoint())
    with refused(Code.INCONSISTENT_LEDGER):
        verify_head(trusted, epoch, world.checkpoint(5), "")
    other = World([KZ, UZ, RU])
    other.log[-1] = other.log[-2]
    with refused(Code.INCONSISTENT_LEDGER):
        verify_head(trusted, epoch, other.checkpoint(), "")


def test_checkpoint_of_another_key_or_without_its_epoch_is_bad(bench: Bench) -> None:
    """A note must be signed by the epoch's ledger key and cover the epoch's own leaf."""
    world = bench.world
    first = world.directory.epoch
    stranger = replace(first, ledger_key=Party.of(KZ).sig.public)
    with refused(Code.BAD_CHECKPOINT):
        verify_head(None, stranger, world.checkpoint(), "")
    world.turn_root()
    with refused(Code.BAD_CHECKPOINT, "own leaf"):
        verify_head(None, world.directory.epoch, world.checkpoint(7), "")


def test_accepted_statement_is_proven(bench: Bench) -> None:
    """The place that a hub names for a submission is checked like any other."""
    sent = bench.dispatch()
    placed = bench.place(sent.text, sent)
    item = AcceptedItem(digest=sent.digest, index=placed.index, leaf=placed.item.leaf, proof=placed.item.proof)
    assert check_accepted(sent.text, item, placed.head) == placed.leaf
    later = encode_base64url(replace(placed.leaf, accepted_at=5).to_bytes())
    for changes in (
        {"digest": "A" * 43},
        {"index": placed.index - 1},
        {"leaf": later},
        {"leaf": "A" * 58},
        {"proof": ""},
    ):
        with refused(Code.BAD_PROOF):
            check_accepted(sent.text, item.model_copy(update=changes), placed.head)


@pytest.mark.parametrize(
    "changes", [{"code": 5}, {"code": 1, "public": True}, {"code": 7}, {"digest": sha256(b"")}], ids=str
)
def test_accepted_under_another_type(bench: Bench, changes: dict[str, Any]) -> None:
    """A statement that the hub put into the ledger as something else, even something newer, was not accepted."""
    sent = bench.dispatch()
    placed = bench.place(sent.text, sent, leaf=changes)
    item = AcceptedItem(digest=sent.digest, index=placed.index, leaf=placed.item.leaf, proof=placed.item.proof)
    with refused(Code.BAD_PROOF):
        check_accepted(sent.text, item, placed.head)


def test_accepted_under_a_later_version(bench: Bench) -> None:
    """What a later version of the leaf says beyond byte 43 is kept, and changes nothing."""
    sent = bench.dispatch()
    placed = bench.place(sent.text, sent, leaf={"version": 2, "rest": b"later"})
    item = AcceptedItem(digest=sent.digest, index=placed.index, leaf=placed.item.leaf, proof=placed.item.proof)
    assert check_accepted(sent.text, item, placed.head).rest == b"later"
