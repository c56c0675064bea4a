"""The evidence file: what convinces somebody who knows only the root's thumbprint (PROTOCOL 11).

`parse_evidence` judges form. `schemas.verification.verify_evidence` judges the rest, with
no hub and no network. Making a file is the clients' work.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Annotated, Any, Final, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    FailFast,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)

from schemas import limits
from schemas.addresses import Address, MemberField
from schemas.checkpoint import UnverifiedNote, parse_note
from schemas.claims import Count, Note, StatementType
from schemas.encoding import Digest, decode_base64url, decode_object, encode_base64url, encode_json
from schemas.errors import Code, SeraiError
from schemas.leaf import LEAF_PATTERN, Leaf, read_leaf
from schemas.merkle import PROOF_PATTERN, decode_proof, encode_proof
from schemas.sealing import UnverifiedCopy, parse_copy
from schemas.statements import UnverifiedStatement, parse_statement

VERSION: Final = 1
"""The version of the file that this program writes and judges."""

_EPOCH = frozenset({StatementType.EPOCH})
_CREDENTIAL = frozenset({StatementType.CREDENTIAL})
_SHOWN = frozenset(kind for kind in StatementType if kind.code) - _EPOCH

ProofText = Annotated[str, StringConstraints(pattern=PROOF_PATTERN)]
StatementText = Annotated[str, StringConstraints(max_length=limits.STATEMENT_BYTES)]


def _number(value: object) -> object:
    if type(value) is not int:  # true and 1.0 equal 1, but are other spellings
        raise ValueError("a whole number is due")
    return value


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, hide_input_in_errors=True)


class ItemModel(_Strict):
    """A statement and its place in the ledger, as it stands in the file."""

    statement: StatementText
    index: Count
    leaf: Annotated[str, StringConstraints(pattern=LEAF_PATTERN)]
    proof: ProofText


class ShownModel(ItemModel):
    """What a file is about: a statement with its place and, of a dispatch, one recipient's copy of the content."""

    sealed: dict[str, Any] | None = None
    entry_proof: ProofText | None = None
    recipient: MemberField | None = None
    content_key: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{43}$")] | None = None

    @model_validator(mode="before")
    @classmethod
    def _without_null(cls, value: Any) -> Any:
        # What is absent is left out; null would be a second spelling of that.
        if isinstance(value, dict) and None in value.values():
            raise ValueError("a member is null")
        return value

    @model_validator(mode="after")
    def _whole(self) -> ShownModel:
        if len({part is None for part in (self.sealed, self.entry_proof, self.recipient)}) != 1:
            raise ValueError("sealed, entry_proof and recipient come together")
        if self.content_key is not None and self.sealed is None:
            raise ValueError("content_key comes with sealed")
        return self


def _check_order(items: Sequence[ItemModel]) -> None:
    if any(lower.index >= upper.index for lower, upper in pairwise(items)):
        raise ValueError("credentials and items stand in ledger order, each once")


class EvidenceModel(_Strict):
    """The evidence file as JSON."""

    version: Annotated[Literal[1], BeforeValidator(_number)]
    checkpoint: Note
    epochs: Annotated[list[StatementText], FailFast(), Field(min_length=1, max_length=limits.EVIDENCE_EPOCHS)]
    credentials: Annotated[list[ItemModel], FailFast(), Field(max_length=limits.EVIDENCE_ITEMS)]
    items: Annotated[list[ShownModel], FailFast(), Field(min_length=1, max_length=limits.EVIDENCE_ITEMS)]

    @model_validator(mode="after")
    def _ordered(self) -> EvidenceModel:
        _check_order(self.credentials)
        _check_order(self.items)
        return self


@dataclass(frozen=True, slots=True)
class EvidenceContent:
    """Sealed content in a file.

    Attributes:
        copy: the copy of one recipient.
        entry_proof: Merkle proof of its entry in the cover's ``entries``.
        recipient: whose copy it is.
        content_key: 32 bytes that open it, if they are disclosed; kept out of ``repr``.
    """

    copy: UnverifiedCopy
    entry_proof: tuple[Digest, ...]
    recipient: Address
    content_key: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class EvidenceItem:
    """A statement with its place, leaf and inclusion proof; the form of each is checked, nothing else.

    Attributes:
        statement: as it was signed.
        index: its place in the ledger.
        leaf: its leaf.
        proof: that the leaf is in the tree of the file's checkpoint.
        content: its sealed content, of a dispatch, if the file has it.
    """

    statement: UnverifiedStatement
    index: int
    leaf: Leaf
    proof: tuple[Digest, ...]
    content: EvidenceContent | None = None


