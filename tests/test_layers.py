"""The order of imports, and the drawing of it in the README."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.draw_layers import BEGIN, END, ROOT, House, cycles, depth, draw, drawn, strands, structure, upward

CIRCLE = {"a": ["b"], "b": ["c"], "c": ["b", "d"], "d": []}


@pytest.fixture(scope="module")
def house() -> House:
    """This checkout."""
    return House(ROOT)


def test_no_import_goes_in_a_circle(house: House) -> None:
    """Neither modules nor the packages that they are in import each other, directly or through others."""
    assert cycles(house) == []


@pytest.mark.parametrize("package", ["clients", "broker"])
def test_no_import_goes_upwards(house: House, package: str) -> None:
    """Every import between layers points downwards, and none is forgiven."""
    assert upward(house, package) == 0


def test_drawing_is_what_the_code_says(house: House) -> None:
    """The README names every layer and what it imports; after a change: ``python -m tests.support.draw_layers``."""
    assert structure(drawn((ROOT / "README.md").read_text())) == structure(draw(house))


def test_drawing_is_found_in_a_text() -> None:
    """What was drawn is read again, and its sizes do not count."""
    drawing = "clients   2   100\n 1 cli   1    70  actions\n   actions   1    30"
    assert drawn(f"before\n{BEGIN}```\n{drawing}\n```\n{END}\nafter") == drawing
    assert structure(drawing) == structure(drawing.replace("   70", "12345")) == "clients\n 1 cli  actions\n   actions"


def test_circles_are_found() -> None:
    """Things that import each other come together, below what imports them; a circle is one step of the depth."""
    assert [sorted(each) for each in strands(CIRCLE)] == [["d"], ["b", "c"], ["a"]]
    assert depth(CIRCLE) == 3


def test_another_checkout_is_counted(tmp_path: Path) -> None:
    """Figures are those of the checkout that is named: its circles, its classes, its contract if it has one."""
    (tmp_path / "pyproject.toml").write_text("[tool.importlinter]\ncontracts = []\n")
    for package in ("clients", "broker", "schemas"):
        (tmp_path / package).mkdir()
        (tmp_path / package / "__init__.py").touch()
    for name, other in (("one", "two"), ("two", "one")):
        (tmp_path / "clients" / f"{name}.py").write_text(
            f"from clients import {other}\n\nclass Same:\n    {other} = 1\n"
        )
    command = (sys.executable, "-m", "tests.support.draw_layers", "--figures", "--root", str(tmp_path))
    shown = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    assert "cycle: clients.one, clients.two\n" in shown
    assert "twice: Same\n" in shown
    assert "no order of layers" in shown
