"""Which dispatches refer to which."""

from __future__ import annotations

import pytest

from clients.mail.compose import Ref
from tests.support.desk import Desk, ScriptedHub
from tests.support.world import KZ


def pair(desk: Desk) -> tuple[str, str]:
    """A dispatch, and one that corrects it."""
    first = desk.send("UZ/NFP")
    desk.flush()
    second = desk.send("UZ/NFP", refs=(Ref("update", desk.digest_of(first)),), precedence="flash")
    desk.flush()
    return desk.digest_of(first), desk.digest_of(second)


def test_what_refers_is_found(kz: Desk, hub: ScriptedHub) -> None:
    """What refers to a dispatch is found from it, with its place, kind and signer; once, however often it is met."""
    first, second = pair(kz)
    kz.sync()
    kz.state.set_cursors(kz.state.cursors.model_copy(update={"normal": 0, "urgent": 0}))
    kz.sync()
    (found,) = kz.store.references.to(first)
    assert (found.source, found.rel, found.iss, found.member) == (second, "update", "KZ/NFP", "KZ/NFP")
    assert (found.status, found.kind, found.index) == ("actual", "warning", kz.store.items.place_of(second))
    assert kz.store.references.has(first)
    assert not kz.store.references.has(second)


def test_dropped_place_is_not_known(kz: Desk) -> None:
    """What a new epoch has dropped still refers; its place is not known any more."""
    first, second = pair(kz)
    kz.store.items.drop_places(kz.store.items.place_of(second) or 0)
    assert [each.index for each in kz.store.references.to(first)] == [None]


def test_nothing_in_the_clear(kz: Desk) -> None:
    """The file does not say what refers to what."""
    first, second = pair(kz)
    rows = kz.store._database.execute("SELECT id, target, blob FROM reference").fetchall()
    assert len(rows) == 1
    text = b"".join(part.encode() if isinstance(part, str) else part for row in rows for part in row)
    assert all(word.encode() not in text for word in (first, second, "update", "KZ/NFP"))


def test_change_is_found_beside_many_replies(kz: Desk, hub: ScriptedHub, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many replies there are to a dispatch, its correction is found without reading one of them."""
    first, second = pair(kz)
    for _each in range(5):
        hub.send(hub.world.dispatch("UZ/NFP", ["KZ/NFP"], refs=[{"rel": "reply", "digest": first}]))
    kz.sync()
    seals, opened = kz.store._database.seals, [0]
    was = seals.open

    def counted(*what: object) -> object:
        opened[0] += 1
        return was(*what)  # type: ignore[arg-type]

    monkeypatch.setattr(seals, "open", counted)
    assert [each.source for each in kz.store.references.to(first, "update", "cancel")] == [second]
    assert opened == [1]
    assert not kz.store.references.has(first, "cancel")
    assert len(kz.store.references.to(first)) == 6


def test_later_relation_is_found_as_written(kz: Desk, hub: ScriptedHub) -> None:
    """What refers to a dispatch in a word of a later version is found beside the others, and changes nothing."""
    first = hub.send(hub.world.dispatch(KZ, ["UZ/NFP"]))
    source = hub.send(hub.world.dispatch("UZ/NFP", [KZ], refs=[{"rel": "because", "digest": first}]))
    kz.sync()
    assert [(each.source, each.rel) for each in kz.store.references.to(first)] == [(source, "because")]
    assert kz.store.references.has(first)
    assert kz.store.references.to(first, "cancel", "update", "reply") == []
