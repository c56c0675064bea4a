"""The smallest values of the pages: words with their codes, times, sections of named lines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict

from clients.actions.asof import AsOf
from clients.desk.views.bounds import TEXT, bounded, bounded_lines
from clients.documents.lists import as_of_words
from clients.documents.named import NamedText
from clients.documents.plain import calendar
from clients.documents.texts import in_language, label, label_of, plural
from clients.documents.zones import local_moment, zone_of
from schemas.labels import CodedValue, Label, Labelled

LINES: Final = 400
"""Lines of a section at most; more would push everything else out of sight."""

_MONTHS: Final[Sequence[Label]] = (
    Label("Jan", "янв"),
    Label("Feb", "фев"),
    Label("Mar", "мар"),
    Label("Apr", "апр"),
    Label("May", "мая"),
    Label("Jun", "июн"),
    Label("Jul", "июл"),
    Label("Aug", "авг"),
    Label("Sep", "сен"),
    Label("Oct", "окт"),
    Label("Nov", "ноя"),
    Label("Dec", "дек"),
)


class PageValue(BaseModel):
    """A value of a page; it has nothing else than what is named."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class PageTime(PageValue):
    """A time: UTC first, then local with the name of its zone.

    Attributes:
        ms: milliseconds since 1970 UTC.
        utc: in words, without the year where it is this one.
        local: the hour in the country of the event; ``None`` if that has several, or is not known.
        zone: name of its zone.
    """

    ms: int
    utc: str
    local: str | None = None
    zone: str | None = None


class PageWord(PageValue):
    """A coded value with its word; a word that this program does not know stands for itself."""

    value: str
    label: str


class PageLine(PageValue):
    """A named value of a section.

    Attributes:
        label: its name.
        value: what it is.
        depth: how deep it stands.
        strong: whether a reader must see it first.
        kind: ``long`` if it may have several lines, ``written`` if it stands as its sender wrote it.
    """

    label: str
    value: str
    depth: int = 0
    strong: bool = False
    kind: Literal["text", "long", "written"] = "text"


class PageSection(PageValue):
    """Named values under a title."""

    title: str
    lines: list[PageLine]


class PageAsOf(PageValue):
    """As of when something is true, in words and as a time."""

    ms: int | None
    connected: bool
    words: str


def show_time(time_ms: int, country: str | None = None, now_ms: int = 0) -> PageTime:
    """A time as a page shows it.

    Args:
        time_ms: milliseconds since 1970 UTC.
        country: of the event, ISO 3166 alpha-2.
        now_ms: now: the year is said where it is another; 0 says it always.
    """
    moment = calendar(time_ms)
    year = "" if now_ms and calendar(now_ms).year == moment.year else f" {moment.year}"
    utc = f"{moment:%H:%M}Z {moment.day} {in_language(_MONTHS[moment.month - 1])}{year}"
    zone = zone_of(country, time_ms)
    if zone is None:
        return PageTime(ms=time_ms, utc=utc)
    local = local_moment(time_ms, zone)
    day = "" if local.date() == moment.date() else f" {local.day} {in_language(_MONTHS[local.month - 1])}"
    return PageTime(ms=time_ms, utc=utc, local=f"{local:%H:%M}{day}", zone=zone)


def word_of(codes: Iterable[Labelled], value: str) -> PageWord:
    """A value that may be a later word."""
    return PageWord(value=bounded(value, 64), label=bounded(label_of(codes, value), 64))


def coded(code: CodedValue) -> PageWord:
    """A code of this program."""
    return PageWord(value=code.value, label=label(code))


def named(value: str) -> PageWord:
    """Something that is called by its code: an address."""
    return PageWord(value=bounded(value), label=bounded(value))


def show_lines(texts: Iterable[NamedText], most: int = TEXT, lines: int = LINES) -> list[PageLine]:
    """Named texts as lines of a section; how many are left out stands beneath.

    Args:
        texts: in their order.
        most: characters of a value.
        lines: at most so many.
    """
    every = list(texts)
    shown = [_line(each, most) for each in every[:lines]]
    if left := len(every) - len(shown):
        text = plural("{count} more line, open it to read all", "{count} more lines, open it to read all", left)
        shown.append(PageLine(label="", value=text, strong=True))
    return shown


def _line(text: NamedText, most: int) -> PageLine:
    value = bounded_lines(text.text, most)
    kind: Literal["text", "long", "written"] = "written" if text.is_written else "long" if "\n" in value else "text"
    return PageLine(label=bounded(text.name), value=value, depth=min(text.depth, 8), strong=text.is_strong, kind=kind)


def show_as_of(as_of: AsOf) -> PageAsOf:
    """As of when something is true."""
    return PageAsOf(ms=as_of.true_ms or None, connected=as_of.connected, words=as_of_words(as_of))


def section(title: str, lines: Iterable[PageLine]) -> list[PageSection]:
    """A section, unless nothing stands in it."""
    found = list(lines)
    return [PageSection(title=title, lines=found)] if found else []
