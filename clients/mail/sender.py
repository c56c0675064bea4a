"""What goes to the hub: drafts become signed bytes, bytes are submitted until they are answered.

A draft is sealed and signed when it can be: its network is known, and everything it refers to
has been accepted. From then on the same bytes are submitted however often the line breaks
(PROTOCOL 13), except where a refusal says that signing anew will help.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from clients.errors import LocalCode
from clients.mail.attaching import Waiting
from clients.mail.compose import (
    DispatchDraft,
    Draft,
    PublicDraft,
    ReceiptDraft,
    Ref,
    check_draft,
    compose_dispatch,
    compose_receipt,
    draft_from_json,
    draft_to_json,
)
from clients.mail.keys_of import has_another_key, lacks_keys
from clients.mail.notices import Settled
from clients.mail.ordering import Order, claims_of, named_by, waited_for
from clients.mail.refusals import (
    MOST_TRIES,
    Fate,
    again_for,
    cause_of,
    fate_of,
    halves,
    is_automatic,
    is_coming_back,
    known_code,
    part_for,
    unreached_by,
)
from clients.mail.state import State, cover_of
from clients.store import Outgoing, OutState, Owed
from clients.system import full_jitter_s
from schemas import limits
from schemas.addresses import Address
from schemas.encoding import encode_base64url, sha256
from schemas.errors import Code, SeraiError
from schemas.frames import Refused, Submit, encode_frame

log = logging.getLogger("serai.client")

_UNANSWERED_S = float(limits.RECEIVED_DUE_S["flash"])
"""How long a submission may go without an answer, over however many lines."""


@dataclass(frozen=True, slots=True)
class _Hold:
    """Why a row waits: until a time, or until the directory is another."""

    until_s: float
    version: int | None = None


class Sender:
    """Works the outbox off."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._in_flight: dict[str, int] = {}
        self._since_s: dict[int, float] = {}  # rows not yet settled, by when they were first submitted
        self._held: dict[int, _Hold] = {}
        self._attempts: dict[int, int] = {}
        self.waiting = Waiting(state.store)
        self._order = Order(state)

    # Saying something

    def draft(self, drafts: Iterable[Draft], *, follows: Outgoing | None = None) -> list[int]:
        """Keep what is to be said; signed at once where that is possible. On disk when this returns.

        Args:
            drafts: what is to be said.
            follows: what a signer said before, from which this follows by itself; what only an officer can sign then,
                who is not here or did not say that here, waits for him.

        Returns:
            Numbers in the outbox.

        Raises:
            SeraiError: it cannot be said: ``unknown_recipient``, ``unknown_reference``,
                ``no_key_held`` or ``officer_locked`` if the signer cannot sign here,
                ``malformed_statement``, ...; nothing was kept.
        """
        now_ms = self._state.system.clock.time_ms()
        rows = []
        with self._state.change():
            for draft in drafts:
                self._check(draft, later=follows is not None)
                said = self._said(draft)
                if said is None or said.state is OutState.REFUSED:
                    new = draft_to_json(draft)
                    row = (
                        said.id
                        if said
                        else self._state.store.outbox.add(new, urgent=draft.urgent, made_ms=now_ms, first=draft.first)
                    )
                    if isinstance(draft, DispatchDraft):
                        self.waiting.keep(draft, now_ms)
                    if follows is None or self._state.has_said(follows.id, draft_from_json(follows.draft)):
                        self._state.say(row, draft)
                    self._sign(row, draft, whole=True)
                    rows.append(row)
                else:
                    rows.append(said.id)
        return rows

    def _said(self, draft: Draft) -> Outgoing | None:
        """The row of a public statement that was submitted before: the same text is one statement."""
        return self._state.store.outbox.find(_digest(draft.statement)) if isinstance(draft, PublicDraft) else None

    def _check(self, draft: Draft, *, later: bool) -> None:
        check_draft(draft, self._state.keys.network)
        if not isinstance(draft, PublicDraft) and not (later and self._state.is_locked(draft.iss)):
            self._state.signing_key(draft.iss)
        for ref in draft.refs if isinstance(draft, DispatchDraft) else ():
            if ref.digest is not None and self._place_of(ref) is None:
                raise SeraiError(Code.UNKNOWN_REFERENCE, ref.digest)

    def sign_receipts(self) -> int:
        """Sign the receipts that are owed, one for each sender and outcome; how many it became."""
        groups: dict[tuple[str, ...], list[Owed]] = {}
        for owed in self._state.store.outcomes.owed():
            groups.setdefault(owed.group, []).append(owed)
        with self._state.change():
            drafts = [self._receipt(part) for group in groups.values() for part in _parts(group)]
            rows = self.draft(drafts)
            self._state.store.outcomes.drop_owed(owed.digest for group in groups.values() for owed in group)
        return len(rows)

    def _receipt(self, part: Sequence[Owed]) -> ReceiptDraft:
        first = part[0]
        digests, urgent = tuple(owed.digest for owed in part), first.lane == "urgent"
        signer, why = self._state.member, (first.step, first.reason)
        return ReceiptDraft(first.to, first.outcome, digests, signer, *why, urgent=urgent)

    def reseal(self) -> None:
        """Seal again what recipients could not open, once they have a newer key (PROTOCOL 6)."""
        for digest, members in self._state.store.outcomes.reseals().items():
            with self._state.change():
                self._reseal(digest, members)

    def _reseal(self, digest: str, members: Sequence[Address]) -> None:
        item = self._state.store.items.get(digest)
        cover = cover_of(item) if item is not None else None
        outgoing = self._state.store.outbox.find(digest)
        if item is None or item.index is None or cover is None or outgoing is None:
            return
        place, directory, index = self._state.place, self._state.directory, item.index
        ready = tuple(
            member for member in members if member in cover.to and directory.rotated_since(member, index, place)
        )
        original = draft_from_json(outgoing.draft)
        if not ready or not isinstance(original, DispatchDraft):
            return
        self.draft([again_for(replace(original, status=cover.status), ready, digest)], follows=outgoing)
        for member in ready:
            self._state.store.outcomes.drop_reseal(digest, member)

    # Signing

    def _sign(self, row: int, draft: Draft, *, whole: bool = False) -> bool:
        """Sign a draft if it can be said now; else it is held.

        Args:
            row: of the outbox.
            draft: what is there.
            whole: whether a person is there to hear that somebody cannot get it: else it goes to the others.
        """
        if isinstance(draft, PublicDraft):
            self._keep(row, draft.statement, None)
            return True
        if not self._state.can_sign(row, draft):
            self._give_back(row, draft.iss)
            return False
        if not self._state.directory.epochs:
            self._hold(row, 3600.0, self._state.directory.version)
            return False
        if isinstance(draft, ReceiptDraft):
            self._keep(row, compose_receipt(draft, self._state.signing(draft.iss)), None)
            return True
        refs = self._resolve(draft)
        if refs is None:
            self._hold(row, 1.0)
            return False
        return self._seal(row, draft, refs, whole=whole)

    def _give_back(self, row: int, officer: Address) -> None:
        """Only its officer can sign it, whose key is locked: it waits for him, and he is called."""
        self._hold(row, 1.0)
        outgoing = self._state.store.outbox.get(row)
        if outgoing is not None and outgoing.code is None:
            self._state.store.outbox.set_drafted(row, LocalCode.OFFICER_LOCKED.value)
            since = {"since_ms": str(self._state.system.clock.time_ms())}  # once more is a call of its own
            self._state.alarm("unsigned", f"statement {row}: {officer} must sign it again", since, officer)

    def sign_again(self, rows: Iterable[int]) -> None:
        """Sign what waits for officers who can sign here now; what nobody can sign is refused, and says why."""
        with self._state.change():
            for row in rows:
                outgoing = self._state.store.outbox.get(row)
                if outgoing is not None and outgoing.state is OutState.DRAFTED:
                    self._held.pop(row, None)
                    self._state.say(row, draft_from_json(outgoing.draft))
                    self._try_sign(outgoing)

    def _seal(self, row: int, draft: DispatchDraft, refs: tuple[tuple[str, str], ...], *, whole: bool) -> bool:
        directory = self._state.directory
        unreached = unreached_by(draft.to, directory, self._state.place)
        if unreached and self._state.catching_up:
            self._hold(row, 1.0, directory.version)
            return False
        if unreached and (whole or len(unreached) == len(draft.to)):
            raise next(iter(unreached.values()))
        if unreached:
            draft = self._leave_out(row, draft, unreached)
        meant = replace(draft, status=draft.status or directory.epoch.document.status)
        signing = self._state.signing(draft.iss)
        statement, sealed = compose_dispatch(meant, refs, signing, directory, self._state.place)
        self._keep(row, statement, sealed.to_json())
        return True

    def _leave_out(self, row: int, draft: DispatchDraft, unreached: Mapping[Address, SeraiError]) -> DispatchDraft:
        """What goes to the others; the part of those who cannot get it comes back to a person, with its text."""
        goes = part_for(draft, [each for each in draft.to if each not in unreached], self._state.member)
        self._state.store.outbox.set_draft(row, draft_to_json(goes))
        self._state.say(row, goes)
        made_ms = outgoing.made_ms if (outgoing := self._state.store.outbox.get(row)) else 0
        rest = draft_to_json(part_for(draft, list(unreached)))
        part = self._state.store.outbox.add(rest, urgent=draft.urgent, made_ms=made_ms, part_of=row, first=draft.first)
        code = next(iter(unreached.values())).code.value
        self._return(part, code, f"not to {', '.join(unreached)}; item {row} goes to {', '.join(goes.to)}")
        return goes

    def _keep(self, row: int, statement: str, sealed: dict[str, object] | None) -> None:
        self._state.store.outbox.set_signed(row, statement, _digest(statement), sealed)

    def _resolve(self, draft: DispatchDraft) -> tuple[tuple[str, str], ...] | None:
        """The references by digest; ``None`` while one of them has not been accepted.

        Raises:
            SeraiError: ``unknown_reference`` if one was refused.
        """
        # What waits for attachments is signed in the act: what it follows need only have been signed (PROTOCOL 7).
        places = [
            (ref.rel, ref.digest if draft.first and ref.digest else self._place_of(ref, signed=bool(draft.attachments)))
            for ref in draft.refs
        ]
        return tuple((rel, place) for rel, place in places if place) if all(place for _, place in places) else None

    def _place_of(self, ref: Ref, *, signed: bool = False) -> str | None:
        """Digest of a reference that stands in the ledger, or is signed; empty if not yet; ``None`` if never."""
        outbox = self._state.store.outbox
        if ref.digest is not None and self._state.store.items.has(ref.digest):
            return ref.digest
        if ref.digest is not None and self._state.store.items.is_dropped(ref.digest):
            return ""  # until somebody has offered it again
        outgoing = outbox.get(ref.outgoing) if ref.outgoing is not None else outbox.find(ref.digest or "")
        if outgoing is None:
            return None
        if outgoing.state in (OutState.REFUSED, OutState.DROPPED):
            raise SeraiError(Code.UNKNOWN_REFERENCE, "what it refers to was refused")
        return (outgoing.digest or "") if signed or outgoing.state is OutState.ACCEPTED else ""

    # Submitting

    def reset(self) -> None:
        """A new line: nothing is in flight, and what was held is tried again."""
        self._in_flight.clear()
        self._held.clear()

    @property
    def in_flight(self) -> int:
        """How much was submitted and not answered."""
        return len(self._in_flight)

    def submissions(self, room: int, count: int = limits.IN_FLIGHT) -> list[str]:
        """Frames to send now, urgent first; signed and on disk before they are returned.

        Args:
            room: how many the hub will take without answering.
            count: at most so many.
        """
        room = min(room - len(self._in_flight), count)
        if room <= 0:
            return []
        skip = set(self._in_flight.values()) | {row for row in list(self._held) if self._is_held(row)}
        ready: list[Outgoing] = []
        window = room
        # What has to wait must not keep back what comes after it.
        while not ready and (rows := self._next_rows(skip, window)):
            ready = self._signed(rows)[:room]
            skip |= set(rows)
            window = min(2 * window, limits.IN_FLIGHT)
        return [self._submit(outgoing) for outgoing in ready]

    def _next_rows(self, skip: set[int], count: int) -> list[int]:
        return [row for row in self._state.store.outbox.waiting(count + len(skip)) if row not in skip][:count]

    def _submit(self, outgoing: Outgoing) -> str:
        self._in_flight[outgoing.digest or ""] = outgoing.id
        self._since_s.setdefault(outgoing.id, self._state.system.monotonic())
        sealed = None if outgoing.sealed is None else dict(outgoing.sealed)
        return encode_frame(Submit(statement=outgoing.statement or "", sealed=sealed))

    def _signed(self, rows: Sequence[int]) -> list[Outgoing]:
        found = [outgoing for row in rows if (outgoing := self._state.store.outbox.get(row))]
        drafted = [outgoing for outgoing in found if outgoing.state is OutState.DRAFTED]
        if drafted:
            with self._state.change():
                for outgoing in drafted:
                    self._try_sign(outgoing)
            found = [outgoing for row in rows if (outgoing := self._state.store.outbox.get(row))]
        signed = [each for each in found if each.state is OutState.SIGNED and not self._waits(each)]
        if not self._state.store.items.has_dropped():
            return signed
        return [outgoing for outgoing in signed if not self._is_early(outgoing)]

    def _waits(self, outgoing: Outgoing) -> bool:
        """Whether something keeps it back: attachments, what they follow, what an officer signed before his end."""
        if self._order.overtakes(outgoing):
            self._hold(outgoing.id, 1.0)
            return True
        draft = draft_from_json(outgoing.draft) if outgoing.draft.get("attachments") else None
        if not isinstance(draft, DispatchDraft):
            return False
        try:
            refs, ready = self._resolve(replace(draft, attachments=())), self.waiting.is_ready(draft)
        except SeraiError as error:
            with self._state.change():
                self._refuse(outgoing, error.code.value, error.detail)
            return True
        if refs is not None and not {digest for _, digest in refs} <= named_by(outgoing):
            with self._state.change():  # what it follows was signed anew
                self._state.store.outbox.set_drafted(outgoing.id)
                self._try_sign(self._state.store.outbox.get(outgoing.id) or outgoing)
            return True
        if refs is None or not ready:
            self._hold(outgoing.id, 1.0)
        return refs is None or not ready

    def _is_early(self, outgoing: Outgoing) -> bool:
        """Whether a new epoch has dropped something that this needs, and nobody has offered it again yet."""
        directory, claims = self._state.directory, claims_of(outgoing)
        early = lacks_keys(outgoing, claims, directory)
        named = waited_for(outgoing, claims)
        if early or any(self._state.store.items.is_dropped(digest) for digest in named):
            self._hold(outgoing.id, 1.0, directory.version)
            return True
        return False

    def _try_sign(self, outgoing: Outgoing) -> None:
        try:
            self._sign(outgoing.id, draft_from_json(outgoing.draft))
        except SeraiError as error:
            self._refuse(outgoing, error.code.value, error.detail)
        except (ArithmeticError, LookupError, TypeError, ValueError) as error:
            # One row that nobody can sign must not keep all others back; a fault of the store is no such thing.
            log.exception("row %d of the outbox cannot be signed", outgoing.id)
            self._refuse(outgoing, Code.MALFORMED_STATEMENT.value, type(error).__name__)

    def _hold(self, row: int, delay_s: float, version: int | None = None) -> None:
        self._held[row] = _Hold(self._state.system.monotonic() + delay_s, version)

    def _is_held(self, row: int) -> bool:
        hold = self._held[row]
        changed = hold.version is not None and hold.version != self._state.directory.version
        if changed or self._state.system.monotonic() >= hold.until_s:
            del self._held[row]
            return False
        return True

    def release(self) -> None:
        """Something was accepted: what refers to it may be signed now."""
        for row in [row for row, hold in self._held.items() if hold.version is None]:
            if row not in self._attempts:
                del self._held[row]

    # Answers

    def answered(self, digest: str) -> None:
        """The hub has answered a submission."""
        row = self._in_flight.pop(digest, None)
        if row is not None:
            self._attempts.pop(row, None)
            self._since_s.pop(row, None)

    def check_unanswered(self) -> None:
        """Alarm on what was submitted long ago and never settled: somebody may be withholding it."""
        before_s = self._state.system.monotonic() - _UNANSWERED_S
        for row in [row for row, since_s in self._since_s.items() if since_s <= before_s]:
            outgoing = self._state.store.outbox.get(row)
            if outgoing is None or not outgoing.is_open:
                del self._since_s[row]
            else:
                self._state.alarm("overdue", f"statement {row}: submitted, and neither accepted nor refused")

    def refused(self, frame: Refused) -> None:
        """Decide what becomes of a refused submission (PROTOCOL 13).

        Raises:
            SeraiError: ``clock_ahead``: the line must be dialled anew, which corrects the clock;
                the hub's own code if it refused a frame and named no statement.
        """
        code, detail = frame.problem.code, frame.problem.detail
        if frame.digest is None:
            raise SeraiError(known_code(code), detail)
        row = self._in_flight.pop(frame.digest, None)
        outgoing = self._state.store.outbox.get(row) if row is not None else None
        if outgoing is None or not outgoing.is_open:  # it was withdrawn meanwhile
            return
        fate = fate_of(code, outgoing.draft)
        comes_back = code == Code.NOT_A_PARTICIPANT.value and is_coming_back(self._state.epochs, self._state.place)
        if comes_back or (code == Code.ATTACHMENT_MISSING.value and self._upload_again(outgoing)):
            fate = Fate.AGAIN
        with self._state.change():
            self._suffer(outgoing, fate, code, detail)
        if code == Code.CLOCK_AHEAD.value:
            raise SeraiError(Code.CLOCK_AHEAD, detail)

    def _suffer(self, outgoing: Outgoing, fate: Fate, code: str, detail: str) -> None:
        row, tries = outgoing.id, self._attempts.get(outgoing.id, 0)
        can_retry = tries < MOST_TRIES and (fate is not Fate.OTHER_KEY or has_another_key(outgoing, self._state))
        if fate is Fate.AGAIN:
            self._delay(row, None)
        elif fate is Fate.LESS and outgoing.draft.get("draft") == "receipt":
            self._halve(outgoing)
        elif fate is Fate.ANEW or (fate in (Fate.LESS, Fate.OTHER_KEY) and can_retry):
            self._state.store.outbox.set_drafted(row)
            draft = draft_from_json(outgoing.draft)
            if not isinstance(draft, PublicDraft) and not self._state.can_sign(row, draft):
                self._give_back(row, draft.iss)
            self._delay(row, self._state.directory.version)
        else:
            self._refuse(outgoing, code, detail)

    def _halve(self, outgoing: Outgoing) -> None:
        """A receipt of several dispatches becomes two, of which one may be accepted."""
        draft = draft_from_json(outgoing.draft)
        if isinstance(draft, ReceiptDraft):
            first, second = halves(draft)
            outbox, said = self._state.store.outbox, self._state.has_said(outgoing.id, draft)
            outbox.set_draft(outgoing.id, draft_to_json(first))
            row = outbox.add(draft_to_json(second), urgent=outgoing.urgent, made_ms=outgoing.made_ms)
            for number, half in ((outgoing.id, first), (row, second)) if said else ():
                self._state.say(number, half)

    def _upload_again(self, outgoing: Outgoing) -> bool:
        """Upload what the hub says it lacks, and submit the same bytes then; false if nothing of it is here."""
        draft = draft_from_json(outgoing.draft)
        with self._state.change():
            now_ms = self._state.system.clock.time_ms()
            return isinstance(draft, DispatchDraft) and self.waiting.send_again(draft, now_ms)

    def _delay(self, row: int, version: int | None) -> None:
        attempt = self._attempts.get(row, 0)
        self._attempts[row] = attempt + 1
        self._hold(row, full_jitter_s(attempt, self._state.system.fraction()), version)

    def _refuse(self, outgoing: Outgoing, code: str, detail: str) -> None:
        """It will not be said: it comes back to a person, unless no person has said it or needs to hear of it."""
        self._since_s.pop(outgoing.id, None)
        self._attempts.pop(outgoing.id, None)
        if fate_of(code, outgoing.draft) is Fate.DONE:
            self._state.store.outbox.drop(outgoing.id, code=code)
            self._state.notices.append(Settled(outgoing.id))
        else:
            self._return(outgoing.id, code, detail, to_nobody=is_automatic(outgoing.draft))

    def _return(self, row: int, code: str, detail: str, *, to_nobody: bool = False) -> None:
        self._state.store.outbox.set_refused(row, code, detail)
        if to_nobody:
            self._state.store.outbox.drop(row)
        self._state.notices.append(Settled(row))
        self._state.alarm("refused", f"item {row}: {code} {detail}".rstrip(), cause=cause_of(row))


def _digest(statement: str) -> str:
    return encode_base64url(sha256(statement.encode("ascii")))


def _parts(group: Sequence[Owed]) -> list[Sequence[Owed]]:
    return [group[at : at + limits.DIGESTS] for at in range(0, len(group), limits.DIGESTS)]
