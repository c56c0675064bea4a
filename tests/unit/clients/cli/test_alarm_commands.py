"""What a person sees of alarms, and types to close one."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner, Result

from clients.cli.commands import serai
from clients.store import Alarm
from tests.support.counter import Counter, serve

LIST = """\
    2 09-21 14:13 overdue: not confirmed, or not answered, in time; EX 7: not
                  confirmed by UZ/NFP
1 older open alarm is not shown. See them: --limit 2
"""


@pytest.fixture
def alarmed(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> Counter:
    """A client with two alarms, which commands open."""
    now_ms = counter.state.system.clock.time_ms()
    counter.store.alarms.add(Alarm("fork", "two notes", now_ms, {"seen": "a note"}))
    counter.store.alarms.add(Alarm("overdue", "EX 7: not confirmed by UZ/NFP", now_ms))
    serve(monkeypatch, counter)
    return counter


def typed(*words: str, said: str | None = None, language: str = "en") -> Result:
    """What a command says."""
    return CliRunner().invoke(serai, words, input=said, prog_name="serai", env={"SERAI_LANG": language})


@pytest.mark.usefixtures("alarmed")
def test_list_is_cut_and_says_so() -> None:
    """The newest first within 80 columns, and how to see the rest."""
    assert typed("alarms", "--limit", "1").output == LIST
    assert "1 более старая действующая тревога." in typed("alarms", "--limit", "1", language="ru").output


@pytest.mark.usefixtures("alarmed")
def test_alarm_is_closed_once_a_person_agrees() -> None:
    """It is shown first; no leaves it open; yes closes it, and the list of all says who did and why."""
    assert typed("alarm", "close", "1", "--reason", "The Centre knows", said="no\n").exit_code == 5
    done = typed("alarm", "close", "1", "--reason", "The Centre knows", said="yes\n")
    assert ("two histories of the ledger" in done.output, "Alarm 1 is closed." in done.output) == (True, True)
    assert "closed by KZ/NFP/DUTY-1" in " ".join(typed("alarms", "--all").output.split())
    assert "Closed         KZ/NFP/DUTY-1, 2026-09-21 14:13 UTC: The Centre knows" in typed("alarm", "show", "1").output
    assert typed("alarm", "close", "1", "--reason", "again", "--yes").exit_code == 1


@pytest.mark.usefixtures("alarmed")
def test_programs_get_all_of_it() -> None:
    """With --json: every alarm with its closing, what is left out, and the evidence of one."""
    typed("alarm", "close", "2", "--reason", "came late", "--yes")
    listed = json.loads(typed("alarms", "--json", "--all").output)
    assert [each["number"] for each in listed["alarms"]] == [1, 2]
    assert listed["alarms"][1]["closed"]["reason"] == "came late"
    assert (listed["open_left"], listed["closed_left"]) == (0, 0)
    assert json.loads(typed("alarm", "show", "1", "--json").output)["evidence"] == {"seen": "a note"}
