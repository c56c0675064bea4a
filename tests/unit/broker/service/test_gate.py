"""The gate: each check of a session token, numbered as in `verify_token`."""

from __future__ import annotations

from typing import Any

import pytest

from broker.service.gate import Pass, verify_token
from schemas.addresses import Address
from schemas.directory import Position
from schemas.errors import Code
from tests.support.refusals import refused
from tests.support.world import DAY_S, HUB_ORIGIN, KZ, UZ, YEAR_S, World, signing_key

OFFICER = Address(f"{KZ}/DUTY-1")
ORIGINS = frozenset({HUB_ORIGIN, "wss://hub.example:443"})


@pytest.fixture
def world() -> World:
    """A network of two."""
    return World([KZ, UZ])


def _show(world: World, token: str, use: str = "exchange") -> Pass:
    return verify_token(token, use, ORIGINS, world.directory, world.place)


# What a token opens


@pytest.mark.parametrize("signer", [KZ, OFFICER])
@pytest.mark.parametrize("hub", sorted(ORIGINS))
def test_exchange(world: World, signer: Address, hub: str) -> None:
    """A token of a member or its officer opens the member's mailbox, by any origin of the hub."""
    token = world.token(signer, hub=hub, seat="night-2")
    claims = world.verified(token).claims
    kid = world.party(signer).sig.kid
    assert _show(world, token) == Pass(signer, KZ, "night-2", kid, claims.jti, world.time_s + 60, auditor=False)


@pytest.mark.parametrize("signer", [KZ, OFFICER])
def test_read(world: World, signer: Address) -> None:
    """A token for reading names no mailbox and no seat, and reads as its signer's member."""
    holder = _show(world, world.token(signer, use="read"), "read")
    assert (holder.holder, holder.member, holder.seat) == (signer, KZ, "")


@pytest.mark.parametrize("role", ["exchange", "audit", "coordinate"])
def test_roles_that_open(world: World, role: str) -> None:
    """One of three roles opens a line; that of an auditor reads every text besides."""
    world.rotate(KZ, roles=[role])
    assert _show(world, world.token(KZ)).auditor is (role == "audit")


# 1. form, signature, network


@pytest.mark.parametrize("token", ["", "a.b.c", "Bearer x", "x" * 100])
def test_no_statement(world: World, token: str) -> None:
    """What is no statement is refused as one."""
    with refused(Code.MALFORMED_STATEMENT):
        _show(world, token)


def test_another_type(world: World) -> None:
    """A statement of another type opens nothing, though its signature holds."""
    with refused(Code.TOKEN_INVALID, "not a session token"):
        _show(world, world.receipt(KZ, UZ, ["A" * 43]))


def test_signature(world: World) -> None:
    """A token with another signature opens nothing."""
    head, _, _ = world.token(KZ).rpartition(".")
    with refused(Code.BAD_SIGNATURE):
        _show(world, f"{head}.{world.token(UZ).rpartition('.')[2]}")


def test_unknown_key(world: World) -> None:
    """A key that was never certified opens nothing."""
    with refused(Code.UNKNOWN_KEY):
        _show(world, world.token(KZ, key=signing_key("a stranger")))


def test_other_network(world: World) -> None:
    """A token for another network opens nothing here."""
    with refused(Code.WRONG_NETWORK):
        _show(world, world.token(KZ, aud=f"{world.name}/{signing_key('another').kid}"))


@pytest.mark.parametrize("changes", [{"seat": None}, {"mailbox": None}, {"seat": "Main"}, {"use": "both"}])
def test_claims(world: World, changes: dict[str, Any]) -> None:
    """An exchange token names mailbox and seat in their one form."""
    with refused(Code.MALFORMED_STATEMENT):
        _show(world, world.token(KZ, **changes))


# 2. use and origin


@pytest.mark.parametrize(("made", "shown"), [("exchange", "read"), ("read", "exchange")])
def test_another_use(world: World, made: str, shown: str) -> None:
    """A token for one use does not serve for the other."""
    with refused(Code.TOKEN_INVALID, "another use"):
        _show(world, world.token(KZ, use=made), shown)


@pytest.mark.parametrize("hub", ["ws://127.0.0.1:8444", "wss://127.0.0.1:8443", "wss://hub.elsewhere:443"])
def test_another_hub(world: World, hub: str) -> None:
    """A token for another scheme, host or port is not ours: a hub in between gets nothing with it."""
    with refused(Code.TOKEN_INVALID, "another hub"):
        _show(world, world.token(KZ, hub=hub))


@pytest.mark.parametrize("hub", ["wss://hub.example", f"{HUB_ORIGIN}/", "WS://127.0.0.1:8443", "ws://127.0.0.1:08443"])
def test_another_spelling_of_a_hub(world: World, hub: str) -> None:
    """A hub is named in one spelling: nobody has to guess whether two of them are one."""
    with refused(Code.MALFORMED_STATEMENT, "hub"):
        _show(world, world.token(KZ, hub=hub))


def test_storing(world: World) -> None:
    """A token that stores names no mailbox, and is signed with the role to exchange."""
    holder = _show(world, world.token(OFFICER, use="store"), "store")
    assert (holder.holder, holder.member, holder.seat) == (OFFICER, KZ, "")
    world.rotate(KZ, roles=["audit", "certify"])
    with refused(Code.ROLE_MISSING):
        _show(world, world.token(KZ, use="store"), "store")


