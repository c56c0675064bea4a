"""What a verified evidence file proves and does not prove, in plain words, line by line.

Receipts stand with the dispatches that they are for; what names a statement that the file does not have says so.
"""

from __future__ import annotations

import json
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from clients.trust.attached import ComparedFile, Likeness
from schemas.addresses import HUB, ROOT
from schemas.claims import Dispatch, Receipt
from schemas.labels import HandlingCode, Labelled, Outcome, Precedence, Relation
from schemas.naming import named_by
from schemas.operations.words import StepNaming
from schemas.proven import Limit, VerifiedEvidence, VerifiedItem
from schemas.reports import ReadReport, encode_report
from schemas.reports.kinds import KINDS
from schemas.rules.handling import handling_that_holds
from schemas.rules.status import is_status_known


def _english(codes: Iterable[Labelled], value: str) -> str:
    return next((code.label.en for code in codes if code.value == value), value)


def _counted(one: str, many: str, count: int) -> str:
    return (one if count == 1 else many).format(count=count)


class Speech(NamedTuple):
    """The language in which a file is described.

    Attributes:
        text: a text of this module in that language.
        label: what a person reads for a code.
        plural: the form of a text that goes with a number.
    """

    text: Callable[[str], str] = str
    label: Callable[[Iterable[Labelled], str], str] = _english
    plural: Callable[[str, str, int], str] = _counted


_WIDTH: Final = 80

ENGLISH: Final = Speech()
"""The language of this module."""


class _Sheet(NamedTuple):
    """A file that is described, and what is looked up in it.

    Attributes:
        evidence: the file.
        numbers: of its items, by digest.
        receipts: by the digest of what in the file they are for.
        speech: the language.
    """

    evidence: VerifiedEvidence
    numbers: Mapping[str, int]
    receipts: Mapping[str, Sequence[VerifiedItem]]
    speech: Speech


def describe(evidence: VerifiedEvidence, speech: Speech = ENGLISH) -> Iterator[str]:
    """What a file proves and what it does not, in plain words, line by line."""
    _ = speech.text
    network, checkpoint = evidence.epoch.document, evidence.checkpoint
    numbers = {item.digest: item.index for item in evidence.items}
    sheet = _Sheet(evidence, numbers, evidence.receipts(), speech)
    yield _("The file holds. It proves:")
    meant = "" if network.status == "actual" else " - " + _("AN EXERCISE NETWORK")
    yield named_line(_("network"), evidence.network + meant)
    size = _("epoch {number}, {count} statements").format(number=evidence.epoch.number, count=checkpoint.size)
    yield named_line(_("ledger"), size)
    with_others = {receipt.index for receipts in sheet.receipts.values() for receipt in receipts}
    for item in evidence.items:
        if item.index not in with_others:
            yield from _describe_item(item, sheet)
    plural = speech.plural
    yield plural(
        "Computed from this {count} statement; others may exist.",
        "Computed from these {count} statements; others may exist.",
        len(evidence.items),
    )
    yield from _describe_missing(evidence, speech)
    yield _("It does not prove:")
    yield from _describe_limits(evidence, speech)


def describe_files(files: Iterable[ComparedFile], speech: Speech = ENGLISH) -> Iterator[str]:
    """What each file that was compared is to the evidence, line by line."""
    _ = speech.text
    yield _("Files compared with the attachments, by size and SHA-256:")
    for each in files:
        yield f"  {each.path}"
        yield from (f"    {line}" for line in _likeness(each, speech))


