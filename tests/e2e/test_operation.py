"""A lorry through four countries, at the keyboard of each, over a real hub: from the request to the closing."""

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
from tests.unit.schemas.reports.operations.builders import LEAST, LEGS

TJ, UZ, KZ, RU = "TJ/NFP", "UZ/NFP", "KZ/NFP", "RU/NFP"
MEMBERS = (TJ, UZ, KZ, RU, "CENTRE/ROOM")
POSTS = {"DUTY-1": ("exchange", "duty_officer"), "CHIEF": ("exchange", "authorising_officer")}
STORE, OFFICERS = "passphrase of the stores", "passphrase of the officers"
ASKS = [{"member": member, "what": {"code": "decide"}} for member in (UZ, KZ, RU)]
EVERYBODY = ("--to", "ALL")
HEROIN = ("--group", "heroin", "--unit", "kilogram", "--quantity", "12")
GRANT = ("--decision", "granted", "--post", "Prosecutor")


class Keyboards:
    """Whoever types ``serai operation`` at a member.

    Args:
        made: the network.
        path: a folder for passphrases.
    """

    def __init__(self, made: MadeNetwork, path: Path) -> None:
        self._made = made
        path.mkdir()
        (path / "serai-passphrase").write_text(STORE + "\n")
        (path / "serai-officer-passphrase").write_text(OFFICERS + "\n")
        self._environment = {"CREDENTIALS_DIRECTORY": str(path), "SERAI_LANG": "en", "LANGUAGE": "en"}

    def run(self, member: str, *words: str) -> tuple[int, str]:
        """The exit code, and what stands on standard output."""
        environment = {**self._environment, "SERAI_HOME": str(self._made.home(Address(member)).path)}
        done = CliRunner().invoke(serai, ["operation", *words], env=environment)
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done.exit_code, done.stdout

    def step(self, member: str, do: str, *words: str, post: str = "DUTY-1", status: int = 0) -> dict[str, Any]:
        """A step that somebody takes who knows all that came, for programs."""
        self.run(member, "list", "--fetch")
        officer = [] if "--by-machine" in words else ["--as", f"{member}/{post}"]
        code, text = self.run(member, do, *words, *officer, "--yes", "--json")
        assert code == status, text
        value: dict[str, Any] = json.loads(text)
        assert value["ok"] is (status in (0, 3))
        return value

    def show(self, member: str, *words: str) -> dict[str, Any]:
        """The operation as a member sees it, when everything has come."""
        code, text = self.run(member, "show", "--fetch", *words, "--json")
        assert code == 0, text
        value: dict[str, Any] = json.loads(text)
        return value


@pytest.fixture(scope="module")
def lorry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Keyboards]:
    """Five members with a duty officer and an authorising one each, and a hub; an exercise."""
    path = tmp_path_factory.mktemp("lorry")
    members = tuple(
        MemberPlan(
            Address(member),
            f"Focal point {member}",
            officers=tuple(OfficerPlan(Address(f"{member}/{post}"), roles) for post, roles in POSTS.items()),
        )
        for member in MEMBERS
    )
    plan = NetworkPlan("lorry", members, STORE, OFFICERS, cost=CHEAP)
    with asyncio.Runner() as runner:
        made = runner.run(make_network(path / "network", plan, System()))
        runner.run(made.hub.start())
        try:
            yield Keyboards(made, path / "credentials")
        finally:
            runner.run(made.hub.stop())


def states(value: dict[str, Any]) -> dict[str, str]:
    """The state of authority for each leg."""
    return {each["leg"]: each["state"] for each in value["picture"]["authority"]}


def test_a_lorry_from_open_to_close(lorry: Keyboards, tmp_path: Path) -> None:
    """Request, decisions, goods, handovers, a stop and its end, another plan, the end: each as programs see it."""
    request(lorry, tmp_path / "request.json")
    refuse_what_cannot_be(lorry)
    decide(lorry)
    travel(lorry)
    stop_and_go_on(lorry)
    plan_anew(lorry)
    arrive(lorry)


def request(lorry: Keyboards, file: Path) -> None:
    """A request from a file: who is asked sees that it is his move."""
    legs = [{name: value for name, value in leg.items() if name != "enters"} for leg in LEGS]
    file.write_text(json.dumps(LEAST["open"] | {"asks": ASKS, "legs": legs}))
    opened = lorry.step(TJ, "open", "--file", str(file))
    assert opened["state"] == "accepted"
    assert opened["to"] == [UZ, KZ, RU, "CENTRE/ROOM"]
    assert "offence" in opened["not_known"]
    assert lorry.show(UZ)["our_move"] == ["decide"]


def refuse_what_cannot_be(lorry: Keyboards) -> None:
    """Exit code 1 with the code of the reason, 2 for what was typed wrong; nothing of it is sent."""
    assert lorry.step(TJ, "confirm", status=1)["code"] == "post_missing"
    refusal = ("--decision", "refused", "--post", "Prosecutor")
    assert lorry.step(UZ, "decide", *refusal, status=1)["code"] == "entries_impossible"
    assert lorry.step(RU, "close", "--outcome", "lost", status=1)["code"] == "not_permitted"
    assert lorry.step(UZ, "stop", "TJ-CD-8", "--reason", "danger", status=1)["code"] == "no_operation"
    actual = ("--status", "actual", "--reason", "danger")
    assert lorry.step(UZ, "stop", *actual, status=1)["code"] == "marked_otherwise"
    assert lorry.run(UZ, "stop", "--as", f"{UZ}/DUTY-1", "--yes")[0] == 2
    assert lorry.run(UZ, "move", "--next-report", "later", "--as", f"{UZ}/DUTY-1", "--yes")[0] == 2
    assert [each["do"] for each in lorry.show(TJ)["state"]["steps"]] == ["open"]


