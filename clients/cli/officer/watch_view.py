"""What ``serai watch`` shows, from state to lines; pure.

Urgent dispatches that wait for an officer stand on top, everything else below, the newest first. What is not
real says so in words in its own line, and has a colour of its own that nothing real has; the colours
only help. No line is wider than the screen, and there are no more lines than it has.
"""

from __future__ import annotations

from typing import Final

from clients.actions.listing import keep_oldest
from clients.actions.lists import SentReport
from clients.actions.numbers import spell_number
from clients.actions.thresholds import CLOCK_MS
from clients.actions.watching import Feed
from clients.cli.officer.watch_keys import Mode, Panel
from clients.cli.officer.watch_line import ScreenLine, Tone
from clients.cli.officer.watch_panel import foot_lines, lock_line
from clients.documents.columns import fit, shorten, width_of
from clients.documents.dispatch_rows import gist, kind_word, unverified_text
from clients.documents.dispatches import status_text
from clients.documents.plain import clean, utc
from clients.documents.sent_rows import sent_row
from clients.documents.texts import _, label_of
from clients.mail.inbox import Delivery
from schemas.labels import Precedence, Status
from schemas.reports.kinds import KINDS
from schemas.rules.status import is_status_known, may_be_real

_DAY_MS: Final = 24 * 3600 * 1000
_LEAST_COLUMNS: Final = 40
_NOBODY: Final = Panel()


def is_whole(panel: Panel, columns: int, rows: int) -> bool:
    """Whether a screen has room for all that the keys have led to."""
    foot = foot_lines(panel, columns)
    return len(foot) < rows and columns >= _LEAST_COLUMNS


