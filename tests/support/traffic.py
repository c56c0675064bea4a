"""What happens between two desks at a scripted hub: something comes, is answered, is referred to."""

from __future__ import annotations

from typing import Any

from clients.mail.compose import ReceiptDraft, Ref
from schemas.addresses import Address
from tests.support.desk import Desk


def arrive(sender: Desk, desk: Desk, *also: str, reference: str = "secret lorry", **cover: Any) -> str:
    """One desk sends a warning to the other, which has it then; gives the digest."""
    row = sender.send(desk.member, *also, reference=reference, **cover)
    sender.flush()
    desk.sync()
    return sender.digest_of(row)


def follow_up(sender: Desk, desk: Desk, rel: str, *digests: str, precedence: str = "flash") -> str:
    """The sender sends something that refers to what it sent; gives the digest."""
    return arrive(sender, desk, precedence=precedence, refs=tuple(Ref(rel, digest) for digest in digests))


def give_receipt(desk: Desk, to: Desk, digest: str, outcome: str, reason: str | None = None) -> None:
    """The desk's officer answers what the other has sent."""
    officer = Address(f"{desk.member}/DUTY-1")
    desk.sender.draft([ReceiptDraft(Address(to.member), outcome, (digest,), officer, reason=reason, urgent=True)])
    desk.flush()


def send_now(desk: Desk, *to: str, **cover: Any) -> tuple[str, int]:
    """The desk sends a warning that is accepted; its own copy has not come yet. Gives digest and number."""
    row = desk.send(*to, **cover)
    desk.flush()
    digest = desk.digest_of(row)
    return digest, desk.store.items.place_of(digest) or 0