def decide(lorry: Keyboards) -> None:
    """The lead confirms; each country decides, one on conditions that the lead confirms; then the goods may go."""
    lorry.step(TJ, "confirm", post="CHIEF")
    for member in (TJ, UZ, RU):
        lorry.step(member, "decide", *GRANT, post="CHIEF")
    words = ("--decision", "conditional", "--post", "Prosecutor", "--condition", "Seize rather than lose")
    conditional = lorry.step(KZ, "decide", *words, post="CHIEF")
    shown = lorry.show(TJ)
    assert states(shown) == {"1": "granted", "2": "granted", "3": "conditional", "4": "granted"}
    assert shown["may_go"] is False
    lorry.step(TJ, "confirm", "--on", str(conditional["place"]), post="CHIEF")
    shown = lorry.show(RU)
    assert states(shown)["3"] == "confirmed"
    assert shown["may_go"] is True


def travel(lorry: Keyboards) -> None:
    """Goods are registered, leave, are handed over and cross; a check-in needs no officer, and no option."""
    lorry.step(TJ, "exhibit", "--event", "registered", "--exhibit", "TJ-1", *HEROIN, *EVERYBODY)
    lorry.step(TJ, "move", "--movement", "departed", "--place", "Dushanbe", *EVERYBODY)
    lorry.step(TJ, "hand", "--stage", "offered", "--other", UZ, *EVERYBODY)
    assert lorry.show(UZ)["our_move"] == ["accept_handover"]
    lorry.step(UZ, "hand", *EVERYBODY)
    lorry.step(UZ, "move", *crossing(UZ, "2"), *EVERYBODY)
    lorry.step(UZ, "move", "--by-machine", *EVERYBODY)
    shown = lorry.show(KZ)
    assert shown["picture"]["control"]["holder"] == UZ
    assert (shown["picture"]["soil"]["member"], shown["picture"]["soil"]["leg"]) == (UZ, "2")
    assert shown["red"] == 0


def crossing(member: str, leg: str) -> tuple[str, ...]:
    """Options of a border that is crossed as planned."""
    return ("--movement", "crossed", "--soil", member, "--leg", leg, "--ground", "planned")


def stop_and_go_on(lorry: Keyboards) -> None:
    """A stop reaches all, stands on top of every screen, and ends when it is struck out."""
    stop = lorry.step(KZ, "stop", "--reason", "surveillance_lost", "--wish", "hold")
    assert set(stop["to"]) == {TJ, UZ, RU, "CENTRE/ROOM"}
    shown = lorry.show(UZ)
    assert (shown["stopped"], shown["may_go"]) == (True, False)
    code, text = lorry.run(UZ, "show", "TJ-CD-7")
    assert code == 0
    assert "\nSTOPPED by KZ/NFP since" in text
    assert "\nTHE GOODS MAY NOT GO ON - EXERCISE" in text
    lorry.step(KZ, "cancel", str(stop["place"]), "--reason", "Seen again")
    assert lorry.show(UZ)["stopped"] is False


def plan_anew(lorry: Keyboards) -> None:
    """Before another plan goes it is named what has to be decided again, and until it is, nothing may go on."""
    plan = lorry.step(TJ, "plan", "--stop-when", "One hour without sight of the lorry", "--changes", "Shorter")
    assert {each["leg"] for each in plan["decide_again"]} == {"1", "2", "3", "4"}
    lorry.step(TJ, "confirm", post="CHIEF")
    shown = lorry.show(UZ)
    assert (shown["may_go"], states(shown)["2"]) == (False, "decide_again")
    for member in (TJ, UZ, KZ, RU):
        lorry.step(member, "decide", *GRANT, post="CHIEF")
    assert lorry.show(KZ)["may_go"] is True


def arrive(lorry: Keyboards) -> None:
    """The goods go from hand to hand to the end; the books balance, nothing is red, and it is closed."""
    for giver, receiver, leg in ((UZ, KZ, "3"), (KZ, RU, "4")):
        lorry.step(giver, "hand", "--other", receiver, *EVERYBODY)
        lorry.step(receiver, "hand", *EVERYBODY)
        lorry.step(receiver, "move", *crossing(receiver, leg), *EVERYBODY)
    lorry.step(RU, "exhibit", "--event", "seized", "--exhibit", "TJ-1", *HEROIN, *EVERYBODY)
    lorry.step(RU, "result", "--outcome", "seized", *HEROIN, *EVERYBODY)
    lorry.step(RU, "note", "--to", TJ, "--summary", "Two arrests")
    assert lorry.show(KZ)["not_sent"] == 1  # the note
    lorry.step(TJ, "close", "--outcome", "delivered")
    shown = lorry.show(RU)
    assert shown["phase"] == "closed"
    assert [each["seized"] for each in shown["state"]["custody"]["balances"]] == ["12"]
    assert shown["red"] == 0
    assert json.loads(lorry.run(RU, "list", "--json")[1])["operations"] == []
    assert json.loads(lorry.run(RU, "list", "--all", "--json")[1])["operations"][0]["reference"] == "TJ-CD-7"
