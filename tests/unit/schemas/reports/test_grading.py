"""Grades and handling stay in the sender's scheme."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from schemas.reports.grading import Grading, Handling


@pytest.mark.parametrize(
    "value",
    [
        {"scheme": "4x4", "source": "X", "information": "4"},
        {"scheme": "3x5x2", "source": "2", "information": "E", "handling": "C", "conditions": "ask"},
        {"scheme": "5x5x5", "source": "E", "information": "5", "handling": "5"},
    ],
)
def test_grading(value: dict[str, Any]) -> None:
    """A grade of each scheme comes back in its own scheme."""
    adapter: TypeAdapter[Any] = TypeAdapter(Grading)
    assert adapter.dump_python(adapter.validate_python(value), mode="json", exclude_none=True) == value


@pytest.mark.parametrize(
    "value",
    [
        {"source": "A", "information": "1"},
        {"scheme": "4x4", "source": "D", "information": "1"},
        {"scheme": "4x4", "source": "A", "information": "5"},
        {"scheme": "3x5x2", "source": "A", "information": "1"},
        {"scheme": "6x6", "source": "A", "information": "1"},
    ],
)
def test_grade_of_another_scheme(value: dict[str, Any]) -> None:
    """A letter of one scheme under the name of another is refused."""
    with pytest.raises(ValidationError):
        TypeAdapter(Grading).validate_python(value)


@pytest.mark.parametrize(
    "value",
    [
        {"scheme": "handling", "code": "H0"},
        {"scheme": "handling", "code": "H3", "text": "not to the press"},
        {"scheme": "tlp", "code": "clear"},
        {"scheme": "national", "name": "ДСП"},
    ],
)
def test_handling(value: dict[str, Any]) -> None:
    """Handling of each scheme comes back in its own scheme."""
    adapter: TypeAdapter[Any] = TypeAdapter(Handling)
    assert adapter.dump_python(adapter.validate_python(value), mode="json", exclude_none=True) == value


@pytest.mark.parametrize("value", [{"scheme": "handling", "code": "H3"}, {"scheme": "tlp", "code": "white"}])
def test_bad_handling(value: dict[str, Any]) -> None:
    """H3 without its text, or an unknown code, is refused."""
    with pytest.raises(ValidationError):
        TypeAdapter(Handling).validate_python(value)
