"""How a client stands, in words and for programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from clients.actions.status import ClientStatus
from clients.documents.alarms import alarm_text
from clients.documents.expiry import ending_text
from clients.documents.handed import handed_text
from clients.documents.named import NamedText, strong
from clients.documents.plain import utc
from clients.documents.texts import _


def client_status_json(found: ClientStatus) -> dict[str, Any]:
    """How a client stands, for programs."""
    holder, newest = found.holder, found.newest_alarm
    return {
        "member": found.member,
        "seat": found.seat,
        "network": found.network,
        "holder": None if holder is None else {"pid": holder.pid, "what": holder.what, "since_ms": holder.since_ms},
        "live": found.live,
        "fault": found.fault,
        "ledger_size": found.ledger_size,
        "outbox_waiting": found.outbox_waiting,
        "returned": found.returned,
        "urgent_waiting": found.urgent_waiting,
        "owing": found.owing,
        "undone": found.undone,
        "profile_draft": found.profile_draft,
        "profile_not_sent": list(found.profile_not_sent),
        "handed_changed": found.handed_changed,
        "as_of_ms": found.true_ms or None,
        "unsigned": found.unsigned,
        "audited_at_ms": found.audited_at_ms,
        "whole_audit_since_ms": found.whole_audit_since_ms,
        "newer": list(found.newer),
        "unjudged": list(found.unjudged),
        "alarms": found.alarms,
        "newest_alarm": {"kind": newest.kind, "detail": newest.detail} if newest else None,
        "endings": [ending_text(ending) for ending in found.endings],
    }


def client_status_texts(found: ClientStatus) -> list[NamedText]:
    """How a client stands, at a glance."""
    newest = " - " + alarm_text(found.newest_alarm) if found.newest_alarm else ""
    return [
        NamedText(_("Member"), f"{found.member}, {found.seat}"),
        NamedText(_("Connection"), _line_words(found)),
        NamedText(_("True as of"), utc(found.true_ms) if found.true_ms else _("not known")),
        NamedText(_("Ledger"), str(found.ledger_size)),
        NamedText(_("To be sent"), str(found.outbox_waiting)),
        *([NamedText(_("Signature"), unsigned_text(found.unsigned))] if found.unsigned else []),
        *(
            [NamedText(_("CAME BACK"), _("{count}, not sent; see serai sent").format(count=found.returned))]
            if found.returned
            else []
        ),
        NamedText(_("For an officer"), str(found.urgent_waiting)),
        NamedText(_("We owe"), str(found.owing)),
        NamedText(_("Not done"), str(found.undone)),
        *_profile(found),
        *([strong(_("CHANGED"), handed_text(found.handed_changed))] if found.handed_changed else []),
        NamedText(_("Last audit"), utc(found.audited_at_ms) if found.audited_at_ms else _("never")),
        *([NamedText("", _whole_text(found.whole_audit_since_ms))] if found.whole_audit_since_ms else []),
        *([NamedText(_("Newer"), newer_text(found.newer))] if found.newer else []),
        *([NamedText(_("Not judged"), unjudged_text(found.unjudged))] if found.unjudged else []),
        NamedText(_("Alarms"), str(found.alarms) + newest),
        *(NamedText(_("Warning"), ending_text(ending)) for ending in found.endings),
    ]


def _profile(found: ClientStatus) -> list[NamedText]:
    """What is to be done about the own country profile."""
    texts = [_("a draft waits: serai profile countersign")] if found.profile_draft else []
    if found.profile_not_sent:
        text = _("not sent to {members}: serai profile edit --yes, then countersign")
        texts.append(text.format(members=", ".join(found.profile_not_sent)))
    return [NamedText(_("Profile"), text) for text in texts]


def _whole_text(since_ms: int) -> str:
    return _("one from the first leaf goes on, begun {time}").format(time=utc(since_ms))


def unsigned_text(count: int) -> str:
    """That something came back to be signed again."""
    return _("{count} of it must be signed again by its officer: serai sign").format(count=count)


def newer_text(codes: Sequence[int]) -> str:
    """That the ledger has what this program does not know."""
    text = _("statements newer than this program (type {codes}); update it")
    return text.format(codes=", ".join(map(str, codes)))


def unjudged_text(addresses: Sequence[str]) -> str:
    """That something was said of addresses which this program cannot read."""
    text = _("{addresses}: this program cannot read what was said last; nothing is sealed to them. Update it")
    return text.format(addresses=", ".join(addresses))


def _line_words(found: ClientStatus) -> str:
    if found.holder is None:
        return _("serai run is not running; start it")
    line = _("connected") if found.live else _("not connected: {fault}").format(fault=found.fault or _("not yet"))
    return f"{line} ({found.holder.what}, {found.holder.pid})"
