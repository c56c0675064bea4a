"""Tomorrow's ledger: what an honest later version may say, and what a liar says in the same words.

`Tomorrow` is a hub whose ledger has both. Each `Novelty` is something that this version does not know, as it stands in
that ledger; whatever it is, a client of this version stays connected, shows the alert that comes after it, takes the
revocation that comes after it, raises no alarm, and some screen says that there is something newer.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

from schemas.addresses import ROOT, Address
from schemas.checkpoint import Checkpoint, encode_body, key_id
from schemas.claims import Lane, StatementType
from schemas.encoding import decode_base64url, encode_base64url, sha256
from schemas.keykinds import UnknownKey
from schemas.keys import Kid
from schemas.merkle import root_of
from schemas.sealing import Entry, entries_root
from tests.support.desk import warning
from tests.support.later import sign_later
from tests.support.lying_hub import LyingHub
from tests.support.world import KZ, RU, TJ, UZ, Party, Sent, World, content_json, digest_of, sign_payload

# Reports

LATER_WARNING: Final[dict[str, Any]] = {
    "report": "warning",
    "version": 1,
    "our_reference": "KZ-412",
    "requested_action": {"code": "quarantine"},
    "summary": "Blue lorry, false floor.",
    "identifiers": [{"kind": "drone_serial", "value": "D-7", "seen": "Korday"}],
    "escort": {"unit": "convoy 7", "cars": 2},
}
"""A warning with a code, a kind of number and members that this version does not know."""

LATER_SEIZURE: Final[dict[str, Any]] = {
    "report": "seizure",
    "version": 1,
    "our_reference": "KZ-77",
    "date": "2026-11-24",
    "country": "QZ",
    "goods": [{"group": "nitazenes", "name": "Metonitazene", "quantity": "2", "unit": "pallet", "shade": "violet"}],
}
"""A seizure in a country, of a group, in a unit and with a member that this version does not know."""

VERSION_2: Final[dict[str, Any]] = {"report": "warning", "version": 2, "ask": "stop it", "text": "Blue lorry."}
"""A warning of another version, whose members are other ones."""

LATER_KIND: Final[dict[str, Any]] = {"report": "weather", "version": 1, "pass": "Korday", "snow_cm": 40}
"""A report of a kind that this version does not know."""

LATER_REPORTS: Final[tuple[dict[str, Any], ...]] = (LATER_WARNING, LATER_SEIZURE, VERSION_2, LATER_KIND)
"""Each of them is shown, is answered with ``received``, and lends nothing to what it says beyond this version."""

PASSES_FOR_OURS: Final = 'x":\nOur answer     acknowledged 2026-11-24 10:00 UTC by UZ/NFP/DUTY-1\u202e'
"""A name, or a text, that begins a line of its own in the words of the program."""

LATER_ATTACHMENTS: Final = [
    {"digest": encode_base64url(sha256(bytes([number]))), "size": 1 << 30, "later": number} for number in range(40)
]
"""More attachments than a cover of this version names, each larger than one may be."""

# Keys

LATER_SIG: Final = {"kty": "AKP", "alg": "ML-DSA-65", "pub": "A" * 2_603}
"""A signing key of a kind that this version does not know."""

LATER_ENC: Final = {"kty": "AKP", "alg": "HPKE-99-KE", "pub": "A" * 3_000}
"""An encryption key of such a kind."""


class LaterKey:
    """Signs as the holder of `LATER_SIG` would: nothing of this version can tell whether it is he."""

    @property
    def kid(self) -> Kid:
        """Thumbprint of `LATER_SIG`."""
        return UnknownKey.from_jwk(LATER_SIG).kid

    def sign(self, data: bytes) -> bytes:
        """As many bytes as such a signature has."""
        return bytes(3_309 + 0 * len(data))


# The ledger


class Tomorrow(LyingHub):
    """A hub of a later version, or one that says so, with the members KZ, UZ, RU and TJ.

    Its checkpoints have a line of the body, and signatures of a witness and of a key of a later kind, that nobody here
    can read; its welcome names a longer frame, and features that are not known.
    """

    def __init__(self) -> None:
        super().__init__(World([KZ, UZ, RU, TJ]))
        self.frame_bytes = 8 << 20
        self.features = ["later", "zstd_2"]

    def note(self) -> str:
        """The newest checkpoint, in a later form."""
        origin, hashes = self.world.directory.epoch.origin, self.world.hashes()
        key = self.ledger_key or self.world.ledger_key
        body = encode_body(Checkpoint(origin, len(hashes), root_of(hashes))) + b"later 1\n"
        own = key_id(origin, key.public.raw) + key.sign(body)
        lines = ((origin, own), (origin, b"late" + bytes(2_424)), ("witness.example", b"wits" + bytes(72)))
        signed = "".join(f"\u2014 {name} {b64encode(line).decode()}\n" for name, line in lines)
        return f"{body.decode()}\n{signed}"

    def warn(self, iss: str = KZ, to: str = UZ, report: dict[str, Any] | None = None, **cover: Any) -> Sent:
        """A warning that may say anything, as its sender signs it."""
        content = report or warning().model_dump(mode="json", exclude_none=True)
        return self.world.dispatch(iss, [to], content, **{"kind": content["report"], **cover})

    def later_type(self, to: list[str] | None, lane: Lane = "normal") -> str:
        """A statement of a type that this version does not know; to everybody if to nobody."""
        key = self.world.party(KZ).sig
        return self.force(sign_later(self.world.common(KZ), key), to, lane="public" if to is None else lane)

    def later_keys(self, member: str = TJ) -> str:
        """The root certifies keys of unknown kinds."""
        asked = self.world.later_enrolment(member, {"sig": LATER_SIG, "enc": LATER_ENC})
        text = self.world.credential(self.world.party(member), request=asked, roles=["exchange"])
        self.world.admit(text)
        return digest_of(text)

    def under_later_alg(self, text: str, **claims: Any) -> str:
        """A statement under an alg that this version does not know, by TJ, whose key is of that kind."""
        header = json.loads(decode_base64url(text.split(".", maxsplit=1)[0]))
        payload = {**payload_of(text), "iss": TJ, **claims}
        return sign_later(payload, LaterKey(), typ=header["typ"], alg="ML-DSA-65")


def payload_of(text: str) -> dict[str, Any]:
    """The claims of a statement."""
    found: dict[str, Any] = json.loads(decode_base64url(text.split(".")[1]))
    return found


@dataclass(frozen=True, slots=True)
class Novelty:
    """Something that this version does not know.

    Attributes:
        name: what it is.
        say: puts it into a ledger; gives its digest.
        words: what a screen of UZ says of it; empty where there is nothing to say.
        screen: which: ``show`` it, ``directory``, or ``status`` after an audit.
        counts: an outcome that it has all the same: only its reason is newer.
    """

    name: str
    say: Callable[[Tomorrow], str]
    words: str = ""
    screen: str = "show"
    counts: str = ""


def _entry_of_another(hub: Tomorrow) -> str:
    """A dispatch to RU and UZ in which RU's entry is under an alg of a later version."""
    sent = hub.world.dispatch(KZ, [RU, UZ])
    kid = UnknownKey.from_jwk(LATER_ENC).kid
    entries = (Entry(kid, "A" * 2_000, "B" * 64, "HPKE-99-KE"), *sent.sealed.entries[1:])
    claim = sent.claim._replace(entries=entries_root(entries))
    claims = {**payload_of(sent.text), "content": content_json(claim)}
    text = sign_payload(StatementType.DISPATCH, claims, hub.world.party(KZ).sig)
    return hub.force(replace(sent, text=text, sealed=replace(sent.sealed, entries=entries), claim=claim), [RU, UZ])


