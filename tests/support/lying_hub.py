"""A hub that holds the true ledger key and lies: for tests of how ordinary clients find it out.

`LyingHub` signs whatever it likes. It keeps statements back, puts into the ledger what no honest hub
would, shows other items than the ledger has, and keeps a second ledger for others. What it cannot do is
sign for a member or for the root.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable
from typing import Any

from schemas.addresses import Address
from schemas.checkpoint import Checkpoint, sign_note
from schemas.claims import BY_TYP, Lane
from schemas.encoding import Digest, encode_base64url, sha256
from schemas.errors import Code, SeraiError
from schemas.frames import DeliverItem, ErasedBy, Submit, parse_frame
from schemas.keys import SigningKey
from schemas.leaf import Leaf
from schemas.merkle import encode_proof, hash_leaf, root_of
from schemas.sealing import UnverifiedCopy
from schemas.statements import read_header
from tests.support.desk import ScriptedHub, ScriptedLine, ScriptedReader
from tests.support.later import LATER_CODE
from tests.support.world import Logged, Sent, World, digest_of, inclusion_proof

Bend = Callable[[str, DeliverItem], DeliverItem]
"""What a member is shown in place of an item of its mailbox."""


class LyingHub(ScriptedHub):
    """A hub that lies.

    Args:
        world: its ledger, to begin with.

    Attributes:
        bend: what a member is shown in place of an item of its mailbox.
        ledger_key: what it signs checkpoints with.
        swallows: whether it takes submissions and says nothing.
        swallowed: how many.
        is_mute: whether it delivers nothing on new lines.
        refuses_texts: whether it refuses the texts that it keeps back to those who ask for them.
    """

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.bend: Bend = lambda _, item: item
        self.ledger_key: SigningKey | None = None
        self.swallows = False
        self.swallowed = 0
        self.is_mute = False
        self.refuses_texts = False
        self._kept_back: dict[str, frozenset[str]] = {}
        self._forged: dict[str, tuple[Lane, frozenset[str] | None, Sent | None]] = {}

    # Lies about what there is

    def keep_back(self, text: str, *members: str) -> str:
        """Keep a statement from some members, or from all; gives its digest."""
        self._kept_back[digest_of(text)] = frozenset(members)
        return digest_of(text)

    def let_go(self, text: str) -> None:
        """Deliver after all what was kept back."""
        del self._kept_back[digest_of(text)]

    def withholds(self, text: str, member: str) -> bool:
        """Whether a statement is kept from a member."""
        members = self._kept_back.get(digest_of(text))
        return members is not None and (not members or member in members)

    def force(self, said: Sent | str, to: Iterable[str] | None = None, *, lane: Lane = "normal", **leaf: Any) -> str:
        """Put a statement into the ledger unseen, under any leaf; gives its digest.

        Args:
            said: a dispatch, or the text of another statement.
            to: who is to get it; everybody if ``None``.
            lane: it is delivered on.
            leaf: what its leaf says, where it is not what an honest one would.
        """
        text = said if isinstance(said, str) else said.text
        kind = BY_TYP.get(read_header(text).typ)
        code = kind.code if kind else LATER_CODE
        made = {"accepted_at": self.world.time_ms, "code": code, "public": to is None, **leaf}
        self.world.log.append(Logged(text, Leaf(digest=sha256(text.encode()), **made)))
        self._forged[text] = lane, None if to is None else frozenset(to), said if isinstance(said, Sent) else None
        return digest_of(text)

    def item(self, index: int, member: str) -> DeliverItem | None:
        """What a member is shown of a place."""
        text = self.world.log[index].text
        if self.withholds(text, member):
            return None
        item = self._forged_item(index, member) if text in self._forged else super().item(index, member)
        return item if item is None or item.lane == "public" else self.bend(member, item)

    def _route(self, text: str) -> tuple[Lane, set[str] | None]:
        if text not in self._forged:
            return super()._route(text)
        lane, to, _sent = self._forged[text]
        return lane, None if to is None else set(to)

    def shown(self, index: int) -> DeliverItem | None:
        """What is shown of a place to whoever asks for it by its digest."""
        is_forged = self.world.log[index].text in self._forged
        return self._forged_item(index, "") if is_forged else ScriptedHub.item(self, index, "")

    def _forged_item(self, index: int, member: str) -> DeliverItem | None:
        logged = self.world.log[index]
        lane, to, sent = self._forged[logged.text]
        if to is not None and member not in to:
            return None
        return DeliverItem(
            lane=lane,
            index=index,
            leaf=encode_base64url(logged.leaf.to_bytes()),
            statement=logged.text,
            proof=encode_proof(self.world.proof(index)),
            **(copy_of(sent, member) if sent else {}),
        )

    async def dial(self, hub: str, token: str) -> ScriptedLine:
        """A line that may say nothing."""
        session: Any = self.world.verified(token).claims
        line = LyingLine(self, session.mailbox)
        line.deaf = self.is_mute
        self.dialled.append(token)
        self.lines.append(line)
        return line

    def erased_by(self, event: str) -> ErasedBy:
        """An event of the ledger as it goes with what it names."""
        index = next(at for at, logged in enumerate(self.world.log) if logged.text == event)
        leaf, proof = self.world.log[index].leaf, encode_proof(self.world.proof(index))
        return ErasedBy(index=index, leaf=encode_base64url(leaf.to_bytes()), statement=event, proof=proof)

    # Lies about the ledger

    def note(self) -> str:
        """The newest checkpoint, signed with whatever key."""
        hashes = self.world.hashes()
        checkpoint = Checkpoint(self.world.directory.epoch.origin, len(hashes), root_of(hashes))
        return sign_note(checkpoint, (self.ledger_key or self.world.ledger_key).private_key)

    def consistency(self, start: int) -> str:
        """A proof from a size; none if the ledger has become smaller."""
        return super().consistency(start) if start <= len(self.world.log) else ""

    def rewrite(self, index: int) -> None:
        """Change history: another leaf at a place, as if something else had been said there."""
        logged = self.world.log[index]
        digest = Digest(bytes(reversed(logged.leaf.digest)))
        self.world.log[index] = Logged(
            logged.text, Leaf(logged.leaf.accepted_at, logged.leaf.code, logged.leaf.public, digest)
        )

    def fork(self) -> LyingHub:
        """A second ledger under the same keys, the same so far."""
        world = copy.copy(self.world)
        world.log, world.parties = list(world.log), dict(world.parties)
        world._count += 1_000_000  # other chance from here on
        other = LyingHub(world)
        other.sealed = dict(self.sealed)
        return other

    def carry(self, text: str, source: ScriptedHub) -> None:
        """Admit here too what was accepted in another ledger."""
        digest = digest_of(text)
        if digest in source.sealed:
            self.sealed[digest] = source.sealed[digest]
        self.world.admit(text)


class LyingLine(ScriptedLine):
    """A line to a `LyingHub`."""

    def __init__(self, hub: LyingHub, member: str) -> None:
        super().__init__(hub, member)
        self._lying = hub

    async def send(self, text: str) -> None:
        """Take a frame; a submission only if the hub does not swallow it."""
        if self._lying.swallows and isinstance(parse_frame(text), Submit):
            self._lying.swallowed += 1
        else:
            await super().send(text)


class LyingReader(ScriptedReader):
    """Reads a `LyingHub`'s ledger, as far as that shows it."""

    def __init__(self, hub: LyingHub) -> None:
        super().__init__(hub)
        self._lying = hub

    async def statement(self, digest: str) -> tuple[DeliverItem, str]:
        """A public statement; who asks for it gets it, unless the hub refuses that too."""
        index = next(at for at, logged in enumerate(self._lying.world.log) if digest_of(logged.text) == digest)
        if self._lying.refuses_texts and self._lying.withholds(self._lying.world.log[index].text, ""):
            raise SeraiError(Code.NOT_FOUND, digest)
        item = self._lying.shown(index)
        assert item is not None
        return item, self._lying.note()


def copy_of(sent: Sent, member: str) -> dict[str, Any]:
    """The parts of an item that bring a member's copy of the content."""
    addresses = sent.addresses
    place = addresses.index(Address(member)) if member in addresses else 0
    hashes = [hash_leaf(entry.to_bytes()) for entry in sent.sealed.entries]
    copied = UnverifiedCopy(sent.sealed.body, sent.sealed.entries[place])
    return {"sealed": copied.to_json(), "entry_proof": encode_proof(inclusion_proof(hashes, place))}
