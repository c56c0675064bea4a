"""What the root does: networks, epochs, certifying and revoking (PROTOCOL 5).

Functions from keys and facts to signed statements; time, ids and entropy arrive as
arguments. They run on a machine without a network: their input and output are texts that a
person carries. Everything is shown before it is signed: `draft_credential` gives what a
credential will say, and signing is a step of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, Self, TypeVar

from pydantic import BaseModel, ValidationError

from clients.keys.wrapping import STANDARD, Cost, Entropy, read_private, unwrap_secret, wrap_secret, write_private
from clients.system import System
from schemas.addresses import ROOT, Address, is_officer
from schemas.checkpoint import parse_note, parse_origin
from schemas.claims import MEMBER_ROLES, SUITE, Bounds, Credential, Epoch, KeepDays, NetworkDocument, Revocation
from schemas.encoding import Digest, encode_base64url
from schemas.enrolment import VerifiedRequest, check_answers
from schemas.errors import Code, SeraiError
from schemas.ids import make_uuid7
from schemas.keys import Kid, SigningKey, VerifyKey
from schemas.rules.certifying import check_level, check_roles
from schemas.statements import parse_statement, read_payload, sign_statement, verify_statement

ModelT = TypeVar("ModelT", bound=BaseModel)

_WHAT: Final = "serai root key"
_DAY_S: Final = 24 * 3600
_EARLIER_S: Final = 3600  # a clock elsewhere may be slow

Reason = Literal["key_compromise", "lost", "superseded", "ceased", "other"]


@dataclass(frozen=True, slots=True)
class Stamp:
    """When a statement is signed, and the chance in its ``jti``.

    Attributes:
        time_ms: milliseconds since 1970 UTC.
        entropy: 10 random bytes, for one statement only.
    """

    time_ms: int
    entropy: bytes

    @classmethod
    def now(cls, system: System) -> Self:
        """Time and chance of a machine."""
        return cls(system.clock.time_ms(), system.entropy(10))

    @property
    def jti(self) -> str:
        """The statement's id."""
        return make_uuid7(self.time_ms, self.entropy)

    @property
    def iat(self) -> int:
        """Whole seconds."""
        return self.time_ms // 1000


def _common(iss: str, network: str, stamp: Stamp) -> dict[str, Any]:
    return {"iss": iss, "aud": network, "jti": stamp.jti, "iat": stamp.iat}


def _checked(model: type[ModelT], members: dict[str, Any]) -> ModelT:
    """A model of values that a person has typed."""
    try:
        return model.model_validate(members)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "the whole"
        raise SeraiError(Code.MALFORMED_STATEMENT, f"{where}: {first['msg']}"[:300]) from None


# The root's key


def network_id(name: str, first_root: VerifyKey) -> str:
    """What ``aud`` says in every statement of a network, for ever."""
    return f"{name}/{first_root.kid}"


def save_root_key(path: Path, key: SigningKey, passphrase: str, entropy: Entropy, cost: Cost = STANDARD) -> None:
    """Keep a root's key in a new file, wrapped, mode 600.

    Raises:
        FileExistsError: if there is a file already.
    """
    write_private(path, wrap_secret(key.seed, _WHAT, passphrase, cost, entropy))


def load_root_key(path: Path, passphrase: str) -> SigningKey:
    """A root's key from its file.

    Raises:
        SeraiError: ``decryption_failed`` for another passphrase, ``damaged``,
            ``not_permitted`` if others can read the file.
    """
    return SigningKey.from_seed(unwrap_secret(read_private(path), _WHAT, passphrase))


# Network and epochs


def make_document(  # noqa: PLR0913, PLR0917 - the members of the document
    name: str,
    root: VerifyKey,
    next_root: Kid,
    hub_keys: tuple[VerifyKey, VerifyKey],
    codes: Iterable[str] = (),
    status: Literal["actual", "exercise"] = "actual",
    bounds: Bounds | None = None,
    keep_days: KeepDays | None = None,
) -> NetworkDocument:
    """A network document.

    Args:
        name: of the network, 2 to 32 of ``a-z 0-9 -``.
        root: the present root.
        next_root: thumbprint of the key that will follow it, kept elsewhere until then.
        hub_keys: ledger key and event key of the hub.
        codes: organisation codes; ``CENTRE`` is always among them.
        status: ``exercise`` if nothing in the network is meant.
        bounds: how many a member may certify, if more than the protocol permits.
        keep_days: for how long the hub keeps texts; for ever if ``None``.

    Raises:
        SeraiError: ``malformed_statement``; ``key_reused`` if two of the keys are one.
    """
    ledger_key, event_key = hub_keys
    if len({root.kid, next_root, ledger_key.kid, event_key.kid}) != 4:
        raise SeraiError(Code.KEY_REUSED, "root, next root, ledger key and event key must differ")
    members = {
        "name": name,
        "suite": SUITE,
        "status": status,
        "codes": sorted({"CENTRE", *codes}),
        "ledger_key": ledger_key.to_jwk(),
        "event_key": event_key.to_jwk(),
        "root": root.to_jwk(),
        "next_root": next_root,
        "bounds": bounds,
        "keep_days": keep_days,
    }
    return _checked(NetworkDocument, members)


