"""The table of attacks is whole: every row has its tests, every test its row, every test a defence to switch off."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.attacks.defences import SWITCHES
from tests.attacks.prove import ROOT
from tests.attacks.table import HERE, README, names_in, readme, rows
from tests.support.switching import TREE, Copy, Edit, Outcome, Switch, verdict, worthless

NOT_ATTACKS = {"test_table.py"}


def test_every_row_has_tests_and_every_test_a_row() -> None:
    """No row stands without a test, no test without a row, and none twice."""
    in_table = Counter((row.module, name) for row in rows() for name in row.tests)
    files = sorted(path.name for path in HERE.glob("test_*.py") if path.name not in NOT_ATTACKS)
    assert in_table == Counter((file, name) for file in files for name in names_in(file))
    assert all(row.tests for row in rows())


def test_every_test_has_a_defence() -> None:
    """Every test of the table is to go red when some defence is switched off, and no other is named."""
    named = {test.partition("[")[0] for switch in SWITCHES for test in switch.red}
    assert named == {f"tests/attacks/{row.module}::{name}" for row in rows() for name in row.tests}


def test_every_switch_finds_its_place() -> None:
    """What a switch changes stands in its file once, and no defence is listed twice."""
    counts = {
        (edit.file, edit.search): (ROOT / edit.file).read_text().count(edit.search)
        for switch in SWITCHES
        for edit in switch.edits
    }
    assert [place for place, count in counts.items() if count != 1] == []
    assert [name for name, count in Counter(switch.defence for switch in SWITCHES).items() if count > 1] == []


def test_readme_is_the_table() -> None:
    """The page is what the table gives; ``python -m tests.attacks.table`` writes it."""
    assert README.read_text() == readme()


RED = Outcome("call", "failed", "AssertionError")


@pytest.mark.parametrize(
    ("outcome", "complaint"),
    [
        pytest.param(RED, None, id="red"),
        pytest.param(Outcome("call", "failed", "Failed"), None, id="demanded"),
        pytest.param(Outcome("call", "passed", ""), "worthless", id="green"),
        pytest.param(Outcome("call", "failed", "TypeError"), "breaks", id="crash"),
        pytest.param(Outcome("setup", "failed", "AssertionError"), "breaks", id="setup"),
        pytest.param(Outcome("call", "skipped", "Skipped"), "breaks", id="skip"),
    ],
)
def test_only_a_failed_assertion_is_red(outcome: Outcome, complaint: str | None) -> None:
    """A test that passes, crashes, or is not reached, proves nothing; one that did not run neither."""
    said = verdict(Switch("", (), ("a::b",)), {"a::b[1]": RED, "a::b[2]": outcome})
    assert len(said) == (complaint is not None)
    assert all(complaint in line for line in said if complaint)
    assert verdict(Switch("", (), ("a::c",)), {"a::cc": RED}) == ["a::c did not run"]


def test_what_never_went_red_is_named() -> None:
    """A case that no switch turns red is worthless."""
    assert worthless(["a", "b"], ["b"]) == ["a"]


def test_a_switch_changes_the_copy_and_only_for_a_while(tmp_path: Path) -> None:
    """A switch leaves the tree alone and the copy as it was; a text that does not stand there once is an error."""
    for name in TREE:
        if "." in name:
            (tmp_path / name).write_text("")
        else:
            (tmp_path / name).mkdir()
    (tmp_path / "schemas" / "a.py").write_text("one two two")
    copy = Copy(tmp_path, tmp_path / "copy")
    file, before = copy.path / "schemas" / "a.py", (tmp_path / "schemas" / "a.py").stat().st_mtime_ns
    with copy.switched(Switch("", (Edit("schemas/a.py", "one", "1"), Edit("schemas/a.py", "1 two", "2")), ())):
        assert file.read_text() == "2 two"
    assert (file.read_text(), file.stat().st_mtime_ns) == ("one two two", before)
    wrong = Switch("", (Edit("schemas/a.py", "one", "1"), Edit("schemas/a.py", "two", "2")), ())
    with pytest.raises(ValueError, match="2 times instead of once"), copy.switched(wrong):
        raise AssertionError
    assert file.read_text() == (tmp_path / "schemas" / "a.py").read_text() == "one two two"
