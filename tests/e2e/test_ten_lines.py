"""What the README tells a newcomer to type."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pexpect
import pytest

from tests.support.scenario import OFFICERS, PASSPHRASE, ROOT, Stage, stage

_PATIENCE_S = 120
_DONE = "-- done --"


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Stage]:
    """A folder, and the two commands."""
    yield from stage(tmp_path)


def ten_lines(port: str) -> list[str]:
    """The section of the README, for a port that is free."""
    text = (ROOT / "README.md").read_text()
    found = re.search(r"## A network of your own in ten lines\n.*?```sh\n(.*?)```", text, re.DOTALL)
    assert found is not None
    lines = found[1].replace("ws://127.0.0.1:8440", f"ws://127.0.0.1:{port}")
    return lines.replace("> hub-keys.json", f"--port {port} > hub-keys.json").splitlines()


def test_network_of_your_own_in_ten_lines(empty: Stage) -> None:
    """The ten lines, typed as they stand, end with a warning that the other side has acknowledged."""
    lines = ten_lines(empty.known["PORT"])
    assert len(lines) == 10
    script = "trap 'kill $(jobs -p)' EXIT\n" + "\n".join(lines) + f"\necho '{_DONE}'\n"
    environment = empty.environment("nobody")
    del environment["CREDENTIALS_DIRECTORY"], environment["SERAI_HOME"]
    child = pexpect.spawn(
        "bash",
        ["-c", script],
        cwd=str(empty.path),
        env={**environment, "TERM": "xterm", "NO_COLOR": "1"},
        encoding="utf-8",
        timeout=_PATIENCE_S,
        dimensions=(50, 200),
    )
    said = ""
    questions = rf"{_DONE}|assphrase of [^:]*: |Repeat for confirmation: |\[y/N\]: "
    child.expect(questions)
    secret = ""
    while child.after != _DONE:
        said += child.before or ""
        asked = str(child.after)
        if "of" in asked:
            secret = OFFICERS if "/DUTY" in asked else PASSPHRASE
        child.sendline("y" if "[y/N]" in asked else secret)
        child.expect(questions)
    said += child.before or ""
    child.close(force=True)
    assert "Sent as EX 5, to UZ/NFP; accepted by the hub." in said
    assert "EX 5 KZ/NFP: Acknowledged by UZ/NFP/DUTY-1" in said
    assert re.search(r"UZ/NFP +acknowledged .* by UZ/NFP/DUTY-1", said)
