"""Which dispatch may refer to which, and which receipt answers which."""

from __future__ import annotations

from typing import get_args

import pytest

from schemas.addresses import Address
from schemas.claims import Receipt, Rel
from schemas.errors import Code
from schemas.ids import make_uuid7
from schemas.rules.references import OWN_ONLY, check_answer, check_reference
from tests.support.refusals import refused
from tests.support.world import KZ, UZ, World


@pytest.mark.parametrize("rel", get_args(Rel))
def test_who_may_refer(rel: Rel) -> None:
    """A sender refers in every way; a recipient only where nothing is amended; a stranger in none."""
    check_reference(rel, by_sender=True, by_recipient=False)
    amends = rel in {"update", "cancel", "countersign", "reseal"}
    assert (rel in OWN_ONLY) is amends
    if amends:
        with refused(Code.REFERENCE_NOT_PERMITTED, rel):
            check_reference(rel, by_sender=False, by_recipient=True)
    else:
        check_reference(rel, by_sender=False, by_recipient=True)
    with refused(Code.REFERENCE_NOT_PERMITTED, rel):
        check_reference(rel, by_sender=False, by_recipient=False)


def test_a_receipt_answers_its_sender() -> None:
    """It goes to the member that sent what it names, from one that was sent it."""
    receipt = Receipt.model_validate(
        {
            "iss": Address(f"{UZ}/DUTY-1"),
            "aud": World([KZ]).network,
            "jti": make_uuid7(0, bytes(10)),
            "iat": 0,
            "to": KZ,
            "outcome": "acknowledged",
            "digests": ["A" * 43],
        }
    )
    check_answer(receipt, KZ, by_recipient=True)
    for sender, by_recipient in ((UZ, True), (KZ, False)):
        with refused(Code.NOT_A_RECIPIENT):
            check_answer(receipt, sender, by_recipient=by_recipient)
