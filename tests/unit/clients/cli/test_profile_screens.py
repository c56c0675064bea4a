"""What commands show of profiles, whole, in both languages; and a request that does not meet what a country asks."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from clients.actions.profiles import find_profile
from clients.documents.columns import width_of
from clients.documents.plain import WIDTH
from tests.support.crew import Crew
from tests.support.profiles import full_profile
from tests.support.screens import Screens
from tests.support.stating import state_profile
from tests.support.world import KZ, TJ
from tests.unit.schemas.reports.operations.builders import LEAST, LEGS

SCREENS = Path(__file__).parent / "screens" / "profiles"


@pytest.fixture
def screens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Screens:
    """Counters of KZ and TJ, in a folder that holds ``profile.json`` and ``request.json``."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "profile.json").write_text(json.dumps(full_profile()))
    (tmp_path / "request.json").write_text(json.dumps(LEAST["open"] | {"legs": LEGS, "substitution": "all"}))
    crew = Crew(tmp_path)
    return Screens({"kz": crew[KZ], "tj": crew[TJ]}, "", monkeypatch)


@pytest.mark.parametrize("name", sorted(path.name for path in SCREENS.glob("*.txt")))
def test_screens_of_profiles(screens: Screens, name: str) -> None:
    """Each command says what is written, to the letter."""
    screens.play((SCREENS / name).read_text())


@pytest.mark.parametrize("name", sorted(path.name for path in SCREENS.glob("*.txt")))
def test_no_line_is_wider_than_the_screen(name: str) -> None:
    """A duty officer has 80 columns."""
    shown = [line for line in (SCREENS / name).read_text().splitlines() if "> " not in line and line[:1] != "#"]
    wide = [line for line in shown if width_of(line) > WIDTH]
    assert [line for line in wide if "принято узлом" not in line and "accepted by the hub" not in line] == []


def test_it_is_sent_again_to_who_joined(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A new member has none of it: lists say so, and unchanged it goes again, and counts there too."""
    crew = Crew(tmp_path)
    digest = state_profile(crew)
    crew.world.enrol("AZ/NFP")
    crew.sync()
    screens = Screens({"kz": crew[KZ]}, "", monkeypatch)
    assert "NOT SENT to AZ/NFP" in screens.type("kz", "serai profile list")[0]
    assert "not sent to AZ/NFP: serai profile edit --yes" in " ".join(screens.type("kz", "serai status")[0].split())
    for words in ("edit --as KZ/NFP/DUTY-1", "countersign --as KZ/NFP/CHIEF"):
        said, code = screens.type("kz", f"serai profile {words} --yes")
        assert code == 0, said
        crew.sync()
    known = find_profile(crew[KZ], KZ)
    assert known.not_sent == ()
    assert known.profile.counts is not None
    assert known.profile.counts.digest != digest
    assert screens.type("kz", "serai profile edit --as KZ/NFP/DUTY-1 --yes")[1] == 2
