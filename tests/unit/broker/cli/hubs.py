"""Hubs on the command line for tests: a folder made by ``serai-hub init``, and what is run on it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from broker.cli.commands import hub
from broker.settings import HubFolder
from tests.support.hub import HubProcess, free_port
from tests.support.world import World
from tests.unit.broker.edges import catch_up, present_world

Words = tuple[str | Path, ...]


def run(*words: str | Path) -> Result:
    """A command of ``serai-hub``, in this process; what it says comes in ``stdout`` and ``stderr``."""
    return CliRunner().invoke(hub, [str(word) for word in words])


def run_apart(*words: str | Path) -> subprocess.CompletedProcess[str]:
    """A command of ``serai-hub`` in a process of its own."""
    command = [sys.executable, "-m", "broker", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


class Place:
    """A hub that was made on the command line.

    Args:
        path: where its folder is made.

    Attributes:
        world: whose root certifies its keys.
        process: serves it.
        init: what ``serai-hub init`` answered.
    """

    def __init__(self, path: Path) -> None:
        self.world: World = present_world()
        self.folder = HubFolder(path / "hub")
        self.process = HubProcess(self.folder, free_port(), free_port())
        words = ("--network", self.world.network, "--origin", self.process.origin, "--port", str(self.process.port))
        self.init = run("init", self.folder.path, *words)
        assert self.init.exit_code == 0, self.init.stderr
        with self.folder.settings_file.open("a") as settings:
            settings.write(f"metrics_port = {self.process.metrics_port}\n")
        self.keys: dict[str, Any] = json.loads(self.init.stdout)

    def file(self, *texts: str) -> Path:
        """A file of statements, one a line."""
        path = self.folder.path.parent / "statements"
        path.write_text("".join(f"{text}\n" for text in texts))
        return path

    def epoch(self, **changes: Any) -> str:
        """The root's first epoch statement, for this hub's keys; ``changes`` make it another one."""
        claims = {"epoch": 0, "index": 0, "root": None, "network": self.world.document(**self.keys), **changes}
        return catch_up(self.world).epoch(**claims)

    def found(self) -> Place:
        """Admit the first epoch and every credential of the world."""
        answer = run("admit", self.folder.path, self.file(self.epoch(), *self.credentials))
        assert answer.exit_code == 0, answer.stderr
        return self

    @property
    def credentials(self) -> list[str]:
        """The public statements of the world after its epoch."""
        return [logged.text for logged in self.world.log[1:]]
