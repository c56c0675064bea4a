"""What an officer is asked to look at again."""

from __future__ import annotations

from schemas.identifiers import IdentifierWarning
from schemas.reports import SeizureReport
from schemas.reports.review import review_report
from tests.unit.schemas.reports.builders import COMPLETE, MINIMAL


def test_nothing_to_doubt() -> None:
    """A report without identifiers raises no doubt."""
    assert review_report(SeizureReport.model_validate(MINIMAL["seizure"])) == ()


def test_doubts_name_their_place() -> None:
    """Doubtful identifiers of the report and of its conveyances are named by their path."""
    conveyance = {"identifiers": [{"kind": "seal", "value": "1"}, {"kind": "rail_wagon", "value": "524"}]}
    report = SeizureReport.model_validate(COMPLETE["seizure"] | {"conveyances": [conveyance]})
    assert [(doubt.path, doubt.finding.warning) for doubt in review_report(report)] == [
        ("identifiers.0", IdentifierWarning.WRONG_CHECK_DIGIT),
        ("conveyances.0.identifiers.1", IdentifierWarning.WRONG_FORM),
    ]
