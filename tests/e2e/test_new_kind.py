"""A new kind of report is one entry of the registry: every command then knows it, at a real hub."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from click.testing import CliRunner, Result

from clients.cli.commands import serai
from schemas.reports.kinds import KINDS
from tests.support.scenario import Stage
from tests.support.toy import TOY

Typed = Callable[..., Result]


@pytest.fixture
def typed(played: Stage, monkeypatch: pytest.MonkeyPatch) -> Typed:
    """What a member types, in this process: the hub is another one, and knows nothing of toys."""
    monkeypatch.chdir(played.path)

    def run(member: str, *words: str, status: int = 0, **environment: str) -> Result:
        result = CliRunner(env={**played.environment(member), **environment}).invoke(serai, words)
        assert result.exit_code == status, result.output
        return result

    return run


def as_json(result: Result) -> Any:
    """What a program is answered."""
    return json.loads(result.stdout)


def send(typed: Typed) -> str:
    """Let KZ send a toy to UZ, who fetches it; gives its number."""
    answers = ("--reference", "T-1", "--toy", "kite", "--colour", "red", "--tag", "S-5")
    sent = as_json(typed("kz", "send", "toy", "--to", "UZ/NFP", *answers, "--yes", "--json"))
    assert sent["state"] == "accepted"
    assert as_json(typed("uz", "inbox", "--fetch", "--json"))["dispatches"]
    return str(sent["place"])


def check_shown(typed: Typed, number: str) -> None:
    """Its recipient reads it in words and finds it by its kind and by the labels of its codes."""
    shown = as_json(typed("uz", "show", number, "--json"))
    assert (shown["cover"]["kind"], shown["report"]["toy"]["code"]) == ("toy", "kite")
    assert shown["report"]["identifiers"] == [{"kind": "seal", "value": "S-5"}]
    assert "Found toy, Priority" in typed("uz", "show", number).output
    assert "Toy       Kite, red: S-5" in typed("uz", "inbox").output
    assert "Игрушка   Воздушный змей, red: S-5" in typed("uz", "inbox", SERAI_LANG="ru").output
    for words in (("--kind", "toy"), ("змей",), ("игрушка",), ("kite", "s-5")):
        found = as_json(typed("uz", "search", *words, "--json"))["dispatches"]
        assert [str(each["number"]) for each in found] == [number]
    assert as_json(typed("uz", "search", "--kind", "warning", "--json"))["dispatches"] == []


def check_exported(typed: Typed, number: str) -> None:
    """JSON has all of it; in CAP is unknown what the form does not say; rows of seizures leave it out, and say so."""
    (exported,) = as_json(typed("uz", "export", number, "--format", "json"))["dispatches"]
    assert exported["report"]["colour"] == "red"
    alert = typed("uz", "export", number, "--format", "cap").stdout
    for element in ("event>Found toy<", "urgency>Expected<", "severity>Unknown<", "certainty>Unknown<"):
        assert element in alert
    written = as_json(typed("uz", "export", number, "--format", "ids-csv", "--output", "toys.csv", "--json"))
    assert (written["count"], written["left_out"]["no_seizure"]) == (0, 1)


def check_corrected(typed: Typed, number: str) -> None:
    """A correction changes what its options say, and leaves the rest to the letter."""
    typed("kz", "correct", number, "--toy", "other", "--toy-words", "Drone", "--tag", "", "--yes", "--json")
    newest = as_json(typed("uz", "inbox", "--fetch", "--json"))["dispatches"][0]
    assert newest["report"]["toy"] == {"code": "other", "as_written": "Drone"}
    assert (newest["report"]["colour"], newest["report"].get("identifiers", [])) == ("red", [])
    assert "Other, red:" in typed("uz", "inbox").output


def test_new_kind_needs_one_entry(typed: Typed, monkeypatch: pytest.MonkeyPatch) -> None:
    """A kind that is added in one place is sent, shown, found, exported and corrected; before, it is no command."""
    typed("kz", "send", "toy", status=2)
    monkeypatch.setitem(KINDS, TOY.name, TOY)
    number = send(typed)
    check_shown(typed, number)
    check_exported(typed, number)
    check_corrected(typed, number)
