"""What ``serai import`` says, and with which code it ends."""

from __future__ import annotations

import json
from contextlib import chdir
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from clients.cli.commands import serai
from schemas.errors import Code, SeraiError
from tests.support.counter import Counter, references, serve
from tests.support.desk import ScriptedHub


@pytest.fixture(autouse=True)
def _served(monkeypatch: pytest.MonkeyPatch, counter: Counter) -> None:
    serve(monkeypatch, counter)


def run(file: Path, *arguments: str, answer: str = "") -> Result:
    """``serai import`` of a file, in its folder: how long the name of that is does not matter then."""
    with chdir(file.parent):
        return CliRunner().invoke(serai, ["import", file.name, *arguments], input=answer)


def test_nothing_goes_before_a_yes(file: Path, counter: Counter) -> None:
    """It shows how many go, to whom, how marked and what cannot be used, and asks; without a yes nothing is kept."""
    said = run(file, "--to", "ALL", answer="n\n")
    assert said.exit_code == 5
    for part in ("Reports        5,", "RU/NFP", "UZ/NFP", "ACTUAL", "Not ours       1 (UZ 1)", "line 6, SEIZURE_DATE"):
        assert part in said.stderr
    assert "Send 5 reports?" in said.stderr
    assert max(len(line) for line in said.stderr.splitlines()) <= 80
    assert references(counter) == []


def test_import_for_programs(file: Path, counter: Counter) -> None:
    """The object names every count; a second import of the same file sends nothing and asks nothing."""
    first = json.loads(run(file, "--to", "UZ/NFP", "--yes", "--json").stdout)
    assert first["ok"] is True
    assert (first["rows"], first["ours"], first["new"], first["accepted"], first["queued"]) == (7, 5, 5, 5, 0)
    assert (first["to"], first["status"], first["not_ours"]) == (["UZ/NFP"], "actual", {"UZ": 1})
    (refused,) = first["refused"]
    assert (refused["line"], refused["column"], refused["reason"]) == (6, "SEIZURE_DATE", "bad_date")
    again = json.loads(run(file, "--json").stdout)
    assert (again["new"], again["before"], again["accepted"], again["places"]) == (0, 5, 5, first["places"])
    assert len(references(counter)) == 5


def test_without_recipients_nothing_goes(file: Path, counter: Counter) -> None:
    """Nobody is guessed: without recipients, and nobody to ask, it is wrong use."""
    said = run(file, "--yes")
    assert said.exit_code == 2
    assert "--to" in said.stderr
    assert references(counter) == []


def test_refused_file_has_its_own_code(tmp_path: Path, counter: Counter) -> None:
    """A file that cannot be imported is refused with a code of its own, for people and for programs."""
    path = tmp_path / "empty.csv"
    path.write_text("")
    told = json.loads(run(path, "--json").stdout)
    assert (told["ok"], told["code"], told["exit"]) == (False, "file_empty", 1)
    assert (told["detail"], told["remedy"]) == ("empty.csv is empty", "Ask for it again.")
    assert "serai: empty.csv is empty" in run(path).stderr
    assert references(counter) == []


def test_no_line_means_queued(file: Path, counter: Counter) -> None:
    """Without waiting for the hub everything is queued, signed and on disk, with the code for that."""
    said = run(file, "--to", "UZ/NFP", "--yes", "--wait", "0")
    assert said.exit_code == 3
    assert "Queued         5" in said.stdout
    assert "goes out with the next command" in said.stderr
    assert run(file).exit_code == 0


def test_refused_by_the_hub_is_told_by_line(file: Path, hub: ScriptedHub) -> None:
    """What the hub refuses for good is told with the line and the code, and is a failure."""
    hub.refuse = lambda _text: SeraiError(Code.ROLE_MISSING, "no")
    said = run(file, "--to", "UZ/NFP", "--yes")
    assert said.exit_code == 1
    assert "line 2: the hub refused it: role_missing no" in said.stdout
    told = json.loads(run(file, "--to", "UZ/NFP", "--yes", "--json").stdout)
    assert (told["ok"], told["exit"], len(told["refused_by_hub"])) == (False, 1, 5)


def test_ctrl_c_says_how_to_go_on(file: Path, counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stopped while it sends, it says what is kept and how to go on; the next time nothing is new."""

    def stop(*_what: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("clients.actions.import_queue.settle", stop)
        said = run(file, "--to", "UZ/NFP", "--yes")
        told = json.loads(run(file, "--to", "UZ/NFP", "--yes", "--json").stdout)
    assert said.exit_code == 130
    assert "Rows waiting to be sent: 5" in said.stderr
    assert "type the same command again" in said.stderr
    assert (told["ok"], told["in_outbox"], told["exit"]) == (False, 5, 130)
    assert run(file).exit_code == 0
    assert len(references(counter)) == 5


def test_ctrl_c_at_the_question_sends_nothing(file: Path, counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C instead of an answer is a no."""

    def stop(*_what: object, **_how: object) -> None:
        raise click.Abort

    monkeypatch.setattr("click.prompt", stop)
    monkeypatch.setattr("click.confirm", stop)
    assert run(file, "--to", "UZ/NFP").exit_code == 5
    assert references(counter) == []


def test_refused_rows_go_to_a_file(file: Path, tmp_path: Path) -> None:
    """With ``--refused`` the rows are in a file, whether or not anything is sent, and both screens say so."""
    mend = tmp_path / "mend.csv"
    assert run(file, "--to", "UZ/NFP", "--refused", str(mend), answer="n\n").exit_code == 5
    assert "6;SEIZURE_DATE;" in mend.read_text()
    said = run(file, "--to", "UZ/NFP", "--refused", str(mend), "--yes")
    assert said.exit_code == 0
    assert str(mend) in said.stdout.replace("\n               ", "")


def test_words_of_the_hub_cannot_move_the_cursor(file: Path, hub: ScriptedHub) -> None:
    """What the hub gives as its reason does nothing to a terminal, for people and for programs."""
    hub.refuse = lambda _text: SeraiError(Code.ROLE_MISSING, "a\x1b[2J\u202eb\x9b")
    for more in ((), ("--json",)):
        said = run(file, "--to", "UZ/NFP", "--yes", *more)
        assert said.exit_code == 1
        assert all(line.isprintable() for line in said.stdout.splitlines())
