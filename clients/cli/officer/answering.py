"""Giving an officer's answer, once."""

from __future__ import annotations

from pathlib import Path

from clients.cli.desk import Desk, open_desk, tell_sent
from clients.cli.faults import Fault
from clients.cli.numbers import Spoken, spell_number
from clients.cli.officer.dispatch_view import mark_text
from clients.cli.texts import _, label_of
from clients.cli.ui import clean, note, show
from clients.focalpoint import Sent
from clients.inbox import Delivery
from clients.store import Answer, OutState, StoredItem
from schemas.addresses import Address
from schemas.errors import Code
from schemas.labels import Outcome, Status


def find_dispatch(desk: Desk, number: int) -> StoredItem:
    """The dispatch at a place, that came or was sent.

    Raises:
        SeraiError: ``not_found`` if no dispatch of ours stands there, as far as has come.
    """
    from schemas.claims import StatementType

    item = desk.store.items.at(number)
    if item is None or item.leaf.type is not StatementType.DISPATCH:
        raise Fault(
            Code.NOT_FOUND,
            _("no dispatch {number} came, and none was sent").format(number=number),
            _("See serai inbox and serai sent; what has not come yet has no number here."),
        )
    return item


def find_delivery(desk: Desk, number: int) -> Delivery:
    """The dispatch at a place that came for us.

    Raises:
        SeraiError: ``not_found``.
    """
    item = find_dispatch(desk, number)
    if not item.inbox:
        raise Fault(
            Code.NOT_FOUND,
            _("{number} was sent by us; only what came is answered").format(number=number),
            _("See serai show {number}.").format(number=number),
        )
    return desk.delivery(item)


def check_status(number: int, found: str, said: str | None) -> None:
    """Refuse what a person takes for something else than it is.

    Args:
        number: of the dispatch.
        found: how it is marked.
        said: as what the person takes it; ``None`` if that was not said.

    Raises:
        SeraiError: ``status_mismatch``.
    """
    if said is None or said == found:
        return
    raise Fault(
        Code.STATUS_MISMATCH,
        _("{number} is marked {found}, not {status}; what refers to it is marked the same").format(
            number=spell_number(number, found),
            found=label_of(Status, found).upper(),
            status=label_of(Status, said).upper(),
        ),
        _("Look at the number again: serai show {number}. A real event during an exercise is a new warning.").format(
            number=number
        ),
    )


def answer(
    said: Spoken,
    officer: Address | None,
    home: Path,
    passphrase_fd: int | None,
    *,
    wait_s: float,
    as_json: bool,
    reason: str | None,
) -> None:
    """Acknowledge or decline; what was answered before is not answered again.

    Args:
        said: the number of the dispatch, as the officer said it.
        officer: who answers; ``None`` if that is clear.
        home: the client's folder.
        passphrase_fd: where the passphrase is, if it was said.
        wait_s: how long to wait for the hub.
        as_json: for programs.
        reason: why it is declined; ``None`` to acknowledge.

    Raises:
        SeraiError: ``not_found``; ``status_mismatch`` if the officer takes it for an exercise and it is none.
    """
    number = said.place
    outcome = "acknowledged" if reason is None else "declined"
    with open_desk(home, passphrase_fd) as desk:
        delivery = find_delivery(desk, number)
        status = delivery.cover.status if delivery.cover else None
        check_status(number, status or "", said.status if status else None)
        signer = desk.officer(officer)
        spoken = spell_number(number, status)
        before = next((each for each in delivery.answers if each.outcome == outcome), None)
        if before is not None:
            value = {"state": "accepted", "number": number, "outcome": outcome, "by": before.by, "repeated": True}
            show(value, [_answered(spoken, before)], as_json=as_json)
            return
        if text := mark_text(delivery.marks):
            note(f"{spoken}: {text}")
        for other in delivery.answers:
            if other.outcome in ("acknowledged", "declined"):
                note(_answered(spoken, other))
        waiting = _waiting(desk, delivery.digest, outcome)
        sent = waiting or (
            desk.point.acknowledge(delivery, signer) if reason is None else desk.point.decline(delivery, reason, signer)
        )
        if waiting:
            note(_("It was answered already, and waits to be sent."))
        done = _("{number} {sender}: {outcome} by {officer}, place {place}.").format(
            number=spoken,
            sender=clean(delivery.sender or "?"),
            outcome=label_of(Outcome, outcome),
            officer=signer,
            place="{place}",
        )
        value = {"number": number, "outcome": outcome, "by": signer}
        tell_sent(desk, sent, wait_s, as_json=as_json, done=done, value=value)


def _answered(spoken: str, before: Answer) -> str:
    """Who has answered it already, and how."""
    text = _("{number} was answered before: {outcome} by {officer}.")
    return text.format(number=spoken, outcome=label_of(Outcome, before.outcome), officer=before.by)


def _waiting(desk: Desk, digest: str, outcome: str) -> Sent | None:
    """The same answer, if it waits in the outbox."""
    for row in desk.store.outbox.waiting(1000):
        outgoing = desk.store.outbox.get(row)
        if outgoing is None or outgoing.state in (OutState.ACCEPTED, OutState.REFUSED):
            continue
        if outgoing.draft.get("outcome") == outcome and digest in outgoing.draft.get("digests", ()):
            return Sent(desk.point, row)
    return None
