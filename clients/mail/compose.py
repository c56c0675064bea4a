"""Making what a client signs: dispatches, receipts, session tokens; pure (PROTOCOL 6, 7, 9).

Drafts are what a person or program wants to say. They are JSON when they are stored, so that
they can be signed later, or anew under other keys.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

from clients.errors import ClientError, LocalCode
from schemas import limits
from schemas.addresses import Address, member_of, parse_address, parse_member
from schemas.claims import (
    Claims,
    Content,
    Dispatch,
    Receipt,
    Reference,
    Session,
    StatementType,
    is_public,
    lane_of,
    parse_claims,
)
from schemas.directory import Directory, Position
from schemas.encoding import encode_base64url, encode_json, sha256
from schemas.ids import make_uuid7
from schemas.keys import SigningKey
from schemas.rules.recipients import recipients_of
from schemas.rules.writing import check_words, check_written
from schemas.sealing import ContentClaim, Envelope, UnverifiedSealed, pad_content, seal
from schemas.statements import parse_statement, read_claims, sign_statement


@dataclass(frozen=True, slots=True)
class Ref:
    """What a dispatch refers to.

    Attributes:
        rel: how (PROTOCOL 6).
        digest: of an accepted dispatch; or ``None``, and
        outgoing: the number of one in the own outbox, which is waited for.
    """

    rel: str
    digest: str | None = None
    outgoing: int | None = None


@dataclass(frozen=True, slots=True)
class Expectation:
    """An answer that is asked for.

    Attributes:
        by: until when, in seconds since 1970 UTC.
        members: who owes one, recipients or the own member; all recipients if there is none.
    """

    by: int
    members: tuple[Address, ...] = ()


@dataclass(frozen=True, slots=True)
class BlobRef:
    """A blob as a cover names it.

    Attributes:
        digest: its name, base64url.
        size: of the padded file in it, in bytes.
    """

    digest: str
    size: int


@dataclass(frozen=True, slots=True)
class StepMark:
    """What a cover says of a step of an operation (PROTOCOL 16); see `schemas.claims.operations.OperationClaim`.

    Attributes:
        id: digest of the ``open``; ``None`` in the ``open`` itself.
        do: what the step does; ``None`` in a cancel and in a reseal.
        decision: of a ``decide``.
        participants: whom it names, each with its part.
        after: digests of steps that the signer held and that nothing else it held names.
    """

    id: str | None = None
    do: str | None = None
    decision: str | None = None
    participants: tuple[tuple[Address, str], ...] = ()
    after: tuple[str, ...] = ()

    @property
    def is_stop(self) -> bool:
        """Whether it stops an operation: nothing keeps that back."""
        return self.do == "stop"

    def claim(self, refs: Sequence[tuple[str, str]] = ()) -> dict[str, Any]:
        """As it travels.

        Args:
            refs: rel and digest of what the dispatch refers to; where it does not know its operation, because that was
                opened in the same act, the first of them has opened it.
        """
        named = [{"member": member, "part": part} for member, part in self.participants]
        opened = refs[0][1] if self.id is None and self.do != "open" and refs else self.id
        value: dict[str, Any] = {"id": opened, "do": self.do, "decision": self.decision}
        value |= {"participants": named or None, "after": list(self.after) or None}
        return {name: each for name, each in value.items() if each is not None}


@dataclass(frozen=True, slots=True)
class DispatchDraft:
    """A dispatch that is to be sealed and signed.

    Attributes:
        content: the report as JSON text.
        kind: of the report.
        to: members.
        iss: who signs, the member or one of its officers.
        status: ``actual``, ``exercise``, ``test``; empty for the network's own, where that is not known yet.
        precedence: ``routine``, ``priority``, ``immediate``, ``flash``.
        handling: ``H0`` to ``H3``.
        refs: what it refers to.
        expects: the answer that is asked for.
        stale_after: when it is stale, in seconds since 1970 UTC.
        attachments: blobs of the files in the report, in its order.
        operation: what it is as a step of an operation.
    """

    content: str = field(repr=False)
    kind: str
    to: tuple[Address, ...]
    iss: Address
    status: str
    precedence: str
    handling: str
    refs: tuple[Ref, ...] = ()
    expects: Expectation | None = None
    stale_after: int | None = None
    attachments: tuple[BlobRef, ...] = ()
    operation: StepMark | None = None

    @property
    def urgent(self) -> bool:
        """Whether it travels on the urgent lane."""
        return lane_of(self.precedence) == "urgent"

    @property
    def first(self) -> bool:
        """Whether it goes before everything else that is urgent."""
        return self.operation is not None and self.operation.is_stop


@dataclass(frozen=True, slots=True)
class ReceiptDraft:
    """A receipt that is to be signed.

    Attributes:
        to: the sender of what it names.
        outcome: what became of it.
        digests: what it names.
        iss: who signs.
        step: of ``rejected``.
        reason: of ``rejected`` and ``declined``.
        urgent: whether something urgent is named.
    """

    to: Address
    outcome: str
    digests: tuple[str, ...]
    iss: Address
    step: int | None = None
    reason: str | None = None
    urgent: bool = False

    @property
    def first(self) -> bool:
        """Never."""
        return False


@dataclass(frozen=True, slots=True)
class PublicDraft:
    """A public statement that somebody has signed already.

    Attributes:
        statement: compact JWS.
        urgent: always: keys come before what is signed with them.
    """

    statement: str
    urgent: bool = True

    @property
    def first(self) -> bool:
        """Always, for the same reason."""
        return True


Draft = DispatchDraft | ReceiptDraft | PublicDraft

_DRAFTS: Mapping[str, type[Draft]] = {"dispatch": DispatchDraft, "receipt": ReceiptDraft, "public": PublicDraft}


def draft_to_json(draft: Draft) -> dict[str, Any]:
    """A draft as it is stored."""
    name = next(name for name, kind in _DRAFTS.items() if isinstance(draft, kind))
    return {"draft": name, **{key: value for key, value in asdict(draft).items() if value is not None}}


def draft_from_json(value: Mapping[str, Any]) -> Draft:
    """A draft from its stored form."""
    members = dict(value)
    kind = members.pop("draft")
    if kind == "public":
        return PublicDraft(**members)
    members["iss"] = parse_address(members["iss"])
    if kind == "receipt":
        members["to"] = parse_member(members["to"])
        return ReceiptDraft(**{**members, "digests": tuple(members["digests"])})
    members["to"] = tuple(parse_member(each) for each in members["to"])
    if expects := members.get("expects"):
        owing = tuple(parse_member(each) for each in expects["members"])
        members["expects"] = Expectation(expects["by"], owing)
    members["attachments"] = tuple(BlobRef(**each) for each in members.get("attachments", ()))
    if operation := members.get("operation"):
        members["operation"] = _mark_from_json(operation)
    return DispatchDraft(**{**members, "refs": tuple(Ref(**ref) for ref in members.get("refs", ()))})


def _mark_from_json(value: Mapping[str, Any]) -> StepMark:
    named = tuple((parse_member(member), str(part)) for member, part in value["participants"])
    return StepMark(**{**value, "participants": named, "after": tuple(value["after"])})


def mark_of(draft: Draft) -> bytes:
    """A digest of all that a draft says, by which it is known again."""
    return sha256(encode_json(draft_to_json(draft)).encode())


@dataclass(frozen=True, slots=True)
class Signing:
    """What a signature takes besides the draft.

    Attributes:
        network: network id.
        key: the signer's.
        time_ms: now, by the network's time.
        entropy: random bytes, as many as `ENTROPY_BYTES` says.
        view: the newest checkpoint note that was verified.
    """

    network: str
    key: SigningKey
    time_ms: int
    entropy: bytes = field(repr=False)
    view: str | None = None

    def common(self) -> dict[str, Any]:
        """The claims that every statement has, without ``iss``."""
        jti = make_uuid7(self.time_ms, self.entropy[:10])
        return {"aud": self.network, "jti": jti, "iat": self.time_ms // 1000, "view": self.view}


ENTROPY_BYTES = (10, 32, 12)
"""How much entropy a `Signing` takes: for ``jti``, content key and vector, joined."""


def compose_dispatch(
    draft: DispatchDraft, refs: tuple[tuple[str, str], ...], signing: Signing, directory: Directory, place: Position
) -> tuple[str, UnverifiedSealed]:
    """A dispatch, sealed to the current keys of its recipients and the sender, and signed.

    Args:
        draft: what to say.
        refs: its references, resolved: rel and digest.
        signing: with what.
        directory: where the keys stand.
        place: now.

    Raises:
        SeraiError: ``unknown_recipient``, ``malformed_sealed``, and those of the cover's form.
    """
    common = signing.common()
    addresses = recipients_of(draft.to, draft.iss)
    recipients = [(each, directory.encryption_key(each, place)) for each in addresses]
    envelope = Envelope(signing.network, draft.status, common["jti"], draft.iss)
    content_key, iv = signing.entropy[10:42], signing.entropy[42:54]
    sealed, claim = seal(draft.content.encode(), envelope, recipients, content_key, iv)
    claims = {**common, **_cover(draft, refs), "content": _content(claim)}
    cover = Dispatch.model_validate(claims)
    check_words(cover)
    return sign_statement(cover, signing.key), sealed


def _cover(draft: DispatchDraft, refs: tuple[tuple[str, str], ...]) -> dict[str, Any]:
    return {
        "iss": draft.iss,
        "to": list(draft.to),
        "kind": draft.kind,
        "status": draft.status,
        "precedence": draft.precedence,
        "handling": draft.handling,
        "refs": [Reference.model_validate({"rel": rel, "digest": digest}) for rel, digest in refs] or None,
        "expects": _expects(draft.expects),
        "stale_after": draft.stale_after,
        "attachments": [asdict(each) for each in draft.attachments] or None,
        "operation": draft.operation.claim(refs) if draft.operation is not None else None,
    }


def _expects(expects: Expectation | None) -> dict[str, Any] | None:
    if expects is None:
        return None
    return {"by": expects.by} | ({"from": list(expects.members)} if expects.members else {})


def _content(claim: ContentClaim) -> Content:
    return Content(
        digest=encode_base64url(claim.digest),
        commitment=encode_base64url(claim.commitment),
        entries=encode_base64url(claim.entries),
        size=claim.size,
    )


def compose_receipt(draft: ReceiptDraft, signing: Signing) -> str:
    """A receipt, signed."""
    return sign_statement(Receipt.model_validate({**signing.common(), **_receipt(draft)}), signing.key)


def _receipt(draft: ReceiptDraft) -> dict[str, Any]:
    return {
        "iss": draft.iss,
        "to": draft.to,
        "outcome": draft.outcome,
        "digests": list(draft.digests),
        "step": draft.step,
        "reason": draft.reason,
    }


def check_draft(draft: Draft, network: str) -> None:
    """Check that what is to be said has the form of a statement, before it is kept.

    Args:
        draft: what to say.
        network: network id.

    Raises:
        SeraiError: ``malformed_statement``, ``unsupported_type``, ``statement_too_large``, or a
            code of the cover's form; ``not_permitted`` if a statement is not a public one.
    """
    if isinstance(draft, PublicDraft):
        if not is_public(read_claims(draft.statement, parse_statement(draft.statement).type)):
            raise ClientError(LocalCode.NOT_PUBLIC)
        return
    parsed = parsed_draft(draft, network)
    check_written(parsed)
    check_words(parsed)


def parsed_draft(draft: DispatchDraft | ReceiptDraft, network: str) -> Claims:
    """The claims that a draft would have, with something in the place of what is known only when it is signed.

    Args:
        draft: what to say.
        network: network id.

    Raises:
        SeraiError: ``malformed_statement``, or a code of the cover's form.
    """
    some = encode_base64url(bytes(32))
    common = {"aud": network, "jti": make_uuid7(0, bytes(10)), "iat": 0}
    if isinstance(draft, ReceiptDraft):
        claims, kind = _receipt(draft), StatementType.RECEIPT
    else:
        cover = replace(draft, status=draft.status or "test")
        content = {
            "digest": some,
            "commitment": some,
            "entries": some,
            "size": len(pad_content(draft.content.encode())),
        }
        named = tuple((ref.rel, ref.digest or some) for ref in draft.refs)
        refs = [{"rel": rel, "digest": digest} for rel, digest in named] or None
        claims = {**_cover(cover, named), "refs": refs, "content": content}
        kind = StatementType.DISPATCH
    return parse_claims(kind, {name: value for name, value in {**common, **claims}.items() if value is not None})


def cover_of_draft(draft: DispatchDraft, network: str) -> Dispatch:
    """The cover that a draft would have; see `parsed_draft`."""
    parsed = parsed_draft(draft, network)
    assert isinstance(parsed, Dispatch)  # noqa: S101 - by its kind
    return parsed


def compose_token(
    signing: Signing, iss: Address, hub: str, seat: str | None, use: Literal["read", "store"] = "read"
) -> str:
    """A session token: for an exchange if there is a seat, else to read or to upload (PROTOCOL 9, 10).

    Args:
        signing: with what; its ``view`` is left out.
        iss: the member or officer whose key signs.
        hub: scheme, host and port as dialled.
        seat: name of the seat.
        use: what for, without a seat.
    """
    claims: dict[str, Any] = {**signing.common(), "view": None, "iss": iss, "hub": hub}
    claims["exp"] = claims["iat"] + limits.TOKEN_LIFE_S
    if seat is None:
        return sign_statement(Session.model_validate({**claims, "use": use}), signing.key)
    exchange = {"use": "exchange", "mailbox": member_of(iss), "seat": seat}
    return sign_statement(Session.model_validate({**claims, **exchange}), signing.key)
