"""A report as a person reads it: every field that is there, named in words, within 80 columns."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum

from clients.cli.texts import _, label, language
from clients.cli.ui import WIDTH, clean, wrap
from schemas.labels import CodedValue
from schemas.reports import FeedbackReport, SeizureReport, WarningReport
from schemas.reports.base import Coded, NamedCountry, Part
from schemas.reports.countries import COUNTRIES
from schemas.reports.parts import Goods, Identifier

_SKIPPED = ("report", "version")
_NO_LANGUAGE = "und"
"""What stands where nobody said in which language a report is written (BCP 47)."""


def field_label(name: str) -> str:
    """What a field is called: ``our_reference`` is "our reference", in the reader's language."""
    return _(name.replace("_", " "))


def report_lines(report: WarningReport | SeizureReport | FeedbackReport) -> list[str]:
    """The report, line by line."""
    return list(_part_lines(report, 0))


def _part_lines(part: Part, depth: int) -> Iterator[str]:
    for name in type(part).model_fields:
        value = getattr(part, name)
        if name in _SKIPPED or value in (None, ()) or (name, value) == ("language", _NO_LANGUAGE):
            continue
        for each in value if isinstance(value, tuple) else (value,):
            yield from _field_lines(field_label(name), each, depth)


def _field_lines(name: str, value: object, depth: int) -> Iterator[str]:
    indent = "  " * depth
    text = _short(value)
    if text is None and isinstance(value, Part):
        yield f"{indent}{name}:"
        yield from _part_lines(value, depth + 1)
        return
    first, *rest = [line for line in (text or "").split("\n") if line.strip()] or [""]
    yield from wrap(f"{name}: {first}", indent).splitlines()
    for line in rest:
        yield from wrap(line, indent + "  ").splitlines()


def _short(value: object) -> str | None:
    """A value that goes into one line; ``None`` if it has parts."""
    if isinstance(value, CodedValue):
        return label(value)
    if isinstance(value, Coded):
        word = f" ({clean(value.as_written)})" if value.as_written else ""
        return label(value.code) + word
    if isinstance(value, NamedCountry):
        return clean(value.as_written or _country(value.code or ""))
    if isinstance(value, Goods):
        return _goods(value)
    if isinstance(value, Identifier):
        return f"{label(value.kind)} {clean(value.value)}"
    return None if isinstance(value, Part) else _plain(value)


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    text = str(value.value if isinstance(value, Enum) else value)
    return "\n".join(clean(line) for line in text.splitlines())


def _country(code: str) -> str:
    name = COUNTRIES.get(code)
    return code if name is None else f"{name.ru if language() == 'ru' else name.en} ({code})"


def _goods(goods: Goods) -> str:
    parts = [clean(goods.name)]
    if goods.quantity is not None and goods.unit is not None:
        unit = clean(goods.unit_as_written or label(goods.unit).lower())
        about = _("about") + " " if goods.estimated else ""
        parts.append(f"{about}{goods.quantity} {unit}")
    if goods.form is not None:
        parts.append(_short(goods.form) or "")
    if goods.purity_percent is not None:
        parts.append(f"{goods.purity_percent}%")
    if goods.note is not None:
        parts.append(clean(goods.note))
    return f"{label(goods.group)}: {', '.join(parts)}"


def headline(report: WarningReport | SeizureReport | FeedbackReport | None) -> str:
    """A report in the rest of a line."""
    if report is None:
        return ""
    if isinstance(report, SeizureReport):
        text = f"{report.country} {report.date} {_goods(report.goods[0])}"
    elif isinstance(report, WarningReport):
        text = f"{label(report.requested_action.code)}: {report.summary}"
    else:
        text = f"{label(report.outcome.code)} ({report.your_reference})"
    return clean(text)[:WIDTH]