def render(feed: Feed, columns: int, rows: int, panel: Panel = _NOBODY) -> list[ScreenLine]:
    """The lines of a screen of so many columns and rows; what the keys have led to stands at its foot."""
    foot = foot_lines(panel, columns)
    if panel.mode is not Mode.SCREEN and not is_whole(panel, columns, rows):
        foot = [ScreenLine(_("The window is too small for this; make it larger, or press Esc."), Tone.FAULT)]
    head = [*(head := _head(feed, columns))[:1], *lock_line(panel, feed.now_ms), *head[1:]]
    room = rows - len(head) - len(foot)
    apart = [block for block in (_owed_rows(feed, columns), _undone_rows(feed, columns)) if block]
    urgent = _urgent(feed, room - min(len(apart), room // 3))
    room -= len(urgent)
    blocks = []
    for number, block in enumerate(apart):
        shown = _shorten(block, max(1, room // (2 * (len(apart) - number))))
        blocks += shown[: max(0, room)]
        room -= len(shown)
    body = [*head, *urgent, *blocks, *_others(feed, columns, room)]
    if panel.mode is not Mode.SCREEN:
        body = body[: max(1, rows - len(foot))]
    space = [ScreenLine("")] * max(0, rows - len(body) - len(foot))
    return [ScreenLine(fit(line.text, columns), line.tone) for line in [*body, *space, *foot][:rows]]


# The head


def _head(feed: Feed, columns: int) -> list[ScreenLine]:
    text, tone = _line_text(feed)
    left, right = f"{feed.member}, {feed.seat}: {text}", utc(feed.now_ms)
    gap = columns - width_of(left) - len(right)
    lines = [ScreenLine(f"{left}{' ' * gap}{right}" if gap >= 2 else left, tone)]
    lines += [ScreenLine(text, Tone.FAULT) for text in _warnings(feed)]
    if feed.queued:
        lines.append(ScreenLine(_("To be sent: {count}").format(count=feed.queued)))
    if feed.status != "actual":
        word = label_of(Status, feed.status).upper()
        lines.append(ScreenLine(_across(word, columns), Tone.EXERCISE))
    return lines


def _line_text(feed: Feed) -> tuple[str, Tone]:
    line = feed.line
    since = _since(line.since_ms, feed.now_ms)
    if not line.held:
        return _("NOT CONNECTED, NOBODY RINGS since {time}").format(time=since), Tone.FAULT
    if line.live:
        return _("connected since {time}").format(time=since), Tone.HEAD
    return _("NOT CONNECTED since {time}").format(time=since), Tone.FAULT


def _since(time_ms: int, now_ms: int) -> str:
    """A time, with its day unless that is today."""
    if not time_ms:
        return "?"
    return utc(time_ms)[11:] if time_ms // _DAY_MS == now_ms // _DAY_MS else utc(time_ms)[5:]


def _warnings(feed: Feed) -> list[str]:
    line, found = feed.line, []
    if not line.held:
        found.append(_("serai run is not running; start it"))
    if line.held and not line.live and line.fault:
        found.append(clean(line.fault))
    if not line.live and line.caught_up_ms:
        text = _("What has come to the hub since {time} is not here.")
        found.append(text.format(time=utc(line.caught_up_ms)))
    if abs(line.offset_ms) >= CLOCK_MS:
        text = _("CLOCK: this machine's is wrong by {seconds} s; set it. The hub's time is used.")
        found.append(text.format(seconds=-line.offset_ms // 1000))
    if feed.alarms:
        text = _("ALARMS: {count}, the newest since {time}; see serai alarms")
        found.append(text.format(count=feed.alarms, time=_since(feed.alarm_ms, feed.now_ms)))
    if feed.returned:
        found.append(_("CAME BACK, not sent: {count}; see serai sent").format(count=feed.returned))
    if feed.fault:
        found.append(_("the store cannot be read now: {detail}").format(detail=clean(feed.fault)))
    return found


def _across(word: str, columns: int) -> str:
    """A word, again and again, over the whole screen."""
    count = max(1, (columns - 8) // (len(word) + 3))
    return f"*** {' - '.join([word] * count)} ***".center(columns)


# What is not done


def _owed_rows(feed: Feed, columns: int) -> list[ScreenLine]:
    """Answers that we owe, beside what is urgent."""
    rows = [ScreenLine(feed_row(each, columns), _tone(each)) for each in feed.owed]
    title = _("WE OWE AN ANSWER: {count}").format(count=feed.owing)
    return [ScreenLine(title, Tone.FAULT), *rows] if feed.owing else []


def _undone_rows(feed: Feed, columns: int) -> list[ScreenLine]:
    rows = [ScreenLine(sent_row(each, columns), _sent_tone(each)) for each in feed.undone]
    title = _("SENT AND NOT DONE: {count}").format(count=feed.unfinished)
    return [ScreenLine(title, Tone.FAULT), *rows] if feed.unfinished else []


def _sent_tone(report: SentReport) -> Tone:
    return Tone.PLAIN if may_be_real(report.status.cover.status) else Tone.EXERCISE


def _shorten(block: list[ScreenLine], room: int) -> list[ScreenLine]:
    """A block with as many lines as there is room for; its title says how many there are."""
    return block[: max(1, room)]


# What came


def _urgent(feed: Feed, room: int) -> list[ScreenLine]:
    """Two lines for each that waits; if not all have room, how many more there are."""
    if not feed.urgent or room < 1:
        return []
    count = max(feed.waiting, len(feed.urgent))
    title = ScreenLine(_("URGENT, waits for an officer: {count}").format(count=count), Tone.FAULT)
    shown = min(len(feed.urgent), count if 2 * count < room else max(0, (room - 2) // 2))
    oldest = min(feed.urgent, key=lambda each: -1 if each.index is None else each.index)
    first = keep_oldest(feed.urgent, oldest, shown)
    lines = [line for each in first for line in _urgent_lines(each, feed.now_ms)]
    more = [ScreenLine(_("... and {count} more").format(count=count - shown), Tone.FAULT)] if shown < count else []
    return [title, *lines, *more][:room]


def _urgent_lines(delivery: Delivery, now_ms: int) -> list[ScreenLine]:
    cover = delivery.cover
    waits = _("waits {count} min").format(count=max(0, now_ms - delivery.accepted_at_ms) // 60_000)
    if cover is None:
        number = spell_number(delivery.index or 0, None)
        text = _("{number}: an urgent dispatch that could not be verified; look at it")
        text = _("{number}: urgent, and newer than this program; update it") if delivery.newer else text
        text = (
            _("{number}: something was erased that never came here; ask who may have sent it")
            if delivery.missing
            else text
        )
        text = text.format(number=number)
        return [ScreenLine(f"! {text}", Tone.URGENT), ScreenLine(f"    {waits}", Tone.URGENT)]
    words = [label_of(Precedence, cover.precedence).upper(), spell_number(delivery.index or 0, cover.status)]
    words += [label_of(KINDS.values(), cover.kind), clean(delivery.sender or "?")]
    mark = "" if cover.status == "actual" else f"{status_text(cover.status)} - "
    tone = Tone.URGENT if may_be_real(cover.status) else Tone.EXERCISE
    return [ScreenLine(f"! {mark}{' '.join(words)}, {waits}", tone), ScreenLine(f"    {gist(delivery)}", tone)]


def _others(feed: Feed, columns: int, room: int) -> list[ScreenLine]:
    if room < 2:
        return []
    found = [ScreenLine(feed_row(each, columns), _tone(each)) for each in feed.others[: room - 1]]
    nothing = [] if feed.urgent or feed.owing or feed.unfinished else [ScreenLine(_nothing(feed), Tone.QUIET)]
    return [ScreenLine(_("Newest first:"), Tone.QUIET), *(found or nothing)]


def _nothing(feed: Feed) -> str:
    """That there is nothing, which only who is connected knows."""
    if feed.line.live:
        return _("Nothing.")
    if feed.line.caught_up_ms:
        return _("Nothing up to {time}; not known since.").format(time=utc(feed.line.caught_up_ms))
    return _("NOT KNOWN: nothing is here yet.")


def feed_row(delivery: Delivery, columns: int) -> str:
    """A dispatch in one line of the screen; what is not real says so in words."""
    cover = delivery.cover
    status = cover.status if cover else "actual"
    number, when = spell_number(delivery.index or 0, status), utc(delivery.accepted_at_ms)[5:16]
    if cover is None:
        return shorten(f"{number:>12} {when} ! " + unverified_text(delivery), columns)
    mark = "+" if delivery.acknowledged else "-" if delivery.declined else " "
    mark = "x" if delivery.amendments.cancelled_by else mark
    word = "" if status == "actual" else f"{status_text(status)} " if is_status_known(status) else _("REAL?") + " "
    who, kind = clean(delivery.sender or "?"), kind_word(cover.kind)
    return shorten(f"{number:>12} {when} {mark} {who:<12.12} {kind:<9.9} {word}{gist(delivery)}", columns)


def _tone(delivery: Delivery) -> Tone:
    if delivery.cover is None:
        return Tone.FAULT
    if not is_status_known(delivery.cover.status):
        return Tone.FAULT
    if delivery.cover.status != "actual":
        return Tone.EXERCISE
    return Tone.QUIET if delivery.amendments.cancelled_by else Tone.PLAIN
