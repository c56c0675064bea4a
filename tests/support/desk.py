"""Clients for tests: stores of a world's parties, and a scripted hub that has the world's ledger.

`ScriptedHub` does what an honest hub does, in one thread and without a socket: it takes frames
and gives frames. A test bends it by changing what it would send.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, Final

from clients.keys.keystore import CHEAP, Keys
from clients.keys.officers import LockedKey, lock_key
from clients.line.ledger import LeafAlone, NetworkAnswer, ShownPage
from clients.line.transport import LineClosed
from clients.mail.compose import DispatchDraft
from clients.mail.cover import Cover
from clients.mail.intake import Intake
from clients.mail.sender import Sender
from clients.mail.state import State
from clients.store import Store
from clients.system import Clock, System
from schemas.addresses import Address, is_officer, member_of
from schemas.checkpoint import parse_note
from schemas.claims import LANES, Dispatch, Event, Lane, Receipt
from schemas.encoding import decode_digest, encode_base64url
from schemas.errors import Code, SeraiError
from schemas.frames import (
    Accepted,
    AcceptedItem,
    Ack,
    Cursors,
    Deliver,
    DeliverItem,
    Limits,
    Refused,
    Resume,
    Submit,
    Welcome,
    encode_frame,
    encode_refused,
    parse_frame,
)
from schemas.keys import SigningKey
from schemas.merkle import encode_proof, hash_leaf
from schemas.operations.table import GRANTS
from schemas.reports import WarningReport, encode_report
from schemas.reports.codes import RequestedAction
from schemas.sealing import UnverifiedCopy, UnverifiedSealed, parse_sealed
from tests.support.shelf import Shelf
from tests.support.world import Sent, World, consistency_proof, digest_of, inclusion_proof

OFFICERS: Final = "toy of officers"
"""The passphrase of every officer."""


def system_of(world: World) -> System:
    """A machine whose clock and chance are the world's; waiting takes no time."""

    async def pause(seconds: float) -> None:
        await asyncio.sleep(0.001)

    return System(Clock(lambda: world.time_ms), world.entropy, sleep=pause, machine=lambda: "desk")


def keys_of(world: World, member: str, *officers: str) -> Keys:
    """The keys that a member's own desk holds, with those of officers."""
    party = world.party(member)
    assert party.enc is not None
    held = {Address(officer): (locked(world, Address(officer)),) for officer in officers}
    known = frozenset(p.sig.kid for p in world.parties.values() if member_of(p.address) == member)
    store_key = world.entropy(32)
    return Keys(world.network, party.address, store_key, (party.sig,), (party.enc,), held, known)


def locked(world: World, officer: Address, key: SigningKey | None = None) -> LockedKey:
    """A key of an officer, that of the world by default, under the passphrase ``OFFICERS``."""
    return lock_key(world.network, officer, key or world.party(officer).sig, OFFICERS, CHEAP, world.entropy)


def unlock_officers(store: Store) -> None:
    """Let every officer of a store type the passphrase ``OFFICERS``."""
    for officer in store.keys.officers:
        store.officers.unlock(officer, OFFICERS, 0)


def open_store(path: Path) -> Store:
    """A store that `make_store` made, its officers unlocked."""
    store = Store.open(path, "toy")
    if store.keys.signing:
        unlock_officers(store)
    return store


def make_store(path: Path, world: World, member: str, *officers: str) -> Store:
    """A new store of a member's desk, its officers unlocked, or of an officer's seat if ``member`` is one."""
    if is_officer(Address(member)):
        party = world.party(member)
        key = lock_key(world.network, party.address, party.sig, "toy", CHEAP, world.entropy)
        keys = Keys(world.network, member_of(party.address), world.entropy(32), officers={party.address: (key,)})
    else:
        keys = keys_of(world, member, *officers)
    path.chmod(0o700)
    name = member.replace("/", "-").lower()
    store = Store.create(path / f"{name}.db", keys, "toy", cost=CHEAP)
    if keys.signing:
        unlock_officers(store)
    else:
        store.officers.unlock_seat("toy")
    return store


def warning(reference: str = "W-1") -> WarningReport:
    """A small report."""
    action = next(iter(RequestedAction)).value
    members = {"our_reference": reference, "requested_action": {"code": action}, "summary": "look out"}
    return WarningReport.model_validate(members)


def cover_to(*to: str, **marking: Any) -> Cover:
    """A cover to these members; ``marking`` is what else `Cover` has."""
    return Cover(tuple(Address(each) for each in to), **marking)


