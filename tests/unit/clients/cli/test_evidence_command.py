"""``serai evidence`` about several dispatches, as an officer types it and reads it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from clients.cli.commands import serai
from tests.support.counter import Counter, serve
from tests.support.desk import Desk
from tests.support.traffic import arrive, give_receipt


@pytest.fixture
def numbers(kz: Desk, uz: Desk, counter: Counter, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """Three dispatches that came to KZ, of which the first is acknowledged, by their numbers."""
    digests = [arrive(uz, kz, precedence="flash"), *(arrive(uz, kz) for _each in range(2))]
    give_receipt(kz, uz, digests[0], "acknowledged")
    serve(monkeypatch, counter)
    monkeypatch.chdir(tmp_path)
    return [str(kz.store.items.place_of(digest)) for digest in digests]


def typed(*words: str, language: str = "en", said: str = "") -> Result:
    """What the command says, with single spaces."""
    return CliRunner().invoke(serai, ["evidence", *words], input=said, env={"SERAI_LANG": language})


WORDS = {
    "en": ("Evidence", "Dispatches", "Receipts", "To check it:"),
    "ru": ("Доказательства", "Сообщения", "Квитанции", "Проверить:"),
}


@pytest.mark.parametrize("language", ["en", "ru"])
def test_several_numbers_are_one_file(numbers: list[str], language: str) -> None:
    """The screen names every dispatch in the file, how many receipts, and how it is checked, in both languages."""
    done = typed(*numbers, language=language)
    assert done.exit_code == 0, done.output
    name = f"serai-{'-'.join(numbers)}.evidence.json"
    lines = done.stdout.splitlines()
    for words, line in zip(WORDS[language], lines, strict=False):
        assert line.startswith(words)
    assert (lines[0].split()[-1], Path(name).is_file()) == (name, True)
    assert lines[1].endswith(", ".join(numbers))
    assert lines[2].split()[-1] != "0"
    assert lines[4].startswith(f"  serai verify {name} --root ")


@pytest.mark.parametrize(("language", "words"), [("en", "will be able to read"), ("ru", "сможет прочитать")])
def test_disclosing_several_asks_once_and_names_each(numbers: list[str], language: str, words: str) -> None:
    """Before contents are opened to whoever has the file, each dispatch is named with its handling; no makes none."""
    done = typed(*numbers[:2], "--disclose", "--permission", "letter 12", language=language, said="no\n")
    asked = " ".join(done.output.split())
    assert done.exit_code == 5
    assert words in asked
    assert all(f" {number} H1" in asked for number in numbers[:2])
    assert not list(Path().glob("*.evidence.json"))


def test_programs_learn_what_is_in_the_file(numbers: list[str]) -> None:
    """With --json: digests in the order of the numbers, whatever the order in which they were typed."""
    value = json.loads(typed(*reversed(numbers), "--json").stdout)
    assert (len(value["dispatches"]), value["status"], value["left_out"]) == (3, "actual", [])
