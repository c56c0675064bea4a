"""Dispatches as files: JSON with everything, rows of seizures, alerts of CAP 1.2."""

from __future__ import annotations

import uuid
from collections import Counter
from dataclasses import dataclass, field
from typing import Final, Protocol
from xml.etree import ElementTree as ET

from clients.cap import NAMESPACE, Item, Texts, build_alert, reference_of
from clients.cli.desk import Desk
from clients.cli.numbers import spell_number
from clients.cli.officer.dispatch_view import delivery_json, mark_text, sent_json
from clients.cli.officer.report_view import headline, report_lines
from clients.cli.texts import _, label, label_of, language
from clients.cli.ui import calendar, json_line
from clients.ids_csv import UNODC_COLUMNS, encode_rows, holds_more, to_rows
from clients.ids_marks import DIGEST, HANDLING, MARKS, NUMBER, REFERENCE, SENDER, STATUS
from clients.inbox import Delivery, status_of
from clients.state import cover_of
from clients.store import StoredItem
from schemas.claims import Dispatch
from schemas.labels import Kind, Status
from schemas.reports import SeizureReport, WarningReport

ATOM: Final = "http://www.w3.org/2005/Atom"

CAP_TYPE: Final = "application/cap+xml"

_COLUMNS: Final = (*UNODC_COLUMNS, *MARKS)


@dataclass
class Tally:
    """What came of the dispatches.

    Attributes:
        count: how many are in the file.
        handling: how many of them under which handling code.
        left_out: how many are not, by why.
        holds_more: how many say more than the file has room for.
        amended: those that are in the file as they were sent, though corrected or cancelled since, in words.
    """

    count: int = 0
    handling: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)
    holds_more: int = 0
    amended: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Exported:
    """A dispatch that is to be exported.

    Attributes:
        item: as stored.
        delivery: as shown.
        cover: verified.
    """

    item: StoredItem
    delivery: Delivery
    cover: Dispatch

    @property
    def number(self) -> str:
        """Its number as officers say it."""
        return spell_number(self.delivery.index or 0, self.cover.status)


class Format(Protocol):
    """How a file is written, piece by piece."""

    def begin(self, status: str, newest_ms: int) -> bytes:
        """What stands before the first dispatch.

        Args:
            status: of all of them, ``mixed`` or ``none``.
            newest_ms: when the newest was accepted, milliseconds since 1970 UTC.
        """

    def write(self, each: Exported, tally: Tally) -> bytes:
        """A dispatch; empty, and told to the tally, if it has no place in such a file."""

    def end(self) -> bytes:
        """What stands after the last."""


def _keep(each: Exported, tally: Tally) -> None:
    tally.count += 1
    tally.handling[each.cover.handling] += 1


