"""What a person is called for once.

Something urgent of ours was declined, is silent, or did not get there; or something urgent came under a key that was
revoked since as compromised, or was changed by its sender after it had left the system here. Each caller remembers in
the store what it has called for, so that a restart neither repeats nor loses a call. What happens in operations is
found by `clients.actions.operations.calling`, and told here beside the rest.
"""

# ruff: noqa: RUF001 - Russian words contain letters that look Latin

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from clients.mail.state import cover_of
from clients.store import Store
from clients.store.outcomes import HANDED_CHANGED
from schemas.addresses import Address
from schemas.errors import Code
from schemas.labels import CodedValue


class NewsKind(CodedValue):
    """What has happened to a dispatch."""

    DECLINED = "declined", "DECLINED", "ОТКЛОНЕНО"
    SILENT = "silent", "SILENT past its time", "МОЛЧИТ, срок истёк"
    NO_ANSWER = "no_answer", "NO ANSWER in time", "ОТВЕТА В СРОК НЕТ"
    NOT_DELIVERED = "not_delivered", "NOT DELIVERED", "НЕ ДОСТАВЛЕНО"
    HANDED_CHANGED = (
        "handed_changed",
        "CHANGED since it was printed, exported or passed on here",
        "ИЗМЕНЕНО после печати, выгрузки или передачи отсюда",
    )
    KEY_REVOKED = "key_revoked", "ITS KEY WAS REVOKED, compromised", "КЛЮЧ ОТОЗВАН, скомпрометирован"
    STOPPED = "stopped", "operation: STOPPED", "операция: СТОП"
    STOP_NOT_RECEIVED = (
        "stop_not_received",
        "operation: HAS THE GOODS AND HAS NOT RECEIVED THE STOP, telephone",
        "операция: ГРУЗ У НИХ, СТОП НЕ ПОЛУЧЕН, звоните",
    )
    STOP_NOT_SENT = (
        "stop_not_sent",
        "operation: OUR STOP HAS NOT GONE OUT, telephone",
        "операция: НАШ СТОП НЕ УШЁЛ, звоните",
    )
    REFUSED = "refused", "operation: REFUSED", "операция: ОТКАЗАНО"
    WITHDRAWN = "withdrawn", "operation: WITHDRAWN", "операция: ОТОЗВАНО"
    LOST = "lost", "operation: LOST from sight", "операция: ГРУЗ ПОТЕРЯН из виду"
    CROSSED_URGENTLY = (
        "crossed_urgently",
        "operation: CROSSED a border without prior consent",
        "операция: ПЕРЕСЕЧЕНИЕ ГРАНИЦЫ без предварительного согласия",
    )
    CONTRADICTION = "contradiction", "operation: CONTRADICTION", "операция: ПРОТИВОРЕЧИЕ"
    OVERDUE = "overdue", "operation: OVERDUE", "операция: СРОК ИСТЁК"
    ENDS_SOON = "ends_soon", "operation: AUTHORITY ENDS soon", "операция: РАЗРЕШЕНИЕ скоро закончится"
    NOT_SENT = "not_sent", "operation: steps were NOT SENT TO US", "операция: шаги НАМ НЕ ОТПРАВЛЕНЫ"


_KINDS: Final[Mapping[str, NewsKind]] = {
    "declined": NewsKind.DECLINED,
    "silent": NewsKind.SILENT,
    "silent_reply": NewsKind.NO_ANSWER,
    "rejected": NewsKind.NOT_DELIVERED,
    "undeliverable": NewsKind.NOT_DELIVERED,
    "compromised": NewsKind.KEY_REVOKED,
    HANDED_CHANGED: NewsKind.HANDED_CHANGED,
}
_OF_OPERATIONS: Final = frozenset(kind.value for kind in NewsKind) - {kind.value for kind in _KINDS.values()}
_RECENT_MS: Final = 7 * 24 * 3600 * 1000
"""What is older calls nobody: a seat that is new here learns of years at once."""