class Desk:
    """A client without a line or an event loop: a test carries its frames to a `ScriptedHub`.

    Args:
        path: folder for its store.
        hub: the hub.
        member: whose desk; or an officer, for a seat of its own.
        officers: whose keys are held too.
    """

    def __init__(self, path: Path, hub: ScriptedHub, member: str, *officers: str) -> None:
        self.hub = hub
        self.store = make_store(path, hub.world, member, *officers)
        self.passphrase = "toy"
        self.path = path
        self.now_s = 0.0
        self.restart()

    def restart(self) -> None:
        """Forget everything that is not in the store."""
        machine = replace(system_of(self.hub.world), monotonic=lambda: self.now_s)
        self.state = State(self.store, machine)
        self.intake = Intake(self.state)
        self.sender = Sender(self.state)
        self.member = str(self.state.member)

    @property
    def size(self) -> int:
        """Size of the trusted head."""
        return self.state.head.size if self.state.head else 0

    def next_frame(self) -> Deliver:
        """What the hub would deliver now."""
        return self.hub.deliver(self.member, self.state.cursors, self.size)

    def sync(self) -> None:
        """Take everything that waits, and seal again what that made possible."""
        self.intake.deliver(self.next_frame())
        self.sender.reseal()

    def flush(self) -> list[Accepted | Refused]:
        """Submit everything that can be submitted and take the answers."""
        answers: list[Accepted | Refused] = []
        while texts := self.sender.submissions(128):
            for text in texts:
                frame = parse_frame(text)
                assert isinstance(frame, Submit)
                answers.append(self.answer(self.hub.submit(frame, self.size)))
        return answers

    def answer(self, answer: Accepted | Refused) -> Accepted | Refused:
        """Take one answer of the hub."""
        if isinstance(answer, Refused):
            self.sender.refused(answer)
        else:
            self.intake.accepted(answer)
            self.sender.answered(answer.items[0].digest)
            self.sender.release()
        return answer

    def send(self, *to: str, reference: str = "W-1", **cover: Any) -> int:
        """Draft a warning, signed by whoever signs here if ``iss`` is not named; gives its number in the outbox."""
        usual = {"kind": "warning", "status": self.hub.world.status, "precedence": "routine", "handling": "H1"}
        given: dict[str, Any] = {**usual, **cover}
        content = encode_report(warning(reference)).decode()
        members = tuple(Address(each) for each in to)
        given.setdefault("iss", self.state.default_signer())
        draft = DispatchDraft(content=content, to=members, **given)
        return self.sender.draft([draft])[0]

    def digest_of(self, row: int) -> str:
        """Digest of what is in a row of the outbox."""
        outgoing = self.store.outbox.get(row)
        assert outgoing is not None
        assert outgoing.digest is not None
        return outgoing.digest

    def confirm(self) -> None:
        """Take what waits, sign the receipts owed, submit them."""
        self.sync()
        self.sender.sign_receipts()
        self.flush()

    def alarms(self) -> list[str]:
        """Kinds of the alarms so far."""
        return [alarm.kind for alarm in self.store.alarms.raised()]

    def outcomes(self, digest: str) -> list[tuple[str, str]]:
        """Who said what of a dispatch."""
        return [(answer.member, answer.outcome) for answer in self.store.outcomes.of(digest)]


