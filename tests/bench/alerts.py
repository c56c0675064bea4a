"""Alerts that are signed and sealed before anything is measured.

What a hub checks is real: signature, digests, entries under each recipient's key. To prepare
tens of thousands in seconds, all alerts of one sender share the sealed material: one content,
one set of entries. A recipient that opened them would find their commitment wrong, so these
clients do not open them; the workload ``e2e`` seals each alert and opens it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from schemas.addresses import Address, member_of
from schemas.claims import StatementType
from schemas.encoding import encode_base64url, encode_json, sha256
from schemas.sealing import Body, Envelope, seal
from tests.bench.wire import frame_head
from tests.support.world import World, content_json

CONTENT = b"3 KB of what a hub cannot read. ".ljust(3_072, b".")
"""The report; Padmé adds nothing to this size."""


class Alert(NamedTuple):
    """One alert, ready to be put into a frame.

    Attributes:
        digest: its identity, base64url.
        statement: the compact JWS.
        aad: what binds the content to this cover, base64url.
    """

    digest: bytes
    statement: bytes
    aad: bytes


class Alerts:
    """The alerts of one sender to the same recipients.

    Args:
        world: the network with everybody's keys.
        iss: who signs: a member or an officer.
        to: the recipients.
        count: how many to prepare.
        precedence: of all of them.
    """

    def __init__(self, world: World, iss: str, to: Sequence[str], count: int, precedence: str = "routine") -> None:
        sender = member_of(Address(iss))
        recipients = [(Address(member), world.sealing_key(member)) for member in (*to, sender)]
        envelope = Envelope(world.network, "actual", "", iss)
        self._sealed, self._claim = seal(CONTENT, envelope, recipients, world.entropy(32), world.entropy(12))
        self._cover = {"to": list(to), "kind": "warning", "status": "actual", "precedence": precedence}
        self._around = self._frame_parts()
        self.alerts = [self._make(world, iss) for _ in range(count)]

    def _frame_parts(self) -> tuple[bytes, bytes, bytes]:
        jwe = {**self._sealed.to_json(), "aad": "<aad>"}
        text = encode_json({"type": "submit", "statement": "<statement>", "sealed": jwe})
        before, rest = text.split("<statement>")
        between, after = rest.split("<aad>")
        return before.encode(), between.encode(), after.encode()

    def _make(self, world: World, iss: str) -> Alert:
        common = world.common(iss)
        envelope = Envelope(world.network, "actual", common["jti"], iss)
        aad = encode_base64url(encode_json(list(envelope)).encode())
        shared = self._sealed.body
        digest = sha256(Body(shared.iv, shared.ciphertext, shared.tag, aad).to_bytes())
        content = content_json(self._claim._replace(digest=digest))
        claims = {**common, **self._cover, "handling": "H1", "content": content}
        statement = world.sign(StatementType.DISPATCH, iss, claims).encode()
        return Alert(encode_base64url(sha256(statement)).encode(), statement, aad.encode())

    def text(self, alert: Alert) -> bytes:
        """The `submit` of an alert."""
        before, between, after = self._around
        return b"".join((before, alert.statement, between, alert.aad, after))

    def frame(self, alert: Alert) -> bytes:
        """The `submit` of an alert, ready to be written to a `tests.bench.wire.Wire`."""
        before, between, after = self._around
        size = len(before) + len(alert.statement) + len(between) + len(alert.aad) + len(after)
        return b"".join((frame_head(size), before, alert.statement, between, alert.aad, after))

    @property
    def item_bytes(self) -> int:
        """The least that one of these takes in a `deliver`: where the next item can begin."""
        return len(self.alerts[0].statement) + len(self._sealed.body.ciphertext) if self.alerts else 0