# 3. time


@pytest.mark.parametrize(
    ("iat_s", "life_s", "code"),
    [
        (0, 60, None),
        (0, 1, None),
        (120, 60, None),
        (121, 60, Code.TOKEN_EXPIRED),
        (-59, 60, None),
        (-60, 60, Code.TOKEN_EXPIRED),
        (-DAY_S, 60, Code.TOKEN_EXPIRED),
        (0, 0, Code.TOKEN_EXPIRED),
        (0, 61, Code.TOKEN_INVALID),
        (-1, 61, Code.TOKEN_INVALID),
    ],
)
def test_time(world: World, iat_s: int, life_s: int, code: Code | None) -> None:
    """A token is good from two minutes before its date until its end, which comes at most 60 s after."""
    token = world.token(KZ, iat=world.time_s + iat_s, exp=world.time_s + iat_s + life_s)
    if code is None:
        assert _show(world, token).expires_s == world.time_s + iat_s + life_s
    else:
        with refused(code):
            _show(world, token)


def test_hub_says_its_time(world: World) -> None:
    """A token outside its time is refused with the hub's, so that the client can correct its clock."""
    with refused(Code.TOKEN_EXPIRED, str(world.time_s)):
        _show(world, world.token(KZ, iat=0, exp=60))


# 4. the signer


def test_revoked(world: World) -> None:
    """A revoked key opens nothing, nor does an officer's beneath it."""
    tokens = [world.token(KZ), world.token(OFFICER)]
    world.revoke(KZ)
    for token in tokens:
        with refused(Code.CREDENTIAL_REVOKED):
            _show(world, token)


def test_expired(world: World) -> None:
    """A key out of date opens nothing."""
    world.wait(2 * YEAR_S)
    with refused(Code.CREDENTIAL_EXPIRED):
        _show(world, world.token(KZ))


def test_replaced(world: World) -> None:
    """A replaced key opens lines for seven days."""
    old = world.rotate(KZ)
    world.wait(7 * DAY_S - 1)
    assert _show(world, world.token(KZ, key=old.sig)).kid == old.sig.kid
    world.wait(1)
    with refused(Code.CREDENTIAL_EXPIRED):
        _show(world, world.token(KZ, key=old.sig))


@pytest.mark.parametrize("signer", [KZ, OFFICER])
def test_suspended(world: World, signer: Address) -> None:
    """A suspended member and its officers open nothing until the next credential."""
    world.suspend(KZ)
    with refused(Code.SUSPENDED):
        _show(world, world.token(signer))
    world.renew(KZ)
    assert _show(world, world.token(signer)).member == KZ


def test_key_of_another_address(world: World) -> None:
    """A member's key does not sign for its officer, nor for another member."""
    for iss in (OFFICER, UZ):
        with refused(Code.UNKNOWN_KEY, iss):
            _show(world, world.token(iss, key=world.party(KZ).sig))


@pytest.mark.parametrize("roles", [["certify"], ["certify", "later_word"]])
def test_role_missing(world: World, roles: list[str]) -> None:
    """Who may only certify, or holds a post alone, opens nothing."""
    if "later_word" in roles:
        world.enrol(f"{KZ}/CLERK", roles=["later_word"])
        token = world.token(f"{KZ}/CLERK")
    else:
        world.rotate(KZ, roles=roles)
        token = world.token(KZ)
    with refused(Code.ROLE_MISSING):
        _show(world, token)


def test_place(world: World) -> None:
    """The signer is judged at the place that is given: a credential that stands above it does not count."""
    token = world.token(KZ)
    with refused(Code.UNKNOWN_KEY):
        verify_token(token, "exchange", ORIGINS, world.directory, Position(1, world.time_s))


# 5. the mailbox


@pytest.mark.parametrize("signer", [KZ, OFFICER])
def test_mailbox_of_another(world: World, signer: Address) -> None:
    """Nobody opens another member's mailbox."""
    with refused(Code.TOKEN_INVALID, "mailbox"):
        _show(world, world.token(signer, mailbox=UZ))


# What tokens say of the time


def test_only_tokens_that_hold_say_something_of_the_time(world: World) -> None:
    """A good token and one of another time are noted by how far they are ahead, by their key's owner; no forged one."""
    said: list[tuple[Address, int]] = []

    def show(token: str) -> None:
        verify_token(token, "exchange", ORIGINS, world.directory, world.place, lambda *each: said.append(each))

    show(world.token(OFFICER))
    with refused(Code.TOKEN_EXPIRED):
        show(world.token(KZ, iat=world.time_s - 3_600, exp=world.time_s - 3_540))
    with refused(Code.UNKNOWN_KEY):
        show(world.token(KZ, key=signing_key("other"), iat=world.time_s + 9_000))
    with refused(Code.BAD_SIGNATURE):
        head, payload, _ = world.token(KZ, iat=world.time_s + 9_000).split(".")
        show(".".join((head, payload, world.token(KZ).rpartition(".")[2])))
    with refused(Code.TOKEN_EXPIRED):
        show(world.token(KZ, key=world.party(UZ).sig, iat=world.time_s - 7_200, exp=world.time_s - 7_140))
    with refused(Code.TOKEN_INVALID):
        show(world.token(UZ, hub="wss://another.example:443", iat=world.time_s - 50))
    assert said == [(KZ, 0), (KZ, -3_600), (UZ, -7_200)]
