"""The units of systemd: what they start is there, and they are closed to what they do not need."""

from __future__ import annotations

import re
import shlex
from configparser import ConfigParser
from pathlib import Path

import click
import pytest

from clients.cli.commands import serai

UNITS = Path(__file__).parents[3] / "deploy" / "systemd"
CLOSED = {
    "CapabilityBoundingSet": "",
    "LockPersonality": "yes",
    "MemoryDenyWriteExecute": "yes",
    "NoNewPrivileges": "yes",
    "PrivateDevices": "yes",
    "PrivateTmp": "yes",
    "ProtectClock": "yes",
    "ProtectControlGroups": "yes",
    "ProtectHome": "yes",
    "ProtectHostname": "yes",
    "ProtectKernelLogs": "yes",
    "ProtectKernelModules": "yes",
    "ProtectKernelTunables": "yes",
    "ProtectSystem": "strict",
    "RestrictNamespaces": "yes",
    "RestrictRealtime": "yes",
    "RestrictSUIDSGID": "yes",
    "SystemCallArchitectures": "native",
    "UMask": "0077",
}
"""What `systemd-analyze security` asks for, of a service that only dials out and writes into its own folder."""


def read(path: Path) -> ConfigParser:
    """A unit; of a setting that is given more than once, the last."""
    unit = ConfigParser(strict=False, interpolation=None, delimiters=("=",), comment_prefixes=("#", ";"))
    unit.optionxform = str  # type: ignore[method-assign, assignment]
    unit.read_string(path.read_text())
    return unit


@pytest.fixture
def service() -> dict[str, str]:
    """What the unit of the client says of its service."""
    return dict(read(UNITS / "serai.service")["Service"])


def test_it_starts_a_command_that_exists(service: dict[str, str]) -> None:
    """What is started is a command of `serai`, with options that it has, and nothing secret among them."""
    program, name, *words = shlex.split(service["ExecStart"])
    command = serai.get_command(click.Context(serai), name)
    assert Path(program).name == "serai"
    assert command is not None
    command.make_context(name, words)
    assert service["LoadCredentialEncrypted"] == "serai-passphrase"


def test_it_is_closed(service: dict[str, str]) -> None:
    """A client that is taken over can neither raise itself nor touch anything but its own folder."""
    assert {name: service.get(name) for name in CLOSED} == CLOSED
    assert service["User"] != "root"


def test_it_is_started_again_unless_that_cannot_help(service: dict[str, str]) -> None:
    """A service that died comes back; one whose seat another copy has, or that was set up wrongly, does not."""
    assert (service["Restart"], service["RestartPreventExitStatus"], service["Type"]) == ("always", "2 4", "notify")


def test_what_the_administrator_is_told_to_type_exists() -> None:
    """Every command of the client that the page on deployment names is one, and the unit's folder is the page's."""
    text = (UNITS.parent / "README.md").read_text().partition("## A focal point's client")[2]
    named = set(re.findall(r"serai-desk ([a-z]+)", text))
    assert {"init", "officer", "doctor", "watch", "backup"} <= named <= set(serai.list_commands(click.Context(serai)))
    home = re.findall(r"SERAI_HOME=(\S+)", text + (UNITS / "serai.service").read_text())
    assert set(home) == {"/var/lib/serai/client"}
