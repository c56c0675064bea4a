"""Certifying and revoking with a member's own key."""

from __future__ import annotations

import secrets
from functools import partial
from pathlib import Path
from typing import Any

from clients.cli.administrator.enrolment import default_roles
from clients.cli.desk import Desk
from clients.cli.faults import Fault, not_ours
from clients.cli.papers import DAY_S, describe_grant, describe_request, read_statement
from clients.cli.statements import claims_in
from clients.cli.texts import _
from clients.cli.ui import ask
from clients.enrol import apply_for, certify_officer
from clients.focalpoint import Sent
from clients.keystore import Keys
from clients.root import CheckedEnrolment, Reason, Stamp, check_enrolment, sign_revocation
from schemas.addresses import Address, member_of
from schemas.claims import Credential
from schemas.directory import Certified
from schemas.errors import Code
from schemas.keys import Kid, SigningKey


def _stamp(desk: Desk) -> Stamp:
    """By the network's time: a credential dated ahead of it would be refused."""
    return Stamp(desk.state.system.clock.time_ms(), secrets.token_bytes(10))


def own_credential(desk: Desk, address: Address | None = None) -> Certified:
    """The credential in force of the member, or of an officer of it.

    Raises:
        SeraiError: ``credential_invalid`` if there is none yet.
    """
    address = address or desk.store.keys.member
    found = desk.state.directory.current(address, desk.state.place)
    if found is None:
        raise Fault(
            Code.CREDENTIAL_INVALID,
            _("{address} is not certified, as far as is known here").format(address=address),
            _("Fetch what is new (serai inbox --fetch); is its credential at the hub?"),
        )
    return found


def is_certified(desk: Desk, address: Address) -> bool:
    """Whether a credential in force of an address is known here."""
    return desk.state.directory.current(address, desk.state.place) is not None


def certify_here(desk: Desk, address: Address, given: dict[str, Any]) -> tuple[Sent, dict[str, Any]]:
    """Show, sign and say the credential of an officer.

    Args:
        desk: of the member.
        address: of the officer.
        given: ``name``, ``roles``, ``days``, ``request``, ``yes``, ``wait_s`` as they were typed.

    Raises:
        SeraiError: it is another member's officer, the request is not its, or the member is not certified.
    """
    keys = desk.store.keys
    if member_of(address) != keys.member:
        raise not_ours(address, keys.member)
    desk.catch_up(given["wait_s"], needed=lambda: not is_certified(desk, keys.member))
    above = own_credential(desk)
    made = None if given["request"] else SigningKey.from_seed(secrets.token_bytes(32))
    asked = _asked(desk, address, made, given)
    now_s = _stamp(desk).iat
    dates = now_s - 3600, min(now_s + given["days"] * DAY_S, above.statement.claims.exp)
    roles = given["roles"] or asked.claims.roles
    signing = desk.state.signing_key(keys.member)  # not one that waits to be certified itself
    statement, _later = certify_officer(keys, asked, roles, dates, _stamp(desk), signing)
    claims = claims_in(statement)
    lines = describe_grant(claims) if isinstance(claims, Credential) else []
    question = _("Sign this?")
    if made is None:
        lines = [*describe_request(asked), *lines]
        question = _("Did you compare the fingerprint by telephone, and do you want to sign?")
    ask(lines, question, yes=given["yes"])
    desk.store.change_keys(partial(_with, address=address, made=made, asked=asked))
    return desk.point.publish(statement), {"address": address, "kid": asked.kid, "exp": dates[1]}


def _asked(desk: Desk, address: Address, made: SigningKey | None, given: dict[str, Any]) -> CheckedEnrolment:
    """What the officer asks for: in its file, or, if its key is made here, on its behalf."""
    keys = desk.store.keys
    path: Path | None = given["request"]
    if made is None and path is not None:
        asked = check_enrolment(read_statement(path), keys.network)
        if asked.address != address:
            raise Fault(
                Code.CREDENTIAL_INVALID,
                _("the request is of {address}").format(address=asked.address),
                _("Is it the right file?"),
            )
        return asked
    own = keys if made is None else keys.with_officer(address, made)
    roles = given["roles"] or default_roles(address)
    application = apply_for(own, address, given["name"] or address, roles, (_stamp(desk), _stamp(desk)))
    return check_enrolment(application.request, keys.network)


def _with(keys: Keys, address: Address, made: SigningKey | None, asked: CheckedEnrolment) -> Keys:
    known = keys.with_known([asked.kid])
    return known if made is None else known.with_officer(address, made)


def revoke_here(desk: Desk, address: Address, reason: Reason, wait_s: float) -> list[Sent]:
    """Sign and say the revocation of every key of an officer that is still good, with the member's.

    A key that was replaced is good for seven days more (PROTOCOL 5): it ends with the others, for it may be the one
    that was stolen.

    Args:
        desk: of the member.
        address: of the officer.
        reason: why.
        wait_s: how long to wait for the hub, if the officer is not known here.

    Returns:
        What was said, the newest key last.

    Raises:
        SeraiError: ``not_permitted`` without the member's key, ``credential_invalid`` if there is no such officer.
    """
    member = desk.store.keys.member
    if member_of(address) != member:
        raise not_ours(address, member)
    desk.catch_up(wait_s, needed=lambda: not is_certified(desk, address))
    signing = desk.state.signing_key(member)
    own_credential(desk, address)
    texts = [
        sign_revocation(signing, member, desk.store.keys.network, (address, kid), reason, _stamp(desk))
        for kid in _good_keys(desk, address)
    ]
    with desk.store.transaction():
        return [desk.point.publish(text) for text in texts]


def _good_keys(desk: Desk, address: Address) -> list[Kid]:
    """Thumbprints of the keys of an address that are neither revoked nor replaced long ago, oldest first."""
    place = desk.state.place
    held = desk.state.directory.credentials(address)
    return list(dict.fromkeys(c.key.kid for c in held if not c.revoked(place.index) and not c.outdated(place)))
