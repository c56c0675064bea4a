"""What is said of keys in words of a later version, and a liar in the same words (PROTOCOL 5)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from clients.mail.amendments import amendments_of
from clients.mail.compose import Expectation
from clients.mail.state import cover_of
from schemas.addresses import ROOT
from schemas.claims import StatementType
from schemas.encoding import encode_base64url, encode_json
from schemas.errors import Code
from schemas.keykinds import UnknownKey
from schemas.keys import SigningKey
from tests.attacks.desks import alarms, dispatched, open_desk, seen
from tests.support.desk import Desk, warning
from tests.support.lying_hub import LyingHub
from tests.support.refusals import refused
from tests.support.world import KZ, RU, UZ, Party, World

LATER = {"kty": "AKP", "alg": "ML-DSA-65", "pub": "A" * 2_603}


@pytest.fixture
def hub(world: World) -> LyingHub:
    """A hub of a later version, or one that says so."""
    return LyingHub(world)


@pytest.fixture
def uz(tmp_path: Path, hub: LyingHub) -> Desk:
    """UZ's desk, up to date."""
    return open_desk(tmp_path, hub, "UZ/NFP")


def unread(world: World, sub: str, iss: str, key: SigningKey | None = None) -> str:
    """A revocation with a claim that must be understood and is not."""
    claims = {"sub": sub, "kid": world.party(sub).sig.kid, "reason": "lost", "critical": ["later"], "later": 1}
    return world.sign(StatementType.REVOCATION, iss, claims, key)


def unchecked(world: World, sub: str, iss: str, kid: str) -> str:
    """A revocation under an alg that nobody here can check."""
    header = {"alg": "ML-DSA-65", "kid": kid, "typ": StatementType.REVOCATION.typ}
    claims = {**world.common(iss), "sub": sub, "kid": world.party(sub).sig.kid, "reason": "lost"}
    return ".".join(encode_base64url(part.encode()) for part in (encode_json(header), encode_json(claims), "signed"))


def test_revocation_in_later_words(hub: LyingHub, uz: Desk) -> None:
    """A key that was revoked in words of a later version counts for nothing; its alerts are shown, with that said."""
    hub.force(unread(hub.world, RU, ROOT), lane="public")
    digest = hub.send(dispatched(hub.world, "RU/NFP", UZ, precedence="flash"))
    beneath = hub.send(dispatched(hub.world, "RU/NFP/DUTY-1", UZ))
    uz.sync()
    assert seen(uz, digest) == seen(uz, beneath) == (None, "unjudged")
    with refused(Code.UNJUDGED):
        uz.state.directory.encryption_key(RU, uz.state.place)
    assert uz.state.directory.unjudged(uz.state.place) == (RU,)
    assert uz.alarms() == []


def test_mark_by_somebody_beside(hub: LyingHub, uz: Desk) -> None:
    """A member that says unreadable things of another cuts nobody off: refused, with an alarm."""
    hub.force(unread(hub.world, RU, KZ), lane="public")
    digest = hub.send(dispatched(hub.world, "RU/NFP", UZ))
    uz.sync()
    assert seen(uz, digest) == (None, None)
    assert uz.state.directory.unjudged(uz.state.place) == ()
    assert len(alarms(uz, "public_refused")) == 1


@pytest.mark.parametrize("iss", [ROOT, RU])
def test_mark_with_a_forged_signature(hub: LyingHub, uz: Desk, iss: str) -> None:
    """Unreadable words over another's kid, which that key has not signed, mark nothing: refused, with an alarm."""
    signed = unread(hub.world, RU, iss)
    hub.force(f"{signed.rpartition('.')[0]}.{unread(hub.world, RU, iss).rpartition('.')[2]}", lane="public")
    digest = hub.send(dispatched(hub.world, "RU/NFP", UZ))
    uz.sync()
    assert seen(uz, digest) == (None, None)
    assert len(alarms(uz, "public_refused")) == 1


@pytest.mark.parametrize(("sub", "iss"), [(RU, ROOT), (RU, RU), ("RU/NFP/DUTY-1", RU)])
def test_mark_under_an_alg_that_is_not_the_keys(hub: LyingHub, uz: Desk, sub: str, iss: str) -> None:
    """Words over the kid of a key of today under an alg of tomorrow and so signed by nobody, mark nothing: an alarm."""
    kid = hub.world.root.kid if iss == ROOT else hub.world.party(iss).sig.kid
    hub.force(unchecked(hub.world, sub, iss, kid), lane="public")
    digest = hub.send(dispatched(hub.world, "RU/NFP/DUTY-1", UZ))
    uz.sync()
    assert seen(uz, digest) == (None, None)
    assert uz.state.directory.unjudged(uz.state.place) == ()
    assert len(alarms(uz, "public_refused")) == 1


