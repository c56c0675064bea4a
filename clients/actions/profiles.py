"""Profiles of countries: reading them, writing the own one, countersigning it."""

# ruff: noqa: RUF001 - Russian words contain letters that look Latin

from __future__ import annotations

from dataclasses import dataclass

from clients.actions.client import Client
from clients.actions.writing import Marking, reachable_members
from clients.errors import ClientError, LocalCode
from clients.mail.compose import Ref
from clients.mail.cover import Cover
from clients.mail.profiles import read_profiles
from clients.mail.state import State
from schemas.addresses import Address, is_officer
from schemas.claims import Handling, Precedence, Status
from schemas.labels import CodedValue
from schemas.operations.held import StepContent
from schemas.operations.profiles import COUNTERSIGNERS, MemberProfile, ProfileVersion
from schemas.reports.profile import ProfileReport
from schemas.rules.certifying import acting_roles

_HANDLING: Handling = "H1"
_PRECEDENCE: Precedence = "routine"


class ProfileFault(CodedValue):
    """Why a profile, or its countersignature, would count for nobody."""

    NO_DRAFT = "no_draft", "no draft waits to be countersigned", "нет проекта, который ждёт второй подписи"
    OWN = "own", "its author cannot countersign it", "автор не может поставить вторую подпись"
    NO_POST = (
        "no_post",
        "a supervisor or an authorising officer countersigns",
        "вторую подпись ставит руководитель или уполномоченное должностное лицо",
    )
    BY_MACHINE = "by_machine", "no officer has written it", "его написал не сотрудник"
    TEST = "test", "a profile is actual or of an exercise, never a test", "профиль не бывает проверкой связи"


@dataclass(frozen=True, slots=True)
class KnownProfile:
    """What is known here of a country's profile.

    Attributes:
        profile: what counts, and the draft.
        counts_number: index of the dispatch that counts; ``None`` if none does.
        draft_number: index of the draft.
        not_sent: members to which what counts, or while nothing does the draft, did not go: they joined later, or
            could not be written to.
    """

    profile: MemberProfile
    counts_number: int | None = None
    draft_number: int | None = None
    not_sent: tuple[Address, ...] = ()

    @property
    def member(self) -> Address:
        """Whose it is."""
        return self.profile.member

    @property
    def form(self) -> ProfileReport | None:
        """What others go by; ``None``: nothing is known, ask now."""
        return self.profile.counts.form if self.profile.counts is not None else None


def list_profiles(client: Client, status: Status | None = None) -> list[KnownProfile]:
    """The profile of each member that is in the directory or has sent one, by its address.

    Args:
        client: whose.
        status: within which; as the network, if ``None``.
    """
    found = read_profiles(client.state, status or client.network_status)
    members = {*reachable_members(client), client.member, *found}
    return [_known(client, found.get(member, MemberProfile(member))) for member in sorted(members)]


def find_profile(client: Client, member: Address, status: Status | None = None) -> KnownProfile:
    """The profile of one member; see `list_profiles`."""
    found = read_profiles(client.state, status or client.network_status)
    return _known(client, found.get(member, MemberProfile(member)))


def stated_forms(client: Client, status: str) -> dict[Address, ProfileReport | None]:
    """What counts of the profile of each country, within a status; a country that is not there has stated nothing."""
    return forms_known(client.state, status)


def forms_known(state: State, status: str) -> dict[Address, ProfileReport | None]:
    """The same for what runs and is no command; see `stated_forms`."""
    found = read_profiles(state, status)
    return {member: each.counts.form for member, each in found.items() if each.counts is not None}


def _known(client: Client, profile: MemberProfile) -> KnownProfile:
    counts, draft = profile.counts, profile.draft
    newest = counts or draft
    went = {profile.member, *(newest.held.cover.to if newest is not None else ())}
    everybody = {*reachable_members(client), client.member} if newest is not None else set[Address]()
    return KnownProfile(profile, _number(client, counts), _number(client, draft), tuple(sorted(everybody - went)))


