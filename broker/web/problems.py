"""Errors as HTTP answers (RFC 9457, PROTOCOL 12)."""

from __future__ import annotations

from fastapi.responses import JSONResponse

from broker.service.timekeeper import ClockDoubted
from schemas.errors import Code, SeraiError


def problem_response(error: SeraiError, time_ms: int | None) -> JSONResponse:
    """The answer for an error; internal ones keep their detail to themselves.

    Args:
        error: what went wrong.
        time_ms: the hub's time, by which a client corrects its clock; ``None`` if it is not known.
    """
    problem = error.problem
    body = {
        "code": error.code.value,
        "title": problem.title,
        "detail": "" if error.code is Code.INTERNAL else error.detail,
        "status": problem.http_status,
        "time": time_ms,
    }
    if isinstance(error, ClockDoubted):
        body["clock"] = error.doubt.value
    headers = {"WWW-Authenticate": "Bearer"} if problem.http_status == 401 else {}
    return JSONResponse(body, problem.http_status, headers, media_type="application/problem+json")
