"""What stands in files that are handed out: JSON, rows of seizures, alerts."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from clients.actions.exporting import ExportOptions, choose
from clients.actions.handling import WantedUse
from clients.documents.export_cap import ATOM, CAP_TYPE
from clients.documents.export_files import export_pieces, make_format
from clients.documents.export_format import ExportTally, LeftOut
from clients.formats.cap import NAMESPACE
from clients.formats.ids_columns import MARKS, read_marks
from clients.formats.ids_csv import UNODC_COLUMNS
from clients.formats.ids_rows import Row, read_rows
from clients.formats.unodc import to_seizure
from schemas.reports import SeizureReport
from schemas.rules.handling import Use
from tests.support.cap_rules import faults_of, read_xml
from tests.support.counter import Counter
from tests.support.desk import Desk
from tests.support.seizure_rows import SEIZURE, receive_warning, send_seizure
from tests.support.tomorrow import LATER_REPORTS, LATER_SEIZURE, LATER_WARNING


def written(
    counter: Counter, name: str, tally: ExportTally | None = None, options: ExportOptions | None = None
) -> bytes:
    """A whole file."""
    options = options or ExportOptions(mixed=True)
    writer = make_format(name, counter, options.wanted, single=len(options.numbers) == 1)
    return b"".join(export_pieces(counter, choose(counter, options), writer, tally or ExportTally()))


def alerts_of(xml: bytes) -> list[Any]:
    """The alerts in a file; each must follow the rules."""
    found = list(read_xml(xml).iter(f"{{{NAMESPACE}}}alert"))
    assert [faults_of(each) for each in found] == [[]] * len(found)
    return found


def test_json_has_everything(counter: Counter, kz: Desk, uz: Desk) -> None:
    """The object names its status and has every dispatch that was sent or came, with cover, report and answers."""
    send_seizure(kz)
    receive_warning(kz, uz)
    value = json.loads(written(counter, "json"))
    assert (value["serai_export"], value["status"], value["member"]) == (1, "actual", "KZ/NFP")
    sent, came = value["dispatches"]
    assert (sent["direction"], sent["report"]["our_reference"], sent["cover"]["handling"]) == ("sent", "=KZ-9", "H2")
    assert [each["member"] for each in sent["recipients"]] == ["UZ/NFP"]
    assert (came["direction"], came["sender"], came["report"]["our_reference"]) == ("received", "UZ/NFP", "UZ-1")


def test_json_can_be_looked_at(counter: Counter, kz: Desk) -> None:
    """Texts of others in a file of JSON do nothing to a terminal that shows it, and lose nothing."""
    send_seizure(kz, summary="a\u202eb\u2028c")
    text = written(counter, "json").decode()
    assert all(line.isprintable() for line in text.split("\n"))
    assert json.loads(text)["dispatches"][0]["report"]["summary"] == "a\u202eb\u2028c"


def test_rows_come_back_as_the_same_reports(counter: Counter, kz: Desk, uz: Desk) -> None:
    """Seizures become rows, marked; what cannot be a row is counted; read again they are the same reports."""
    row, tally = send_seizure(kz), ExportTally()
    receive_warning(kz, uz)
    data = written(counter, "ids-csv", tally)
    assert data.decode().splitlines()[0] == ";".join([*UNODC_COLUMNS, *MARKS])
    (read,) = read_rows(io.BytesIO(data))
    assert isinstance(read, Row)
    assert to_seizure(read, "0" * 64) == SeizureReport.model_validate(SEIZURE)
    assert (read.cells["SERAI_STATUS"], read.cells["SERAI_HANDLING"]) == ("actual", "H2")
    assert read_marks(read.cells).digest == kz.digest_of(row)
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in read.cells.values())
    assert (tally.count, tally.handling, tally.left_out) == (1, {"H2": 1}, {LeftOut.NO_SEIZURE: 1})


def test_corrected_and_cancelled_seizures_are_not_counted_twice(counter: Counter, kz: Desk) -> None:
    """Of a corrected seizure the newest has a row; of a cancelled one, and of its cancellation, none has."""
    first, tally = send_seizure(kz), ExportTally()
    send_seizure(kz, (("update", first),), our_reference="KZ-9a")
    gone = send_seizure(kz, our_reference="KZ-10")
    send_seizure(kz, (("cancel", gone),), our_reference="KZ-10a")
    rows = [row for row in read_rows(io.BytesIO(written(counter, "ids-csv", tally))) if isinstance(row, Row)]
    assert [row.cells["SERAI_REFERENCE"] for row in rows] == ["KZ-9a"]
    assert tally.left_out == {LeftOut.SUPERSEDED: 3}


def test_what_has_no_column_is_counted(counter: Counter, kz: Desk) -> None:
    """That a report says more than its row has room for is counted."""
    send_seizure(kz, summary="In the wheel.")
    tally = ExportTally()
    written(counter, "ids-csv", tally)
    assert tally.holds_more == 1


def test_alert_that_holds_no_more_is_named(counter: Counter, kz: Desk) -> None:
    """An alert that its sender has corrected or cancelled since is named, with what did it."""
    first, tally = send_seizure(kz), ExportTally()
    send_seizure(kz, (("update", first),), our_reference="KZ-9a")
    written(counter, "cap", tally)
    (text,) = tally.amended
    assert "corrected by" in text


def test_one_number_is_one_alert(counter: Counter, kz: Desk, uz: Desk) -> None:
    """One dispatch by its number is one alert of CAP; an exercise says so in status, note, identifier, headline."""
    receive_warning(kz, uz, status="exercise")
    number = json.loads(written(counter, "json"))["dispatches"][0]["number"]
    data = written(counter, "cap", options=ExportOptions((number,)))
    root = read_xml(data)
    assert root.tag == f"{{{NAMESPACE}}}alert"
    (alert,) = alerts_of(data)
    status, identifier, note, headline = (
        alert.findtext(f".//{{{NAMESPACE}}}{name}") for name in ("status", "identifier", "note", "headline")
    )
    assert status == "Exercise"
    assert identifier.startswith("EX-")
    assert note.startswith("EXERCISE - EXERCISE")
    assert headline.startswith("EXERCISE: ")


def test_many_alerts_are_a_feed(counter: Counter, kz: Desk, uz: Desk) -> None:
    """Several dispatches are alerts in an Atom feed; a correction names the alert that it corrects."""
    first = send_seizure(kz)
    send_seizure(kz, (("update", first),), our_reference="KZ-9a")
    receive_warning(kz, uz)
    xml = written(counter, "cap")
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


def test_mixed_file_says_so(counter: Counter, kz: Desk, uz: Desk) -> None:
    """Where exercise and actual stand in one file, its head says mixed."""
    send_seizure(kz)
    receive_warning(kz, uz, status="exercise")
    assert b"<title>MIXED: EXERCISE AND ACTUAL - Dispatches of KZ/NFP</title>" in written(counter, "cap")
    assert json.loads(written(counter, "json"))["status"] == "mixed"


def test_empty_feed_is_whole(counter: Counter) -> None:
    """A feed without dispatches is a whole one."""
    assert alerts_of(written(counter, "cap")) == []


def later(kz: Desk, report: dict[str, Any]) -> None:
    """UZ sends what a later version would."""
    kz.hub.send(kz.hub.world.dispatch("UZ/NFP", ["KZ/NFP"], report, kind=report["report"]))
    kz.sync()


@pytest.mark.parametrize("report", LATER_REPORTS)
def test_only_json_has_what_is_not_known(counter: Counter, kz: Desk, report: dict[str, Any]) -> None:
    """Alerts and rows have no word of it; an alert says that there is more; JSON has it by its path."""
    later(kz, report)
    permitted = ExportOptions(mixed=True, wanted=WantedUse(Use.OTHERS, "Letter 12"))
    (came,) = json.loads(written(counter, "json", options=permitted))["dispatches"]
    assert came["not_known"]
    told = ("D-7", "convoy", "violet", "stop it", "snow_cm")
    unknown = [word for word in told if word in json.dumps(came["not_known"])]
    (alert,) = alerts_of(written(counter, "cap", options=permitted))
    description = alert.findtext(f".//{{{NAMESPACE}}}description")
    assert "this program does not know" in (description or "")
    files = b"".join(written(counter, name, options=permitted) for name in ("cap", "ids-csv"))
    assert not [word for word in unknown if word.encode() in files]


def test_later_codes_are_written_as_they_are(counter: Counter, kz: Desk) -> None:
    """A group, unit or country of a later version stands in a row under its own name, and is counted as more."""
    later(kz, LATER_SEIZURE)
    tally = ExportTally()
    (row,) = read_rows(io.BytesIO(written(counter, "ids-csv", tally)))
    assert isinstance(row, Row)
    names = ("COUNTRY", "DRUG_NAME", "AMOUNT", "DRUG_UNIT")
    assert [row.cells[name] for name in names] == ["QZ", "Metonitazene", "2", "pallet"]
    assert tally.holds_more == 1


def test_unknown_action_asks_nobody_to_act(counter: Counter, kz: Desk) -> None:
    """What a warning asks for in a later word is to be assessed, not executed."""
    later(kz, LATER_WARNING)
    (alert,) = alerts_of(written(counter, "cap"))
    assert alert.findtext(f".//{{{NAMESPACE}}}responseType") == "Assess"
