"""What ``serai watch`` shows, from state to lines; pure.

Urgent dispatches that wait for an officer stand on top, everything else below, the newest first. What is not
real says so in words in its own line, and has a colour of its own that nothing real has; the colours
only help. No line is wider than the screen, and there are no more lines than it has.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from clients.cli.columns import fit, shorten, width_of
from clients.cli.numbers import spell_number
from clients.cli.officer.dispatch_view import KindWord, gist
from clients.cli.texts import _, label_of
from clients.cli.thresholds import CLOCK_MS
from clients.cli.ui import clean, utc
from clients.inbox import Delivery
from schemas.labels import Kind, Precedence, Status

_DAY_MS: Final = 24 * 3600 * 1000


class Tone(Enum):
    """What a line is, for whoever gives it a colour."""

    PLAIN = "plain"
    HEAD = "head"
    FAULT = "fault"
    URGENT = "urgent"
    EXERCISE = "exercise"
    QUIET = "quiet"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the screen.

    Attributes:
        text: within the screen's columns.
        tone: what it is.
    """

    text: str
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True, slots=True)
class LineState:
    """How the line to the hub is.

    Attributes:
        held: whether any process holds it.
        live: whether the hub answers.
        since_ms: since when that is so, milliseconds since 1970 UTC; 0 if that is not known.
        fault: why it does not.
        offset_ms: what is added to this machine's clock to have the hub's time.
    """

    held: bool = False
    live: bool = False
    since_ms: int = 0
    fault: str = ""
    offset_ms: int = 0


@dataclass(frozen=True, slots=True)
class Feed:
    """What there is to show.

    Attributes:
        member: whose desk.
        seat: its name.
        status: of the network: ``actual``, or ``exercise`` if all of it is one.
        now_ms: milliseconds since 1970 UTC, by the hub's clock.
        line: how the line is.
        urgent: what waits for an officer, newest first; as many as may have room.
        waiting: how many wait.
        others: everything else that came, newest first.
        queued: how much waits to be sent.
        alarms: how many alarms there are.
        fault: what is wrong with the own store; empty if nothing.
    """

    member: str
    seat: str
    status: str
    now_ms: int
    line: LineState
    urgent: Sequence[Delivery] = ()
    waiting: int = 0
    others: Sequence[Delivery] = ()
    queued: int = 0
    alarms: int = 0
    fault: str = ""


def render(feed: Feed, columns: int, rows: int) -> list[Line]:
    """The lines of a screen of so many columns and rows."""
    head, foot = _head(feed, columns), [Line(_("q or Ctrl-C ends. serai show N, acknowledge N, reply N"), Tone.QUIET)]
    urgent = _urgent(feed, rows - len(head) - len(foot))
    others = _others(feed, columns, rows - len(head) - len(foot) - len(urgent))
    body = [*head, *urgent, *others]
    space = [Line("")] * max(0, rows - len(body) - len(foot))
    return [Line(fit(line.text, columns), line.tone) for line in [*body, *space, *foot][:rows]]


# The head


def _head(feed: Feed, columns: int) -> list[Line]:
    text, tone = _line_text(feed)
    left, right = f"{feed.member}, {feed.seat}: {text}", utc(feed.now_ms)
    gap = columns - width_of(left) - len(right)
    lines = [Line(f"{left}{' ' * gap}{right}" if gap >= 2 else left, tone)]
    lines += [Line(text, Tone.FAULT) for text in _warnings(feed)]
    if feed.queued:
        lines.append(Line(_("To be sent: {count}").format(count=feed.queued)))
    if feed.status != "actual":
        word = label_of(Status, feed.status).upper()
        lines.append(Line(_across(word, columns), Tone.EXERCISE))
    return lines


def _line_text(feed: Feed) -> tuple[str, Tone]:
    line = feed.line
    if not line.held:
        return _("NOBODY HOLDS THE LINE; start serai run"), Tone.FAULT
    since = _since(line.since_ms, feed.now_ms)
    if line.live:
        return _("line up since {time}").format(time=since), Tone.HEAD
    return _("LINE DOWN since {time}").format(time=since), Tone.FAULT


