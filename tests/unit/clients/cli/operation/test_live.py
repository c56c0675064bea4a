"""What ``serai operation watch`` shows, and when it rings."""

from __future__ import annotations

from dataclasses import replace

import pytest

from clients.cli.officer.operation.live import frame, reasons_to_ring
from clients.cli.officer.watch_line import ScreenLine, Tone
from clients.documents.columns import width_of
from clients.documents.operations.view import OperationView
from schemas.addresses import Address
from tests.unit.clients.documents.operations.scenes import KZ, RU, UZ, at, hostile, quiet, trouble

FOOT = [ScreenLine("q ends")]


def later(view: OperationView, text: str) -> OperationView:
    """The same at another moment."""
    return replace(view, picture=replace(view.picture, moment_ms=at(text)))


def kinds(view: OperationView) -> set[str]:
    """What it rings for, in a word each."""
    return {each.split()[0] for each in reasons_to_ring(view)}


def test_rings_for_what_somebody_must_notice() -> None:
    """A stop, what is red, goods lost from sight, and a clock of the own member that ran out."""
    assert kinds(trouble(RU)) == {"stop", "red", "lost", "late"}
    assert kinds(trouble(UZ)) == {"stop", "red", "lost"}


@pytest.mark.parametrize(("own", "rings"), [(KZ, {"ends"}), (UZ, {"ends"}), (RU, set())])
def test_rings_before_an_authority_ends_where_it_concerns(own: Address, rings: set[str]) -> None:
    """Holder, lead and that country hear that an authority ends soon, from its time on; nobody else does."""
    assert kinds(quiet(own)) == rings
    assert kinds(later(quiet(own), "24 14:29")) == set()


def test_what_has_not_changed_is_no_new_reason() -> None:
    """A minute later the same things are the same reasons; another contradiction is another one."""
    view = trouble()
    assert reasons_to_ring(later(view, "24 15:03")) == reasons_to_ring(view)
    other = replace(view.state.contradictions[0], about="4")
    more = replace(view, state=replace(view.state, contradictions=(*view.state.contradictions, other)))
    assert len(reasons_to_ring(more) - reasons_to_ring(view)) == 1


@pytest.mark.parametrize(("columns", "rows"), [(80, 24), (120, 60), (40, 10), (20, 5), (80, 3)])
def test_a_screen_has_its_size(columns: int, rows: int) -> None:
    """No line is wider than the screen, and there are no more lines than it has, whatever others write."""
    for view in (quiet(), trouble(), hostile("\u8d27\u202e" * 500)):
        lines, _first = frame(view, FOOT, columns, rows)
        assert len(lines) <= rows
        assert all(width_of(line.text) <= columns for line in lines)


def test_title_and_foot_stay_while_the_picture_is_moved() -> None:
    """What an exercise is marked with, the title and the keys stand on every page; the last page is full."""
    view = trouble()
    pages, first = [], 0
    for _page in range(9):
        lines, first = frame(view, FOOT, 80, 24, first)
        pages.append([line.text for line in lines])
        first += 18
    assert all(page[0].startswith("***") and page[1].startswith("Operation TJ-CD-7") for page in pages)
    assert all(page[-1] == "q ends" for page in pages)
    assert "more lines below" in pages[0][-2]
    assert pages[-1][-2] == ""
    shown = [line for page in pages for line in page]
    assert any(line.startswith("NEWER THAN THIS PROGRAM") for line in shown)


def test_an_exercise_never_looks_like_the_real_thing() -> None:
    """Of an exercise the first line is its band; of what is real no line has that colour."""
    assert frame(trouble(), FOOT, 80, 24)[0][0].tone is Tone.EXERCISE
    assert Tone.EXERCISE not in {line.tone for line in frame(quiet(), FOOT, 80, 24)[0]}
