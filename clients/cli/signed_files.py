"""Signed files in plain words, for whoever is to agree to them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from clients.actions.enrolment import EnrolmentFiles
from clients.actions.signed_files import thumbprint_of
from clients.documents.plain import clean, field, spoken, utc, wrap
from clients.documents.texts import _, label_of
from schemas.claims import Bounds, Credential, KeepDays, NetworkDocument
from schemas.encoding import decode_base64url
from schemas.enrolment import VerifiedRequest, read_request
from schemas.keys import VerifyKey
from schemas.labels import Role, Status


def fingerprint_lines(digest: bytes) -> list[str]:
    """A fingerprint as it is shown: two lines, to be read out."""
    return [f"    {line}" for line in spoken(digest)]


def describe_roles(roles: Iterable[str]) -> str:
    """Roles in words."""
    return ", ".join(label_of(Role, role) for role in roles)


def describe_request(request: VerifiedRequest) -> list[str]:
    """What somebody asks for, and the fingerprint to compare."""
    claims = request.claims
    return [
        *field(_("Asks"), f"{claims.iss} ({clean(claims.name)})"),
        *field(_("To be allowed"), describe_roles(claims.roles)),
        *field(_("Made"), utc(claims.iat * 1000)),
        _("Fingerprint of the request, to be compared by telephone:"),
        *fingerprint_lines(request.digest),
    ]


def describe_grant(credential: Credential) -> list[str]:
    """What a credential will say."""
    return [
        *field(_("Certifies"), f"{credential.sub} ({clean(credential.name)})"),
        *field(_("By"), credential.iss),
        *field(_("May"), describe_roles(credential.roles)),
        *field(_("Valid from"), utc(credential.nbf * 1000)),
        *field(_("Valid until"), utc(credential.exp * 1000)),
        *field(_("Signing key"), read_request(credential.request).kid),
    ]


def describe_network(document: NetworkDocument, network: str) -> list[str]:
    """What a network document says."""
    return [
        *field(_("Network"), document.name),
        *field(_("Status"), label_of(Status, document.status)),
        *field(_("Organisations"), ", ".join(document.codes)),
        *field(_("Ledger key"), VerifyKey.from_jwk(document.ledger_key).kid),
        *field(_("Event key"), VerifyKey.from_jwk(document.event_key).kid),
        *field(_("Next root"), document.next_root),
        *(field(_("Bounds"), _bounds_text(document.bounds)) if document.bounds else []),
        *(field(_("Keeps"), _keep_text(document.keep_days)) if document.keep_days else []),
        _("Thumbprint of the network's root, to be compared by telephone:"),
        *fingerprint_lines(decode_base64url(thumbprint_of(network), 32)),
    ]


def _keep_text(keep: KeepDays) -> str:
    named = ((_("mail"), keep.mail), (_("attachments"), keep.blobs), (_("receipts"), keep.receipts))
    return "; ".join(_("{what} for {days} days").format(what=what, days=days) for what, days in named if days)


def _bounds_text(bounds: Bounds) -> str:
    text = _("a member certifies up to {addresses} addresses, {day} times a day")
    return text.format(addresses=bounds.addresses, day=bounds.day)


def network_json(document: NetworkDocument, network: str) -> dict[str, Any]:
    """The same for programs."""
    return {"network": network, "root": thumbprint_of(network), "status": document.status}


def enrolment_lines(files: EnrolmentFiles) -> list[str]:
    """What somebody who asks to be certified must do now."""
    return [
        *field(_("Request"), str(files.request)),
        wrap(_("Carry it to whoever certifies you, and read out its fingerprint by telephone:"), "  "),
        *fingerprint_lines(files.digest),
        *field(_("Revocation"), str(files.revocation)),
        wrap(_("Move it to a safe: it ends this key if the key is stolen or lost, and nobody needs to ask you."), "  "),
    ]


def enrolment_json(files: EnrolmentFiles) -> dict[str, Any]:
    """The same for programs."""
    paths = {"request": str(files.request), "revocation": str(files.revocation)}
    return {"address": files.address, **paths, "fingerprint": files.digest.hex()}
