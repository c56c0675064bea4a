"""What ``serai operation watch`` shows and when it rings, from state to lines; pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from clients.cli.officer.watch_line import ScreenLine, Tone
from clients.documents.columns import shorten
from clients.documents.operations.picture_text import picture_lines
from clients.documents.operations.view import OperationView, PictureLine, Weight
from clients.documents.texts import _
from schemas.operations.terms import Colour

_TONES: Final[Mapping[Weight, Tone]] = {
    Weight.PLAIN: Tone.PLAIN,
    Weight.HEADING: Tone.HEAD,
    Weight.RED: Tone.FAULT,
    Weight.AMBER: Tone.AMBER,
    Weight.GREEN: Tone.OPEN,
    Weight.MARKING: Tone.EXERCISE,
    Weight.QUIET: Tone.QUIET,
}


def screen_line(line: PictureLine) -> ScreenLine:
    """A line of the picture on the live screen."""
    return ScreenLine(line.text, _TONES[line.weight])


def reasons_to_ring(view: OperationView) -> frozenset[str]:
    """What somebody must notice: stops, red contradictions, goods that are lost, clocks of ours that ran out.

    Each is a word of its own, so that what is new among them is found by comparing.
    """
    stops = (f"stop {stop.step}" for stop in view.picture.stops)
    red = (
        f"red {each.kind} {each.about} {each.steps}" for each in view.state.contradictions if each.colour is Colour.RED
    )
    late = (
        f"late {each.kind} {each.step} {each.about}"
        for each in view.picture.overdue
        if view.own in each.owing(view.now_ms)
    )
    ends = (
        f"ends {each.leg} {each.member} {each.at_ms}"
        for each in view.picture.warnings
        if each.at_ms <= view.now_ms and view.own in each.to
    )
    control = view.picture.control
    lost = [f"lost {control.lost_ms}"] if control is not None and control.lost_ms is not None else []
    return frozenset([*stops, *red, *late, *ends, *lost])


def frame(
    view: OperationView, foot: Sequence[ScreenLine], columns: int, rows: int, first: int = 0
) -> tuple[list[ScreenLine], int]:
    """The lines of a screen of so many columns and rows.

    Args:
        view: what is shown.
        foot: what stands at its foot.
        columns: of the screen.
        rows: of the screen.
        first: the first line of the picture that is shown below its title; more than there are shows the last ones.

    Returns:
        The lines, and the first line that is shown.
    """
    lines = [screen_line(line) for line in picture_lines(view)]
    fixed = 1 + (lines[0].tone is Tone.EXERCISE)
    room = max(1, rows - fixed - len(foot) - 1)
    body = lines[fixed:]
    first = min(max(0, first), max(0, len(body) - room))
    shown = body[first : first + room]
    left = len(body) - first - len(shown)
    more = _("... {count} more lines below: space").format(count=left) if left else ""
    space = [ScreenLine("")] * (room - len(shown))
    whole = [*lines[:fixed], *shown, *space, ScreenLine(more, Tone.QUIET), *foot]
    return [ScreenLine(shorten(line.text, columns), line.tone) for line in whole[:rows]], first
