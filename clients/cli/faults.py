"""Faults of a command: a stable code, what happened here, and what to do here.

A `SeraiError` of the protocol says what its code means to everybody; a `Fault` says it for the
person who typed the command.
"""

from __future__ import annotations

import traceback
from collections.abc import Sequence
from pathlib import Path

from clients.cli.texts import _, language
from clients.holder import LineHeld
from schemas.errors import Code, SeraiError


class Fault(SeraiError):  # noqa: N818 - what a person is told
    """A fault with a hint of its own.

    Attributes:
        hint: what to do.
    """

    def __init__(self, code: Code, detail: str, hint: str) -> None:
        super().__init__(code, detail)
        self.hint = hint


def no_line() -> Fault:
    """There was no line within the time."""
    return Fault(Code.HUB_NOT_READY, _("no line to the hub within the time"), _("Try again, or see serai doctor."))


def already_there(what: str) -> Fault:
    """Something that is to be made is there."""
    text = _("{what} is there already; nothing is ever overwritten")
    return Fault(Code.NOT_PERMITTED, text.format(what=what), _("Choose another place, with --home or another name."))


def not_ours(officer: str, member: str) -> Fault:
    """An officer of another member."""
    text = _("{officer} is no officer of {member}").format(officer=officer, member=member)
    return Fault(Code.NOT_PERMITTED, text, _("An officer's address begins with its member's."))


def no_officer(named: str | None, keys_of: Sequence[str], member: str) -> Fault:
    """Nobody can act: no key of the officer is here, or it is not clear which of several acts.

    Args:
        named: the officer who was named or set, if one was.
        keys_of: officers whose keys are here.
        member: whose client it is.
    """
    text = _("no key of {officer} is held here").format(officer=named) if named else _("it is not clear who acts here")
    hint = _("Bring an officer in: serai officer add {member}/DUTY-1.").format(member=member)
    if keys_of:
        hint = _("Say who acts, with --as, or for this machine with serai seat --as. Keys are here of: {officers}.")
        hint = hint.format(officers=", ".join(keys_of))
    return Fault(Code.NOT_PERMITTED, text, hint)


def held(error: LineHeld) -> Fault:
    """Another process holds the line."""
    holder = error.holder
    who = f"{holder.what}, {holder.pid}" if holder else _("another process")
    text = _("{who} holds the line of this client already").format(who=who)
    return Fault(Code.NOT_PERMITTED, text, _("One is enough: all other commands use it. Stop it first, or leave it."))


def file_fault(error: OSError) -> Fault:
    """What the machine said of a file, or of the line."""
    if error.errno is None and not error.filename:  # of no file: the ledger could not be read over the line
        return Fault(Code.HUB_NOT_READY, str(error), _("Try again, or see serai doctor."))
    if isinstance(error, FileExistsError) and error.filename:
        return already_there(str(error.filename))
    where = f"{error.filename}: " if error.filename else ""
    return Fault(Code.STORAGE_FAILED, f"{where}{error.strerror or error}", _("Mend what is named, and try again."))


def broken(error: Exception) -> Fault:
    """A fault of the program itself: what, and in which line."""
    trace = traceback.extract_tb(error.__traceback__)
    where = f"{Path(trace[-1].filename).name}:{trace[-1].lineno}" if trace else "?"
    text = _("a fault of this program: {what}").format(what=f"{type(error).__name__}, {where}")
    hint = _("Try again. If it stays, tell your administrator these words; what was sent or queued is kept.")
    return Fault(Code.INTERNAL, text, hint)


def refused(error: SeraiError) -> Fault:
    """What the hub refused for good."""
    text = _("the hub refused it: {title}").format(title=_(error.problem.title))
    return Fault(error.code, f"{text} {error.detail}".rstrip(), _(error.problem.remedy))


def at_home(error: SeraiError) -> Fault | None:
    """A fault of this client for which the protocol's own words are about the hub; ``None`` if they fit."""
    hints = {
        Code.NOT_PERMITTED: _("This client may not, or holds no key for it; see what is said."),
        Code.DECRYPTION_FAILED: _("Type the passphrase again. If it is right, the file was changed: restore a backup."),
        Code.DAMAGED: _("Restore a backup, and tell the Centre."),
        Code.STORAGE_FAILED: _("Make room on this machine's disk, or mend it. Nothing that was kept is lost."),
        Code.NOT_FOUND: _("See what is named."),
        Code.HUB_NOT_READY: _("Try again, or see serai doctor."),
    }
    if isinstance(error, Fault) or error.code not in hints:
        return None
    return Fault(error.code, said(error), hints[error.code])


def said(error: SeraiError) -> str:
    """What happened; where the detail is known in English only, it comes after the title in the reader's language."""
    title, detail = _(error.problem.title), _(error.detail)
    if detail and (language() == "en" or detail != error.detail):
        return detail
    return f"{title.rstrip('.')} ({detail})" if detail else title
