"""The directory against a plain reading of PROTOCOL 5, over histories of any kind."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.addresses import ROOT, Address
from schemas.claims import StatementType
from schemas.directory import Directory, Position, apply_statement
from schemas.encoding import decode_base64url
from schemas.errors import Code
from schemas.keys import Kid, VerifyKey
from schemas.limits import ROTATION_GRACE_S
from schemas.statements import parse_statement
from tests.support.refusals import outcome
from tests.support.world import DAY_S, KG, KZ, ROOM, World

UNIT = "KZ/UNIT-ALMATY"
WHO = (KZ, "KZ/NFP/DUTY-1", UNIT, f"{UNIT}/CLERK", KG, "KG/NFP/DUTY-1", ROOM)
steps = st.lists(
    st.tuples(
        st.sampled_from(["rotate", "renew", "later", "revoke", "safe", "suspend", "wait", "root"]),
        st.sampled_from(WHO),
        st.sampled_from([ROOT, KZ, KG, UNIT]),
        st.sampled_from([1, 6, 7, 8, 200, 366]),
    ),
    max_size=12,
)


def _act(world: World, verb: str, who: str, by: str, days: int) -> None:
    """Try one thing; what the directory refuses changes nothing."""
    issuer = KZ if who == UNIT else None
    match verb:
        case "rotate":
            world.rotate(who, by=issuer)
        case "renew":
            world.renew(who, by=issuer)
        case "later":
            world.renew(who, by=issuer, nbf=world.time_s + DAY_S)
        case "revoke":
            world.revoke(who, by)
        case "safe":
            world.revoke(who)
        case "suspend":
            world.suspend(who)
        case "wait":
            world.wait(days * DAY_S)
        case _:
            world.turn_root()


def _history(actions: list[tuple[str, str, str, int]]) -> World:
    world = World([KZ, KG, ROOM])
    world.enrol(UNIT, KZ)
    world.enrol(f"{UNIT}/CLERK", exp=world.time_s + 300 * DAY_S)
    for action in actions:
        outcome(lambda action=action: _act(world, *action))  # type: ignore[misc]
    return world


@dataclass(frozen=True)
class Said:
    """A statement of the log as plain JSON."""

    index: int
    time_s: int
    kid: str
    type: StatementType | None
    claims: dict[str, Any]

    @property
    def key(self) -> str:
        """The thumbprint of the key a credential certifies."""
        return VerifyKey.from_jwk(json.loads(decode_base64url(self.claims["request"].split(".")[1]))["key"]["sig"]).kid


class Plain:
    """Slow and simple: every question goes through the whole log."""

    def __init__(self, world: World) -> None:
        self.said = []
        for index, (text, leaf) in enumerate(world.log):
            header, payload = (json.loads(decode_base64url(part)) for part in text.split(".")[:2])
            self.said.append(Said(index, leaf.accepted_s, header["kid"], leaf.type, payload))

    def credentials(self, address: str, place: Position) -> list[Said]:
        """Accepted below the place, newest first."""
        return [
            said
            for said in reversed(self.said[: place.index])
            if said.type is StatementType.CREDENTIAL and said.claims["sub"] == address
        ]

    def good(self, address: str, kid: str, place: Position) -> Said | None:
        """The credential that makes a key good at a place."""
        newer: list[Said] = []
        for said in self.credentials(address, place):
            graced = not newer or newer[-1].time_s + ROTATION_GRACE_S > place.time_s
            if said.key == kid and graced and self.stands(said, place):
                return said
            newer.append(said)
        return None

    def stands(self, said: Said, place: Position) -> bool:
        """In date, not revoked, and so is all above."""
        revoked = any(
            other.type is StatementType.REVOCATION
            and (other.claims["sub"], other.claims["kid"]) == (said.claims["sub"], said.key)
            for other in self.said[said.index : place.index]
        )
        if revoked or not said.claims["nbf"] <= place.time_s < said.claims["exp"]:
            return False
        if said.claims["iss"] == ROOT:
            return True
        above = self.good(said.claims["iss"], said.kid, Position(said.index, said.time_s))
        assert above is not None
        return self.stands(above, place)

    def suspended(self, member: str, place: Position) -> bool:
        """Whether the newest of suspension and credential is a suspension."""
        for said in reversed(self.said[: place.index]):
            if said.type is StatementType.CREDENTIAL and said.claims["sub"] == member:
                return False
            if said.type is StatementType.EVENT and said.claims["member"] == member:
                return True
        return False

    def places(self) -> list[Position]:
        """Every place of the log, and one a week and one two years after it."""
        last = self.said[-1].time_s
        ends = [Position(len(self.said), last + wait) for wait in (0, 8 * DAY_S, 800 * DAY_S)]
        return [*(Position(said.index, said.time_s) for said in self.said), *ends]


def _answer(directory: Directory, kid: str, place: Position) -> int | Code:
    return outcome(lambda: directory.holder(Kid(kid), place).place.index)


@settings(max_examples=60)
@given(steps)
def test_agrees_with_a_plain_reading(actions: list[tuple[str, str, str, int]]) -> None:
    """At every place, the same keys are good by the same credential, and the same members suspended."""
    world = _history(actions)
    plain = Plain(world)
    keys = {(said.claims["sub"], said.key) for said in plain.said if said.type is StatementType.CREDENTIAL}
    for place in plain.places():
        for address, kid in keys:
            due, found = plain.good(address, kid, place), _answer(world.directory, kid, place)
            assert found == due.index if due else isinstance(found, Code)
        for address in {
            Address(address.rpartition("/")[0] or address) for address, _ in keys if address.count("/") == 2
        }:
            assert world.directory.is_suspended(address, place) is plain.suspended(address, place)


@settings(max_examples=30)
@given(steps, steps)
def test_the_past_does_not_change(
    first: list[tuple[str, str, str, int]], then: list[tuple[str, str, str, int]]
) -> None:
    """Whatever is applied later, every question asked at a past place keeps its answer."""
    world = _history(first)
    before, place = world.directory, world.place
    for action in then:
        outcome(lambda action=action: _act(world, *action))  # type: ignore[misc]
    for address in before.addresses():
        for certified in before.credentials(address):
            kid = certified.key.kid
            assert _answer(before, kid, place) == _answer(world.directory, kid, place)
        one, other = (directory.current(address, place) for directory in (before, world.directory))
        assert (one and one.place) == (other and other.place)
        assert before.is_suspended(address, place) is world.directory.is_suspended(address, place)


@settings(max_examples=30)
@given(steps)
def test_grows_the_same_for_everybody(actions: list[tuple[str, str, str, int]]) -> None:
    """A client that knows only the network id gets the hub's directory from the log."""
    world = _history(actions)
    grown = Directory(world.network)
    for index, logged in enumerate(world.log):
        grown = apply_statement(
            grown, grown.verify(parse_statement(logged.text)), Position(index, logged.leaf.accepted_s)
        )
    assert grown == world.directory
