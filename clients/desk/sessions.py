"""Who is at the screen: a one-time code opens a window, a cookie and a page token name it, a passphrase unlocks it.

A cookie reaches every port of this name, and a token alone could be read off a screen: a request needs both
(RFC 6265 section 8.5). Neither opens a text: that does the passphrase of an officer, until ten minutes have passed
without a key press, by the wall clock, so that sleep counts.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final

from clients.actions.signing_session import LOCK_MS, SigningSession
from clients.errors import ClientError, LocalCode
from schemas.addresses import Address
from schemas.encoding import encode_base64url

CODE_LETTERS: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Of a one-time code: none looks like another; 32, so that a byte chooses without a bias."""

_CODE_LENGTH: Final = 12
_SECRET_BYTES: Final = 32
_MOST: Final = 16
_FREE_TRIES: Final = 3
_LONGEST_S: Final = 60.0


@dataclass(eq=False)
class DeskSession:
    """A browser at this desk.

    Attributes:
        language: that it reads.
        tokens: hashes of the tokens of its pages.
        officer: who is at the screen; ``None`` while it is locked.
        signing: the officer's key, open as long as the screen is; only the worker's thread may use it.
        touched_ms: when a key was last pressed, by this machine's clock, milliseconds since 1970 UTC.
        why: why it is locked: ``new``, ``locked``, ``idle``, ``other``; empty while it is not.
    """

    language: str
    tokens: list[bytes] = field(default_factory=list)
    officer: Address | None = None
    signing: SigningSession | None = None
    touched_ms: int = 0
    why: str = "new"

    @property
    def is_unlocked(self) -> bool:
        """Whether an officer is at the screen; `DeskSessions.find` has looked at the clock."""
        return self.signing is not None

    @property
    def locks_at_ms(self) -> int:
        """When it locks by itself if no key is pressed, milliseconds since 1970 UTC; 0 if it is locked."""
        return self.touched_ms + LOCK_MS if self.is_unlocked else 0

    def is_over(self, now_ms: int) -> bool:
        """Whether its time is over; a clock that was put back ends it, too."""
        return self.is_unlocked and not 0 <= now_ms - self.touched_ms < LOCK_MS

    def unlock(self, officer: Address, signing: SigningSession, now_ms: int) -> None:
        """An officer has typed the passphrase."""
        self.officer, self.signing, self.touched_ms, self.why = officer, signing, now_ms, ""

    def lock(self, why: str) -> SigningSession | None:
        """Nobody is at the screen any more; gives what is to be locked in the worker's thread."""
        signing, self.signing, self.officer = self.signing, None, None
        self.why = why
        return signing


class DeskSessions:
    """The browsers that know this desk.

    Args:
        entropy: so many random bytes.
        now_ms: this machine's wall clock, milliseconds since 1970 UTC.

    Attributes:
        code: opens the next window, once.
    """

    def __init__(self, entropy: Callable[[int], bytes], now_ms: Callable[[], int]) -> None:
        self._entropy = entropy
        self._now_ms = now_ms
        self._by_cookie: dict[bytes, DeskSession] = {}
        self.code = self._make_code()

    def __iter__(self) -> Iterator[DeskSession]:
        """All of them."""
        return iter(tuple(self._by_cookie.values()))

    def open(self, code: str, cookie: str, language: str) -> tuple[str, str, DeskSession]:
        """Open a window.

        Args:
            code: what was typed, or handed over.
            cookie: that the browser has from another window; empty if none.
            language: that it reads at first.

        Returns:
            Its cookie, its page token, and its session, which the windows of one browser share.

        Raises:
            ClientError: ``code_not_valid``.
        """
        if not hmac.compare_digest(_plain(code).encode(), _plain(self.code).encode()):
            raise ClientError(LocalCode.CODE_NOT_VALID)
        self.code = self._make_code()
        session = self._by_cookie.get(_hash(cookie))
        if session is None:
            cookie, session = self._make_secret(), DeskSession(language)
            self._make_room()
            self._by_cookie[_hash(cookie)] = session
        token = self._make_secret()
        session.tokens = [*session.tokens, _hash(token)][-_MOST:]
        return cookie, token, session

    def find(self, cookie: str, token: str) -> DeskSession:
        """The session of a window.

        Raises:
            ClientError: ``page_unknown`` if the two do not belong together.
        """
        session = self._by_cookie.get(_hash(cookie))
        found = _hash(token)
        if session is None or not any([hmac.compare_digest(found, each) for each in session.tokens]):  # noqa: C419 - all of them, in the same time
            raise ClientError(LocalCode.PAGE_UNKNOWN)
        return session

    def over(self) -> list[DeskSession]:
        """Those whose time is over, and which are not locked yet."""
        now_ms = self._now_ms()
        return [session for session in self if session.is_over(now_ms)]

    def _make_room(self) -> None:
        """Forget the oldest that nobody is at."""
        locked = [key for key, session in self._by_cookie.items() if not session.is_unlocked]
        for key in locked[: max(0, len(self._by_cookie) - _MOST + 1)]:
            del self._by_cookie[key]

    def _make_secret(self) -> str:
        return encode_base64url(self._entropy(_SECRET_BYTES))

    def _make_code(self) -> str:
        letters = "".join(CODE_LETTERS[byte % len(CODE_LETTERS)] for byte in self._entropy(_CODE_LENGTH))
        return "-".join(letters[start : start + 4] for start in range(0, _CODE_LENGTH, 4))


class Tries:
    """Tries at a secret: one after another, and slower after three wrong ones in a row.

    Args:
        monotonic: seconds that never go back.
    """

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._wrong = 0
        self._again_s = 0.0
        self._is_busy = False

    @contextmanager
    def one(self) -> Iterator[None]:
        """One try: it was wrong if the block raises `ClientError`.

        Raises:
            ClientError: ``try_under_way``, ``tries_paused``; what the block raises.
        """
        if self._is_busy:
            raise ClientError(LocalCode.TRY_UNDER_WAY)
        left_s = self._again_s - self._monotonic()
        if left_s > 0:
            raise ClientError(LocalCode.TRIES_PAUSED, seconds=int(left_s) + 1)
        self._is_busy = True
        try:
            yield
        except ClientError:
            self._wrong += 1
            if self._wrong >= _FREE_TRIES:
                pause_s = min(_LONGEST_S, float(1 << min(self._wrong - _FREE_TRIES, 6)))
                self._again_s = self._monotonic() + pause_s
            raise
        else:
            self._wrong = 0
        finally:
            self._is_busy = False


def _hash(secret: str) -> bytes:
    return sha256(secret.encode()).digest()


def _plain(code: str) -> str:
    """A code without what people type between its letters."""
    return "".join(each for each in code.upper() if each in CODE_LETTERS)
