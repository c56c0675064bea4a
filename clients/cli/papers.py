"""Statements as files that people carry: read, checked, described in plain words."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from clients.cli.faults import Fault
from clients.cli.texts import _, label_of
from clients.cli.ui import clean, field, spoken, utc
from clients.follow import learn_epochs
from clients.root import CheckedEnrolment, Stamp
from schemas import limits
from schemas.claims import Credential, NetworkDocument
from schemas.directory import NetworkEpoch
from schemas.encoding import decode_base64url, decode_object
from schemas.errors import Code
from schemas.keys import VerifyKey
from schemas.labels import Role, Status

DAY_S = 24 * 3600
_MOST_BYTES = 4_194_304


def now_ms() -> int:
    """This machine's time."""
    return time.time_ns() // 1_000_000


def stamp() -> Stamp:
    """Time and chance for one statement, where no network says the time."""
    return Stamp(now_ms(), secrets.token_bytes(10))


def read_statements(path: Path) -> list[str]:
    """The statements in a file, one a line.

    Raises:
        SeraiError: ``malformed_statement`` if there are none, or it is no such file.
    """
    with path.open("rb") as file:
        data = file.read(_MOST_BYTES + 1)
    try:
        texts = data.decode("ascii").split()
    except UnicodeDecodeError:
        texts = []
    if not texts or len(data) > _MOST_BYTES:
        raise Fault(
            Code.MALFORMED_STATEMENT, _("{path} is no file of statements").format(path=path), _("Was it copied whole?")
        )
    return texts


def read_statement(path: Path) -> str:
    """The one statement in a file.

    Raises:
        SeraiError: ``malformed_statement`` if there is none, or more.
    """
    texts = read_statements(path)
    if len(texts) != 1:
        raise Fault(
            Code.MALFORMED_STATEMENT,
            _("{path}: one statement is due, there are {count}").format(path=path, count=len(texts)),
            _("Is it the right file?"),
        )
    return texts[0]


def read_network(path: Path) -> tuple[str, list[str], tuple[NetworkEpoch, ...]]:
    """Network id, epoch statements and epochs of a network file; whether its root is the right one is not judged.

    Raises:
        SeraiError: it does not hold together.
    """
    texts = read_statements(path)
    parts = texts[0].split(".")
    payload = decode_object(decode_base64url(parts[1] if len(parts) == 3 else ""), limits.STATEMENT_MEMBERS)
    network = str(payload.get("aud"))
    epochs = learn_epochs(network, texts)
    return network, texts, epochs


def thumbprint_of(network: str) -> str:
    """Thumbprint of a network's first root."""
    return network.partition("/")[2]


def fingerprint_lines(digest: bytes) -> list[str]:
    """A fingerprint as it is shown: two lines, to be read out."""
    return [f"    {line}" for line in spoken(digest)]


def describe_roles(roles: Iterable[str]) -> str:
    """Roles in words."""
    return ", ".join(label_of(Role, role) for role in roles)


def describe_request(request: CheckedEnrolment) -> list[str]:
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
        *field(_("Signing key"), VerifyKey.from_jwk(credential.key.sig).kid),
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
        _("Fingerprint of the network's root, to be compared by telephone:"),
        *fingerprint_lines(decode_base64url(thumbprint_of(network), 32)),
    ]


def network_json(document: NetworkDocument, network: str) -> dict[str, Any]:
    """The same for programs."""
    return {"network": network, "root": thumbprint_of(network), "status": document.status}
