"""Base of the forms of operations, and what every fact says (PROTOCOL 16)."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from schemas.addresses import MemberField
from schemas.reports.base import Instant, Line
from schemas.reports.models import ReportModel
from schemas.reports.operations.parts import FurtherItem


class OperationForm(ReportModel):
    """The content of a step. ``our_reference`` is the sender's own number of the operation or of the step.

    Attributes:
        report: ``operation``.
        version: 1.
        further: what a national form asks besides.
    """

    report: Literal["operation"] = "operation"
    version: Literal[1] = 1
    further: tuple[FurtherItem, ...] = Field(default=(), max_length=64)


class FactForm(OperationForm):
    """What happened: when, whose fact it is, and where it was learnt.

    Attributes:
        occurred_at: when it happened.
        fact_of: the member whose fact it is; the sender's, if absent.
        learned_from: post that reported it, where the sender did not see it.
    """

    occurred_at: Instant
    fact_of: MemberField | None = None
    learned_from: Line | None = None
