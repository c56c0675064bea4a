"""Epochs: which one follows, with which keys, and which of two holds (PROTOCOL 5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from schemas.claims import Epoch
from schemas.directory.credentials import NetworkEpoch, Position
from schemas.directory.directory import Directory
from schemas.errors import Code, SeraiError
from schemas.statements import VerifiedStatement


def apply_epoch(directory: Directory, statement: VerifiedStatement[Epoch], place: Position) -> Directory:
    """The directory after an epoch statement.

    Raises:
        SeraiError: ``wrong_epoch``, ``unknown_key``, ``wrong_network``, ``key_reused``.
    """
    new = NetworkEpoch.of(statement)
    claims = statement.claims
    if claims.epoch != len(directory.epochs) or claims.index != place.index:
        raise SeraiError(Code.WRONG_EPOCH, f"epoch {claims.epoch} at {claims.index} does not come next")
    if statement.kid not in ({directory.next_root} | {epoch.root.kid for epoch in directory.epochs[-1:]}):
        raise SeraiError(Code.UNKNOWN_KEY, "not signed by the root or the next one")
    if new.document.name != directory.network.partition("/")[0] or statement.kid != new.root.kid:
        raise SeraiError(Code.WRONG_NETWORK, "name and root of the document")
    _check_keys(directory, new)
    keys = {new.root.kid: new.root, new.event_key.kid: new.event_key}
    return replace(
        directory, epochs=(*directory.epochs, new), version=directory.version + 1, keys={**directory.keys, **keys}
    )


def _check_keys(directory: Directory, new: NetworkEpoch) -> None:
    """Each key of a network has one purpose for ever; only a next root may become the root."""
    kids = new.kids
    if len(set(kids.values())) != len(kids):
        raise SeraiError(Code.KEY_REUSED, "root, next root, ledger key and event key must differ")
    for purpose, kid in kids.items():
        if kid in directory.owners:
            raise SeraiError(Code.KEY_REUSED, f"the {purpose} was certified for {directory.owners[kid]}")
        for earlier in directory.epochs:
            others = [other for other, named in earlier.kids.items() if named == kid and other != purpose]
            if others and (others, purpose) != (["next_root"], "root"):
                raise SeraiError(Code.KEY_REUSED, f"the {purpose} was the {others[0]} of epoch {earlier.number}")


def first_difference(known: Sequence[NetworkEpoch], shown: Sequence[NetworkEpoch]) -> int | None:
    """Number of the first epoch that two histories of one network have different; ``None`` where none is."""
    for one, other in zip(known, shown, strict=False):
        if one.statement.digest != other.statement.digest:
            return one.number
    return None


def overrules(known: Sequence[NetworkEpoch], shown: Sequence[NetworkEpoch], number: int) -> bool:
    """Whether, of two epochs of a number, the one that is shown holds against the one that is known.

    The one by the next root does: the root's key may have been stolen. Of two by the same key the one
    that was verified first does.

    Args:
        known: the history that was verified first.
        shown: another, verified too; the same below ``number``.
        number: what `first_difference` gave; epoch 0 is the pinned root's, and no other holds against it.
    """
    if number == 0:
        return False
    by_next_root = known[number - 1].document.next_root
    return shown[number].statement.kid == by_next_root != known[number].statement.kid
