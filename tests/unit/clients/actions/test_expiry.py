"""Keys that end soon."""

from __future__ import annotations

import pytest

from clients.actions.expiry import Ending, endings
from tests.support.desk import Desk


def test_keys_are_told_thirty_days_before(kz: Desk) -> None:
    """Nothing is found of a key that is valid for long; then that it ends, and how soon."""
    assert endings(kz.state) == []
    current = kz.state.directory.current(kz.state.member, kz.state.place)
    assert current is not None
    days = (current.statement.claims.exp - kz.state.place.time_s) // (24 * 3600)
    found = {each.address: each for each in endings(kz.state, days + 2)}
    assert found[kz.state.member].days == days
    assert set(found) == {kz.state.member, *kz.state.keys.officers}


def test_key_that_was_never_certified_is_told(kz: Desk) -> None:
    """An own address without a credential is found as such."""
    kz.state.set_directory(type(kz.state.directory)(kz.state.keys.network), 0)
    assert {each.days for each in endings(kz.state)} == {None}


@pytest.mark.parametrize(("days", "over"), [(None, True), (-1, True), (0, False), (29, False)])
def test_a_key_is_over_when_none_is_in_force(kz: Desk, days: int | None, over: bool) -> None:
    """A key that ends today is still in force."""
    assert Ending(kz.state.member, days).is_over is over
