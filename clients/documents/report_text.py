"""A report as a person reads it: every field that is there, named in words, within 80 columns.

What the form does not know stands beneath, each line after a bar, so that nothing in it passes for a line of ours.
"""

from __future__ import annotations

import json
import textwrap
from collections.abc import Callable, Iterator, Mapping
from enum import Enum
from itertools import islice
from string import Formatter
from typing import Any, Final

from clients.documents.columns import shorten
from clients.documents.demands import frozen_text
from clients.documents.named import NamedText
from clients.documents.plain import WIDTH, clean, wrap
from clients.documents.texts import _, in_language, label, plural
from schemas.labels import CodedValue
from schemas.reports import AsWritten, ReadReport, ReportModel
from schemas.reports.attachments import Attachment
from schemas.reports.base import Coded, NamedCountry, Part
from schemas.reports.countries import COUNTRIES
from schemas.reports.grading import Provider
from schemas.reports.kinds import entry_of
from schemas.reports.operations.parts import Ask, DecidedLeg, GoodsAmount, Leg, ProfileDemand
from schemas.reports.parts import Goods, Identifier
from schemas.reports.paths import read_path

_SKIPPED = ("report", "version", "do", "attachments_follow")
_NO_LANGUAGE = "und"
"""What stands where nobody said in which language a report is written (BCP 47)."""


_REFERENCES = {"our_reference": "sender's reference", "your_reference": "recipient's reference"}
"""The form speaks as its sender; who reads it may be either side."""

NAME_CHARACTERS: Final = 64
"""How much of a name that is not known is shown."""

WRITTEN_LINES: Final = 200
"""How many lines of what is not known are shown: more would push the rest of the report out of sight."""

_BAR: Final = "| "
_DEEPEST: Final = 8  # indentations; what is nested deeper stands beneath each other


def field_words(name: str) -> str:
    """What a field is called in English: ``expected_from`` is "expected from"."""
    return _REFERENCES.get(name, name.replace("_", " "))


def field_label(name: str) -> str:
    """What a field is called in the reader's language."""
    return _(field_words(name))


def report_lines(report: ReportModel) -> list[str]:
    """The report, line by line."""
    return [line for each in _part_texts(report, 0) for line in _lines_of(each)]


def content_lines(content: ReadReport) -> list[str]:
    """A report as it was read, line by line: what is known of it, then everything else as its sender wrote it."""
    known = report_lines(content.form) if content.form else []
    if not content.as_written:
        return known
    written = (line for each in _all_written(content) for line in _lines_of(each))
    shown = list(islice(written, WRITTEN_LINES))
    more = sum(1 for _line in written)
    if more:
        shown.append(plural("({count} more line, see --json)", "({count} more lines, see --json)", more))
    return [*known, wrap(_("Not known to this program, as the sender wrote it:")), *shown]


def report_texts(report: ReportModel) -> list[NamedText]:
    """The report as named values, each as deep as it stands."""
    return list(_part_texts(report, 0))


def written_texts(content: ReadReport, most: int = WRITTEN_LINES) -> tuple[list[NamedText], int]:
    """What of a report is not known to this program, as its sender wrote it.

    Args:
        content: the report as it was read.
        most: at most so many values.

    Returns:
        The values, and how many more there are.
    """
    written = _all_written(content)
    shown = list(islice(written, most))
    return shown, sum(1 for _text in written)


def _all_written(content: ReadReport) -> Iterator[NamedText]:
    return (text for each in content.as_written for text in _written_texts(_path(each), each.value, 0))


def _lines_of(text: NamedText) -> list[str]:
    """A named value within 80 columns; what is not known here stands after a bar."""
    if text.is_written:
        indent = _BAR + "  " * min(text.depth, _DEEPEST)
        first, *rest = text.text.split("\n")
        lines = _indented(f"{text.name}: {first}", indent)
        return [*lines, *(line for each in rest for line in _indented(each, indent + "  "))]
    indent = "  " * text.depth
    first, *rest = [line for line in text.text.split("\n") if line.strip()] or [""]
    lines = wrap(f"{text.name}: {first}", indent).splitlines()
    return [*lines, *(line for each in rest for line in wrap(each, indent + "  ").splitlines())]


def content_facts(content: ReadReport) -> Iterator[tuple[str, str]]:
    """A report as it was read, field by field, in lines of any length: the name of each, and all that it has.

    What is not known of it comes last, by its path in quotation marks.
    """
    if content.form is not None:
        yield from part_facts(content.form)
    for each in content.as_written:
        written = each.value if isinstance(each.value, str) else json.dumps(each.value, ensure_ascii=False)
        yield _path(each), written


def part_facts(part: Part) -> Iterator[tuple[str, str]]:
    """A report, or a group of one: its fields that are there, each with its name."""
    for name in type(part).model_fields:
        value = getattr(part, name)
        if name in _SKIPPED or value in (None, ()) or (name, value) == ("language", _NO_LANGUAGE):
            continue
        values = value if isinstance(value, tuple) else (value,)
        yield field_label(name), "\n".join(_fact(each) for each in values)


def _fact(value: object) -> str:
    if isinstance(value, str) and not isinstance(value, Enum):
        return value
    text = _short(value)
    if text is not None or not isinstance(value, Part):
        return text or ""
    return "; ".join(f"{name}: {inner}" for name, inner in part_facts(value))


def _path(each: AsWritten) -> str:
    """Where it stands: names in quotation marks, entries by their numbers from 1."""
    return " ".join(_quoted(step) if isinstance(step, str) else str(step + 1) for step in each.path)


