"""The frames of the exchange: JSON objects, strict (PROTOCOL 9).

`parse_frame` accepts exactly what the table of PROTOCOL 9 names and nothing else. Frames
that a hub sends to many are put together from *fragments*, text encoded once, by the
``encode_*`` functions; every part of a fragment is base64url, a number or JSON already,
so joining them cannot change their meaning.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Annotated, Any, Final, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    TypeAdapter,
    ValidationError,
    WithJsonSchema,
    model_validator,
)

from schemas import limits
from schemas.claims import Count, DigestText, Lane, NetworkId, Note, null_member, unique
from schemas.encoding import decode_object, encode_json
from schemas.errors import PROBLEMS, Code, SeraiError
from schemas.leaf import LEAF_PATTERN
from schemas.merkle import PROOF_PATTERN

PROTOCOL: Final = "serai.v1"
"""Name of the WebSocket subprotocol."""

ProofText = Annotated[str, StringConstraints(pattern=PROOF_PATTERN)]
"""Hashes joined, base64url; at most 64 of them."""

LeafText = Annotated[str, StringConstraints(pattern=LEAF_PATTERN)]
StatementText = Annotated[str, StringConstraints(max_length=limits.STATEMENT_BYTES)]


def _true(value: object) -> object:
    if value is not True:  # 1 equals it, but is another spelling
        raise ValueError("true is due")
    return value


FEATURES: Final = frozenset[str]()
"""Features of the exchange that this program knows; version 1 begins with none."""

Features = Annotated[
    list[Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,31}$")]],
    Field(max_length=64),
    AfterValidator(unique),
    WithJsonSchema(
        {
            "type": "array",
            "items": {"type": "string", "pattern": "^[a-z][a-z0-9_]{0,31}$"},
            "maxItems": 64,
            "uniqueItems": True,
        }
    ),
]
"""Words, each once; those that are not known mean nothing."""


class Strict(BaseModel):
    """A part of a frame: a member that is unknown or of another type is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Greeting(Strict):
    """A part of `welcome`, which comes before anything can be agreed: a member that is not known is ignored."""

    model_config = ConfigDict(extra="ignore")


class Limits(Greeting):
    """What the hub allows.

    Attributes:
        frame: longest message on this line, in bytes.
        in_flight: submissions without answer.
        blob: largest padded file in a blob, in bytes; 0 where it takes none.
    """

    frame: Count
    in_flight: Count
    blob: Count


class Cursors(Strict):
    """The next ledger index wanted on each lane."""

    public: Count
    urgent: Count
    normal: Count

    def of(self, lane: Lane) -> int:
        """The cursor of one lane."""
        return int(getattr(self, lane))


class Problem(Strict):
    """An error on the wire (RFC 9457 names)."""

    code: Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,64}$")]
    title: Annotated[str, StringConstraints(max_length=300)]
    detail: Annotated[str, StringConstraints(max_length=1_000)]


class Welcome(Greeting):
    """The hub's first frame; ``features`` are those that it knows."""

    type: Literal["welcome"] = "welcome"
    protocol: Literal["serai.v1"]
    network: NetworkId
    epoch: Count
    time: Count
    limits: Limits
    features: Features


class Resume(Strict):
    """The client's first frame: where it stands; ``features`` are those of the hub's that it wants on this line."""

    type: Literal["resume"] = "resume"
    epoch: Count
    cursors: Cursors
    checkpoint: Note | None
    features: Features


class Submit(Strict):
    """A statement to be admitted, with its sealed content if it is a dispatch."""

    type: Literal["submit"] = "submit"
    statement: str  # one that is too large is refused by its digest, and the line goes on
    sealed: dict[str, Any] | None = None


class AcceptedItem(Strict):
    """Where a submitted statement stands in the ledger."""

    digest: DigestText
    index: Count
    leaf: LeafText
    proof: ProofText


class Accepted(Strict):
    """Statements are in the ledger, on disk."""

    type: Literal["accepted"] = "accepted"
    items: Annotated[list[AcceptedItem], Field(min_length=1, max_length=limits.ITEMS)]
    checkpoint: Note
    consistency: ProofText


class Refused(Strict):
    """A statement or frame was refused; the line goes on."""

    type: Literal["refused"] = "refused"
    digest: DigestText | None
    problem: Problem


class ErasedBy(Strict):
    """The `erased` event that says why a text is gone, with its own place."""

    index: Count
    leaf: LeafText
    statement: StatementText
    proof: ProofText


class DeliverItem(Strict):
    """A statement for this mailbox, or what is left of it."""

    lane: Lane
    index: Count
    leaf: LeafText
    statement: StatementText | None = None
    sealed: dict[str, Any] | None = None
    entry_proof: ProofText | None = None
    gone: Annotated[Literal[True], BeforeValidator(_true)] | None = None
    proof: ProofText
    erased: ErasedBy | None = None

    @model_validator(mode="after")
    def _whole(self) -> DeliverItem:
        if (self.statement is None) != (self.gone is True):
            raise ValueError("statement, or gone")
        if (self.sealed is None) != (self.entry_proof is None) or (self.sealed is not None and self.gone):
            raise ValueError("sealed and entry_proof, with a statement")
        if self.erased is not None and not self.gone:
            raise ValueError("erased, of what is gone")
        return self


class Deliver(Strict):
    """Statements for this mailbox, in index order within a lane."""

    type: Literal["deliver"] = "deliver"
    items: Annotated[list[DeliverItem], Field(max_length=limits.ITEMS)]
    checkpoint: Note
    consistency: ProofText


