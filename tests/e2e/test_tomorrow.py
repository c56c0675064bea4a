"""A client of this version in tomorrow's network: it stays connected, shows every alert, takes every revocation."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner

from clients.actions.lists import SentReport
from clients.actions.ringing import Urgent
from clients.actions.tracking import tally_of
from clients.cli.commands import serai
from clients.cli.officer.dispatch_view import sent_lines
from clients.mail.inbox import status_of
from schemas.addresses import Address
from schemas.errors import Code
from tests.attacks.desks import audited, open_desk
from tests.support.counter import Counter, serve
from tests.support.desk import Desk
from tests.support.lying_hub import LyingReader
from tests.support.points import point
from tests.support.refusals import refused
from tests.support.tomorrow import NOVELTIES, Novelty, Tomorrow
from tests.support.world import RU, TJ, UZ

each_novelty = pytest.mark.parametrize("novelty", NOVELTIES, ids=lambda novelty: novelty.name)


@pytest.fixture
def hub() -> Tomorrow:
    """A hub of a later version."""
    return Tomorrow()


@pytest.fixture
def uz(tmp_path: Path, hub: Tomorrow) -> Desk:
    """UZ's desk, of this version, up to date."""
    return open_desk(tmp_path, hub, UZ)


async def check_goes_on(hub: Tomorrow, uz: Desk) -> None:
    """What comes after it is taken as ever: an alert, a revocation, an audit; nobody is blamed."""
    hub.world.revoke(RU)
    alert = hub.send(hub.warn(precedence="flash"))
    uz.confirm()
    assert alert in Urgent(uz.store).look()
    assert (uz.store.items.get(alert) or pytest.fail("it has not come")).step is None
    assert (UZ, "received") in [(each.member, each.outcome) for each in uz.store.outcomes.of(alert)]
    assert uz.state.directory.current(RU, uz.state.place) is None
    assert (await audited(uz)).faults == ()
    assert uz.alarms() == []


@each_novelty
async def test_what_comes_after_it(hub: Tomorrow, uz: Desk, novelty: Novelty) -> None:
    """After anything that is newer, an alert rings and is confirmed, a key is revoked, and there is no alarm."""
    novelty.say(hub)
    await check_goes_on(hub, uz)


async def test_everything_at_once(hub: Tomorrow, uz: Desk) -> None:
    """All of it, in one frame and in one ledger, changes nothing of that."""
    for novelty in NOVELTIES:
        novelty.say(hub)
    await check_goes_on(hub, uz)


@each_novelty
async def test_screen_says_what_is_newer(
    hub: Tomorrow, uz: Desk, novelty: Novelty, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where this version does not know something, a screen says so; every list is shown, in both languages."""
    digest = novelty.say(hub)
    uz.sync()
    await audited(uz)
    serve(monkeypatch, Counter(uz, hub))
    item = uz.store.items.get(digest)
    number = str(item.index) if item is not None and item.inbox else ""
    screens: list[Sequence[str]] = [("inbox",), ("status",), ("directory", "--officers", "--all")]
    for words in [*screens, ("show", number)] if number else screens:
        for language in ("en", "ru"):
            done = CliRunner(env={"SERAI_LANG": language}).invoke(serai, words)
            assert (done.exit_code, done.exception) == (0, None), done.output
            if language == "en" and words[0] == novelty.screen:
                assert novelty.words in " ".join(done.output.split())


def test_every_key_is_revoked(hub: Tomorrow, uz: Desk) -> None:
    """A reason that is not known revokes; what cannot be read may, so nothing is sealed to whom it speaks of."""
    officer = Address(f"{TJ}/DUTY-1")
    hub.force(hub.world.revocation(hub.world.party(officer), reason="retired"), lane="public")
    next(each for each in NOVELTIES if each.name == "revocation in words that cannot be read").say(hub)
    uz.sync()
    directory, place = uz.state.directory, uz.state.place
    assert directory.current(officer, place) is None
    assert directory.unjudged(place) == (TJ,)
    with refused(Code.UNJUDGED):
        directory.encryption_key(TJ, place)


def test_sender_is_told_of_a_receipt_that_cannot_be_checked(hub: Tomorrow, uz: Desk) -> None:
    """Beside its dispatch stands that the recipient has answered, and why that counts for nothing here."""
    digest = uz.digest_of(uz.send(TJ))
    uz.flush()
    hub.later_keys()
    hub.force(hub.under_later_alg(hub.world.receipt(TJ, UZ, [digest])), [UZ])
    uz.sync()
    status = status_of(digest, uz.store)
    assert status.recipients[TJ].state == "sent"
    assert "signature cannot be checked by this version" in " ".join(
        " ".join(sent_lines(SentReport(status, None, tally_of(status)))).split()
    )


async def test_line_stays(hub: Tomorrow, uz: Desk) -> None:
    """A focal point on the line while all of it comes never dials anew, audits it, and goes on."""
    async with asyncio.timeout(60), point(hub, uz.store, make_reader=lambda _, __: LyingReader(hub)) as at:
        await at.wait_live()
        for novelty in NOVELTIES:
            novelty.say(hub)
            hub.stir()
        alert = hub.send(hub.warn(precedence="flash"))
        hub.stir()
        await at.until(lambda: at.state.store.items.get(alert) is not None)
        result = await at.audit()
        assert (at.is_live, len(hub.dialled), result.faults, at.alarms()) == (True, 1, (), [])
