"""What is seen of a file before anything is sent."""

from __future__ import annotations

from pathlib import Path

import pytest

from clients.actions import importing
from clients.actions.importing import MANY, ImportOptions, ImportPlan, read_plan, start_plan
from clients.errors import LocalCode
from clients.formats.ids_rows import Reason
from schemas.addresses import Address
from schemas.claims import Status
from tests.support.counter import Counter
from tests.support.desk import Desk, ScriptedHub
from tests.support.refusals import refused
from tests.support.seizure_rows import file_text
from tests.support.world import KZ, World


def plan_of(path: Path, counter: Counter, status: Status = "actual") -> ImportPlan:
    """The whole plan of a file."""
    plan = start_plan(counter, ImportOptions(path, status))
    assert len(list(read_plan(counter, plan))) == plan.unusable_count
    return plan


def test_every_row_is_counted(file: Path, counter: Counter) -> None:
    """Each row is ours, somebody else's or refused with line, column and reason; none is dropped."""
    plan = plan_of(file, counter)
    assert (plan.rows, plan.new, plan.before, plan.known, dict(plan.not_ours)) == (7, 5, 0, 0, {"UZ": 1})
    assert [(each.fault.line, each.fault.column, each.fault.reason) for each in plan.unusable] == [
        (6, "SEIZURE_DATE", Reason.BAD_DATE)
    ]
    assert plan.days == ("2026-11-02", "2026-11-02")
    assert plan.first is not None
    assert plan.first.goods[0].quantity == "1"


def test_refused_rows_are_bounded_in_memory(tmp_path: Path, counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many rows are refused, all are counted and given, and only so many are kept."""
    monkeypatch.setattr(importing, "MOST_LISTED", 3)
    path = tmp_path / "bad.csv"
    path.write_text(file_text(*[{"AMOUNT": "x"}] * 10))
    plan = plan_of(path, counter)
    assert (plan.unusable_count, len(plan.unusable), plan.rows) == (10, 3, 10)
    assert all(each.row is None for each in plan.unusable)


def test_names_of_others_are_bounded_in_memory(
    tmp_path: Path, counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many others a file names, and however long, all their rows are counted and few names are kept."""
    monkeypatch.setattr(importing, "MOST_LISTED", 3)
    path = tmp_path / "others.csv"
    senders = ["Z" * 5_000, *(f"UZ/NFP/SEAT-{number}" for number in range(5)), "UZ/NFP/SEAT-0"]
    path.write_text(file_text(*({"SERAI_STATUS": "actual", "SERAI_SENDER": each} for each in senders)))
    plan = plan_of(path, counter)
    assert dict(plan.not_ours) == {MANY: 4, "UZ/NFP/SEAT-0": 2, "UZ/NFP/SEAT-1": 1}


def test_row_of_an_exercise_stays_one(tmp_path: Path, counter: Counter) -> None:
    """A row that was exported from an exercise is not sent as actual."""
    path = tmp_path / "exercise.csv"
    path.write_text(file_text({"SERAI_STATUS": "exercise"}, {"SERAI_STATUS": "actual"}))
    assert [each.fault.reason for each in plan_of(path, counter).unusable] == [Reason.OTHER_STATUS]
    assert [each.fault.line for each in plan_of(path, counter, "exercise").unusable] == [3]


def test_member_without_a_country_imports_nothing(file: Path, tmp_path: Path) -> None:
    """A member of an organisation has no rows of its own."""
    hub = ScriptedHub(World([KZ, Address("UNODC/HQ")]))
    (tmp_path / "hq").mkdir()
    client = Counter(Desk(tmp_path / "hq", hub, "UNODC/HQ", "UNODC/HQ/DUTY-1"), hub)
    with refused(LocalCode.NOT_A_COUNTRY, "of no country"):
        start_plan(client, ImportOptions(file, "actual"))
