"""How a desk is: findings with what to do, the client's status, the last audit, versions, licences; alarms; the log."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from importlib.resources import files
from typing import Any, Final, Literal

from clients.actions.alarms import find_alarm
from clients.actions.checks import Grade, HealthFinding, check_folder, check_memory, check_store, check_versions
from clients.actions.client import Client
from clients.actions.status import read_status
from clients.desk.views.bounds import WHOLE, bounded, bounded_lines
from clients.desk.views.reader import PageAct
from clients.desk.views.rows import AlarmRow, RowWords, alarm_row
from clients.desk.views.values import PageLine, PageSection, PageTime, PageValue, section, show_lines
from clients.documents.alarms import alarm_texts
from clients.documents.findings import finding_remedy, finding_text
from clients.documents.handed import handed_json, handed_number, handed_words
from clients.documents.named import NamedText
from clients.documents.status import client_status_texts
from clients.documents.texts import _, label
from clients.line.audit_report import last_audit
from clients.store import HandedOut

_PROGRAM: Final = "serai"
_NAME: Final = re.compile(r"[A-Za-z0-9._-]+")
_LEVELS: Final[dict[Grade, Literal["good", "warn", "bad"]]] = {
    Grade.OK: "good",
    Grade.WARNING: "warn",
    Grade.FAULT: "bad",
}
_MANIFEST: Final = "static/vendor/manifest.json"


class PageFinding(PageValue):
    """What a check found, and what to do."""

    level: Literal["good", "warn", "bad"]
    title: str
    text: str
    remedy: str


class PageLicence(PageValue):
    """A part that this program is made of."""

    name: str
    version: str
    licence: str


class HealthPage(PageValue):
    """How the desk is; the worst first."""

    findings: list[PageFinding]
    sections: list[PageSection]
    licences: list[PageLicence]


class AlarmPage(PageValue):
    """An alarm with its evidence, as it came."""

    head: AlarmRow
    sections: list[PageSection]
    actions: list[PageAct]


class LogRow(PageValue):
    """What left the system from here."""

    number: str
    at: PageTime
    label: str
    detail: str
    by: str
    changed: bool


def health_page(client: Client) -> HealthPage:
    """How the client is, as far as it is known without asking the hub."""
    findings = [*check_versions(), *check_folder(client.home), *check_memory(), *check_store(client)]
    order = [Grade.FAULT, Grade.WARNING, Grade.OK]
    return HealthPage(
        findings=[_finding(each) for each in sorted(findings, key=lambda each: order.index(each.grade))],
        sections=[
            *section(_("Status"), show_lines(client_status_texts(read_status(client)))),
            *section(_("Last audit of the ledger"), show_lines(_audit_texts(client))),
        ],
        licences=list(licences()),
    )


def _finding(found: HealthFinding) -> PageFinding:
    return PageFinding(
        level=_LEVELS[found.grade],
        title=label(found.check),
        text=bounded(finding_text(found), 400),
        remedy=bounded(finding_remedy(found), 400),
    )


def _audit_texts(client: Client) -> list[NamedText]:
    report = last_audit(client.store)
    if report is None:
        return [NamedText("", _("the ledger was never followed"), is_strong=True)]
    if report.result is None:
        return [NamedText(_("Not done"), report.error, is_strong=True)]
    result = report.result
    faults = [NamedText(_("FAULT"), each, is_strong=True) for each in result.faults]
    return [
        NamedText(_("Followed"), _("from {start} to {end}").format(start=result.start, end=result.size)),
        NamedText(_("Public"), str(result.public)),
        NamedText(_("Own, found"), str(result.own)),
        NamedText(_("Views"), str(result.views)),
        *(faults or [NamedText("", _("The ledger holds."))]),
    ]


def alarm_page(client: Client, number: int, words: RowWords) -> AlarmPage:
    """An alarm, and closing it.

    Raises:
        ClientError: ``no_alarm``.
    """
    found = find_alarm(client, number)
    evidence = [
        PageLine(label=bounded(str(name)), value=bounded_lines(_plain(value), WHOLE), kind="long")
        for name, value in sorted(found.alarm.evidence.items())
    ]
    why_not = _("Somebody has closed it.") if found.closing is not None else None
    close = PageAct(act="close", label=_("Close the alarm"), needs_passphrase=True, why_not=why_not)
    return AlarmPage(
        head=alarm_row(found, words),
        sections=[*section(_("Alarm"), show_lines(alarm_texts(found))), *section(_("Evidence, as it came"), evidence)],
        actions=[close],
    )


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def log_row(client: Client, each: HandedOut, words: RowWords) -> LogRow:
    """An entry of the log of what left the system from here."""
    return LogRow(
        number=handed_number(each),
        at=words.time(each.at_ms, None),
        label=bounded(handed_json(client, each)["way"], 64),
        detail=bounded(handed_words(client, each), 400),
        by=bounded(each.by),
        changed=bool(each.changed_by),
    )


# What it is made of


@cache
def licences() -> tuple[PageLicence, ...]:
    """The parts of this program with their licences: what its distribution names, and what lies beside the page."""
    return (*sorted(_distributions(), key=lambda each: each.name.casefold()), *_vendored())


def _distributions() -> Iterator[PageLicence]:
    waiting, seen = [_PROGRAM], set[str]()
    while waiting:
        name = waiting.pop()
        if name.casefold() in seen:
            continue
        seen.add(name.casefold())
        try:
            found = distribution(name)
        except PackageNotFoundError:  # of another machine, or not asked for
            continue
        yield PageLicence(name=found.name, version=found.version, licence=_licence(found))
        waiting += [
            match[0] for each in found.requires or () if "extra ==" not in each and (match := _NAME.match(each))
        ]


def _licence(found: Distribution) -> str:
    """As its metadata has it: the expression, or else the field, or else the classifiers."""
    metadata = found.metadata.json
    written = metadata.get("license_expression") or metadata.get("license")
    classifiers = metadata.get("classifier") or ()
    classified = ", ".join(each.rpartition(" :: ")[2] for each in classifiers if str(each).startswith("License"))
    text = str(written or classified or "?")
    return bounded(text.strip().splitlines()[0] if text.strip() else "?")


def _vendored() -> Iterator[PageLicence]:
    """What lies beside the page, as its manifest says."""
    manifest = files("clients.desk") / _MANIFEST
    if manifest.is_file():
        for each in json.loads(manifest.read_text(encoding="utf-8")).get("packages", ()):
            yield PageLicence(name=each["name"], version=each["version"], licence=each.get("licence", "?"))
