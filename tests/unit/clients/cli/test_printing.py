"""``serai print`` and ``serai forward``: what a person sees."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner, Result

from clients.cli.commands import serai
from tests.support.counter import Counter, serve
from tests.support.desk import Desk
from tests.support.traffic import arrive


@pytest.fixture(autouse=True)
def _served(monkeypatch: pytest.MonkeyPatch, counter: Counter) -> None:
    serve(monkeypatch, counter)


def run(*words: str) -> Result:
    """What a command says."""
    return CliRunner().invoke(serai, words)


def test_exercise_on_paper_says_so_on_every_sheet(kz: Desk, uz: Desk) -> None:
    """Each sheet says EXERCISE, the handling code and who printed it; no line is wider than paper."""
    number = kz.store.items.place_of(arrive(uz, kz, status="exercise", handling="H2"))
    printed = run("print", str(number))
    assert printed.exit_code == 0, printed.stderr
    for sheet in printed.stdout.split("\f")[:-1]:
        rows = sheet.split("\n")
        assert "*** EXERCISE ***" in rows[0]
        assert "H2" in rows[1]
        assert "KZ/NFP/DUTY-1" in rows[-1]
        assert max(len(row) for row in rows) <= 80


def test_refusal_names_the_provider_and_how_to_ask(kz: Desk, uz: Desk) -> None:
    """Who may not pass something on is told whom to ask, and how to go on with a permission."""
    number = kz.store.items.place_of(arrive(uz, kz, handling="H2"))
    told = json.loads(run("forward", str(number), "--to", "RU/NFP", "--yes", "--json").stdout)
    assert (told["ok"], told["code"]) == (False, "use_not_permitted")
    assert "UZ/NFP" in told["detail"]
    assert f"serai reply {number}" in told["remedy"]
    assert "--permission" in told["remedy"]


def test_forwarded_is_shown_before_it_goes(kz: Desk, uz: Desk) -> None:
    """The review names the provider, where it was permitted, the recipients, and who of them has it already."""
    number = kz.store.items.place_of(arrive(uz, kz, handling="H2"))
    words = ("--to", "RU/NFP", "--to", "UZ/NFP", "--permission", "Letter 12", "--wait", "0", "--yes", "--json")
    told = run("forward", str(number), *words)
    assert json.loads(told.stdout)["provider"] == "UZ/NFP"
    assert "UZ/NFP: got" in told.stderr
    assert "UZ/NFP, which permitted it: Letter 12" in told.stderr
    assert "RU/NFP" in told.stderr
