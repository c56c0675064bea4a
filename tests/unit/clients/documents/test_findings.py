"""Findings of a client's checks, in words."""

from __future__ import annotations

from pathlib import Path

import pytest

from clients.actions.checks import Check, FindingCode, Grade, HealthFinding, unusable
from clients.actions.expiry import Ending
from clients.documents.findings import finding_remedy, finding_text
from clients.errors import ClientError, LocalCode
from clients.store import Alarm
from schemas.addresses import Address
from schemas.errors import Code, SeraiError

FACTS = {
    "versions": "serai 1",
    "codes": "7, 9",
    "addresses": "KZ/NFP",
    "path": Path("store.db"),
    "mode": "600",
    "count": 3,
    "ending": Ending(Address("KZ/NFP"), 3),
    "fault": "no answer",
    "what": "serai run",
    "pid": 7,
    "at_ms": 0,
    "why": "x\x1b[2J",
    "newest": Alarm("fork", "epoch 0", 0),
    "seconds": 9,
    "origin": "wss://hub.example:443",
    "days": 1,
}


def found(code: FindingCode, grade: Grade = Grade.FAULT) -> HealthFinding:
    """A finding with whatever its words may name."""
    return HealthFinding(Check.STORE, grade, code, FACTS)


@pytest.mark.parametrize("code", sorted(set(FindingCode) - {FindingCode.STORE_UNUSABLE}))
def test_every_finding_has_words(code: FindingCode) -> None:
    """Each code has a text; no fact is left unnamed, and nothing in it can move a cursor."""
    for text in (finding_text(found(code)), finding_remedy(found(code))):
        assert "{" not in text
        assert text.isprintable()
    assert finding_text(found(code))


def test_words_name_the_facts() -> None:
    """Dates, spans, alarms and endings are as everywhere."""
    assert (
        finding_text(found(FindingCode.AUDIT_FAULTY)) == "followed 1970-01-01 00:00 UTC: x\N{REPLACEMENT CHARACTER}[2J"
    )
    assert finding_text(found(FindingCode.CERTIFICATE_ENDS)).endswith("ends in 1 day")
    assert "two histories of the ledger" in finding_text(found(FindingCode.ALARMS))
    assert finding_remedy(found(FindingCode.OPEN_TO_OTHERS)) == "chmod 600 store.db"


@pytest.mark.parametrize(
    ("error", "text", "remedy"),
    [
        (ClientError(LocalCode.OPEN_TO_OTHERS, path="x", mode="600"), "x is open to other users", "chmod 600 x"),
        (SeraiError(Code.DECRYPTION_FAILED, "wrong passphrase"), "wrong passphrase", "Type the passphrase again."),
        (PermissionError(13, "denied", "store.db"), "store.db: denied", "Fix what is named, and try again."),
    ],
)
def test_a_store_that_cannot_be_opened_is_told_with_its_remedy(
    error: SeraiError | OSError, text: str, remedy: str
) -> None:
    """Whatever kept the store closed is said as its command would say it, and how to fix it on this machine."""
    assert finding_text(unusable(error)) == text
    assert finding_remedy(unusable(error)).startswith(remedy)
