"""What a person types to delete texts, and reads of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from clients.actions.backup import back_up
from clients.actions.home import Home
from clients.cli.commands import serai
from tests.support.counter import Counter, serve
from tests.support.desk import Desk, ScriptedHub

LOG = """\
Rule           Feedback: after 90 days
Rule           every other kind: after 31 days
Deleted        1 dispatch
"""


@pytest.fixture
def number(kz: Desk, uz: Desk, hub: ScriptedHub, monkeypatch: pytest.MonkeyPatch) -> str:
    """The number of a warning that came to UZ, whose client commands open."""
    row = kz.send("UZ/NFP", reference="ZORKIY")
    kz.flush()
    uz.confirm()
    serve(monkeypatch, Counter(uz, hub))
    return str(uz.store.items.place_of(kz.digest_of(row)))


def typed(*words: str, said: str | None = None, language: str = "en") -> Result:
    """What a command says."""
    return CliRunner().invoke(serai, words, input=said, prog_name="serai", env={"SERAI_LANG": language})


def test_a_person_is_asked_before_one_is_deleted(number: str) -> None:
    """It is shown first; no leaves it; yes deletes it, and it says so where it is looked for."""
    assert typed("delete", number, "--reason", "order 17", said="no\n").exit_code == 5
    assert "ZORKIY" in typed("show", number).output
    done = typed("delete", number, "--reason", "order 17", said="yes\n")
    assert ("ZORKIY" in done.output, "Deleted        1 dispatch" in done.output) == (True, True)
    shown = typed("show", number)
    assert shown.exit_code == 1
    assert "ZORKIY" not in shown.output
    assert "was deleted here by UZ/NFP/DUTY-1: order 17" in " ".join(shown.output.split())
    assert "удалено здесь" in typed("show", number, language="ru").output


def test_rules_and_log_are_shown(number: str, hub: ScriptedHub) -> None:
    """Rules by kind, what a run would delete and what it deleted, on a screen and for programs."""
    assert typed("retention", "run", "--dry-run").exit_code == 1
    typed("retention", "set", "--kind", "all", "--days", "31")
    typed("retention", "set", "--kind", "feedback", "--days", "90")
    assert "Nothing is old enough" in typed("retention", "run", "--dry-run").output
    hub.world.time_ms += 32 * 86_400_000
    would = json.loads(typed("retention", "run", "--dry-run", "--json").output)
    assert (would["kinds"], would["deleted"]) == ({"warning": 1}, [])
    assert "ZORKIY" in typed("show", number).output
    assert typed("retention", "run", said="no\n").exit_code == 5
    assert typed("retention", "run", "--yes").exit_code == 0
    assert typed("retention", "show").output.startswith(LOG)
    [entry] = json.loads(typed("retention", "show", "--json").output)["deleted"]
    assert (entry["number"], entry["days"], entry["by"]) == (int(number), 31, "UZ/NFP/DUTY-1")
    assert "по правилу для «все остальные виды»: через 31 день" in " ".join(
        typed("retention", "show", language="ru").output.split()
    )


def test_destroyed_backup_is_ticked_off(number: str, uz: Desk, hub: ScriptedHub, tmp_path: Path) -> None:
    """A backup is named until an officer says that it is destroyed; who says so and when is in both languages."""
    folder = tmp_path / "safe"
    back_up(Counter(uz, hub), Home(folder))
    hub.world.time_ms += 1000
    assert str(folder) in typed("retention", "show").output.replace("\n  ", "")
    asked = typed("retention", "destroyed", str(folder), said="no\n")
    assert (asked.exit_code, "with every copy of it?" in asked.output) == (5, True)
    done = typed("retention", "destroyed", str(folder), "--yes")
    assert "destroyed: UZ/NFP/DUTY-1, 2026" in " ".join(done.output.split())
    assert "уничтожена: UZ/NFP/DUTY-1" in " ".join(typed("retention", "show", language="ru").output.split())
    again = typed("retention", "destroyed", str(folder), "--yes", "--json")
    assert (again.exit_code, json.loads(again.stdout)["code"]) == (1, "no_copy")
    gone = typed("delete", number, "--reason", "order 17", "--yes")
    assert "These backups" not in gone.output
    [backup] = json.loads(typed("retention", "show", "--json").output)["backups"]
    assert backup["destroyed"]["by"] == "UZ/NFP/DUTY-1"


@pytest.mark.usefixtures("number")
@pytest.mark.parametrize("kind", ["all", "warning"])
def test_log_says_by_which_rule(kind: str, hub: ScriptedHub) -> None:
    """Whether the rule of its kind or the one for all others did it stays in the log, in words that say so."""
    typed("retention", "set", "--kind", kind, "--days", "31")
    hub.world.time_ms += 32 * 86_400_000
    assert typed("retention", "run", "--yes").exit_code == 0
    words = {"all": "rule for every other kind: after 31 days", "warning": "rule for Warning: after 31 days"}
    assert words[kind] in " ".join(typed("retention", "show").output.split())


def test_topic_of_retention_is_there() -> None:
    """Whoever asks for help finds what to set, what to do every week, and what of backups."""
    for language, words in {"en": "serai retention destroyed", "ru": "Каждую неделю"}.items():
        assert words in " ".join(typed("help", "retention", language=language).output.split())


@pytest.mark.usefixtures("number")
@pytest.mark.parametrize("words", [("--days", "29"), ("--days", "36526"), (), ("--days", "40", "--off")], ids=str)
def test_no_rule_is_too_short_too_long_or_both(words: tuple[str, ...]) -> None:
    """A rule has 30 to 36,525 days, or is off."""
    assert typed("retention", "set", "--kind", "all", *words).exit_code == 2
