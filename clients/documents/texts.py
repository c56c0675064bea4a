"""What people read, in their language: English in the source, Russian from the catalogue.

The language is that of the machine's settings (``SERAI_LANG``, ``LC_ALL``, ``LC_MESSAGES``,
``LANG``, in this order), or, where one process serves several readers, of whom it speaks to
(`speaking`). Coded values carry their own labels (`schemas.labels`).
"""

from __future__ import annotations

import gettext
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Final

from schemas.labels import Label, Labelled, wanted_language

DOMAIN: Final = "serai"
LOCALE: Final = Path(__file__).resolve().parent / "locale"
LANGUAGES: Final = ("en", "ru")


_spoken: ContextVar[str | None] = ContextVar("spoken", default=None)


@contextmanager
def speaking(name: str) -> Iterator[None]:
    """Speak a language inside the block, and in what it awaits, whatever the machine's settings are.

    Args:
        name: ``en`` or ``ru``; one that has no catalogue is English.
    """
    before = _spoken.set(name)
    try:
        yield
    finally:
        _spoken.reset(before)


def language() -> str:
    """The language of this reader; English where there is no catalogue, so that a screen is of one language."""
    named = _spoken.get() or wanted_language(os.environ)
    found = next((each for each in LANGUAGES if named.startswith(each)), LANGUAGES[0])
    return found if _is_there(found) else LANGUAGES[0]


@cache
def _is_there(name: str) -> bool:
    """Whether there is a catalogue of a language; looked for once, because it is asked at every word."""
    return gettext.find(DOMAIN, LOCALE, [name]) is not None


@cache
def _catalogue(name: str) -> gettext.NullTranslations:
    return gettext.translation(DOMAIN, LOCALE, [name], fallback=True)


def _(message: str) -> str:
    """A message in the language of this run."""
    return _catalogue(language()).gettext(message) if message else ""


def plural(one: str, many: str, count: int) -> str:
    """The form of a message that goes with a number; ``{count}`` in it is the number."""
    return _catalogue(language()).ngettext(one, many, count).format(count=count)


def in_language(both: Label) -> str:
    """A label in the language of this run."""
    return both.ru if language() == "ru" else both.en


def label(code: Labelled) -> str:
    """What a person reads for a code."""
    return in_language(code.label)


def label_of(codes: Iterable[Labelled], value: str) -> str:
    """The label of a value that may be a later word, which then stands for itself."""
    found = next((code for code in codes if code.value == value), None)
    return value if found is None else label(found)


def speak_to_click() -> None:
    """Let the words of the command line itself ("Usage", "Options") come from the same catalogue."""
    os.environ["LANGUAGE"] = language()
    gettext.bindtextdomain(DOMAIN, str(LOCALE))
    gettext.textdomain(DOMAIN)
