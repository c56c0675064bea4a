"""How the command line speaks."""

from __future__ import annotations

import hashlib

import pytest

from clients.cli.ui import fail, paint, parse_thumbprint
from clients.documents.faults import Fault
from clients.documents.plain import field, spoken
from schemas.encoding import encode_base64url
from schemas.errors import Code

DIGEST = hashlib.sha256(b"x").digest()


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


def test_words_of_the_hub_cannot_move_the_cursor(capsys: pytest.CaptureFixture[str]) -> None:
    """What a hub gives as its reason, in a fault or a named value, does nothing to the terminal."""
    with pytest.raises(SystemExit):
        fail(Fault(Code.ROLE_MISSING, "the hub refused it: a\x1b[2J\u202eb", "Ask."), as_json=False)
    lines = [*capsys.readouterr().err.splitlines(), *field("Line", "down: a\x1b[2J\x9bb\tc")]
    assert len(lines) > 2
    assert all(line.isprintable() for line in lines)
