"""Taking up what a person has begun to write, and deciding what was left open."""

# ruff: noqa: RUF001 - a Russian word whose letters look Latin

from __future__ import annotations

import click
import pytest

from clients.actions.writing import keep_draft, kept_draft
from clients.cli.officer.composing import decide_recipients, keeps_draft, take_up
from clients.cli.officer.options import SendOptions
from clients.errors import LocalCode
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
    assert take_up(counter, "warning", typed, OPTIONS) == kept


@pytest.mark.parametrize("typed", [{"plate": "1"}, {"container": "CSQU3054384"}])
def test_another_case_is_not_mixed_with_the_draft(counter: Counter, officer: None, typed: dict[str, str]) -> None:
    """Options that say anything else are another case; the draft stays for its own command."""
    keep_draft(counter, "warning", {"plate": "777 ABC 02"})
    assert take_up(counter, "warning", typed, OPTIONS) == typed
    assert kept_draft(counter, "warning")


def test_where_nobody_is_asked_a_draft_stays(counter: Counter) -> None:
    """A command for programs neither takes a draft up nor drops it."""
    keep_draft(counter, "warning", {"plate": "777 ABC 02"})
    assert take_up(counter, "warning", {}, OPTIONS) == {}
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
