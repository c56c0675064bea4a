"""A report as a person reads it."""

from __future__ import annotations

import pytest

from clients.documents.plain import WIDTH
from clients.documents.report_text import NAME_CHARACTERS, WRITTEN_LINES, content_lines, report_lines
from schemas.encoding import encode_json
from schemas.reports import WarningReport, read_report
from tests.support.tomorrow import LATER_KIND, LATER_WARNING, PASSES_FOR_OURS

WARNING = {"our_reference": "KZ-1", "summary": "und", "requested_action": {"code": "stop"}}


def test_language_is_shown_where_it_was_said() -> None:
    """A language that nobody named has no line; one that was named has, and a text that reads like none stays."""
    silent = report_lines(WarningReport.model_validate(WARNING))
    named = report_lines(WarningReport.model_validate(WARNING | {"language": "de"}))
    assert silent == ["sender's reference: KZ-1", "summary: und", "requested action: Stop the shipment"]
    assert named == [silent[0], "language: de", *silent[1:]]


def shown(**changes: object) -> list[str]:
    """A warning that came, as it is shown."""
    value = {"report": "warning", "version": 1, **WARNING, **changes}
    return content_lines(read_report(encode_json(value).encode(), "warning"))


def test_report_that_is_known_has_nothing_beneath() -> None:
    """A report of the form looks as it did to who wrote it."""
    assert shown() == report_lines(WarningReport.model_validate(WARNING))


def test_what_is_not_known_stands_beneath() -> None:
    """Codes stand in their places as written; members, in quotation marks, beneath and behind a bar."""
    assert content_lines(read_report(encode_json(LATER_WARNING).encode(), "warning")) == [
        "sender's reference: KZ-412",
        "summary: Blue lorry, false floor.",
        "identifiers: drone_serial D-7",
        "requested action: quarantine",
        "Not known to this program, as the sender wrote it:",
        '| "identifiers" 1 "seen": Korday',
        '| "escort":',
        '|   "unit": convoy 7',
        '|   "cars": 2',
    ]


def test_attachment_is_a_line_without_its_key() -> None:
    """A person reads what a file is called, what its sender says that it is and how large it is; never its key."""
    digests = {"sha256": "B" * 42 + "A", "blob": "C" * 42 + "A", "key": "K" * 42 + "A"}
    photo = {"name": "photo.jpg", "media_type": "image/jpeg", "size": 48_211, "caption": "the lorry", **digests}
    lines = shown(attachments=[photo])
    assert lines[-2] == "attachments: photo.jpg (image/jpeg, 48,211 B): the lorry"
    assert not any(digest[:9] in line for digest in digests.values() for line in lines)


def test_unknown_form_is_shown_whole() -> None:
    """Of a kind without a form, everything stands as written."""
    lines = content_lines(read_report(encode_json(LATER_KIND).encode(), "weather"))
    assert lines[1:] == ['| "version": 1', '| "pass": Korday', '| "snow_cm": 40']


def test_values_of_any_form_are_shown() -> None:
    """Lists have numbers, texts their lines; nothing, yes and no are words."""
    lines = shown(new=[["a"], {}, None, True, 2, "one\ntwo"])
    assert lines[4:] == [
        '| "new":',
        "|   1:",
        "|     1: a",
        "|   2: -",
        "|   3: -",
        "|   4: yes",
        "|   5: 2",
        "|   6: one",
        "|     two",
    ]


@pytest.mark.parametrize("place", ["name", "text", "inner", "deep"])
def test_nothing_in_it_passes_for_a_line_of_ours(place: str) -> None:
    """Whatever is written: each line begins with the bar, fits the screen, and can do nothing to it."""
    deep: object = PASSES_FOR_OURS
    for _level in range(20):
        deep = {PASSES_FOR_OURS: deep}
    written: dict[str, dict[str, object]] = {
        "name": {PASSES_FOR_OURS: 1},
        "text": {"new": PASSES_FOR_OURS},
        "inner": {"new": [{PASSES_FOR_OURS: PASSES_FOR_OURS}]},
        "deep": {"new": deep},
    }
    lines = shown(**written[place])[4:]
    assert lines
    assert all(line.startswith("| ") and line.isprintable() and len(line) <= WIDTH for line in lines)


def test_long_names_are_cut() -> None:
    """A name is shown up to 64 characters."""
    assert shown(**{"n" * 65: 1})[-1] == f'| "{"n" * NAME_CHARACTERS}": 1'


@pytest.mark.parametrize("flood", [{f"m{number}": 0 for number in range(5_000)}, {"new": "x" * 100_000}])
def test_flood_does_not_push_the_report_out_of_sight(flood: dict[str, object]) -> None:
    """So many lines are shown, and how many more there are is said."""
    lines = shown(**flood)
    assert len(lines) == 4 + WRITTEN_LINES + 1
    assert "more lines, see --json" in lines[-1]
