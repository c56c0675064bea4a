"""A report as its recipient reads it: what is known, what is as written, and what fails (PROTOCOL 7, step 10)."""

from __future__ import annotations

import json
import time
from typing import Any, get_args

import pytest
from annotated_types import MaxLen
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from schemas.errors import Code, SeraiError
from schemas.labels import HandlingCode
from schemas.reports import ReadReport, SeizureReport, WarningReport, encode_report, parse_report, read_report
from schemas.reports.codes import RequestedAction
from schemas.reports.kinds import forms
from schemas.reports.reading import LONGEST_LIST
from tests.unit.schemas.reports.builders import COMPLETE, MINIMAL

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-10, 10) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


def read(kind: str, **changes: Any) -> ReadReport:
    """A minimal report with other members, as it is read."""
    return read_report(json.dumps(MINIMAL[kind] | changes, separators=(",", ":")).encode(), kind)


def written(report: ReadReport) -> list[tuple[tuple[str | int, ...], Any]]:
    """What is as written, by its path."""
    return [(each.path, each.value) for each in report.as_written]


def refusal(kind: str, data: bytes) -> Code:
    """The code with which step 10 fails."""
    with pytest.raises(SeraiError) as caught:
        read_report(data, kind)
    return caught.value.code


@pytest.mark.parametrize("kind", sorted(MINIMAL))
@pytest.mark.parametrize("reports", [MINIMAL, COMPLETE])
def test_what_is_written_by_the_rules_is_known(reports: dict[str, dict[str, Any]], kind: str) -> None:
    """A report of the form is read as who wrote it checked it, and all of it is known."""
    data = json.dumps(reports[kind]).encode()
    found = read_report(data, kind)
    assert found.form == parse_report(data)
    assert found.is_known


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"new": {"deep": [1]}}, ("new",)),
        ({"place": {"name": "Korday", "new": 1}}, ("place", "new")),
        (
            {"goods": [{"group": "heroin", "name": "x"}, {"group": "heroin", "name": "y", "new": 1}]},
            ("goods", 1, "new"),
        ),
        ({"goods": [{"group": "heroin", "name": "x", "new": 1}]}, ("goods", 0, "new")),
        ({"grading": {"scheme": "4x4", "source": "A", "information": "1", "4x4": 1}}, ("grading", "4x4")),
    ],
)
def test_unknown_member_is_as_written_and_the_rest_is_known(changes: dict[str, Any], path: tuple[str | int]) -> None:
    """A member too many, at any depth, takes nothing else away."""
    found = read("seizure", **changes)
    assert [each for each, _value in written(found)] == [path]
    assert isinstance(found.form, SeizureReport)
    assert len(found.form.goods) == len(changes.get("goods", [1]))
    assert not found.is_known


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"summary": "a\x1b[2J"}, ("summary",)),
        ({"persons": [{"count": 2}, {"count": True}]}, ("persons", 1)),
        ({"persons": [{"count": 1}] * 51}, ("persons",)),
        ({"grading": {"scheme": "6x6"}}, ("grading",)),
        ({"grading": {"scheme": "4x4", "source": "!", "information": "1"}}, ("grading",)),
        ({"place": "Korday"}, ("place",)),
        ({"handling": [{"scheme": "tlp", "code": "red", "text": 5}]}, ("handling", 0, "text")),
    ],
)
def test_value_that_does_not_fit_is_as_written(changes: dict[str, Any], path: tuple[str | int]) -> None:
    """A value that the form cannot take is kept as written, with the least of what is around it."""
    assert [each for each, _value in written(read("seizure", **changes))] == [path]


def test_numbers_of_entries_are_those_of_the_sender() -> None:
    """Paths count the entries that the sender wrote, whichever of them are known."""
    bad = {"group": "heroin", "name": "x", "quantity": "1"}
    goods = [bad, {"group": "heroin", "name": "a"}, bad, {"group": "heroin", "name": "b", "new": 1}]
    found = read("seizure", goods=goods)
    assert [path for path, _value in written(found)] == [("goods", 0), ("goods", 2), ("goods", 3, "new")]
    assert isinstance(found.form, SeizureReport)
    assert [each.name for each in found.form.goods] == ["a", "b"]


