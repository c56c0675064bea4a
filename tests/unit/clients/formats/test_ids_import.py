"""Which rows a member may send."""

from __future__ import annotations

import pytest

from clients.formats.ids_import import Importer, NotOurs, Ours, UnusableRow, judge_row
from clients.formats.ids_rows import BadRow, Reason, Row
from schemas.addresses import Address
from tests.unit.clients.formats.test_unodc import CELLS

KZ = Importer(Address("KZ/NFP"), "exercise", "ab" * 32)


def row(**changes: str) -> Row:
    """A row of Kazakhstan with other cells."""
    return Row(5, {**CELLS, "COUNTRY": "Kazakhstan", **changes})


def test_own_row_becomes_a_report() -> None:
    """A row of the own country becomes a report that names content and line."""
    ours = judge_row(row(), KZ)
    assert isinstance(ours, Ours)
    assert (ours.line, ours.report.country, ours.report.our_reference) == (5, "KZ", "IDS-abababababab-5")


def test_row_of_another_country_is_not_ours() -> None:
    """A row of another country is not ours, also if it is not usable; it is never refused as if it were."""
    assert judge_row(row(COUNTRY="Uzbekistan"), KZ) == NotOurs(5, "UZ")
    assert judge_row(row(COUNTRY="UZBEKISTAN", SEIZURE_DATE="soon"), KZ) == NotOurs(5, "UZ")


@pytest.mark.parametrize(
    ("changes", "reason", "column"),
    [
        ({"COUNTRY": "Nowhere"}, Reason.UNKNOWN_COUNTRY, "COUNTRY"),
        ({"SEIZURE_DATE": "soon"}, Reason.BAD_DATE, "SEIZURE_DATE"),
        ({"AMOUNT": "much"}, Reason.BAD_AMOUNT, "AMOUNT"),
    ],
)
def test_unusable_row_says_why(changes: dict[str, str], reason: Reason, column: str) -> None:
    """A row of which no report can be made says which column is at fault and why, with the row itself."""
    bad = row(**changes)
    assert judge_row(bad, KZ) == UnusableRow(BadRow(5, reason, column), bad)


def test_unreadable_row_says_why() -> None:
    """A row that could not even be read is refused as the reader said."""
    bad = BadRow(9, Reason.NOT_UTF8)
    assert judge_row(bad, KZ) == UnusableRow(bad)


def test_exercise_does_not_become_real_through_a_file() -> None:
    """A row that was exported from an exercise is sent in an exercise only, and the other way round."""
    assert isinstance(judge_row(row(SERAI_STATUS="exercise"), KZ), Ours)
    for status in ("actual", "test", "unheard of"):
        refused = judge_row(row(SERAI_STATUS=status), KZ)
        assert isinstance(refused, UnusableRow)
        assert (refused.fault.reason, refused.fault.column) == (Reason.OTHER_STATUS, "SERAI_STATUS")


@pytest.mark.parametrize("sender", ["UZ/NFP", "UZ/NFP/DUTY-1", "KZ/NFPX", "KZ", "'=KZ/NFP"])
def test_report_of_another_member_stays_theirs(sender: str) -> None:
    """A row about the own country that another member had sent is not ours."""
    assert isinstance(judge_row(row(SERAI_STATUS="exercise", SERAI_SENDER=sender), KZ), NotOurs)


@pytest.mark.parametrize("sender", ["KZ/NFP", "KZ/NFP/DUTY-2"])
def test_own_exported_row_is_known_by_its_digest(sender: str) -> None:
    """A row that the own member had sent says which dispatch it was, and keeps its reference."""
    marks = {"SERAI_STATUS": "exercise", "SERAI_SENDER": sender, "SERAI_REFERENCE": "KZ-1", "SERAI_DIGEST": "x" * 43}
    ours = judge_row(row(**marks), KZ)
    assert isinstance(ours, Ours)
    assert (ours.digest, ours.report.our_reference) == ("x" * 43, "KZ-1")
