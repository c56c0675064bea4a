"""What an alarm says to an officer."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import clients
from clients.documents.alarms import AlarmKind, alarm_text
from clients.store import Alarm

MODULES = sorted(Path(clients.__file__).parent.rglob("*.py"))


def test_alarm_is_told_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """An alarm has its code, what that means in the reader's language, and its detail, harmless to a terminal."""
    alarm = Alarm("fork", "epoch 0\x1b[2J", 0)
    assert alarm_text(alarm) == "fork: two histories of the ledger; epoch 0\N{REPLACEMENT CHARACTER}[2J"
    monkeypatch.setenv("SERAI_LANG", "ru")
    assert alarm_text(alarm).startswith("fork: две истории журнала; ")


def test_alarm_of_a_later_kind_is_told_by_its_code() -> None:
    """A kind that is not known here stands for itself."""
    assert alarm_text(Alarm("later", "x", 0)) == "later: later; x"


def test_every_kind_has_words() -> None:
    """Every kind of alarm that the client raises has a label."""
    raised = {
        node.args[0].value
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and getattr(node.func, "attr", "") == "alarm"
        and node.args
        and isinstance(node.args[0], ast.Constant)
    }
    assert len(raised) > 5
    assert raised <= {kind.value for kind in AlarmKind}
