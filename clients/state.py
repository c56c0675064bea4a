"""What a running client believes, in memory and in its store, moved together.

`State` is shared by `clients.intake` (what comes) and `clients.sender` (what goes). It has no
line and no event loop: frames and times are handed in, and what a person or program should
hear of is left in `State.notices`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from clients.compose import ENTROPY_BYTES, PublicDraft, Signing, draft_to_json
from clients.follow import learn_epochs, verify_head
from clients.keystore import Keys
from clients.store import Alarm, Answer, Head, Store, StoredItem
from clients.system import System
from schemas import limits
from schemas.addresses import Address, is_officer
from schemas.claims import Claims, Dispatch, parse_claims
from schemas.directory import Directory, NetworkEpoch, Place
from schemas.encoding import decode_base64url, decode_digest, decode_object, encode_base64url, sha256
from schemas.errors import Code, SeraiError
from schemas.frames import Cursors
from schemas.keys import Kid, SigningKey
from schemas.merkle import Frontier
from schemas.statements import parse_statement


@dataclass(frozen=True, slots=True)
class Arrived:
    """A dispatch for the own member is in the store."""

    lane: str
    digest: str


@dataclass(frozen=True, slots=True)
class Settled:
    """Something in the outbox was accepted or refused."""

    outgoing: int


@dataclass(frozen=True, slots=True)
class Answered:
    """Somebody did something with a dispatch."""

    digest: str
    answer: Answer


Notice = Arrived | Settled | Answered | Alarm


class State:
    """The client's beliefs.

    Args:
        store: where they are kept.
        system: clock and chance.

    Attributes:
        directory: what the public statements say.
        epochs: every epoch that was learned, perhaps ahead of the directory.
        public_end: above the newest public statement that was applied.
        head: newest verified state of the ledger.
        cursors: next ledger index wanted on each lane.
        notices: what happened and nobody has been told yet.
        unchecked_s: how long lines had been up, when the last one ended, since anybody looked for missing receipts.
        catching_up: whether public statements may be on their way that the hub has had for long.
    """

    def __init__(self, store: Store, system: System) -> None:
        self.store = store
        self.system = system
        self.epochs: tuple[NetworkEpoch, ...] = learn_epochs(store.keys.network, store.trust.epochs)
        self.public_end = 0
        self.notices: list[Notice] = []
        self._alarmed: set[tuple[str, str]] = set()
        self.directory = self._replay()
        self.head: Head | None = store.trust.head
        self.cursors: Cursors = store.trust.cursors
        self.unchecked_s = 0.0
        self.catching_up = False
        self._is_changing = False
        self._first_time: tuple[int, float] | None = None
        system.clock.offset_ms = system.clock.offset_ms or store.trust.clock_offset_ms

    @property
    def keys(self) -> Keys:
        """The private keys."""
        return self.store.keys

    @property
    def member(self) -> Address:
        """Whose mailbox this is."""
        return self.store.keys.member

    @property
    def place(self) -> Place:
        """Now: all that is known has happened."""
        return Place(size_of(self.head), self.system.clock.time_s())

    @property
    def opens_content(self) -> bool:
        """Whether this seat reads reports and confirms them."""
        return bool(self.keys.signing and self.keys.decryption)

    @contextmanager
    def change(self) -> Iterator[None]:
        """All that is changed inside is stored after, or nothing of it but the alarms, in memory too."""
        before = self.directory, self.epochs, self.head, self.cursors, self.public_end, len(self.notices)
        is_inner, self._is_changing = self._is_changing, True
        try:
            with self.store.transaction():
                yield
        except BaseException:
            self.directory, self.epochs, self.head, self.cursors, self.public_end, count = before
            self.notices[count:] = alarms = [notice for notice in self.notices[count:] if isinstance(notice, Alarm)]
            for alarm in alarms if not is_inner else ():
                self.store.trust.add_alarm(alarm)
            raise
        finally:
            self._is_changing = is_inner

    def correct_clock(self, hub_time_ms: int) -> None:
        """Take over the hub's time, and remember what this machine's differs by."""
        self._watch_time(hub_time_ms)
        clock = self.system.clock
        before = clock.offset_ms
        clock.correct(hub_time_ms)
        if clock.offset_ms != before:
            self.store.trust.set_clock_offset_ms(clock.offset_ms)

    def _watch_time(self, hub_time_ms: int) -> None:
        """Alarm on a hub whose time does not go on with this machine's: by the hub's clock nothing may ever be due."""
        now_s = self.system.monotonic()
        first_ms, first_s = self._first_time = self._first_time or (hub_time_ms, now_s)
        elapsed_s = now_s - first_s
        behind_s = elapsed_s - (hub_time_ms - first_ms) / 1000
        if behind_s > limits.CLOCK_AHEAD_S + elapsed_s / 1000:  # a clock may be slow by a thousandth
            self.alarm("bad_time", "the hub's time has gone back, or stood still")

    # Keys

    def own_addresses(self) -> list[Address]:
        """Addresses whose keys are held here."""
        return [*([self.member] if self.keys.signing else []), *self.keys.officers]

    def default_signer(self) -> Address:
        """Who signs if nobody is named: the member, or the seat's only officer.

        Raises:
            SeraiError: ``not_permitted`` if that is not clear.
        """
        addresses = self.own_addresses()
        if addresses and (self.keys.signing or len(addresses) == 1):
            return addresses[0]
        raise SeraiError(Code.NOT_PERMITTED, "say which officer signs")

    def officer(self, named: Address | None) -> Address:
        """The officer who acts.

        Raises:
            SeraiError: ``not_permitted`` if it is not clear, or no key of it is held.
        """
        officers = list(self.keys.officers)
        if named is None and len(officers) == 1:
            return officers[0]
        if named is not None and named in officers:
            return named
        raise SeraiError(Code.NOT_PERMITTED, f"no key of {named or 'a single officer'} is held here")

    def signing_key(self, address: Address) -> SigningKey:
        """The newest key of an own address that is good now; the newest if none is known to be.

        Raises:
            SeraiError: ``not_permitted`` if none is held.
        """
        return self.signing_keys(address)[0]

    def signing_keys(self, address: Address) -> list[SigningKey]:
        """The keys of an own address, those that are good now first, the newer before the older.

        Raises:
            SeraiError: ``not_permitted`` if none is held.
        """
        if is_officer(address):
            held = self.keys.officers.get(address, ())
        else:
            held = self.keys.signing if address == self.member else ()
        if not held:
            raise SeraiError(Code.NOT_PERMITTED, f"no key of {address} is held here")
        return sorted(held, key=lambda key: not self._is_good(key.kid))

    def _is_good(self, kid: Kid) -> bool:
        try:
            self.directory.holder(kid, self.place)
        except SeraiError:
            return False
        return True

    def signing(self, address: Address) -> Signing:
        """What a signature by an own address takes."""
        note = self.head.note if self.head else None
        clock, entropy = self.system.clock, b"".join(self.system.entropy(size) for size in ENTROPY_BYTES)
        return Signing(self.keys.network, self.signing_key(address), clock.time_ms(), entropy, note)

    # The ledger

    def judge_head(self, note: str, consistency: str) -> Head:
        """The head that the hub shows, if it follows from what is trusted; nothing is stored.

        Raises:
            SeraiError: what `verify_head` raises; the alarm has been kept.
        """
        if not self.epochs:
            raise SeraiError(Code.WRONG_EPOCH, "no epoch is known yet")
        try:
            return verify_head(self.head, self.epochs[-1], note, consistency)
        except SeraiError as error:
            kind = "fork" if error.code is Code.INCONSISTENT_LEDGER else "bad_proof"
            self.alarm(kind, str(error), {"trusted": (self.head.note if self.head else None) or "", "shown": note})
            raise

    def set_head(self, head: Head) -> None:
        """Trust a newer head."""
        self.head = head
        self.store.trust.set_head(head)

    def learn(self, texts: Sequence[str]) -> None:
        """Take in the network's epochs; a new one may drop the end of the ledger (PROTOCOL 8).

        Raises:
            SeraiError: they do not follow from the pinned root, or contradict those known.
        """
        epochs = learn_epochs(self.keys.network, texts)
        known = [epoch.statement.digest for epoch in self.epochs]
        if [epoch.statement.digest for epoch in epochs[: len(known)]] != known:
            self.alarm("fork", "another history of epochs", {"shown": "\n".join(texts)})
            raise SeraiError(Code.WRONG_EPOCH, "another history of epochs")
        with self.change():
            for epoch in epochs[len(known) :]:
                self._begin(epoch)
            self.epochs = epochs
            self.store.trust.set_epochs(texts)

    def _begin(self, epoch: NetworkEpoch) -> None:
        claims = epoch.statement.claims
        if self.head is None or claims.root is None or self.head.size <= claims.index:
            return
        evidence = {"held": self.head.note or "", "epoch": epoch.statement.text}
        self.alarm("epoch", f"epoch {claims.epoch} goes on from {claims.index}, known was {self.head.size}", evidence)
        self.set_head(Head(claims.index, decode_digest(claims.root), None))
        wanted = {lane: min(place, claims.index) for lane, place in self.cursors.model_dump().items()}
        self.set_cursors(Cursors.model_validate(wanted))
        self._offer_public(claims.index)
        self.store.items.drop_places(claims.index)
        self.store.outbox.drop_places(claims.index)
        if self.store.trust.audited[0].size > claims.index:
            self.store.trust.set_audited(Frontier.empty(), 0, 0)
        self.directory = self._replay()

    def _offer_public(self, index: int) -> None:
        """Offer credentials and revocations from an index on again, whoever signed them.

        A hub that lost a revocation would take the key for a good one. What all members offer is
        admitted once.
        """
        for text in self.store.items.dropped_public(index):
            digest = encode_base64url(sha256(text.encode()))
            if self.store.outbox.find(digest) is None:
                draft = draft_to_json(PublicDraft(text))
                row = self.store.outbox.add(draft, urgent=True, made_ms=self.system.clock.time_ms())
                self.store.outbox.set_signed(row, text, digest, None)

    def set_cursors(self, cursors: Cursors) -> None:
        """Remember what is stored."""
        self.cursors = cursors
        self.store.trust.set_cursors(cursors)

    def rebuild(self) -> None:
        """Compute the directory anew from the store: a public statement came out of order."""
        self.directory = self._replay()

    def _replay(self) -> Directory:
        directory = Directory(self.store.keys.network)
        self.public_end = 0
        for item in list(self.store.items.public()):
            if item.statement is None or item.index is None or item.step is not None:
                continue
            try:
                verified = directory.verify(parse_statement(item.statement))
                directory = directory.apply(verified, Place(item.index, item.leaf.accepted_s))
            except SeraiError as error:
                self._drop(item, error)
                continue
            self.public_end = item.index + 1
        return directory

    def _drop(self, item: StoredItem, error: SeraiError) -> None:
        """A public statement that was applied does not follow after all: one that came late stands below it."""
        self.store.items.put(replace(item, step=3, code=error.code.value))
        evidence = {"statement": item.statement or "", "proof": item.proof, "checkpoint": item.note}
        self.alarm("public_refused", f"public item {item.index}, after one that came late: {error}", evidence)

    # Alarms and notices

    def alarm(self, kind: str, detail: str, evidence: Mapping[str, str] | None = None) -> None:
        """Keep an alarm and tell of it; the same one only once in a run."""
        if (kind, detail) in self._alarmed:
            return
        self._alarmed.add((kind, detail))
        alarm = Alarm(kind, detail, self.system.clock.time_ms(), evidence or {})
        self.store.trust.add_alarm(alarm)
        self.notices.append(alarm)

    def take_notices(self) -> list[Notice]:
        """What happened since the last call."""
        notices, self.notices = self.notices, []
        return notices


def size_of(head: Head | None) -> int:
    """The index above everything that is known."""
    return head.size if head else 0


def claims_of(item: StoredItem) -> Claims | None:
    """The claims of a stored statement, without judging them anew; ``None`` if its text is gone."""
    if item.statement is None:
        return None
    payload = decode_object(decode_base64url(item.statement.split(".")[1]), limits.STATEMENT_MEMBERS)
    return parse_claims(item.leaf.type, payload)


def cover_of(item: StoredItem) -> Dispatch | None:
    """The cover of a stored dispatch; ``None`` if signature or chain did not hold, or the text is gone."""
    if item.step is not None and item.step < 5:
        return None
    claims = claims_of(item)
    return claims if isinstance(claims, Dispatch) else None
