"""Rules of the reports that no single field can have."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from schemas.reports import FeedbackReport, SeizureReport, WarningReport
from tests.unit.schemas.reports.builders import COMPLETE, MINIMAL


@pytest.mark.parametrize(
    ("model", "kind"), [(WarningReport, "warning"), (SeizureReport, "seizure"), (FeedbackReport, "feedback")]
)
def test_builders_leave_nothing_out(model: type[WarningReport], kind: str) -> None:
    """The complete form of these tests sets every member that the model has."""
    assert set(COMPLETE[kind]) == set(model.model_fields)


@pytest.mark.parametrize(
    ("name", "most", "item"),
    [
        ("goods", 100, {"group": "other", "name": "x"}),
        ("identifiers", 100, {"kind": "other", "value": "x"}),
        ("persons", 50, {"count": 1}),
        ("companies", 50, {"name": "x"}),
        ("conveyances", 20, {"name": "x"}),
        ("handling", 4, {"scheme": "tlp", "code": "red"}),
    ],
)
def test_lists_are_bounded(name: str, most: int, item: dict[str, Any]) -> None:
    """A list takes its most and no more."""
    assert len(getattr(SeizureReport.model_validate(MINIMAL["seizure"] | {name: [item] * most}), name)) == most
    with pytest.raises(ValidationError):
        SeizureReport.model_validate(MINIMAL["seizure"] | {name: [item] * (most + 1)})
