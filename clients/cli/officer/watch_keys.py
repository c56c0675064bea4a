"""What the keys of the live screen do; pure: letters in, what is to be drawn out.

A key is the same key under a Latin and a Russian layout. What is typed as text, a passphrase or a number, is taken as
it is. Nothing is signed by a key that came before what it would sign was on the screen, whole.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Final

from clients.actions.answering import OfficerAnswer
from clients.actions.client import TRIES
from clients.actions.numbers import SpokenNumber, parse_spoken
from clients.actions.signing_session import Proposal, SigningSession
from clients.errors import ClientError, LocalCode
from clients.store import WrongTries
from schemas.addresses import Address
from schemas.errors import SeraiError
from schemas.labels import DeclineReason

REASONS: Final = tuple(DeclineReason)
_STOP: Final = frozenset("\x03\x04")
_ENTER: Final = frozenset("\r\n")
_BACK: Final = frozenset("\x7f\b")
_ESCAPE: Final = "\x1b"
_CLEAR: Final = "\x15"
_LONGEST: Final = 1_024
_LONGEST_NUMBER: Final = 24
_LAYOUT: Final = str.maketrans("йцукенгшщзфывапролдячсмить", "qwertyuiopasdfghjklzxcvbnm")
_EX: Final = str.maketrans("уУчЧ", "EEXX")
"""EX, typed with the same keys under a Russian layout."""


class Mode(Enum):
    """For what the keys are now."""

    SCREEN = "screen"
    HELP = "help"
    PASSPHRASE = "passphrase"  # noqa: S105 - a mode
    NUMBER = "number"
    REASON = "reason"
    CONFIRM = "confirm"


class Note(Enum):
    """What the screen has to say of the last key."""

    LOCKED = "locked"
    LOCKED_ITSELF = "locked_itself"
    UNLOCKED = "unlocked"
    NO_NUMBER = "no_number"
    CHANGED = "changed"
    NOTHING_SIGNED = "nothing_signed"


@dataclass(frozen=True, slots=True)
class Panel:
    """What the keys have led to, for the screen.

    Attributes:
        mode: for what the keys are.
        officer: whose key it is; ``None`` if that is not clear.
        left_ms: so long it stays open without a key press, milliseconds; ``None`` while it is locked.
        typed: the number so far; never of a passphrase.
        declines: whether the number is of what is declined.
        shown: what would be signed.
        tries: wrong passphrases of which the officer should know.
        note: what there is to say: a `Note`, what went wrong, what was signed.
    """

    mode: Mode = Mode.SCREEN
    officer: Address | None = None
    left_ms: int | None = None
    typed: str = ""
    declines: bool = False
    shown: Proposal | None = None
    tries: WrongTries | None = None
    note: Note | SeraiError | OfficerAnswer | None = None


class WatchKeys:
    """Takes keys at the live screen.

    Args:
        session: the officer's.
    """

    def __init__(self, session: SigningSession) -> None:
        self._session = session
        self._mode = Mode.SCREEN
        self._typed = ""
        self._wrong = 0
        self._declines = False
        self._spoken: SpokenNumber | None = None
        self._shown: Proposal | None = None
        self._is_seen = False
        self._tries: WrongTries | None = None
        self._note: Note | SeraiError | OfficerAnswer | None = None
        self._was_open = session.left_ms is not None
        self._takes: dict[Mode, Callable[[str], None]] = {
            Mode.SCREEN: self._command,
            Mode.HELP: self._leave_help,
            Mode.PASSPHRASE: self._take_passphrase,
            Mode.NUMBER: self._take_number,
            Mode.REASON: self._take_reason,
            Mode.CONFIRM: self._take_yes,
        }

    @property
    def panel(self) -> Panel:
        """What there is to draw."""
        typed = self._typed if self._mode is Mode.NUMBER else ""
        session = self._session
        return Panel(
            self._mode, session.officer, session.left_ms, typed, self._declines, self._shown, self._tries, self._note
        )

    def drawn(self, *, whole: bool) -> None:
        """The panel is on the screen: what it shows can be signed, if all of it can be seen."""
        self._is_seen = whole and self._mode is Mode.CONFIRM

    def press(self, typed: str) -> bool:
        """Take what was typed; gives whether that ends the screen."""
        self.tick()
        if typed:
            self._session.touch()
        for key in typed:
            if key in _STOP or (self._mode is Mode.SCREEN and _same(key) == "q"):
                return True
            self._take(key)
        return False

    def tick(self) -> None:
        """Let time pass: an open key may have to be locked, and what came back to be signed anew."""
        try:
            self._session.tick()
        except SeraiError as error:
            self._note = error
        is_open = self._session.left_ms is not None
        if self._was_open and not is_open:
            self._home(Note.LOCKED_ITSELF)
        self._was_open = is_open

    def lock(self) -> None:
        """Lock, whatever is being typed: nobody is at the screen."""
        self._session.lock()
        self._was_open = False
        self._home(Note.LOCKED)

    def _take(self, key: str) -> None:
        if key == _ESCAPE:
            self._home(Note.NOTHING_SIGNED if self._mode is Mode.CONFIRM else None)
            return
        try:
            self._takes[self._mode](key)
        except SeraiError as error:
            self._home(error)
        self._was_open = self._session.left_ms is not None

    def _home(self, note: Note | SeraiError | OfficerAnswer | None) -> None:
        self._mode, self._note, self._typed, self._wrong = Mode.SCREEN, note, "", 0
        self._shown = self._spoken = self._tries = None
        self._is_seen = False

    # One mode after the other

    def _command(self, key: str) -> None:
        same = _same(key)
        if same == "u":
            self._note = None
            self._session.find_officer()
            self._mode, self._tries = Mode.PASSPHRASE, self._session.wrong_tries
        elif same == "l":
            self.lock()
        elif same in ("a", "d"):
            self._note, self._declines = None, same == "d"
            if self._session.left_ms is None:
                raise ClientError(LocalCode.OFFICER_LOCKED, officer=self._session.find_officer())
            self._mode = Mode.NUMBER
        elif key in "?,":
            self._mode = Mode.HELP

    def _leave_help(self, _key: str) -> None:
        self._home(None)

    def _take_passphrase(self, key: str) -> None:
        if key not in _ENTER:
            self._edit(key, _LONGEST)
            return
        typed, self._typed = self._typed, ""
        try:
            self._session.unlock(typed)
        except ClientError as error:
            self._wrong += 1
            if error.code is not LocalCode.WRONG_PASSPHRASE or self._wrong == TRIES:
                raise
            self._note = error
            return
        self._home(Note.UNLOCKED)

    def _take_number(self, key: str) -> None:
        if key not in _ENTER:
            self._edit(key, _LONGEST_NUMBER)
            return
        self._spoken = parse_spoken(self._typed.translate(_EX))
        if self._spoken is None:
            self._note = Note.NO_NUMBER
            return
        shown = self._session.propose(self._spoken)
        self._typed, self._note = "", None
        if self._declines and shown.delivery.can_be_answered:
            self._mode = Mode.REASON
        else:
            self._show(shown)

    def _take_reason(self, key: str) -> None:
        if key.isdecimal() and 1 <= int(key) <= len(REASONS) and self._spoken is not None:
            self._show(self._session.propose(self._spoken, REASONS[int(key) - 1]))

    def _take_yes(self, key: str) -> None:
        if _same(key) == "n":
            self._home(Note.NOTHING_SIGNED)
        if _same(key) != "y" or not self._is_seen or self._shown is None:
            return
        found = self._session.sign(self._shown)
        if isinstance(found, Proposal):
            self._show(found)
            self._note = Note.CHANGED
        else:
            self._home(found)

    def _show(self, shown: Proposal) -> None:
        self._mode, self._shown, self._is_seen = Mode.CONFIRM, shown, False

    def _edit(self, key: str, longest: int) -> None:
        if key in _BACK:
            self._typed = self._typed[:-1]
        elif key == _CLEAR:
            self._typed = ""
        elif key.isprintable() and len(self._typed) < longest:
            self._typed += key


def _same(key: str) -> str:
    """The letter of a key under a Latin layout."""
    return key.lower().translate(_LAYOUT)
