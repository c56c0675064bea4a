"""Who gets an entry of a dispatch, and in which order (PROTOCOL 7)."""

from __future__ import annotations

from collections.abc import Sequence

from schemas.addresses import Address, member_of
from schemas.errors import Code, SeraiError


def recipients_of(to: Sequence[Address], iss: Address) -> tuple[Address, ...]:
    """Who gets an entry: the addresses of ``to`` in their order, then the sender's member unless among them.

    Args:
        to: of the cover.
        iss: who signs, a member or one of its officers.
    """
    sender = member_of(iss)
    return tuple(to) if sender in to else (*to, sender)


def entry_position(to: Sequence[Address], iss: Address, member: Address) -> tuple[int, int]:
    """Index of a member's entry among the entries of a dispatch, and how many there are.

    Raises:
        SeraiError: ``not_a_recipient`` if the member gets none.
    """
    recipients = recipients_of(to, iss)
    if member not in recipients:
        raise SeraiError(Code.NOT_A_RECIPIENT, f"neither to nor from {member}")
    return recipients.index(member), len(recipients)
