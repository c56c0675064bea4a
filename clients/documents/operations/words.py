"""Words of the screen of an operation: lines of 80 columns, times, amounts, numbers of steps, members."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Final

from clients.actions.numbers import spell_number
from clients.documents.columns import fit, shorten, width_of
from clients.documents.dispatches import status_text
from clients.documents.operations.view import OperationView, PictureLine, Weight
from clients.documents.plain import WIDTH, clean, utc
from clients.documents.texts import _, label_of
from schemas.addresses import Address
from schemas.operations.books import Measure
from schemas.operations.results import Because
from schemas.operations.words import OperationPart
from schemas.reports.drugs import DrugGroup, Unit

MINUTE_MS: Final = 60_000
HOUR_MS: Final = 60 * MINUTE_MS
DAY_MS: Final = 24 * HOUR_MS

TEXT_COLUMNS: Final = 400
"""How much of a text of others stands on the screen; all of it is in the step."""

_LETTERS: Final = 10 * TEXT_COLUMNS  # marks on letters take no column
_STEPS: Final = 8
_MARKS: Final = ("EX", "TEST")
_GROUP: Final = re.compile(r"[0-9]{3}(?![0-9])")
_CURRENCY: Final = re.compile(r"[a-z]{3}")
_UNITS: Final = frozenset(unit.value for unit in Unit)
_DASH: Final = " - "
_HANG: Final = "    "


def flow(text: str, indent: str = "  ", weight: Weight = Weight.PLAIN, hang: str = _HANG) -> list[PictureLine]:
    """A text within 80 columns, whatever stands in it.

    Args:
        text: may have words of others in it, already cut (`words_of`).
        indent: before the first line.
        weight: of each line.
        hang: before the others, after ``indent``'s columns.
    """
    lines, line = [], indent
    for word in _words(clean(text)):
        rest = fit(word, 10 * WIDTH)
        gap = "" if line in (indent, hang) else " "
        if gap and width_of(line + gap + rest) > WIDTH:
            lines.append(line)
            line, gap = hang, ""
        line += gap
        while width_of(line + rest) > WIDTH:
            part = fit(rest, WIDTH - width_of(line))
            lines.append(line + part)
            line, rest = hang, rest[len(part) :]
        line += rest
    return [PictureLine(each, weight) for each in [*lines, line]]


def _words(text: str) -> Iterator[str]:
    """The words of a text; a number that is spoken in several stays whole: ``EX 1 042``."""
    words, whole = text.split(" "), ""
    for word, following in zip(words, [*words[1:], ""], strict=True):
        whole += word
        is_mark, is_group = word.strip("[(") in _MARKS, word[-1:].isdigit()
        if (is_mark and following[:1].isdigit()) or (is_group and _GROUP.match(following)):
            whole += " "
            continue
        yield whole
        whole = ""


def words_of(text: str) -> str:
    """A text of others, so that it cannot push the rest of the screen away or pass for it."""
    shown = shorten(clean(text[:_LETTERS]), TEXT_COLUMNS)
    return f"{shown}..." if len(text) > _LETTERS and not shown.endswith("...") else shown


def heading(view: OperationView, text: str, weight: Weight = Weight.HEADING) -> PictureLine:
    """The head of a block; it says too that an operation is not real."""
    mark = shorten(marking(view), WIDTH - width_of(text) - len(_DASH))
    return PictureLine(f"{text}{_DASH}{mark}" if mark else text, weight)


def ruled(view: OperationView, text: str, because: Because) -> str:
    """A text, and the rule that it follows from, if a reader wants to know."""
    return f"{text} [{because.rule.value}]" if view.why else text


def marking(view: OperationView) -> str:
    """How an operation is marked that is not real, or may not be; empty if it is real."""
    return "" if view.state.status == "actual" else shorten(status_text(view.state.status), WIDTH // 2)


# Times


def time_text(view: OperationView, time_ms: int) -> str:
    """A time in UTC: the hour, if it is today; with its day else, and with its year if that is another."""
    text, today = utc(time_ms)[:-4], utc(view.now_ms)[:-4]
    if text[:10] == today[:10]:
        return text[11:]
    return text[5:] if text[:4] == today[:4] else text


def span_text(span_ms: int) -> str:
    """How long something takes or took."""
    minutes = abs(span_ms) // MINUTE_MS
    if minutes < 60:
        return _("{minutes} min").format(minutes=minutes)
    if minutes < 48 * 60:
        return _("{hours} h {minutes} min").format(hours=minutes // 60, minutes=f"{minutes % 60:02}")
    return _("{days} d {hours} h").format(days=minutes // (24 * 60), hours=minutes // 60 % 24)


def since_text(view: OperationView, time_ms: int) -> str:
    """Since when something is so, and how long that is."""
    text = _("since {time} ({span})")
    return text.format(time=time_text(view, time_ms), span=span_text(view.now_ms - time_ms))


def due_text(view: OperationView, due_ms: int) -> str:
    """By when something is due, and how much is left of it."""
    text = _("by {time}, {span} left") if due_ms > view.now_ms else _("by {time}, LATE by {span}")
    return text.format(time=time_text(view, due_ms), span=span_text(due_ms - view.now_ms))


def left_text(view: OperationView, due_ms: int) -> str:
    """When something is due, and how much is left of it."""
    text = _("{time}, {span} left") if due_ms > view.now_ms else _("{time}, LATE by {span}")
    return text.format(time=time_text(view, due_ms), span=span_text(due_ms - view.now_ms))


def until_text(view: OperationView, end_ms: int) -> str:
    """Until when something holds, and how much is left of it; that it is over, if it is."""
    text = _("until {time}, {span} left") if end_ms > view.now_ms else _("ended {time}, {span} ago")
    return text.format(time=time_text(view, end_ms), span=span_text(end_ms - view.now_ms))


# Who, which step, which leg


def leg_text(leg: str) -> str:
    """A leg by its name."""
    return _("leg {leg}").format(leg=words_of(leg))


def part_text(part: str) -> str:
    """The part of a member; who is listed with none is the lead."""
    return words_of(label_of(OperationPart, part)) if part else _("lead")


def member_text(view: OperationView, member: Address | None) -> str:
    """A member, and that it is the own one."""
    if member is None:
        return _("not known")
    return f"{member} " + _("(you)") if member == view.own else str(member)


def members_text(view: OperationView, members: Iterable[Address]) -> str:
    """Members, after each other."""
    return ", ".join(member_text(view, member) for member in members)


def step_text(view: OperationView, step: str) -> str:
    """A step by its number, or by the beginning of its digest."""
    number = view.number_of(step)
    return words_of(step)[:8] if number is None else spell_number(number, view.state.status)


def steps_text(view: OperationView, steps: Sequence[str]) -> str:
    """Steps by their numbers; of many the first, and how many more there are."""
    shown = [step_text(view, step) for step in steps[:_STEPS]]
    more = len(steps) - len(shown)
    return ", ".join(shown) + (" " + _("and {count} more").format(count=more) if more else "")


# Amounts


def measure_text(measure: Measure) -> str:
    """What is counted: its kind, by its name where the kind has no code."""
    name = words_of(measure.name) if measure.name and measure.group == DrugGroup.OTHER.value else ""
    return name or label_of(DrugGroup, clean(measure.group))


def unit_text(measure: Measure) -> str:
    """In what it is counted; a currency as its code is written (ISO 4217)."""
    if measure.unit not in _UNITS and _CURRENCY.fullmatch(measure.unit):
        return measure.unit.upper()
    return words_of(label_of(Unit, measure.unit)).lower()


def amount_text(amount: Decimal, measure: Measure) -> str:
    """So much in its unit."""
    return f"{number_text(amount)} {unit_text(measure)}"


def amounts_text(amounts: Mapping[Measure, Decimal]) -> str:
    """So much of each."""
    each = [f"{measure_text(measure)} {amount_text(amount, measure)}" for measure, amount in sorted(amounts.items())]
    return "; ".join(each)


def number_text(amount: Decimal) -> str:
    """A number without zeros at its end, and without an exponent."""
    text = format(amount, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