def _quoted(name: str) -> str:
    return f'"{clean(name[:NAME_CHARACTERS])}"'


def _written_texts(name: str, value: Any, depth: int) -> Iterator[NamedText]:
    """A value of JSON of any form."""
    parts: list[tuple[str, Any]] = []
    if isinstance(value, Mapping):
        parts = [(_quoted(each), inner) for each, inner in value.items()]
    elif isinstance(value, list):
        parts = [(str(number), inner) for number, inner in enumerate(value, 1)]
    if parts:
        yield NamedText(name, "", depth, is_written=True)
        for each, inner in parts:
            yield from _written_texts(each, inner, depth + 1)
        return
    text = "\n".join(clean(line) for line in _scalar(value).splitlines())
    yield NamedText(name, text, depth, is_written=True)


def _scalar(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return "-" if value is None or value in ({}, []) else str(value)


def _indented(text: str, indent: str) -> list[str]:
    """Within 80 columns whatever it is, so that lines can be counted."""
    return textwrap.wrap(text, WIDTH, initial_indent=indent, subsequent_indent=indent)


def _part_texts(part: Part, depth: int) -> Iterator[NamedText]:
    for name in type(part).model_fields:
        value = getattr(part, name)
        if name in _SKIPPED or value in (None, ()) or (name, value) == ("language", _NO_LANGUAGE):
            continue
        for each in value if isinstance(value, tuple) else (value,):
            yield from _field_texts(field_label(name), each, depth)


def _field_texts(name: str, value: object, depth: int) -> Iterator[NamedText]:
    text = _short(value)
    yield NamedText(name, text or "", depth)
    if text is None and isinstance(value, Part):
        yield from _part_texts(value, depth + 1)


def _short(value: object) -> str | None:
    """A value that goes into one line; ``None`` if it has parts."""
    for kind, words in _IN_A_LINE.items():
        if isinstance(value, kind):
            return words(value)
    return None if isinstance(value, Part) else _plain(value)


def _coded(value: Coded[Any]) -> str:
    word = f" ({clean(value.as_written)})" if value.as_written else ""
    return label(value.code) + word


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    text = str(value.value if isinstance(value, Enum) else value)
    return "\n".join(clean(line) for line in text.splitlines())


def _attachment(value: Attachment) -> str:
    caption = f": {clean(value.caption)}" if value.caption else ""  # never its key, which opens it
    return f"{clean(value.name)} ({value.media_type}, {value.size:,} B){caption}"


def _provider(provider: Provider) -> str:
    if provider.permission is None:
        return provider.member
    return _("{member}, which permitted it: {words}").format(member=provider.member, words=clean(provider.permission))


def _country(code: str) -> str:
    name = COUNTRIES.get(code)
    return code if name is None else f"{in_language(name)} ({code})"


def goods_text(goods: Goods) -> str:
    """Goods in a line: their kind, name, quantity, form, purity."""
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


def amount_text(amount: GoodsAmount) -> str:
    """So much of one kind of goods."""
    kind = clean(amount.name) if amount.name else label(amount.group)
    return f"{kind} {amount.quantity} {clean(amount.unit_as_written or label(amount.unit).lower())}"


def _ask(ask: Ask) -> str:
    until = f", {field_label('until')} {ask.until}" if ask.until else ""
    return f"{ask.member}: {_coded(ask.what)}{until}"


def leg_line(leg: Leg) -> str:
    """A leg with everything that is known of it."""
    parts = [f"{leg.leg}: {leg.member}"]
    if leg.spoken_for is not None:
        parts.append(f"{field_label('spoken_for')} {label(leg.spoken_for.area)}: {clean(leg.spoken_for.name)}")
    for name in ("origin", "destination", "border"):
        place = getattr(leg, name)
        if place is not None:
            parts.append(f"{field_label(name)} {', '.join(_texts(place))}")
    parts += [_coded(leg.mode)] if leg.mode is not None else []
    times = (("enters", leg.enters), ("leaves", leg.leaves))
    return "; ".join([*parts, *(f"{field_label(name)} {time}" for name, time in times if time)])


def _texts(part: Part) -> list[str]:
    """Every value of a group, without its name."""
    values = (getattr(part, name) for name in type(part).model_fields)
    found = [(value, _short(value)) for value in values if value is not None]
    return [each for value, text in found for each in ([text] if text is not None else _texts(value))]


_IN_A_LINE: Final[Mapping[type, Callable[[Any], str]]] = {
    CodedValue: label,
    Coded: _coded,
    NamedCountry: lambda country: clean(country.as_written or _country(country.code or "")),
    Goods: goods_text,
    Identifier: lambda each: f"{label(each.kind)} {clean(each.value)}",
    GoodsAmount: amount_text,
    Ask: _ask,
    Leg: leg_line,
    ProfileDemand: frozen_text,
    DecidedLeg: lambda decided: f"{decided.leg} ({decided.digest[:8]})",
    Attachment: _attachment,
    Provider: _provider,
}
"""What goes into one line, though it may have parts."""


def headline(report: ReportModel | None) -> str:
    """A report in the rest of a line."""
    if report is None:
        return ""
    pieces = Formatter().parse(entry_of(report).headline)
    text = "".join(words + (_at(report, path) if path else "") for words, path, _form, _how in pieces)
    return shorten(clean(text), WIDTH)


def _at(report: ReportModel, path: str) -> str:
    value = read_path(report, path)
    return "" if value is None else _short(value) or ""
