"""Operations in a list."""

from __future__ import annotations

from dataclasses import replace

import pytest

from clients.documents.columns import width_of
from clients.documents.operations.list_text import next_clock_ms, row_line
from clients.documents.operations.view import OperationView
from tests.unit.clients.documents.operations.scenes import KZ, SCENES, at, closed, hostile, quiet, trouble
from tests.unit.clients.documents.operations.test_picture_text import HOSTILE

ROWS = {
    ("quiet", "en"): "1 042        MAY GO     TJ-CD-7      16:00, 58 min left: UZ/NFP Next report",
    ("trouble", "en"): "EX 1 042     STOPPED    TJ-CD-7      14:50, LATE by 12 min: YOU: Decide",
    ("closed", "en"): "1 042        CLOSED     TJ-CD-7      nothing is due",
    ("unopened", "en"): "openAAAA     STOPPED    ?            nothing is due",
    ("quiet", "ru"): "1 042        МОЖНО      TJ-CD-7      16:00, осталось 58 мин: UZ/NFP Следующее...",
    ("trouble", "ru"): "EX 1 042     СТОП       TJ-CD-7      14:50, ПРОСРОЧЕНО на 12 мин: ВЫ: Принять...",
}


@pytest.mark.parametrize(("name", "language"), ROWS)
def test_rows(name: str, language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Number, verdict, reference, and what is due next, by when and of whom."""
    monkeypatch.setenv("SERAI_LANG", language)
    assert row_line(SCENES[name]()).text == ROWS[name, language]


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_texts_of_others_do_nothing(text: str) -> None:
    """Whatever others write, a row is one line that moves nothing."""
    row = row_line(hostile(text)).text
    assert row.isprintable()
    assert width_of(row) <= 80


def test_a_move_without_a_clock_is_named_where_no_clock_runs() -> None:
    """Somebody whose move it is stands in the row though no time is set."""
    view = quiet(KZ)
    owed = view.picture.whose_move[1:]
    view = replace(view, picture=replace(view.picture, running=(), overdue=(), whose_move=owed))
    assert row_line(view).text.endswith(" YOU: Accept the handover")


@pytest.mark.parametrize(("scene", "due"), [(quiet(), "24 16:00"), (trouble(), "24 14:50"), (closed(), None)])
def test_next_clock(scene: OperationView, due: str | None) -> None:
    """The next clock is the soonest of all, what is late included; without any there is none."""
    assert next_clock_ms(scene) == (due and at(due))
