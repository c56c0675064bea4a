"""Paths into a report: what stands there, and a report with something else there."""

from __future__ import annotations

from typing import Any

import pytest

from schemas.reports.models import SeizureReport
from schemas.reports.paths import PathStep, parse_path, read_path, write_path
from tests.unit.schemas.reports.builders import COMPLETE

REPORT: dict[str, Any] = {
    "our_reference": "KZ-1",
    "outcome": {"code": "other", "as_written": "Lost"},
    "goods": [{"name": "Heroin", "quantity": "1"}, {"name": "Opium"}],
    "identifiers": [{"kind": "vin", "value": "X"}, {"kind": "container", "value": "C", "note": "red"}],
}


def test_steps_of_a_path() -> None:
    """A name may say which entry of a list is meant: by number, or by a value of a member."""
    assert parse_path("a.b_c[0].d[kind=x_1].value") == (
        PathStep("a"),
        PathStep("b_c", 0),
        PathStep("d", ("kind", "x_1")),
        PathStep("value"),
    )


@pytest.mark.parametrize("path", ["", "a.", "a[]", "a[-1]", "a[kind]", "a[kind=]", "A", "a b"])
def test_what_is_no_path(path: str) -> None:
    """Anything else is refused."""
    with pytest.raises(ValueError, match="not a step of a path"):
        parse_path(path)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("our_reference", "KZ-1"),
        ("outcome.code", "other"),
        ("goods[1].name", "Opium"),
        ("goods[2].name", None),
        ("identifiers[kind=container].value", "C"),
        ("identifiers[kind=seal].value", None),
        ("summary", None),
        ("place.country.code", None),
        ("our_reference.code", None),
    ],
)
def test_reading(path: str, value: str | None) -> None:
    """What stands at a path is found; nothing is found where the path leads nowhere."""
    assert read_path(REPORT, path) == value


def test_reading_a_report_itself() -> None:
    """The same path leads to the same value in a report that was parsed."""
    report = SeizureReport.model_validate(COMPLETE["seizure"])
    for path in ("country", "goods[0].name", "place.country.code", "identifiers[kind=container].value", "route.x"):
        assert read_path(report, path) == read_path(COMPLETE["seizure"], path)


@pytest.mark.parametrize(
    ("path", "value", "changed"),
    [
        ("our_reference", "KZ-2", {"our_reference": "KZ-2"}),
        ("place.country.code", "KZ", {"place": {"country": {"code": "KZ"}}}),
        ("goods[0].quantity", "2", {"goods": [{"name": "Heroin", "quantity": "2"}, {"name": "Opium"}]}),
        ("goods[2].name", "Hashish", {"goods": [*REPORT["goods"], {"name": "Hashish"}]}),
        (
            "identifiers[kind=vin].value",
            "Y",
            {"identifiers": [{"kind": "vin", "value": "Y"}, REPORT["identifiers"][1]]},
        ),
        (
            "identifiers[kind=seal].value",
            "S",
            {"identifiers": [*REPORT["identifiers"], {"kind": "seal", "value": "S"}]},
        ),
    ],
)
def test_writing(path: str, value: str, changed: dict[str, Any]) -> None:
    """A value replaces what stood there, or is added with all that leads to it; the rest, and the original, stay."""
    before = repr(REPORT)
    assert write_path(REPORT, path, value) == {**REPORT, **changed}
    assert repr(REPORT) == before


@pytest.mark.parametrize(
    ("path", "left"),
    [
        ("outcome.as_written", {"outcome": {"code": "other"}}),
        ("goods[0].quantity", {"goods": [{"name": "Heroin"}, {"name": "Opium"}]}),
        ("goods[1].name", {"goods": REPORT["goods"][:1]}),
        ("identifiers[kind=container].value", {"identifiers": REPORT["identifiers"][:1]}),
        ("identifiers[kind=seal].value", {}),
        ("summary", {}),
    ],
)
def test_taking_away(path: str, left: dict[str, Any]) -> None:
    """What is empty without a value goes with it, and an entry with the value that it is found for."""
    assert write_path(REPORT, path, None) == {**REPORT, **left}


def test_nothing_is_left_of_what_had_one_value() -> None:
    """A group and a list of one go with their only value."""
    assert write_path({"a": {"b": {"c": "x"}}}, "a.b.c", None) == {}
    assert write_path({"a": [{"b": "x"}]}, "a[0].b", None) == {}


def test_an_entry_may_be_a_value_itself() -> None:
    """A list of texts is read and written by number."""
    written = write_path({}, "conditions[0]", "Seize")
    assert written == {"conditions": ["Seize"]}
    assert read_path(written, "conditions[0]") == "Seize"
    assert write_path(written, "conditions[0]", None) == {}


def test_an_entry_keeps_its_number() -> None:
    """An emptied entry stays before others, which would else be taken for it."""
    assert write_path({"a": [{"b": "x"}, {"b": "y"}]}, "a[0].b", None) == {"a": [{}, {"b": "y"}]}
