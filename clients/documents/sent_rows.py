"""A dispatch that was sent, in one line: what recipients did, what is not done first."""

from __future__ import annotations

from typing import Any

from clients.actions.lists import SentReport
from clients.actions.numbers import spell_number
from clients.actions.reaching import Unreachable
from clients.actions.tracking import BAD, RecipientStanding, Tally
from clients.documents.columns import shorten
from clients.documents.dispatch_rows import kind_word
from clients.documents.dispatches import amendment_text, sent_json
from clients.documents.plain import utc
from clients.documents.texts import _, label


def sent_row(report: SentReport, columns: int) -> str:
    """In any width, without a colour."""
    status, cover = report.status, report.status.cover
    number = spell_number(status.index or 0, cover.status)
    mark = " " if report.is_done else "!" if cover.lane() == "urgent" else "?"
    held = [f"{member} {short_reach(why)}" for member, why in report.unreachable.items()]
    held = held if len(held) <= 1 else [_("{count} CANNOT READ IT").format(count=len(held))]
    parts = [amendment_text(status.amendments), *held, *_bad_texts(report), progress_text(report.tally)]
    text = ", ".join(part for part in parts if part)
    when, kind = utc(status.accepted_at_ms)[5:16], kind_word(cover.kind)
    return shorten(f"{number:>12} {when} {mark} {kind:<9.9} {text}  {', '.join(cover.to)}", columns)


def progress_text(tally: Tally) -> str:
    """How many have done what was asked, or how many have it."""
    total, done = len(tally.standings), tally.count(RecipientStanding.DONE)
    if done:
        return _("{done} of {total} acknowledged").format(done=done, total=total)
    came = tally.count(RecipientStanding.ARRIVED, RecipientStanding.DECLINED)
    return _("arrived at {came} of {total}").format(came=came, total=total)


def _bad_texts(report: SentReport) -> list[str]:
    """Whoever declined, did not get it or is silent: by name if it is one, by number if there are more."""
    found = []
    for standing in BAD:
        members = [member for member in report.tally.members(standing) if member not in report.unreachable]
        if members:
            found.append(f"{members[0] if len(members) == 1 else len(members)} {label(standing)}")
    return found


def short_reach(why: Unreachable) -> str:
    """Why a member cannot read it, in a line that has little room."""
    return label(why).partition(":")[0]


def sent_report_json(report: SentReport) -> dict[str, Any]:
    """A dispatch that was sent, for programs: how each recipient stands, and why it cannot read it."""
    value = sent_json(report.status, report.content)
    for each in value["recipients"]:
        member = each["member"]
        why = report.unreachable.get(member)
        each |= {"standing": report.tally.standings[member].value, "unreachable": None if why is None else why.value}
    return {**value, "done": report.is_done}
