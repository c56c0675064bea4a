"""Somebody who types ``serai operation`` at a client of a crew."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from clients.cli.commands import serai
from schemas.addresses import Address
from tests.support.counter import serve
from tests.support.crew import Crew


class Keyboard:
    """Commands typed at the clients of a crew, without a terminal.

    Args:
        crew: whose.
        monkeypatch: lets commands find the client.
    """

    def __init__(self, crew: Crew, monkeypatch: pytest.MonkeyPatch) -> None:
        self.crew = crew
        self._monkeypatch = monkeypatch

    def type(self, member: Address, *words: str, typed: str = "") -> Result:
        """What a command says, and its exit code."""
        serve(self._monkeypatch, self.crew[member])
        done = CliRunner().invoke(serai, ["operation", *words], input=typed, prog_name="serai")
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        self.crew.sync()
        return done


@pytest.fixture
def keyboard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Keyboard:
    """TJ, UZ, KZ, RU and the Centre."""
    monkeypatch.setenv("SERAI_LANG", "en")
    return Keyboard(Crew(tmp_path), monkeypatch)


@pytest.fixture
def person(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody at a terminal."""
    for module in ("officer.options", "officer.operation.filling", "officer.operation.choosing"):
        monkeypatch.setattr(f"clients.cli.{module}.may_ask", lambda: True)
