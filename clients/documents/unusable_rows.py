"""Rows of which no report can be made, as a file that can be mended and imported again."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from clients.documents.outfile import check_free, open_private
from clients.documents.texts import _, label
from clients.formats.ids_columns import FAULTS, MARKS, arm, is_ours
from clients.formats.ids_csv import UNODC_COLUMNS, encode_rows
from clients.formats.ids_import import UnusableRow
from clients.formats.ids_rows import Reason

COLUMNS: Final = (*UNODC_COLUMNS, *MARKS, *FAULTS)
"""Those of a file that can be imported, how its rows were marked, and what is wrong beside them."""

_HEAD: Final = encode_rows(COLUMNS, [dict(zip(COLUMNS, COLUMNS, strict=True))])


def write_unusable(path: Path, unusable: Iterable[UnusableRow], source: Path) -> None:
    """Write rows with what is wrong in each; an older such file is replaced, no other.

    Args:
        path: a new file, mode 0600.
        unusable: as they come.
        source: the file that they are read from, which may be such a list itself; it is never replaced.

    Raises:
        ClientError: ``output_exists`` if there is another file.
    """
    force = _is_older(path) and not path.samefile(source)
    check_free(path, force=force)
    with open_private(path, force=force) as file:
        file.write(_HEAD)
        for each in unusable:
            file.write(encode_rows(COLUMNS, [_cells(each)]))


def remedy(reason: Reason) -> str:
    """What to do about a row of which no report can be made."""
    hints = {
        Reason.WRONG_COLUMNS: _("Give the line as many cells as the first line; a semicolon in a text needs quotes."),
        Reason.LINE_TOO_LONG: _("Shorten the line, or close its quotation mark."),
        Reason.NOT_UTF8: _("Save the file as UTF-8."),
        Reason.BAD_QUOTES: _("Close the quotation mark; write one in a text twice."),
        Reason.BAD_DATE: _("Write the day as 2026-11-24."),
        Reason.BAD_AMOUNT: _("Write the amount in figures with a point: 2.5; leave it empty if it is not known."),
        Reason.UNKNOWN_COUNTRY: _("Write the country's English or Russian name, or its code of two letters."),
        Reason.NO_DRUG_NAME: _("Say what was seized."),
        Reason.TEXT_TOO_LONG: _("Shorten the text to 255 characters."),
        Reason.OTHER_STATUS: _("An exercise is sent as one, and nothing else is: see --status."),
    }
    return hints.get(reason, _("Fix the line, or send it with serai send seizure."))


def _is_older(path: Path) -> bool:
    """Whether a file is one that this command has written: who goes on with an import types it again."""
    if path.is_symlink() or not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(len(_HEAD)) == _HEAD and os.fstat(file.fileno()).st_uid == os.getuid()


def _cells(unusable: UnusableRow) -> dict[str, str]:
    fault, row = unusable.fault, unusable.row
    written = dict(row.cells) if row is not None else {}
    cells = {name: arm(cell) if is_ours(written) else cell for name, cell in written.items()}
    why = (str(fault.line), fault.column, label(fault.reason), remedy(fault.reason))
    # The marks too: a row of an exercise that lost them here could be sent as real.
    return {name: cells.get(name, "") for name in COLUMNS} | dict(zip(FAULTS, why, strict=True))
