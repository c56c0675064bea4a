"""Rows of which no report can be made, as a file that can be mended and imported again."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from clients.cli.files.seizure_file import remedy
from clients.cli.outfile import check_free, open_private
from clients.cli.texts import label
from clients.ids_csv import UNODC_COLUMNS, encode_rows
from clients.ids_import import Refused
from clients.ids_marks import FAULTS, MARKS, arm, is_ours

COLUMNS: Final = (*UNODC_COLUMNS, *MARKS, *FAULTS)
"""Those of a file that can be imported, how its rows were marked, and what is wrong beside them."""

_HEAD: Final = encode_rows(COLUMNS, [dict(zip(COLUMNS, COLUMNS, strict=True))])


def write_refused(path: Path, refused: Iterable[Refused], source: Path) -> None:
    """Write rows with what is wrong in each; an older such file is replaced, no other.

    Args:
        path: a new file, mode 0600.
        refused: as they come.
        source: the file that they are read from, which may be such a list itself; it is never replaced.

    Raises:
        SeraiError: ``not_permitted`` if there is another file.
    """
    force = _is_older(path) and not path.samefile(source)
    check_free(path, force=force)
    with open_private(path, force=force) as file:
        file.write(_HEAD)
        for each in refused:
            file.write(encode_rows(COLUMNS, [_cells(each)]))


def _is_older(path: Path) -> bool:
    """Whether a file is one that this command has written: who goes on with an import types it again."""
    if path.is_symlink() or not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(len(_HEAD)) == _HEAD and os.fstat(file.fileno()).st_uid == os.getuid()


def _cells(refused: Refused) -> dict[str, str]:
    fault, row = refused.fault, refused.row
    given = dict(row.cells) if row is not None else {}
    cells = {name: arm(cell) if is_ours(given) else cell for name, cell in given.items()}
    why = (str(fault.line), fault.column, label(fault.reason), remedy(fault.reason))
    # The marks too: a row of an exercise that lost them here could be sent as real.
    return {name: cells.get(name, "") for name in COLUMNS} | dict(zip(FAULTS, why, strict=True))
