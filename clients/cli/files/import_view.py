"""A file of seizures as a person reads of it, before and after it was sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from clients.actions.import_queue import ImportOutcome
from clients.actions.importing import ImportPlan
from clients.actions.numbers import spell_number
from clients.documents.plain import clean, field
from clients.documents.texts import _, label
from clients.documents.unusable_rows import remedy
from clients.formats.ids_import import UnusableRow

_SHOWN: Final = 5


def plan_lines(plan: ImportPlan) -> list[str]:
    """What a file holds and what of it would go."""
    lines = [*field(_("File"), clean(str(plan.path))), *field(_("Reports"), _reports(plan)), *_rest(plan)]
    return lines + _unusable_lines(plan)


def outcome_lines(plan: ImportPlan, outcome: ImportOutcome, to: Sequence[str], refused_file: Path | None) -> list[str]:
    """What became of a file."""
    sent = _("{count}, accepted by the hub").format(count=spell_number(outcome.accepted, None))
    lines = [*field(_("File"), clean(str(plan.path))), *field(_("New"), spell_number(outcome.new, None))]
    lines += field(_("To"), ", ".join(to)) if to else []
    lines += field(_("Sent"), sent + _places(outcome))
    if outcome.queued:
        lines += field(_("Queued"), spell_number(outcome.queued, None))
    for each in outcome.refused[:_SHOWN]:
        text = _("line {line}: the hub refused it: {code} {detail}")
        text = text.format(line=each.line, code=each.code, detail=clean(each.detail))
        lines += field(_("REFUSED"), text.rstrip())
    lines += _more(len(outcome.refused) - _SHOWN)
    lines += _rest(plan) + _unusable_lines(plan)
    if refused_file is not None:
        lines += field(_("Written"), _("{path}: fix it there, and import that").format(path=clean(str(refused_file))))
    return lines


def outcome_json(plan: ImportPlan, outcome: ImportOutcome, refused_file: Path | None) -> dict[str, Any]:
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
        "refused_by_hub": [asdict(each) for each in outcome.refused],
        "not_ours": dict(sorted(plan.not_ours.items())),
        "refused": [_unusable_json(each) for each in plan.unusable],
        "refused_count": plan.unusable_count,
        "refused_file": None if refused_file is None else str(refused_file),
    }


def _unusable_json(unusable: UnusableRow) -> dict[str, Any]:
    fault = unusable.fault
    return {
        "line": fault.line,
        "column": fault.column,
        "reason": fault.reason.value,
        "text": label(fault.reason),
        "remedy": remedy(fault.reason),
    }


def _reports(plan: ImportPlan) -> str:
    count = spell_number(plan.new, None)
    if not plan.new:
        return count
    return _("{count}, of {first} to {last}").format(count=count, first=plan.days[0], last=plan.days[1])


def _rest(plan: ImportPlan) -> list[str]:
    """Rows that are not sent, and need not be."""
    lines: list[str] = []
    if plan.before:
        lines += field(_("Sent before"), spell_number(plan.before, None))
    if plan.known:
        lines += field(_("Exported"), _("{count}, from this store").format(count=spell_number(plan.known, None)))
    if plan.repeated:
        lines += field(_("Repeated"), _repeated(plan))
    if plan.not_ours:
        counts = [f"{clean(whose)} {spell_number(count, None)}" for whose, count in plan.not_ours.most_common(_SHOWN)]
        more = [_("others")] if len(plan.not_ours) > _SHOWN else []
        lines += field(_("Not ours"), f"{spell_number(plan.not_ours.total(), None)} ({', '.join([*counts, *more])})")
    return lines


def _repeated(plan: ImportPlan) -> str:
    text = (
        _("{count} said the same in another file; left out")
        if plan.skips_repeated
        else _("LOOK AGAIN: {count} say the same as rows of another file that was imported; --skip-repeated omits them")
    )
    return text.format(count=spell_number(plan.repeated, None))


def _unusable_lines(plan: ImportPlan) -> list[str]:
    """Rows of which no report can be made: which, why, and what to do."""
    lines = field(_("Not usable"), spell_number(plan.unusable_count, None))
    for each in plan.unusable[:_SHOWN]:
        fault = each.fault
        where = _("line {line}").format(line=fault.line) + (f", {fault.column}" if fault.column else "")
        lines += field("", f"{where}: {label(fault.reason)}. {remedy(fault.reason)}")
    more = _more(plan.unusable_count - _SHOWN)
    return lines + (more and [*more, *field("", _("--refused FILE writes all of them."))])


def _more(count: int) -> list[str]:
    return field("", _("and {count} more").format(count=spell_number(count, None))) if count > 0 else []


def _places(outcome: ImportOutcome) -> str:
    if not outcome.places:
        return ""
    first, last = spell_number(min(outcome.places), None), spell_number(max(outcome.places), None)
    return ", " + (_("number {first}") if first == last else _("numbers {first} to {last}")).format(
        first=first, last=last
    )