def test_later_code_stands_in_its_place_and_equals_none() -> None:
    """A code of a later version is shown as its sender wrote it, and no rule takes it for one that is known."""
    found = read("warning", requested_action={"code": "quarantine"})
    assert isinstance(found.form, WarningReport)
    code = found.form.requested_action.code
    assert (str(code), code.label.ru, code.is_later) == ("quarantine", "quarantine", True)
    assert code not in list(RequestedAction)
    assert (found.as_written, found.is_known) == ((), False)
    assert json.loads(encode_report(found.form))["requested_action"] == {"code": "quarantine"}


@pytest.mark.parametrize("code", ["", "x" * 65, "a b", "a\u202eb", "стоп", 7])
def test_code_that_is_no_word_is_none(code: Any) -> None:
    """What is no word of 1 to 64 letters, digits and underscores is a value that does not fit."""
    assert read("warning", concealment={"hiding_place": {"code": code}}).as_written


def test_later_handling_is_the_strictest() -> None:
    """A handling code that is not known reads as H3, under its own name."""
    found = read("warning", handling=[{"scheme": "handling", "code": "H7"}])
    assert found.form is not None
    assert found.form.handling[0].code.label.en == f"H7? {HandlingCode.H3.label.en}"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({}, ()),
        ({"new": 1}, ()),
        ({"handling": [{"scheme": "handling", "code": "H1"}]}, ("H1",)),
        ({"handling": [{"scheme": "handling", "code": "H7"}]}, ("H7",)),
        ({"handling": [{"scheme": "handling", "code": "H1"}, {"scheme": "new"}]}, ("H1", "H3")),
        ({"handling": "H0"}, ("H3",)),
        ({"version": 2}, ("H3",)),
    ],
)
def test_handling_that_cannot_be_read_permits_nothing(changes: dict[str, Any], codes: tuple[str, ...]) -> None:
    """Where it is not known which handling codes a report names, the strictest is among them."""
    assert read("warning", **changes).handling_codes == codes


def test_country_of_later_years_is_read() -> None:
    """Countries come and go: any two letters are read, and only those of the table are written."""
    found = read("seizure", country="QZ")
    assert isinstance(found.form, SeizureReport)
    assert (found.form.country, found.is_known) == ("QZ", False)
    assert not read("seizure", country="xk").form


@pytest.mark.parametrize(
    "changes", [{"version": 2}, {"version": True}, {"date": "2026-02-30"}, {"goods": []}, {"our_reference": None}]
)
def test_form_that_is_not_known_is_wholly_as_written(changes: dict[str, Any]) -> None:
    """Another version, or a report that lacks what its form needs, is kept whole."""
    found = read("seizure", **changes)
    assert found.form is None
    members = MINIMAL["seizure"] | changes
    assert written(found) == [((name,), value) for name, value in members.items() if name != "report"]


def test_kind_without_a_form_is_wholly_as_written() -> None:
    """A kind that this program does not know, or knows by its name only, is kept whole."""
    for kind in ("bulletin", "weather"):
        found = read_report(json.dumps({"report": kind, "text": "x"}).encode(), kind)
        assert (found.form, written(found)) == (None, [(("text",), "x")])


def test_null_is_absence() -> None:
    """A member that is null is one that is not there."""
    found = read("warning", place=None)
    assert found.form is not None
    assert (found.form.place, found.as_written) == (None, ())


@pytest.mark.parametrize("data", [b"[]", b"null", b"\xff", b'{"report":"warning","report":"warning"}', b'{"report":1}'])
def test_no_report(data: bytes) -> None:
    """What is no JSON object, or reads two ways, is no report."""
    assert refusal("warning", data) is Code.MALFORMED_REPORT


