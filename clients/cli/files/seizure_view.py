"""What is said of a file of seizures, before and after it was sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from clients.cli.desk import Desk
from clients.cli.files.seizure_file import Plan, remedy
from clients.cli.files.seizure_queue import Queued
from clients.cli.numbers import spell_number
from clients.cli.texts import _, label
from clients.cli.ui import clean, field
from clients.ids_import import Refused
from clients.store import OutState

_SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the rows of a file.

    Attributes:
        new: put into the outbox by this command.
        accepted: rows that stand in the ledger.
        queued: rows that wait for the hub.
        refused: rows that the hub has refused for good: line, code, detail.
        places: the lowest and the highest place of what was accepted; empty if nothing was.
    """

    new: int
    accepted: int
    queued: int
    refused: tuple[tuple[int, str, str], ...]
    places: tuple[int, ...]

    @classmethod
    def of(cls, desk: Desk, queued: Queued, states: Mapping[int, OutState]) -> Outcome:
        """The outcome, after the rows were sent."""
        accepted = [row for row, state in states.items() if state is OutState.ACCEPTED]
        refused = [row for row, state in states.items() if state is OutState.REFUSED]
        ends = [desk.point.outgoing(row) for row in sorted({*accepted[:1], *accepted[-1:]})]
        told = [desk.point.outgoing(row) for row in refused]
        return cls(
            new=queued.new,
            accepted=len(accepted),
            queued=len(states) - len(accepted) - len(refused),
            refused=tuple((queued.lines[each.id], each.code or "", each.detail) for each in told),
            places=tuple(each.index for each in ends if each.index is not None),
        )


def plan_lines(plan: Plan) -> list[str]:
    """What a file holds and what of it would go."""
    lines = [*field(_("File"), clean(str(plan.path))), *field(_("Reports"), _reports(plan)), *_rest(plan)]
    return lines + _refused_lines(plan)


def outcome_lines(plan: Plan, outcome: Outcome, to: list[str], refused_file: Path | None) -> list[str]:
    """What became of a file."""
    sent = _("{count}, accepted by the hub").format(count=spell_number(outcome.accepted, None))
    lines = [*field(_("File"), clean(str(plan.path))), *field(_("New"), spell_number(outcome.new, None))]
    lines += field(_("To"), ", ".join(to)) if to else []
    lines += field(_("Sent"), sent + _places(outcome))
    if outcome.queued:
        lines += field(_("Queued"), spell_number(outcome.queued, None))
    for line, code, detail in outcome.refused[:_SHOWN]:
        text = _("line {line}: the hub refused it: {code} {detail}").format(line=line, code=code, detail=clean(detail))
        lines += field(_("REFUSED"), text.rstrip())
    lines += _more(len(outcome.refused) - _SHOWN)
    lines += _rest(plan) + _refused_lines(plan)
    if refused_file is not None:
        lines += field(_("Written"), _("{path}: mend it there, and import that").format(path=clean(str(refused_file))))
    return lines


def outcome_json(plan: Plan, outcome: Outcome, refused_file: Path | None) -> dict[str, Any]:
    """The same for programs."""
    return {
        "file": str(plan.path),
        "content": plan.by.content,
        "status": plan.by.status,
        "rows": plan.rows,
        "ours": plan.ours,
        "new": outcome.new,
        "before": plan.before,
        "known": plan.known,
        "repeated": plan.repeated,
        "accepted": outcome.accepted,
        "queued": outcome.queued,
        "places": list(outcome.places),
        "refused_by_hub": [{"line": line, "code": code, "detail": text} for line, code, text in outcome.refused],
        "not_ours": dict(sorted(plan.not_ours.items())),
        "refused": [_refused_json(each) for each in plan.refused],
        "refused_count": plan.refused_count,
        "refused_file": None if refused_file is None else str(refused_file),
    }


def _refused_json(refused: Refused) -> dict[str, Any]:
    fault = refused.fault
    return {
        "line": fault.line,
        "column": fault.column,
        "reason": fault.reason.value,
        "text": label(fault.reason),
        "remedy": remedy(fault.reason),
    }


def _reports(plan: Plan) -> str:
    count = spell_number(plan.new, None)
    if not plan.new:
        return count
    return _("{count}, of {first} to {last}").format(count=count, first=plan.days[0], last=plan.days[1])


def _rest(plan: Plan) -> list[str]:
    """Rows that are not sent, and need not be."""
    lines: list[str] = []
    if plan.before:
        lines += field(_("Sent before"), spell_number(plan.before, None))
    if plan.known:
        lines += field(_("Exported"), _("{count}, from this store").format(count=spell_number(plan.known, None)))
    if plan.repeated:
        lines += field(_("Repeated"), _repeated(plan))
    if plan.not_ours:
        said = [f"{clean(whose)} {spell_number(count, None)}" for whose, count in plan.not_ours.most_common(_SHOWN)]
        more = [_("others")] if len(plan.not_ours) > _SHOWN else []
        lines += field(_("Not ours"), f"{spell_number(plan.not_ours.total(), None)} ({', '.join([*said, *more])})")
    return lines


def _repeated(plan: Plan) -> str:
    text = (
        _("{count} said the same in another file; left out")
        if plan.skips
        else _("LOOK AGAIN: {count} say the same as rows of another file that was imported; --skip-repeated omits them")
    )
    return text.format(count=spell_number(plan.repeated, None))


def _refused_lines(plan: Plan) -> list[str]:
    """Rows of which no report can be made: which, why, and what to do."""
    lines = field(_("Not usable"), spell_number(plan.refused_count, None))
    for each in plan.refused[:_SHOWN]:
        fault = each.fault
        where = _("line {line}").format(line=fault.line) + (f", {fault.column}" if fault.column else "")
        lines += field("", f"{where}: {label(fault.reason)}. {remedy(fault.reason)}")
    more = _more(plan.refused_count - _SHOWN)
    return lines + (more and [*more, *field("", _("--refused FILE writes all of them."))])


def _more(count: int) -> list[str]:
    return field("", _("and {count} more").format(count=spell_number(count, None))) if count > 0 else []


def _places(outcome: Outcome) -> str:
    if not outcome.places:
        return ""
    first, last = spell_number(min(outcome.places), None), spell_number(max(outcome.places), None)
    return ", " + (_("place {first}") if first == last else _("places {first} to {last}")).format(
        first=first, last=last
    )
