"""What was sent and is not done: of each recipient, until it has done what was asked of it.

Of something urgent an officer of each recipient is to acknowledge it; of what asks for an answer, who owes one is to
answer; of everything else nothing is asked, so it is not done only where a recipient declined it, could not open it or
did not confirm it. What its sender cancels, or corrects by something as urgent, is done.
"""

from __future__ import annotations

from typing import Final

from clients.mail.state import State, cover_of
from schemas.addresses import Address, member_of
from schemas.claims import Dispatch
from schemas.rules.expecting import is_reseal, owed_by

_BAD: Final = ("declined", "rejected", "undeliverable", "silent", "silent_reply")
"""After these it is not done, whatever was asked."""


class Undone:
    """Keeps account of what is not done; within a change of the state.

    Args:
        state: of the client.
    """

    def __init__(self, state: State) -> None:
        self._state = state

    def sent(self, digest: str, cover: Dispatch, due_ms: int) -> None:
        """A dispatch of the own member stands in the ledger.

        Args:
            digest: of the dispatch.
            cover: its own.
            due_ms: when it is to be confirmed, milliseconds.
        """
        if is_reseal(cover) or self._is_over(digest, cover) or self._completed(cover) is not None:
            return
        outcomes = self._state.store.outcomes
        for member in self._concerned(cover):
            outcomes.await_members(digest, [member], due_ms, "done", _ends(cover, member))
        for answer in outcomes.of(digest):  # what came before it, on a quicker lane
            if answer.outcome in _BAD:
                self.answered(digest, cover, answer.member, answer.outcome)

    def _concerned(self, cover: Dispatch) -> list[Address]:
        """Recipients of whom something is asked; a cancellation asks it of those who have acknowledged what it ends."""
        others = [member for member in cover.to if member != self._state.member]
        if cover.lane() != "urgent":
            return [member for member in others if member in owed_by(cover)]
        ended = [ref.digest for ref in cover.refs or () if ref.rel == "cancel"]
        outcomes = self._state.store.outcomes
        return [
            member
            for member in others
            if not ended or any(outcomes.has(digest, member, "acknowledged") for digest in ended)
        ]

    def _is_over(self, digest: str, cover: Dispatch) -> bool:
        found = self._state.store.references.to(digest, "cancel", "update")
        covers = ((each.rel, self._cover(each.source)) for each in found)
        return any(by is not None and self._ends(by, rel, cover) and self._completed(by) is None for rel, by in covers)

    def _completed(self, cover: Dispatch) -> str | None:
        """What a dispatch says once more, with files that were to follow: who has answered either has answered both.

        The own copy may not have come, so it is judged by the covers.
        """
        refs = list(cover.refs or ())
        if not cover.attachments or cover.expects is not None or [ref.rel for ref in refs] != ["update"]:
            return None
        before = self._cover(refs[0].digest)
        same = before is not None and (before.to, before.precedence) == (cover.to, cover.precedence)
        return refs[0].digest if same else None

    def refer(self, cover: Dispatch, rel: str, digest: str, asked: Dispatch) -> None:
        """A dispatch refers to one of the own member.

        Args:
            cover: of the one that refers; it is as real as the other.
            rel: how.
            digest: of the other.
            asked: cover of the other.
        """
        if self._ends(cover, rel, asked) and self._completed(cover) is None:
            self._state.store.outcomes.settle_all(digest, "done")

    def _ends(self, cover: Dispatch, rel: str, asked: Dispatch) -> bool:
        is_own = member_of(cover.iss) == member_of(asked.iss)
        takes_over = cover.lane() == "urgent" or cover.expects is not None
        return is_own and cover.status == asked.status and (rel == "cancel" or (rel == "update" and takes_over))

    def answered(self, digest: str, cover: Dispatch | None, member: Address, outcome: str) -> None:
        """A recipient of a dispatch did something, or was noticed not to have.

        Args:
            digest: of the dispatch; where it was sealed again, of the first.
            cover: its own; ``None`` if it has not come yet.
            member: which recipient.
            outcome: as in `clients.store.outcomes.Answer`.
        """
        if cover is None or member_of(cover.iss) != self._state.member or member not in cover.to:
            return
        outcomes = self._state.store.outcomes
        if (first := self._completed(cover)) is not None:
            self.answered(first, self._cover(first), member, outcome)
        elif outcome in _BAD:
            if not self._is_over(digest, cover):
                outcomes.await_members(digest, [member], self._state.system.clock.local_ms(), "done", ends=())
        elif outcome in _ends(cover, member) or self._is_enough(digest, cover, member, outcome):
            outcomes.settle(digest, member, "done")

    def _is_enough(self, digest: str, cover: Dispatch, member: Address, outcome: str) -> bool:
        """Whether it is enough that something came at last, of which nothing is asked."""
        asks = cover.lane() == "urgent" or member in owed_by(cover)
        return outcome == "received" and not asks and not self._state.store.outcomes.has(digest, member, "declined")

    def _cover(self, digest: str) -> Dispatch | None:
        item = self._state.store.items.get(digest)
        return cover_of(item) if item is not None else None


def _ends(cover: Dispatch, member: Address) -> tuple[str, ...]:
    """Outcomes after which a recipient has done what was asked of it."""
    return ("answered",) if member in owed_by(cover) else ("acknowledged", "answered")