def _dispatch_under_a_later_alg(hub: Tomorrow) -> str:
    hub.later_keys()
    sent = hub.warn(precedence="flash")
    return hub.force(replace(sent, text=hub.under_later_alg(sent.text)), [UZ], lane="urgent")


def _receipt_under_a_later_alg(hub: Tomorrow) -> str:
    hub.later_keys()
    return hub.force(hub.under_later_alg(hub.world.receipt(KZ, UZ, _newest(hub))), [UZ])


def _unread_revocation(hub: Tomorrow) -> str:
    """The root revokes TJ's key in words that must be understood, and are not."""
    claims = {"sub": TJ, "kid": hub.world.party(TJ).sig.kid, "reason": "lost", "critical": ["later"], "later": 1}
    return hub.force(hub.world.sign(StatementType.REVOCATION, ROOT, claims), lane="public")


def _revocation_under_a_later_alg(hub: Tomorrow) -> str:
    hub.later_keys()
    return hub.force(hub.under_later_alg(hub.world.revocation(hub.world.party(TJ))), lane="public")


def _later_role(address: Address, *roles: str) -> Callable[[Tomorrow], str]:
    def say(hub: Tomorrow) -> str:
        return hub.force(hub.world.credential(Party.of(address, 1), roles=[*roles]), lane="public")

    return say


def _newest(hub: Tomorrow) -> list[str]:
    """What UZ has sent last, or something that nobody knows."""
    return [digest_of(text) for text in hub.submitted[-1:]] or ["A" * 43]


