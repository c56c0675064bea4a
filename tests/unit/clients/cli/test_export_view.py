"""What a person reads of an export."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from clients.actions.exporting import ExportChoice
from clients.cli.files.export_view import tally_json, tally_lines
from clients.documents.export_format import ExportTally, LeftOut

CHOICE = ExportChoice(("a", "b"), Counter(actual=1_200, exercise=1), 0, 1)
TALLY = ExportTally(
    count=1_201,
    handling=Counter(H2=1_000, H0=201),
    left_out=Counter({LeftOut.UNVERIFIED: 1, LeftOut.NO_SEIZURE: 2, LeftOut.SUPERSEDED: 3}),
    holds_more=4,
    amended=[f"{number}: corrected by 9" for number in range(22)],
)


def test_whole_screen() -> None:
    """It says what is in the file, under which marks, what is not and why, and what a person must look at again."""
    lines = tally_lines(CHOICE, TALLY, Path("all.json"))
    assert [line for line in lines if "corrected by" not in line] == [
        "Exported       1 201, ACTUAL + EXERCISE",
        "File           all.json",
        "Handling       201: H0: to prevent and combat crime only",
        "Handling       1 000: H2: not to be passed on without permission",
        "Left out       1: a check failed, or the text is gone; see serai show",
        "Left out       2: no seizure report",
        "Left out       3: corrected, cancelled or sent again",
        "LOOK AGAIN     4 say more than the columns have room for; --format json has",
        "               everything",
        "LOOK AGAIN     ... and 2 more",
    ]
    assert lines.count("LOOK AGAIN     7: corrected by 9") == 1
    assert len([line for line in lines if "corrected by" in line]) == 20


def test_empty_export() -> None:
    """Nothing is said to be left out, or marked, where nothing is."""
    assert tally_lines(ExportChoice(), ExportTally(left_out=Counter({LeftOut.UNVERIFIED: 0})), None) == [
        "Exported       0"
    ]


def test_for_programs() -> None:
    """The object has every count under its stable name."""
    assert tally_json(CHOICE, TALLY) == {
        "status": "mixed",
        "count": 1_201,
        "handling": {"H0": 201, "H2": 1_000},
        "left_out": {"unverified": 1, "no_seizure": 2, "superseded": 3},
        "holds_more": 4,
        "amended": 22,
    }
