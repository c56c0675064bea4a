"""Country profiles at the keyboard, over a real hub: stated, countersigned, read by a neighbour."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from clients import CHEAP, System
from clients.cli.commands import serai
from clients.network.maker import MadeNetwork, make_network
from clients.network.plan import MemberPlan, NetworkPlan, OfficerPlan
from schemas.addresses import Address
from tests.support.profiles import full_profile

KZ, UZ = "KZ/NFP", "UZ/NFP"
POSTS = {"DUTY-1": ("exchange", "duty_officer"), "CHIEF": ("exchange", "supervisor")}
STORE, OFFICERS = "passphrase of the stores", "passphrase of the officers"


@pytest.fixture
def made(tmp_path: Path) -> Iterator[MadeNetwork]:
    """Two members with a duty officer and a supervisor each, and their hub."""
    members = tuple(
        MemberPlan(
            Address(member),
            f"Focal point {member}",
            officers=tuple(OfficerPlan(Address(f"{member}/{post}"), roles) for post, roles in POSTS.items()),
        )
        for member in (KZ, UZ)
    )
    plan = NetworkPlan("profiles", members, STORE, OFFICERS, cost=CHEAP, exercise=True)
    with asyncio.Runner() as runner:
        network = runner.run(make_network(tmp_path / "net", plan, System()))
        runner.run(network.hub.start())
        try:
            yield network
        finally:
            runner.run(network.hub.stop())


def typed(made: MadeNetwork, member: str, *words: str, status: int = 0) -> str:
    """What stands on standard output when a member types something."""
    folder = made.path / "credentials"
    folder.mkdir(exist_ok=True)
    (folder / "serai-passphrase").write_text(STORE + "\n")
    (folder / "serai-officer-passphrase").write_text(OFFICERS + "\n")
    environment = {
        "CREDENTIALS_DIRECTORY": str(folder),
        "SERAI_LANG": "en",
        "SERAI_HOME": str(made.home(Address(member)).path),
    }
    done = CliRunner().invoke(serai, words, env=environment)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == status, done.output
    return done.stdout


def as_json(text: str) -> Any:
    """What a program is answered."""
    return json.loads(text)


def test_a_country_states_whom_to_call(made: MadeNetwork, tmp_path: Path) -> None:
    """Stated from a file, countersigned by another officer, changed by an option; a neighbour reads what counts."""
    file = tmp_path / "profile.json"
    file.write_text(json.dumps(full_profile()))
    duty, chief = ("--as", f"{KZ}/DUTY-1", "--yes", "--json"), ("--as", f"{KZ}/CHIEF", "--yes", "--json")
    assert "not known: ask now" in typed(made, UZ, "profile", "list")
    assert as_json(typed(made, KZ, "profile", "edit", "--file", str(file), *duty))["to"] == [UZ]
    assert "profile_unsigned" in typed(made, KZ, "profile", "countersign", *duty, status=1)
    typed(made, KZ, "inbox", "--fetch")
    as_json(typed(made, KZ, "profile", "countersign", *chief))
    typed(made, UZ, "inbox", "--fetch")
    text = typed(made, UZ, "profile", "show", KZ)
    assert "+7 700 000-00-01  Duty officer, day and night" in text
    assert f"countersigned by {KZ}/CHIEF" in " ".join(text.split())
    typed(made, KZ, "inbox", "--fetch")
    typed(made, KZ, "profile", "edit", "--notice-hours", "48", *duty)
    typed(made, UZ, "inbox", "--fetch")
    found = as_json(typed(made, UZ, "profile", "show", KZ, "--json"))
    assert found["counts"]["profile"]["notice_hours"] == "24"
    assert found["draft"]["profile"]["notice_hours"] == "48"
    assert "DRAFT EX" in typed(made, UZ, "profile", "show", KZ)
