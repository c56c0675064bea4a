"""What ``serai export`` writes and says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from clients.cli.commands import serai
from clients.formats.cap import NAMESPACE
from schemas.errors import Code, SeraiError
from tests.support.cap_rules import read_xml
from tests.support.counter import Counter, serve
from tests.support.desk import Desk
from tests.support.seizure_rows import receive_warning, send_seizure


@pytest.fixture(autouse=True)
def _served(monkeypatch: pytest.MonkeyPatch, counter: Counter) -> None:
    serve(monkeypatch, counter)


def run(*arguments: str) -> Result:
    """``serai export`` with arguments; standard output is bytes of the file."""
    return CliRunner().invoke(serai, ["export", *arguments])


@pytest.mark.parametrize("name", ["json", "ids-csv", "cap"])
def test_nothing_is_a_whole_file_too(name: str) -> None:
    """Where nothing is chosen the file is a whole one without dispatches, and that is told."""
    said = run("--format", name)
    assert said.exit_code == 0
    assert said.stdout
    assert "Exported       0" in said.stderr
    if name == "json":
        assert json.loads(said.stdout)["dispatches"] == []


def test_one_number_is_one_alert(kz: Desk, uz: Desk) -> None:
    """One dispatch by its number, as it is spoken, is one alert of CAP and no feed."""
    receive_warning(kz, uz, status="exercise")
    number = json.loads(run("--format", "json").stdout)["dispatches"][0]["number"]
    said = run("--format", "cap", f"EX {number}")
    assert read_xml(said.stdout_bytes).tag == f"{{{NAMESPACE}}}alert"
    assert "Exported       1, EXERCISE" in said.stderr


def test_what_is_not_in_the_file_is_told(kz: Desk, uz: Desk) -> None:
    """What the file has, and what a person must look at again, stands on standard error."""
    first = send_seizure(kz, summary="In the wheel.")
    receive_warning(kz, uz)
    said = run("--format", "ids-csv").stderr
    for part in ("Handling       1: H2", "Left out       1: no seizure report", "LOOK AGAIN     1 say more"):
        assert part in said
    send_seizure(kz, (("update", first),), our_reference="KZ-9a")
    said = run("--format", "cap").stderr
    assert said.count("LOOK AGAIN") == 1
    assert "corrected by" in said


def test_exercise_does_not_slip_into_a_real_file(kz: Desk, uz: Desk) -> None:
    """Exercise and actual are refused in one file, unless that is asked for; how many there are is said."""
    send_seizure(kz)
    receive_warning(kz, uz, status="exercise")
    said = run("--format", "cap")
    assert (said.exit_code, said.stdout) == (1, "")
    assert "--mixed" in said.stderr
    assert "(Actual 1, Exercise 1)" in said.stderr
    assert json.loads(run("--format", "json", "--mixed").stdout)["status"] == "mixed"


def test_file_is_private_and_never_overwritten(kz: Desk, tmp_path: Path) -> None:
    """The file is mode 0600; one that is there is replaced only by force; for programs the counts are told."""
    send_seizure(kz)
    path = tmp_path / "all.json"
    told = json.loads(run("--format", "json", "--output", str(path), "--json").stdout)
    assert told == {
        "ok": True,
        "file": str(path),
        "format": "json",
        "status": "actual",
        "count": 1,
        "handling": {"H2": 1},
        "left_out": {},
        "holds_more": 0,
        "amended": 0,
    }
    assert path.stat().st_mode & 0o777 == 0o600
    again = run("--format", "ids-csv", "--output", str(path))
    assert again.exit_code == 1
    assert "--force" in again.stderr
    assert json.loads(path.read_text())["status"] == "actual"
    assert run("--format", "ids-csv", "--output", str(path), "--force").exit_code == 0
    assert path.read_text().startswith("REGION;")


def test_fault_in_the_middle_leaves_no_file(kz: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault, or Ctrl-C, in the middle leaves no file, and what was there as it was."""
    send_seizure(kz)
    for fault, status in ((SeraiError(Code.DAMAGED, "a row"), 1), (KeyboardInterrupt(), 130)):

        def fail(*_what: object, fault: BaseException = fault) -> bytes:
            raise fault

        with monkeypatch.context() as patch:
            patch.setattr("clients.documents.export_files.JsonFormat.write", fail)
            assert run("--format", "json", "--output", str(tmp_path / "all.json")).exit_code == status
        assert not list(tmp_path.glob("*all.json*"))


@pytest.mark.parametrize(
    "arguments",
    [["--json", "--format", "json"], ["5", "--sent", "--format", "json"], ["--format", "xlsx"], []],
)
def test_wrong_use(arguments: list[str]) -> None:
    """What contradicts itself, or names no format, is wrong use."""
    assert run(*arguments).exit_code == 2