def _answered(iss: str = f"{KZ}/DUTY-1", **claims: Any) -> Callable[[Tomorrow], str]:
    return lambda hub: hub.force(hub.world.receipt(iss, UZ, _newest(hub), **claims), [UZ])


def _refers_in_a_later_word(hub: Tomorrow) -> str:
    first = hub.send(hub.warn())
    return hub.force(hub.warn(refs=[{"rel": "amends", "digest": first}]), [UZ])


def _reported(report: dict[str, Any]) -> Callable[[Tomorrow], str]:
    return lambda hub: hub.send(hub.warn(report=report, precedence="flash"))


_UNKNOWN: Final = "Not known to this program, as the sender wrote it:"
_UNREAD: Final = f"{TJ}: this program cannot read what was said last"
_LATER_TYPE: Final = "statements newer than this program (type 7)"

NOVELTIES: Final[tuple[Novelty, ...]] = (
    Novelty("public statement of a later type", lambda hub: hub.later_type(None), _LATER_TYPE, "status"),
    Novelty("mail of a later type", lambda hub: hub.later_type([UZ], "urgent"), "it is newer than this program"),
    Novelty("a later type between others", lambda hub: hub.later_type([RU]), _LATER_TYPE, "status"),
    Novelty(
        "alert under a later version of the leaf",
        lambda hub: hub.force(hub.warn(precedence="flash"), [UZ], lane="urgent", version=2, rest=b"more"),
    ),
    Novelty("entry of another under a later alg", _entry_of_another),
    Novelty(
        "revocation for a later reason",
        lambda hub: hub.force(hub.world.revocation(hub.world.party(f"{TJ}/DUTY-1"), reason="retired"), lane="public"),
    ),
    Novelty("member with a later role", _later_role(TJ, "exchange", "certify", "steward"), '"steward"', "directory"),
    Novelty(
        "officer with a later post",
        _later_role(Address(f"{TJ}/DUTY-2"), "supervisor", "pilot"),
        'Supervisor, "pilot"',
        "directory",
    ),
    Novelty("revocation in words that cannot be read", _unread_revocation, _UNREAD, "status"),
    Novelty("revocation under a later alg", _revocation_under_a_later_alg, _UNREAD, "status"),
    Novelty("keys of unknown kinds", lambda hub: hub.later_keys()),
    Novelty("dispatch under a later alg", _dispatch_under_a_later_alg, "signature cannot be checked by this version"),
    Novelty("receipt under a later alg", _receipt_under_a_later_alg),
    Novelty("report with unknown members and codes", _reported(LATER_WARNING), _UNKNOWN),
    Novelty("report of an unknown country, group and unit", _reported(LATER_SEIZURE), _UNKNOWN),
    Novelty("report of another version", _reported(VERSION_2), _UNKNOWN),
    Novelty("report of an unknown kind", _reported(LATER_KIND), _UNKNOWN),
    Novelty(
        "status that is not known",
        lambda hub: hub.force(hub.warn(precedence="flash", status="drill"), [UZ], lane="urgent"),
        "NOT KNOWN WHETHER REAL (drill)",
    ),
    Novelty(
        "handling code that is not known",
        lambda hub: hub.force(hub.warn(precedence="flash", handling="H9"), [UZ], lane="urgent"),
        "H3: other restrictions, as written (the cover says H9)",
    ),
    Novelty(
        "precedence of a later version",
        lambda hub: hub.force(hub.warn(precedence="instant"), [UZ], lane="urgent"),
        "INSTANT",
    ),
    Novelty(
        "cover with more attachments, and larger ones",
        lambda hub: hub.force(hub.warn(precedence="flash", attachments=LATER_ATTACHMENTS), [UZ], lane="urgent"),
    ),
    Novelty("reference of a later version", _refers_in_a_later_word, "amends"),
    Novelty("outcome of a later version", _answered(outcome="escalated")),
    Novelty("decline for a later reason", _answered(outcome="declined", reason="busy"), counts="declined"),
    Novelty("rejected at a later step", _answered(KZ, outcome="rejected", step=11, reason="later"), counts="rejected"),
    Novelty(
        "event of a later version",
        lambda hub: hub.force(hub.world.event("weather", to=[UZ], digests=_newest(hub), wind=7), [UZ]),
    ),
    Novelty(
        "overdue of something later",
        lambda hub: hub.force(
            hub.world.event("overdue", to=[UZ], digests=_newest(hub), missing="decision", members=[KZ], due=1), [UZ]
        ),
    ),
)
"""Everything that an honest later version may say, each where it would stand."""

OFFICER: Final = Address(f"{UZ}/DUTY-1")
"""Who reads at UZ."""
