"""Country profiles as a person reads them: telephone numbers first, then everything else; and for programs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from clients.actions.numbers import spell_number
from clients.actions.profiles import KnownProfile
from clients.documents.columns import shorten
from clients.documents.plain import WIDTH, clean, utc, wrap
from clients.documents.report_text import report_lines
from clients.documents.texts import _, label
from schemas.addresses import Address
from schemas.encoding import decode_object
from schemas.operations.profiles import ProfileVersion
from schemas.reports import MAX_REPORT_BYTES, encode_report
from schemas.reports.profile import ProfileContact, ProfileReport

_MEMBER: Final = 16
_MOST_MEMBERS: Final = 4


def contact_text(contact: ProfileContact) -> str:
    """A post with its telephone number, in a line: the number first, for that is what is dialled."""
    text = f"{contact.telephone}  {clean(contact.post)}, {label(contact.hours).lower()}"
    return text if contact.note is None else f"{text} ({clean(contact.note)})"


def contact_lines(form: ProfileReport | None, indent: str = "") -> list[str]:
    """Whom to call in a country; that this is not known, where it is not."""
    if form is None or not form.contacts:
        return wrap(_("Whom to call there is not known: ask now."), indent).splitlines()
    return [line for each in form.contacts for line in wrap(contact_text(each), indent).splitlines()]


def contacts_json(form: ProfileReport | None) -> list[dict[str, Any]]:
    """Whom to call in a country, for programs."""
    return [] if form is None else [each.model_dump(mode="json", exclude_none=True) for each in form.contacts]


def number_lines(members: Iterable[Address], stated: Mapping[Address, ProfileReport | None]) -> list[str]:
    """Whom to call at some members, each line with the member first.

    Args:
        members: whom something concerns; of many only the first few.
        stated: what counts of the profile of each country.
    """
    shown = list(dict.fromkeys(members))[:_MOST_MEMBERS]
    return [line for member in shown for line in contact_lines(stated.get(member), f"    {member}: ")]


def numbers_text(members: Iterable[Address], stated: Mapping[Address, ProfileReport | None]) -> str:
    """Telephone numbers of some members in a line, for a program that dials them; see `number_lines`."""
    forms = [stated.get(member) for member in list(dict.fromkeys(members))[:_MOST_MEMBERS]]
    return "; ".join(clean(each.telephone) for form in forms if form is not None for each in form.contacts)


def profile_line(known: KnownProfile) -> str:
    """A country in the list: what counts since when, and whether a draft waits."""
    counts = known.profile.counts
    if counts is None:
        text = _("not known: ask now")
    else:
        since = utc(counts.counts_from_ms or 0)
        text = _("{number}, counts since {time}").format(number=_spelt(counts), time=since)
        if known.form is None:
            text += "; " + _("cannot be read here")
    if known.profile.draft is not None:
        text += "; " + _("draft {number}").format(number=_spelt(known.profile.draft))
    if known.not_sent:
        text += "; " + _("NOT SENT to {members}").format(members=", ".join(known.not_sent))
    return shorten(f"{known.member:<{_MEMBER}} {text}", WIDTH)


def profile_lines(known: KnownProfile) -> list[str]:
    """The profile of a country: whom to call, who stands for it, all that it says, and the draft beside it."""
    counts, draft = known.profile.counts, known.profile.draft
    lines: list[str] = [known.member]
    if counts is None:
        lines += wrap(_("No profile of this country counts: nothing is known of what it asks. Ask now.")).splitlines()
    else:
        text = _("{number}, written by {author}, countersigned by {officer}; counts since {time}")
        names = {"author": counts.held.cover.iss, "officer": counts.countersigned_by}
        lines += wrap(text.format(number=_spelt(counts), time=utc(counts.counts_from_ms or 0), **names)).splitlines()
        lines += contact_lines(known.form)
        lines += _form_lines(counts, without_contacts=True)
    if draft is not None:
        text = _("DRAFT {number}, written by {author}: nobody has countersigned it, and it does not count.")
        lines += ["-" * WIDTH, *wrap(text.format(number=_spelt(draft), author=draft.held.cover.iss)).splitlines()]
        lines += _form_lines(draft)
    if known.not_sent:
        text = _("NOT SENT to {members}, who joined later: serai profile edit --yes, then countersign.")
        lines += wrap(text.format(members=", ".join(known.not_sent))).splitlines()
    return lines


def _form_lines(version: ProfileVersion, *, without_contacts: bool = False) -> Iterable[str]:
    """All that it says; without whom to call, where that stands above."""
    form = version.form
    if form is not None and without_contacts:
        return report_lines(form.model_copy(update={"contacts": ()}))
    return report_lines(version.form) if version.form is not None else [_("What it says cannot be read here.")]


def _spelt(version: ProfileVersion) -> str:
    return spell_number(version.held.number, version.held.cover.status)


def profile_json(known: KnownProfile) -> dict[str, Any]:
    """The same for programs; ``null`` where nothing counts, or waits."""
    return {
        "member": known.member,
        "counts": _version_json(known.profile.counts, known.counts_number),
        "draft": _version_json(known.profile.draft, known.draft_number),
        "not_sent": list(known.not_sent),
    }


def _version_json(version: ProfileVersion | None, number: int | None) -> dict[str, Any] | None:
    if version is None:
        return None
    form = version.form
    return {
        "number": number,
        "digest": version.digest,
        "author": version.held.cover.iss,
        "countersigned_by": version.countersigned_by,
        "counts_from_ms": version.counts_from_ms,
        "profile": None if form is None else decode_object(encode_report(form), MAX_REPORT_BYTES, fractions=True),
    }
