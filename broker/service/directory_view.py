"""The directory as people and programs ask for it over HTTP (PROTOCOL 10)."""

from __future__ import annotations

from typing import Any

from schemas.directory import Certified, Directory, Position


def describe_directory(directory: Directory, size: int, time_s: int) -> dict[str, Any]:
    """Every credential with its state at a place.

    Args:
        directory: as of ``size``.
        size: leaves.
        time_s: now.
    """
    place = Position(size, time_s)
    rows = [
        _describe(directory, certified, place)
        for address in directory.addresses()
        for certified in directory.credentials(address)
    ]
    return {"size": size, "credentials": rows}


def _describe(directory: Directory, certified: Certified, place: Position) -> dict[str, Any]:
    claims = certified.statement.claims
    return {
        "address": certified.address,
        "name": claims.name,
        "roles": claims.roles,
        "kid": certified.key.kid,
        "enc_kid": certified.enc.kid if certified.enc else None,
        "nbf": claims.nbf,
        "exp": claims.exp,
        "index": certified.place.index,
        "state": _state(directory, certified, place),
        "statement": certified.statement.text,
    }


def _state(directory: Directory, certified: Certified, place: Position) -> str:
    if certified.revoked(place.index):
        return "revoked"
    if certified.replaced(place):
        return "replaced"
    if not certified.in_date(place.time_s):
        return "expired"
    return "suspended" if directory.is_suspended(certified.address, place) else "current"
