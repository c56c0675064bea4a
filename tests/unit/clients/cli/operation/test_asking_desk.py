"""The offer to ask the desk before a request goes out, at the keyboard."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.asking import ask_room, asked, compare
from tests.support.deconflicting import CYRILLIC, LATIN
from tests.support.world import KZ, ROOM, TJ, UZ
from tests.unit.clients.cli.operation.conftest import Keyboard
from tests.unit.schemas.reports.operations.builders import LEAST

WORDS = ("--as", f"{TJ}/DUTY-1", "--parts", "UZ/NFP transit, KZ/NFP destination")


@pytest.fixture
def request_file(tmp_path: Path) -> str:
    """A request that names a lorry."""
    file = tmp_path / "request.json"
    identifiers = [{"kind": "vehicle_plate", "value": LATIN}]
    file.write_text(json.dumps(LEAST["open"] | {"identifiers": identifiers}))
    return str(file)


def answer_at_once(keyboard: Keyboard, monkeypatch: pytest.MonkeyPatch) -> None:
    """The room's machine compares while the officer waits."""

    def wait(*_: Any) -> None:
        keyboard.crew.sync()
        compare(keyboard.crew)

    monkeypatch.setattr("clients.cli.officer.operation.asking_desk.wait_for_answer", wait)


def test_who_agrees_reads_the_answer_before_he_signs(
    keyboard: Keyboard, person: None, request_file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The question is shown, sent, answered; whom to talk to stands in the review of the request."""
    answer_at_once(keyboard, monkeypatch)
    ask_room(keyboard.crew, KZ, CYRILLIC)
    done = keyboard.type(TJ, "open", "--file", request_file, *WORDS, typed="y\ny\nn\n")
    assert done.exit_code == 5, done.output
    assert "Ask CENTRE/ROOM first whether another country is after the same?" in done.stderr
    assert "TALK TO KZ/NFP before this goes: they are after the same." in done.stderr
    assert "NOT ASKED" not in done.stderr
    assert [each.talk_to for each in asked(keyboard.crew, TJ)] == [(KZ,)]
    assert [each.talk_to for each in asked(keyboard.crew, KZ)] == [(TJ,)]
    assert keyboard.crew[UZ].store.operations.all() == []


def test_who_leaves_it_out_sees_that(keyboard: Keyboard, person: None, request_file: str) -> None:
    """Whoever does not want the desk to know says no: the review says so, and the request goes all the same."""
    done = keyboard.type(TJ, "open", "--file", request_file, *WORDS, typed="n\ny\n")
    assert done.exit_code == 0, done.output
    assert "Deconfliction  NOT ASKED: CENTRE/ROOM" in done.stderr
    assert asked(keyboard.crew, TJ) == []
    assert keyboard.crew[ROOM].store.operations.all() == []
    assert len(keyboard.crew[UZ].store.operations.all()) == 1


def test_where_nobody_can_be_asked_it_is_said_too(keyboard: Keyboard, request_file: str, tmp_path: Path) -> None:
    """Without a person nothing is asked by itself; a request with nothing to compare says that."""
    done = keyboard.type(TJ, "open", "--file", request_file, *WORDS, "--yes")
    assert "Deconfliction  NOT ASKED: CENTRE/ROOM" in done.stderr
    file = tmp_path / "bare.json"
    file.write_text(json.dumps(LEAST["open"] | {"our_reference": "TJ-CD-8"}))
    done = keyboard.type(TJ, "open", "--file", str(file), *WORDS, "--yes")
    assert "nothing to compare" in done.stderr


def test_of_a_request_that_is_only_begun(keyboard: Keyboard, person: None, request_file: str) -> None:
    """Without options the question is that of the draft of the request, or of an operation that is named."""
    keyboard.type(TJ, "open", *WORDS, "--plate", LATIN, "--reference", "TJ-CD-9", typed="1\n")
    done = keyboard.type(TJ, "deconflict", "--as", f"{TJ}/DUTY-1", "--yes")
    assert done.exit_code == 0, done.output
    assert "Of the request that you have begun" in done.stderr
    assert [each.reference for each in asked(keyboard.crew, TJ)] == ["TJ-CD-9"]
    keyboard.type(TJ, "open", "--file", request_file, *WORDS, "--yes")
    done = keyboard.type(TJ, "deconflict", "TJ-CD-7", "--as", f"{TJ}/DUTY-1", "--yes")
    assert done.exit_code == 0, done.output
    assert [each.reference for each in asked(keyboard.crew, TJ)] == ["TJ-CD-9", "TJ-CD-7"]


def test_the_list_of_questions(keyboard: Keyboard) -> None:
    """Each with its desk and what it has answered; nothing where nothing was asked."""
    assert "Nothing was asked." in keyboard.type(TJ, "deconflict", "--list").stdout
    ask_room(keyboard.crew, TJ, LATIN)
    assert "CENTRE/ROOM: no answer yet" in keyboard.type(TJ, "deconflict", "--list").stdout
    assert "1 answer given." in keyboard.type(ROOM, "compare").stdout
    assert "Nobody else has asked about the same" in keyboard.type(TJ, "deconflict", "--list").stdout
    assert "Nobody has asked us." in keyboard.type(UZ, "compare").stdout
