"""Evidence files that were put together, cut, or are to pass for something else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from clients.documents.operations.court import CheckedAccount, court_lines
from clients.trust import attached as attached_module
from clients.trust.attached import MOST_OPENED, Likeness, compare_files
from schemas.blobs import BlobSealer
from schemas.encoding import encode_base64url
from schemas.errors import Code
from schemas.evidence import UnverifiedEvidence, encode_evidence, parse_evidence
from schemas.limits import EVIDENCE_BYTES
from schemas.operations.account import account_of
from schemas.operations.encode import state_json
from schemas.operations.proven import operations_in
from schemas.operations.terms import ResultPart
from schemas.proven import EvidenceError, EvidenceStep, VerifiedEvidence
from schemas.verification import verify_evidence
from tests.support.court import Courtroom
from tests.support.evidence import REPORT, Case, with_item
from tests.support.refusals import refused
from tests.support.world import KG, KZ, TJ, UZ, digest_of

OFFICER = f"{KZ}/DUTY-1"
PHOTO = b"a photograph of a blue lorry"


@pytest.fixture
def case() -> Case:
    """A network with a dispatch and its receipts."""
    return Case()


def fails(case: Case, evidence: UnverifiedEvidence, step: EvidenceStep, code: Code) -> None:
    """Demand that a file fails at a step, with a code."""
    with pytest.raises(EvidenceError) as caught:
        verify_evidence(evidence, case.root)
    assert (caught.value.step, caught.value.code) == (step, code)


def read(case: Case, evidence: UnverifiedEvidence) -> VerifiedEvidence:
    """What a stranger makes of a file."""
    return verify_evidence(parse_evidence(encode_evidence(evidence)), case.root)


def test_item_left_out(case: Case) -> None:
    """What is left out of a file is named as missing as long as anything in it names that."""
    verified = read(case, case.file(*case.receipts))
    assert {each.digest for each in verified.missing} == {case.sent.digest}
    assert [each.index for each in verified.missing] == [item.index for item in verified.items]


def test_step_left_out() -> None:
    """A step of an operation that a court's file lacks is named as long as another step in it had seen it."""
    court = Courtroom()
    court.opened()
    court.add("stop", "KZ", "stop", after=["KZ grants"])
    court.add("seen", "UZ", "note", after=["stop"])
    verified = court.read(without=["stop"])
    assert [(each.digest, each.how, each.by) for each in verified.missing] == [
        (court.digest("stop"), "after", f"{UZ}/DUTY-1")
    ]
    (operation,) = operations_in(verified)
    assert ResultPart.STOPS in operation.picture.unsure
    assert "NOT SURE" in "\n".join(court_lines(verified))
    assert [each.digest for each in operation.folded.state.missing] == [court.digest("stop")]


def test_any_step_left_out() -> None:
    """Whichever step of an operation a court's file lacks, it is withheld with each that names it, if one does."""
    court = Courtroom()
    court.opened()
    court.add("stop", "KZ", "stop", after=["KZ grants"])
    court.add("cancel", "KZ", None, refs=[("cancel", "stop")], after=["stop", "RU grants"])
    grants = {"UZ grants", "KZ grants", "RU grants"}
    naming = {"open": {"confirm", *grants}, "confirm": grants}
    naming |= {"KZ grants": {"stop"}, "RU grants": {"cancel"}, "stop": {"cancel"}, "UZ grants": set(), "cancel": set()}
    for name in court.steps:
        (operation,) = operations_in(court.read(without=[name]))
        found = {each.digest: set(each.named_by) for each in operation.folded.state.missing}
        due = {court.digest(name): {court.digest(each) for each in naming[name]}} if naming[name] else {}
        assert found == due


def test_account_of_another_operation() -> None:
    """An account that is honest about another operation, or about this one with another figure, is refused."""
    court, other = Courtroom(), Courtroom()
    court.opened()
    other.add("open", "UZ", "open")
    (own,), (foreign,) = operations_in(court.read()), operations_in(other.read())
    honest, strange = (state_json(account_of(each.held)) for each in (own, foreign))
    assert not CheckedAccount(honest).fails(court.read())
    assert CheckedAccount(strange).fails(court.read())
    assert CheckedAccount({**strange, "operation": honest["operation"]}).fails(court.read())
    assert CheckedAccount({**honest, "status": "exercise"}).fails(court.read())


def test_request_left_out() -> None:
    """A court's file without the request names it by every step of it."""
    court = Courtroom()
    court.add("open", "TJ", "open")
    court.add("note", "UZ", "note")
    assert [(each.digest, each.how) for each in court.read(without=["open"]).missing] == [(court.digest("open"), "id")]


