"""Who may sign which statement, with which role."""

from __future__ import annotations

from typing import get_args

import pytest

from schemas.addresses import Address
from schemas.claims import MEMBER_ROLES, Outcome
from schemas.errors import Code
from schemas.keys import Kid
from schemas.rules.signers import (
    check_dispatch_signer,
    check_event_signer,
    check_line_signer,
    check_receipt_signer,
)
from tests.support.refusals import refused
from tests.support.world import KZ

OFFICER = Address(f"{KZ}/DUTY-1")


def test_a_dispatch_takes_the_role_exchange() -> None:
    """No other role stands in for it, and no role at all does not."""
    check_dispatch_signer({"exchange", "audit"})
    for roles in (MEMBER_ROLES - {"exchange"}, {"duty_officer"}, set[str]()):
        with refused(Code.ROLE_MISSING, "exchange"):
            check_dispatch_signer(roles)


@pytest.mark.parametrize("outcome", get_args(Outcome))
@pytest.mark.parametrize("signer", [KZ, OFFICER])
def test_a_person_acknowledges_and_a_machine_confirms(signer: Address, outcome: Outcome) -> None:
    """Officers acknowledge and decline, members receive and reject, and neither does the other's."""
    if (signer == OFFICER) == (outcome in ("acknowledged", "declined")):
        check_receipt_signer(signer, outcome)
    else:
        with refused(Code.NOT_PERMITTED):
            check_receipt_signer(signer, outcome)


def test_an_event_is_signed_with_the_event_key() -> None:
    """A key that is not the epoch's event key signs no event."""
    check_event_signer(Kid("a"), Kid("a"))
    with refused(Code.UNKNOWN_KEY, "event key"):
        check_event_signer(Kid("a"), Kid("b"))


def test_a_line_takes_a_role_that_exchanges_or_reads() -> None:
    """Exchange, audit or coordinate opens a line; certifying alone does not, and a post does not."""
    for role in ("exchange", "audit", "coordinate"):
        check_line_signer({role, "duty_officer"}, "exchange")
    with refused(Code.ROLE_MISSING):
        check_line_signer({"certify", "duty_officer"}, "read")


def test_who_stores() -> None:
    """Attachments are stored by who may exchange; who audits or coordinates only does not."""
    check_line_signer({"exchange"}, "store")
    for role in ("audit", "coordinate", "certify"):
        with refused(Code.ROLE_MISSING):
            check_line_signer({role}, "store")
