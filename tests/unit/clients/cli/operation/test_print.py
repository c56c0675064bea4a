"""``serai operation print``, as an officer types and reads it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from pypdf import PdfReader

from clients.cli.commands import serai
from tests.support.counter import serve
from tests.support.crew import Crew
from tests.support.world import KZ, TJ

Typed = Callable[..., Result]


@pytest.fixture
def crew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Crew:
    """An operation on which everybody has decided, at KZ's keyboard."""
    made = Crew(tmp_path)
    made.agree(made.open())
    serve(monkeypatch, made[KZ])
    monkeypatch.chdir(tmp_path)
    return made


def typed(*words: str, language: str = "en") -> Result:
    """What a command says."""
    return CliRunner().invoke(serai, ["operation", *words], env={"SERAI_LANG": language})


def printed(*words: str) -> Result:
    """What the command says that prints for the own file."""
    return typed("print", "--pdf", "paper.pdf", "--as", "KZ/NFP/CHIEF", *words)


def first_page() -> str:
    """What stands on the first page."""
    return PdfReader("paper.pdf").pages[0].extract_text()


def test_a_paper_is_written_and_kept_in_the_log(crew: Crew) -> None:
    """The file is its owner's alone, its SHA-256 is told, and every step that is on it stands in the log."""
    done = printed("--json")
    assert done.exit_code == 0, done.output
    value = json.loads(done.stdout)
    data = Path("paper.pdf").read_bytes()
    assert value["sha256"] == hashlib.sha256(data).hexdigest()
    assert Path("paper.pdf").stat().st_mode & 0o777 == 0o600
    known = crew[KZ].known(value["operation"])
    kept = {each.digest: each for each in crew[KZ].store.handed.newest(50)}
    assert kept.keys() == {step.digest for step in known.held.steps}
    assert {(each.way, each.form, each.by, each.use) for each in kept.values()} == {
        ("print", "paper", "KZ/NFP/CHIEF", "own")
    }
    assert "for the own agency's work" in first_page()


def test_a_court_needs_the_permission_of_who_provided_it(crew: Crew) -> None:
    """Without it nothing is printed and nothing is in the log; with it the paper says who has permitted that."""
    done = printed("--court")
    assert done.exit_code == 1
    assert "TJ/NFP" in done.stderr
    assert not Path("paper.pdf").exists()
    assert crew[KZ].store.handed.count() == 0
    assert printed("--court", "--permission", "letter 12/4").exit_code == 0
    assert "letter 12/4" in first_page()
    assert "for judicial proceedings" in first_page()
    assert {each.permission for each in crew[KZ].store.handed.newest(50)} == {"letter 12/4"}


def test_nothing_is_overwritten(crew: Crew) -> None:
    """A file that is there stays as it is."""
    Path("paper.pdf").write_text("mine")
    assert printed().exit_code == 1
    assert Path("paper.pdf").read_text() == "mine"


def test_the_evidence_file_that_goes_with_it_must_be_of_it(crew: Crew, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its SHA-256 stands on the paper; one that does not hold, or is of another operation, is refused."""
    disclosed = ("--disclose", "--permission", "x", "--yes", "--as", "KZ/NFP/CHIEF")
    number = crew[KZ].known(crew[KZ].store.operations.all()[0]).number
    assert typed("evidence", *disclosed, "--out", "court.json").exit_code == 0
    assert printed("--evidence", "court.json").exit_code == 0
    sha256 = hashlib.sha256(Path("court.json").read_bytes()).hexdigest()
    assert sha256 in first_page().replace("\n", "")
    Path("paper.pdf").unlink()
    crew.open(our_reference="TJ-CD-8")
    other = printed("TJ-CD-8", "--evidence", "court.json")
    assert other.exit_code == 1
    assert "has no step of this operation" in other.stderr
    Path("court.json").write_bytes(Path("court.json").read_bytes().replace(b'"key":"', b'"key":"A', 1)[:-3])
    assert printed(number, "--evidence", "court.json").exit_code == 1
    assert not Path("paper.pdf").exists()


def test_who_reads_russian_reads_it_first(crew: Crew) -> None:
    """The language of the officer comes first; both are there."""
    done = typed("print", "--pdf", "paper.pdf", "--as", "KZ/NFP/CHIEF", language="ru")
    assert done.exit_code == 0, done.output
    assert "Напечатано в файл paper.pdf" in done.stdout
    assert "Контролируемая поставка TJ-CD-7" in first_page()


def test_as_of_a_moment(crew: Crew) -> None:
    """A paper shows the operation as of the time that is asked for."""
    assert printed("--at", "2026-11-24T07:00").exit_code == 0
    assert "2026-11-24 07:00 UTC" in first_page()
    assert crew[TJ].store.handed.count() == 0
