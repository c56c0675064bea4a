"""The evidence file: what convinces somebody who knows only the root's thumbprint (PROTOCOL 11).

`parse_evidence` judges form. `schemas.verification.verify_evidence` judges the rest, with
no hub and no network. Making a file is the clients' work.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from schemas import limits
from schemas.addresses import Address, MemberField
from schemas.claims import StatementType
from schemas.encoding import Digest, decode_base64url, decode_object, encode_base64url, encode_json
from schemas.errors import Code, SeraiError
from schemas.leaf import Leaf, parse_leaf
from schemas.merkle import decode_proof, encode_proof
from schemas.sealing import UnverifiedCopy, parse_copy
from schemas.statements import UnverifiedStatement, parse_statement
from schemas.tlogproof import MAX_TLOGPROOF_BYTES, TlogProof, encode_tlogproof, parse_tlogproof

_EPOCH = frozenset({StatementType.EPOCH})
_CREDENTIAL = frozenset({StatementType.CREDENTIAL})
_RECEIPT = frozenset({StatementType.RECEIPT})
_SUBJECTS = frozenset(kind for kind in StatementType if kind.code) - _EPOCH

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
    leaf: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{58}$")]
    proof: Annotated[str, StringConstraints(max_length=MAX_TLOGPROOF_BYTES)]


class EvidenceModel(ItemModel):
    """The evidence file as JSON."""

    version: Annotated[Literal[1], BeforeValidator(_number)]
    epochs: Annotated[list[StatementText], Field(min_length=1, max_length=limits.EVIDENCE_EPOCHS)]
    credentials: list[ItemModel]
    sealed: dict[str, Any] | None = None
    entry_proof: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]*$", max_length=2_731)] | None = None
    recipient: MemberField | None = None
    content_key: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{43}$")] | None = None
    receipts: Annotated[list[ItemModel], Field(min_length=1)] | None = None

    @model_validator(mode="after")
    def _whole(self) -> EvidenceModel:
        if len({part is None for part in (self.sealed, self.entry_proof, self.recipient)}) != 1:
            raise ValueError("sealed, entry_proof and recipient come together")
        if self.content_key is not None and self.sealed is None:
            raise ValueError("content_key comes with sealed")
        return self


@dataclass(frozen=True, slots=True)
class EvidenceItem:
    """A statement with its leaf and inclusion proof; the form of each is checked, nothing else."""

    statement: UnverifiedStatement
    leaf: Leaf
    proof: TlogProof

    @property
    def index(self) -> int:
        """The place in the ledger that the proof claims."""
        return self.proof.index


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
class UnverifiedEvidence:
    """An evidence file whose form is right and of which nothing is believed.

    Attributes:
        epochs: every epoch statement from 0 to that of the checkpoint.
        credentials: those of all signers in the file and those above them, in ledger order.
        said: the statement that the file is about.
        content: its sealed content, if the file has it.
        receipts: what recipients said of it, in ledger order.
    """

    epochs: tuple[UnverifiedStatement, ...]
    credentials: tuple[EvidenceItem, ...]
    said: EvidenceItem
    content: EvidenceContent | None = None
    receipts: tuple[EvidenceItem, ...] = ()

    def items(self) -> tuple[EvidenceItem, ...]:
        """Everything in the file that has a leaf and a proof."""
        return (*self.credentials, self.said, *self.receipts)


def parse_evidence(data: bytes) -> UnverifiedEvidence:
    """Read an evidence file without believing it.

    Args:
        data: the file, at most 4 MiB.

    Raises:
        SeraiError: ``malformed_evidence``; or, of a part, ``malformed_statement``,
            ``statement_too_large``, ``unsupported_type``, ``bad_proof``,
            ``bad_checkpoint``, ``malformed_sealed``.
    """
    if len(data) > limits.EVIDENCE_BYTES:
        raise SeraiError(Code.MALFORMED_EVIDENCE, f"more than {limits.EVIDENCE_BYTES} bytes")
    model = _parse_model(data)
    return UnverifiedEvidence(
        tuple(_parse_typed(text, _EPOCH) for text in model.epochs),
        tuple(_parse_item(item, _CREDENTIAL) for item in model.credentials),
        _parse_item(model, _SUBJECTS),
        _parse_content(model),
        tuple(_parse_item(item, _RECEIPT) for item in model.receipts or ()),
    )


def _parse_model(data: bytes) -> EvidenceModel:
    try:
        return EvidenceModel.model_validate(_without_null(decode_object(data, limits.EVIDENCE_MEMBERS)))
    except SeraiError as error:
        raise SeraiError(Code.MALFORMED_EVIDENCE, error.detail) from error
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "file"
        raise SeraiError(Code.MALFORMED_EVIDENCE, f"{where}: {first['msg']}"[:300]) from None


def _without_null(value: dict[str, Any]) -> dict[str, Any]:
    # What is absent is left out; null would be a second spelling of that.
    if None in value.values():
        raise SeraiError(Code.MALFORMED_EVIDENCE, "a member is null")
    return value


def _parse_typed(text: str, due: frozenset[StatementType]) -> UnverifiedStatement:
    statement = parse_statement(text)
    if statement.type not in due:
        raise SeraiError(Code.MALFORMED_EVIDENCE, f"{statement.type.typ} in the wrong place")
    return statement


def _parse_item(item: ItemModel, due: frozenset[StatementType]) -> EvidenceItem:
    proof = parse_tlogproof(item.proof)
    if proof.extra is not None:
        raise SeraiError(Code.MALFORMED_EVIDENCE, "a proof with extra data, which nothing vouches for")
    return EvidenceItem(_parse_typed(item.statement, due), _parse_leaf(item.leaf), proof)


def _parse_leaf(text: str) -> Leaf:
    try:
        return parse_leaf(decode_base64url(text))
    except SeraiError as error:
        raise SeraiError(Code.BAD_PROOF, error.detail) from error


def _parse_content(model: EvidenceModel) -> EvidenceContent | None:
    if model.sealed is None or model.recipient is None or model.entry_proof is None:
        return None
    key = None if model.content_key is None else _parse_key(model.content_key)
    return EvidenceContent(parse_copy(model.sealed), decode_proof(model.entry_proof), model.recipient, key)


def _parse_key(text: str) -> bytes:
    try:
        return decode_base64url(text, 32)
    except SeraiError:
        # Without the cause: nothing of a key belongs into a traceback.
        raise SeraiError(Code.MALFORMED_EVIDENCE, "content_key is 32 bytes, base64url") from None


def encode_evidence(evidence: UnverifiedEvidence) -> bytes:
    """The file of evidence, as UTF-8.

    Raises:
        SeraiError: ``malformed_evidence`` if the file would be larger than 4 MiB, and
            what `parse_evidence` would raise for a part.
    """
    value: dict[str, Any] = {
        "version": 1,
        "epochs": [epoch.text for epoch in evidence.epochs],
        "credentials": [_encode_item(item) for item in evidence.credentials],
        **_encode_item(evidence.said),
        **_encode_content(evidence.content),
    }
    if evidence.receipts:
        value["receipts"] = [_encode_item(item) for item in evidence.receipts]
    data = encode_json(value).encode()
    parse_evidence(data)
    return data


def _encode_item(item: EvidenceItem) -> dict[str, Any]:
    leaf = encode_base64url(item.leaf.to_bytes())
    return {"statement": item.statement.text, "leaf": leaf, "proof": encode_tlogproof(item.proof)}


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
