"""What the operator has the hub erase: planned, refused in words, made a candidate (PROTOCOL 6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from broker.core.admission.effects import EventDraft
from broker.core.admission.events import erasures
from broker.ports import LedgerStore
from broker.service.operator import Answer
from broker.service.sequencer import Candidate
from schemas.encoding import Digest, encode_base64url
from schemas.errors import Code, ProblemType, SeraiError
from schemas.labels import Label

_TITLES: Final = {
    Code.NOT_FOUND: Label(
        "Nothing was erased: some are not in the ledger.", "Ничего не удалено: не всё есть в журнале."
    ),
    Code.NOT_PERMITTED: Label("Nothing was erased: some may not go.", "Ничего не удалено: не всё можно удалить."),
}
_REMEDIES: Final = {
    Code.NOT_FOUND: Label(
        "Copy each digest from where it is shown: serai show --json.",
        "Скопируйте каждую свёртку (digest) оттуда, где он показан: serai show --json.",
    ),
    Code.NOT_PERMITTED: Label(
        "Leave out public statements and what was erased before. Retention is the network's: serai root epoch.",
        "Уберите открытые записи и то, что уже удалено. Срок хранения задаёт документ сети: serai root epoch.",
    ),
}


class ErasureRefused(SeraiError):  # noqa: N818 - a state of things, told like an error
    """``not_found`` or ``not_permitted``: what the operator wants erased cannot go, and nothing was erased.

    Args:
        code: one of these.
        detail: which digests, or why.
    """

    @property
    def title(self) -> Label:
        """What happened."""
        return _TITLES[self.code]

    @property
    def remedy(self) -> Label:
        """What the operator is to do."""
        return _REMEDIES[self.code]

    @property
    def problem(self) -> ProblemType:
        """The table row of the code, in words for the operator."""
        return replace(super().problem, title=self.title.en, remedy=self.remedy.en)


def as_refusal(error: SeraiError) -> SeraiError:
    """The same refusal as the hub that serves gave it, with its words."""
    return ErasureRefused(error.code, error.detail) if error.code in _TITLES else error


def plan_erasure(store: LedgerStore, digests: Sequence[Digest], reason: str) -> list[EventDraft]:
    """The events that erase texts for a reason that the operator gives; blocks.

    Raises:
        ErasureRefused: ``not_found`` if a digest is not in the ledger; ``not_permitted`` for a public statement, an
            `erased` event, what is erased already, or the reason ``retention``, which is the network document's.
    """
    if reason == "retention":
        raise ErasureRefused(Code.NOT_PERMITTED, "retention follows from the network document, never from a command")
    held = store.holdings(digests)
    missing = set(digests) - {each.digest for each in held}
    if missing:
        raise ErasureRefused(Code.NOT_FOUND, ", ".join(sorted(map(encode_base64url, missing))))
    kept = [encode_base64url(each.digest) for each in held if not (each.can_be_erased and each.members)]
    if kept:
        raise ErasureRefused(Code.NOT_PERMITTED, f"public, erased already, or says what was: {', '.join(kept)}")
    return erasures(held, reason)


def make_erasure(draft: EventDraft, answer: Answer) -> Candidate:
    """A candidate that makes the hub sign an `erased` event and remove what it names."""
    return Candidate(Digest(b""), draft, None, answer)
