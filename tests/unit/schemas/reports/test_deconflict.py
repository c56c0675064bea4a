"""The two forms of deconfliction: what they ask and answer, and that nothing else goes into them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from schemas.encoding import encode_json
from schemas.errors import Code, SeraiError
from schemas.reports import encode_report, parse_report
from schemas.reports.deconflict import ComparedPoint, ComparisonResult, DeconflictAnswer, DeconflictReport
from schemas.reports.models import ReportModel
from schemas.reports.narrow import NarrowReport
from schemas.reports.reading import read_members
from tests.support.deconflicting import LATIN, POINT, question
from tests.unit.schemas.reports.builders import COMPLETE

ANSWER: dict[str, Any] = {
    "report": "deconflict_answer",
    "version": 1,
    "our_reference": "D-100",
    "your_reference": "KZ-CD-1",
    "result": "talk_to",
    "talk_to": ["UZ/NFP"],
}
COMMON = sorted(ReportModel.model_fields.keys() - NarrowReport.room())


@pytest.mark.parametrize("members", [question(LATIN, points=[POINT]), ANSWER], ids=["question", "answer"])
@pytest.mark.parametrize("name", COMMON)
def test_neither_form_has_room_for_a_case(members: dict[str, Any], name: str) -> None:
    """What every other report may say is refused to who writes it, and shown as written to who reads it."""
    value = COMPLETE["warning"].get(name, 1)
    with pytest.raises(SeraiError) as caught:
        parse_report(encode_json({**members, name: value}).encode())
    assert caught.value.code is Code.MALFORMED_REPORT
    read = read_members({**members, name: value}, members["report"])
    assert [each.path for each in read.as_written] == [(name,)]
    assert read.form == read_members(members, members["report"]).form


def test_what_the_forms_have() -> None:
    """Both references and a language beside what is their own; that is all of their JSON Schemas too."""
    common = {"report", "version", "our_reference", "your_reference", "language"}
    assert DeconflictReport.room() == common | {"numbers", "points"}
    assert DeconflictAnswer.room() == common | {"result", "talk_to"}
    for form in (DeconflictReport, DeconflictAnswer):
        assert form.model_json_schema()["properties"].keys() == form.room()


@given(st.text(min_size=1, max_size=64))
def test_the_reference_of_an_answer_holds_no_words(text: str) -> None:
    """It is the number of the question and nothing that somebody could write."""
    try:
        form = DeconflictAnswer.model_validate({**ANSWER, "our_reference": text})
    except ValidationError:
        return
    assert form.our_reference.removeprefix("D-").isdecimal()


def test_both_travel_and_come_back() -> None:
    """What is written is read as it was, and known whole."""
    for members in (question(LATIN, points=[POINT]), ANSWER):
        report = parse_report(encode_json(members).encode())
        assert parse_report(encode_report(report)) == report
        assert read_members(members, members["report"]).is_known


@pytest.mark.parametrize(
    "members",
    [
        question(),
        question(*(f"A {at}" for at in range(17))),
        question(points=[{"first_day": "2026-11-24"}]),
        question(points=[{**POINT, "last_day": "2026-12-01"}]),
        question(points=[{**POINT, "last_day": "2026-11-23"}]),
        question(points=[{**POINT, "first_day": "2026-11-24T03:00Z"}]),
        {**ANSWER, "talk_to": []},
        {**ANSWER, "result": "none"},
        {**ANSWER, "talk_to": ["UZ/NFP/DUTY-1"]},
    ],
)
def test_what_is_no_question_and_no_answer(members: dict[str, Any]) -> None:
    """A question asks something, of few things and a few days; an answer names members exactly where it says so."""
    with pytest.raises(SeraiError) as caught:
        parse_report(encode_json(members).encode())
    assert caught.value.code is Code.MALFORMED_REPORT


def test_a_point_of_a_week() -> None:
    """Seven days are a week, the first and the last counted."""
    assert ComparedPoint.model_validate({**POINT, "last_day": "2026-11-30"}).last_day == "2026-11-30"


def test_a_result_of_a_later_version_is_none_that_is_known() -> None:
    """It is read as a later word: neither that nobody asked, nor with whom to talk."""
    form = read_members({**ANSWER, "result": "perhaps", "talk_to": []}, "deconflict_answer").form
    assert isinstance(form, DeconflictAnswer)
    assert form.result not in set(ComparisonResult)
