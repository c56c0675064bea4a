"""Contents of steps as they are read under their covers."""

from __future__ import annotations

import pytest

from schemas.encoding import encode_json
from schemas.errors import Code, SeraiError
from schemas.reports import parse_report, read_report
from schemas.reports.operations import STEP_FORMS
from schemas.reports.reading import read_members
from tests.unit.schemas.reports.operations.builders import LEAST


@pytest.mark.parametrize("do", STEP_FORMS)
def test_each_step_is_written_and_read(do: str) -> None:
    """What is written is read again as the form of its step, and all of it is known."""
    data = encode_json(LEAST[do]).encode()
    assert type(parse_report(data)) is STEP_FORMS[do]
    assert read_report(data, "operation").is_known


def test_content_does_what_the_cover_says() -> None:
    """Content of another step than the cover's is refused like content of another kind, with or without a word."""
    assert read_members(LEAST["stop"], "operation", "stop").is_known
    for content in (LEAST["note"], {key: value for key, value in LEAST["stop"].items() if key != "do"}):
        with pytest.raises(SeraiError) as refusal:
            read_members(content, "operation", "stop")
        assert refusal.value.code is Code.MALFORMED_REPORT


def test_a_step_of_a_later_version_is_shown_as_written() -> None:
    """A step that is not known here has no form, and nothing of it is lost; who writes is refused."""
    later = {**LEAST["stop"], "do": "pause"}
    read = read_members(later, "operation", "pause")
    assert read.form is None
    assert {each.path[0] for each in read.as_written} == {*later} - {"report"}
    with pytest.raises(SeraiError):
        parse_report(encode_json(later).encode())


def test_a_condition_of_a_later_version_is_kept_beside_the_form() -> None:
    """A member of a leg that the form does not have is kept with its path."""
    legs = [{"leg": "1", "member": "TJ/NFP", "escort": "two cars"}]
    read = read_members({**LEAST["open"], "legs": legs}, "operation", "open")
    assert [each.path for each in read.as_written] == [("legs", 0, "escort")]
