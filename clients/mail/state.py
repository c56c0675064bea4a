"""What a running client believes, in memory and in its store, moved together.

`State` is shared by `clients.mail.intake` (what comes) and `clients.mail.sender` (what goes). It has no
line and no event loop: frames and times are handed in, and what a person or program should
hear of is left in `State.notices`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Final

from clients.errors import ClientError, LocalCode
from clients.keys.keystore import Keys
from clients.mail.belief import Belief, replay
from clients.mail.compose import (
    ENTROPY_BYTES,
    DispatchDraft,
    Draft,
    PublicDraft,
    ReceiptDraft,
    Signing,
    draft_to_json,
    mark_of,
)
from clients.mail.notices import Notice
from clients.store import Alarm, Head, Store, StoredItem
from clients.system import System
from clients.trust.heads import learn_epochs, verify_head
from schemas import limits
from schemas.addresses import Address, is_officer
from schemas.checkpoint import parse_note, parse_origin, view_of
from schemas.claims import Claims, Dispatch
from schemas.directory import Directory, NetworkEpoch, Position, first_difference, overrules
from schemas.encoding import decode_digest, encode_base64url, sha256
from schemas.errors import Code, SeraiError
from schemas.frames import Cursors, DeliverItem
from schemas.keys import Kid, SigningKey
from schemas.leaf import Leaf
from schemas.merkle import Frontier
from schemas.statements import read_claims

_DAY_MS: Final = 24 * 3600 * 1000
_WHOLE_AUDIT_DAYS: Final = 30
_MOST_REMEMBERED: Final = 1_000


class State:
    """What the client believes, and the store in which it is kept.

    Args:
        store: where it is kept.
        system: clock and chance.

    Attributes:
        belief: what is believed now; only ever replaced as a whole.
        notices: what happened and nobody has been told yet.
        unchecked_s: how long lines had been up, when the last one ended, since anybody looked for missing receipts.
        fetch_bytes: how many bytes of others' attachments are fetched, and kept, with nobody asking.
        catching_up: whether public statements may be on their way that the hub has had for long.
        caught_up_ms: when nothing more was on its way, the last time; milliseconds since 1970 UTC, 0 if never here.
    """

    def __init__(self, store: Store, system: System) -> None:
        self.store = store
        self.system = system
        self.notices: list[Notice] = []
        self._alarmed: dict[tuple[str, str], bytes] = {}
        epochs = learn_epochs(store.keys.network, store.trust.epochs)
        self.belief = Belief(*self._replay(), epochs, store.trust.head, store.trust.cursors)
        self.unchecked_s = 0.0
        self.catching_up = False
        self.fetch_bytes = 0
        self.caught_up_ms = 0
        self._is_changing = False
        self._first_time: tuple[int, float] | None = None
        system.clock.offset_ms = system.clock.offset_ms or store.trust.clock_offset_ms
        system.clock.confirmed_ms = store.trust.clock_confirmed_ms

    @property
    def keys(self) -> Keys:
        """The private keys."""
        return self.store.keys

    @property
    def member(self) -> Address:
        """Whose mailbox this is."""
        return self.store.keys.member

    @property
    def directory(self) -> Directory:
        """What the public statements say."""
        return self.belief.directory

    @property
    def public_end(self) -> int:
        """Above the newest public statement that was applied."""
        return self.belief.public_end

    @property
    def epochs(self) -> tuple[NetworkEpoch, ...]:
        """Every epoch that was learned, perhaps ahead of the directory."""
        return self.belief.epochs

    @property
    def head(self) -> Head | None:
        """Newest verified state of the ledger."""
        return self.belief.head

    @property
    def cursors(self) -> Cursors:
        """Next ledger index wanted on each lane."""
        return self.belief.cursors

    @property
    def place(self) -> Position:
        """Now: all that is known has happened."""
        return Position(size_of(self.head), self.system.clock.time_s())

    @property
    def opens_content(self) -> bool:
        """Whether this seat reads reports and confirms them."""
        return bool(self.keys.signing and self.keys.decryption)

    @contextmanager
    def change(self) -> Iterator[None]:
        """All that is changed inside is stored after, or nothing of it but the alarms, in memory too."""
        before, count = self.belief, len(self.notices)
        is_inner, self._is_changing = self._is_changing, True
        try:
            with self.store.transaction():
                yield
        except BaseException:
            self.belief = before
            self.notices[count:] = alarms = [notice for notice in self.notices[count:] if isinstance(notice, Alarm)]
            for alarm in alarms if not is_inner else ():
                self.store.alarms.add(alarm)
            raise
        finally:
            self._is_changing = is_inner

    def correct_clock(self, hub_time_ms: int) -> bool:
        """Take over the hub's time, and remember what this machine's differs by.

        Returns:
            False where only a person may: the two differ by more than 24 hours. There is an alarm then.
        """
        self._watch_time(hub_time_ms)
        clock = self.system.clock
        clock.confirmed_ms = self.store.trust.clock_confirmed_ms  # by another process, perhaps
        before = clock.offset_ms
        if not clock.correct(hub_time_ms):
            days = round((hub_time_ms - clock.local_ms()) / _DAY_MS)
            evidence = {"hub_ms": str(hub_time_ms), "machine_ms": str(clock.local_ms())}
            self.alarm("clock", f"the hub's time is {days:+d} days from this machine's: serai time", evidence)
            return False
        if clock.offset_ms != before:
            self.store.trust.set_clock_offset_ms(clock.offset_ms)
        return True

    def watch_leaf(self, leaf: Leaf, evidence: Mapping[str, str]) -> None:
        """Alarm on a leaf that is more than an hour ahead of this machine's clock: nothing may follow in time."""
        if self.system.clock.is_ahead(leaf.accepted_at):
            told = {"leaf_ms": str(leaf.accepted_at), "machine_ms": str(self.system.clock.local_ms()), **evidence}
            self.alarm("bad_time", "the ledger is more than an hour ahead of this machine's clock", told)

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
        """Addresses whose keys are held here, open or locked."""
        return [*([self.member] if self.keys.signing else []), *self.keys.officers]

    @property
    def officers(self) -> list[Address]:
        """Officers whose keys are held here, without those that were removed."""
        return [each for each in self.keys.officers if not self.is_removed(each)]

    def is_removed(self, officer: Address) -> bool:
        """Whether an officer's newest key was revoked, and none is in force."""
        held = self.directory.credentials(officer)
        return bool(held) and held[-1].revoked(self.place.index) and not self.directory.current(officer, self.place)

    def default_signer(self) -> Address:
        """Who signs if nobody is named: the member, or the seat's only officer.

        Raises:
            ClientError: ``signer_unclear``.
        """
        addresses = self.own_addresses()
        if addresses and (self.keys.signing or len(addresses) == 1):
            return addresses[0]
        raise ClientError(LocalCode.SIGNER_UNCLEAR)

    def officer(self, named: Address | None) -> Address:
        """The officer who acts.

        Raises:
            ClientError: ``signer_unclear``, ``no_key_held``.
        """
        officers = self.officers
        if named is None and len(officers) == 1:
            return officers[0]
        if named is not None and named in self.keys.officers:
            return named
        if named is None:
            raise ClientError(LocalCode.SIGNER_UNCLEAR)
        raise ClientError(LocalCode.NO_KEY_HELD, address=named)

    def signing_key(self, address: Address) -> SigningKey:
        """The newest key of an own address that is good now; the newest if none is known to be.

        Raises:
            ClientError: ``no_key_held``, ``officer_locked``.
        """
        return self.signing_keys(address)[0]

    def signing_keys(self, address: Address) -> list[SigningKey]:
        """The keys of an own address, those that are good now first, the newer before the older.

        Raises:
            ClientError: ``no_key_held``, ``officer_locked``.
        """
        held: Sequence[SigningKey]
        if is_officer(address):
            held = self.store.officers.keys_of(address)
        else:
            held = self.keys.signing if address == self.member else ()
        if not held:
            raise ClientError(LocalCode.NO_KEY_HELD, address=address)
        return sorted(held, key=lambda key: not self._is_good(key.kid))

    def is_locked(self, address: Address) -> bool:
        """Whether only an officer can sign this, who is not here: his key is kept, and locked."""
        return address in self.keys.officers and not self.store.officers.is_open(address)

    def say(self, row: int, draft: Draft) -> None:
        """A signer has said here what stands in a row of the outbox."""
        if not isinstance(draft, PublicDraft) and draft.iss in self.keys.officers:
            self.store.officers.say(row, mark_of(draft))

    def has_said(self, row: int, draft: Draft) -> bool:
        """Whether a row can be signed by itself: an officer's, only if he has said just that here."""
        by_officer = not isinstance(draft, PublicDraft) and draft.iss in self.keys.officers
        return not by_officer or self.store.officers.has_said(row, mark_of(draft))

    def can_sign(self, row: int, draft: ReceiptDraft | DispatchDraft) -> bool:
        """Whether a row can be signed here and now without asking anybody."""
        return not self.is_locked(draft.iss) and self.has_said(row, draft)

    def _is_good(self, kid: Kid) -> bool:
        try:
            self.directory.holder(kid, self.place)
        except SeraiError:
            return False
        return True

    def signing(self, address: Address) -> Signing:
        """What a signature by an own address takes."""
        note = self._view()
        clock, entropy = self.system.clock, b"".join(self.system.entropy(size) for size in ENTROPY_BYTES)
        return Signing(self.keys.network, self.signing_key(address), clock.time_ms(), entropy, note)

    def _view(self) -> str | None:
        """The newest note that was verified, as statements carry it."""
        note = self.head.note if self.head else None
        if note is None:
            return None
        epoch = self.epochs[parse_origin(parse_note(note).checkpoint.origin).epoch]
        return view_of(note, epoch.ledger_key)

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
        self.belief = replace(self.belief, head=head)
        self.store.trust.set_head(head)

    def learn(self, texts: Sequence[str]) -> None:
        """Take in the network's epochs; a new one may drop the end of the ledger (PROTOCOL 5, 8).

        Raises:
            SeraiError: they do not follow from the pinned root, or contradict those known.
        """
        epochs = learn_epochs(self.keys.network, texts)
        other = first_difference(self.epochs, epochs)
        if other is not None:
            self._judge_other(other, epochs)
        elif len(epochs) < len(self.epochs):
            raise SeraiError(Code.WRONG_EPOCH, f"shown are {len(epochs)} epochs, known are {len(self.epochs)}")
        first_new = len(self.epochs) if other is None else other
        with self.change():
            if other is not None:
                self._leave(self.epochs[other], epochs[other])
            for epoch in epochs[first_new:]:
                self._begin(epoch)
            self.belief = replace(self.belief, epochs=epochs)
            self.store.trust.set_epochs(texts)

    def _judge_other(self, number: int, epochs: Sequence[NetworkEpoch]) -> None:
        """Alarm on a second epoch of a number; it is refused unless the next root signed it, and not the known one."""
        holds = overrules(self.epochs, epochs, number)
        evidence = {"known": self.epochs[number].statement.text, "shown": epochs[number].statement.text}
        which = "the one shown, by the next root," if holds else "the one known"
        self.alarm("fork", f"two epochs {number}; {which} holds", evidence)
        if not holds:
            raise SeraiError(Code.WRONG_EPOCH, f"another epoch {number} is known")

    def _leave(self, known: NetworkEpoch, epoch: NetworkEpoch) -> None:
        """Drop what came after an epoch that does not hold; what lies below both epochs stays."""
        index = min(known.statement.claims.index, epoch.statement.claims.index)
        if self.head is not None and self.head.size > index:
            self._drop_from(index, epoch)

    def _begin(self, epoch: NetworkEpoch) -> None:
        claims = epoch.statement.claims
        if self.head is None or claims.root is None or self.head.size <= claims.index:
            return
        evidence = {"held": self.head.note or "", "epoch": epoch.statement.text}
        self.alarm("epoch", f"epoch {claims.epoch} goes on from {claims.index}, known was {self.head.size}", evidence)
        self._drop_from(claims.index, epoch)

    def _drop_from(self, index: int, epoch: NetworkEpoch) -> None:
        """Take the root's word for the tree that an epoch goes on from, and drop all that is known from an index on."""
        claims = epoch.statement.claims
        if claims.root is not None:
            self.set_head(Head(claims.index, decode_digest(claims.root), None))
        wanted = {lane: min(place, index) for lane, place in self.cursors.model_dump().items()}
        self.set_cursors(Cursors.model_validate(wanted))
        self._offer_public(index)
        self.store.items.drop_places(index)
        self.store.operations.drop_places(index)
        self.store.outbox.drop_places(index)
        if self.store.trust.audited[0].size > index:
            self.store.trust.set_audited(Frontier.empty(), 0, 0)
            self.store.trust.reset_newer()
        self.rebuild()

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
        self.belief = replace(self.belief, cursors=cursors)
        self.store.trust.set_cursors(cursors)

    def set_directory(self, directory: Directory, public_end: int) -> None:
        """Believe a directory to which a public statement was applied."""
        self.belief = replace(self.belief, directory=directory, public_end=public_end)

    def rebuild(self) -> None:
        """Compute the directory anew from the store: a public statement came out of order."""
        self.set_directory(*self._replay())

    def _replay(self) -> tuple[Directory, int]:
        replayed = replay(self.store.keys.network, list(self.store.items.public()))
        for item, error in replayed.dropped:
            self._drop(item, error)
        return replayed.directory, replayed.public_end

    def _drop(self, item: StoredItem, error: SeraiError) -> None:
        """A public statement that was applied does not follow after all: one that came late stands below it."""
        self.store.items.put(replace(item, step=3, code=error.code.value))
        evidence = {"statement": item.statement or "", "proof": item.proof, "checkpoint": item.note}
        self.alarm("public_refused", f"public item {item.index}, after one that came late: {error}", evidence)

    # Alarms and notices

    def alarm(self, kind: str, detail: str, evidence: Mapping[str, str] | None = None, cause: str = "") -> None:
        """Keep an alarm, and tell of it where it is a new one.

        Args:
            kind: what; a kind of `clients.store.Alarm`.
            detail: where, for people.
            evidence: texts to keep, by name.
            cause: who or what brought it about: many of one cause do not bury those of another.
        """
        name = self._alarmed.get((kind, detail))
        if name is not None and self.store.alarms.is_open(name):
            return  # what is looked at again and again is not counted again and again
        alarm = Alarm(kind, detail, self.system.clock.time_ms(), evidence or {}, cause)
        raised = self.store.alarms.add(alarm)
        if len(self._alarmed) >= _MOST_REMEMBERED:
            self._alarmed.clear()
        self._alarmed[kind, detail] = raised.name  # only now: what a full disk did not keep is an alarm again
        if raised.is_new:
            self.notices.append(alarm)

    def check_store(self, *, contents: bool = False) -> None:
        """Look whether the store was changed from outside (`Store.check`), and tell of it."""
        alarm = self.store.check(contents=contents)
        if alarm is not None:
            self.notices.append(alarm)

    def take_check(self, found: str) -> None:
        """Take in what a check of the whole store has found (`Store.take_check`), and tell of it."""
        if (alarm := self.store.take_check(found)) is not None:
            self.notices.append(alarm)

    def start_anew(self) -> None:
        """If something may be missing in the store, ask for all mail again; what is there is recognised."""
        if self.store.trust.is_mail_wanted:
            with self.change():
                self.store.trust.start_anew()
                self.set_cursors(self.store.trust.cursors)

    def renew_audit(self) -> None:
        """Begin the audit with the first leaf every 30 days, and where the store came to another machine.

        A store that was put back as a whole from an older copy is genuine: only the ledger can tell.
        """
        now_ms, here = self.system.clock.local_ms(), self.system.machine()
        machine, begun_ms = self.store.trust.audit_begun
        if machine != here or not 0 <= now_ms - begun_ms < _WHOLE_AUDIT_DAYS * _DAY_MS:
            with self.change():
                self.store.trust.begin_audit(here, now_ms)

    def take_notices(self) -> list[Notice]:
        """What happened since the last call."""
        notices, self.notices = self.notices, []
        return notices


def size_of(head: Head | None) -> int:
    """The index above everything that is known."""
    return head.size if head else 0


def claims_of(item: StoredItem) -> Claims | None:
    """The claims of a stored statement, without judging them anew; ``None`` if its text is gone, or newer than this."""
    if item.statement is None or item.leaf.type is None:
        return None
    try:
        return read_claims(item.statement, item.leaf.type, lenient=True)
    except SeraiError:  # a newer program has stored it
        return None


def cover_of(item: StoredItem) -> Dispatch | None:
    """The cover of a stored dispatch; ``None`` if signature or chain did not hold, or the text is gone."""
    if item.step is not None and item.step < 5:
        return None
    claims = claims_of(item)
    return claims if isinstance(claims, Dispatch) else None


def evidence_of(item: DeliverItem, head: Head) -> dict[str, str]:
    """What is kept with an alarm about an item: as it was delivered, under which checkpoint."""
    parts = {"leaf": item.leaf, "proof": item.proof, "statement": item.statement, "checkpoint": head.note}
    return {name: part for name, part in parts.items() if part}