def test_another_kind_than_the_cover_says() -> None:
    """A report is of the cover's kind, known or not."""
    for kind in ("warning", "weather"):
        assert refusal(kind, json.dumps(MINIMAL["seizure"]).encode()) is Code.MALFORMED_REPORT


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"critical": ["summary", "place"]}, None),
        ({"new": 1, "critical": ["summary"]}, None),
        ({"new": 1, "critical": ["summary", "new"]}, Code.UNSUPPORTED_CRITICAL),
        ({"critical": ["new"]}, Code.UNSUPPORTED_CRITICAL),
        ({"place": {"new": 1}, "critical": ["place"]}, Code.UNSUPPORTED_CRITICAL),
        ({"requested_action": {"code": "quarantine"}, "critical": ["requested_action"]}, Code.UNSUPPORTED_CRITICAL),
        ({"requested_action": {"code": "quarantine"}, "critical": ["summary"]}, None),
        ({"route": {"origin": {"code": "QZ"}}, "critical": ["route"]}, Code.UNSUPPORTED_CRITICAL),
        ({"version": 2, "critical": ["report"]}, None),
        ({"version": 2, "critical": ["summary"]}, Code.UNSUPPORTED_CRITICAL),
        ({"critical": []}, Code.MALFORMED_REPORT),
        ({"critical": None}, Code.MALFORMED_REPORT),
        ({"critical": "summary"}, Code.MALFORMED_REPORT),
        ({"critical": ["summary", 1]}, Code.MALFORMED_REPORT),
        ({"critical": ["summary"] * 17}, Code.MALFORMED_REPORT),
    ],
)
def test_critical(changes: dict[str, Any], code: Code | None) -> None:
    """What is named in critical must be known with everything in it; what is not named need not."""
    data = json.dumps(MINIMAL["warning"] | changes).encode()
    if code is None:
        read_report(data, "warning")
    else:
        assert refusal("warning", data) is code


@given(st.dictionaries(st.sampled_from([*SeizureReport.model_fields, "new", "x"]), JSON, max_size=6))
def test_nothing_is_lost_and_nothing_is_refused(changes: dict[str, Any]) -> None:
    """Whatever an object of the right kind says: it is read, and each member is known, as written, or null."""
    members = MINIMAL["seizure"] | changes | {"report": "seizure"}
    found = read_report(json.dumps(members).encode(), "seizure")
    kept = {path[0] for path, _value in written(found)}
    known = set() if found.form is None else found.form.model_fields_set
    assert {name for name, value in members.items() if value is not None} <= kept | known | {"report"}
    for path, value in written(found):
        at: Any = members
        for step in path:
            at = at[step]
        assert at == value


MANY: dict[str, dict[str, Any]] = {
    "unknown members": {f"{number:x}": 0 for number in range(12_000)},
    "entries that lack everything": {"goods": [{}] * 40_000},
    "lists in lists": {"conveyances": [{"identifiers": [{}] * 2_000}] * 20},
    "entries of another type": {"persons": [0] * 60_000},
    "unknown members of entries": {"goods": [{"group": "x", "name": "x", **dict.fromkeys("abcdefg" * 9, 0)}] * 100},
    "broken rules": {"goods": [{"group": "heroin", "name": "x", "quantity": "1"}] * 2_000},
}


@pytest.mark.parametrize("changes", MANY.values(), ids=MANY.keys())
def test_report_of_many_faults_is_read_in_a_moment(changes: dict[str, Any]) -> None:
    """128 KiB of whatever nobody knows is read in less time than a person would notice: lists show many of them."""
    began = time.process_time()
    assert read("seizure", **changes).as_written
    assert time.process_time() - began < 1


def test_no_list_of_a_form_is_too_long_to_read() -> None:
    """Whatever list a form has, a reader judges its entries."""
    limits = [
        part.max_length
        for model in _parts(*forms().values())
        for field in model.model_fields.values()
        for part in field.metadata
        if isinstance(part, MaxLen) and "tuple" in str(field.annotation)
    ]
    assert limits
    assert max(limits) <= LONGEST_LIST


def _parts(*models: Any) -> set[Any]:
    found = {each for each in models if isinstance(each, type) and issubclass(each, BaseModel)}
    inner = [get_args(field.annotation) for each in found for field in each.model_fields.values()]
    inner += [(field.annotation,) for each in found for field in each.model_fields.values()]
    deeper = [each for args in inner for each in args] + [each for model in models for each in get_args(model)]
    return found | (_parts(*deeper) if deeper else set())
