"""What an officer must sign again: it waits in the outbox, and only the officer's own key can sign it.

The hub asks for another signature where a key was replaced meanwhile or the clock was wrong, a recipient where it
could not open the copy. While the officer's key is open that is done at once; else it waits here, and calls.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from clients.actions.client import Client
from clients.mail.compose import DispatchDraft, PublicDraft, ReceiptDraft, draft_from_json
from clients.mail.sent import Sent
from clients.store import Closing, Store
from schemas.addresses import Address, is_officer


@dataclass(frozen=True, slots=True)
class Unsigned:
    """What waits for the signature of an officer.

    Attributes:
        row: its number in the outbox.
        made_ms: when the officer said it, milliseconds since 1970 UTC.
        draft: what it is.
    """

    row: int
    made_ms: int
    draft: DispatchDraft | ReceiptDraft

    @property
    def officer(self) -> Address:
        """Who must sign it."""
        return self.draft.iss


def unsigned(store: Store, officer: Address | None = None) -> list[Unsigned]:
    """What waits for the signature of an officer, urgent first; of any officer, if ``None``."""
    found = []
    for outgoing in store.outbox.drafted():
        draft = draft_from_json(outgoing.draft)
        if not isinstance(draft, PublicDraft) and is_officer(draft.iss) and officer in (None, draft.iss):
            found.append(Unsigned(outgoing.id, outgoing.made_ms, draft))
    return found


def sign_again(client: Client, officer: Address, waiting: Sequence[Unsigned]) -> list[Sent]:
    """Sign what waits for an officer, and send it: the same text to the same recipients.

    The alarm that called the officer is closed once nothing more waits.

    Args:
        client: whose.
        officer: who signs; he types his passphrase.
        waiting: what he has seen.

    Raises:
        ClientError: what `Client.unlock` raises.
    """
    client.unlock(officer)
    sent = client.point.sign_again(each.row for each in waiting if each.officer == officer)
    if not unsigned(client.store, officer):
        items = ", ".join(f"item {each.id}" for each in sent)
        closing = Closing(officer, client.state.system.clock.time_ms(), items)
        client.store.alarms.close_cause("unsigned", officer, closing)
    return sent