@dataclass(frozen=True, slots=True)
class UnverifiedEvidence:
    """An evidence file whose form is right and of which nothing is believed.

    Attributes:
        note: the checkpoint note that all proofs lead to, of the right form.
        epochs: every epoch statement from 0 to that of the checkpoint.
        credentials: those of all signers in the file and those above them, in ledger order.
        items: what the file is about, in ledger order: dispatches, receipts for them, anything but an epoch.
    """

    note: UnverifiedNote
    epochs: tuple[UnverifiedStatement, ...]
    credentials: tuple[EvidenceItem, ...]
    items: tuple[EvidenceItem, ...]

    def placed(self) -> tuple[EvidenceItem, ...]:
        """Everything in the file that has a leaf and a proof, in ledger order."""
        return tuple(sorted((*self.credentials, *self.items), key=lambda item: item.index))


def parse_evidence(data: bytes) -> UnverifiedEvidence:
    """Read an evidence file without believing it.

    Args:
        data: the file, at most 16 MiB.

    Raises:
        SeraiError: ``malformed_evidence``; ``unsupported_version`` for a file of a later version; or, of a part,
            ``malformed_statement``, ``statement_too_large``, ``unsupported_alg``, ``unsupported_type``,
            ``bad_proof``, ``bad_checkpoint``, ``malformed_sealed``.
    """
    if len(data) > limits.EVIDENCE_BYTES:
        raise SeraiError(Code.MALFORMED_EVIDENCE, f"more than {limits.EVIDENCE_BYTES} bytes")
    model = _parse_model(data)
    return UnverifiedEvidence(
        parse_note(model.checkpoint),
        tuple(_parse_typed(text, _EPOCH) for text in model.epochs),
        tuple(_parse_item(item, _CREDENTIAL) for item in model.credentials),
        tuple(_parse_item(item, _SHOWN) for item in model.items),
    )


def _parse_model(data: bytes) -> EvidenceModel:
    try:
        value = decode_object(data, limits.EVIDENCE_MEMBERS)
        _check_version(value.get("version"))
        return EvidenceModel.model_validate(value)
    except SeraiError as error:
        if error.code is not Code.MALFORMED_JSON:
            raise
        raise SeraiError(Code.MALFORMED_EVIDENCE, error.detail) from error
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "file"
        raise SeraiError(Code.MALFORMED_EVIDENCE, f"{where}: {first['msg']}"[:300]) from None


def _check_version(version: object) -> None:
    # Before the form: what another version looks like is not known here, and it must not pass for damaged.
    if type(version) is int and version > VERSION:
        raise SeraiError(Code.UNSUPPORTED_VERSION, f"version {version}")


def _parse_typed(text: str, due: frozenset[StatementType]) -> UnverifiedStatement:
    statement = parse_statement(text)
    if statement.type not in due:
        raise SeraiError(Code.MALFORMED_EVIDENCE, f"{statement.type.typ} in the wrong place")
    return statement


def _parse_item(item: ItemModel, due: frozenset[StatementType]) -> EvidenceItem:
    statement = _parse_typed(item.statement, due)
    content = _parse_content(item) if isinstance(item, ShownModel) else None
    return EvidenceItem(statement, item.index, read_leaf(item.leaf), decode_proof(item.proof), content)


def _parse_content(item: ShownModel) -> EvidenceContent | None:
    if item.sealed is None or item.recipient is None or item.entry_proof is None:
        return None
    key = None if item.content_key is None else _parse_key(item.content_key)
    return EvidenceContent(parse_copy(item.sealed), decode_proof(item.entry_proof), item.recipient, key)


def _parse_key(text: str) -> bytes:
    try:
        return decode_base64url(text, 32)
    except SeraiError:
        # Without the cause: nothing of a key belongs into a traceback.
        raise SeraiError(Code.MALFORMED_EVIDENCE, "content_key is 32 bytes, base64url") from None


def encode_evidence(evidence: UnverifiedEvidence) -> bytes:
    """The file of evidence, as UTF-8.

    Raises:
        SeraiError: ``malformed_evidence`` if the file would be larger than 16 MiB, have too many parts or have them
            in another order, and what `parse_evidence` would raise for a part.
    """
    value: dict[str, Any] = {
        "version": VERSION,
        "checkpoint": evidence.note.text,
        "epochs": [epoch.text for epoch in evidence.epochs],
        "credentials": _encode_items(evidence.credentials),
        "items": _encode_items(evidence.items),
    }
    data = encode_json(value).encode()
    parse_evidence(data)
    return data


def _encode_items(items: Sequence[EvidenceItem]) -> list[dict[str, Any]]:
    return [{**_encode_item(item), **_encode_content(item.content)} for item in items]


def _encode_item(item: EvidenceItem) -> dict[str, Any]:
    leaf = encode_base64url(item.leaf.to_bytes())
    proof = encode_proof(item.proof)
    return {"statement": item.statement.text, "index": item.index, "leaf": leaf, "proof": proof}


def _encode_content(content: EvidenceContent | None) -> dict[str, Any]:
    if content is None:
        return {}
    value: dict[str, Any] = {
        "sealed": content.copy.to_json(),
        "entry_proof": encode_proof(content.entry_proof),
        "recipient": content.recipient,
    }
    if content.content_key is not None:
        value["content_key"] = encode_base64url(content.content_key)
    return value
