"""Keys that end soon."""

from __future__ import annotations

from clients.cli.administrator.expiry import endings
from tests.support.desk import Desk


def test_keys_are_told_thirty_days_before(kz: Desk) -> None:
    """Nothing is said of a key that holds for long; then that it ends, how soon, and how to renew it."""
    assert endings(kz.state) == []
    current = kz.state.directory.current(kz.state.member, kz.state.place)
    assert current is not None
    days = (current.statement.claims.exp - kz.state.place.time_s) // (24 * 3600)
    found = {each.address: each for each in endings(kz.state, days + 2)}
    assert found[kz.state.member].days == days
    assert "serai renew" in found[kz.state.member].text
    officer = next(iter(kz.state.keys.officers))
    assert f"serai officer add {officer}" in found[officer].text


def test_key_that_was_never_certified_is_told(kz: Desk) -> None:
    """An own address without a credential is told as such."""
    kz.state.directory = type(kz.state.directory)(kz.state.keys.network)
    assert {each.days for each in endings(kz.state)} == {None}
    assert "not certified" in endings(kz.state)[0].text
