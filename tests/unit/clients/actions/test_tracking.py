"""How far recipients have got, in numbers that are kept apart."""

from __future__ import annotations

import pytest

from clients.actions.tracking import RecipientStanding, standing_of
from clients.mail.inbox import RecipientStatus
from clients.store import Answer
from schemas.addresses import Address

UZ = Address("UZ/NFP")


@pytest.mark.parametrize(
    ("outcomes", "owes", "due"),
    [
        ("", False, RecipientStanding.SENT),
        ("received", False, RecipientStanding.ARRIVED),
        ("received acknowledged", False, RecipientStanding.DONE),
        ("received acknowledged", True, RecipientStanding.ARRIVED),
        ("received acknowledged answered", True, RecipientStanding.DONE),
        ("received acknowledged declined", False, RecipientStanding.DECLINED),
        ("received declined acknowledged", False, RecipientStanding.DONE),
        ("silent", False, RecipientStanding.SILENT),
        ("overdue received", False, RecipientStanding.ARRIVED),
        ("received silent_reply", True, RecipientStanding.SILENT),
        ("received silent_reply answered", True, RecipientStanding.DONE),
        ("rejected", False, RecipientStanding.REFUSED),
        ("rejected resealed received", False, RecipientStanding.ARRIVED),
        ("undeliverable", False, RecipientStanding.REFUSED),
        ("later:borrowed", False, RecipientStanding.SENT),
    ],
)
def test_last_word_counts(outcomes: str, due: RecipientStanding, *, owes: bool) -> None:
    """Acknowledged, declined, silent and not delivered are told apart; what is asked decides when it is done."""
    answers = tuple(Answer(UZ, outcome, at_ms) for at_ms, outcome in enumerate(outcomes.split()))
    assert standing_of(RecipientStatus(UZ, answers), owes_answer=owes) is due
