"""Looking through the store."""

from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import CliRunner

from clients.cli.commands import serai
from tests.support.counter import Counter, serve
from tests.support.desk import Desk, ScriptedHub
from tests.support.traffic import arrive, follow_up, give_receipt


def search(*arguments: str) -> dict[str, Any]:
    """``serai search``, for programs."""
    found = CliRunner().invoke(serai, ["search", *arguments, "--json"])
    assert found.exit_code == 0, found.output
    value: dict[str, Any] = json.loads(found.stdout)
    return value


def digests(*arguments: str) -> list[str]:
    """What is found, in its order."""
    return [each["digest"] for each in search(*arguments)["dispatches"]]


@pytest.fixture(autouse=True)
def _served(monkeypatch: pytest.MonkeyPatch, counter: Counter) -> None:
    serve(monkeypatch, counter)


def test_both_directions_newest_first(kz: Desk, uz: Desk) -> None:
    """What came and what was sent, the newest first, each with its direction; no more than was asked for."""
    first = arrive(uz, kz, precedence="routine")
    row = kz.send("UZ/NFP", reference="secret plan")
    kz.flush()
    kz.sync()
    second = kz.digest_of(row)
    found = search("SECRET")
    assert [(each["digest"], each["direction"]) for each in found["dispatches"]] == [
        (second, "sent"),
        (first, "received"),
    ]
    assert (found["searched"], found["more"]) == (2, False)
    assert (digests("secret", "--limit", "1"), search("secret", "--limit", "1")["more"]) == ([second], True)
    assert digests("plan") == [second]


def test_unacknowledged_is_what_waits(kz: Desk, uz: Desk, hub: ScriptedHub) -> None:
    """Ours to answer, or a recipient's; what is answered or cancelled does not wait."""
    first, second, third = (arrive(uz, kz, precedence="flash") for _each in range(3))
    row = kz.send("UZ/NFP", "RU/NFP")
    kz.flush()
    kz.sync()
    ours = kz.digest_of(row)
    give_receipt(kz, uz, first, "declined", "not_ours")
    ended = follow_up(uz, kz, "cancel", third)
    assert digests("--unacknowledged") == [second, ended, ours]
    for member in ("UZ/NFP", "RU/NFP"):
        assert ours in digests("--unacknowledged")
        hub.world.admit(hub.world.receipt(f"{member}/DUTY-1", "KZ/NFP", [ours], "acknowledged"))
        kz.sync()
    assert ours not in digests("--unacknowledged")


def test_times_are_the_hubs(kz: Desk, uz: Desk, hub: ScriptedHub) -> None:
    """Bounds are by the time of the ledger, a day to its end."""
    first = arrive(uz, kz, precedence="routine")
    hub.world.wait(48 * 3600)
    second = arrive(uz, kz, precedence="routine")
    day = "2026-09-22"
    assert digests("--since", day) == [second]
    assert digests("--until", day) == [first]
    assert digests("--since", "2026-09-01", "--until", "2026-09-30") == [second, first]


@pytest.mark.parametrize("arguments", [("--country", "Atlantis"), ("--from", "KZ"), ("--kind", "poem")])
def test_mistyped_filter_is_wrong_use(arguments: tuple[str, ...]) -> None:
    """A filter that can fit nothing is told, not searched for."""
    assert CliRunner().invoke(serai, ["search", *arguments]).exit_code == 2
