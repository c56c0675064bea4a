"""Epochs, heads and leaves: what a hub shows of the ledger, verified from what is trusted (PROTOCOL 5, 8).

The caller brings the network's first root and the newest head it verified. Nothing here stores,
fetches or decides what to do about a fault.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from clients.store.trust import Head
from schemas.checkpoint import parse_note, verify_note
from schemas.claims import Epoch
from schemas.directory import Directory, NetworkEpoch, Position, apply_statement
from schemas.encoding import encode_base64url
from schemas.errors import Code, SeraiError
from schemas.frames import AcceptedItem
from schemas.leaf import Leaf, is_public_type, read_leaf
from schemas.merkle import decode_proof, verify_consistency, verify_inclusion
from schemas.statements import parse_statement


def learn_epochs(network: str, texts: Iterable[str]) -> tuple[NetworkEpoch, ...]:
    """The epochs of a network from their statements, all of them, oldest first (PROTOCOL 5).

    Args:
        network: network id; its thumbprint is the root that was pinned.
        texts: epoch statements, compact.

    Raises:
        SeraiError: ``wrong_epoch``, ``unknown_key``, ``bad_signature``, ... if they do not
            follow from the pinned root, one from the other.
    """
    directory = Directory(network)
    for text in texts:
        verified = directory.verify(parse_statement(text))
        if not isinstance(verified.claims, Epoch):
            raise SeraiError(Code.WRONG_EPOCH, "not an epoch statement")
        directory = apply_statement(directory, verified, Position(verified.claims.index, verified.claims.iat))
    return directory.epochs


def epoch_at(epochs: Sequence[NetworkEpoch], index: int) -> NetworkEpoch:
    """The epoch in force at a ledger index.

    Raises:
        SeraiError: ``wrong_epoch`` before the first.
    """
    for epoch in reversed(epochs):
        if epoch.statement.claims.index <= index:
            return epoch
    raise SeraiError(Code.WRONG_EPOCH, "no epoch yet")


def verify_head(head: Head | None, epoch: NetworkEpoch, note_text: str, consistency: str) -> Head:
    """The head that a hub shows, if it follows from the one that is trusted.

    1. The note is a checkpoint of the epoch, signed by its ledger key. 2. It covers the epoch's
    own leaf. 3. It is proven to extend the trusted head.

    Args:
        head: the newest that was verified; ``None`` at the very first.
        epoch: the newest epoch.
        note_text: the checkpoint note.
        consistency: proof as it travels.

    Raises:
        SeraiError: ``bad_checkpoint``; ``inconsistent_ledger`` if step 3 fails.
    """
    verified = verify_note(parse_note(note_text), epoch.origin, epoch.ledger_key)
    new = Head(verified.checkpoint.size, verified.checkpoint.root, note_text)
    if new.size <= epoch.statement.claims.index:
        raise SeraiError(Code.BAD_CHECKPOINT, "a checkpoint of an epoch without the epoch's own leaf")
    if head is None:
        return new
    try:
        verify_consistency(head.size, head.root, new.size, new.root, decode_proof(consistency))
    except SeraiError as error:
        raise SeraiError(Code.INCONSISTENT_LEDGER, f"sizes {head.size} and {new.size}: {error.detail}") from error
    return new


def verify_leaf(leaf: Leaf, index: int, proof: str, head: Head) -> None:
    """Check that a leaf stands at its place under a verified head.

    Raises:
        SeraiError: ``bad_proof``.
    """
    verify_inclusion(leaf.hash, index, head.size, decode_proof(proof), head.root)


def check_accepted(statement: str, item: AcceptedItem, head: Head) -> Leaf:
    """The leaf of a statement that the hub says it has accepted, its place proven.

    Type, flag and digest must be those of the statement; what a later version of the leaf says beyond
    them is kept. Nobody submits an event, so the type alone says whether it is public.

    Args:
        statement: what was submitted.
        item: where the hub says it stands.
        head: verified.

    Raises:
        SeraiError: ``bad_proof``.
    """
    unverified, leaf = parse_statement(statement), read_leaf(item.leaf)
    if encode_base64url(unverified.digest) != item.digest or unverified.digest != leaf.digest:
        raise SeraiError(Code.BAD_PROOF, "not the statement of this digest")
    if leaf.type is not unverified.type or leaf.public != is_public_type(unverified.type):
        raise SeraiError(Code.BAD_PROOF, "the leaf says another type than the statement")
    verify_leaf(leaf, item.index, item.proof, head)
    return leaf
