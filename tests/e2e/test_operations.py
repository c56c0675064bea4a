"""Operations as officers could tell them: each a plain file in `operations`, played by real clients at a real judge."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.play import Play
from tests.support.turns import parse_scenario

SCENARIOS = sorted((Path(__file__).parent / "operations").glob("*.txt"))


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda path: path.stem)
def test_scenario(scenario: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who does what when, and what each party, and at the end a court, then sees."""
    monkeypatch.setenv("SERAI_LANG", "en")
    Play(tmp_path).play(scenario.read_text())


def test_there_are_scenarios() -> None:
    """They are found where they lie."""
    assert len(SCENARIOS) >= 10


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("07:00 TJ opens", "nobody can opens"),
        ("7:00 TJ open", "not a line"),
        ("07:00 AZ open", "nobody is called AZ"),
        ("07:00 all open", "nobody is called all"),
        ("07:00 TJ open soil=UZ", "not behind open: soil"),
        ("07:00 TJ see weather=fine", "not behind see: weather"),
        ("07:00 TJ move at Dushanbe", "not behind move: Dushanbe"),
        ("06:00 TJ note", "earlier"),
    ],
)
def test_a_broken_scenario_is_refused_with_its_line(line: str, why: str) -> None:
    """Nothing of a file that cannot be read is passed over."""
    with pytest.raises(ValueError, match=f"line 3: .*{why}"):
        parse_scenario(f"# A scenario.\n06:30 TJ open\n{line}\n")
