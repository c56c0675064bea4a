"""What an officer should look at again before sending, or on receiving; nothing here refuses."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.identifiers import Finding, check_identifier
from schemas.reports.models import ReportModel
from schemas.reports.parts import Identifier


@dataclass(frozen=True, slots=True)
class Doubt:
    """A field that looks wrong.

    Attributes:
        path: where in the report (``conveyances.0.identifiers.1``).
        finding: what the check says.
    """

    path: str
    finding: Finding


def review_report(report: ReportModel) -> tuple[Doubt, ...]:
    """Doubts about the identifiers of a report, in its order; empty if nothing looks wrong."""
    found = _doubts("identifiers", report.identifiers)
    for number, conveyance in enumerate(report.conveyances):
        found += _doubts(f"conveyances.{number}.identifiers", conveyance.identifiers)
    return tuple(found)


def _doubts(path: str, identifiers: tuple[Identifier, ...]) -> list[Doubt]:
    findings = (check_identifier(identifier.kind, identifier.value) for identifier in identifiers)
    return [Doubt(f"{path}.{number}", finding) for number, finding in enumerate(findings) if finding.warning]
