"""The name of a seat."""

from __future__ import annotations

from pathlib import Path

import pytest

from clients.actions.home import ClientSettings, Home
from clients.actions.seat import change_seat
from clients.errors import LocalCode
from schemas.addresses import Address
from tests.support.refusals import refused
from tests.support.world import KZ, World


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A client's folder."""
    home = Home(tmp_path)
    home.write_settings(ClientSettings(member=KZ, network=World([KZ]).network, hubs=["wss://hub.example:443"]))
    return home


def test_only_what_is_named_changes(home: Home) -> None:
    """A seat and an officer are set one by one, and kept."""
    assert change_seat(home, "room", None).seat == "room"
    changed = change_seat(home, None, Address("KZ/NFP/DUTY-1"))
    assert (changed.seat, changed.officer) == ("room", "KZ/NFP/DUTY-1")
    assert home.read_settings() == changed


def test_settings_that_stay_are_not_written(home: Home) -> None:
    """Looking at a seat touches nothing."""
    before = home.config.stat().st_mtime_ns
    change_seat(home, "desk", None)
    assert home.config.stat().st_mtime_ns == before


def test_an_officer_of_another_does_not_act_here(home: Home) -> None:
    """Who acts at a seat belongs to its member."""
    with refused(LocalCode.OFFICER_OF_ANOTHER):
        change_seat(home, None, Address("UZ/NFP/DUTY-1"))
