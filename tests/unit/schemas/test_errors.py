"""Codes are stable, and each means something to people and to both transports."""

from __future__ import annotations

import copy
import pickle
import re
from http import HTTPStatus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.errors import PROBLEMS, Code, SeraiError

codes = st.sampled_from(Code)

# Close codes of RFC 6455 and its registry that a server may send.
STANDARD_CLOSE_CODES = {1002, 1003, 1007, 1008, 1009, 1011, 1012, 1013}


def test_every_code_has_a_problem() -> None:
    """The table has one row for each code and none besides."""
    assert set(PROBLEMS) == set(Code)


@pytest.mark.parametrize("code", Code)
def test_code_is_spelt_like_its_name(code: Code) -> None:
    """What travels is the name in small letters, so that log, code and table can be searched for one word."""
    assert code.value == code.name.lower()
    assert re.fullmatch(r"[a-z]+(_[a-z]+)*", code.value)


@pytest.mark.parametrize("code", Code)
def test_problem_speaks_to_people(code: Code) -> None:
    """Title and remedy are whole sentences on one line."""
    for sentence in (PROBLEMS[code].title, PROBLEMS[code].remedy):
        assert re.fullmatch(r"[A-Z][^\n]+[^\s]\.", sentence)


@pytest.mark.parametrize("code", Code)
def test_problem_has_an_http_status_of_an_error(code: Code) -> None:
    """The status is a registered one that reports an error."""
    assert 400 <= HTTPStatus(PROBLEMS[code].http_status) <= 599


@pytest.mark.parametrize("code", Code)
def test_close_code_may_be_sent(code: Code) -> None:
    """The line is closed with a registered code or one for private use (RFC 6455 section 7.4.2), or not at all."""
    close_code = PROBLEMS[code].close_code
    assert close_code is None or close_code in STANDARD_CLOSE_CODES or 4000 <= close_code <= 4999


def test_private_close_codes_tell_reasons_apart() -> None:
    """No two codes share a private close code."""
    private = [problem.close_code for problem in PROBLEMS.values() if problem.close_code and problem.close_code >= 4000]
    assert len(private) == len(set(private)) > 0


@given(codes, st.text(min_size=1))
def test_error_says_code_and_detail(code: Code, detail: str) -> None:
    """An error carries its code and detail, and its text is both."""
    error = SeraiError(code, detail)
    assert (error.code, error.detail, error.problem) == (code, detail, PROBLEMS[code])
    assert str(error) == f"{code.value}: {detail}"


@given(codes)
def test_error_without_detail_says_its_code(code: Code) -> None:
    """Without a detail the text of an error is its code alone."""
    assert str(SeraiError(code)) == code.value


@given(codes, st.text())
def test_error_survives_copies(code: Code, detail: str) -> None:
    """An error that is copied or passed between processes says the same."""
    error = SeraiError(code, detail)
    for twin in (copy.copy(error), pickle.loads(pickle.dumps(error))):  # noqa: S301 - made one line above
        assert (type(twin), twin.code, twin.detail) == (SeraiError, code, detail)