@dataclass(frozen=True, slots=True)
class News:
    """Something that a person is called for once.

    Attributes:
        row: how far the store was looked through when it was found; 0 of what happened in an operation.
        kind: what has happened.
        digest: of the dispatch.
        index: its number; ``None`` if a new epoch has dropped it.
        status: of the dispatch.
        precedence: the same.
        members: who did it; of a revoked key whose it was; in an operation whom it concerns.
        call: the same as `row`, of what happened in an operation; else 0.
    """

    row: int
    kind: NewsKind
    digest: str
    index: int | None
    status: str
    precedence: str
    members: tuple[Address, ...]
    call: int = 0


class Newsreader:
    """Finds what somebody is to be called for, and remembers for what somebody was.

    Args:
        store: where it is looked.
        caller: name of who calls: each does it once.
        now_ms: gives the time, milliseconds since 1970 UTC.
    """

    def __init__(self, store: Store, caller: str, now_ms: Callable[[], int]) -> None:
        self._store = store
        self._caller = caller
        self._now_ms = now_ms
        self._seen = store.outcomes.called(caller)
        self._told = store.operations.told(caller)

    def look(self) -> list[News]:
        """What nobody was called for yet, in its order; one for a dispatch and what happened to it."""
        rows = self._store.outcomes.after(self._seen, _KINDS)
        since_ms = self._now_ms() - _RECENT_MS
        found: dict[tuple[str, NewsKind], list[Address]] = {}
        for _row, digest, answer in rows:
            kind = _KINDS[answer.outcome]
            is_sealed_anew = answer.reason == Code.NO_KEY.value  # it is sealed again by itself
            if answer.at_ms >= since_ms and not is_sealed_anew and self._calls(digest, kind):
                found.setdefault((digest, kind), []).append(answer.member)
        last = rows[-1][0] if rows else self._seen
        if rows and not found:
            self._seen = last  # looked through, and nothing to call for: it needs no write
        made = (self._news(last, digest, kind, members) for (digest, kind), members in found.items())
        return [*(news for news in made if news is not None), *self._of_operations(since_ms)]

    def _of_operations(self, since_ms: int) -> list[News]:
        found = []
        for row, call in self._store.operations.calls_after(self._told):
            step, opened = (self._store.items.get(each) for each in (call.step, call.operation))
            covers = [cover_of(item) for item in (step, opened) if item is not None]
            cover = next((each for each in covers if each is not None), None)
            if call.at_ms >= since_ms and call.kind in _OF_OPERATIONS:
                index = next((item.index for item in (step, opened) if item is not None), None)
                status, precedence = (cover.status, cover.precedence) if cover is not None else ("actual", "flash")
                found.append(News(0, NewsKind(call.kind), call.step, index, status, precedence, call.members, row))
        return found

    def called(self, found: Sequence[News]) -> None:
        """Somebody was called for all that `look` found."""
        seen = max((self._seen, *(news.row for news in found)))
        told = max((self._told, *(news.call for news in found)))
        if seen > self._seen:
            self._seen = seen
            self._store.outcomes.set_called(self._caller, seen)
        if told > self._told:
            self._told = told
            self._store.operations.set_told(self._caller, told)

    def _calls(self, digest: str, kind: NewsKind) -> bool:
        """Whether it is urgent, and still so: not cancelled, not acknowledged since, not noted here."""
        item = self._store.items.get(digest)
        if item is None or item.lane != "urgent":
            return False
        if kind in (NewsKind.KEY_REVOKED, NewsKind.HANDED_CHANGED):
            return item.inbox
        return item.sent_by_us and self._store.outcomes.is_missing(digest, "done")

    def _news(self, row: int, digest: str, kind: NewsKind, members: list[Address]) -> News | None:
        item = self._store.items.get(digest)
        cover = cover_of(item) if item is not None else None
        if item is None or cover is None:
            return None
        return News(row, kind, digest, item.index, cover.status, cover.precedence, tuple(members))
