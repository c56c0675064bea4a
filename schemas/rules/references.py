"""Which dispatch may refer to which, and which receipt answers which (PROTOCOL 6)."""

from __future__ import annotations

from typing import Final

from schemas.claims import Receipt
from schemas.errors import Code, SeraiError

OWN_ONLY: Final[frozenset[str]] = frozenset({"update", "cancel", "countersign", "reseal"})
"""References that only the member that sent the original may make."""


def check_reference(rel: str, *, by_sender: bool, by_recipient: bool) -> None:
    """A dispatch refers to what its member sent or was sent; it amends only what its member sent.

    A relation that is not known is one like ``related``.

    Args:
        rel: how it refers.
        by_sender: whether its member sent the original.
        by_recipient: whether its member was sent the original.

    Raises:
        SeraiError: ``reference_not_permitted``.
    """
    if not by_sender and (rel in OWN_ONLY or not by_recipient):
        raise SeraiError(Code.REFERENCE_NOT_PERMITTED, rel)


def check_answer(receipt: Receipt, sender: str, *, by_recipient: bool) -> None:
    """A receipt goes to the sender of what it names, from a member that was sent it.

    Args:
        receipt: its claims.
        sender: member that sent what it names.
        by_recipient: whether the signer's member was sent it.

    Raises:
        SeraiError: ``not_a_recipient``.
    """
    if sender != receipt.to or not by_recipient:
        raise SeraiError(Code.NOT_A_RECIPIENT, f"the receipt of {receipt.iss}")
