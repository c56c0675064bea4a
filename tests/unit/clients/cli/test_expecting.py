"""Asking for a reply, and being told that one is owed."""

from __future__ import annotations

import pytest
from click.testing import CliRunner, Result

from clients.actions.lists import SentReport
from clients.actions.tracking import tally_of
from clients.cli.commands import serai
from clients.cli.officer.dispatch_view import delivery_lines, sent_lines
from clients.cli.ui import named_lines
from clients.documents.dispatch_texts import recipient_texts
from clients.mail.inbox import delivery_of, status_of
from clients.store import Answer
from schemas.addresses import HUB
from tests.support.counter import Counter, serve
from tests.support.desk import Desk, ScriptedHub
from tests.support.world import KZ, RU, UZ

WARNING = ("send", "warning", "--wait", "0", "--yes", "--reference", "K-1", "--action", "stop", "--summary", "Lorry.")


def run(monkeypatch: pytest.MonkeyPatch, counter: Counter, *words: str) -> Result:
    """What a person reads who types this."""
    serve(monkeypatch, counter)
    return CliRunner().invoke(serai, [*WARNING, *words])


def test_some_recipients_are_asked(kz: Desk, counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who is to reply, and until when, is shown before it goes, and stands on the cover."""
    said = run(monkeypatch, counter, "--to", "UZ/NFP", "--to", "RU/NFP", "--reply-hours", "2", "--reply-from", "ru/nfp")
    assert said.exit_code == 3, said.output  # it waits to be sent
    for line in ("Reply by       2026-09-21 16:13 UTC", "Reply from     RU/NFP"):
        assert line in said.stderr
    draft = kz.store.outbox.all(1)[0].draft
    assert draft["expects"] == {"by": kz.hub.world.time_s + 7200, "members": ["RU/NFP"]}


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--reply-from", "UZ/NFP"), "--reply-from needs --reply-hours"),
        (("--reply-from", "RU/NFP", "--reply-hours", "1"), "no reply can be asked of RU/NFP"),
        (("--reply-from", "UZ/NFP/DUTY-1", "--reply-hours", "1"), "a member is due"),
    ],
)
def test_who_cannot_be_asked(
    kz: Desk, counter: Counter, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], told: str
) -> None:
    """Nothing is sent that asks somebody who does not get it, or asks without saying until when."""
    said = run(monkeypatch, counter, "--to", "UZ/NFP", *words)
    assert said.exit_code != 0
    assert told in said.stderr
    assert kz.store.outbox.all(9) == []


def test_who_owes_a_reply_is_told_so(uz: Desk, hub: ScriptedHub) -> None:
    """The screen of a dispatch says that we owe a reply, and until when, as long as we do."""
    digest = hub.send(hub.world.dispatch(KZ, [UZ], expects={"by": hub.world.time_s + 7200}))
    uz.sync()

    def shown() -> str:
        item = uz.store.items.get(digest)
        assert item is not None
        return "\n".join(delivery_lines(delivery_of(item, uz.store, uz.state.member)))

    assert "WE OWE         we have not replied; due by 2026-09-21 16:13 UTC" in shown()
    hub.send(hub.world.dispatch(UZ, [KZ], refs=[{"rel": "reply", "digest": digest}]))
    uz.sync()
    assert "WE OWE" not in shown()
    assert "Reply by       2026-09-21 16:13 UTC" in shown()


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        ("answered", "replied"),
        ("overdue_reply", "REPLY OVERDUE, the hub says"),
        ("silent_reply", "REPLY OVERDUE by our clock"),
    ],
)
def test_the_asker_sees_who_has_not_replied(kz: Desk, outcome: str, words: str) -> None:
    """Of each recipient: that it has replied, or that its reply is overdue, and who says so."""
    row = kz.send("UZ/NFP", "RU/NFP")
    kz.flush()
    digest = kz.digest_of(row)
    kz.store.outcomes.add(digest, Answer(RU, outcome, kz.hub.world.time_ms))
    status = status_of(digest, kz.store)
    assert words in "\n".join(named_lines(recipient_texts(status.recipients[RU], status.accepted_at_ms)))


def test_later_words_are_shown_as_written_beside_silence(kz: Desk) -> None:
    """A recipient that said a word of a later version is still silent, and what it said is told; so is the hub's."""
    row = kz.send("UZ/NFP")
    kz.flush()
    digest = kz.digest_of(row)
    kz.store.outcomes.add(digest, Answer(UZ, "later:borrowed", kz.hub.world.time_ms))
    kz.store.outcomes.add(digest, Answer(HUB, "later:eclipse", kz.hub.world.time_ms, reason='{"place":"Hell\x1b[2J"}'))
    status = status_of(digest, kz.store)
    shown = "\n".join(sent_lines(SentReport(status, None, tally_of(status))))
    assert "UZ/NFP         SILENT since" in shown
    assert 'UZ/NFP         said "borrowed", which is newer than this program; it has no' in shown
    assert 'CENTRE/HUB     said "eclipse", which is newer' in shown
    assert "Hell" in shown
    assert "\x1b" not in shown
