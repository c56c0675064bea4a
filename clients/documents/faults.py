"""Faults in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping

from clients.documents.texts import _, label, language
from clients.errors import ClientError
from schemas.errors import SeraiError
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
