"""Who is in the network, and whom to call there."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path

from clients.actions.client import Client
from clients.actions.profiles import find_profile, list_profiles
from clients.desk.api.asking import DeskOf
from clients.desk.api.listing import Marking, words_for
from clients.desk.views.directory import DirectoryPage, ProfilePage, directory_page, profile_page
from clients.desk.views.values import PageValue, PageWord, named
from clients.documents.profiles import profile_line
from schemas.addresses import parse_member

router = APIRouter()


class ProfileRow(PageValue):
    """A country in the list of profiles."""

    member: PageWord
    words: str
    counts: bool
    draft: bool


class ProfilesPage(PageValue):
    """The profile of each country, or that there is none."""

    rows: list[ProfileRow]


@router.get("/api/directory")
async def show_directory(desk: DeskOf, *, everybody: bool = False) -> DirectoryPage:
    """The members of the network with their officers; with ``everybody`` also who is no longer in force."""
    return await desk.do(lambda client: directory_page(client, everybody=everybody))


@router.get("/api/profiles")
async def show_profiles(desk: DeskOf, status: Marking | None = None) -> ProfilesPage:
    """Countries with what is known of each."""

    def read(client: Client) -> ProfilesPage:
        found = list_profiles(client, status)
        return ProfilesPage(
            rows=[
                ProfileRow(
                    member=named(each.member),
                    words=profile_line(each).removeprefix(each.member).strip(),
                    counts=each.profile.counts is not None,
                    draft=each.profile.draft is not None,
                )
                for each in found
            ]
        )

    return await desk.do(read)


@router.get("/api/profiles/{member:path}")
async def show_profile(
    desk: DeskOf, member: Annotated[str, Path(max_length=100)], status: Marking | None = None
) -> ProfilePage:
    """The profile of a country: telephone numbers first, then all that it says."""
    address = parse_member(member)
    return await desk.do(lambda client: profile_page(find_profile(client, address, status), words_for(client)))
