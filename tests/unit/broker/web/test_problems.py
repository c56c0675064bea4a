"""Errors as HTTP answers."""

from __future__ import annotations

import json

import pytest

from broker.web.problems import problem_response
from schemas.errors import PROBLEMS, Code, SeraiError


@pytest.mark.parametrize("code", Code)
def test_every_code_has_its_answer(code: Code) -> None:
    """Status, title and code are those of the table; who has to sign a token is told so."""
    answer = problem_response(SeraiError(code, "what exactly"), 1_790_000_000_123)
    body = json.loads(bytes(answer.body))
    assert answer.status_code == body["status"] == PROBLEMS[code].http_status
    assert (body["code"], body["title"]) == (code.value, PROBLEMS[code].title)
    assert body["detail"] == ("" if code is Code.INTERNAL else "what exactly")
    assert body["time"] == 1_790_000_000_123
    assert answer.media_type == "application/problem+json"
    assert ("www-authenticate" in answer.headers) == (answer.status_code == 401)


def test_a_hub_that_does_not_know_the_time_says_none() -> None:
    """A clock that cannot be trusted is not passed on."""
    assert json.loads(bytes(problem_response(SeraiError(Code.NOT_FOUND), None).body))["time"] is None
