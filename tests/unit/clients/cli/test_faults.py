"""Faults as a person is told them."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from clients.actions.home import ClientSettings, Home
from clients.actions.writing import read_report
from clients.cli.base import Command
from clients.cli.commands import serai
from clients.documents.faults import file_fault, remedy_of
from clients.errors import ClientError, LocalCode
from clients.keys.keystore import CHEAP, make_keys
from clients.store import Alarm, Store
from schemas.addresses import Address
from schemas.errors import Code
from tests.support.counter import Counter


def run(*arguments: str) -> str:
    """What wrong use is told as; nothing is made."""
    said = CliRunner().invoke(serai, arguments)
    assert (said.exit_code, said.stdout) == (2, ""), said.output
    return " ".join(said.stderr.split())


@pytest.mark.parametrize("hours", ["nan", "inf", "1e300", "0"])
def test_hours_that_are_none_are_wrong_use(hours: str) -> None:
    """A time within which a reply is wanted is a number, and at most a year."""
    assert "--reply-hours" in run("send", "warning", "--reply-hours", hours)


@pytest.mark.parametrize("seconds", ["nan", "inf", "-1"])
def test_seconds_that_are_none_are_wrong_use(seconds: str) -> None:
    """A time to wait is a number."""
    assert "--wait" in run("audit", "--wait", seconds)


def test_mistyped_seat_is_wrong_use(tmp_path: Path) -> None:
    """The name of a seat is checked before anything is made."""
    network = tmp_path / "network.jws"
    network.write_text("x")
    options = ("--network", str(network), "--hub", "ws://127.0.0.1:1", "--name", "N", "--home", str(tmp_path / "home"))
    assert "a seat is called by" in run("init", "TJ/NFP", *options, "--seat", "Desk 1")
    assert "a seat is called by" in run("seat", "Desk 1", "--home", str(tmp_path))


def test_fault_of_the_program_is_told_without_a_traceback_on_the_result() -> None:
    """Even what nobody foresaw has a cause, a hint, a code and an exit code; a log keeps the trace."""

    @click.command(cls=Command)
    @click.option("--json", "as_json", is_flag=True)
    def breaks(*, as_json: bool) -> None:
        raise ZeroDivisionError(as_json)

    said = CliRunner().invoke(breaks, ["--json"])
    value = json.loads(said.stdout)
    assert (said.exit_code, value["code"], value["exit"]) == (1, "internal", 1)
    assert "ZeroDivisionError, test_faults.py:" in value["detail"]
    assert "Traceback" in said.stderr


@pytest.mark.parametrize("named", [None, Address("KZ/NFP/DUTY-9")])
def test_who_may_act_is_said(counter: Counter, named: Address | None) -> None:
    """An officer who is not known here, and several where none is named, are told whose keys there are."""
    (key,) = counter.store.keys.officers[Address("KZ/NFP/DUTY-1")]
    counter.store.change_keys(lambda held: held.with_officer(Address("KZ/NFP/DUTY-2"), key))
    with pytest.raises(ClientError) as caught:
        counter.officer(named)
    assert caught.value.code is (LocalCode.NO_OFFICER_KEY if named else LocalCode.OFFICER_UNCLEAR)
    assert "KZ/NFP/DUTY-1, KZ/NFP/DUTY-2" in remedy_of(caught.value)


def make_home(folder: Path, monkeypatch: pytest.MonkeyPatch, passphrase: str) -> Home:
    """A client whose passphrase is ``toy``, and one that commands find in its place."""
    home, keys = Home(folder / "home"), make_keys("toy/" + "A" * 43, Address("KZ/NFP"), bytes)
    home.make()
    with Store.create(home.store, keys, "toy", cost=CHEAP) as store:
        store.alarms.add(Alarm("fork", "two notes", 5))
        home.write_settings(ClientSettings(member=keys.member, network=keys.network, hubs=["ws://127.0.0.1:1"]))
    secrets = folder / "credentials"
    secrets.mkdir()
    (secrets / "serai-passphrase").write_text(passphrase)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(secrets))
    return home


@pytest.mark.parametrize("text", ["fffe41", "ff8000", "d0"])
@pytest.mark.parametrize("column", ["kind", "state"])
def test_text_in_the_store_that_is_none_is_damage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, column: str, text: str
) -> None:
    """Bytes in the file that are not UTF-8, by a disk or a hand: the store is damaged, and how it is put right here."""
    home = make_home(tmp_path, monkeypatch, "toy")
    with closing(sqlite3.connect(home.store)) as file, file:
        file.execute(f"UPDATE alarm SET {column} = CAST(X'{text}' AS TEXT)")  # noqa: S608 - a column of this test
    said = CliRunner().invoke(serai, ["alarms", "--home", str(home.path), "--json"])
    value = json.loads(said.stdout)
    assert (said.exit_code, value["code"], value["remedy"]) == (1, "damaged", "Restore a backup, and tell the Centre.")
    assert "Traceback" not in said.output


def test_doctor_says_how_a_store_is_mended_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A wrong passphrase is no fault of a sender of ours: it is to be typed again."""
    home = make_home(tmp_path, monkeypatch, "another")
    said = CliRunner().invoke(serai, ["doctor", "--home", str(home.path), "--json"])
    (store,) = [each for each in json.loads(said.stdout)["findings"] if each["check"] == "store"]
    assert (said.exit_code, store["grade"]) == (1, "fault")
    assert store["mend"].startswith("Type the passphrase again.")


def test_a_hub_that_is_gone_is_no_full_disk() -> None:
    """What fails without a file is the line: the hint is not about this machine's disk."""
    assert file_fault(OSError("ConnectError from http://127.0.0.1:1")).code is Code.HUB_NOT_READY
    assert file_fault(PermissionError(13, "denied", "store.db")).code is Code.STORAGE_FAILED
    assert file_fault(OSError(28, "No space left on device")).code is Code.STORAGE_FAILED


def test_own_file_that_will_not_do_is_named(tmp_path: Path) -> None:
    """Who wrote the file is told what to mend in it, not to ask a sender."""
    path = tmp_path / "report.json"
    path.write_text('{"our_reference": "F1", "plates": "x"}')
    with pytest.raises(ClientError, match=r"report\.json: .") as caught:
        read_report("warning", path)
    assert caught.value.code is LocalCode.FILE_UNUSABLE
    assert remedy_of(caught.value) == "Fix the file."
