"""Reports from bytes and back: what is sent is what is read, errors name places and no content."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.errors import Code, SeraiError
from schemas.limits import CONTENT_BYTES
from schemas.reports import MAX_REPORT_BYTES, SeizureReport, encode_report, parse_report
from tests.unit.schemas.reports.builders import COMPLETE, MINIMAL

KINDS = sorted(MINIMAL)


def to_bytes(value: Any) -> bytes:
    """JSON as a sender might write it."""
    return json.dumps(value, ensure_ascii=False).encode()


def seizure_with(**changes: Any) -> bytes:
    """The minimal seizure report with other members."""
    return to_bytes(MINIMAL["seizure"] | changes)


def refusal(data: bytes) -> SeraiError:
    """The error with which the bytes are refused as a report."""
    with pytest.raises(SeraiError) as caught:
        parse_report(data)
    assert caught.value.code is Code.MALFORMED_REPORT
    return caught.value


@pytest.mark.parametrize("kind", KINDS)
def test_minimal_form(kind: str) -> None:
    """The minimal form of each kind is a report and comes back as it was, but for the language."""
    report = parse_report(to_bytes(MINIMAL[kind]))
    assert json.loads(encode_report(report)) == MINIMAL[kind] | {"language": "und"}


@pytest.mark.parametrize("kind", KINDS)
def test_complete_form(kind: str) -> None:
    """Every detail of each kind comes back as it was sent."""
    report = parse_report(to_bytes(COMPLETE[kind]))
    assert json.loads(encode_report(report)) == COMPLETE[kind]
    assert parse_report(encode_report(report)) == report


@pytest.mark.parametrize("kind", KINDS)
def test_minimal_form_is_least(kind: str) -> None:
    """Without any one of its members the minimal form is refused."""
    for name in MINIMAL[kind]:
        refusal(to_bytes({key: value for key, value in MINIMAL[kind].items() if key != name}))


@given(st.integers(0, 5000))
def test_padding_is_ignored(spaces: int) -> None:
    """Spaces after the report change nothing."""
    data = seizure_with()
    assert parse_report(data + b" " * spaces) == parse_report(data)


def test_other_padding_is_refused() -> None:
    """Nothing but spaces is padding."""
    refusal(seizure_with() + b"\0")


def test_size_limits() -> None:
    """A report and a padded report of more than their bytes are refused, before they are parsed."""
    assert "larger" in refusal(b"[" * (MAX_REPORT_BYTES + 1)).detail
    assert "larger" in refusal(seizure_with() + b" " * CONTENT_BYTES).detail
    data = seizure_with()
    assert parse_report(data + b" " * (CONTENT_BYTES - len(data))) == parse_report(data)


def test_too_large_to_send() -> None:
    """A report whose parts are each in bounds and that is too large as a whole is not encoded."""
    goods = [{"group": "other", "name": "x", "note": "ж" * 8000}] * 10
    report = SeizureReport.model_validate(MINIMAL["seizure"] | {"goods": goods})
    with pytest.raises(SeraiError) as caught:
        encode_report(report)
    assert caught.value.code is Code.MALFORMED_REPORT


@pytest.mark.parametrize(
    "data",
    [b"", b"[]", b"null", b"\xff", b'{"report":"seizure","report":"seizure"}', b'{"a":NaN}', b"[" * 10_000],
)
def test_not_a_json_object(data: bytes) -> None:
    """What is not one I-JSON object is a malformed report."""
    refusal(data)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("report", "seizures"),
        ("report", None),
        ("report", ["seizure"]),
        ("version", 2),
        ("version", True),
        ("version", "1"),
        ("version", 1.0),
        ("version", None),
    ],
)
def test_unknown_kind_or_version(name: str, value: Any) -> None:
    """Another kind or version is refused, and the refusal says which of the two."""
    assert refusal(seizure_with(**{name: value})).detail.startswith(f"{name}:")


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"date": "2026-02-30"}, "date"),
        ({"country": "ZZ"}, "country"),
        ({"goods": []}, "goods"),
        ({"goods": [{"group": "heroin", "name": "x", "quantity": "-1", "unit": "gram"}]}, "goods.0.quantity"),
        ({"goods": [{"group": "heroin", "name": "x", "quantity": 1.5, "unit": "gram"}]}, "goods.0.quantity"),
        ({"grading": {"scheme": "4x4", "source": "Z", "information": "1"}}, "grading.4x4.source"),
        ({"persons": [{"count": True}]}, "persons.0.count"),
        ({"summary": None}, "summary"),
        ({"place": {"name": None}}, "place.name"),
        ({"summary": "a\x1b[2J"}, "summary"),
    ],
)
def test_error_names_the_place(changes: dict[str, Any], path: str) -> None:
    """A refusal names the path of the wrong field."""
    assert refusal(seizure_with(**changes)).detail.partition(":")[0] == path


@pytest.mark.parametrize(
    "changes",
    [
        {"secret word": 1},
        {"place": {"secret word": 1}},
        {"country": "secret word"},
        {"summary": ["secret word"]},
        {"grading": {"scheme": "secret word"}},
        {"goods": [{"group": "secret word", "name": "x"}]},
        {"secret word": None},
        {"report": "secret word"},
    ],
)
def test_error_tells_no_content(changes: dict[str, Any]) -> None:
    """Neither a refusal nor what it was raised from repeats what the report says, unknown names included."""
    error = refusal(seizure_with(**changes))
    assert "secret" not in repr(error)
    assert error.__cause__ is None
    assert error.__suppress_context__ or error.__context__ is None


def test_reports_are_frozen() -> None:
    """A report that was read cannot be changed."""
    report = parse_report(seizure_with())
    with pytest.raises(ValueError, match="frozen"):
        report.summary = "other"  # type: ignore[misc]


def test_empty_lists_are_left_out() -> None:
    """An empty list says nothing and is not sent; an empty group is, for it may be a required one."""
    report = parse_report(seizure_with(persons=[], conveyances=[{}], route={"stops": [{"place": {}}]}))
    assert json.loads(encode_report(report)).keys().isdisjoint({"persons", "identifiers"})
    assert parse_report(encode_report(report)) == report
