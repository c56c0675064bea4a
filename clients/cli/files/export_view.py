"""What is said of an export."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from clients.cli.files.chosen import Choice
from clients.cli.files.export_formats import Tally
from clients.cli.numbers import spell_number
from clients.cli.texts import _, label_of
from clients.cli.ui import clean, field
from schemas.labels import HandlingCode, Status

_MOST: Final = 20


def tally_lines(chosen: Choice, tally: Tally, output: Path | None) -> list[str]:
    """What is in the file, under which marks, and what is not."""
    lines = field(_("Exported"), _count(tally.count) + _marked(chosen, tally))
    lines += field(_("File"), clean(str(output))) if output else []
    for code, count in sorted(tally.handling.items()):
        lines += field(_("Handling"), f"{_count(count)}: {label_of(HandlingCode, code)}")
    for why, count in tally.left_out.items():
        lines += field(_("Left out"), f"{_count(count)}: {_why(why)}") if count else []
    if tally.holds_more:
        text = _("{count} say more than the columns have room for; --format json has everything")
        lines += field(_("LOOK AGAIN"), text.format(count=_count(tally.holds_more)))
    for said in tally.amended[:_MOST]:
        lines += field(_("LOOK AGAIN"), said)
    if (more := len(tally.amended) - _MOST) > 0:
        lines += field(_("LOOK AGAIN"), _("... and {count} more").format(count=_count(more)))
    return lines


def tally_json(chosen: Choice, tally: Tally) -> dict[str, Any]:
    """The same for programs."""
    return {
        "status": chosen.status,
        "count": tally.count,
        "handling": dict(sorted(tally.handling.items())),
        "left_out": {why: count for why, count in tally.left_out.items() if count},
        "holds_more": tally.holds_more,
        "amended": len(tally.amended),
    }


def _count(count: int) -> str:
    return spell_number(count, None)


def _marked(chosen: Choice, tally: Tally) -> str:
    if not tally.count:
        return ""
    said = [label_of(Status, status).upper() for status in sorted(chosen.statuses)]
    return f", {' + '.join(said)}"


def _why(why: str) -> str:
    reasons = {
        "no_seizure": _("no seizure report"),
        "superseded": _("corrected, cancelled or sent again"),
        "unverified": _("a check failed, or the text is gone; see serai show"),
    }
    return reasons[why]
