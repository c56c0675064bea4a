"""The form of evidence files: one spelling, bounded, everything else refused."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.claims import StatementType
from schemas.errors import Code, SeraiError
from schemas.evidence import encode_evidence, parse_evidence
from schemas.limits import EVIDENCE_BYTES
from schemas.verification import verify_evidence
from tests.support.evidence import Case

CASE = Case()
FILE = encode_evidence(CASE.evidence(CASE.content()))


def _changed(**changes: Any) -> bytes:
    value = {**json.loads(FILE), **changes}
    return json.dumps({name: item for name, item in value.items() if item is not ...}).encode()


def _refused(data: bytes) -> Code:
    with pytest.raises(SeraiError) as caught:
        parse_evidence(data)
    return caught.value.code


@pytest.mark.parametrize("content", [None, CASE.content(), CASE.content(key=False)])
@pytest.mark.parametrize("receipts", [True, False])
def test_what_is_written_is_read(content: Any, receipts: bool) -> None:
    """A file reads back as what was written, whichever of its parts it has."""
    evidence = CASE.evidence(content, receipts=receipts)
    assert parse_evidence(encode_evidence(evidence)) == evidence


def test_absent_parts_are_left_out() -> None:
    """A file without content and receipts has no members for them."""
    value = json.loads(encode_evidence(CASE.evidence(receipts=False)))
    assert list(value) == ["version", "epochs", "credentials", "statement", "leaf", "proof"]


@pytest.mark.parametrize(
    "changes",
    [
        {"version": 2},
        {"version": "1"},
        {"version": True},
        {"version": 1.0},
        {"version": ...},
        {"epochs": []},
        {"epochs": ...},
        {"credentials": ...},
        {"statement": ...},
        {"leaf": ...},
        {"proof": ...},
        {"receipts": []},
        {"recipient": ...},
        {"recipient": None},
        {"content_key": None},
        {"sealed": None, "entry_proof": None, "recipient": None, "content_key": None},
        {"recipient": "KG/NFP/DUTY-1"},
        {"entry_proof": ...},
        {"entry_proof": "+"},
        {"sealed": ..., "entry_proof": ..., "recipient": ...},
        {"content_key": "short"},
        {"content_key": "A" * 42 + "B"},
        {"comment": "nobody vouches for this"},
        {"epochs": [CASE.sent.text]},
        {"statement": json.loads(FILE)["epochs"][0]},
        {"statement": CASE.world.token("KZ/NFP")},
        {"credentials": json.loads(FILE)["receipts"]},
        {"receipts": json.loads(FILE)["credentials"]},
    ],
)
def test_another_form_is_refused(changes: dict[str, Any]) -> None:
    """A member that is missing, unknown, of another type or in the wrong place is refused."""
    assert _refused(_changed(**changes)) is Code.MALFORMED_EVIDENCE


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"statement": "not a statement"}, Code.MALFORMED_STATEMENT),
        ({"leaf": "A" * 58}, Code.BAD_PROOF),
        ({"leaf": "A" * 57 + "B"}, Code.BAD_PROOF),
        ({"proof": "not a proof"}, Code.BAD_PROOF),
        ({"sealed": {"protected": "x"}}, Code.MALFORMED_SEALED),
        ({"entry_proof": "AAAA"}, Code.BAD_PROOF),
    ],
)
def test_a_part_of_another_form_says_which(changes: dict[str, Any], code: Code) -> None:
    """A part that is not one of its kind is refused with the code of that kind."""
    assert _refused(_changed(**changes)) is code


@pytest.mark.parametrize("data", [b"", b"[]", b"null", b"\xff", FILE + b"x", b'{"version":1,"version":1}'])
def test_what_is_no_object_is_refused(data: bytes) -> None:
    """What is not one I-JSON object is refused."""
    assert _refused(data) is Code.MALFORMED_EVIDENCE


def test_size_is_bounded() -> None:
    """A file of more than 4 MiB is refused before it is parsed."""
    assert parse_evidence(FILE.ljust(EVIDENCE_BYTES)) == parse_evidence(FILE)
    assert _refused(FILE.ljust(EVIDENCE_BYTES + 1)) is Code.MALFORMED_EVIDENCE


def test_extra_data_of_a_proof_is_refused() -> None:
    """Data that travels in a proof and that nothing vouches for is refused."""
    proof = json.loads(FILE)["proof"].replace("\nindex", "\nextra AAAA\nindex", 1)
    assert _refused(_changed(proof=proof)) is Code.MALFORMED_EVIDENCE


def test_secrets_stay_out_of_texts() -> None:
    """The content key is in no ``repr``, and no fault quotes it."""
    evidence = CASE.evidence(CASE.content())
    assert repr(CASE.sent.content_key) not in repr(evidence)
    with pytest.raises(SeraiError) as caught:
        parse_evidence(_changed(content_key="S3cr3t" * 7 + "B"))
    assert "S3cr3t" not in str(caught.value)


@given(st.integers(0, len(FILE) - 1), st.integers(1, 255))
def test_no_byte_can_be_changed(at: int, change: int) -> None:
    """A file in which any one byte is another does not hold."""
    data = FILE[:at] + bytes([FILE[at] ^ change]) + FILE[at + 1 :]
    with pytest.raises(SeraiError):
        verify_evidence(parse_evidence(data), CASE.root)


def test_any_statement_but_an_epoch_can_be_the_subject() -> None:
    """A receipt or a credential can be what a file is about."""
    base = CASE.evidence(receipts=False)
    for index in (CASE.index(CASE.receipts[0]), 1):
        said = CASE.item(index)
        others = tuple(item for item in CASE.evidence().credentials if item.index < index)
        evidence = type(base)(base.epochs, others, said)
        verified = verify_evidence(parse_evidence(encode_evidence(evidence)), CASE.root)
        assert verified.said.statement.text == said.statement.text
        assert verified.said.statement.claims.type in (StatementType.RECEIPT, StatementType.CREDENTIAL)
