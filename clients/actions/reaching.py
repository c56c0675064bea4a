"""Who can read what is sent to it now, as far as the directory is known here."""

# ruff: noqa: RUF001 - Russian words contain letters that look Latin

from __future__ import annotations

from collections.abc import Iterable

from clients.mail.state import State
from schemas.addresses import Address
from schemas.errors import Code, SeraiError
from schemas.labels import CodedValue


class Unreachable(CodedValue):
    """Why a member cannot read now what is sent to it."""

    SUSPENDED = "suspended", "SUSPENDED: the hub holds it back", "ПРИОСТАНОВЛЕН: узел задерживает"
    EXPIRED = "expired", "NO KEY IN DATE: the hub holds it back", "НЕТ ДЕЙСТВУЮЩЕГО КЛЮЧА: узел задерживает"
    REVOKED = "revoked", "KEY REVOKED: it cannot be delivered", "КЛЮЧ ОТОЗВАН: доставить нельзя"
    UNJUDGED = "unjudged", "KEY NOT JUDGED by this version", "КЛЮЧ НЕ ОЦЕНЁН этой версией"
    LATER_KEY = "later_key", "KEY OF A KIND NOT KNOWN to this version", "КЛЮЧ НЕИЗВЕСТНОГО этой версии вида"


def unreachable(state: State, members: Iterable[Address]) -> dict[Address, Unreachable]:
    """Which of these members cannot read now what is sent to them, and why; nothing of who is not known here.

    Args:
        state: what this client believes.
        members: recipients.
    """
    found = ((member, _why(state, member)) for member in members)
    return {member: why for member, why in found if why is not None}


def _why(state: State, member: Address) -> Unreachable | None:
    directory, place = state.directory, state.place
    if not directory.credentials(member):
        return None
    current = directory.current(member, place)
    if current is None:
        return Unreachable.REVOKED
    if directory.is_suspended(member, place):
        return Unreachable.SUSPENDED
    try:
        directory.encryption_key(member, place)
    except SeraiError as error:
        return Unreachable.UNJUDGED if error.code is Code.UNJUDGED else Unreachable.LATER_KEY
    in_date = all(link.in_date(place.time_s) for link in directory.chain(current))
    return None if in_date else Unreachable.EXPIRED
