"""An officer at a screen: the signing key is open for as long as the officer is there.

One passphrase opens it, in the memory of this process alone. It is locked by the officer, at the end, and by itself
ten minutes after the last key press, by the wall clock: a machine that slept has no open key when it wakes, and a
clock that was put back locks, too. What a session signs was shown before, and is shown again if it is another since.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from clients.actions.answering import OfficerAnswer, give_answer
from clients.actions.client import Client
from clients.actions.numbers import SpokenNumber
from clients.actions.reading import check_status, find_delivery
from clients.actions.signing import sign_again, unsigned
from clients.errors import ClientError, LocalCode
from clients.mail.inbox import Delivery
from clients.mail.sent import Sent
from clients.store import WrongTries
from schemas.addresses import Address
from schemas.labels import DeclineReason, Outcome

LOCK_MS: Final = 10 * 60_000
"""So long after the last key press a key is locked."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """An answer as its officer sees it before signing.

    Attributes:
        spoken: the number, as the officer typed it.
        delivery: what is answered, as it was when it was shown.
        officer: who would sign.
        reason: why it is declined; ``None`` to acknowledge it.
    """

    spoken: SpokenNumber
    delivery: Delivery
    officer: Address
    reason: DeclineReason | None = None

    @property
    def outcome(self) -> Outcome:
        """What the answer would be."""
        return Outcome.ACKNOWLEDGED if self.reason is None else Outcome.DECLINED


class SigningSession:
    """One officer's key at one screen; locked at first, unless the passphrase of the store has opened it.

    Args:
        client: whose; nothing here asks at a terminal, so it must not either.
        officer: who is meant; ``None`` if that is clear.
        now_ms: this machine's wall clock, milliseconds since 1970 UTC.
    """

    def __init__(self, client: Client, officer: Address | None, now_ms: Callable[[], int]) -> None:
        self._client = client
        self._named = officer
        self._now_ms = now_ms
        self._looked_at = -1
        self._officer = self._find_officer()
        is_open = self._officer is not None and client.store.officers.is_open(self._officer)
        self._touched_ms = now_ms() if is_open else None

    @property
    def officer(self) -> Address | None:
        """Whose key it is; ``None`` if that is not clear."""
        return self._officer

    @property
    def left_ms(self) -> int | None:
        """So long it stays open if no key is pressed, milliseconds; ``None`` while it is locked."""
        self._expire()
        return None if self._touched_ms is None else self._touched_ms + LOCK_MS - self._now_ms()

    @property
    def wrong_tries(self) -> WrongTries | None:
        """Wrong passphrases of the officer since the last right one, of which the officer should know."""
        tries = self._client.store.officers.wrong_tries()
        return next((each for each in tries if each.officer == self._officer), None)

    def touch(self) -> None:
        """A key was pressed: an open key stays open, one whose time is over does not."""
        self._expire()
        if self._touched_ms is not None:
            self._touched_ms = self._now_ms()

    def unlock(self, passphrase: str) -> None:
        """One try at the officer's passphrase.

        Raises:
            ClientError: ``wrong_passphrase``, which has been counted; what `Client.officer` raises.
        """
        officer = self.find_officer()
        _ = self._client.try_passphrase(officer, passphrase)
        self._touched_ms = self._now_ms()

    def lock(self) -> None:
        """Forget the key; those of other officers are theirs."""
        self._touched_ms = None
        self._client.store.officers.lock(self._officer)

    def close(self) -> None:
        """Forget the key: nobody is at the screen any more."""
        self.lock()

    def find_officer(self) -> Address:
        """Who signs here, as it is known now.

        Raises:
            ClientError: what `Client.officer` raises.
        """
        self._client.reread()
        self._officer = self._client.officer(self._named)
        return self._officer

    def propose(self, spoken: SpokenNumber, reason: DeclineReason | None = None) -> Proposal:
        """What an answer would be, for its officer to look at; nothing is signed.

        Args:
            spoken: the number, as the officer typed it.
            reason: why it is declined; ``None`` to acknowledge it.

        Raises:
            ClientError: ``officer_locked``, ``no_dispatch``, ``not_received``, ``marked_otherwise``.
        """
        officer = self._unlocked()
        delivery = find_delivery(self._client, spoken.index)
        if delivery.can_be_answered and delivery.cover is not None:
            check_status(spoken.index, delivery.cover.status, spoken.status)
        return Proposal(spoken, delivery, officer, reason)

    def sign(self, shown: Proposal) -> OfficerAnswer | Proposal:
        """Sign what was shown and put it into the outbox; if it is another since, what to show instead.

        Raises:
            ClientError: as `propose`; what `give_answer` raises.
        """
        found = self.propose(shown.spoken, shown.reason)
        if found != shown:
            return found
        return give_answer(self._client, shown.spoken, shown.officer, shown.reason)

    def tick(self) -> list[Sent]:
        """Lock if it is time; else sign anew what was signed in this session and came back for another signature.

        What waits that was not signed here is left to ``serai sign``, where its officer sees it first.
        """
        self._expire()
        version = self._client.store.version
        if self._touched_ms is None or self._officer is None or version == self._looked_at:
            return []
        self._looked_at = version
        found = unsigned(self._client.store, self._officer)
        due = [each for each in found if self._client.state.has_said(each.row, each.draft)]
        if not due:
            return []
        self._client.reread()
        return sign_again(self._client, self._officer, due)

    def _unlocked(self) -> Address:
        self._expire()
        officer = self.find_officer()
        if self._touched_ms is None or not self._client.store.officers.is_open(officer):
            raise ClientError(LocalCode.OFFICER_LOCKED, officer=officer)
        return officer

    def _expire(self) -> None:
        if self._touched_ms is not None and not 0 <= self._now_ms() - self._touched_ms < LOCK_MS:
            self.lock()

    def _find_officer(self) -> Address | None:
        try:
            return self.find_officer()
        except ClientError:
            return None
