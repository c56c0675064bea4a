"""Alerts of CAP 1.2 from dispatches, with their texts in the reader's language: one alone, or many in an Atom feed."""

from __future__ import annotations

import uuid
from typing import Final
from xml.etree import ElementTree as ET

from clients.actions.client import Client
from clients.actions.exporting import Exported
from clients.actions.handling import WantedUse, needs_permission
from clients.documents.dispatches import amendment_text, status_text
from clients.documents.export_format import ExportTally
from clients.documents.plain import calendar
from clients.documents.report_text import headline, report_lines
from clients.documents.texts import _, label, label_of, language
from clients.formats.cap import NAMESPACE, Item, Texts, build_alert, reference_of
from clients.mail.state import cover_of
from schemas.reports import ReadReport, WarningReport
from schemas.reports.kinds import KINDS
from schemas.rules.handling import Use

ATOM: Final = "http://www.w3.org/2005/Atom"

CAP_TYPE: Final = "application/cap+xml"


class CapFormat:
    """Alerts of CAP 1.2: one alone, or many in an Atom feed (RFC 4287).

    Args:
        client: whose.
        wanted: who has permitted that it is handed to others.
        single: whether the file is one alert and nothing else.
    """

    def __init__(self, client: Client, wanted: WantedUse, *, single: bool) -> None:
        self._client = client
        self._permission = wanted.permission
        self._is_single = single

    def begin(self, status: str, newest_ms: int) -> bytes:
        """The head of the file."""
        head = '<?xml version="1.0" encoding="UTF-8"?>\n'
        if self._is_single:
            return head.encode()
        keys = self._client.store.keys
        feed = ET.Element("feed")
        name = _("Dispatches of {member}").format(member=keys.member)
        _child(feed, "title", name if status in ("actual", "none") else f"{_marking(status)} - {name}")
        _child(feed, "id", uuid.uuid5(uuid.NAMESPACE_URL, f"serai:{keys.network}/{keys.member}").urn)
        _child(feed, "updated", _atom_time(newest_ms))
        _child(_child(feed, "author"), "name", keys.member)
        inside = "\n".join(ET.tostring(each, encoding="unicode") for each in feed)
        return f'{head}<feed xmlns="{ATOM}">\n{inside}\n'.encode()

    def write(self, each: Exported, tally: ExportTally) -> bytes:
        """An alert, as it is or in an entry of the feed."""
        tally.keep(each)
        if text := amendment_text(each.delivery.amendments):
            tally.amended.append(f"{each.number}: {text}")
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
            handling=each.handling,
            report=each.delivery.report,
            references=tuple(reference for reference in references if reference),
            permission=self._permission if self._is_permitted_only(each) else "",
        )
        return build_alert(item, self._texts(each))

    def _is_permitted_only(self, each: Exported) -> bool:
        """Whether it is in the file because its provider has permitted that, and not because its codes do."""
        return needs_permission(each.cover, each.delivery.content, Use.OTHERS, self._client.state.member)

    def _reference(self, digest: str) -> str:
        """How an alert that is in the store too is named; empty for one that is not."""
        item = self._client.store.items.get(digest)
        cover = cover_of(item) if item is not None and item.step is None else None
        return reference_of(cover, digest) if cover is not None else ""

    def _texts(self, each: Exported) -> Texts:
        report, sender = each.delivery.report, each.delivery.sender
        credentials = self._client.state.directory.credentials(sender) if sender else ()
        return Texts(
            language=language(),
            event=label_of(KINDS.values(), each.cover.kind),
            headline=_headline(each),
            description=_description(each.delivery.content),
            sender_name=credentials[-1].statement.claims.name if credentials else str(each.cover.iss),
            instruction=label(report.requested_action.code) if isinstance(report, WarningReport) else "",
            note="" if each.cover.status == "actual" else " - ".join([_marking(each.cover.status)] * 3),
        )


def _description(content: ReadReport | None) -> str:
    """The report as far as it is known; a file that others read has no words beyond, but says that there are some."""
    if content is None:
        return _("The content is not read at this seat.")
    if content.form is None:
        return _("The report is of a form that this program does not know.")
    more = [_("The report says more, which this program does not know.")] if content.as_written else []
    return "\n".join([*report_lines(content.form), *more])


def _headline(each: Exported) -> str:
    """The dispatch in a line; an exercise says so first."""
    text = headline(each.delivery.report) or label_of(KINDS.values(), each.cover.kind)
    return text if each.cover.status == "actual" else f"{_marking(each.cover.status)}: {text}"


def _marking(status: str) -> str:
    """A status that nobody overlooks."""
    return _("mixed: exercise and actual").upper() if status == "mixed" else status_text(status)


def _child(parent: ET.Element, name: str, text: str = "") -> ET.Element:
    child = ET.SubElement(parent, name)
    child.text = text
    return child


def _atom_time(time_ms: int) -> str:
    return calendar(time_ms).isoformat(timespec="seconds")