def test_receipt_of_another(case: Case) -> None:
    """A receipt by a member that did not get it fails the file; one for something else counts for nothing in it."""
    text = case.world.receipt(TJ, KZ, [case.sent.digest])
    case.force(text)
    fails(case, case.file(case.sent.text, text), EvidenceStep.REFERENCES, Code.NOT_A_RECIPIENT)
    other = case.world.receipt(KG, KZ, ["A" * 43])
    case.force(other)
    assert read(case, case.file(case.sent.text, other)).receipts() == {}


def test_cancellation_by_another(case: Case) -> None:
    """What cancels the dispatch of another member fails the file that has both."""
    refs = [{"rel": "cancel", "digest": case.sent.digest}]
    text = case.world.dispatch(KG, [UZ], REPORT, refs=refs).text
    case.force(text)
    fails(case, case.file(case.sent.text, text), EvidenceStep.REFERENCES, Code.REFERENCE_NOT_PERMITTED)


def test_reference_to_what_came_later(case: Case) -> None:
    """A receipt below what it is for fails the file."""
    sent = case.world.dispatch(OFFICER, [KG], REPORT)
    receipt = case.world.receipt(KG, KZ, [sent.digest])
    case.force(receipt)
    case.force(sent.text)
    fails(case, case.file(sent.text, receipt), EvidenceStep.REFERENCES, Code.UNKNOWN_REFERENCE)


@pytest.mark.parametrize("order", [(1, 0, 2, 3), (0, 0, 1, 2, 3), (0, 1, 3, 2)])
def test_items_out_of_order_or_twice(case: Case, order: tuple[int, ...]) -> None:
    """Items stand in ledger order, each once: there is one file for one set of statements."""
    value = json.loads(encode_evidence(case.evidence()))
    value["items"] = [value["items"][at] for at in order]
    with refused(Code.MALFORMED_EVIDENCE, "in ledger order, each once"):
        parse_evidence(json.dumps(value).encode())


def test_one_statement_at_two_places(case: Case) -> None:
    """A statement that a hub has put into its ledger twice is no evidence of two."""
    case.force(case.receipts[0])
    twice = case.item(len(case.world.log) - 1)
    evidence = case.evidence()
    fails(case, replace(evidence, items=(*evidence.items, twice)), EvidenceStep.LEAVES, Code.BAD_PROOF)


def test_content_and_key_of_another_item(case: Case) -> None:
    """Content stands with the dispatch whose cover names it, and a key with the content that it was committed to."""
    first, content = case.sent.text, case.content()
    case.sent = case.world.dispatch(OFFICER, [KG, UZ], {**REPORT, "summary": "Nothing at all."})
    case.world.admit(case.sent.text)
    both = case.file(first, case.sent.text)
    fails(case, with_item(both, 0, content=case.content()), EvidenceStep.CONTENT, Code.CONTENT_MISMATCH)
    key = replace(content, content_key=case.sent.content_key)
    fails(case, with_item(both, 0, content=key), EvidenceStep.KEY, Code.COMMITMENT_MISMATCH)


def test_two_files_joined(case: Case) -> None:
    """Items proven under one checkpoint are no evidence under another, of the same ledger or not."""
    first = case.evidence()
    case.world.admit(case.world.dispatch(OFFICER, [KG], REPORT).text)
    second = case.evidence()
    joined = replace(second, items=(*first.items[:2], *second.items[2:]))
    fails(case, joined, EvidenceStep.LEAVES, Code.BAD_PROOF)


