"""What is seen of a file before anything is sent."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import pytest

from clients.cli.faults import Fault
from clients.cli.files import seizure_file
from clients.cli.files.seizure_file import MANY, Plan, read_plan, remedy, stamp_of, start_plan
from clients.ids_rows import Reason
from schemas.addresses import Address
from schemas.errors import Code
from tests.support.counter import Counter
from tests.support.refusals import refused
from tests.unit.clients.cli.conftest import file_text

KZ = Address("KZ/NFP")


def plan_of(path: Path, counter: Counter, status: str = "actual") -> Plan:
    """The whole plan of a file."""
    plan = start_plan(path, KZ, status)
    assert len(list(read_plan(plan, counter.store))) == plan.refused_count
    return plan


def test_every_row_is_counted(file: Path, counter: Counter) -> None:
    """Each row is ours, somebody else's or refused with line, column and reason; none is dropped."""
    plan = plan_of(file, counter)
    assert (plan.rows, plan.new, plan.before, plan.known, dict(plan.not_ours)) == (7, 5, 0, 0, {"UZ": 1})
    assert [(each.fault.line, each.fault.column, each.fault.reason) for each in plan.refused] == [
        (6, "SEIZURE_DATE", Reason.BAD_DATE)
    ]
    assert plan.days == ("2026-11-02", "2026-11-02")
    assert plan.first is not None
    assert plan.first.goods[0].quantity == "1"


def test_content_is_what_counts(file: Path, tmp_path: Path, counter: Counter) -> None:
    """The digest is that of the content, however the file is called or packed."""
    packed = tmp_path / "other.dat"
    packed.write_bytes(gzip.compress(file.read_bytes(), mtime=7))
    assert plan_of(packed, counter).by == plan_of(file, counter).by


def test_refused_rows_are_bounded_in_memory(tmp_path: Path, counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many rows are refused, all are counted and given, and only so many are kept."""
    monkeypatch.setattr(seizure_file, "MOST_TOLD", 3)
    path = tmp_path / "bad.csv"
    path.write_text(file_text(*[{"AMOUNT": "x"}] * 10))
    plan = plan_of(path, counter)
    assert (plan.refused_count, len(plan.refused), plan.rows) == (10, 3, 10)
    assert all(each.row is None for each in plan.refused)


def test_names_of_others_are_bounded_in_memory(
    tmp_path: Path, counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many others a file names, and however long, all their rows are counted and few names are kept."""
    monkeypatch.setattr(seizure_file, "MOST_TOLD", 3)
    path = tmp_path / "others.csv"
    senders = ["Z" * 5_000, *(f"UZ/NFP/SEAT-{number}" for number in range(5)), "UZ/NFP/SEAT-0"]
    path.write_text(file_text(*({"SERAI_STATUS": "actual", "SERAI_SENDER": each} for each in senders)))
    plan = plan_of(path, counter)
    assert dict(plan.not_ours) == {MANY: 4, "UZ/NFP/SEAT-0": 2, "UZ/NFP/SEAT-1": 1}


def test_change_that_sets_its_time_back_is_seen(file: Path) -> None:
    """A file of which as many bytes were changed, and its time set back, is seen to be another."""
    before, times = stamp_of(file), file.stat()
    file.write_bytes(file.read_bytes().replace(b"Korday", b"Almaty"))
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert stamp_of(file)[:4] == before[:4]
    assert stamp_of(file) != before


def test_row_of_an_exercise_stays_one(tmp_path: Path, counter: Counter) -> None:
    """A row that was exported from an exercise is not sent as actual."""
    path = tmp_path / "exercise.csv"
    path.write_text(file_text({"SERAI_STATUS": "exercise"}, {"SERAI_STATUS": "actual"}))
    assert [each.fault.reason for each in plan_of(path, counter).refused] == [Reason.OTHER_STATUS]
    assert [each.fault.line for each in plan_of(path, counter, "exercise").refused] == [3]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "is empty"),
        (gzip.compress(b""), "is empty"),
        (gzip.compress(b"COUNTRY;" * 1000)[:-9], "damaged, or cut off"),
        (b"\x1f\x8bnot gzip at all", "damaged, or cut off"),
        (b"PK\x03\x04\x14\x00", "a spreadsheet or an archive"),
        ("Страна;Место\n".encode("cp1251"), "not UTF-8"),
        ("COUNTRY;PLACE\n".encode("utf-16"), "not UTF-8"),
        (b"COUNTRY,PLACE\nKazakhstan,Aul\n", "no semicolons"),
        (b"COUNTRY\tPLACE\n", "no semicolons"),
        (b"COUNTRY;PLACE\n", "no column ADMINISTRATIVE_DIVISION"),
        (file_text({}).replace("COUNTRY;", "COUNTRY;COUNTRY;", 1).encode(), "no column COUNTRY"),
        (b"\n\n\n", "no column COUNTRY"),
        (b"\0" * 100_000, "no column COUNTRY"),
    ],
)
def test_what_is_no_such_file_says_why(tmp_path: Path, counter: Counter, content: bytes, told: str) -> None:
    """A file of another kind is refused as a whole, with what it is and what to do."""
    path = tmp_path / "file"
    path.write_bytes(content)
    with pytest.raises(Fault) as caught:
        plan_of(path, counter)
    assert caught.value.code is Code.MALFORMED_REPORT
    assert told in caught.value.detail
    assert caught.value.hint


def test_too_large_a_content_is_refused(file: Path, counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    """A content beyond the limit, packed however small, is refused before its rows are read."""
    monkeypatch.setattr(seizure_file, "MAX_CONTENT_BYTES", 64)
    with refused(Code.MALFORMED_REPORT, "more than"):
        plan_of(file, counter)


def test_what_is_no_file_is_refused(tmp_path: Path, counter: Counter) -> None:
    """A pipe, which could not be read twice, is refused without waiting for it."""
    os.mkfifo(tmp_path / "pipe")
    with refused(Code.MALFORMED_REPORT, "not a regular file"):
        plan_of(tmp_path / "pipe", counter)


def test_member_without_a_country_imports_nothing(file: Path) -> None:
    """A member of an organisation has no rows of its own."""
    with refused(Code.NOT_PERMITTED, "of no country"):
        start_plan(file, Address("UNODC/HQ"), "actual")


@pytest.mark.parametrize("reason", list(Reason))
def test_every_reason_has_a_remedy(reason: Reason) -> None:
    """Whatever is wrong with a row, something can be done about it."""
    assert remedy(reason).endswith(".")
