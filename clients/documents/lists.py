"""What every list of dispatches says of itself: what it leaves out, and as of when it is true."""

from __future__ import annotations

from typing import Any

from clients.actions.asof import AsOf
from clients.actions.listing import CutList
from clients.documents.plain import utc, wrap
from clients.documents.texts import _


def left_out_lines(page: CutList[Any], most: int) -> list[str]:
    """How many a list leaves out, how many of them are urgent and open, and how to see them.

    Args:
        page: the list.
        most: the highest limit that its command takes.
    """
    if not page.left_out:
        return []
    text = _("Not shown: {count}. See them with --limit {limit}.")
    if page.urgent_left_out:
        text = _("Not shown: {count}, URGENT AND OPEN among them: {urgent}. See them with --limit {limit}.")
    limit = min(page.total, most)
    return [text.format(count=page.left_out, urgent=page.urgent_left_out, limit=limit)]


def left_out_json(page: CutList[Any]) -> dict[str, int]:
    """The same for programs."""
    return {"left_out": page.left_out, "urgent_left_out": page.urgent_left_out}


def as_of_text(as_of: AsOf) -> str:
    """As of when a list is true, and what to do if that is not now; within 80 columns."""
    advice = (
        ""
        if as_of.connected or as_of.held or as_of.is_current
        else " " + _("Start serai run, or use serai inbox --fetch.")
    )
    return wrap(as_of_words(as_of) + advice)


def as_of_words(as_of: AsOf) -> str:
    """As of when a list is true, in a sentence."""
    true = utc(as_of.true_ms) if as_of.true_ms else ""
    if as_of.connected:
        text = _("True as of {time}, connected.") if as_of.is_current else _("Connected; more is still coming.")
        return text.format(time=true)
    if as_of.held:
        text = _("NOT CONNECTED since {since}: what has come to the hub since {time} is not here.")
        text = text if true else _("NOT CONNECTED since {since}: what has come to the hub is not here.")
        return text.format(since=utc(as_of.since_ms), time=true)
    if as_of.is_current:
        return _("True as of {time}; not connected any more.").format(time=true)
    text = _("NOT CONNECTED: what has come to the hub since {time} is not here.").format(time=true)
    return text if true else _("NOT CONNECTED: what waits at the hub is not known.")


def nothing_text(as_of: AsOf) -> str:
    """What an empty list says: that there is nothing, or that it is not known."""
    if as_of.is_current:
        return _("Nothing.")
    if as_of.true_ms:
        return _("Nothing up to {time}; not known since.").format(time=utc(as_of.true_ms))
    return _("NOT KNOWN: nothing is here yet.")


def as_of_json(as_of: AsOf) -> dict[str, Any]:
    """The same for programs."""
    return {"as_of_ms": as_of.true_ms or None, "connected": as_of.connected}
