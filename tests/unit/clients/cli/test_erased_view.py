"""What a person reads where a text is gone at the hub: nothing is claimed that did not happen."""

from __future__ import annotations

from pathlib import Path

import pytest

from clients.cli.officer.dispatch_view import delivery_lines
from clients.mail.inbox import delivery_of
from tests.attacks.desks import dispatched, open_desk
from tests.attacks.test_erased import KEEPS, erase, shows_nothing_of
from tests.support.desk import Desk
from tests.support.lying_hub import LyingHub
from tests.support.world import KZ, UZ, World

NOBODY = "its sender cannot be informed; ask those who may have sent it"


@pytest.fixture
def hub() -> LyingHub:
    """A hub of a network that keeps mail for thirty days."""
    return LyingHub(World(keep_days=KEEPS))


@pytest.fixture
def uz(tmp_path: Path, hub: LyingHub) -> Desk:
    """UZ's desk, up to date."""
    return open_desk(tmp_path, hub, "UZ/NFP")


def shown(desk: Desk, digest: str) -> str:
    """A dispatch as it is shown, in one line."""
    desk.sync()
    item = desk.store.items.get(digest)
    assert item is not None
    return " ".join(" ".join(delivery_lines(delivery_of(item, desk.store, UZ))).split())


def test_gone_without_a_reason(hub: LyingHub, uz: Desk) -> None:
    """It is said that the hub gives no reason, and that nobody could be informed."""
    digest = hub.send(dispatched(hub.world, "KZ/NFP", UZ, precedence="flash"))
    shows_nothing_of(hub, digest, None)
    said = shown(uz, digest)
    assert "the hub no longer has its text, and does not say why" in said
    assert NOBODY in said
    assert "has been informed" not in said


def test_erased_before_it_came(hub: LyingHub, uz: Desk) -> None:
    """No copy is said to stay where none came."""
    digest = hub.send(dispatched(hub.world, "KZ/NFP", UZ, precedence="flash"))
    shows_nothing_of(hub, digest, erase(hub, digest))
    said = shown(uz, digest)
    assert "at the hub 2026-09-21 14:13 UTC: by law" in said
    assert "our copy stays" not in said


def test_erased_after_it_came(hub: LyingHub, uz: Desk) -> None:
    """What came is shown as it was, and the screen says that this copy stays."""
    digest = hub.send(dispatched(hub.world, "KZ/NFP", UZ, precedence="flash"))
    uz.sync()
    hub.force(erase(hub, digest), [KZ, UZ], lane="urgent")
    said = shown(uz, digest)
    assert "our copy stays" in said
    assert "look out" in said


def test_what_fails_and_has_a_sender(hub: LyingHub, uz: Desk) -> None:
    """Where the statement names its sender, a receipt informs it, and the screen says so."""
    sent = dispatched(hub.world, "KZ/NFP", UZ)
    header, payload, _signature = sent.text.split(".")
    digest = hub.force(f"{header}.{payload}.{'A' * 86}", [UZ])
    said = shown(uz, digest)
    assert "its sender has been informed" in said
    assert uz.store.outcomes.owed()[0].to == KZ