@pytest.mark.parametrize("nothing", ["[],", "{},", '"",', "0,"])
def test_sixteen_mebibytes_of_nothing(nothing: str) -> None:
    """A file of as many parts as have room is refused for their number, before any of them is looked at."""
    text = '{"version":1,"items":[' + nothing * ((EVIDENCE_BYTES - 40) // len(nothing))
    with refused(Code.MALFORMED_EVIDENCE, "more than 131072 members"):
        parse_evidence((text.rstrip(",") + "]}").encode())


def test_later_version_that_passes_for_damaged(case: Case) -> None:
    """A file of a later version is not called damaged, whatever its form; a damaged one is not called later."""
    for text in ('{"version":2}', '{"version":7,"body":[{"version":1}],"items":null}'):
        with refused(Code.UNSUPPORTED_VERSION):
            parse_evidence(text.encode())
    value: dict[str, Any] = {**json.loads(encode_evidence(case.evidence())), "items": []}
    with refused(Code.MALFORMED_EVIDENCE):
        parse_evidence(json.dumps(value).encode())


def attached(
    case: Case, file: bytes, named: bytes | None = None, *others: dict[str, str]
) -> tuple[VerifiedEvidence, bytes]:
    """Evidence of a dispatch with a file; its report may name another, and in other ways. Gives the blob, too."""
    key, claimed = b"k" * 32, named or file
    sealer = BlobSealer(key, len(file))
    blob = b"".join(sealer.seal([file]))
    digest = encode_base64url(sealer.blob_digest)
    other = BlobSealer(key, len(claimed))
    list(other.seal([claimed]))
    report = {
        "name": "photo.jpg",
        "media_type": "image/jpeg",
        "size": len(claimed),
        "sha256": encode_base64url(other.file_digest),
        "blob": digest,
        "key": encode_base64url(key),
    }
    cover = [{"digest": digest, "size": sealer.padded_bytes}]
    named_in = [{**report, **other} for other in (*others, {})]
    case.sent = case.world.dispatch(OFFICER, [KG, UZ], {**REPORT, "attachments": named_in}, attachments=cover)
    case.world.admit(case.sent.text)
    return read(case, case.evidence(case.content(), receipts=False)), blob


def likeness(evidence: VerifiedEvidence, path: Path, data: bytes) -> Likeness:
    """What a file with this name and content is to the evidence."""
    path.write_bytes(data)
    return compare_files(evidence, [path])[0].likeness


def test_attachment_that_matches_by_name_only(case: Case, tmp_path: Path) -> None:
    """A file is an attachment by its size and SHA-256, whatever it is called; its name and size alone say nothing."""
    evidence, _ = attached(case, PHOTO)
    assert likeness(evidence, tmp_path / "photo.jpg", PHOTO[::-1]) is Likeness.NONE
    assert likeness(evidence, tmp_path / "photo.jpg", PHOTO + b"\0") is Likeness.NONE
    assert likeness(evidence, tmp_path / "IMG_1.bin", PHOTO) is Likeness.FILE


def test_blob_that_opens_to_another_file(case: Case, tmp_path: Path) -> None:
    """A blob counts only where it opens, with the key from the report, to the file that the report names."""
    evidence, blob = attached(case, PHOTO)
    assert likeness(evidence, tmp_path / "blob", blob) is Likeness.BLOB
    evidence, blob = attached(case, PHOTO, named=PHOTO[::-1])
    assert likeness(evidence, tmp_path / "blob", blob) is Likeness.BLOB_OF_ANOTHER_FILE


def wrong_ways(count: int) -> list[dict[str, str]]:
    """Names for other files that a report may have."""
    return [{"sha256": encode_base64url(bytes([number]) * 32)} for number in range(count)]


def test_blob_that_is_named_many_times(case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However often a blob is named, it is opened a few times, and then it is said what was not tried."""
    reads = []
    pieces = attached_module._pieces

    def counted(path: Path) -> Iterator[bytes]:
        reads.append(path)
        return pieces(path)

    monkeypatch.setattr(attached_module, "_pieces", counted)
    evidence, blob = attached(case, PHOTO, None, *wrong_ways(31))
    assert likeness(evidence, tmp_path / "blob", blob) is Likeness.BLOB_OF_TOO_MANY
    assert len(reads) == 1 + MOST_OPENED
    evidence, blob = attached(case, PHOTO, None, *wrong_ways(MOST_OPENED - 1))
    assert likeness(evidence, tmp_path / "blob", blob) is Likeness.BLOB
    reads.clear()
    evidence, blob = attached(case, PHOTO, PHOTO[::-1], *({} for _each in range(31)))
    assert likeness(evidence, tmp_path / "blob", blob) is Likeness.BLOB_OF_ANOTHER_FILE
    assert len(reads) == 2


def test_file_that_cannot_be_judged(case: Case, tmp_path: Path) -> None:
    """Where the report that would name it is not disclosed, a file is not called foreign, nor a blob opened."""
    _, blob = attached(case, PHOTO)
    sealed = read(case, case.evidence(case.content(key=False), receipts=False))
    assert likeness(sealed, tmp_path / "photo.jpg", PHOTO) is Likeness.NOT_JUDGED
    assert likeness(sealed, tmp_path / "blob", blob) is Likeness.BLOB_NOT_OPENED


def test_named_by_digest_and_not_by_name(case: Case) -> None:
    """An event of a later version names what it names, as far as that are digests; nothing follows from it."""
    text = case.world.event("lost", to=[KZ], digests=[case.sent.digest, "photo.jpg", None])
    case.force(text)
    verified = read(case, case.file(text))
    assert [each.digest for each in verified.missing] == [case.sent.digest]
    assert verified.items[0].digest == digest_of(text)
