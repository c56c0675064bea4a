"""What ``serai export`` writes and says."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from clients.cap import NAMESPACE
from clients.cli.commands import serai
from clients.cli.files.export_formats import ATOM, CAP_TYPE
from clients.compose import DispatchDraft, Ref
from clients.ids_csv import UNODC_COLUMNS
from clients.ids_marks import MARKS
from clients.unodc import Row, read_rows, to_seizure
from schemas.addresses import Address
from schemas.errors import Code, SeraiError
from schemas.reports import SeizureReport, encode_report
from tests.support.cap_rules import faults_of, read_xml
from tests.support.counter import Counter, serve
from tests.support.desk import Desk

SEIZURE: dict[str, Any] = {
    "our_reference": "=KZ-9",
    "date": "2026-11-24",
    "country": "KZ",
    "place": {"country": {"code": "KZ", "as_written": "Kazakhstan"}, "name": '- Aul; "Korday"'},
    "goods": [
        {"group": "heroin", "name": "Heroin", "quantity": "2.5", "unit": "kilogram", "unit_as_written": "Kilogram"}
    ],
}


@pytest.fixture(autouse=True)
def _served(monkeypatch: pytest.MonkeyPatch, counter: Counter) -> None:
    serve(monkeypatch, counter)


def send(kz: Desk, refs: tuple[tuple[str, int], ...] = (), status: str = "actual", **changes: Any) -> int:
    """KZ sends a seizure report; gives its row in the outbox."""
    report = SeizureReport.model_validate({**SEIZURE, **changes})
    draft = DispatchDraft(
        content=encode_report(report).decode(),
        kind="seizure",
        to=(Address("UZ/NFP"),),
        iss=Address("KZ/NFP/DUTY-1"),
        status=status,
        precedence="routine",
        handling="H2",
        refs=tuple(Ref(rel, kz.digest_of(row)) for rel, row in refs),
    )
    (row,) = kz.sender.draft([draft])
    kz.flush()
    kz.sync()
    return row


def receive(kz: Desk, uz: Desk, status: str = "actual") -> None:
    """UZ sends a warning, and KZ has it then."""
    uz.send("KZ/NFP", reference="UZ-1", status=status, precedence="flash")
    uz.flush()
    kz.sync()


def run(*arguments: str) -> Result:
    """``serai export`` with arguments; standard output is bytes of the file."""
    return CliRunner().invoke(serai, ["export", *arguments])


def alerts_of(xml: bytes) -> list[Any]:
    """The alerts in a file; each must follow the rules."""
    found = list(read_xml(xml).iter(f"{{{NAMESPACE}}}alert"))
    assert [faults_of(each) for each in found] == [[]] * len(found)
    return found


def test_json_has_everything(kz: Desk, uz: Desk) -> None:
    """The object names its status and has every dispatch that was sent or came, with cover, report and answers."""
    send(kz)
    receive(kz, uz)
    said = json.loads(run("--format", "json").stdout)
    assert (said["serai_export"], said["status"], said["member"]) == (1, "actual", "KZ/NFP")
    sent, came = said["dispatches"]
    assert (sent["direction"], sent["report"]["our_reference"], sent["cover"]["handling"]) == ("sent", "=KZ-9", "H2")
    assert [each["member"] for each in sent["recipients"]] == ["UZ/NFP"]
    assert (came["direction"], came["sender"], came["report"]["our_reference"]) == ("received", "UZ/NFP", "UZ-1")


@pytest.mark.parametrize("name", ["json", "ids-csv", "cap"])
def test_nothing_is_a_whole_file_too(name: str) -> None:
    """Where nothing is chosen the file is a whole one without dispatches, and that is told."""
    said = run("--format", name)
    assert said.exit_code == 0
    assert said.stdout
    assert "Exported       0" in said.stderr
    if name == "json":
        assert json.loads(said.stdout)["dispatches"] == []
    if name == "cap":
        assert alerts_of(said.stdout_bytes) == []


def test_rows_come_back_as_the_same_reports(kz: Desk, uz: Desk) -> None:
    """Seizures become rows, marked; what cannot be a row is counted; read again they are the same reports."""
    row = send(kz)
    receive(kz, uz)
    said = run("--format", "ids-csv")
    assert said.stdout_bytes.decode().splitlines()[0] == ";".join([*UNODC_COLUMNS, *MARKS])
    (read,) = read_rows(io.BytesIO(said.stdout_bytes))
    assert isinstance(read, Row)
    assert to_seizure(read, "0" * 64) == SeizureReport.model_validate(SEIZURE)
    assert (read.cells["SERAI_STATUS"], read.cells["SERAI_HANDLING"]) == ("actual", "H2")
    assert read.cells["SERAI_DIGEST"] == kz.digest_of(row)
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in read.cells.values())
    assert "Left out       1: no seizure report" in said.stderr
    assert "Handling       1: H2" in said.stderr


def test_corrected_and_cancelled_seizures_are_not_counted_twice(kz: Desk) -> None:
    """Of a corrected seizure the newest has a row; of a cancelled one, and of its cancellation, none has."""
    first = send(kz)
    send(kz, (("update", first),), our_reference="KZ-9a")
    gone = send(kz, our_reference="KZ-10")
    send(kz, (("cancel", gone),), our_reference="KZ-10a")
    said = run("--format", "ids-csv")
    rows = [row for row in read_rows(io.BytesIO(said.stdout_bytes)) if isinstance(row, Row)]
    assert [row.cells["SERAI_REFERENCE"] for row in rows] == ["KZ-9a"]
    assert "Left out       3: corrected, cancelled or sent again" in said.stderr


def test_what_has_no_column_is_told(kz: Desk) -> None:
    """That a report says more than its row is told, with the format that has everything."""
    send(kz, summary="In the wheel.")
    assert "LOOK AGAIN     1 say more" in run("--format", "ids-csv").stderr


def test_alert_that_holds_no_more_is_told(kz: Desk) -> None:
    """Whoever passes an alert on that its sender has corrected or cancelled since, is told so and by what."""
    first = send(kz)
    send(kz, (("update", first),), our_reference="KZ-9a")
    said = run("--format", "cap").stderr
    assert said.count("LOOK AGAIN") == 1
    assert "corrected by" in said


def test_one_number_is_one_alert(kz: Desk, uz: Desk) -> None:
    """One dispatch by its number is one alert of CAP; an exercise says so in status, note, identifier, headline."""
    receive(kz, uz, status="exercise")
    number = json.loads(run("--format", "json").stdout)["dispatches"][0]["number"]
    said = run("--format", "cap", f"EX {number}")
    root = read_xml(said.stdout_bytes)
    assert root.tag == f"{{{NAMESPACE}}}alert"
    (alert,) = alerts_of(said.stdout_bytes)
    status, identifier, note, headline = (
        alert.findtext(f".//{{{NAMESPACE}}}{name}") for name in ("status", "identifier", "note", "headline")
    )
    assert status == "Exercise"
    assert identifier.startswith("EX-")
    assert note.startswith("EXERCISE - EXERCISE")
    assert headline.startswith("EXERCISE: ")


def test_many_alerts_are_a_feed(kz: Desk, uz: Desk) -> None:
    """Several dispatches are alerts in an Atom feed; a correction names the alert that it corrects."""
    first = send(kz)
    send(kz, (("update", first),), our_reference="KZ-9a")
    receive(kz, uz)
    xml = run("--format", "cap").stdout_bytes
    feed = read_xml(xml)
    assert feed.tag == f"{{{ATOM}}}feed"
    for name in ("id", "title", "updated", "author"):
        assert feed.find(f"{{{ATOM}}}{name}") is not None
    entries = feed.findall(f"{{{ATOM}}}entry")
    assert len({entry.findtext(f"{{{ATOM}}}id") for entry in entries}) == len(entries) == 3
    assert {content.get("type") for content in feed.iter(f"{{{ATOM}}}content")} == {CAP_TYPE}
    alerts = alerts_of(xml)
    assert alerts[1].findtext(f"{{{NAMESPACE}}}msgType") == "Update"
    assert f",{kz.digest_of(first)}," in alerts[1].findtext(f"{{{NAMESPACE}}}references")


def test_exercise_does_not_slip_into_a_real_file(kz: Desk, uz: Desk) -> None:
    """Exercise and actual are refused in one file, unless that is asked for: then the file says mixed."""
    send(kz)
    receive(kz, uz, status="exercise")
    said = run("--format", "cap")
    assert (said.exit_code, said.stdout) == (1, "")
    assert "--mixed" in said.stderr
    mixed = run("--format", "cap", "--mixed")
    assert b"<title>MIXED: EXERCISE AND ACTUAL - Dispatches of KZ/NFP</title>" in mixed.stdout_bytes
    assert json.loads(run("--format", "json", "--mixed").stdout)["status"] == "mixed"


def test_file_is_private_and_never_overwritten(kz: Desk, tmp_path: Path) -> None:
    """The file is mode 0600; one that is there is replaced only by force; for programs the counts are told."""
    send(kz)
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
    send(kz)
    for fault, status in ((SeraiError(Code.DAMAGED, "a row"), 1), (KeyboardInterrupt(), 130)):

        def fail(*_what: object, fault: BaseException = fault) -> bytes:
            raise fault

        with monkeypatch.context() as patch:
            patch.setattr("clients.cli.files.export_formats.JsonFormat.write", fail)
            assert run("--format", "json", "--output", str(tmp_path / "all.json")).exit_code == status
        assert not list(tmp_path.glob("*all.json*"))


@pytest.mark.parametrize(
    "arguments",
    [["--json", "--format", "json"], ["5", "--sent", "--format", "json"], ["--format", "xlsx"], []],
)
def test_wrong_use(arguments: list[str]) -> None:
    """What contradicts itself, or names no format, is wrong use."""
    assert run(*arguments).exit_code == 2


def test_json_can_be_looked_at(kz: Desk) -> None:
    """Texts of others in a file of JSON do nothing to a terminal that shows it, and lose nothing."""
    send(kz, summary="a\u202eb\u2028c")
    said = run("--format", "json").stdout
    assert all(line.isprintable() for line in said.split("\n"))
    assert json.loads(said)["dispatches"][0]["report"]["summary"] == "a\u202eb\u2028c"
