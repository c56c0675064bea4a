"""The command line in Russian: nothing is missing, nothing is stale, and it fits the screen."""

# ruff: noqa: RUF001 - Russian words contain letters that look Latin

from __future__ import annotations

import gettext
import io
import re

import click
import pytest
from click.testing import CliRunner, Result

from clients.cli.commands import serai
from clients.cli.ui import agrees, note
from clients.documents.plain import field
from clients.documents.texts import _, language, plural
from tests.support.messages import (
    MO,
    PO,
    all_messages,
    all_plurals,
    commands,
    compiled,
    field_names,
    read_catalogue,
    translated,
)

ENTRIES = {key: forms for key, forms in read_catalogue().items() if key}
ALL = sorted(commands(serai), key=lambda each: each.name or "")
CYRILLIC = re.compile(r"[\u0400-\u04ff]")
PLACEHOLDER = re.compile(r"\{[a-z_]*(?:![a-z])?\}")
TYPED = re.compile(r"--[a-z]+(?:-[a-z]+)*|SERAI_[A-Z]+|\bserai(?:-hub)? (?!to\b|when\b|is\b)[a-z]+|\bPROTOCOL \d+")


@pytest.fixture(autouse=True)
def _russian(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERAI_LANG", "ru")
    monkeypatch.setenv("LANGUAGE", "ru")  # the command line sets it, and it must not last


def run(*arguments: str, typed: str = "") -> Result:
    """``serai`` with arguments."""
    return CliRunner().invoke(serai, arguments, input=typed)


def test_nothing_is_missing() -> None:
    """Every text that can be shown has its Russian."""
    assert sorted(all_messages() - translated(ENTRIES)) == []


def test_nothing_is_left_over() -> None:
    """The catalogue has nothing that is not shown any more."""
    assert sorted(translated(ENTRIES) - all_messages()) == []


def test_entries_stand_apart() -> None:
    """One blank line is before each entry and nowhere else: two that touch are taken for one where branches meet."""
    blocks = PO.read_text().removesuffix("\n").split("\n\n")
    crowded = [block for block in blocks if len(re.findall(r"^msgid ", block, re.MULTILINE)) != 1]
    assert crowded == []
    assert [block for block in blocks if block != block.strip("\n")] == []


def test_no_text_stands_twice() -> None:
    """Where two branches brought the same text it has one Russian."""
    texts = re.findall(r"^msgid (.*(?:\n\".*)*)", PO.read_text(), re.MULTILINE)
    assert sorted({text for text in texts if texts.count(text) > 1}) == []


def test_nothing_is_unsure() -> None:
    """No translation is marked as a guess."""
    assert "fuzzy" not in PO.read_text()


def test_what_is_compiled_is_what_is_written() -> None:
    """The compiled catalogue is that of the readable one, and the language's own tool reads it."""
    assert MO.read_bytes() == compiled(read_catalogue())
    read = gettext.GNUTranslations(io.BytesIO(MO.read_bytes()))
    assert all(read.gettext(key) == forms[0] for key, forms in ENTRIES.items() if "\0" not in key)


@pytest.mark.parametrize("pattern", [PLACEHOLDER, TYPED], ids=["placeholders", "typed"])
def test_what_is_filled_in_is_the_same(pattern: re.Pattern[str]) -> None:
    """A translation has the placeholders of its text, and names the same commands and options."""
    wrong = [
        (key, form)
        for key, forms in ENTRIES.items()
        for form in forms
        if set(pattern.findall(form)) not in [set(pattern.findall(text)) for text in key.split("\0")]
    ]
    assert wrong == []


def test_numbers_have_three_forms() -> None:
    """What depends on a number has one form for 1 and 21, one for 2 to 4, one for the rest; nothing else has."""
    assert {tuple(key.split("\0")) for key in ENTRIES if "\0" in key} == all_plurals()
    assert {len(forms) for key, forms in ENTRIES.items() if "\0" in key} == {3}
    assert {len(forms) for key, forms in ENTRIES.items() if "\0" not in key} == {1}
    said = [plural("{count} day", "{count} days", count) for count in (1, 2, 5, 11, 12, 21, 22, 25, 111, 101)]
    due = "1 день, 2 дня, 5 дней, 11 дней, 12 дней, 21 день, 22 дня, 25 дней, 111 дней, 101 день"
    assert ", ".join(said) == due


@pytest.mark.parametrize("name", sorted(field_names()))
def test_names_of_fields_are_whole(name: str) -> None:
    """The name at the left of a value is short enough to be shown uncut, in both languages."""
    for each in (name, _(name)):
        assert field(each, "x")[0].startswith(f"{each} ")


@pytest.mark.parametrize("command", ALL, ids=[each.name for each in ALL])
def test_help_fits_the_screen(command: click.Command) -> None:
    """The help of every command is in Russian, and no line of it is wider than 80 columns."""
    said = command.get_help(click.Context(command, info_name=command.name, terminal_width=80))
    assert said.startswith("Использование: ")
    assert "Показать эту справку и выйти." in said
    assert max(len(line) for line in said.splitlines()) <= 80


def test_each_asks_in_a_language_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Help in Russian changes nothing for who asks in English after it, and the other way round."""
    for named, due in (("ru", True), ("en", False), ("ru", True)):
        monkeypatch.setenv("SERAI_LANG", named)
        said = run("inbox", "--help").stdout
        (own,) = [line for line in said.splitlines() if "--help " in line]
        assert bool(CYRILLIC.search(own)) is due
        assert bool(CYRILLIC.search(said)) is due
    assert not any(CYRILLIC.search(text) for text in all_messages())


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("inbo",), "Ошибка: Нет команды 'inbo'."),
        (("inbox", "--opn"), "Ошибка: Нет параметра '--opn'."),
        (("decline", "5"), "Ошибка: Не указан параметр '--reason'."),
        (("inbox", "--limit", "0"), "0 вне пределов"),
        (("verify", "none", "--root", "x"), "отпечаток - это 43 знака"),
    ],
)
def test_wrong_use_is_told_in_russian(arguments: tuple[str, ...], words: str) -> None:
    """What was typed wrongly is told in Russian, with where to find help."""
    said = run(*arguments)
    assert said.exit_code == 2
    assert words in said.stderr
    assert "для справки" in said.stderr


def test_fault_is_told_with_its_remedy(tmp_path: object) -> None:
    """A fault has its cause, what to do and its code in Russian."""
    said = run("inbox", "--home", f"{tmp_path}/none").stderr
    assert "нет клиента" in " ".join(said.split())
    assert "Что делать: Создайте его: serai init" in said
    assert "(код no_client)" in said


@pytest.mark.parametrize(
    ("typed", "agreed"), [("да", True), ("Д", True), ("y", True), ("нет", False), ("n", False), ("", False)]
)
def test_yes_and_no(typed: str, agreed: bool) -> None:
    """Yes and no are understood in Russian and in English; anything else is asked again."""

    @click.command()
    def question() -> None:
        click.echo(agrees("Отправить?"))

    said = CliRunner().invoke(question, input=f"пожалуй\n{typed}\n")
    assert said.output.count("Отправить? [да/НЕТ]") == 2
    assert "Ответьте да или нет." in said.output
    assert said.output.endswith(f"{agreed}\n")


def test_notes_stay_within_the_screen(capsys: pytest.CaptureFixture[str]) -> None:
    """What is said beside a result is wrapped at 80 columns."""
    note("слово " * 40)
    assert max(map(len, capsys.readouterr().err.splitlines())) <= 80


@pytest.mark.parametrize("name", ["LC_ALL", "LC_MESSAGES", "LANG"])
@pytest.mark.parametrize(("value", "due"), [("ru_RU.UTF-8", "ru"), ("de_DE.UTF-8", "en"), ("C", "en")])
def test_language_is_that_of_the_machine(monkeypatch: pytest.MonkeyPatch, name: str, value: str, due: str) -> None:
    """Without SERAI_LANG the settings of the machine decide, and what is not known is English."""
    for each in ("SERAI_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(each, raising=False)
    monkeypatch.setenv(name, value)
    assert language() == due
