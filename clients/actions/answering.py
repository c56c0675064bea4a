"""An officer's answer to a dispatch, once: acknowledged or declined."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from clients.actions.client import Client
from clients.actions.numbers import SpokenNumber
from clients.actions.reading import check_status, find_delivery, find_dispatch, waiting
from clients.mail.compose import ReceiptDraft
from clients.mail.inbox import Delivery
from clients.mail.sent import Sent
from clients.store import NOTED, Answer
from schemas.addresses import Address
from schemas.encoding import encode_json
from schemas.labels import DeclineReason, Outcome

_ANSWERS: Final = (Outcome.ACKNOWLEDGED, Outcome.DECLINED)


@dataclass(frozen=True, slots=True)
class OfficerAnswer:
    """What an officer's answer has led to.

    Attributes:
        delivery: what is answered, as it was before.
        officer: who answers.
        outcome: how.
        before: the same answer, if it was there already; nothing is sent then.
        sent: what was put into the outbox; ``None`` if nothing was.
        waited: whether it was in the outbox already.
        noted: it cannot be answered, and is only noted here.
    """

    delivery: Delivery
    officer: Address
    outcome: Outcome
    before: Answer | None = None
    sent: Sent | None = None
    waited: bool = False
    noted: bool = False

    @property
    def others(self) -> list[Answer]:
        """What officers have answered before."""
        return [each for each in self.delivery.answers if each.outcome in _ANSWERS]


def give_answer(
    client: Client, spoken: SpokenNumber, officer: Address | None, reason: DeclineReason | None = None
) -> OfficerAnswer:
    """Acknowledge or decline a dispatch; what was answered so before is not answered again.

    What could not be verified, or is newer than this program, cannot be answered: it is noted here. So is that an
    officer has seen how far something of ours has got that is not done.

    Args:
        client: whose.
        spoken: the number of the dispatch, as the officer typed it.
        officer: who answers; ``None`` if that is clear.
        reason: why it is declined; ``None`` to acknowledge it.

    Raises:
        ClientError: ``no_dispatch``, ``not_received``; ``marked_otherwise`` if the officer takes it for an exercise and
            it is none; what `Client.officer` and `Client.unlock` raise.
    """
    item = find_dispatch(client, spoken.index)
    if item.sent_by_us and not item.inbox and reason is None and client.store.outcomes.is_missing(item.digest, "done"):
        return _note_undone(client, client.delivery(item), client.officer(officer))
    delivery = find_delivery(client, spoken.index)
    signer = client.officer(officer)
    if not delivery.can_be_answered or delivery.cover is None:
        return _note(client, delivery, signer)
    check_status(spoken.index, delivery.cover.status, spoken.status)
    outcome = Outcome.ACKNOWLEDGED if reason is None else Outcome.DECLINED
    before = next((each for each in delivery.answers if each.outcome == outcome), None)
    if before is not None:
        return OfficerAnswer(delivery, signer, outcome, before)
    if (sent := _find_waiting(client, delivery.digest, outcome)) is not None:
        return OfficerAnswer(delivery, signer, outcome, sent=sent, waited=True)
    client.unlock(signer)
    if reason is None:
        return OfficerAnswer(delivery, signer, outcome, sent=client.point.acknowledge(delivery, signer))
    return OfficerAnswer(delivery, signer, outcome, sent=client.point.decline(delivery, reason, signer))


def shown_of(delivery: Delivery) -> str:
    """A digest of all of a dispatch by which an officer answers it: what is signed about it names what was shown.

    Whatever its sender has made of it since, what failed, and what others have answered make it another.

    Returns:
        SHA-256, hexadecimal.
    """
    made = delivery.amendments
    value = {
        "digest": delivery.digest,
        "judged": [delivery.step, delivery.code],
        "made": [None if each is None else each.source for each in (made.cancelled_by, made.corrected_by)],
        "answers": [[each.member, each.outcome, each.by] for each in delivery.answers],
        "erased": delivery.erased is not None,
    }
    return sha256(encode_json(value).encode()).hexdigest()


def _note(client: Client, delivery: Delivery, officer: Address) -> OfficerAnswer:
    """Note that an officer has seen what nobody can be answered for: it calls nobody any more, and nothing is sent."""
    before = next((each for each in delivery.answers if each.outcome == NOTED), None)
    if before is None:
        client.unlock(officer)
        now_ms = client.state.system.clock.time_ms()
        client.store.outcomes.note(delivery.digest, client.state.member, officer, now_ms)
    return OfficerAnswer(delivery, officer, Outcome.ACKNOWLEDGED, before, noted=True)


def _note_undone(client: Client, delivery: Delivery, officer: Address) -> OfficerAnswer:
    """Note that an officer has seen how far something of ours has got: it is listed again only if more happens."""
    client.store.outcomes.note(delivery.digest, client.state.member, officer, client.state.system.clock.time_ms())
    client.store.outcomes.settle_all(delivery.digest, "done")
    return OfficerAnswer(delivery, officer, Outcome.ACKNOWLEDGED, noted=True)


def _find_waiting(client: Client, digest: str, outcome: Outcome) -> Sent | None:
    """The same answer, if it waits in the outbox."""
    for outgoing, draft in waiting(client):
        if isinstance(draft, ReceiptDraft) and draft.outcome == outcome and digest in draft.digests:
            return client.point.sent(outgoing.id)
    return None
