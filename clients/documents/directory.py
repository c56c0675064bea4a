"""Members and officers of the network, in words."""

from __future__ import annotations

from typing import Final

from clients.actions.directory import DirectoryEntry
from clients.documents.plain import clean
from clients.documents.texts import label
from schemas.labels import Role

_RIGHTS: Final = (Role.EXCHANGE, Role.CERTIFY, Role.AUDIT, Role.COORDINATE)
_WORD: Final = 64


def posts_of(entry: DirectoryEntry) -> list[str]:
    """What of its roles is not a right: an officer's posts, and words that this program does not know."""
    return [_post(role) for role in entry.roles if role not in _RIGHTS]


def _post(role: str) -> str:
    return label(Role(role)) if role in frozenset(Role) else f'"{clean(role)[:_WORD]}"'
