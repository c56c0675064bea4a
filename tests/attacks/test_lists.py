"""What would keep an alert, or what became of it, from a person who looks at a list."""

from __future__ import annotations

from pathlib import Path

import pytest

from clients.actions.lists import list_inbox, list_sent
from clients.actions.news import NewsKind, Newsreader
from clients.mail.inbox import delivery_of
from schemas.addresses import Address
from tests.attacks.desks import dispatched, open_desk
from tests.support.counter import Counter
from tests.support.desk import Desk
from tests.support.lying_hub import LyingHub
from tests.support.world import KZ, RU, UZ, World


@pytest.fixture
def hub(world: World) -> LyingHub:
    """A hub that delivers what a member sends."""
    return LyingHub(world)


@pytest.fixture
def uz(tmp_path: Path, hub: LyingHub) -> Desk:
    """UZ's desk, up to date."""
    return open_desk(tmp_path, hub, UZ)


def test_flood_over_a_flash(hub: LyingHub, uz: Desk) -> None:
    """A member sends whatever it likes, as urgent as it likes: flash stays on top, and the oldest alert is shown."""
    oldest = hub.send(dispatched(hub.world, KZ, UZ, precedence="immediate"))
    flash = hub.send(dispatched(hub.world, KZ, UZ, precedence="flash"))
    for precedence in ("immediate", "routine") * 10:
        hub.send(dispatched(hub.world, RU, UZ, precedence=precedence))
    uz.sync()
    page = list_inbox(Counter(uz, hub), 3)
    shown = [each.digest for each in page.shown]
    assert (shown[0], shown[-1]) == (flash, oldest)
    assert (page.left_out, page.urgent_left_out) == (19, 9)


def test_alert_under_a_key_that_was_stolen(hub: LyingHub, uz: Desk) -> None:
    """A thief's flash that came before the revocation is in doubt afterwards, and whoever acts on it is called."""
    digest = hub.send(dispatched(hub.world, f"{KZ}/DUTY-1", UZ, precedence="flash"))
    uz.sync()
    hub.world.revoke(f"{KZ}/DUTY-1", "ROOT", reason="key_compromise")
    uz.sync()
    item = uz.store.items.get(digest)
    assert item is not None
    assert delivery_of(item, uz.store, Address(UZ)).compromised is not None
    (news,) = Newsreader(uz.store, "run", uz.state.system.clock.time_ms).look()
    assert (news.kind, news.digest) == (NewsKind.KEY_REVOKED, digest)


def test_decline_behind_an_acknowledgement(hub: LyingHub, uz: Desk) -> None:
    """Who acknowledges first and declines later is not counted as done."""
    row = uz.send(KZ, precedence="immediate")
    uz.flush()
    digest = uz.digest_of(row)
    for outcome, more in (("acknowledged", {}), ("declined", {"reason": "capacity"})):
        hub.world.admit(hub.world.receipt(f"{KZ}/DUTY-1", UZ, [digest], outcome, **more))
        uz.sync()
    (report,) = list_sent(Counter(uz, hub), 9).page.shown
    assert not report.is_done


def test_answer_of_an_exercise_that_comes_first(hub: LyingHub, uz: Desk) -> None:
    """Held back is our own dispatch, so that an exercise seems to answer it: judged when it comes, it ends nothing."""
    by = uz.state.system.clock.time_s() + 600
    sent = dispatched(hub.world, UZ, KZ, expects={"by": by})
    hub.send(sent)
    refs = [{"rel": "reply", "digest": sent.digest}]
    hub.send(dispatched(hub.world, KZ, UZ, status="exercise", precedence="flash", refs=refs))
    reply = hub.item(len(hub.world.log) - 1, UZ)
    assert reply is not None
    uz.intake.deliver(uz.next_frame().model_copy(update={"items": [reply]}))
    uz.sync()
    assert list(uz.store.outcomes.missing("reply")) == [sent.digest]
