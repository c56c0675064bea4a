"""Reports: the sealed content of dispatches, from bytes and back (PROTOCOL 7).

A report is one JSON object ``{"report": KIND, "version": 1, ...}`` of at most 128 KiB.
Errors say where a report is wrong, never what it says there.
"""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter, ValidationError

from schemas.encoding import decode_object, encode_json
from schemas.errors import Code, SeraiError
from schemas.limits import CONTENT_BYTES
from schemas.reports.models import FeedbackReport, Report, SeizureReport, WarningReport

__all__ = [
    "MAX_REPORT_BYTES",
    "FeedbackReport",
    "Report",
    "SeizureReport",
    "WarningReport",
    "encode_report",
    "parse_report",
]

MAX_REPORT_BYTES = 131_072
"""Largest report in bytes, without padding (PROTOCOL 2)."""

_ADAPTER: TypeAdapter[WarningReport | SeizureReport | FeedbackReport] = TypeAdapter(Report)
_KINDS = ("warning", "seizure", "feedback")


def parse_report(data: bytes) -> WarningReport | SeizureReport | FeedbackReport:
    """The report in the opened content of a dispatch.

    Args:
        data: JSON in UTF-8; spaces after it are padding and are ignored.

    Raises:
        SeraiError: ``malformed_report``, naming the first wrong field by its path; a
            kind or version that is not known here is one.
    """
    if len(data) > CONTENT_BYTES or len(text := data.rstrip(b" ")) > MAX_REPORT_BYTES:
        raise SeraiError(Code.MALFORMED_REPORT, f"larger than {MAX_REPORT_BYTES} bytes")
    try:
        value = decode_object(text, MAX_REPORT_BYTES)  # its bytes already bound its members
    except SeraiError as error:
        raise SeraiError(Code.MALFORMED_REPORT, error.detail) from None
    _check_form(value)
    try:
        report = _ADAPTER.validate_python(value)
    except ValidationError as error:
        # Without the cause: it holds what the report says.
        raise SeraiError(Code.MALFORMED_REPORT, _where(error)) from None
    _refuse_null(value, "")
    return report


def encode_report(report: WarningReport | SeizureReport | FeedbackReport) -> bytes:
    """The report as JSON in UTF-8, without padding; empty lists are left out.

    Raises:
        SeraiError: ``malformed_report`` if it is too large to be sent.
    """
    data = encode_json(_without_empty(report.model_dump(mode="json", exclude_none=True))).encode()
    if len(data) > MAX_REPORT_BYTES:
        raise SeraiError(Code.MALFORMED_REPORT, f"larger than {MAX_REPORT_BYTES} bytes")
    return data


def _check_form(value: dict[str, Any]) -> None:
    if value.get("report") not in _KINDS:
        raise SeraiError(Code.MALFORMED_REPORT, "report: a kind that is not known here")
    if type(value.get("version")) is not int or value["version"] != 1:
        raise SeraiError(Code.MALFORMED_REPORT, "version: one that is not known here")


def _refuse_null(value: Any, path: str) -> None:
    # Absence has one spelling. Called when every name in the path is known, so that it tells nothing.
    if value is None:
        raise SeraiError(Code.MALFORMED_REPORT, f"{path[1:]}: null")
    if isinstance(value, dict | list):
        for name, item in value.items() if isinstance(value, dict) else enumerate(value):
            _refuse_null(item, f"{path}.{name}")


def _without_empty(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: kept for name, item in value.items() if (kept := _without_empty(item)) != []}
    return [_without_empty(item) for item in value] if isinstance(value, list) else value


def _where(error: ValidationError) -> str:
    fault = error.errors(include_input=False, include_context=False, include_url=False)[0]
    path = [str(step) for step in fault["loc"]]
    if fault["type"] == "extra_forbidden":
        return f"{'.'.join(path[1:-1]) or 'report'}: a member that is not known here"
    return f"{'.'.join(path[1:]) or 'report'}: {fault['type']}"
