"""Scenarios of the command line: plain files of commands, expected output and exit codes.

A scenario is a list of lines:

- ``# text`` and empty lines say nothing.
- ``kz> command`` runs a command in bash as ``kz``, whose folder is ``SERAI_HOME``. What it prints, on both
  outputs, must be the lines that follow. ``...`` is anything in a line, or any lines; ``<NAME>``
  is anything of one line, remembered as ``$NAME`` for the commands that come.
- ``[3]`` after the output is the exit code that is due; 0 if nothing is said.
- ``kz> start: command`` starts a command that goes on; ``kz> stop`` ends it with SIGTERM, ``kz> kill`` with
  SIGKILL; ``kz> until: command`` repeats a command until the output is as expected, for at most two minutes.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import httpx

from tests.support.hub import free_port

ROOT: Final = Path(__file__).resolve().parent.parent.parent
PASSPHRASE: Final = "correct horse battery staple"
OFFICERS: Final = "an officer's own passphrase"
_PATIENCE_S: Final = 120.0
_KNOWN: Final = "known.json"
_COMMAND: Final = re.compile(r"([a-z0-9]+)> (.*)")
_NAME: Final = re.compile(r"<([A-Z]+)>")


@dataclass
class Step:
    """One command of a scenario.

    Attributes:
        line: its place in the file.
        actor: who.
        command: what.
        expected: lines that are due.
        status: exit code that is due.
    """

    line: int
    actor: str
    command: str
    expected: list[str] = field(default_factory=list)
    status: int = 0


def parse(text: str) -> list[Step]:
    """The steps of a scenario."""
    steps: list[Step] = []
    for number, line in enumerate(text.splitlines(), 1):
        if found := _COMMAND.fullmatch(line):
            steps.append(Step(number, found[1], found[2]))
        elif line.startswith("#") or not line.strip():
            continue
        elif found := re.fullmatch(r"\[(\d+)\]", line):
            steps[-1].status = int(found[1])
        else:
            steps[-1].expected.append(line.rstrip())
    return steps


def pattern(expected: list[str], known: dict[str, str]) -> re.Pattern[str]:
    """What the output must match as a whole."""
    return re.compile("".join(_line_pattern(line, known) for line in expected))


def check(step: Step, output: str, status: int, known: dict[str, str]) -> None:
    """Demand that a command has said what is due, and ended with the code that is due.

    Args:
        step: the command.
        output: of it.
        status: its exit code.
        known: what was remembered; names in the output are added.
    """
    found = pattern(step.expected, known).fullmatch(output)
    told = f"line {step.line}: {step.actor}> {step.command}\nexit {status}, due {step.status}\n{output}"
    assert status == step.status, told
    assert found is not None, f"{told}\n--- due:\n" + "\n".join(step.expected)
    known.update({name: value.replace(" ", "") for name, value in found.groupdict().items()})


def _line_pattern(line: str, known: dict[str, str]) -> str:
    if line == "...":
        return r"(?:.*\n)*"
    parts = re.split(r"(\.\.\.|<[A-Z]+>)", line)
    return "".join(_part_pattern(part, known) for part in parts) + r"[ ]*\n"


def _part_pattern(part: str, known: dict[str, str]) -> str:
    if part == "...":
        return ".*"
    if found := _NAME.fullmatch(part):
        name = found[1]
        if name in known:
            return re.escape(known[name])
        return f"(?P<{name}>[^\\n]*?)"
    return re.escape(part)


class Stage:
    """Where a scenario is played: a folder, the two commands, and what was started.

    Args:
        path: an empty folder.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.known = {"PORT": str(free_port())}
        self.started: dict[str, subprocess.Popen[bytes]] = {}
        tools = path / "bin"
        tools.mkdir()
        for name, module in (("serai", "clients.cli"), ("serai-hub", "broker")):
            script = tools / name
            script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m {module} "$@"\n')
            script.chmod(0o755)
        secrets = path / "credentials"
        secrets.mkdir(mode=0o700)
        for name in ("serai-passphrase", "serai-root-passphrase"):
            (secrets / name).write_text(PASSPHRASE + "\n")
        (secrets / "serai-officer-passphrase").write_text(OFFICERS + "\n")

    def environment(self, actor: str) -> dict[str, str]:
        """What the commands of an actor see."""
        return {
            "PATH": f"{self.path / 'bin'}:{os.environ['PATH']}",
            "HOME": str(self.path),
            "PYTHONPATH": str(ROOT),
            "SERAI_HOME": actor,
            "CREDENTIALS_DIRECTORY": str(self.path / "credentials"),
            "LC_ALL": "C.UTF-8",
            **self.known,
        }

    def play(self, text: str) -> None:
        """Play a scenario from beginning to end."""
        for step in parse(text):
            self.do(step)

    def do(self, step: Step) -> None:
        """One step."""
        kind, _sep, rest = step.command.partition(": ")
        if kind == "start":
            self._start(step.actor, rest)
        elif step.command in ("stop", "kill"):
            self._stop(step.actor, signal.SIGTERM if step.command == "stop" else signal.SIGKILL)
        elif kind == "until":
            self._until(step, rest)
        else:
            check(step, *self._run(step.actor, step.command), self.known)

    def _run(self, actor: str, command: str) -> tuple[str, int]:
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=self.path,
            env=self.environment(actor),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=_PATIENCE_S,
            check=False,
        )
        return done.stdout.decode(), done.returncode

    def _until(self, step: Step, command: str) -> None:
        deadline = time.monotonic() + _PATIENCE_S
        while True:
            output, status = self._run(step.actor, command)
            try:
                check(step, output, status, self.known)
            except AssertionError:
                if time.monotonic() > deadline:
                    raise
            else:
                return

    def _start(self, actor: str, command: str) -> None:
        with (self.path / f"{actor}.log").open("ab") as log:
            self.started[actor] = subprocess.Popen(
                ["bash", "-c", f"exec {command}"],
                cwd=self.path,
                env=self.environment(actor),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def _stop(self, actor: str, number: signal.Signals) -> None:
        process = self.started.pop(actor)
        process.send_signal(number)
        status = process.wait(_PATIENCE_S)
        assert number is signal.SIGKILL or status == 0, (self.path / f"{actor}.log").read_text()

    def keep(self) -> None:
        """Write down what was remembered, for copies of this stage."""
        (self.path / _KNOWN).write_text(json.dumps(self.known))

    def copy(self, template: Path) -> None:
        """Take over the folder of a stage whose processes have ended; its hub gets this stage's port.

        Args:
            template: the folder, after `keep`.
        """
        port = self.known["PORT"]
        shutil.copytree(template, self.path, dirs_exist_ok=True, ignore=shutil.ignore_patterns("bin", "credentials"))
        known: dict[str, str] = json.loads((self.path / _KNOWN).read_text())
        for file in (*self.path.glob("*/config.toml"), *self.path.glob("*/hub.toml")):
            file.write_text(re.sub(rf"\b{known['PORT']}\b", port, file.read_text()))
        self.known = {**known, "PORT": port}

    def start_hub(self, scheme: str = "http", **how: Any) -> None:
        """Serve the hub in ``hub``, and wait until it is ready.

        Args:
            scheme: by which it is asked.
            how: it is asked, as `httpx.get` has it.
        """
        self.play("hub> start: serai-hub serve hub\n")
        process, deadline = self.started["hub"], time.monotonic() + _PATIENCE_S
        while time.monotonic() < deadline and process.poll() is None:
            with suppress(httpx.TransportError):
                if (
                    httpx.get(f"{scheme}://localhost:{self.known['PORT']}/health/ready", **how).status_code
                    == httpx.codes.OK
                ):
                    return
            time.sleep(0.05)
        raise AssertionError((self.path / "hub.log").read_text())

    def close(self) -> None:
        """End what is still running."""
        for process in self.started.values():
            process.kill()
            process.wait(_PATIENCE_S)


def stage(path: Path) -> Iterator[Stage]:
    """A stage that is cleared at the end."""
    made = Stage(path)
    try:
        yield made
    finally:
        made.close()
        shutil.rmtree(path / "credentials", ignore_errors=True)
