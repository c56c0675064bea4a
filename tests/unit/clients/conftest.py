"""Two desks at a scripted hub, for the tests of the SDK."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.desk import Desk, ScriptedHub
from tests.support.world import KZ, RU, UZ, World


@pytest.fixture
def hub() -> ScriptedHub:
    """A hub with three members."""
    return ScriptedHub(World([KZ, UZ, RU]))


def _desk(path: Path, hub: ScriptedHub, member: str) -> Desk:
    path.mkdir()
    desk = Desk(path, hub, member, f"{member}/DUTY-1")
    desk.sync()
    return desk


@pytest.fixture
def kz(tmp_path: Path, hub: ScriptedHub) -> Desk:
    """KZ's desk, up to date."""
    return _desk(tmp_path / "kz", hub, "KZ/NFP")


@pytest.fixture
def uz(tmp_path: Path, hub: ScriptedHub) -> Desk:
    """UZ's desk, up to date."""
    return _desk(tmp_path / "uz", hub, "UZ/NFP")
