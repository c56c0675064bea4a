"""What Serai writes beside the columns of UNODC Individual Drug Seizures, and cells that no spreadsheet may run.

A file that Serai has written has more columns than UNODC's own (`MARKS`); readers that go by
column names do not mind. In such a file, and only there, a cell that a spreadsheet would take
for a formula has an apostrophe before it, which is taken away again when the file is read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

NUMBER: Final = "SERAI_NUMBER"
"""Number of the dispatch as officers say it: ``EX 10 423``."""

STATUS: Final = "SERAI_STATUS"
"""``actual``, ``exercise``, ``test``."""

HANDLING: Final = "SERAI_HANDLING"
"""Handling code that holds, of those of cover and report."""

SENDER: Final = "SERAI_SENDER"
"""Who signed the dispatch."""

REFERENCE: Final = "SERAI_REFERENCE"
"""The sender's own number of the report."""

DIGEST: Final = "SERAI_DIGEST"
"""Identity of the dispatch, base64url."""

MARKS: Final = (NUMBER, STATUS, HANDLING, SENDER, REFERENCE, DIGEST)
"""What is written beside every exported row, in this order."""

FAULTS: Final = ("SERAI_LINE", "SERAI_COLUMN", "SERAI_REASON", "SERAI_REMEDY")
"""What is written beside every row that was refused, in this order."""

_RUN: Final = (
    "[=+\\-@\\t\\r\\n\uff1d\uff0b\uff0d\uff20]"  # the last four are the wide forms, which some spreadsheets take too
)
# A spreadsheet set up for another sign between cells begins one in the middle of ours.
_BEGIN: Final = '(^|[,;|\\t\\r\\n])([ "]*)'
_FORMULA: Final = re.compile(f"{_BEGIN}(?='*{_RUN})")
_DEFUSED: Final = re.compile(f"{_BEGIN}'(?='*{_RUN})")


@dataclass(frozen=True, slots=True)
class RowMarks:
    """What a row says of the dispatch that it was; each empty if the row does not say.

    Attributes:
        status: of the cover.
        sender: who signed.
        reference: number of the report.
        digest: of the dispatch.
    """

    status: str = ""
    sender: str = ""
    reference: str = ""
    digest: str = ""


def read_marks(cells: Mapping[str, str]) -> RowMarks:
    """The marks of a row."""
    named = (STATUS, SENDER, REFERENCE, DIGEST)
    return RowMarks(*(arm(cells.get(name, "")).strip() for name in named))


def is_ours(cells: Mapping[str, str]) -> bool:
    """Whether a row stands in a file that Serai has written."""
    return STATUS in cells or FAULTS[0] in cells


def defuse(text: str) -> str:
    """A cell that a spreadsheet shows and does not run (OWASP, CSV injection), also one that divides it at commas."""
    return _FORMULA.sub(r"\1\2'", text)


def arm(text: str) -> str:
    """The cell that `defuse` was given."""
    return _DEFUSED.sub(r"\1\2", text)