def _likeness(file: ComparedFile, speech: Speech) -> list[str]:
    _ = speech.text
    if file.likeness is Likeness.NONE:
        return [_("IS NO ATTACHMENT of any dispatch in the evidence")]
    if file.likeness is Likeness.NOT_JUDGED:
        places = ", ".join(str(each.index) for each in file.places)
        return [
            _("CANNOT BE JUDGED: the evidence does not disclose the attachments of number {places}").format(
                places=places
            )
        ]
    if file.likeness is Likeness.BLOB_OF_TOO_MANY:
        places = ", ".join(dict.fromkeys(str(each.index) for each in file.places))
        text = _("CANNOT BE JUDGED: too many attachments name this blob; it was not opened as those of number {places}")
        return [text.format(places=places)]
    texts = {
        Likeness.FILE: _("is attachment {position} of number {place}: {name}"),
        Likeness.BLOB: _("is attachment {position} of number {place} as sealed, and opens to it: {name}"),
        Likeness.BLOB_NOT_OPENED: _(
            "is attachment {position} of number {place} as sealed; WHAT IS IN IT CANNOT BE JUDGED without its report"
        ),
        Likeness.BLOB_OF_ANOTHER_FILE: _(
            "has the digest of attachment {position} of number {place} as sealed, but DOES NOT OPEN to it: {name}"
        ),
    }
    lines = []
    for each in file.places:
        lines.append(texts[file.likeness].format(position=each.position, place=each.index, name=each.name))
        if not each.as_on_cover:
            lines.append(_("The cover does not name it as the report does."))
    return lines


def named_line(name: str, value: str) -> str:
    """A named value in a line."""
    return f"  {name:<11} {value}".rstrip()


