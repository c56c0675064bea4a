"""Evidence files: of one dispatch, of a thread, and what does not fit together in one (PROTOCOL 11)."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from schemas.addresses import Address
from schemas.checkpoint import parse_note
from schemas.claims import StatementType
from schemas.encoding import encode_base64url, encode_json, sha256
from schemas.errors import Code
from schemas.evidence import UnverifiedEvidence, encode_evidence
from schemas.proven import VerifiedItem
from schemas.statements import parse_statement
from schemas.verification import verify_evidence
from tests.vectors import scenario
from tests.vectors.scenario import KG, KZ, NETWORK, UZ, Scenario, common, cover, sign, signing

Vector = dict[str, Any]


@dataclass(frozen=True)
class Thread(Scenario):
    """The same ledger, longer: a reply by the second recipient, receipts for both, an event, and what is wrong.

    Attributes:
        wrong: statements that an honest hub would not have taken, at the end.
    """

    wrong: tuple[str, ...] = ()

    @cached_property
    def digest(self) -> str:
        """What the others name."""
        return encode_base64url(sha256(self.dispatch.encode()))

    def refer(self, number: int, iss: Address, rel: str, digest: str = "", **changes: Any) -> str:
        """A dispatch that refers to the first one, or to another; its content is in no file."""
        claims = {
            **cover(self.sealed[1]),
            **common(number, iss),
            "to": [KZ],
            "refs": [{"rel": rel, "digest": digest or self.digest}],
            **changes,
        }
        return sign(StatementType.DISPATCH, claims, signing(iss))

    def answer(self, number: int, iss: Address, to: Address, *digests: str) -> str:
        """A receipt."""
        claims = {**common(number, iss), "to": to, "outcome": "received", "digests": list(digests)}
        return sign(StatementType.RECEIPT, claims, signing(iss))

    @cached_property
    def statements(self) -> list[str]:
        """The ledger."""
        reply = self.refer(7, UZ, "reply")
        event = {**common(10, Address("CENTRE/HUB")), "event": "undeliverable", "to": [KZ], "digests": [self.digest]}
        return [
            *super().statements,
            reply,
            self.answer(8, KZ, UZ, encode_base64url(sha256(reply.encode()))),
            self.answer(9, UZ, KZ, self.digest, "A" * 43),
            sign(StatementType.EVENT, {**event, "member": UZ}, signing("event")),
            *self.wrong,
        ]

    def file(self, *places: int, note: str = "") -> UnverifiedEvidence:
        """The evidence file about the statements at these places; the first dispatch has its content."""
        items = [self.item(index) for index in places]
        return UnverifiedEvidence(
            parse_note(note or self.note),
            (parse_statement(self.statements[0]),),
            tuple(self.item(index) for index in (1, 2, 3, 4) if index not in places),
            tuple(replace(item, content=self.content) if item.index == 5 else item for item in items),
        )


def evidence_vector(made: Scenario) -> Vector:
    """Files of one dispatch and of a thread: what each proves, what it lacks and what it does not prove."""
    thread = Thread(made.entries)
    files = {
        "a dispatch with its content, and a receipt": made.evidence(),
        "a thread: an answer, receipts for both, an event; one receipt names what the file lacks": thread.file(
            5, 6, 7, 8, 9, 10
        ),
        "the same without the first dispatch": thread.file(6, 7, 8, 9, 10),
        "a credential, and what it signed": thread.file(2, 5),
    }
    return {
        "root": NETWORK.partition("/")[2],
        "files": [_evidence_file(what, evidence) for what, evidence in files.items()],
    }


def _evidence_file(what: str, evidence: UnverifiedEvidence) -> Vector:
    verified = verify_evidence(evidence, NETWORK.partition("/")[2])
    return {
        "what": what,
        "file": encode_evidence(evidence).decode(),
        "proves": {
            "network": verified.network,
            "size": verified.checkpoint.size,
            "items": [_evidence_item(item) for item in verified.items],
        },
        "missing": [[each.digest, each.index, each.how] for each in verified.missing],
        "does_not_prove": [limit.value for limit in verified.limits],
    }


def _evidence_item(item: VerifiedItem) -> Vector:
    content = item.content.disclosed if item.content else None
    return {
        "index": item.index,
        "signer": item.statement.claims.iss,
        "chain": [link.address for link in item.chain],
        "accepted_at": item.accepted_at,
        "recipients": list(item.recipients),
        **({} if content is None else {"content": content.rstrip().decode()}),
        "does_not_prove": [limit.value for limit in item.limits],
    }


def evidence_refused(made: Scenario) -> dict[str, Vector]:
    """Files with one fault each, by the name of the vector."""
    evidence = made.evidence()
    file: dict[str, Any] = json.loads(encode_evidence(evidence))
    said, receipt = file["items"]

    def form(fault: str, **changes: Any) -> Vector:
        return _vector(fault, Code.MALFORMED_EVIDENCE, encode_json({**file, **changes}))

    def changed(fault: str, code: Code, step: int, **changes: Any) -> Vector:
        item = replace(evidence.items[0], **changes)
        return _vector(fault, code, _encoded(replace(evidence, items=(item, evidence.items[1]))), step)

    shifted = replace(evidence.items[0].leaf, accepted_at=0)
    other_key = replace(made.content, content_key=scenario.IV + bytes(20))
    return {
        "evidence-null": form("null in place of absence", items=[{**said, "content_key": None}, receipt]),
        "evidence-version": _vector(
            "version 2, of another form: not damaged", Code.UNSUPPORTED_VERSION, encode_json({"version": 2, "body": {}})
        ),
        "evidence-version-0": form("version 0, which there never was", version=0),
        "evidence-version-text": form("version 2 as a text", version="2"),
        "evidence-empty": form("no items", items=[]),
        "evidence-order": form("items out of order", items=[receipt, said]),
        "evidence-twice": form("one item twice", items=[said, said]),
        "evidence-key-alone": form("a content key without what it opens", items=[said, {**receipt, **_key(said)}]),
        "evidence-other-root": _vector(
            "a reader who pins another root", Code.UNKNOWN_KEY, _encoded(evidence), 1, signing("stranger").kid
        ),
        "evidence-time": changed("another time in the leaf", Code.BAD_PROOF, 3, leaf=shifted),
        "evidence-chain": _vector(
            "a credential left out", Code.UNKNOWN_KEY, _encoded(replace(evidence, credentials=(made.item(2),))), 4
        ),
        "evidence-key": changed("another content key", Code.COMMITMENT_MISMATCH, 7, content=other_key),
        **_threads(made),
    }


def _key(item: dict[str, Any]) -> dict[str, Any]:
    return {"content_key": item["content_key"]}


def _encoded(evidence: UnverifiedEvidence) -> str:
    return encode_evidence(evidence).decode()


def _threads(made: Scenario) -> dict[str, Vector]:
    """Files of several statements that do not fit together."""
    thread = Thread(made.entries)
    whole, joined = thread.file(5, 6, 7), made.evidence()
    item_too = replace(whole, items=(thread.item(2), *whole.items), credentials=tuple(map(thread.item, (1, 2, 3, 4))))
    answer = whole.items[2]
    foreign = replace(whole, items=(*whole.items[:2], replace(answer, content=thread.content)))

    def wrong(fault: str, code: Code, text: str, *places: int, step: int = 8) -> Vector:
        ledger = Thread(made.entries, (text,))
        return _vector(fault, code, _encoded(ledger.file(*places, len(ledger.statements) - 1)), step)

    return {
        "evidence-joined": _vector(
            "two files joined: items of one under the checkpoint of the other",
            Code.BAD_PROOF,
            _encoded(replace(whole, items=(*joined.items, whole.items[2]))),
            3,
        ),
        "evidence-place": _vector(
            "a credential that is an item too: two statements at one place", Code.BAD_PROOF, _encoded(item_too), 3
        ),
        "evidence-two-places": wrong("one statement at two places", Code.BAD_PROOF, thread.dispatch, 5, step=3),
        "evidence-content": _vector("the content of another item", Code.CONTENT_MISMATCH, _encoded(foreign), 5),
        "evidence-receipt": wrong(
            "a receipt of a member to which the dispatch was not sent",
            Code.NOT_A_RECIPIENT,
            thread.answer(11, KZ, KZ, thread.digest),
            5,
        ),
        "evidence-receipt-for-receipt": wrong(
            "a receipt for a receipt",
            Code.UNKNOWN_REFERENCE,
            thread.answer(11, KZ, KG, encode_base64url(sha256(made.receipt.encode()))),
            6,
        ),
        "evidence-cancel": wrong(
            "a cancellation by another member",
            Code.REFERENCE_NOT_PERMITTED,
            thread.refer(11, UZ, "cancel"),
            5,
        ),
        "evidence-reseal": wrong(
            "a reseal to a member to which the dispatch was not sent",
            Code.REFERENCE_NOT_PERMITTED,
            thread.refer(11, KZ, "reseal", to=[KG, KZ]),
            5,
        ),
        "evidence-status": wrong(
            "an exercise that answers what is real",
            Code.STATUS_MISMATCH,
            thread.refer(11, UZ, "reply", status="exercise"),
            5,
        ),
        "evidence-before": _named_before(made),
    }


def _named_before(made: Scenario) -> Vector:
    """A statement that names one above it."""
    later = Thread(made.entries).refer(12, UZ, "reply")
    named = Thread(made.entries).answer(11, KZ, UZ, encode_base64url(sha256(later.encode())))
    ledger = Thread(made.entries, (named, later))
    return _vector("a receipt below what it is for", Code.UNKNOWN_REFERENCE, _encoded(ledger.file(5, 11, 12)), 8)


def _vector(fault: str, code: Code, text: str, step: int | None = None, root: str = "") -> Vector:
    pinned = root or NETWORK.partition("/")[2]
    return {"fault": fault, "kind": "evidence", "root": pinned, "file": text, "step": step, "code": code.value}
