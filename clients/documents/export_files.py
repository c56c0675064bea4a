"""Dispatches as files that are handed out: JSON with everything, rows of seizures, alerts of CAP 1.2."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from clients.actions.client import Client
from clients.actions.exporting import ExportChoice, Exported, exported
from clients.actions.handling import WantedUse
from clients.documents.dispatches import delivery_json, sent_json
from clients.documents.export_cap import CapFormat
from clients.documents.export_format import ExportFormat, ExportTally, LeftOut
from clients.documents.plain import json_line
from clients.formats.ids_columns import DIGEST, HANDLING, MARKS, NUMBER, REFERENCE, SENDER, STATUS
from clients.formats.ids_csv import UNODC_COLUMNS, encode_rows, holds_more, to_rows
from clients.mail.inbox import status_of
from schemas.reports import SeizureReport

_COLUMNS: Final = (*UNODC_COLUMNS, *MARKS)


class JsonFormat:
    """Everything that the store knows of each dispatch, in one object.

    Args:
        client: whose.
        wanted: for what the file is, and who has permitted that.
    """

    def __init__(self, client: Client, wanted: WantedUse) -> None:
        self._client = client
        self._wanted = wanted
        self._is_first = True

    def begin(self, status: str, newest_ms: int) -> bytes:  # noqa: ARG002 - a file says when it was made
        """The members of the object that are not dispatches."""
        keys = self._client.store.keys
        head = {
            "serai_export": 1,
            "status": status,
            "member": keys.member,
            "network": keys.network,
            "made_ms": self._client.state.system.clock.time_ms(),
            "use": self._wanted.use.value,
            **({"permission": self._wanted.permission} if self._wanted.permission else {}),
        }
        return json_line(head)[:-1].encode() + b', "dispatches": ['

    def write(self, each: Exported, tally: ExportTally) -> bytes:
        """A dispatch, in a line of its own."""
        tally.keep(each)
        shown = delivery_json(each.delivery)
        if each.item.sent_by_us:
            shown = sent_json(status_of(each.item.digest, self._client.store), each.delivery.content)
        value = {"direction": "sent" if each.item.sent_by_us else "received", **shown}
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

    def write(self, each: Exported, tally: ExportTally) -> bytes:
        """A row for each kind of goods; what was corrected or cancelled would be counted twice, and has none."""
        report = each.delivery.report
        if not isinstance(report, SeizureReport):
            tally.left_out[LeftOut.NO_SEIZURE] += 1
            return b""
        amendments, rels = each.delivery.amendments, {ref.rel for ref in each.cover.refs or ()}
        if amendments.cancelled_by or amendments.corrected_by or rels & {"cancel", "reseal"}:
            tally.left_out[LeftOut.SUPERSEDED] += 1
            return b""
        tally.keep(each)
        tally.holds_more += holds_more(report) or bool(each.delivery.content and each.delivery.content.as_written)
        marks_of = {
            NUMBER: each.number,
            STATUS: each.cover.status,
            HANDLING: each.handling,
            SENDER: each.cover.iss,
            REFERENCE: report.our_reference,
            DIGEST: each.item.digest,
        }
        return encode_rows(_COLUMNS, [{**row, **marks_of} for row in to_rows(report)])

    def end(self) -> bytes:
        """Nothing."""
        return b""


def make_format(name: str, client: Client, wanted: WantedUse, *, single: bool) -> ExportFormat:
    """The format of a name.

    Args:
        name: ``json``, ``ids-csv`` or ``cap``.
        client: whose dispatches.
        wanted: for what the file is, and who has permitted that.
        single: whether one dispatch was asked for by its number.
    """
    if name == "json":
        return JsonFormat(client, wanted)
    return IdsFormat() if name == "ids-csv" else CapFormat(client, wanted, single=single)


def export_pieces(client: Client, choice: ExportChoice, writer: ExportFormat, tally: ExportTally) -> Iterator[bytes]:
    """A whole file, piece by piece.

    Args:
        client: whose dispatches.
        choice: which of them.
        writer: how the file is written.
        tally: learns what came of each.
    """
    yield writer.begin(choice.status, choice.newest_ms)
    for each in exported(client, choice):
        if each.needs_permission:
            tally.left_out[LeftOut.NOT_PERMITTED] += 1
        else:
            yield writer.write(each, tally)
    yield writer.end()