def _number(client: Client, version: ProfileVersion | None) -> int | None:
    return client.store.items.place_of(version.digest) if version is not None else None


# Writing


def form_to_edit(client: Client, status: Status | None = None) -> ProfileReport | None:
    """The own profile with which an edit begins: the draft, else what counts; ``None`` if there is none.

    Raises:
        ClientError: ``unreadable_here``; ``not_all_known``: an edit would lose what a later program wrote.
    """
    known = find_profile(client, client.member, status)
    version = known.profile.draft or known.profile.counts
    return None if version is None else _whole(version)


def _whole(version: ProfileVersion) -> ProfileReport:
    form, content = version.form, version.held.content
    if form is None:
        raise ClientError(LocalCode.UNREADABLE_HERE, number=version.held.number)
    if isinstance(content, StepContent) and not content.read.is_known:
        raise ClientError(LocalCode.NOT_ALL_KNOWN, number=version.held.number)
    return form


def profile_cover(client: Client, marking: Marking, officer: Address | None, refs: tuple[Ref, ...] = ()) -> Cover:
    """The cover of a profile, or of its countersignature: to all members, signed by an officer.

    Args:
        client: whose.
        marking: how it is to be marked.
        officer: who signs; ``None`` if that is clear.
        refs: what it refers to.

    Raises:
        ClientError: ``nobody_reached``; ``profile_unsigned`` of a test; what `Client.officer` raises.
    """
    status = marking.status or client.network_status
    if status == "test":
        raise ClientError(LocalCode.PROFILE_UNSIGNED, why=ProfileFault.TEST)
    to = tuple(reachable_members(client))
    if not to:
        raise ClientError(LocalCode.NOBODY_REACHED)
    return Cover(
        to=to,
        signer=client.officer(officer),
        status=status,
        precedence=marking.precedence or _PRECEDENCE,
        handling=marking.handling or _HANDLING,
        refs=refs,
    )


@dataclass(frozen=True, slots=True)
class Countersignature:
    """A countersignature that can be signed, for its officer to look at.

    Attributes:
        draft: what it makes count.
        form: what that says.
        before: what counts until then; ``None`` if nothing does, or it cannot be read here.
        report: what goes.
        cover: to whom, signed by whom.
    """

    draft: ProfileVersion
    form: ProfileReport
    before: ProfileReport | None
    report: ProfileReport
    cover: Cover


def prepare_countersignature(client: Client, marking: Marking, officer: Address | None) -> Countersignature:
    """The countersignature of the own draft; what others would take for none is refused here.

    Args:
        client: whose.
        marking: how it is to be marked.
        officer: who signs; ``None`` if that is clear.

    Raises:
        ClientError: ``profile_unsigned``, with the `ProfileFault`; what `form_to_edit` and `profile_cover` raise.
    """
    known = find_profile(client, client.member, marking.status)
    draft = known.profile.draft
    if draft is None:
        raise ClientError(LocalCode.PROFILE_UNSIGNED, why=ProfileFault.NO_DRAFT)
    cover = profile_cover(client, marking, officer, (Ref("countersign", draft.digest),))
    author, signer = draft.held.cover.iss, cover.signer
    if not is_officer(author):
        raise ClientError(LocalCode.PROFILE_UNSIGNED, why=ProfileFault.BY_MACHINE)
    if signer == author:
        raise ClientError(LocalCode.PROFILE_UNSIGNED, why=ProfileFault.OWN)
    credential = client.state.directory.current(signer, client.state.place) if signer is not None else None
    if credential is not None and signer is not None and not COUNTERSIGNERS & acting_roles(signer, credential.roles):
        raise ClientError(LocalCode.PROFILE_UNSIGNED, why=ProfileFault.NO_POST)
    form = _whole(draft)
    report = ProfileReport(our_reference=form.our_reference)
    return Countersignature(draft, form, known.form, report, cover)
