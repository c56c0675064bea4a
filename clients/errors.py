"""Faults that never travel: what cannot be done at this client, why, and what to do about it.

The codes of the protocol (`schemas.errors`) are for both sides of a line. Those here are the client's own: no hub ever
sends one. A fault carries its code and typed facts, no sentence: the skins make the sentences of `clients.problems` in
the reader's language (`clients.documents.faults`). Codes never change spelling or meaning; new ones may be added.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from clients.codes import LocalCode
from clients.problems import LOCAL_PROBLEMS
from schemas.errors import Code, SeraiError

__all__ = ["LOCAL_PROBLEMS", "ClientError", "LocalCode"]


class ClientError(SeraiError):
    """Something cannot be done at this client.

    Args:
        code: the stable reason.
        facts: what the sentences of `LOCAL_PROBLEMS` name: texts, numbers, codes with labels, lists of these, or how
            many there are of each; never content, key material or a passphrase.
    """

    code: LocalCode  # type: ignore[assignment]  # never on a line, so never among the protocol's codes

    def __init__(self, code: LocalCode, **facts: object) -> None:
        local = LOCAL_PROBLEMS[code]
        super().__init__(Code.INTERNAL, local.title.format(**{name: _plain(fact) for name, fact in facts.items()}))
        self.code = code
        self.facts = facts
        self.local = local


def _plain(fact: object) -> str:
    """A fact in English, for logs and programs."""
    if isinstance(fact, Mapping):
        return ", ".join(f"{_plain(each)} {count}" for each, count in fact.items())
    if isinstance(fact, list | tuple):
        return ", ".join(_plain(each) for each in fact)
    if isinstance(fact, SeraiError):
        return fact.detail or fact.problem.title
    return fact.value if isinstance(fact, StrEnum) else str(fact)