def _since(time_ms: int, now_ms: int) -> str:
    """A time, with its day unless that is today."""
    if not time_ms:
        return "?"
    return utc(time_ms)[11:] if time_ms // _DAY_MS == now_ms // _DAY_MS else utc(time_ms)[5:]


def _warnings(feed: Feed) -> list[str]:
    line, found = feed.line, []
    if line.held and not line.live and line.fault:
        found.append(clean(line.fault))
    if abs(line.offset_ms) >= CLOCK_MS:
        text = _("CLOCK: this machine's is wrong by {seconds} s; set it. The hub's time is used.")
        found.append(text.format(seconds=-line.offset_ms // 1000))
    if feed.alarms:
        found.append(_("ALARMS: {count}; see serai status").format(count=feed.alarms))
    if feed.fault:
        found.append(_("the store cannot be read now: {detail}").format(detail=clean(feed.fault)))
    return found


def _across(word: str, columns: int) -> str:
    """A word, again and again, over the whole screen."""
    count = max(1, (columns - 8) // (len(word) + 3))
    return f"*** {' - '.join([word] * count)} ***".center(columns)


# What came


def _urgent(feed: Feed, room: int) -> list[Line]:
    """Two lines for each that waits; if not all have room, how many more there are."""
    if not feed.urgent or room < 1:
        return []
    count = max(feed.waiting, len(feed.urgent))
    title = Line(_("URGENT, waits for an officer: {count}").format(count=count), Tone.FAULT)
    shown = min(len(feed.urgent), count if 2 * count < room else max(0, (room - 2) // 2))
    lines = [line for each in feed.urgent[:shown] for line in _urgent_lines(each, feed.now_ms)]
    more = [Line(_("... and {count} more").format(count=count - shown), Tone.FAULT)] if shown < count else []
    return [title, *lines, *more][:room]


def _urgent_lines(delivery: Delivery, now_ms: int) -> list[Line]:
    cover = delivery.cover
    waits = _("waits {count} min").format(count=max(0, now_ms - delivery.accepted_at_ms) // 60_000)
    if cover is None:
        number = spell_number(delivery.index or 0, None)
        text = _("{number}: an urgent dispatch that could not be verified; look at it").format(number=number)
        return [Line(f"! {text}", Tone.URGENT), Line(f"    {waits}", Tone.URGENT)]
    words = [label_of(Precedence, cover.precedence).upper(), spell_number(delivery.index or 0, cover.status)]
    words += [label_of(Kind, cover.kind), clean(delivery.sender or "?")]
    real = cover.status == "actual"
    mark = "" if real else f"{label_of(Status, cover.status).upper()} - "
    tone = Tone.URGENT if real else Tone.EXERCISE
    return [Line(f"! {mark}{' '.join(words)}, {waits}", tone), Line(f"    {gist(delivery)}", tone)]


def _others(feed: Feed, columns: int, room: int) -> list[Line]:
    if room < 2:
        return []
    found = [Line(feed_row(each, columns), _tone(each)) for each in feed.others[: room - 1]]
    nothing = [Line(_("Nothing."), Tone.QUIET)] if not feed.urgent else []
    return [Line(_("Newest first:"), Tone.QUIET), *(found or nothing)]


def feed_row(delivery: Delivery, columns: int) -> str:
    """A dispatch in one line of the screen; what is not real says so in words."""
    cover = delivery.cover
    status = cover.status if cover else "actual"
    number, when = spell_number(delivery.index or 0, status), utc(delivery.accepted_at_ms)[5:16]
    if cover is None:
        return shorten(f"{number:>12} {when} ! " + _("could not be verified"), columns)
    mark = "+" if delivery.acknowledged else "-" if delivery.declined else " "
    mark = "x" if delivery.marks.cancelled_by else mark
    word = "" if status == "actual" else f"{label_of(Status, status).upper()} "
    who, kind = clean(delivery.sender or "?"), label_of(KindWord, cover.kind)
    return shorten(f"{number:>12} {when} {mark} {who:<12.12} {kind:<9.9} {word}{gist(delivery)}", columns)


def _tone(delivery: Delivery) -> Tone:
    if delivery.cover is None:
        return Tone.FAULT
    if delivery.cover.status != "actual":
        return Tone.EXERCISE
    return Tone.QUIET if delivery.marks.cancelled_by else Tone.PLAIN