class ScriptedHub:
    """A hub with one world's ledger.

    Args:
        world: its ledger is the hub's; what a test admits there is delivered.
        refuse: gives a reason to refuse a submission, or ``None``.

    Attributes:
        sealed: sealed content by digest of the statement.
        submitted: every statement that was submitted, in order, repeats included.
        dialled: every token that a line was dialled with.
        frame_bytes: the longest frame that a welcome names.
        features: those that it names.
        shelf: its blobs.
    """

    def __init__(self, world: World, refuse: Callable[[str], SeraiError | None] | None = None) -> None:
        self.world = world
        self.refuse: Callable[[str], SeraiError | None] = refuse or (lambda _: None)
        self.sealed: dict[str, UnverifiedSealed] = {}
        self.submitted: list[str] = []
        self.dialled: list[str] = []
        self.lines: list[ScriptedLine] = []
        self.frame_bytes = 2_097_152
        self.features: list[str] = []
        self.shelf = Shelf()
        self._claims = cache(lambda text: self.world.verified(text).claims)  # to verify each time is most of a test

    # What the ledger has

    def send(self, sent: Sent) -> str:
        """Admit a dispatch; gives its digest."""
        self.sealed[sent.digest] = sent.sealed
        self.world.admit(sent.text)
        return sent.digest

    def note(self) -> str:
        """The newest checkpoint."""
        return self.world.checkpoint()

    def consistency(self, start: int) -> str:
        """From a size to the newest."""
        return encode_proof(consistency_proof(self.world.hashes(), start)) if start else ""

    def item(self, index: int, member: str) -> DeliverItem | None:
        """The item of a place as a member gets it; ``None`` if it is not for it."""
        logged = self.world.log[index]
        lane, addressed = self._route(logged.text)
        if addressed is not None and member not in addressed:
            return None
        parts: dict[str, Any] = {}
        digest = digest_of(logged.text)
        if digest in self.sealed:
            parts = self._copy(digest, logged.text, member)
        return DeliverItem(
            lane=lane,
            index=index,
            leaf=encode_base64url(logged.leaf.to_bytes()),
            statement=logged.text,
            proof=encode_proof(inclusion_proof(self.world.hashes(), index)),
            **parts,
        )

    def _route(self, text: str) -> tuple[Lane, set[str] | None]:
        claims = self._claims(text)
        if isinstance(claims, Dispatch):
            return claims.lane(), {*claims.to, member_of(claims.iss)}
        if isinstance(claims, Receipt):
            return self._lane_of(claims.digests), {claims.to, member_of(claims.iss)}
        if isinstance(claims, Event) and claims.to is not None:
            return self._lane_of(claims.digests or []), set(claims.to)
        return "public", None

    def _lane_of(self, digests: Sequence[str]) -> Lane:
        texts = (logged.text for logged in self.world.log if digest_of(logged.text) in digests)
        lanes = [self._route(text)[0] for text in texts]
        return "urgent" if "urgent" in lanes else "normal"

    def _copy(self, digest: str, text: str, member: str) -> dict[str, Any]:
        sealed, claims = self.sealed[digest], self._claims(text)
        assert isinstance(claims, Dispatch)
        place = claims.to.index(Address(member)) if member in claims.to else len(claims.to)
        hashes = [hash_leaf(entry.to_bytes()) for entry in sealed.entries]
        copy = UnverifiedCopy(sealed.body, sealed.entries[place])
        return {"sealed": copy.to_json(), "entry_proof": encode_proof(inclusion_proof(hashes, place))}

    def deliver(self, member: str, cursors: Cursors, proven: int) -> Deliver:
        """All that waits for a member, public first, and the proof from a size."""
        items = [
            item
            for lane in LANES
            for index in range(cursors.of(lane), len(self.world.log))
            if self._route(self.world.log[index].text)[0] == lane and (item := self.item(index, member)) is not None
        ]
        return Deliver(items=items, checkpoint=self.note(), consistency=self.consistency(proven))

    # What it answers

    def submit(self, frame: Submit, proven: int) -> Accepted | Refused:
        """Admit what is submitted; the same bytes twice get the same place."""
        self.submitted.append(frame.statement)
        digest = digest_of(frame.statement)
        places = {digest_of(logged.text): index for index, logged in enumerate(self.world.log)}
        if digest not in places:
            error = self.refuse(frame.statement) or self._admit(frame, digest)
            if error is not None:
                refused = parse_frame(encode_refused(digest, error))
                assert isinstance(refused, Refused)
                return refused
        return self.accepted(digest, proven)

    def _admit(self, frame: Submit, digest: str) -> SeraiError | None:
        try:
            if frame.sealed is not None:
                self.sealed[digest] = parse_sealed(frame.sealed)
            self.world.admit(frame.statement)
        except SeraiError as error:
            return error
        return None

    def accepted(self, digest: str, proven: int) -> Accepted:
        """The answer for a statement in the ledger."""
        index = next(i for i, logged in enumerate(self.world.log) if digest_of(logged.text) == digest)
        item = AcceptedItem(
            digest=digest,
            index=index,
            leaf=encode_base64url(self.world.log[index].leaf.to_bytes()),
            proof=encode_proof(inclusion_proof(self.world.hashes(), index)),
        )
        return Accepted(items=[item], checkpoint=self.note(), consistency=self.consistency(proven))

    # As a transport and a reader

    async def dial(self, hub: str, token: str) -> ScriptedLine:
        """A line to the mailbox that the token names."""
        self.dialled.append(token)
        session: Any = self.world.verified(token).claims
        line = ScriptedLine(self, session.mailbox)
        self.lines.append(line)
        return line

    def stir(self) -> None:
        """Deliver on every line what a test has admitted."""
        for line in self.lines:
            line.deliver()


