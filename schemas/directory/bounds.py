"""How many addresses a member may certify: everybody computes them for ever (PROTOCOL 5)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from schemas import limits
from schemas.addresses import Address
from schemas.directory.credentials import Certified, Position
from schemas.directory.directory import Directory
from schemas.errors import Code, SeraiError

_DAY_S = 86_400


def count_credential(directory: Directory, certified: Certified, place: Position) -> Directory:
    """The directory with a credential counted, which is the newest of its address already.

    Args:
        directory: in which it stands.
        certified: the credential.
        place: its own.

    Raises:
        SeraiError: ``too_many_credentials``: the member that the root certified above it has no room left.
    """
    top = directory.chain(certified)[0].address
    beneath = {
        member: {address: exp for address, exp in held.items() if address != certified.address}
        if certified.address in held
        else held
        for member, held in directory.beneath.items()
    }
    if certified.above is None:  # what the root signs is not counted
        return replace(directory, beneath=beneath)
    held = {address: exp for address, exp in beneath.get(top, {}).items() if exp > place.time_s}
    day, bounds = place.time_s // _DAY_S, directory.epoch.document.bounds
    counted_on, count = directory.days.get(top, (day, 0))
    count = count if counted_on == day else 0
    # Who has passed which bound, and nothing else: a client tells each once, however many credentials pass it.
    if len(held) >= (bounds.addresses if bounds else limits.ADDRESSES):
        raise SeraiError(Code.TOO_MANY_CREDENTIALS, f"{top}: no more addresses")
    if count >= (bounds.day if bounds else limits.CREDENTIALS_A_DAY):
        raise SeraiError(Code.TOO_MANY_CREDENTIALS, f"{top}: no more credentials on one day")
    held[certified.address] = certified.statement.claims.exp
    return replace(directory, beneath={**beneath, top: held}, days={**directory.days, top: (day, count + 1)})


def release_revoked(directory: Directory, tops: Iterable[Address], place: Position) -> Directory:
    """The directory after a revocation: what it ended is counted no more.

    Args:
        directory: with the revocation.
        tops: the members that the root certified above the credentials that it ended: more than one where the root
            has taken a unit over.
        place: of the revocation.
    """
    after = Position(place.index + 1, place.time_s)
    released = {
        top: {
            address: exp
            for address, exp in directory.beneath.get(top, {}).items()
            if not directory.is_revoked(directory.credentials(address)[-1], after)
        }
        for top in tops
    }
    return replace(directory, beneath={**directory.beneath, **released})
