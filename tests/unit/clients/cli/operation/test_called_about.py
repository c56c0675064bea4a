"""Whom to call stands beside a stop or a refusal where its officer opens it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from clients.cli.commands import serai
from tests.support.counter import serve
from tests.support.crew import Crew
from tests.support.stating import state_profile
from tests.support.world import KZ, TJ, UZ

NUMBER = "+7 700 000-00-01"


def shown(crew: Crew, digest: str, language: str = "en") -> str:
    """What TJ reads of a dispatch."""
    number = str(crew[TJ].store.items.place_of(digest))
    done = CliRunner().invoke(serai, ["show", number], env={"SERAI_LANG": language})
    assert done.exit_code == 0, done.output
    return done.stdout


@pytest.mark.parametrize(
    ("do", "more"),
    [
        ("stop", {}),
        ("decide", {"decision": "refused", "members": {"reason": {"code": "not_competent"}}}),
        ("note", None),
    ],
)
def test_numbers_stand_beside_what_has_to_be_called_about(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, do: str, more: dict[str, Any] | None
) -> None:
    """Of a country that has stated them, and that they are not known of another; beside a note nothing stands."""
    crew = Crew(tmp_path)
    state_profile(crew)
    found = crew.open()
    crew.act(TJ, "confirm", operation=found, chief=True)
    by_kz, by_uz = (crew.act(member, do, operation=found, **(more or {"to": (TJ,)})) for member in (KZ, UZ))
    serve(monkeypatch, crew[TJ])
    assert (NUMBER in shown(crew, by_kz)) == (more is not None)
    assert ("UZ/NFP: Whom to call there is not known: ask now." in shown(crew, by_uz)) == (more is not None)
    assert ("ТЕЛЕФОНЫ" in shown(crew, by_kz, "ru")) == (more is not None)
