"""What a person is called for once."""

from __future__ import annotations

import pytest

from clients.actions.news import News, NewsKind, Newsreader
from tests.support.desk import Desk, ScriptedHub
from tests.support.traffic import arrive, follow_up, give_receipt
from tests.support.world import RU, UZ


def reader(kz: Desk, caller: str = "run") -> Newsreader:
    """A caller, as it is after a restart."""
    return Newsreader(kz.store, caller, kz.state.system.clock.time_ms)


def call(found: Newsreader) -> list[News]:
    """What is called for."""
    news = found.look()
    found.called(news)
    return news


def test_decline_calls_the_sender_once(kz: Desk, uz: Desk) -> None:
    """Each caller once, over a restart too; one that died before it called does it then."""
    digest = arrive(kz, uz, precedence="immediate")
    give_receipt(uz, kz, digest, "declined", "not_ours")
    kz.sync()
    (news,) = reader(kz).look()
    assert (news.kind, news.digest, news.members) == (NewsKind.DECLINED, digest, (UZ,))
    assert [each.digest for each in call(reader(kz))] == [digest]
    assert (reader(kz).look(), [each.digest for each in call(reader(kz, "watch"))]) == ([], [digest])


def test_silence_calls_the_sender_once(kz: Desk) -> None:
    """All who are silent in one call; a second look at the clock calls nobody."""
    row = kz.send(UZ, RU, precedence="flash")
    kz.flush()
    kz.sync()
    kz.intake.check_silent(1 << 60)
    (news,) = call(reader(kz))
    assert (news.kind, news.digest, set(news.members)) == (NewsKind.SILENT, kz.digest_of(row), {UZ, RU})
    kz.intake.check_silent(1 << 60)
    assert reader(kz).look() == []


def test_what_is_not_urgent_or_over_calls_nobody(kz: Desk, uz: Desk) -> None:
    """A decline of a routine report stands in the list; of what was cancelled nobody needs to know."""
    plain, ended = (arrive(kz, uz, precedence=each) for each in ("routine", "flash"))
    give_receipt(uz, kz, plain, "declined", "not_ours")
    give_receipt(uz, kz, ended, "declined", "not_ours")
    follow_up(kz, uz, "cancel", ended, precedence="routine")
    kz.sync()
    assert reader(kz).look() == []


def test_what_is_long_past_calls_nobody(kz: Desk, uz: Desk, hub: ScriptedHub) -> None:
    """A seat that is new learns of years at once."""
    digest = arrive(kz, uz, precedence="flash")
    give_receipt(uz, kz, digest, "declined", "not_ours")
    kz.sync()
    hub.world.wait(8 * 24 * 3600)
    assert reader(kz).look() == []


@pytest.mark.parametrize("acknowledged", [True, False])
def test_late_revocation_calls_the_recipient_once(kz: Desk, uz: Desk, hub: ScriptedHub, *, acknowledged: bool) -> None:
    """Whether an officer has acknowledged the warning or not: whoever signed it may not be who it says."""
    digest = arrive(uz, kz, precedence="flash")
    arrive(uz, kz, precedence="routine")
    if acknowledged:
        give_receipt(kz, uz, digest, "acknowledged")
    hub.world.revoke(UZ, "ROOT", reason="key_compromise")
    kz.sync()
    assert [(each.kind, each.digest) for each in call(reader(kz))] == [(NewsKind.KEY_REVOKED, digest)]
    assert reader(kz).look() == []
