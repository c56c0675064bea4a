"""Statements in the ledger of a toy world as they reach a member, whatever they say: what a lying hub could deliver."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from clients.store import Head
from clients.trust.verification import (
    PlacedItem,
    verify_place,
)
from schemas.addresses import Address
from schemas.checkpoint import parse_note
from schemas.claims import BY_TYP
from schemas.encoding import encode_base64url, sha256
from schemas.frames import DeliverItem
from schemas.leaf import Leaf
from schemas.merkle import encode_proof, hash_leaf
from schemas.reports.codes import RequestedAction
from schemas.statements import read_header
from tests.support.desk import ScriptedHub
from tests.support.later import LATER_CODE
from tests.support.world import (
    KZ,
    RU,
    UZ,
    Sent,
    World,
    inclusion_proof,
)

REPORT = {"report": "warning", "version": 1, "our_reference": "1", "requested_action": {"code": "stop"}, "summary": "x"}


def head_of(note: str) -> Head:
    """What a note says, as if it had been verified."""
    checkpoint = parse_note(note).checkpoint
    return Head(checkpoint.size, checkpoint.root, note)


def report() -> dict[str, Any]:
    """A small warning."""
    return {**REPORT, "requested_action": {"code": next(iter(RequestedAction)).value}}


class Bench:
    """A world, and a dispatch from KZ to UZ in it that a test may bend."""

    def __init__(self, *, status: str = "actual") -> None:
        self.world = World([KZ, UZ, RU], status=status)
        self.hub = ScriptedHub(self.world)

    def dispatch(self, **changes: Any) -> Sent:
        """A warning from KZ to UZ."""
        iss = changes.pop("iss", "KZ/NFP")
        return self.world.dispatch(iss, ["UZ/NFP"], changes.pop("report", report()), **changes)

    def place(
        self, text: str, sent: Sent | None = None, member: str = "UZ/NFP", leaf: Mapping[str, Any] | None = None
    ) -> PlacedItem:
        """The statement in the ledger, as it reaches a member; admitted whatever it says, under any leaf."""
        world = self.world
        unverified = world.log[-1]._replace(text=text, leaf=replace(_leaf(world, text), **(leaf or {})))
        world.log.append(unverified)
        parts: dict[str, Any] = {}
        if sent is not None:
            self.hub.sealed[sent.digest] = sent.sealed
            place = sent.addresses.index(Address(member)) if member in sent.addresses else 0
            parts = self._parts(sent, place)
        index = len(world.log) - 1
        item = DeliverItem(
            lane="public" if unverified.leaf.public else "normal",
            index=index,
            leaf=encode_base64url(unverified.leaf.to_bytes()),
            statement=text,
            proof=encode_proof(world.proof(index)),
            **parts,
        )
        placed = verify_place(item, head_of(world.checkpoint()))
        assert isinstance(placed, PlacedItem), placed
        return placed

    def _parts(self, sent: Sent, place: int) -> dict[str, Any]:
        hashes = [hash_leaf(entry.to_bytes()) for entry in sent.sealed.entries]
        copy = sent.copy(sent.addresses[place])
        return {"sealed": copy.to_json(), "entry_proof": encode_proof(inclusion_proof(hashes, place))}

    def keys(self, member: str = "UZ/NFP") -> dict[Any, Any]:
        """A member's decryption keys by thumbprint."""
        enc = self.world.party(member).enc
        assert enc is not None
        return {enc.kid: enc}


def _leaf(world: World, text: str) -> Leaf:
    kind = BY_TYP.get(read_header(text).typ)
    code = kind.code if kind else LATER_CODE
    return Leaf(world.time_ms, code, code in (1, 2, 3), sha256(text.encode()))