def time_text(time_ms: int) -> str:
    """A time of the ledger, to the second."""
    try:
        return datetime.fromtimestamp(time_ms / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    except (OverflowError, ValueError):
        return f"{time_ms} ms"  # beyond the calendar: the ledger says what it says


def _describe_item(item: VerifiedItem, sheet: _Sheet) -> Iterator[str]:
    speech = sheet.speech
    _ = speech.text
    claims = item.statement.claims
    yield _("Number {place}:").format(place=item.index)
    yield named_line(_("statement"), f"{claims.type.name.lower()} {item.digest}")
    yield named_line(_("signed by"), _signer(item, speech))
    yield named_line(_("certified"), " -> ".join(["ROOT", *(link.address for link in item.chain)]))
    yield named_line(_("accepted"), time_text(item.accepted_at))
    yield from _describe_cover(item, speech)
    yield from _describe_named(item, sheet)
    yield from _describe_content(item, speech)
    yield from (named_line(_("receipt"), _receipt(each, speech)) for each in sheet.receipts.get(item.digest, ()))


def _signer(item: VerifiedItem, speech: Speech) -> str:
    _ = speech.text
    claims = item.statement.claims
    if item.chain:
        return f"{claims.iss} ({item.chain[-1].statement.claims.name})"
    return {ROOT: _("the root"), HUB: _("the hub, {address}").format(address=HUB)}.get(claims.iss, claims.iss)


def _receipt(receipt: VerifiedItem, speech: Speech) -> str:
    _ = speech.text
    claims = receipt.statement.claims
    outcome = speech.label(Outcome, claims.outcome).lower() if isinstance(claims, Receipt) else ""
    text = _("{outcome} by {who}, {time}, number {place}")
    return text.format(outcome=outcome, who=claims.iss, time=time_text(receipt.accepted_at), place=receipt.index)


def _describe_cover(item: VerifiedItem, speech: Speech) -> Iterator[str]:
    _ = speech.text
    cover = item.statement.claims
    if isinstance(cover, Dispatch):
        meant = "" if cover.status == "actual" else " - " + _status(cover.status, speech)
        kind, precedence = speech.label(KINDS.values(), cover.kind), speech.label(Precedence, cover.precedence)
        yield named_line(_("kind"), f"{kind}, {precedence}{meant}")
        report = item.content.report if item.content else None
        handling = handling_that_holds(cover.handling, report.handling_codes if report else ())
        yield named_line(_("handling"), speech.label(HandlingCode, handling))
    if item.recipients:
        yield named_line(_("to"), ", ".join(item.recipients))


def _status(status: str, speech: Speech) -> str:
    _ = speech.text
    if is_status_known(status):
        return _("{status}, NOT REAL").format(status=status.upper())
    return _("NOT KNOWN WHETHER REAL ({status})").format(status=status)


def _describe_named(item: VerifiedItem, sheet: _Sheet) -> Iterator[str]:
    """What an item refers to: by its number if the file has it, else by its digest."""
    _ = sheet.speech.text
    for named in named_by(item.statement):
        how, number = _how(named.how, sheet.speech), sheet.numbers.get(named.digest)
        if number is not None:
            yield named_line(_("refers to"), _("number {place} ({how})").format(place=number, how=how))
        else:
            yield named_line(
                _("refers to"), _("{digest} ({how}), NOT IN THE FILE").format(digest=named.digest, how=how)
            )


def _how(word: str, speech: Speech) -> str:
    return speech.label((*Relation, *Outcome, *StepNaming), word).lower()


def _describe_missing(evidence: VerifiedEvidence, speech: Speech) -> Iterator[str]:
    """Every statement that the file names and lacks, once, with the numbers and signers of those that name it."""
    _ = speech.text
    if not evidence.missing:
        return
    naming: dict[str, list[str]] = {}
    for each in evidence.missing:
        naming.setdefault(each.digest, []).append(f"{each.index} ({_how(each.how, speech)}, {each.by})")
    alike: dict[tuple[str, ...], list[str]] = {}
    for digest, places in naming.items():
        alike.setdefault(tuple(places), []).append(digest)
    yield _("WITHHELD: named in the file, and not in it ({count}):").format(count=len(naming))
    for together, digests in alike.items():
        by = _("by number {places}").format(places=", ".join(together))
        yield from textwrap.wrap(by, _WIDTH, initial_indent="  ", subsequent_indent="    ")
        yield from (f"      {digest}" for digest in digests)


def _describe_limits(evidence: VerifiedEvidence, speech: Speech) -> Iterator[str]:
    """What is not proven, each once; what concerns one of several dispatches names it."""
    _ = speech.text
    yield from (f"  - {speech.label(Limit, limit.value)}" for limit in evidence.limits)
    dispatches = [item for item in evidence.items if isinstance(item.statement.claims, Dispatch)]
    for limit in Limit:
        places = [str(item.index) for item in dispatches if limit in item.limits]
        if places:
            of = "" if len(dispatches) == 1 else " " + _("(number {places})").format(places=", ".join(places))
            yield f"  - {speech.label(Limit, limit.value)}{of}"


def _describe_content(item: VerifiedItem, speech: Speech) -> Iterator[str]:
    _ = speech.text
    content = item.content
    if content is None:
        return
    yield named_line(_("copy of"), content.recipient)
    if content.report is not None:
        yield from _describe_report(content.report, speech)
    elif content.disclosed is not None:
        size = _("{count} bytes, not a report of a form known here").format(count=len(content.disclosed))
        yield named_line(_("content"), size)


def _describe_report(report: ReadReport, speech: Speech) -> Iterator[str]:
    _ = speech.text
    if report.form is not None:
        yield f"  {_('content')}"
        yield from (f"    {line}" for line in _indented(_for_paper(known_part(report))))
    if report.as_written:
        yield f"  {_('Not known to this program, as the sender wrote it:')}"
        yield from (f"    | {line}" for line in _indented(not_known_part(report)))


def _for_paper(report: dict[str, Any]) -> dict[str, Any]:
    """A report without the keys of its attachments: they are in the file, and open blobs to whoever reads them."""
    hidden = [{**each, "key": "..."} for each in report.get("attachments", ())]
    return {**report, "attachments": hidden} if hidden else report


def _indented(value: Any) -> list[str]:
    # Only the line ends of this layout: a text may have others, which JSON leaves as they are.
    return json.dumps(value, ensure_ascii=False, indent=2).split("\n")


def known_part(report: ReadReport) -> Any:
    """What is known of a report, as JSON; ``None`` if its form is not."""
    return None if report.form is None else json.loads(encode_report(report.form))


def not_known_part(report: ReadReport) -> list[dict[str, Any]]:
    """What is not, by its path."""
    return [{"path": list(each.path), "value": each.value} for each in report.as_written]
