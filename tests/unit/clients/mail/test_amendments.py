"""What its sender has made of a dispatch since."""

from __future__ import annotations

from typing import Any

import pytest

from clients.mail.amendments import Amendments, amendments_of, reply_refs
from clients.mail.compose import Expectation, Ref
from clients.mail.inbox import delivery_of, status_of
from tests.support.desk import Desk, ScriptedHub
from tests.support.traffic import arrive


def send(desk: Desk, *to: str, refs: tuple[tuple[str, str], ...] = (), **cover: Any) -> str:
    """An accepted dispatch; gives its digest."""
    row = desk.send(*to, refs=tuple(Ref(rel, digest) for rel, digest in refs), **cover)
    desk.flush()
    return desk.digest_of(row)


def amendments(desk: Desk, digest: str) -> Amendments:
    """The amendments of a dispatch that came."""
    item = desk.store.items.get(digest)
    assert item is not None
    return delivery_of(item, desk.store, desk.state.member).amendments


def test_recipient_and_sender_see_correction_and_cancellation(kz: Desk, uz: Desk) -> None:
    """Both ends see the newest correction and the first cancellation, and what each refers to."""
    first = send(kz, "UZ/NFP")
    second = send(kz, "UZ/NFP", refs=(("update", first),))
    third = send(kz, "UZ/NFP", refs=(("update", first),))
    ended = send(kz, "UZ/NFP", refs=(("cancel", first), ("cancel", third)))
    uz.sync()
    for seen in (amendments(uz, first), status_of(first, kz.store).amendments):
        assert [each.source for each in seen.corrections] == [second, third]
        assert seen.corrected_by is not None
        assert seen.cancelled_by is not None
        assert (seen.corrected_by.source, seen.cancelled_by.source) == (third, ended)
    place = uz.store.items.place_of(third)
    assert amendments(uz, ended).indices[third] == place
    assert amendments(uz, second) == Amendments(indices={first: uz.store.items.place_of(first)})


@pytest.mark.parametrize("rel", ["cancel", "update"])
def test_nobody_else_can_cancel_or_correct(kz: Desk, hub: ScriptedHub, rel: str) -> None:
    """A hub that admits what another member says of a dispatch changes nothing here; a reply is no cancellation."""
    first = hub.send(hub.world.dispatch("UZ/NFP", ["KZ/NFP"]))
    hub.send(hub.world.dispatch("RU/NFP", ["KZ/NFP"], refs=[{"rel": rel, "digest": first}]))
    hub.send(hub.world.dispatch("UZ/NFP", ["KZ/NFP"], refs=[{"rel": "reply", "digest": first}]))
    kz.sync()
    assert len(kz.store.references.to(first)) == 2
    assert (amendments(kz, first).cancels, amendments(kz, first).corrections) == ((), ())


def test_exercise_cannot_cancel_what_is_real(kz: Desk, hub: ScriptedHub) -> None:
    """What is marked otherwise does not cancel."""
    first = hub.send(hub.world.dispatch("UZ/NFP", ["KZ/NFP"]))
    hub.send(hub.world.dispatch("UZ/NFP", ["KZ/NFP"], refs=[{"rel": "cancel", "digest": first}], status="exercise"))
    kz.sync()
    assert amendments(kz, first).cancels == ()


def test_cancellation_may_come_first(kz: Desk, uz: Desk, hub: ScriptedHub) -> None:
    """A cancellation on the urgent lane that overtakes what it cancels counts when that comes."""
    first = send(kz, "UZ/NFP", precedence="routine")
    send(kz, "UZ/NFP", refs=(("cancel", first),), precedence="flash")
    frame = uz.next_frame()
    assert [item.lane for item in frame.items] == ["urgent", "normal"]
    uz.sync()
    assert amendments(uz, first).cancelled_by is not None


def test_content_under_a_newer_key_is_cancelled_with_the_first(kz: Desk, hub: ScriptedHub) -> None:
    """What cancels a dispatch cancels its copy that was sealed anew."""
    first = hub.send(hub.world.dispatch("UZ/NFP", ["KZ/NFP", "RU/NFP"]))
    copy = hub.send(hub.world.dispatch("UZ/NFP", ["KZ/NFP"], refs=[{"rel": "reseal", "digest": first}]))
    hub.send(hub.world.dispatch("UZ/NFP", ["KZ/NFP"], refs=[{"rel": "cancel", "digest": first}]))
    kz.sync()
    assert amendments(kz, copy).cancelled_by is not None


def test_without_a_cover_nobody_can_say_anything(kz: Desk) -> None:
    """What could not be verified has no sender, so nobody cancels it."""
    assert amendments_of("x", None, kz.store) == Amendments()


def test_a_reply_names_what_still_asks(kz: Desk, uz: Desk, hub: ScriptedHub) -> None:
    """A reply to a correction that asks for nothing answers what asked before; one that asks anew stands alone."""
    by = Expectation(hub.world.time_s + 60)
    first = arrive(kz, uz, expects=by)
    second = arrive(kz, uz, refs=(Ref("update", first),))
    third = arrive(kz, uz, refs=(Ref("update", second),))
    anew = arrive(kz, uz, refs=(Ref("update", third),), expects=by)
    plain = arrive(kz, uz)
    corrected = arrive(kz, uz, refs=(Ref("update", plain),))
    assert reply_refs(third, uz.store) == (Ref("reply", third), Ref("reply", first))
    for each in (first, anew, plain, corrected):
        assert reply_refs(each, uz.store) == (Ref("reply", each),)