def sign_first_epoch(document: NetworkDocument, root: SigningKey, stamp: Stamp) -> str:
    """Epoch 0, the first leaf of a network's ledger.

    Raises:
        SeraiError: ``unknown_key`` if the document is another root's.
    """
    _check_own(document, root)
    network = network_id(document.name, root.public)
    start = {"epoch": 0, "index": 0, "network": document.model_dump(exclude_none=True)}
    return sign_statement(_checked(Epoch, {**_common(ROOT, network, stamp), **start}), root)


def sign_later_epoch(
    before: str, document: NetworkDocument, root: SigningKey, at: tuple[int, Digest], last: str | None, stamp: Stamp
) -> str:
    """An epoch that goes on from the first leaves of the one before.

    Args:
        before: the newest epoch statement that the root knows; one it or the root before signed.
        document: the new network document.
        root: the present root, or the next one that ``before`` commits to.
        at: how many leaves go on, and the Merkle root over them, as the root has checked.
        last: the newest checkpoint note of the old epoch that the root knows.
        stamp: time and chance.

    Raises:
        SeraiError: ``unknown_key`` if this root does not follow, ``wrong_network``,
            ``wrong_epoch`` if ``last`` is of another epoch.
    """
    old = _read_epoch(before)
    _check_own(document, root)
    if root.kid not in (old.network.next_root, VerifyKey.from_jwk(old.network.root).kid):
        raise SeraiError(Code.UNKNOWN_KEY, "neither the root of the epoch before nor the one it commits to")
    if document.name != old.network.name:
        raise SeraiError(Code.WRONG_NETWORK, "a network keeps its name")
    _check_last(last, old)
    index, tree = at
    start = {"epoch": old.epoch + 1, "index": index, "root": encode_base64url(tree), "last": last}
    members = {**_common(ROOT, old.aud, stamp), **start, "network": document.model_dump(exclude_none=True)}
    return sign_statement(_checked(Epoch, members), root)


def _check_own(document: NetworkDocument, root: SigningKey) -> None:
    if VerifyKey.from_jwk(document.root).kid != root.kid:
        raise SeraiError(Code.UNKNOWN_KEY, "the document names another root")


def _check_last(last: str | None, old: Epoch) -> None:
    if last is None:
        return
    origin = parse_origin(parse_note(last).checkpoint.origin)
    if (f"{origin.network}/{origin.root_thumbprint}", origin.epoch) != (old.aud, old.epoch):
        raise SeraiError(Code.WRONG_EPOCH, "the last checkpoint is not of the epoch before")


def _read_epoch(text: str) -> Epoch:
    """An epoch statement under the root key that it names; whose that is, the caller judges."""
    statement = parse_statement(text)
    network = read_payload(text).get("network")
    key = VerifyKey.from_jwk(network.get("root") if isinstance(network, dict) else None)
    claims = verify_statement(statement, key).claims
    if not isinstance(claims, Epoch):
        raise SeraiError(Code.UNSUPPORTED_TYPE, "an epoch is due")
    return claims


# Certifying


def validity(now_s: int, days: int) -> tuple[int, int]:
    """When a credential of so many days begins, an hour before now, and the first second after it.

    Args:
        now_s: seconds since 1970 UTC.
        days: how long it is valid.
    """
    return now_s - _EARLIER_S, now_s + days * _DAY_S


def draft_credential(
    request: VerifiedRequest,
    iss: str,
    dates: tuple[int, int],
    roles: Iterable[str],
    stamp: Stamp,
) -> Credential:
    """What a credential will say, to be shown to a person before `sign_credential`.

    Args:
        request: checked by `verify_request`, its digest compared by telephone.
        iss: who certifies: the root, or the member above.
        dates: first second of validity, and the first after it.
        roles: what is granted: of those asked for, all or some.
        stamp: time and chance.

    Raises:
        SeraiError: ``credential_invalid`` if this issuer cannot certify this address, ``request_invalid`` if
            more is granted than was asked for; ``malformed_statement``.
    """
    granted = sorted(set(roles))
    check_level(iss, request.address)
    check_roles(request.address, set(granted), MEMBER_ROLES)
    if not is_officer(request.address) and set(granted) - MEMBER_ROLES:  # it would count nowhere: a slip of the pen
        raise SeraiError(Code.CREDENTIAL_INVALID, "posts are for officers")
    check_answers(request, request.claims.aud, request.address, granted)
    members = {
        **_common(iss, request.claims.aud, stamp),
        "sub": request.address,
        "name": request.claims.name,
        "nbf": dates[0],
        "exp": dates[1],
        "roles": granted,
        "request": request.text,
    }
    return _checked(Credential, members)


def sign_credential(credential: Credential, key: SigningKey) -> str:
    """The credential, signed by its issuer."""
    return sign_statement(credential, key)


# Revoking


def sign_revocation(
    key: SigningKey,
    iss: str,
    network: str,
    target: tuple[Address, Kid],
    reason: Reason,
    stamp: Stamp,
) -> str:
    """A revocation, by the root, by who stands above, or by the key itself, to be kept in a safe.

    Args:
        key: what signs.
        iss: whose key that is.
        network: network id.
        target: whose key is revoked, and the thumbprint of the signing key.
        reason: why.
        stamp: time and chance.

    Raises:
        SeraiError: ``malformed_statement``.
    """
    sub, kid = target
    members = {**_common(iss, network, stamp), "sub": sub, "kid": kid, "reason": reason}
    return sign_statement(_checked(Revocation, members), key)