class ScriptedLine:
    """A line to a `ScriptedHub`."""

    def __init__(self, hub: ScriptedHub, member: str) -> None:
        self._hub = hub
        self._member = member
        self._proven = 0
        self._cursors: Cursors | None = None
        self._texts: asyncio.Queue[str | LineClosed] = asyncio.Queue()
        self.acked: Cursors | None = None
        self.deaf = False
        welcome = Welcome(
            protocol="serai.v1",
            network=hub.world.network,
            epoch=hub.world.directory.epoch.number,
            time=hub.world.time_ms,
            limits=Limits(frame=hub.frame_bytes, in_flight=128, blob=268_435_456),
            features=hub.features,
        )
        self._texts.put_nowait(encode_frame(welcome))

    async def send(self, text: str) -> None:
        """Take a frame of the client; answer at once."""
        frame = parse_frame(text)
        if isinstance(frame, Resume):
            self._cursors = frame.cursors
            self._proven = parse_note(frame.checkpoint).checkpoint.size if frame.checkpoint else 0
            self.deliver(always=True)
        elif isinstance(frame, Ack):
            self.acked = frame.cursors
        elif isinstance(frame, Submit):
            answer = self._hub.submit(frame, self._proven)
            if isinstance(answer, Accepted):
                self._proven = parse_note(answer.checkpoint).checkpoint.size
            if not self.deaf:
                self._texts.put_nowait(encode_frame(answer))
            self._hub.stir()

    def deliver(self, *, always: bool = False) -> None:
        """Deliver what is new."""
        if self._cursors is None or self.deaf:
            return
        frame = self._hub.deliver(self._member, self._cursors, self._proven)
        if frame.items or always:
            size = len(self._hub.world.log)
            self._proven = size
            self._cursors = Cursors(public=size, urgent=size, normal=size)
            self._texts.put_nowait(encode_frame(frame))

    async def recv(self) -> str:
        """The next frame of the hub."""
        text = await self._texts.get()
        if isinstance(text, LineClosed):
            raise text
        return text

    def break_off(self, code: int = 1006) -> None:
        """End the line from the hub's side."""
        if self in self._hub.lines:
            self._hub.lines.remove(self)
        self._texts.put_nowait(LineClosed(code))

    async def close(self) -> None:
        """End the line from the client's side."""
        if self in self._hub.lines:
            self._hub.lines.remove(self)


class ScriptedReader:
    """Reads a `ScriptedHub`'s ledger, for a member, or for nobody in particular."""

    def __init__(self, hub: ScriptedHub, member: str = "") -> None:
        self._hub = hub
        self._member = member

    async def network(self) -> NetworkAnswer:
        """Every epoch."""
        epochs = tuple(epoch.statement.text for epoch in self._hub.world.directory.epochs)
        return NetworkAnswer(epochs, self._hub.world.time_ms)

    async def checkpoint(self) -> str:
        """The newest note."""
        return self._hub.note()

    async def leaves(self, number: int, width: int) -> list[bytes]:
        """A tile of leaves."""
        return [logged.leaf.to_bytes() for logged in self._hub.world.log[number * 256 : number * 256 + width]]

    async def consistency(self, start: int, end: int) -> str:
        """A consistency proof."""
        return encode_proof(consistency_proof(self._hub.world.hashes()[:end], start))

    async def inclusion(self, index: int, size: int) -> str:
        """An inclusion proof."""
        return encode_proof(inclusion_proof(self._hub.world.hashes()[:size], index))

    async def statement(self, digest: str) -> tuple[DeliverItem, str]:
        """A public statement."""
        wanted = decode_digest(digest)
        for index, logged in enumerate(self._hub.world.log):
            if logged.leaf.digest == wanted:
                item = self._hub.item(index, "")
                if item is not None:
                    return item, self._hub.note()
        raise SeraiError(Code.NOT_FOUND, digest)

    async def operation(self, digest: str, start: int) -> ShownPage:
        """Steps: whole to whom they went; of what has to reach all the cover; of the rest the leaf alone."""
        found = [index for index in range(start, len(self._hub.world.log)) if self._is_step(index, digest)]
        if not found and not start:
            raise SeraiError(Code.NOT_FOUND, digest)
        return ShownPage(tuple(map(self._shown, found)), None, self._hub.note())

    def _is_step(self, index: int, digest: str) -> bool:
        text = self._hub.world.log[index].text
        claims = self._hub.world.verified(text).claims
        claim = claims.operation if isinstance(claims, Dispatch) else None
        return claim is not None and (claim.id or digest_of(text)) == digest

    def _shown(self, index: int) -> DeliverItem | LeafAlone:
        logged = self._hub.world.log[index]
        claims: Any = self._hub.world.verified(logged.text).claims
        shown = self._hub.item(index, self._member)
        is_for_all = claims.operation.do in ("open", "plan", "confirm", "close") or claims.operation.decision in GRANTS
        if shown is None and is_for_all and (whole := self._hub.item(index, member_of(claims.iss))):
            shown = whole.model_copy(update={"sealed": None, "entry_proof": None})
        proof = encode_proof(inclusion_proof(self._hub.world.hashes(), index))
        return shown or LeafAlone(index, encode_base64url(logged.leaf.to_bytes()), proof)

    async def close(self) -> None:
        """Nothing is held."""