def test_revocation_of_an_older_key_frees_none(hub: LyingHub, uz: Desk) -> None:
    """Who has a key that was revoked in later words, and the one before it, does not clear it by revoking that one."""
    world = hub.world
    older = world.rotate(RU)
    hub.force(unread(world, RU, ROOT), lane="public")
    hub.force(world.revocation(older, RU, older.sig), lane="public")
    digest = hub.send(dispatched(world, "RU/NFP", UZ))
    uz.sync()
    assert seen(uz, digest) == (None, "unjudged")
    assert uz.state.directory.unjudged(uz.state.place) == (RU,)


def test_certified_by_a_key_that_may_have_been_revoked(hub: LyingHub, uz: Desk) -> None:
    """Officers whom a thief certifies do not become good when the root gives the member another key."""
    world = hub.world
    hub.force(unread(world, RU, ROOT), lane="public")
    world.enrol("RU/NFP/GHOST")
    world.rotate(RU)
    world.enrol("RU/NFP/DUTY-9")
    ghost, good = (hub.send(dispatched(world, iss, UZ)) for iss in ("RU/NFP/GHOST", "RU/NFP/DUTY-9"))
    uz.sync()
    assert (seen(uz, ghost), seen(uz, good)) == ((None, "unjudged"), (None, None))
    assert uz.state.directory.unjudged(uz.state.place) == ()


def test_later_key_of_somebody_who_may(hub: LyingHub, uz: Desk) -> None:
    """A key of a later kind marks what its holder may speak of, with no alarm; of others it marks nothing."""
    kid = UnknownKey.from_jwk(LATER).kid
    keys = {**Party.of(RU).key(), "sig": LATER}
    asked = hub.world.later_enrolment(RU, keys, roles=["exchange", "certify"])
    hub.force(hub.world.credential(hub.world.party(RU), request=asked), lane="public")
    hub.force(unchecked(hub.world, "RU/NFP/DUTY-1", RU, kid), lane="public")
    uz.sync()
    assert uz.state.directory.unjudged(uz.state.place) == ("RU/NFP/DUTY-1",)
    assert uz.alarms() == []
    hub.force(unchecked(hub.world, KZ, RU, kid), lane="public")
    uz.sync()
    assert uz.state.directory.unjudged(uz.state.place) == ("RU/NFP/DUTY-1",)
    assert len(alarms(uz, "public_refused")) == 1


@pytest.mark.parametrize("content", [warning().model_dump(mode="json", exclude_none=True), b"[]"])
def test_cancellation_by_an_unjudged_key(hub: LyingHub, uz: Desk, content: Mapping[str, Any] | bytes) -> None:
    """Who holds a key of which nobody can say whether it was revoked silences no alert, nor by what fails a step."""
    alert = dispatched(hub.world, "RU/NFP", UZ, precedence="flash")
    digest = hub.send(alert)
    hub.force(unread(hub.world, RU, ROOT), lane="public")
    refs = [{"rel": "cancel", "digest": digest}]
    hub.send(hub.world.dispatch("RU/NFP", [UZ], content, precedence="flash", refs=refs))
    uz.sync()
    item = uz.store.items.get(digest)
    assert item is not None
    assert amendments_of(digest, cover_of(item), uz.store).cancelled_by is None


def test_answer_by_an_unjudged_key(hub: LyingHub, uz: Desk) -> None:
    """An answer by such a key is shown, and ends no wait: nobody can say who gave it."""
    row = uz.send(RU, expects=Expectation(hub.world.time_s + 60))
    uz.flush()
    hub.force(unread(hub.world, RU, ROOT), lane="public")
    asked = uz.digest_of(row)
    answer = hub.send(dispatched(hub.world, "RU/NFP", UZ, refs=[{"rel": "reply", "digest": asked}]))
    uz.sync()
    assert seen(uz, answer) == (None, "unjudged")
    assert uz.outcomes(asked) == []


def test_receipt_by_an_unjudged_key(hub: LyingHub, uz: Desk) -> None:
    """A receipt by such a key settles nothing: the sender hears, when it is due, that nobody has confirmed."""
    row = uz.send(RU)
    uz.flush()
    hub.force(unread(hub.world, RU, ROOT), lane="public")
    receipt = hub.world.receipt(RU, UZ, [uz.digest_of(row)])
    hub.force(receipt, [UZ])
    uz.sync()
    assert uz.outcomes(uz.digest_of(row)) == [(RU, "unjudged")]
    uz.intake.check_silent(hub.world.time_ms + 90_000_000)
    assert uz.alarms() == ["overdue"]


def test_revocation_for_a_later_reason(hub: LyingHub, uz: Desk) -> None:
    """A reason that nobody knows yet keeps no key alive."""
    hub.force(hub.world.revocation(hub.world.party(RU), ROOT, reason="retired"), lane="public")
    uz.sync()
    assert uz.state.directory.current(RU, uz.state.place) is None
    assert uz.alarms() == []
