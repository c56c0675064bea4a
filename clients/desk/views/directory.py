"""Members, officers, and whom to call: as this client computed them from the ledger."""

from __future__ import annotations

from collections.abc import Mapping

from clients.actions.client import Client
from clients.actions.directory import AddressStanding, DirectoryEntry, list_directory
from clients.actions.profiles import KnownProfile, stated_forms
from clients.actions.reaching import unreachable
from clients.desk.views.bounds import bounded
from clients.desk.views.rows import RowWords
from clients.desk.views.values import PageSection, PageTime, PageValue, PageWord, coded, named, section, show_lines
from clients.documents.directory import posts_of
from clients.documents.named import NamedText
from clients.documents.plain import calendar
from clients.documents.profiles import contact_lines
from clients.documents.report_text import report_texts
from clients.documents.texts import _, label
from schemas.addresses import Address, is_officer, member_of
from schemas.operations.profiles import ProfileVersion
from schemas.reports.profile import ProfileReport


class DirectoryOfficer(PageValue):
    """An officer of a member."""

    address: str
    name: str
    standing: PageWord
    roles: list[str]
    until: str


class DirectoryMember(PageValue):
    """A member, its officers, and whom to call there."""

    address: str
    name: str
    standing: PageWord
    roles: list[str]
    until: str
    own: bool
    reachable: bool
    why: str | None
    telephone: list[str]
    profile: bool
    officers: list[DirectoryOfficer]


class DirectoryPage(PageValue):
    """The network: as of which leaf of the ledger."""

    size: int
    members: list[DirectoryMember]


class ProfileHead(PageValue):
    """Whose profile it is, and since when it counts."""

    member: PageWord
    at: PageTime | None


class ProfilePage(PageValue):
    """The profile of a country."""

    head: ProfileHead
    telephone: list[str]
    sections: list[PageSection]


def directory_page(client: Client, *, everybody: bool) -> DirectoryPage:
    """The members of the network with their officers.

    Args:
        client: whose.
        everybody: also those that are no longer in force.
    """
    entries = list_directory(client.state, officers=True, everybody=everybody)
    stated = stated_forms(client, client.network_status)
    officers: dict[Address, list[DirectoryEntry]] = {}
    for entry in entries:
        if is_officer(entry.address):
            officers.setdefault(member_of(entry.address), []).append(entry)
    members = [each for each in entries if not is_officer(each.address)]
    found = [_member(client, each, officers.get(each.address, []), stated) for each in members]
    return DirectoryPage(size=client.state.place.index, members=found)


def _member(
    client: Client,
    entry: DirectoryEntry,
    officers: list[DirectoryEntry],
    stated: Mapping[Address, ProfileReport | None],
) -> DirectoryMember:
    why = unreachable(client.state, [entry.address]).get(entry.address)
    is_own = entry.address == client.member
    form = stated.get(entry.address)
    return DirectoryMember(
        address=entry.address,
        name=bounded(entry.name),
        standing=coded(entry.standing),
        roles=[bounded(each, 64) for each in entry.roles],
        until=_until(entry),
        own=is_own,
        reachable=is_own or (why is None and entry.standing is AddressStanding.CURRENT),
        why=None if why is None or is_own else label(why),
        telephone=[bounded(line) for line in contact_lines(form)] if form is not None else [],
        profile=form is not None,
        officers=[_officer(each) for each in officers],
    )


def _officer(entry: DirectoryEntry) -> DirectoryOfficer:
    posts = [bounded(each, 80) for each in posts_of(entry)]
    return DirectoryOfficer(
        address=entry.address,
        name=bounded(entry.name),
        standing=coded(entry.standing),
        roles=posts,
        until=_until(entry),
    )


def _until(entry: DirectoryEntry) -> str:
    return calendar(entry.exp * 1000).strftime("%Y-%m-%d")


def profile_page(known: KnownProfile, words: RowWords) -> ProfilePage:
    """The profile of a country: whom to call, who stands for it, all that it says, and the draft beside it."""
    counts, draft = known.profile.counts, known.profile.draft
    since = counts.counts_from_ms if counts is not None else None
    missing = [NamedText(_("NOT SENT TO"), ", ".join(known.not_sent), is_strong=True)] if known.not_sent else []
    nothing = _("No profile of this country counts: nothing is known of what it asks. Ask now.")
    heads = [NamedText("", nothing, is_strong=True)] if counts is None else _version_texts(counts)
    return ProfilePage(
        head=ProfileHead(member=named(known.member), at=None if since is None else words.time(since, known.form)),
        telephone=[bounded(line) for line in contact_lines(known.form)],
        sections=[
            *section(_("What counts"), show_lines([*heads, *missing])),
            *section(_("Draft: nobody has countersigned it, and it does not count"), show_lines(_version_texts(draft))),
        ],
    )


def _version_texts(version: ProfileVersion | None) -> list[NamedText]:
    if version is None:
        return []
    heads = [NamedText(_("Written by"), version.held.cover.iss)]
    if version.countersigned_by is not None:
        heads.append(NamedText(_("Countersigned by"), version.countersigned_by))
    form = version.form
    says = report_texts(form) if form is not None else [NamedText("", _("What it says cannot be read here."))]
    return [*heads, *says]