class Ack(Strict):
    """Everything below these cursors is in the client's own store."""

    type: Literal["ack"] = "ack"
    cursors: Cursors


Frame = Welcome | Resume | Submit | Accepted | Refused | Deliver | Ack

_MODELS: dict[str, type[Strict]] = {
    "welcome": Welcome,
    "resume": Resume,
    "submit": Submit,
    "accepted": Accepted,
    "refused": Refused,
    "deliver": Deliver,
    "ack": Ack,
}
FRAME_ADAPTER: TypeAdapter[Frame] = TypeAdapter(Annotated[Frame, Field(discriminator="type")])
"""All frames as one type, for the JSON Schema."""


def agree(offered: Iterable[str]) -> list[str]:
    """The features of a line: those that both sides know, in the order of their names.

    Args:
        offered: what the other side has named.
    """
    return sorted(FEATURES.intersection(offered))


def parse_frame(text: str) -> Frame:
    """A frame from its text.

    Args:
        text: at most `limits.FRAME_BYTES`; the transport bounds it while reading, this
            again.

    Raises:
        SeraiError: ``frame_too_large``, ``malformed_frame``.
    """
    if len(text) > limits.FRAME_BYTES:
        raise SeraiError(Code.FRAME_TOO_LARGE, f"{len(text)} characters")
    try:
        value = decode_object(text, limits.FRAME_MEMBERS)
    except SeraiError as error:
        raise SeraiError(Code.MALFORMED_FRAME, error.detail) from error
    kind = value.get("type")
    model = _MODELS.get(kind) if isinstance(kind, str) else None
    if model is None:
        raise SeraiError(Code.MALFORMED_FRAME, "no frame of this type")
    try:
        frame = model.model_validate(value)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise SeraiError(Code.MALFORMED_FRAME, f"{where}: {first['msg']}"[:300]) from None
    if name := null_member(frame):
        raise SeraiError(Code.MALFORMED_FRAME, f"{name}: null")
    return frame  # type: ignore[return-value]


def encode_frame(frame: Frame) -> str:
    """The text of a frame; members that may be absent and are, are left out."""
    required = {"checkpoint", "digest"}
    value = {name: item for name, item in frame.model_dump().items() if item is not None or name in required}
    if isinstance(frame, Deliver):
        value["items"] = [item.model_dump(exclude_none=True) for item in frame.items]
    return encode_json(value)


def encode_refused(digest: str | None, error: SeraiError) -> str:
    """A `refused` frame for an error; ``internal`` keeps its detail to itself."""
    detail = "" if error.code is Code.INTERNAL else error.detail[:1_000]
    problem = Problem(code=error.code.value, title=PROBLEMS[error.code].title, detail=detail)
    return encode_frame(Refused(digest=digest, problem=problem))


# Fragments


def encode_accepted_item(digest: str, index: int, leaf: str, proof: str) -> str:
    """Fragment of an `AcceptedItem`."""
    return f'{{"digest":"{digest}","index":{index},"leaf":"{leaf}","proof":"{proof}"}}'


def encode_body(body: bytes) -> str:
    """Fragment of what all recipients' copies share, from `Body.to_bytes`, ready for `encode_item`."""
    protected, iv, ciphertext, tag, aad = body.decode("ascii").split(".")
    return f'"protected":"{protected}","iv":"{iv}","ciphertext":"{ciphertext}","tag":"{tag}","aad":"{aad}"'


def encode_entry(entry: bytes) -> str:
    """Fragment of one recipient's entry, from `Entry.to_bytes`, ready for `encode_item`."""
    alg, kid, ek, encrypted_key = entry.decode("ascii").split(".")
    return f'"header":{{"alg":"{alg}","kid":"{kid}","ek":"{ek}"}},"encrypted_key":"{encrypted_key}"'


def encode_item(
    index: int,
    leaf: str,
    statement: str | None,
    proof: str,
    copy: tuple[str, str, str] | None = None,
) -> str:
    """Fragment of a `DeliverItem` after its lane; the lane goes before it.

    Args:
        index: place in the ledger.
        leaf: the leaf, base64url.
        statement: the compact JWS; ``None`` if it is gone.
        proof: inclusion proof, base64url.
        copy: fragments of body and entry, and the entry's proof.
    """
    said = '"gone":true' if statement is None else f'"statement":"{statement}"'
    if copy is not None and statement is not None:
        body, entry, entry_proof = copy
        said += f',"sealed":{{{body},{entry}}},"entry_proof":"{entry_proof}"'
    return f'"index":{index},"leaf":"{leaf}",{said},"proof":"{proof}"}}'


def encode_erased(index: int, leaf: str, statement: str, proof: str) -> str:
    """Fragment that goes behind the proof of an item that is gone: the event that says why."""
    return f',"erased":{{"index":{index},"leaf":"{leaf}","statement":"{statement}","proof":"{proof}"}}'


def join_lane(lane: Lane, item: str) -> str:
    """A whole item from its lane and the fragment of `encode_item`."""
    return f'{{"lane":"{lane}",{item}'


def encode_batch(kind: Literal["accepted", "deliver"], items: Iterable[str], checkpoint: str, consistency: str) -> str:
    """An `accepted` or `deliver` frame from fragments.

    Args:
        kind: which.
        items: fragments of items.
        checkpoint: the signed note, not yet JSON.
        consistency: proof from the session's last checkpoint, base64url.
    """
    note = json.dumps(checkpoint)  # one character beyond ASCII would make the whole text twice as wide
    return f'{{"type":"{kind}","items":[{",".join(items)}],"checkpoint":{note},"consistency":"{consistency}"}}'
