"""The units of systemd: what they start is there, and they are closed to what they do not need."""

from __future__ import annotations

import shlex
from configparser import ConfigParser
from pathlib import Path

import click
import pytest

from broker.cli.commands import hub
from broker.cli.ui import EXIT_MOVED
from broker.server import DESCRIPTORS
from broker.service.hub import STUCK_S
from clients.cli.commands import serai

UNITS = Path(__file__).parents[3] / "deploy" / "systemd"
CLOSED = {
    "CapabilityBoundingSet": "",
    "LockPersonality": "yes",
    "MemoryDenyWriteExecute": "yes",
    "NoNewPrivileges": "yes",
    "PrivateDevices": "yes",
    "PrivateTmp": "yes",
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
"""What `systemd-analyze security` asks for, of a service that writes into its own folder only."""


def read(path: Path) -> ConfigParser:
    """A unit; of a setting that is given more than once, the last."""
    unit = ConfigParser(strict=False, interpolation=None, delimiters=("=",), comment_prefixes=("#", ";"))
    unit.optionxform = str  # type: ignore[method-assign, assignment]
    unit.read_string(path.read_text())
    return unit


def service_of(name: str) -> dict[str, str]:
    """What a unit says of its service."""
    return dict(read(UNITS / name)["Service"])


@pytest.mark.parametrize(("unit", "group"), [("serai.service", serai), ("serai-hub.service", hub)])
def test_it_starts_a_command_that_exists(unit: str, group: click.Group) -> None:
    """What is started is a command of its program, with words that it takes."""
    program, name, *words = shlex.split(service_of(unit)["ExecStart"])
    command = group.get_command(click.Context(group), name)
    assert Path(program).name == unit.removesuffix(".service")
    assert command is not None
    command.make_context(name, words)


@pytest.mark.parametrize("unit", ["serai.service", "serai-hub.service"])
def test_it_is_closed(unit: str) -> None:
    """A process that is taken over can neither raise itself nor touch anything but its own folder."""
    service = service_of(unit)
    assert {name: service.get(name) for name in CLOSED} == CLOSED
    assert service["User"] not in ("", "root")


def test_the_hub_may_ask_for_the_state_of_the_clock_and_not_set_it() -> None:
    """The two calls that tell whether the clock is synchronised are let in last; the capability to set it is missing.

    ProtectClock would refuse both calls, and what refuses a call that is not listed ends the process.
    """
    service = service_of("serai-hub.service")
    assert service["SystemCallFilter"] == "adjtimex clock_adjtime"
    assert (service["CapabilityBoundingSet"], service.get("ProtectClock")) == ("", None)
    assert service_of("serai.service")["ProtectClock"] == "yes"


def test_a_hub_whose_clock_was_moved_is_started_again() -> None:
    """Its exit status counts as a failure, and nothing says that a failure is not to be followed by a start."""
    service = service_of("serai-hub.service")
    assert EXIT_MOVED not in (0, 2)
    assert (service["Restart"], service.get("RestartPreventExitStatus"), service.get("SuccessExitStatus")) == (
        "on-failure",
        None,
        None,
    )


def test_the_client_is_started_again_unless_that_cannot_help() -> None:
    """A client that died comes back; one whose seat another copy has, or that was set up wrongly, does not."""
    service = service_of("serai.service")
    assert (service["Restart"], service["RestartPreventExitStatus"], service["Type"]) == ("always", "2 4", "notify")
    assert service["LoadCredentialEncrypted"] == "serai-passphrase"


def test_the_hub_is_watched() -> None:
    """It says when it listens and that it works; a hub that is stuck for longer than any turn takes is started anew."""
    service = service_of("serai-hub.service")
    assert service["Type"] == "notify"
    assert int(service["WatchdogSec"]) / 2 >= STUCK_S
    assert int(service["TimeoutStartSec"]) >= 300


def test_a_service_cannot_take_the_machine_down() -> None:
    """Memory, tasks and open files end somewhere, and for the hub above what its limits let it have."""
    client, service = service_of("serai.service"), service_of("serai-hub.service")
    assert (client["MemoryMax"], client["TasksMax"]) == ("1G", "64")
    assert (service["MemoryHigh"], service["MemoryMax"], service["TasksMax"]) == ("1536M", "2G", "256")
    assert int(service["LimitNOFILE"]) == DESCRIPTORS


def test_the_hub_is_not_started_for_ever() -> None:
    """A hub that died comes back; one that refuses to serve its ledger is left to the operator."""
    unit = read(UNITS / "serai-hub.service")
    assert unit["Service"]["Restart"] == "on-failure"
    assert (unit["Unit"]["StartLimitIntervalSec"], unit["Unit"]["StartLimitBurst"]) == ("300", "5")
