"""Who gets an entry of a dispatch, and in which order."""

from __future__ import annotations

import pytest

from schemas.addresses import Address
from schemas.errors import Code
from schemas.rules.recipients import entry_position, recipients_of
from tests.support.refusals import refused
from tests.support.world import KZ, RU, TJ, UZ

OFFICER = Address(f"{KZ}/DUTY-1")


@pytest.mark.parametrize(
    ("signer", "to", "recipients"),
    [
        (KZ, [UZ, RU], (UZ, RU, KZ)),
        (OFFICER, [UZ], (UZ, KZ)),
        (KZ, [UZ, KZ, RU], (UZ, KZ, RU)),
        (OFFICER, [KZ], (KZ,)),
    ],
)
def test_who_gets_an_entry(signer: Address, to: list[Address], recipients: tuple[Address, ...]) -> None:
    """The addresses of the cover in its order, then the sender's member unless it is among them."""
    assert recipients_of(to, signer) == recipients
    positions = [entry_position(to, signer, member) for member in recipients]
    assert positions == [(index, len(recipients)) for index in range(len(recipients))]


def test_who_gets_none() -> None:
    """A member that is neither named nor the sender has no entry; an officer never has one."""
    for address in (TJ, OFFICER):
        with refused(Code.NOT_A_RECIPIENT, "neither to nor from"):
            entry_position([UZ, RU], OFFICER, address)
