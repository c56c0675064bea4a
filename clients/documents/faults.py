"""Faults in the reader's language: a stable code, what happened here, and what to do here.

A `SeraiError` of the protocol says what its code means to everybody; a `Fault` says it for the person at this client.
"""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from pathlib import Path

from clients.documents.texts import _, label, language
from clients.errors import ClientError, LocalCode
from clients.line.lock import LineHeld
from schemas.errors import Code, SeraiError
from schemas.labels import CodedValue, Status


def title_of(error: ClientError) -> str:
    """What happened."""
    return _filled(error.local.title, error)


def remedy_of(error: ClientError) -> str:
    """What to do."""
    return _filled(error.local.remedy, error)


def words_of(error: SeraiError) -> str:
    """What happened; where the detail is known in English only, it comes after the title in the reader's language."""
    if isinstance(error, ClientError):
        return title_of(error)
    title, detail = _(error.problem.title), _(error.detail)
    if detail and (language() == "en" or detail != error.detail):
        return detail
    return f"{title.rstrip('.')} ({detail})" if detail else title


def _filled(text: str, error: ClientError) -> str:
    return _(text).format(**{name: _words(fact) for name, fact in error.facts.items()})


def _words(fact: object) -> str:
    """A fact as a person reads it; how something is marked is written large, unless it is counted."""
    if isinstance(fact, Status):
        return label(fact).upper()
    if isinstance(fact, CodedValue):
        return label(fact)
    if isinstance(fact, Mapping):
        return ", ".join(f"{label(code)} {count}" for code, count in fact.items())
    if isinstance(fact, SeraiError):
        return words_of(fact)
    if isinstance(fact, list | tuple):
        return ", ".join(_words(each) for each in fact)
    return str(fact)


class Fault(SeraiError):  # noqa: N818 - what a person is told
    """A fault with a hint of its own.

    Attributes:
        hint: what to do.
    """

    def __init__(self, code: Code, detail: str, hint: str) -> None:
        super().__init__(code, detail)
        self.hint = hint


def held(error: LineHeld) -> ClientError:
    """Another process is connected."""
    holder = error.holder
    return ClientError(LocalCode.LINE_HELD, holder=f"{holder.what}, {holder.pid}" if holder else _("another process"))


def file_fault(error: OSError) -> SeraiError:
    """What the machine said of a file, or of the line."""
    if error.errno is None and not error.filename:  # of no file: the ledger could not be read over the line
        return Fault(Code.HUB_NOT_READY, str(error), _("Try again, or see serai doctor."))
    if isinstance(error, FileExistsError) and error.filename:
        return ClientError(LocalCode.FILE_EXISTS, path=error.filename)
    where = f"{error.filename}: " if error.filename else ""
    return Fault(Code.STORAGE_FAILED, f"{where}{error.strerror or error}", _("Fix what is named, and try again."))


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
        Code.NOT_PERMITTED: _("This client may not, or has no key for it; see the line above."),
        Code.DECRYPTION_FAILED: _("Type the passphrase again. If it is right, the file was changed: restore a backup."),
        Code.DAMAGED: _("Restore a backup, and tell the Centre."),
        Code.STORAGE_FAILED: _("Make room on this machine's disk, or fix it. Nothing that was kept is lost."),
        Code.NOT_FOUND: _("See what is named."),
        Code.HUB_NOT_READY: _("Try again, or see serai doctor."),
    }
    if isinstance(error, Fault | ClientError) or error.code not in hints:
        return None
    return Fault(error.code, words_of(error), hints[error.code])
