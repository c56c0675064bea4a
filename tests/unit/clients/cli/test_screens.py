"""What commands show, whole: each file in ``screens/`` is a row of commands with everything that they say."""

from __future__ import annotations

from pathlib import Path

import pytest

from schemas.evidence import encode_evidence
from tests.support.counter import Counter
from tests.support.desk import Desk, ScriptedHub
from tests.support.evidence import Case
from tests.support.screens import Screens
from tests.support.world import KZ, UZ, World

SCREENS = Path(__file__).parent / "screens"


@pytest.fixture
def hub() -> ScriptedHub:
    """The hub of an exercise."""
    return ScriptedHub(World([KZ, UZ], status="exercise"))


@pytest.fixture
def screens(
    kz: Desk, uz: Desk, hub: ScriptedHub, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Screens:
    """The counters of two members, in a folder that holds ``seizures.csv`` and ``evidence.json``."""
    monkeypatch.chdir(tmp_path)
    case = Case()
    (tmp_path / "evidence.json").write_bytes(encode_evidence(case.evidence(case.content())))
    return Screens({"kz": Counter(kz, hub), "uz": Counter(uz, hub)}, case.root, monkeypatch)


@pytest.mark.parametrize("name", sorted(path.name for path in SCREENS.glob("*.txt")))
def test_screens(screens: Screens, name: str) -> None:
    """Each command says what is written, to the letter, and ends with the code that is written."""
    screens.play((SCREENS / name).read_text())
