"""The steps of an operation, read for a participant (PROTOCOL 10, 16)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from broker.ports import LedgerStore
from broker.service.head import LedgerHead
from broker.service.items import can_be_shown, encode_alone, encode_stored
from schemas.addresses import Address
from schemas.encoding import decode_digest
from schemas.errors import Code, SeraiError

STEPS = 256
"""Steps on a page."""

ROOM_BYTES = 2 * 1024 * 1024
"""About how much goes on a page."""


@dataclass(frozen=True, slots=True)
class StepPage:
    """A part of an operation.

    Attributes:
        steps: each as JSON, in the order of the ledger: whole, or its leaf alone.
        following: the place from which the next page is to be read; ``None`` if there is none yet.
        note: the checkpoint to which the proofs belong.
    """

    steps: Sequence[str]
    following: int | None
    note: str


def read_steps(store: LedgerStore, head: LedgerHead, digest: str, member: Address, start: int) -> StepPage:
    """Read a page of an operation; blocks.

    Args:
        store: where it is.
        head: for the proofs.
        digest: of what opens the operation.
        member: who reads.
        start: first place.

    Raises:
        SeraiError: ``not_found`` if there is no operation of this digest in which the member was ever named;
            ``damaged``; ``hub_not_ready`` if a step was erased a moment ago.
    """
    nothing = SeraiError(Code.NOT_FOUND, "no operation of this digest for this reader")
    try:
        wanted = decode_digest(digest)
    except SeraiError as error:
        raise nothing from error
    found = store.operation_steps(wanted, member, start, head.size, STEPS + 1, ROOM_BYTES)
    if found is None:
        raise nothing
    room = sum(step.item.size_bytes for step in found) > ROOM_BYTES
    page = found[:STEPS]
    if any(step.shown and not can_be_shown(step.item, head) for step in page):
        raise SeraiError(Code.HUB_NOT_READY, "why a step was erased is not proven yet")
    texts = [encode_stored(step.item, head) if step.shown else encode_alone(step.item, head) for step in page]
    is_last = not page or (len(found) <= STEPS and not room)
    return StepPage(texts, None if is_last else page[-1].item.index + 1, head.note)
