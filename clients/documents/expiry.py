"""Keys that end soon, in words."""

from __future__ import annotations

from clients.actions.expiry import Ending
from clients.documents.texts import _, plural
from schemas.addresses import is_officer


def ending_text(ending: Ending) -> str:
    """What happens, and what to type against it."""
    address = ending.address
    command = "serai officer add " + address if is_officer(address) else "serai renew"
    if ending.days is None:
        return _("{address} is not certified, as far as is known here.").format(address=address)
    if ending.days < 0:
        return _("The key of {address} is out of date: {mend}").format(address=address, mend=command)
    left = plural("{count} day", "{count} days", ending.days)
    return _("The key of {address} is out of date in {left}: {mend}").format(address=address, left=left, mend=command)
