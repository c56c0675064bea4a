"""What is fuzzed: each target takes bytes to a parser and to whoever believes what it parsed.

Only `SeraiError` may escape. What was parsed is written, parsed again, and must be the same: a
text that two readers could take for two things would be found here.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Final

from pydantic import ValidationError

from broker.core.admission.batch import Admitter
from broker.core.facts import Facts
from broker.core.verification import VerifiedSubmission, verify_submission
from clients.documents.operations.court import CheckedAccount, court_json, court_lines
from clients.documents.report_text import content_lines
from clients.store.trust import Head
from clients.trust.verification import (
    Failed,
    PlacedItem,
    verify_dispatch,
    verify_event,
    verify_place,
    verify_public,
    verify_receipt,
)
from schemas.addresses import member_of
from schemas.checkpoint import parse_note, sign_note
from schemas.claims import Claims, Lane, StatementType, parse_claims
from schemas.encoding import decode_json, decode_object
from schemas.errors import SeraiError
from schemas.evidence import encode_evidence, parse_evidence
from schemas.frames import Deliver, DeliverItem, parse_frame
from schemas.frames import encode_frame as encode
from schemas.leaf import Leaf
from schemas.limits import EVIDENCE_MEMBERS
from schemas.operations.account import judge_account
from schemas.reports import encode_report, parse_report, read_report
from schemas.reports.kinds import KINDS as KINDS_OF_REPORTS
from schemas.sealing import Body, Entry, parse_copy, parse_sealed
from schemas.statements import parse_statement, sign_statement, verify_statement
from schemas.tiles import parse_tile_path, tile_path
from schemas.verification import verify_evidence
from tests.fuzz import network
from tests.support.world import sign_payload

KINDS: Final = tuple(StatementType)


def frame(data: bytes) -> None:
    """A frame from either side; items of a `deliver` also meet a client's first step."""
    try:
        parsed = parse_frame(data.decode(errors="replace"))
    except SeraiError:
        return
    assert parse_frame(encode(parsed)) == parsed
    if isinstance(parsed, Deliver):
        for item in parsed.items:
            _meet(item)


def _meet(item: DeliverItem) -> None:
    checkpoint = parse_note(network.vector("checkpoint")["note"])
    head = Head(checkpoint.checkpoint.size, checkpoint.checkpoint.root, checkpoint.text)
    placed = verify_place(item, head)
    if isinstance(placed, PlacedItem):
        verify_dispatch(placed, network.directory(), network.MEMBER, {})


def statement(data: bytes) -> None:
    """A statement as it travels: form, signature, claims; one that holds is as it was signed."""
    try:
        parsed = parse_statement(data.decode("latin-1"))
        assert parsed.text.encode() == data
        verified = network.directory().verify(parsed)
    except SeraiError:
        return
    assert parse_claims(parsed.type, verified.claims.model_dump(exclude_none=True)) == verified.claims


def claims(data: bytes) -> None:
    """Claims under a good signature: by anybody's key, of any type; read by hub and client, judged by both.

    The first byte says which type, the second whose key.
    """
    if len(data) < 2:
        return
    kind, keys = KINDS[data[0] % len(KINDS)], network.signing_keys()
    key = keys[data[1] % len(keys)]
    text = sign_payload(kind, data[2:].decode(errors="replace"), key)
    try:
        verified = verify_statement(parse_statement(text), key.public)
    except SeraiError:
        return
    again = verify_statement(parse_statement(sign_statement(verified.claims, key)), key.public)
    assert again.claims == verified.claims
    _admit(text)
    _follow(text, kind, verified.claims)


def _item(text: str, lane: Lane, copy: object = None, entry_proof: str | None = None) -> DeliverItem:
    return DeliverItem(
        lane=lane,
        index=network.place().index,
        leaf="A" * 58,
        statement=text,
        sealed=copy,  # type: ignore[arg-type]
        entry_proof=entry_proof,
        proof="",
    )


def _admit(text: str) -> None:
    try:
        verified = network.directory().verify(parse_statement(text))
        place = network.place()
        admitter = Admitter(network.directory(), place.index, 1000 * place.time_s, Facts(), new_epoch=True)
        admitter.admit(VerifiedSubmission(verified, None), member_of(verified.claims.iss))
    except SeraiError:
        return


