"""What the checks of a client found, in words, and how it is fixed."""

from __future__ import annotations

from typing import Any

from clients.actions.checks import FindingCode, HealthFinding
from clients.documents.alarms import alarm_text
from clients.documents.expiry import ending_text
from clients.documents.faults import Fault, at_home, file_fault, remedy_of, words_of
from clients.documents.plain import clean, utc
from clients.documents.texts import _, plural
from clients.errors import ClientError
from schemas.errors import SeraiError


def finding_text(found: HealthFinding) -> str:
    """What was found."""
    if found.code is FindingCode.STORE_UNUSABLE:
        return _store_words(found)[0]
    return _texts()[found.code].format(**_words(found))


def finding_remedy(found: HealthFinding) -> str:
    """What to do about it; empty if nothing is wrong."""
    if found.code is FindingCode.STORE_UNUSABLE:
        return _store_words(found)[1]
    return _remedies().get(found.code, "").format(**_words(found))


def finding_json(found: HealthFinding) -> dict[str, str]:
    """A finding for programs, with its words."""
    words = {"text": finding_text(found), "mend": finding_remedy(found)}
    return {"check": found.check.value, "grade": found.grade.value, **words}


def _store_words(found: HealthFinding) -> tuple[str, str]:
    """What happened to this client, and how to fix it here; the protocol's own words are about the hub."""
    error: Any = found.facts["error"]
    fault: SeraiError = file_fault(error) if isinstance(error, OSError) else at_home(error) or error
    if isinstance(fault, ClientError):
        return words_of(fault), remedy_of(fault)
    return words_of(fault), fault.hint if isinstance(fault, Fault) else _(fault.problem.remedy)


def _words(found: HealthFinding) -> dict[str, object]:
    """Facts as a person reads them."""
    facts: dict[str, Any] = dict(found.facts)
    if "ending" in facts:
        facts["ending"] = ending_text(facts["ending"])
    if "newest" in facts:
        facts["newest"] = alarm_text(facts["newest"])
    if "at_ms" in facts:
        facts["time"] = utc(facts["at_ms"])
    if "days" in facts:
        facts["left"] = plural("{count} day", "{count} days", facts["days"])
    if "why" in facts:
        facts["why"] = clean(facts["why"])
    return facts


def _texts() -> dict[FindingCode, str]:
    followed, ends = _("followed {time}"), _("the certificate of {origin} ends in {left}")
    return {
        FindingCode.VERSIONS: "{versions}",
        FindingCode.NEWER: _("the ledger has statements newer than this program (type {codes})"),
        FindingCode.UNJUDGED: _("{addresses}: this program cannot read what was said last; nothing is sealed to them"),
        FindingCode.OPEN_TO_OTHERS: _("{path} is open to other users"),
        FindingCode.FOLDER_PRIVATE: _("the folder is its owner's alone"),
        FindingCode.DISK_FREE: _("{count} MiB free"),
        FindingCode.DISK_FULL: _("{count} MiB free"),
        FindingCode.SWAP_PLAIN: _("swap on {path} is not encrypted, as far as can be seen"),
        FindingCode.SWAP_SAFE: _("no swap that is not encrypted"),
        FindingCode.KEY_ENDS: "{ending}",
        FindingCode.NO_KEY_ENDS: _("no key is out of date within 30 days"),
        FindingCode.LINE_FREE: _("serai run is not running"),
        FindingCode.LINE_DOWN: _("not connected: {fault}"),
        FindingCode.LINE_UP: _("connected: {what}, process {pid}"),
        FindingCode.NEVER_AUDITED: _("the ledger was never followed"),
        FindingCode.AUDIT_FAULTY: followed + ": {why}",
        FindingCode.AUDIT_LATE: followed,
        FindingCode.AUDITED: followed,
        FindingCode.AUDIT_ENDED: _("the last one came to its end {time}"),
        FindingCode.AUDIT_WHOLE: _("one from the first leaf goes on, begun {time}: monthly, or on another machine"),
        FindingCode.STORE_CHECKED: _("checked as a whole {time}: nobody has changed it"),
        FindingCode.STORE_UNCHECKED: _("not checked as a whole for two days"),
        FindingCode.STORE_CHANGED: _("checked as a whole {time}: changed from outside: {why}"),
        FindingCode.ALARMS: _("open alarms: {count}, the newest {newest}"),
        FindingCode.NO_ALARMS: _("no open alarms"),
        FindingCode.RULES_OVERDUE: _(
            "texts that the rules should have deleted a week ago: {count}; nothing does it alone"
        ),
        FindingCode.RULES_KEPT: _("no text is a week older than the rules say"),
        FindingCode.HUB_UNREACHED: "{why}",
        FindingCode.HUB_OTHER: _("another network, or another history"),
        FindingCode.HUB_ANSWERS: _("{origin} answers"),
        FindingCode.CLOCK_WRONG: _("wrong by {seconds} s"),
        FindingCode.CLOCK_DIFFERS: _("{count} days from the hub's: a person must look"),
        FindingCode.CLOCK_UNKNOWN: _("the hub tells no time: it does not believe its own clock"),
        FindingCode.CLOCK_RIGHT: _("right to within {seconds} s"),
        FindingCode.PLAIN_LOCAL: _("{origin} has no TLS"),
        FindingCode.PLAIN_REMOTE: _("{origin} has no TLS"),
        FindingCode.CERTIFICATE_ENDS: ends,
        FindingCode.CERTIFICATE_GOOD: ends,
    }


def _remedies() -> dict[FindingCode, str]:
    return {
        FindingCode.NEWER: _("update this program; what it cannot read is kept and judged then"),
        FindingCode.UNJUDGED: _("update this program; what it cannot read is kept and judged then"),
        FindingCode.OPEN_TO_OTHERS: "chmod {mode} {path}",
        FindingCode.DISK_FULL: _("make room on this disk"),
        FindingCode.KEY_ENDS: _("see there"),
        FindingCode.LINE_FREE: _("start serai run, best with systemd"),
        FindingCode.LINE_DOWN: _("see the hub below"),
        FindingCode.NEVER_AUDITED: "serai audit",
        FindingCode.AUDIT_FAULTY: "serai audit",
        FindingCode.AUDIT_LATE: "serai audit",
        FindingCode.STORE_UNCHECKED: _("let serai run go on: it checks the store every day"),
        FindingCode.STORE_CHANGED: _("see serai alarms; find out who can write to this disk, and tell the Centre"),
        FindingCode.SWAP_PLAIN: _("encrypt it, or switch it off: keys in memory may be written there"),
        FindingCode.ALARMS: _("look at them: serai alarms; close what was dealt with: serai alarm close N"),
        FindingCode.RULES_OVERDUE: _("look at what would be deleted, and delete it: serai retention run"),
        FindingCode.HUB_UNREACHED: _(
            "check address, name service, firewall and certificate; then ask the hub's operator"
        ),
        FindingCode.HUB_OTHER: _("tell the Centre at once"),
        FindingCode.CLOCK_WRONG: _("set this machine's clock: timedatectl set-ntp true"),
        FindingCode.CLOCK_DIFFERS: _("compare this machine's clock with another one: serai time"),
        FindingCode.CLOCK_UNKNOWN: _("tell the hub's operator"),
        FindingCode.PLAIN_REMOTE: _("use a wss:// address"),
        FindingCode.CERTIFICATE_ENDS: _("tell the hub's operator"),
    }
