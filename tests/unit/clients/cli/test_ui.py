"""How the command line speaks."""

from __future__ import annotations

import hashlib
import json

import pytest

from clients.cli.faults import Fault
from clients.cli.ui import WIDTH, clean, fail, field, json_line, paint, parse_thumbprint, spoken, utc, wrap
from schemas.encoding import MAX_SAFE_INTEGER, encode_base64url
from schemas.errors import Code

DIGEST = hashlib.sha256(b"x").digest()


def test_texts_of_others_cannot_move_the_cursor() -> None:
    """Escape sequences, turned writing and line ends of others do nothing."""
    assert clean("a\x1b[2Jb\u202ec\nd") == "a\ufffd[2Jb\ufffdc d"


def test_json_cannot_move_the_cursor_and_loses_nothing() -> None:
    """JSON of others' texts has no character that does anything to a terminal, and reads back the same."""
    value = {"text": "a\x1b[2J\u202eb\x9b\u2028\U000e0041 ё\n"}
    line = json_line(value)
    assert line.isprintable()
    assert "ё" in line
    assert json.loads(line) == value


def test_lines_stay_within_the_screen() -> None:
    """Long values are wrapped at 80 columns; a path is never broken."""
    assert max(map(len, field("Name", "word " * 60) + wrap("word " * 60, "  ").splitlines())) <= WIDTH
    path = "/" + "x" * 100
    assert field("File", path)[-1].strip().endswith(path)
    assert field("A", "") == ["A"]


def test_fingerprint_is_read_out_and_typed_in() -> None:
    """The groups that are read out are understood when typed, in any spelling; nothing else is."""
    groups = spoken(DIGEST)
    assert [len(line.split()) for line in groups] == [8, 8]
    for typed in (" ".join(groups), "".join(groups).lower(), "-".join(groups), encode_base64url(DIGEST)):
        assert parse_thumbprint(typed) == encode_base64url(DIGEST)
    assert parse_thumbprint("97EF 6FC1") is None
    assert parse_thumbprint("Z" * 64) is None


def test_no_colour_where_none_is_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pipe gets no colour, and a terminal none with NO_COLOR."""
    assert paint("x", fg="red") == "x"
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    assert paint("x", fg="red") != "x"
    monkeypatch.setenv("NO_COLOR", "1")
    assert paint("x", fg="red") == "x"


def test_times_are_utc_and_say_so() -> None:
    """No time is shown without its zone."""
    assert utc(0) == "1970-01-01 00:00 UTC"


def test_any_time_can_be_shown() -> None:
    """A time beyond the calendar, which a member or a hub may sign, is shown as the end of it and stops nothing."""
    assert utc(1000 * MAX_SAFE_INTEGER) == utc(MAX_SAFE_INTEGER) == "9999-12-31 23:59 UTC"


def test_words_of_the_hub_cannot_move_the_cursor(capsys: pytest.CaptureFixture[str]) -> None:
    """What a hub gives as its reason, in a fault or a named value, does nothing to the terminal."""
    with pytest.raises(SystemExit):
        fail(Fault(Code.ROLE_MISSING, "the hub refused it: a\x1b[2J\u202eb", "Ask."), as_json=False)
    lines = [*capsys.readouterr().err.splitlines(), *field("Line", "down: a\x1b[2J\x9bb\tc")]
    assert len(lines) > 2
    assert all(line.isprintable() for line in lines)
