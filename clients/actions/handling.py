"""What may be done with what came, beyond reading it: its provider decides, by its handling codes (PROTOCOL 6).

Whatever hands a report out asks here first: a file, paper, another agency, a court.
"""

from __future__ import annotations

from dataclasses import dataclass

from clients.actions.numbers import spell_number
from clients.errors import ClientError, LocalCode
from clients.mail.inbox import handling_of
from schemas.addresses import Address, member_of
from schemas.claims import Dispatch
from schemas.labels import HandlingCode
from schemas.reports import ReadReport
from schemas.rules.handling import Use, is_permitted


@dataclass(frozen=True, slots=True)
class WantedUse:
    """For what somebody wants a report.

    Attributes:
        use: for what.
        permission: where its provider has permitted that, in words; empty if nobody says that it has.
    """

    use: Use = Use.OWN
    permission: str = ""


def provider_of(cover: Dispatch, content: ReadReport | None, member: Address) -> Address:
    """Whose report it is: its sender's, or that of whoever its sender names where it was passed on.

    Args:
        cover: verified.
        content: the report as it was read; ``None`` if it is not read here.
        member: who asks: nobody else's word makes it the provider.
    """
    sender, form = member_of(cover.iss), content.form if content else None
    named = form.provider.member if form and form.provider else sender
    return sender if named == member else named


def needs_permission(cover: Dispatch, content: ReadReport | None, use: Use, member: Address) -> bool:
    """Whether its provider must be asked before a report is used so; nobody asks himself.

    Args:
        cover: verified.
        content: the report as it was read; ``None`` if it is not read here.
        use: for what.
        member: who wants to use it.
    """
    if provider_of(cover, content, member) == member:
        return False
    return not is_permitted(use, handling_of(cover, content), content.tlp_colours if content else ())


def check_use(index: int, cover: Dispatch, content: ReadReport | None, wanted: WantedUse, member: Address) -> None:
    """Refuse what the provider has not permitted.

    Args:
        index: number of the dispatch.
        cover: verified.
        content: the report as it was read; ``None`` if it is not read here.
        wanted: for what, and who has permitted it.
        member: who wants to use it.

    Raises:
        ClientError: ``use_not_permitted``.
    """
    if wanted.permission or not needs_permission(cover, content, wanted.use, member):
        return
    raise ClientError(
        LocalCode.USE_NOT_PERMITTED,
        number=spell_number(index, cover.status),
        index=index,
        provider=provider_of(cover, content, member),
        handling=HandlingCode(handling_of(cover, content)),
        use=wanted.use,
    )
