"""The name of a seat, and which officer acts at it."""

from __future__ import annotations

from clients.actions.home import ClientSettings, Home
from clients.errors import ClientError, LocalCode
from schemas.addresses import Address, member_of


def change_seat(home: Home, name: str | None, officer: Address | None) -> ClientSettings:
    """Change the settings of a seat; gives what they are then.

    Args:
        home: the client's folder.
        name: what to call it; as it is if ``None``.
        officer: who acts if nobody is named; as it is if ``None``.

    Raises:
        ClientError: ``officer_of_another``; `Home.read_settings` says the rest.
    """
    settings = home.read_settings()
    if officer is not None and member_of(officer) != settings.member:
        raise ClientError(LocalCode.OFFICER_OF_ANOTHER, officer=officer, member=settings.member)
    changes = {"seat": name or settings.seat, "officer": officer or settings.officer}
    changed = ClientSettings.model_validate({**settings.model_dump(), **changes})
    if changed != settings:
        home.write_settings(changed)
    return changed
