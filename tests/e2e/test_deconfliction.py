"""Two countries after one lorry, at their keyboards, over a real hub: the room tells each of the other."""

# ruff: noqa: RUF001 - Cyrillic letters that look Latin are part of the data

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
from tests.unit.schemas.reports.operations.builders import LEAST

KZ, UZ, TJ, ROOM = "KZ/NFP", "UZ/NFP", "TJ/NFP", "CENTRE/ROOM"
POSTS = {"DUTY-1": ("exchange", "duty_officer"), "CHIEF": ("exchange", "supervisor")}
STORE, OFFICERS = "passphrase of the stores", "passphrase of the officers"


@pytest.fixture
def made(tmp_path: Path) -> Iterator[MadeNetwork]:
    """Three countries, the room, and their hub; what is not called an exercise is real."""
    members = tuple(
        MemberPlan(
            Address(member),
            f"Focal point {member}",
            officers=tuple(OfficerPlan(Address(f"{member}/{post}"), roles) for post, roles in POSTS.items()),
        )
        for member in (KZ, UZ, TJ, ROOM)
    )
    plan = NetworkPlan("deconflict", members, STORE, OFFICERS, cost=CHEAP, exercise=False)
    with asyncio.Runner() as runner:
        network = runner.run(make_network(tmp_path / "net", plan, System()))
        runner.run(network.hub.start())
        try:
            yield network
        finally:
            runner.run(network.hub.stop())


def typed(made: MadeNetwork, member: str, *words: str, language: str = "en", status: int = 0) -> str:
    """What stands on standard output when a member types something."""
    folder = made.path / "credentials"
    folder.mkdir(exist_ok=True)
    (folder / "serai-passphrase").write_text(STORE + "\n")
    (folder / "serai-officer-passphrase").write_text(OFFICERS + "\n")
    home = str(made.home(Address(member)).path)
    environment = {"CREDENTIALS_DIRECTORY": str(folder), "SERAI_LANG": language, "SERAI_HOME": home}
    done = CliRunner().invoke(serai, words, env=environment)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == status, done.output
    return done.stdout


def as_json(text: str) -> Any:
    """What a program is answered."""
    return json.loads(text)


def ask(made: MadeNetwork, member: str, plate: str, *words: str) -> int:
    """A member asks the room about a plate; gives the number of the question."""
    said = ("operation", "deconflict", "--reference", f"{member}-1", "--plate", plate, *words)
    return int(as_json(typed(made, member, *said, "--as", f"{member}/DUTY-1", "--yes", "--json"))["place"])


def answered(made: MadeNetwork, member: str, *words: str) -> list[tuple[str | None, list[str]]]:
    """What a member was answered, question by question."""
    typed(made, member, "inbox", "--fetch")
    found = as_json(typed(made, member, "operation", "deconflict", "--list", *words, "--json"))["questions"]
    return [(each["result"], each["talk_to"]) for each in found]


def test_one_lorry_typed_in_two_alphabets(made: MadeNetwork, tmp_path: Path) -> None:
    """KZ and UZ are told of each other; TJ, after another, of nobody; an exercise about the same lorry meets nobody."""
    profile = tmp_path / "profile.json"
    profile.write_text(json.dumps({**full_profile(), "our_reference": "UZ-P-1"}))
    typed(made, UZ, "profile", "edit", "--file", str(profile), "--as", f"{UZ}/DUTY-1", "--yes", "--json")
    typed(made, UZ, "inbox", "--fetch")
    typed(made, UZ, "profile", "countersign", "--as", f"{UZ}/CHIEF", "--yes", "--json")
    ask(made, KZ, "а 123 вс 77")
    assert answered(made, KZ) == [(None, [])]
    first = as_json(typed(made, ROOM, "operation", "compare", "--fetch", "--json"))
    assert [(each["to"], each["result"]) for each in first["answers"]] == [(KZ, "none")]
    assert answered(made, KZ) == [("none", [])]
    ask(made, UZ, "A123BC-77")
    ask(made, TJ, "B 999 TT")
    ask(made, TJ, "A 123 BC 77", "--status", "exercise")
    text = typed(made, ROOM, "operation", "compare", "--fetch")
    assert "TALK TO UZ/NFP" in text
    assert "4 answers given." in text
    assert as_json(typed(made, ROOM, "operation", "compare", "--json"))["answers"] == []
    assert answered(made, KZ) == [("talk_to", [UZ])]
    assert answered(made, UZ) == [("talk_to", [KZ])]
    assert answered(made, TJ) == [("none", [])]
    assert answered(made, TJ, "--status", "exercise") == [("none", [])]
    read_by_people(made)


def read_by_people(made: MadeNetwork) -> None:
    """The answer rings, is read in both languages with the number to call, and says nothing of the other's case."""
    number = max(each["number"] for each in as_json(typed(made, KZ, "inbox", "--json"))["dispatches"])
    shown = typed(made, KZ, "show", str(number))
    assert "IMMEDIATE" in shown
    assert "result: TALK TO" in shown
    assert "+7 700 000-00-01  Duty officer" in shown
    assert "A123" not in shown
    assert "UZ/NFP-1" not in shown
    assert "СВЯЖИТЕСЬ С" in typed(made, KZ, "show", str(number), language="ru")


def test_a_request_says_whether_the_room_was_asked(made: MadeNetwork, tmp_path: Path) -> None:
    """From the file of a request; what was not asked stands there, and one that is withdrawn is asked no more."""
    file = tmp_path / "request.json"
    identifiers = [{"kind": "container", "value": "CSQU3054383"}]
    asks = [{"member": UZ, "what": {"code": "decide"}}]
    leg = {"leg": "1", "member": TJ, "border": {"un_locode": "TJTZR"}, "enters": "2026-12-24T03:00Z"}
    stop_rule = {"when": "No sight for an hour", "decided_by": UZ}
    changes = {"identifiers": identifiers, "asks": asks, "legs": [leg], "stop_rule": stop_rule}
    file.write_text(json.dumps(LEAST["open"] | changes))
    duty = ("--as", f"{TJ}/DUTY-1", "--yes", "--json")
    number = as_json(typed(made, TJ, "operation", "deconflict", "--file", str(file), *duty))["place"]
    typed(made, ROOM, "operation", "compare", "--fetch")
    typed(made, TJ, "inbox", "--fetch")
    opened = as_json(typed(made, TJ, "operation", "open", "--file", str(file), *duty))["deconfliction"]
    assert (opened["not_asked"], opened["result"], opened["questions"]) == (0, "none", [number])
    typed(made, TJ, "cancel", str(number), "--reason", "Seized", *duty)
    file.write_text(json.dumps(LEAST["open"] | changes | {"our_reference": "TJ-CD-8"}))
    again = as_json(typed(made, TJ, "operation", "open", "--file", str(file), *duty))["deconfliction"]
    assert (again["desk"], again["not_asked"], again["result"]) == (ROOM, 2, None)
    assert as_json(typed(made, ROOM, "operation", "compare", "--fetch", "--json"))["standing"] == []
    assert "question_unsent" in typed(
        made,
        ROOM,
        "operation",
        "deconflict",
        "--file",
        str(file),
        "--yes",
        "--as",
        f"{ROOM}/DUTY-1",
        "--json",
        status=1,
    )
