"""Keys that end soon, in words."""

from __future__ import annotations

import pytest

from clients.actions.expiry import Ending
from clients.documents.expiry import ending_text
from schemas.addresses import Address


@pytest.mark.parametrize(
    ("address", "days", "text"),
    [
        ("KZ/NFP", 1, "The key of KZ/NFP is out of date in 1 day: serai renew"),
        ("KZ/NFP/DUTY-1", 29, "The key of KZ/NFP/DUTY-1 is out of date in 29 days: serai officer add KZ/NFP/DUTY-1"),
        ("KZ/NFP", -2, "The key of KZ/NFP is out of date: serai renew"),
        ("KZ/NFP", None, "KZ/NFP is not certified, as far as is known here."),
    ],
)
def test_the_end_of_a_key_is_told_with_what_to_type(address: str, days: int | None, text: str) -> None:
    """Whose key it is, when it ends, and which command renews it."""
    assert ending_text(Ending(Address(address), days)) == text
