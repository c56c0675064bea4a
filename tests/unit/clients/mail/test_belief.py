"""What a client believes, computed anew."""

from __future__ import annotations

from dataclasses import replace

from clients.mail.belief import replay
from schemas.errors import Code
from tests.support.desk import Desk


def test_directory_follows_from_the_public_statements(kz: Desk) -> None:
    """What the store has of the public lane gives the directory that the client has."""
    replayed = replay(kz.state.keys.network, kz.store.items.public())
    assert (replayed.public_end, replayed.dropped) == (kz.state.public_end, ())
    assert replayed.directory.addresses() == kz.state.directory.addresses()


def test_what_does_not_follow_is_dropped_with_its_reason(kz: Desk) -> None:
    """A statement under which another is missing is named, and nothing else is lost; what was refused is left out."""
    items = list(kz.store.items.public())
    replayed = replay(kz.state.keys.network, [items[0], *items[2:]])
    assert [(item, error.code) for item, error in replayed.dropped] == [(items[2], Code.UNKNOWN_KEY)]
    assert replayed.public_end == kz.state.public_end
    left_out = replace(items[-1], step=3)
    assert replay(kz.state.keys.network, [*items[:-1], left_out]).public_end == items[-1].index
