"""Two desks at a scripted hub, for the tests of the SDK."""

from __future__ import annotations

from pathlib import Path

import pytest

from clients import Store
from tests.support.counter import Counter
from tests.support.desk import Desk, ScriptedHub, make_store
from tests.support.seizure_rows import file_text
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


@pytest.fixture
def counter(kz: Desk, hub: ScriptedHub) -> Counter:
    """KZ's client."""
    return Counter(kz, hub)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Five seizures of Kazakhstan, one of Uzbekistan, one that is not usable."""
    path = tmp_path / "seizures.csv"
    ours = [{"AMOUNT": str(number)} for number in range(1, 6)]
    path.write_text(file_text(*ours[:3], {"COUNTRY": "Uzbekistan"}, {"SEIZURE_DATE": "soon"}, *ours[3:]))
    return path


@pytest.fixture
def stores(tmp_path: Path, hub: ScriptedHub) -> dict[str, Store]:
    """A store for each of two desks."""
    made = {}
    for member in ("KZ/NFP", "UZ/NFP"):
        path = tmp_path / member[:2]
        path.mkdir()
        made[member] = make_store(path, hub.world, member, f"{member}/DUTY-1")
    return made
