"""The log of the screens of a desk, in words."""

from __future__ import annotations

from typing import Any

from clients.documents.plain import utc
from clients.documents.texts import _
from clients.store import ScreenEntry, ScreenEvent


def screen_words(entry: ScreenEntry) -> str:
    """An entry in a line: when, and what."""
    texts = {
        ScreenEvent.OPENED: _("a window was opened"),
        ScreenEvent.CODE_REFUSED: _("a wrong code was typed"),
        ScreenEvent.UNLOCKED: _("{officer} has unlocked the screen"),
        ScreenEvent.REFUSED: _("a wrong passphrase of {officer} was typed"),
        ScreenEvent.LOCKED: _("the screen of {officer} was locked"),
        ScreenEvent.LEFT: _("the screen of {officer} locked by itself: no key was pressed"),
        ScreenEvent.TAKEN_OVER: _("the screen of {officer} was locked: another screen was unlocked"),
    }
    return f"{utc(entry.at_ms)}  {texts[entry.event].format(officer=entry.officer)}"


def screen_json(entry: ScreenEntry) -> dict[str, Any]:
    """An entry for programs."""
    return {"at_ms": entry.at_ms, "event": entry.event.value, "officer": entry.officer}
