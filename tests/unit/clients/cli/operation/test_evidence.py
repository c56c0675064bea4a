"""``serai operation evidence`` and ``serai verify`` of its file, as an officer types and reads them."""

# ruff: noqa: RUF001 - Russian words contain letters that look Latin

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from clients.actions.operations.overview import read_lists
from clients.cli.commands import serai
from clients.store import ShownStep
from schemas.errors import Code
from tests.support.counter import serve
from tests.support.crew import Crew
from tests.support.world import KZ, TJ, UZ


@pytest.fixture
def operation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Crew, str]:
    """An operation on which everybody has decided, at KZ's keyboard."""
    crew = Crew(tmp_path)
    found = crew.open()
    crew.agree(found)
    serve(monkeypatch, crew[KZ])
    monkeypatch.chdir(tmp_path)
    return crew, found


def typed(*words: str, language: str = "en") -> Result:
    """What a command says."""
    return CliRunner().invoke(serai, list(words), env={"SERAI_LANG": language})


def made(*words: str) -> tuple[str, str]:
    """A file of the operation that is disclosed, and the root's thumbprint."""
    done = typed(
        "operation",
        "evidence",
        "--disclose",
        "--permission",
        "letter 12",
        "--yes",
        "--as",
        "KZ/NFP/CHIEF",
        "--json",
        *words,
    )
    assert done.exit_code == 0, done.output
    value = json.loads(done.stdout)
    return value["file"], value["root"]


def test_a_court_computes_the_same(operation: tuple[Crew, str]) -> None:
    """From the file alone the authority of each leg is what the client shows."""
    crew, found = operation
    file, root = made()
    done = typed("verify", file, "--root", root, "--json")
    assert done.exit_code == 0, done.output
    (proven,) = json.loads(done.stdout)["operations"]
    assert proven["operation"] == found
    known = crew[KZ].known(found)
    assert [each["state"] for each in proven["picture"]["authority"]] == [e.state for e in known.picture.authority]


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", ("WITHHELD", "may exist", "WAY AND AUTHORITY")), ("ru", ("НЕ ПРЕДСТАВЛЕНО", "Возможны шаги", "ПУТЬ"))],
)
def test_what_is_withheld_is_printed(operation: tuple[Crew, str], language: str, words: tuple[str, ...]) -> None:
    """A file without a step that another had seen says so, in both languages, and its exit status too."""
    file, root = made()
    value = json.loads(Path(file).read_text())
    value["items"] = value["items"][1:]
    Path(file).write_text(json.dumps(value))
    done = typed("verify", file, "--root", root, language=language)
    assert done.exit_code == 3, done.output
    for each in words:
        assert each in done.stdout


def test_what_cannot_be_opened_here_stands_closed(operation: tuple[Crew, str]) -> None:
    """A step that could not be opened keeps nobody from handing the rest to a court; that is told, and it is closed."""
    crew, found = operation
    store = crew[KZ].store
    grant = next(each for each in crew[KZ].known(found).state.decisions if each.member == UZ)
    item = store.items.get(grant.step)
    assert item is not None
    store.items.put(replace(item, content=None, content_key=None, step=7, code=Code.NO_KEY.value))
    done = typed("operation", "evidence", "--disclose", "--permission", "x", "--yes", "--as", "KZ/NFP/CHIEF", "--json")
    assert done.exit_code == 0, done.output
    assert "1 dispatch cannot be opened here" in done.stderr
    value = json.loads(done.stdout)
    proven = json.loads(typed("verify", value["file"], "--root", value["root"], "--json").stdout)["operations"][0]
    assert [(each["digest"], each["how"]) for each in proven["state"]["missing"]] == [(grant.step, "not_disclosed")]


