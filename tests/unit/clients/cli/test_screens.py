"""What commands show, whole: each file in ``screens/`` is a row of commands with everything that they say."""

from __future__ import annotations

from pathlib import Path

import pytest

from schemas.claims import Dispatch
from schemas.errors import Code, SeraiError
from schemas.evidence import encode_evidence
from tests.support.counter import Counter
from tests.support.desk import Desk, ScriptedHub
from tests.support.evidence import Case
from tests.support.pictures import save_photograph
from tests.support.screens import Screens
from tests.support.world import KZ, UZ, World

SCREENS = Path(__file__).parent / "screens"


@pytest.fixture
def hub() -> ScriptedHub:
    """The hub of an exercise; it refuses for good what is marked H3."""
    world = World([KZ, UZ], status="exercise")

    def refuse(statement: str) -> SeraiError | None:
        claims = world.verified(statement).claims
        is_refused = isinstance(claims, Dispatch) and claims.handling == "H3"
        return SeraiError(Code.NOT_PERMITTED) if is_refused else None

    return ScriptedHub(world, refuse)


@pytest.fixture
def screens(
    kz: Desk, uz: Desk, hub: ScriptedHub, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Screens:
    """The counters of two members, in a folder that holds ``seizures.csv``, ``evidence.json``, ``photo.jpg``."""
    monkeypatch.chdir(tmp_path)
    save_photograph(tmp_path)
    case = Case()
    (tmp_path / "evidence.json").write_bytes(encode_evidence(case.evidence(case.content())))
    return Screens({"kz": Counter(kz, hub), "uz": Counter(uz, hub)}, case.root, monkeypatch)


@pytest.mark.parametrize("name", sorted(path.name for path in SCREENS.glob("*.txt")))
def test_screens(screens: Screens, name: str) -> None:
    """Each command says what is written, to the letter, and ends with the code that is written."""
    screens.play((SCREENS / name).read_text())
