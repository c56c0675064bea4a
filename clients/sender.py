"""What goes to the hub: drafts become signed bytes, bytes are submitted until they are answered.

A draft is sealed and signed when it can be: its network is known, and everything it refers to
has been accepted. From then on the same bytes are submitted however often the line breaks
(PROTOCOL 13), except where a refusal says that signing anew will help.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from clients.compose import (
    DispatchDraft,
    Draft,
    PublicDraft,
    ReceiptDraft,
    Ref,
    check_draft,
    claims_in,
    compose_dispatch,
    compose_receipt,
    draft_from_json,
    draft_to_json,
)
from clients.state import Settled, State, cover_of
from clients.store import Outgoing, OutState, Owed
from clients.system import full_jitter_s
from schemas import limits
from schemas.addresses import Address
from schemas.claims import Claims, Dispatch, Receipt
from schemas.encoding import encode_base64url, sha256
from schemas.errors import Code, SeraiError
from schemas.frames import Refused, Submit, encode_frame
from schemas.sealing import parse_sealed
from schemas.statements import parse_statement

log = logging.getLogger("serai.client")

TRY_AGAIN = frozenset({"hub_not_ready", "storage_failed", "internal", "rate_limited"})
"""Refusals after which the same bytes are submitted again."""

SIGN_ANEW = frozenset({"stale_key", "clock_ahead"})
"""Refusals after which the draft is sealed and signed again."""

_QUIET = frozenset({"receipt_repeated", "not_a_recipient"})
"""Refusals of automatic receipts of which nobody needs to hear."""

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

    # Saying something

    def draft(self, drafts: Iterable[Draft]) -> list[int]:
        """Keep what is to be said; signed at once where that is possible. On disk when this returns.

        Returns:
            Numbers in the outbox.

        Raises:
            SeraiError: it cannot be said: ``unknown_recipient``, ``unknown_reference``,
                ``not_permitted`` if no key of the signer is held, ``malformed_statement``, ...;
                nothing was kept.
        """
        now_ms = self._state.system.clock.time_ms()
        rows = []
        with self._state.change():
            for draft in drafts:
                self._check(draft)
                said = self._said(draft)
                if said is None or said.state is OutState.REFUSED:
                    new = draft_to_json(draft)
                    row = said.id if said else self._state.store.outbox.add(new, urgent=draft.urgent, made_ms=now_ms)
                    self._sign(row, draft)
                    rows.append(row)
                else:
                    rows.append(said.id)
        return rows

    def _said(self, draft: Draft) -> Outgoing | None:
        """The row of a public statement that was submitted before: the same text is one statement."""
        return self._state.store.outbox.find(_digest(draft.statement)) if isinstance(draft, PublicDraft) else None

    def _check(self, draft: Draft) -> None:
        check_draft(draft, self._state.keys.network)
        if not isinstance(draft, PublicDraft):
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
        digests = tuple(owed.digest for owed in part)
        urgent = first.lane == "urgent"
        return ReceiptDraft(
            first.to, first.outcome, digests, self._state.member, first.step, first.reason, urgent=urgent
        )

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
        self.draft([_again(replace(original, status=cover.status), ready, digest)])
        for member in ready:
            self._state.store.outcomes.drop_reseal(digest, member)

    # Signing

    def _sign(self, row: int, draft: Draft) -> bool:
        """Sign a draft if it can be said now; else it is held."""
        if isinstance(draft, PublicDraft):
            self._keep(row, draft.statement, None)
            return True
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
        return self._seal(row, draft, refs)

    def _seal(self, row: int, draft: DispatchDraft, refs: tuple[tuple[str, str], ...]) -> bool:
        signing, directory = self._state.signing(draft.iss), self._state.directory
        meant = replace(draft, status=draft.status or directory.epoch.document.status)
        try:
            statement, sealed = compose_dispatch(meant, refs, signing, directory, self._state.place)
        except SeraiError as error:
            if error.code is not Code.UNKNOWN_RECIPIENT or not self._state.catching_up:
                raise
            self._hold(row, 1.0, directory.version)
            return False
        self._keep(row, statement, sealed.to_json())
        return True

    def _keep(self, row: int, statement: str, sealed: dict[str, object] | None) -> None:
        self._state.store.outbox.set_signed(row, statement, _digest(statement), sealed)

    def _resolve(self, draft: DispatchDraft) -> tuple[tuple[str, str], ...] | None:
        """The references by digest; ``None`` while one of them has not been accepted.

        Raises:
            SeraiError: ``unknown_reference`` if one was refused.
        """
        places = [(ref.rel, self._place_of(ref)) for ref in draft.refs]
        return tuple((rel, place) for rel, place in places if place) if all(place for _, place in places) else None

    def _place_of(self, ref: Ref) -> str | None:
        """Digest of a reference that stands in the ledger; empty if it does not yet; ``None`` if never."""
        outbox = self._state.store.outbox
        if ref.digest is not None and self._state.store.items.has(ref.digest):
            return ref.digest
        if ref.digest is not None and self._state.store.items.is_dropped(ref.digest):
            return ""  # until somebody has offered it again
        outgoing = outbox.get(ref.outgoing) if ref.outgoing is not None else outbox.find(ref.digest or "")
        if outgoing is None:
            return None
        if outgoing.state is OutState.REFUSED:
            raise SeraiError(Code.UNKNOWN_REFERENCE, "what it refers to was refused")
        return (outgoing.digest or "") if outgoing.state is OutState.ACCEPTED else ""

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
        signed = [outgoing for outgoing in found if outgoing.state is OutState.SIGNED]
        if not self._state.store.items.has_dropped():
            return signed
        return [outgoing for outgoing in signed if not self._is_early(outgoing)]

    def _is_early(self, outgoing: Outgoing) -> bool:
        """Whether a new epoch has dropped something that this needs, and nobody has offered it again yet."""
        directory, claims = self._state.directory, _claims(outgoing)
        early = self._lacks_keys(outgoing, claims)
        if isinstance(claims, Dispatch):
            named = [ref.digest for ref in claims.refs or ()]
        else:
            named = claims.digests if isinstance(claims, Receipt) else []
        if early or any(self._state.store.items.is_dropped(digest) for digest in named):
            self._hold(outgoing.id, 1.0, directory.version)
            return True
        return False

    def _lacks_keys(self, outgoing: Outgoing, claims: Claims) -> bool:
        """Whether the directory has lost the key that signed this, or one that it is sealed to."""
        directory = self._state.directory
        try:
            directory.key_of(parse_statement(outgoing.statement or ""))
        except SeraiError:
            return True
        if not isinstance(claims, Dispatch) or outgoing.sealed is None:
            return False
        known = {c.enc.kid for member in claims.to for c in directory.credentials(member) if c.enc is not None}
        entries = parse_sealed(outgoing.sealed).entries[: len(claims.to)]
        return not {entry.kid for entry in entries} <= known

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
            if outgoing is None or outgoing.state in (OutState.ACCEPTED, OutState.REFUSED):
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
            raise SeraiError(_known(code), detail)
        row = self._in_flight.pop(frame.digest, None)
        outgoing = self._state.store.outbox.get(row) if row is not None else None
        if outgoing is None:
            return
        if code in TRY_AGAIN:
            self._delay(outgoing.id, None)
        elif code in SIGN_ANEW and outgoing.draft.get("draft") != "public":
            with self._state.change():
                self._state.store.outbox.set_drafted(outgoing.id)
            self._delay(outgoing.id, self._state.directory.version)
        else:
            with self._state.change():
                self._refuse(outgoing, code, detail)
        if code == Code.CLOCK_AHEAD.value:
            raise SeraiError(Code.CLOCK_AHEAD, detail)

    def _delay(self, row: int, version: int | None) -> None:
        attempt = self._attempts.get(row, 0)
        self._attempts[row] = attempt + 1
        self._hold(row, full_jitter_s(attempt, self._state.system.fraction()), version)

    def _refuse(self, outgoing: Outgoing, code: str, detail: str) -> None:
        self._since_s.pop(outgoing.id, None)
        self._state.store.outbox.set_refused(outgoing.id, code, detail)
        self._state.notices.append(Settled(outgoing.id))
        automatic = outgoing.draft.get("outcome") in ("received", "rejected")
        if not (automatic and code in _QUIET):
            said = "receipt" if outgoing.draft.get("draft") == "receipt" else "statement"
            self._state.alarm("refused", f"{said} {outgoing.id}: {code} {detail}".rstrip())


def _claims(outgoing: Outgoing) -> Claims:
    """The claims of what was signed here."""
    return claims_in(parse_statement(outgoing.statement or ""))


def _digest(statement: str) -> str:
    return encode_base64url(sha256(statement.encode("ascii")))


def _parts(group: Sequence[Owed]) -> list[Sequence[Owed]]:
    return [group[at : at + limits.DIGESTS] for at in range(0, len(group), limits.DIGESTS)]


def _again(original: DispatchDraft, members: tuple[Address, ...], digest: str) -> DispatchDraft:
    """The same content to some of its recipients; it repeats no effect, so nothing else is said."""
    return DispatchDraft(
        content=original.content,
        kind=original.kind,
        to=members,
        iss=original.iss,
        status=original.status,
        precedence=original.precedence,
        handling=original.handling,
        refs=(Ref("reseal", digest),),
    )


def _known(code: str) -> Code:
    try:
        return Code(code)
    except ValueError:
        return Code.INTERNAL