def test_a_cover_that_the_hub_has_shown_is_in_the_file(operation: tuple[Crew, str]) -> None:
    """A step that was not sent to us, and of which the hub has shown the cover, stands in the file by its cover."""
    crew, found = operation
    claim = {"id": found, "do": "stop"}
    sent = crew.world.dispatch("UZ/NFP/DUTY-1", [TJ], kind="operation", operation=claim)
    crew.hub.send(sent)
    crew.act(TJ, "note", operation=found, to=(KZ,))
    at = next(at for at, logged in enumerate(crew.world.log) if logged.text == sent.text)
    shown = ShownStep(at, crew.world.log[at].leaf, "", "", sent.text)
    crew[KZ].store.operations.show(found, [shown], at + 1, crew.world.time_ms)
    file, root = made()
    done = typed("verify", file, "--root", root, "--json")
    assert done.exit_code == 0, done.output
    (proven,) = json.loads(done.stdout)["operations"]
    assert [each["step"] for each in proven["picture"]["stops"]] == [sent.digest]


def test_what_others_provided_needs_permission(operation: tuple[Crew, str]) -> None:
    """Contents of others under H1 are disclosed to a court with their permission only."""
    done = typed("operation", "evidence", "--disclose", "--yes")
    assert done.exit_code != 0
    assert not list(Path().glob("*.evidence.json"))


def test_what_was_not_sent_to_us_is_told(operation: tuple[Crew, str]) -> None:
    """Who makes a file learns that there are steps which he was not sent."""
    crew, found = operation
    crew.act(UZ, "note", operation=found, to=(TJ,))
    read_lists(crew[KZ], [found], 5.0)
    assert "1 step of it was not sent to us" in typed("operation", "evidence").output


def test_an_account_is_checked_by_another(operation: tuple[Crew, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """What KZ writes is what UZ computes; one that was changed is not, and the exit status says so."""
    crew, found = operation
    done = typed("operation", "account", "--out", "account.json")
    assert done.exit_code == 0, done.output
    assert "UZ/NFP - Transit" in done.stdout
    serve(monkeypatch, crew[UZ])
    assert typed("operation", "account", "--check", "account.json").exit_code == 0
    value = json.loads(Path("account.json").read_text())
    value["countries"][0]["part"] = "observer"
    Path("forged.json").write_text(json.dumps(value))
    forged = typed("operation", "account", "--check", "forged.json")
    assert (forged.exit_code, "countries.0.part" in forged.stdout) == (1, True)
    crew.act(UZ, "stop", operation=found)
    crew.act(TJ, "note", operation=found, to=(UZ, KZ))
    del value["steps"][3:]
    Path("short.json").write_text(json.dumps(value))
    assert typed("operation", "account", "--check", "short.json").exit_code == 1
    old = typed("operation", "account", "--check", "account.json")
    assert (old.exit_code, "IT ENDS BEFORE LATER STEPS" in old.stdout) == (3, True)
    russian = typed("operation", "account", "--check", "account.json", language="ru")
    assert "ОН НЕ ДОВЕДЁН ДО БОЛЕЕ ПОЗДНИХ ШАГОВ" in russian.stdout


@pytest.mark.parametrize(("language", "words"), [("en", "Account of operation"), ("ru", "Отчёт об операции")])
def test_an_account_is_in_both_languages(operation: tuple[Crew, str], language: str, words: str) -> None:
    """An account is read in the language of its reader, within 80 columns."""
    done = typed("operation", "account", language=language)
    assert words in done.stdout
    assert all(len(line) <= 80 for line in done.stdout.splitlines())


def test_a_court_checks_an_account(operation: tuple[Crew, str]) -> None:
    """An account is held against the steps in a court's file, offline; forged or of another operation it fails."""
    file, root = made()
    typed("operation", "account", "--out", "account.json")
    verify = ("verify", file, "--root", root, "--account")
    done = typed(*verify, "account.json")
    assert done.exit_code == 0, done.output
    assert "The account is what the steps say" in done.stdout
    value = json.loads(Path("account.json").read_text())
    for name, changes in (("forged", {"status": "exercise"}), ("other", {"operation": "A" * 43})):
        Path(f"{name}.json").write_text(json.dumps({**value, **changes}))
        assert typed(*verify, f"{name}.json").exit_code == 5
    Path("broken.json").write_text("[")
    assert typed(*verify, "broken.json").exit_code == 2
