"""The form of evidence files: one spelling, bounded, everything else refused."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.errors import Code, SeraiError
from schemas.evidence import encode_evidence, parse_evidence
from schemas.limits import EVIDENCE_BYTES, EVIDENCE_ITEMS
from schemas.verification import verify_evidence
from tests.support.evidence import Case

CASE = Case()
FILE = encode_evidence(CASE.evidence(CASE.content()))
OF_THE_FILE = ("version", "checkpoint", "epochs", "credentials", "items", "comment")
ITEMS = json.loads(FILE)["items"]


def _changed(**changes: Any) -> bytes:
    value = json.loads(FILE)
    for name, item in changes.items():
        part = value if name in value or name in OF_THE_FILE else value["items"][0]
        if item is ...:
            del part[name]
        else:
            part[name] = item
    return json.dumps(value).encode()


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
    """An item without content has no members for it."""
    value = json.loads(encode_evidence(CASE.evidence(receipts=False)))
    assert list(value) == ["version", "checkpoint", "epochs", "credentials", "items"]
    assert [list(item) for item in value["items"]] == [["statement", "index", "leaf", "proof"]]


@pytest.mark.parametrize(
    "changes",
    [
        {"version": 0},
        {"version": -2},
        {"version": "1"},
        {"version": "2"},
        {"version": True},
        {"version": 1.0},
        {"version": ...},
        {"epochs": []},
        {"epochs": ...},
        {"credentials": ...},
        {"statement": ...},
        {"leaf": ...},
        {"proof": ...},
        {"proof": "not a proof"},
        {"index": ...},
        {"index": -1},
        {"index": "9"},
        {"index": True},
        {"checkpoint": ...},
        {"checkpoint": None},
        {"items": []},
        {"items": ...},
        {"items": None},
        {"items": ITEMS[::-1]},
        {"items": [ITEMS[0], ITEMS[0]]},
        {"items": [ITEMS[0], ITEMS[2], ITEMS[1]]},
        {"credentials": json.loads(FILE)["credentials"][::-1]},
        {"credentials": json.loads(FILE)["credentials"][:1] * 2},
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
        {"credentials": ITEMS[1:]},
        {"receipts": ITEMS[1:]},
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
        ({"proof": "AAAA"}, Code.BAD_PROOF),
        ({"checkpoint": "not a note"}, Code.BAD_CHECKPOINT),
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
    """A file of more than 16 MiB is refused before it is parsed."""
    assert parse_evidence(FILE.ljust(EVIDENCE_BYTES)) == parse_evidence(FILE)
    assert _refused(FILE.ljust(EVIDENCE_BYTES + 1)) is Code.MALFORMED_EVIDENCE


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


@pytest.mark.parametrize("version", [2, 3, 1_000_000])
def test_another_version_is_not_damage(version: int) -> None:
    """A file of a later version says so, whatever else stands in it: nothing here knows its form."""
    for file in (_changed(version=version), json.dumps({"version": version, "leaves": [None]}).encode()):
        assert _refused(file) is Code.UNSUPPORTED_VERSION


@pytest.mark.parametrize("part", ["items", "credentials"])
def test_parts_are_counted(part: str) -> None:
    """At most 4,096 items and as many credentials are read; one more, and none of them is looked at."""
    one = {"statement": "", "index": 0, "leaf": ITEMS[0]["leaf"], "proof": ""}
    for count, code in ((EVIDENCE_ITEMS, Code.MALFORMED_STATEMENT), (EVIDENCE_ITEMS + 1, Code.MALFORMED_EVIDENCE)):
        assert _refused(_changed(**{part: [{**one, "index": number} for number in range(count)]})) is code


def test_any_statement_but_an_epoch_can_be_shown() -> None:
    """A receipt or a credential can be what a file is about, alone and beside others."""
    for texts in ((CASE.receipts[0],), (CASE.world.log[1].text,), (CASE.world.log[1].text, CASE.sent.text)):
        verified = verify_evidence(parse_evidence(encode_evidence(CASE.file(*texts))), CASE.root)
        assert [item.statement.text for item in verified.items] == list(texts)
