"""Taking up what a person has begun to write, and deciding what was left open."""

# ruff: noqa: RUF001 - a Russian word whose letters look Latin

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click
import pytest

from clients.actions.drafting import keep_draft, kept_draft, measure_files
from clients.cli.officer.composing import decide_recipients, keeps_draft, take_up
from clients.cli.officer.options import SendOptions
from clients.errors import LocalCode
from clients.mail.attaching import FileToAttach
from schemas.addresses import Address
from tests.support.counter import Counter
from tests.support.refusals import refused

OPTIONS = SendOptions(wait_s=0)
UZ, RU = Address("UZ/NFP"), Address("RU/NFP")


@pytest.fixture
def officer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody at a terminal, who says yes."""
    monkeypatch.setattr("clients.cli.officer.options.may_ask", lambda: True)
    monkeypatch.setattr("clients.cli.officer.composing.agrees", lambda _question, default: default)


@pytest.mark.parametrize("typed", [{}, {"plate": "777 ABC 02"}])
def test_same_command_takes_up_its_draft(counter: Counter, officer: None, typed: dict[str, str]) -> None:
    """With options as without, the command that was cut off goes on where it was."""
    kept = {"plate": "777 ABC 02", "reference": "KZ-9"}
    keep_draft(counter, "warning", kept)
    assert take_up(counter, "warning", typed, OPTIONS).answers == kept


@pytest.mark.parametrize("typed", [{"plate": "1"}, {"container": "CSQU3054384"}])
def test_another_case_is_not_mixed_with_the_draft(counter: Counter, officer: None, typed: dict[str, str]) -> None:
    """Options that say anything else are another case; the draft stays for its own command."""
    keep_draft(counter, "warning", {"plate": "777 ABC 02"})
    assert take_up(counter, "warning", typed, OPTIONS).answers == typed
    assert kept_draft(counter, "warning")


def keep_with(counter: Counter, *paths: Path) -> None:
    """A draft with files."""
    files = [FileToAttach(path, "as seen", as_it_is=True) for path in paths]
    keep_draft(counter, "warning", {"plate": "777 ABC 02"}, measure_files(counter, files))


def test_draft_brings_its_files(
    counter: Counter, officer: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Files that were typed go on with the draft, from another working folder too, and are named first."""
    (tmp_path / "list.txt").write_text("one lorry")
    monkeypatch.chdir(tmp_path)
    keep_with(counter, Path("list.txt"))
    monkeypatch.chdir("/")
    begun = take_up(counter, "warning", {}, OPTIONS)
    assert [each.file for each in begun.files] == [FileToAttach(tmp_path / "list.txt", "as seen", as_it_is=True)]
    assert not begun.also
    assert f"attach: {tmp_path / 'list.txt'}" in " ".join(capsys.readouterr().err.split())


def test_file_that_changed_or_is_gone_is_named_at_the_review(counter: Counter, officer: None, tmp_path: Path) -> None:
    """What changed goes as it is; what is gone, or is empty, does not go; each is named."""
    paths = [tmp_path / name for name in ("same", "changed", "gone", "empty")]
    for path in paths:
        path.write_text("one lorry")
    keep_with(counter, *paths)
    paths[1].write_text("two lorries")
    paths[2].unlink()
    paths[3].write_text("")
    begun = take_up(counter, "warning", {}, OPTIONS)
    assert [each.file.path.name for each in begun.files] == ["same", "changed"]
    text = " ".join(" ".join(begun.also).split())
    assert "changed: changed since you typed it" in text.replace("/ ", "/")
    assert "gone: gone: it does not go" in text
    assert "empty: cannot be used any more" in text
    assert "same:" not in text


def test_files_typed_once_more_go_instead(counter: Counter, officer: None, tmp_path: Path) -> None:
    """Where files are typed with the command that goes on, these are meant; a draft that is refused brings none."""
    for name in ("first", "second"):
        (tmp_path / name).write_text(name)
    keep_with(counter, tmp_path / "first")
    typed = replace(OPTIONS, files=(FileToAttach(tmp_path / "second"),))
    begun = take_up(counter, "warning", {}, typed)
    assert ([each.name for each in begun.files], begun.answers) == (["second"], {"plate": "777 ABC 02"})
    kept = kept_draft(counter, "warning")
    assert kept is not None
    assert [each.file.path.name for each in kept.files] == ["first"]


def test_where_nobody_is_asked_a_draft_stays(counter: Counter) -> None:
    """A command for programs neither takes a draft up nor drops it."""
    keep_draft(counter, "warning", {"plate": "777 ABC 02"})
    assert take_up(counter, "warning", {}, OPTIONS).answers == {}
    assert kept_draft(counter, "warning")


def test_who_goes_away_is_told_what_is_kept(counter: Counter) -> None:
    """Only where something is kept is that said."""
    with pytest.raises(click.Abort, match=r"^$"), keeps_draft(counter, "warning"):
        raise click.Abort
    keep_draft(counter, "warning", {"plate": "777 ABC 02"})
    with pytest.raises(click.Abort, match="What you typed is kept"), keeps_draft(counter, "warning"):
        raise click.Abort


@pytest.mark.parametrize(
    ("typed", "sender", "expected"),
    [
        (("uz/nfp, RU/NFP",), None, (UZ, RU)),
        (("RU/NFP", "UZ/NFP", "RU/NFP"), UZ, (RU, UZ)),
        ((), UZ, (UZ,)),
        (("all",), None, (RU, UZ)),
        (("ВСЕ",), UZ, (RU, UZ)),
    ],
)
def test_recipients_are_those_typed_or_whoever_is_answered(
    counter: Counter, typed: tuple[str, ...], sender: Address | None, expected: tuple[Address, ...]
) -> None:
    """In the order in which they were typed, each once; everybody is everybody but us."""
    assert decide_recipients(counter, typed, sender) == expected


def test_nobody_named_is_wrong_use(counter: Counter) -> None:
    """Where nobody can be asked, the option is named; an unknown member is named too."""
    with pytest.raises(click.UsageError, match="--to"):
        decide_recipients(counter, ())
    with refused(LocalCode.RECIPIENTS_UNKNOWN, "XX/NFP"):
        decide_recipients(counter, ("UZ/NFP", "XX/NFP"))