def _follow(text: str, kind: StatementType, said: Claims) -> None:
    place, parsed = network.place(), parse_statement(text)
    public = kind.code in (1, 2, 3) or getattr(said, "to", None) is None
    item = _item(text, "public" if public else "normal")
    leaf = Leaf(1000 * place.time_s, kind.code, public, parsed.digest)
    placed = PlacedItem(item.lane, item.index, leaf, Head(place.index + 1, parsed.digest, None), item)
    for verify in (verify_public, verify_receipt, verify_event):
        verify(placed, network.directory())


def sealed(data: bytes) -> None:
    """Sealed content: as a sender submits it beside a cover, and as a recipient gets its copy."""
    try:
        value = decode_json(data, 4096)
    except SeraiError:
        return
    _submitted(value)
    _received(value)


def _submitted(value: object) -> None:
    try:
        parsed = parse_sealed(value)
    except SeraiError:
        return
    assert parsed.to_json() == value
    assert Body.from_bytes(parsed.body.to_bytes()) == parsed.body
    assert all(Entry.from_bytes(entry.to_bytes()) == entry for entry in parsed.entries)
    try:
        verify_submission(parse_statement(network.dispatch_text()), value, network.directory())
    except SeraiError:
        return
    assert value == network.vector("dispatch")["sealed"], "other content passed for that of the cover"


def _received(value: object) -> None:
    if not isinstance(value, dict):
        return
    proof = value.pop("entry_proof", "")
    try:
        copy = parse_copy(value)
        item = _item(network.dispatch_text(), "urgent", value, proof)
    except (SeraiError, ValidationError):
        return
    assert copy.to_json() == value
    opened = verify_dispatch(_place_dispatch(item), network.directory(), network.MEMBER, network.decryption_keys())
    if isinstance(opened, Failed):
        return
    assert value == network.vector("dispatch")["copies"][network.MEMBER], "another copy passed for that of the cover"


def _place_dispatch(item: DeliverItem) -> PlacedItem:
    parsed = parse_statement(network.dispatch_text())
    leaf = Leaf(1000 * network.place().time_s, parsed.type.code, public=False, digest=parsed.digest)
    return PlacedItem(item.lane, item.index, leaf, Head(item.index + 1, parsed.digest, None), item)


def report(data: bytes) -> None:
    """Content once it has been opened, and what is shown of it."""
    for kind in KINDS_OF_REPORTS:
        with contextlib.suppress(SeraiError):
            content_lines(read_report(data, kind))
    try:
        parsed = parse_report(data)
    except SeraiError:
        return
    assert parse_report(encode_report(parsed)) == parsed
    assert read_report(data, parsed.kind).is_known


def ledger(data: bytes) -> None:
    """Texts of the ledger: checkpoint notes, paths of tiles."""
    text = data.decode(errors="replace")
    for read in (_note, _tile):
        try:
            read(text)
        except SeraiError:
            continue


def _note(text: str) -> None:
    note = parse_note(text)
    assert note.text == text
    key = network.signing_keys()[0].private_key
    assert parse_note(sign_note(note.checkpoint, key)).checkpoint == note.checkpoint


def _tile(text: str) -> None:
    path = parse_tile_path(text)
    assert tile_path(path.level, path.number, path.width) == text


def evidence(data: bytes) -> None:
    """An evidence file, parsed and judged."""
    try:
        parsed = parse_evidence(data)
    except SeraiError:
        return
    assert parse_evidence(encode_evidence(parsed)) == parsed
    try:
        verified = verify_evidence(parsed, network.vector("evidence")["root"])
    except SeraiError:
        return
    list(court_lines(verified))
    court_json(verified)


def account(data: bytes) -> None:
    """An account by whomever, held against a court's file and against a whole operation: it holds or it does not."""
    try:
        claimed = decode_object(data, EVIDENCE_MEMBERS)
    except SeraiError:
        return
    checked = CheckedAccount(claimed)
    evidence = network.court()
    list(checked.lines(evidence))
    checked.members(evidence)
    checked.fails(evidence)
    judged = judge_account(claimed, network.operation())
    if judged.holds:
        assert claimed == network.vector("accounts")["account"], "another account passed for that of the steps"


TARGETS: Final[dict[str, Callable[[bytes], None]]] = {
    each.__name__: each for each in (frame, statement, claims, sealed, report, ledger, evidence, account)
}
"""By name."""
