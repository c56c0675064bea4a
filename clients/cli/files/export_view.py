"""An export as a person reads of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from clients.actions.exporting import ExportChoice
from clients.actions.numbers import spell_number
from clients.documents.dispatches import status_text
from clients.documents.export_format import ExportTally, LeftOut
from clients.documents.plain import clean, field
from clients.documents.texts import _, label_of
from schemas.labels import HandlingCode

_MOST: Final = 20


def tally_lines(choice: ExportChoice, tally: ExportTally, output: Path | None) -> list[str]:
    """What is in the file, under which marks, and what is not."""
    lines = field(_("Exported"), _count(tally.count) + _marked(choice, tally))
    lines += field(_("File"), clean(str(output))) if output else []
    for code, count in sorted(tally.handling.items()):
        lines += field(_("Handling"), f"{_count(count)}: {label_of(HandlingCode, code)}")
    for why, count in tally.left_out.items():
        lines += field(_("Left out"), f"{_count(count)}: {_why(why)}") if count else []
    if tally.holds_more:
        text = _("{count} say more than the columns have room for; --format json has everything")
        lines += field(_("LOOK AGAIN"), text.format(count=_count(tally.holds_more)))
    for text in tally.amended[:_MOST]:
        lines += field(_("LOOK AGAIN"), text)
    if (more := len(tally.amended) - _MOST) > 0:
        lines += field(_("LOOK AGAIN"), _("... and {count} more").format(count=_count(more)))
    return lines


def tally_json(choice: ExportChoice, tally: ExportTally) -> dict[str, Any]:
    """The same for programs."""
    return {
        "status": choice.status,
        "count": tally.count,
        "handling": dict(sorted(tally.handling.items())),
        "left_out": {why.value: count for why, count in tally.left_out.items() if count},
        "holds_more": tally.holds_more,
        "amended": len(tally.amended),
    }


def _count(count: int) -> str:
    return spell_number(count, None)


def _marked(choice: ExportChoice, tally: ExportTally) -> str:
    if not tally.count:
        return ""
    marks = [status_text(status) for status in sorted(choice.statuses)]
    return f", {' + '.join(marks)}"


def _why(why: LeftOut) -> str:
    reasons = {
        LeftOut.NO_SEIZURE: _("no seizure report"),
        LeftOut.SUPERSEDED: _("corrected, cancelled or sent again"),
        LeftOut.UNVERIFIED: _("a check failed, or the text is gone; see serai show"),
        LeftOut.NOT_PERMITTED: _("the provider has not permitted it; serai export N says how to ask"),
    }
    return reasons[why]
