"""Whole screens of commands, in the form of `tests.support.scenario`, played in this process at a scripted hub.

Time stands still, numbers are known, nothing is waited for: a screen is compared to the letter. Commands of
``serai`` alone are played; ``NAME=value`` before one is its environment, ``2>/dev/null`` after it leaves out what
it says on standard error. ``...`` and ``<NAME>`` are as in a scenario.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping

import pytest
from click.testing import CliRunner

from clients.cli.commands import serai
from tests.support.counter import Counter, serve
from tests.support.scenario import check, parse

_QUIET = "2>/dev/null"


class Screens:
    """Counters at which commands are typed in turn.

    Args:
        counters: by the actor's name.
        root: what a command means by ``$ROOT``.
        monkeypatch: lets the commands find the counter.
    """

    def __init__(self, counters: Mapping[str, Counter], root: str, monkeypatch: pytest.MonkeyPatch) -> None:
        self._counters = counters
        self._root = root
        self._monkeypatch = monkeypatch

    def play(self, text: str) -> None:
        """Play commands, and compare what each says and its exit code."""
        known: dict[str, str] = {}
        for step in parse(text):
            check(step, *self.type(step.actor, step.command), known)

    def type(self, actor: str, command: str) -> tuple[str, int]:
        """What a command says on both outputs, and its exit code."""
        serve(self._monkeypatch, self._counters[actor])
        words = shlex.split(command.removesuffix(_QUIET).replace("$ROOT", self._root))
        at = words.index("serai")
        environment = dict(word.split("=", 1) for word in words[:at])
        done = CliRunner().invoke(serai, words[at + 1 :], prog_name="serai", env=environment)
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        said = done.stdout if command.endswith(_QUIET) else done.output
        return re.sub(r"[ ]+$", "", said, flags=re.MULTILINE), done.exit_code