class JsonFormat:
    """Everything that the store knows of each dispatch, in one object.

    Args:
        desk: whose.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._is_first = True

    def begin(self, status: str, newest_ms: int) -> bytes:  # noqa: ARG002 - a file says when it was made
        """The members of the object that are not dispatches."""
        keys = self._desk.store.keys
        head = {
            "serai_export": 1,
            "status": status,
            "member": keys.member,
            "network": keys.network,
            "made_ms": self._desk.state.system.clock.time_ms(),
        }
        return json_line(head)[:-1].encode() + b', "dispatches": ['

    def write(self, each: Exported, tally: Tally) -> bytes:
        """A dispatch, in a line of its own."""
        _keep(each, tally)
        shown = delivery_json(each.delivery)
        if each.item.mine:
            shown = sent_json(status_of(each.item.digest, self._desk.store), each.delivery.report)
        value = {"direction": "sent" if each.item.mine else "received", **shown}
        comma, self._is_first = b"" if self._is_first else b",", False
        return comma + b"\n" + json_line(value).encode()

    def end(self) -> bytes:
        """The end of the object."""
        return b"\n]}\n"


class IdsFormat:
    """Seizures as rows of UNODC Individual Drug Seizures, each marked."""

    def begin(self, status: str, newest_ms: int) -> bytes:  # noqa: ARG002 - each row says its own
        """The line of column names."""
        return encode_rows(_COLUMNS, [dict(zip(_COLUMNS, _COLUMNS, strict=True))])

    def write(self, each: Exported, tally: Tally) -> bytes:
        """A row for each kind of goods; what was corrected or cancelled would be counted twice, and has none."""
        report = each.delivery.report
        if not isinstance(report, SeizureReport):
            tally.left_out["no_seizure"] += 1
            return b""
        marks, rels = each.delivery.marks, {ref.rel for ref in each.cover.refs or ()}
        if marks.cancelled_by or marks.corrected_by or rels & {"cancel", "reseal"}:
            tally.left_out["superseded"] += 1
            return b""
        _keep(each, tally)
        tally.holds_more += holds_more(report)
        said = {
            NUMBER: each.number,
            STATUS: each.cover.status,
            HANDLING: each.cover.handling,
            SENDER: each.cover.iss,
            REFERENCE: report.our_reference,
            DIGEST: each.item.digest,
        }
        return encode_rows(_COLUMNS, [{**row, **said} for row in to_rows(report)])

    def end(self) -> bytes:
        """Nothing."""
        return b""


class CapFormat:
    """Alerts of CAP 1.2: one alone, or many in an Atom feed (RFC 4287).

    Args:
        desk: whose.
        single: whether the file is one alert and nothing else.
    """

    def __init__(self, desk: Desk, *, single: bool) -> None:
        self._desk = desk
        self._is_single = single

    def begin(self, status: str, newest_ms: int) -> bytes:
        """The head of the file."""
        head = '<?xml version="1.0" encoding="UTF-8"?>\n'
        if self._is_single:
            return head.encode()
        keys = self._desk.store.keys
        feed = ET.Element("feed")
        name = _("Dispatches of {member}").format(member=keys.member)
        _child(feed, "title", name if status in ("actual", "none") else f"{_marking(status)} - {name}")
        _child(feed, "id", uuid.uuid5(uuid.NAMESPACE_URL, f"serai:{keys.network}/{keys.member}").urn)
        _child(feed, "updated", _atom_time(newest_ms))
        _child(_child(feed, "author"), "name", keys.member)
        inside = "\n".join(ET.tostring(each, encoding="unicode") for each in feed)
        return f'{head}<feed xmlns="{ATOM}">\n{inside}\n'.encode()

    def write(self, each: Exported, tally: Tally) -> bytes:
        """An alert, as it is or in an entry of the feed."""
        _keep(each, tally)
        if said := mark_text(each.delivery.marks):
            tally.amended.append(f"{each.number}: {said}")
        alert = ET.tostring(self._alert(each), encoding="unicode", default_namespace=NAMESPACE)
        if self._is_single:
            return f"{alert}\n".encode()
        entry = ET.Element("entry")
        _child(entry, "title", f"{each.number} {_headline(each)}")
        _child(entry, "id", f"urn:uuid:{each.cover.jti}")
        _child(entry, "updated", _atom_time(each.delivery.accepted_at_ms))
        inside = "".join(ET.tostring(part, encoding="unicode") for part in entry)
        return f'<entry>{inside}<content type="{CAP_TYPE}">{alert}</content></entry>\n'.encode()

    def end(self) -> bytes:
        """The end of the feed."""
        return b"" if self._is_single else b"</feed>\n"

    def _alert(self, each: Exported) -> ET.Element:
        references = [self._reference(ref.digest) for ref in each.cover.refs or ()]
        item = Item(
            cover=each.cover,
            digest=each.item.digest,
            number=each.number,
            report=each.delivery.report,
            references=tuple(reference for reference in references if reference),
        )
        return build_alert(item, self._texts(each))

    def _reference(self, digest: str) -> str:
        """How an alert that is in the store too is named; empty for one that is not."""
        item = self._desk.store.items.get(digest)
        cover = cover_of(item) if item is not None and item.step is None else None
        return reference_of(cover, digest) if cover is not None else ""

    def _texts(self, each: Exported) -> Texts:
        report, sender = each.delivery.report, each.delivery.sender
        credentials = self._desk.state.directory.credentials(sender) if sender else ()
        return Texts(
            language=language(),
            event=label_of(Kind, each.cover.kind),
            headline=_headline(each),
            description="\n".join(report_lines(report)) if report else _("The content is not read at this seat."),
            sender_name=credentials[-1].statement.claims.name if credentials else str(each.cover.iss),
            instruction=label(report.requested_action.code) if isinstance(report, WarningReport) else "",
            note="" if each.cover.status == "actual" else " - ".join([_marking(each.cover.status)] * 3),
        )


def _headline(each: Exported) -> str:
    """The dispatch in a line; an exercise says so first."""
    said = headline(each.delivery.report) or label_of(Kind, each.cover.kind)
    return said if each.cover.status == "actual" else f"{_marking(each.cover.status)}: {said}"


def _marking(status: str) -> str:
    """A status that nobody overlooks."""
    return (_("mixed: exercise and actual") if status == "mixed" else label_of(Status, status)).upper()


def _child(parent: ET.Element, name: str, text: str = "") -> ET.Element:
    child = ET.SubElement(parent, name)
    child.text = text
    return child


def _atom_time(time_ms: int) -> str:
    return calendar(time_ms).isoformat(timespec="seconds")


def make_format(name: str, desk: Desk, *, single: bool) -> Format:
    """The format of a name.

    Args:
        name: ``json``, ``ids-csv`` or ``cap``.
        desk: whose dispatches.
        single: whether one dispatch was asked for by its number.
    """
    if name == "json":
        return JsonFormat(desk)
    return IdsFormat() if name == "ids-csv" else CapFormat(desk, single=single)
