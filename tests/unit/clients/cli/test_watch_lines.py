"""``serai watch --lines``: what happened to what was sent stands among what comes."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from clients.actions.watching import InboxTail, NewsTail
from clients.cli.commands import serai
from clients.mail.inbox import Delivery
from tests.support.counter import Counter, serve
from tests.support.desk import Desk
from tests.support.traffic import arrive, give_receipt
from tests.support.world import UZ


@pytest.fixture
def declined(kz: Desk, uz: Desk, counter: Counter, monkeypatch: pytest.MonkeyPatch) -> str:
    """KZ's urgent warning was declined, another is silent, and something has come; gives the digest of the first."""
    serve(monkeypatch, counter)
    digest = arrive(kz, uz, precedence="flash")
    give_receipt(uz, kz, digest, "declined", "not_ours")
    kz.send("RU/NFP", precedence="immediate")
    kz.flush()
    kz.sync()
    kz.intake.check_silent(1 << 60)
    arrive(uz, kz)
    monkeypatch.setattr(InboxTail, "take", lambda tail: list[Delivery](tail.before(1)))
    return digest


def watch(*options: str) -> list[str]:
    """The lines of a watch that ends after one dispatch."""
    done = CliRunner().invoke(serai, ["watch", "--lines", "--recent", "0", "--count", "1", *options])
    assert done.exit_code == 0, done.output
    return done.stdout.splitlines()


@pytest.mark.usefixtures("declined")
def test_decline_and_silence_are_a_line_each_once() -> None:
    """Who keeps lines and no screen learns that a recipient declined, or is silent; the next watch repeats nothing."""
    first, *news = watch()
    assert "UZ/NFP" in first
    assert {line.split(":")[-1].strip() for line in news} == {"DECLINED", "SILENT past its time"}
    assert all("FLASH" in line or "IMMEDIATE" in line for line in news)
    assert len(watch()) == 1


def test_programs_tell_news_from_dispatches(declined: str) -> None:
    """With --json each is an object of its own, with what happened, to which dispatch, and by whom."""
    _, news, *_others = (json.loads(line) for line in watch("--json"))
    assert (news["news"]["event"], news["news"]["digest"], news["news"]["members"]) == ("declined", declined, [UZ])


@pytest.mark.usefixtures("declined")
def test_screen_and_lines_each_tell_it(counter: Counter) -> None:
    """What lines have told does not keep a live screen from ringing for it."""
    count = len(watch()) - 1
    assert len(NewsTail(counter, "watch").take()) == count > 1
