"""Public statements: the directory judges them; a member that has no key left ceases (PROTOCOL 5)."""

from __future__ import annotations

from broker.core.admission.effects import Admission
from broker.core.admission.events import undeliverable
from broker.core.admission.view import View
from schemas.addresses import Address, is_officer
from schemas.claims import Claims, Credential, Epoch, Revocation
from schemas.directory import Directory, Position, apply_statement
from schemas.errors import Code, SeraiError
from schemas.keykinds import UnknownKey
from schemas.statements import VerifiedStatement


def admit_public(
    statement: VerifiedStatement[Claims], claims: Credential | Revocation | Epoch, view: View
) -> Admission:
    """Decide a credential, a revocation or an epoch.

    Raises:
        SeraiError: ``not_permitted`` of an epoch while the hub serves; ``unsupported_alg`` of a credential whose
            request cannot be checked here; those of `apply_statement`.
    """
    if isinstance(claims, Epoch) and not view.new_epoch:
        raise SeraiError(Code.NOT_PERMITTED, "an epoch begins while the hub is stopped")
    directory = apply_statement(view.directory, statement, view.place)
    if isinstance(claims, Credential) and _is_unchecked(claims, directory):
        raise SeraiError(Code.UNSUPPORTED_ALG, "nobody can say here whether the request is by the holder of its key")
    ceased = _ceased(claims, directory, view)
    owed = tuple(draft for member in ceased for draft in undeliverable(member, view.unreceived.get(member, ())))
    return Admission("public", directory=directory, ceased=ceased, owed=owed)


def _is_unchecked(claims: Credential, directory: Directory) -> bool:
    return isinstance(directory.credentials(claims.sub)[-1].key, UnknownKey)


def _ceased(claims: Credential | Revocation | Epoch, directory: Directory, view: View) -> tuple[Address, ...]:
    """The member that has no key left after a revocation, and the units that it alone certified."""
    if not isinstance(claims, Revocation) or is_officer(claims.sub):
        return ()
    after = Position(view.place.index + 1, view.place.time_s)
    return tuple(
        member
        for member in (claims.sub, *view.directory.units(claims.sub))
        if view.directory.current(member, view.place) is not None and directory.current(member, after) is None
    )
