"""Making what a client signs."""

from __future__ import annotations

from typing import cast

import pytest

from clients.mail.compose import (
    ENTROPY_BYTES,
    DispatchDraft,
    Draft,
    PublicDraft,
    ReceiptDraft,
    Ref,
    Signing,
    compose_dispatch,
    compose_receipt,
    compose_token,
    draft_from_json,
    draft_to_json,
)
from schemas.addresses import Address
from schemas.claims import Dispatch, Receipt, Session
from schemas.encoding import decode_json, encode_json
from schemas.errors import Code
from schemas.reports import encode_report
from schemas.sealing import open_body, unwrap_key, verify_body
from tests.support.desk import warning
from tests.support.refusals import refused
from tests.support.world import HUB_ORIGIN, KZ, RU, UZ, World

CONTENT = encode_report(warning()).decode()
DRAFT = DispatchDraft(
    CONTENT, "warning", (UZ, RU), KZ, "actual", "flash", "H2", refs=(Ref("reply", "A" * 43),), stale_after=9
)


@pytest.fixture
def world() -> World:
    """Three members."""
    return World([KZ, UZ, RU])


def signing(world: World, address: str = "KZ/NFP", view: str | None = None) -> Signing:
    """What a signature takes."""
    entropy = b"".join(world.entropy(size) for size in ENTROPY_BYTES)
    return Signing(world.network, world.party(address).sig, world.time_ms, entropy, view)


@pytest.mark.parametrize(
    "draft",
    [
        DRAFT,
        DispatchDraft(
            CONTENT, "warning", (UZ,), Address("KZ/NFP/DUTY-1"), "test", "routine", "H0", (Ref("x", None, 4),)
        ),
        ReceiptDraft(UZ, "rejected", ("A" * 43,), KZ, 7, "no_key", urgent=True),
        PublicDraft("a.b.c"),
    ],
    ids=["dispatch", "waiting", "receipt", "public"],
)
def test_draft_survives_the_store(draft: Draft) -> None:
    """A draft written as JSON is the same draft when it is read."""
    assert draft_from_json(decode_json(encode_json(draft_to_json(draft)), 999)) == draft


def test_dispatch_opens_at_every_recipient_and_the_sender(world: World) -> None:
    """Each address of `to`, then the sender's member, can open the content under the signed cover."""
    note = world.checkpoint()
    refs = (("reply", "A" * 43),)
    text, sealed = compose_dispatch(DRAFT, refs, signing(world, view=note), world.directory, world.place)
    cover = cast("Dispatch", world.verified(text).claims)
    assert (cover.to, cover.precedence, cover.handling, cover.stale_after, cover.view) == (
        [UZ, RU],
        "flash",
        "H2",
        9,
        note,
    )
    assert [(ref.rel, ref.digest) for ref in cover.refs or []] == list(refs)
    verify_body(sealed.body, cover.content.claim(), cover.envelope())
    for entry, member in zip(sealed.entries, ("UZ/NFP", "RU/NFP", "KZ/NFP"), strict=True):
        enc = world.party(member).enc
        assert enc is not None
        key = unwrap_key(entry, enc, cover.content.claim(), cover.envelope(), Address(member))
        assert open_body(sealed.body, key, cover.envelope()).rstrip() == CONTENT.encode()


def test_signing_anew_is_another_statement(world: World) -> None:
    """The same draft signed twice has another jti and another content key."""
    texts = [compose_dispatch(DRAFT, (), signing(world), world.directory, world.place)[0] for _ in range(2)]
    covers = [cast("Dispatch", world.verified(text).claims) for text in texts]
    assert covers[0].jti != covers[1].jti
    assert covers[0].content.commitment != covers[1].content.commitment


def test_unknown_recipient_is_not_sealed_to(world: World) -> None:
    """Nothing is sealed to an address without a key."""
    draft = DispatchDraft(CONTENT, "warning", (Address("XX/NFP"),), KZ, "actual", "flash", "H2")
    with refused(Code.UNKNOWN_RECIPIENT):
        compose_dispatch(draft, (), signing(world), world.directory, world.place)


def test_receipt_says_what_was_drafted(world: World) -> None:
    """Outcome, step, reason and digests are those of the draft."""
    draft = ReceiptDraft(UZ, "rejected", ("A" * 43, "B" * 42 + "A"), KZ, 7, "no_key")
    claims = cast("Receipt", world.verified(compose_receipt(draft, signing(world))).claims)
    assert (claims.to, claims.outcome, tuple(claims.digests)) == (UZ, "rejected", draft.digests)
    assert (claims.step, claims.reason, claims.iss) == (7, "no_key", KZ)


def test_tokens_live_a_minute(world: World) -> None:
    """A token to exchange names mailbox and seat, one to read neither; both end after sixty seconds."""
    officer = Address("KZ/NFP/DUTY-1")
    exchange = compose_token(signing(world, officer, view="x"), officer, HUB_ORIGIN, "desk")
    read = compose_token(signing(world), KZ, HUB_ORIGIN, None)
    claims = [cast("Session", world.verified(token).claims) for token in (exchange, read)]
    assert [(each.use, each.mailbox, each.seat, each.exp - each.iat) for each in claims] == [
        ("exchange", KZ, "desk", 60),
        ("read", None, None, 60),
    ]
    assert [each.view for each in claims] == [None, None]


def test_content_key_is_not_shown(world: World) -> None:
    """Neither the content nor the entropy that becomes the content key is in a text for people."""
    shown = repr(signing(world)) + repr(DRAFT)
    assert "entropy" not in shown
    assert "look out" not in shown
