"""Reports: the sealed content of dispatches, from bytes and back (PROTOCOL 7).

A report is one JSON object ``{"report": KIND, "version": 1, ...}`` of at most 128 KiB. `parse_report` keeps every rule
of its form, and is for who writes one; `read_report` is for who gets one.
Errors say where a report is wrong, never what it says there.
"""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from schemas.claims import Dispatch
from schemas.encoding import decode_object, encode_json
from schemas.errors import Code, SeraiError
from schemas.limits import CONTENT_BYTES
from schemas.reports.kinds import form_name, forms
from schemas.reports.models import FeedbackReport, ReportModel, SeizureReport, WarningReport
from schemas.reports.reading import AsWritten, ReadReport, read_members

__all__ = [
    "MAX_REPORT_BYTES",
    "AsWritten",
    "FeedbackReport",
    "ReadReport",
    "ReportModel",
    "SeizureReport",
    "WarningReport",
    "encode_report",
    "parse_report",
    "read_content",
    "read_report",
]

MAX_REPORT_BYTES = 131_072
"""Largest report in bytes, without padding (PROTOCOL 2)."""


def parse_report(data: bytes) -> ReportModel:
    """A report that is to be written.

    Args:
        data: JSON in UTF-8; spaces after it are padding and are ignored.

    Raises:
        SeraiError: ``malformed_report``, naming the first wrong field by its path; a
            kind or version that is not known here is one.
    """
    value = _decode(data)
    form = _form_of(value)
    try:
        report = form.model_validate(value)
    except ValidationError as error:
        # Without the cause: it holds what the report says.
        raise SeraiError(Code.MALFORMED_REPORT, _where(error)) from None
    _refuse_null(value, "")
    return report


def read_report(data: bytes, kind: str) -> ReadReport:
    """A report that stands alone, as in a draft or file; `read_content` holds it against a cover.

    Args:
        data: JSON in UTF-8; spaces after it are padding and are ignored.
        kind: that it must be of.

    Raises:
        SeraiError: ``malformed_report`` if it is no JSON object or of another kind; ``unsupported_critical``.
    """
    return read_members(_decode(data), kind)


def read_content(data: bytes, cover: Dispatch) -> ReadReport:
    """The report in the opened content of a dispatch, held against what its cover says: step 10 of PROTOCOL 7.

    Args:
        data: JSON in UTF-8; spaces after it are padding and are ignored.
        cover: of the dispatch.

    Raises:
        SeraiError: ``malformed_report`` if it is no JSON object, of another kind, or another step of an operation than
            the cover says; ``unsupported_critical``.
    """
    return read_members(_decode(data), cover.kind, cover.content_do())


def encode_report(report: ReportModel) -> bytes:
    """The report as JSON in UTF-8, without padding; empty lists are left out.

    Raises:
        SeraiError: ``malformed_report`` if it is too large to be sent.
    """
    data = encode_json(_without_empty(report.model_dump(mode="json", exclude_none=True))).encode()
    if len(data) > MAX_REPORT_BYTES:
        raise SeraiError(Code.MALFORMED_REPORT, f"larger than {MAX_REPORT_BYTES} bytes")
    return data


def _decode(data: bytes) -> dict[str, Any]:
    if len(data) > CONTENT_BYTES or len(text := data.rstrip(b" ")) > MAX_REPORT_BYTES:
        raise SeraiError(Code.MALFORMED_REPORT, f"larger than {MAX_REPORT_BYTES} bytes")
    try:
        return decode_object(text, MAX_REPORT_BYTES, fractions=True)  # its bytes already bound its members
    except SeraiError as error:
        raise SeraiError(Code.MALFORMED_REPORT, error.detail) from None


def _form_of(value: dict[str, Any]) -> type[ReportModel]:
    kind = value.get("report")
    form = forms().get(form_name(kind, value.get("do"))) if isinstance(kind, str) else None
    if form is None:
        raise SeraiError(Code.MALFORMED_REPORT, "report: a kind that is not known here")
    if type(value.get("version")) is not int or value["version"] != 1:
        raise SeraiError(Code.MALFORMED_REPORT, "version: one that is not known here")
    return form


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
        return f"{'.'.join(path[:-1]) or 'report'}: a member that is not known here"
    return f"{'.'.join(path) or 'report'}: {fault['type']}"
