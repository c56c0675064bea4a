"""Events: what the hub owes, what they say, and their admission."""

from __future__ import annotations

import pytest

from broker.core.admission.effects import EventDraft, Watch
from broker.core.admission.events import Due, event_claims, overdue
from schemas.addresses import HUB, Address
from schemas.encoding import Digest, encode_base64url, sha256
from tests.support.world import KG, KZ, RU, UZ, World
from tests.unit.broker.core.book import Book

JTI = "01890a5d-ac96-774b-bcce-b302099a8057"


@pytest.fixture(params=[True, False], ids=["apart", "one-batch"])
def book(request: pytest.FixtureRequest) -> Book:
    """A ledger of four members; what a test enters together is decided in batches apart, or in one."""
    return Book(World([KZ, UZ, RU, KG]), apart=request.param)


DIGEST: Digest = sha256(b"a dispatch")


@pytest.mark.parametrize("missing", ["received", "reply"])
def test_overdue(missing: str) -> None:
    """A due watch tells the sender, on the dispatch's lane, who is silent, of what, and since when."""
    draft = overdue(Due(Watch(1_790_000_300_999, 7, missing), DIGEST, KZ, "urgent"), (RU, UZ))
    assert draft == EventDraft(
        "overdue", (KZ,), (DIGEST,), "urgent", members=(RU, UZ), missing=missing, due_s=1_790_000_300
    )


def test_nobody_is_silent() -> None:
    """A watch whose dispatch everybody has answered gives rise to nothing."""
    assert overdue(Due(Watch(0, 7, "received"), DIGEST, KZ, "normal"), ()) is None


@pytest.mark.parametrize(
    ("draft", "claims"),
    [
        (
            EventDraft("overdue", (KZ,), (DIGEST,), "normal", members=(UZ,), missing="reply", due_s=9),
            {"to": [KZ], "digests": [encode_base64url(DIGEST)], "members": [UZ], "missing": "reply", "due": 9},
        ),
        (
            EventDraft("undeliverable", (KZ,), (DIGEST,), "normal", member=UZ),
            {"to": [KZ], "digests": [encode_base64url(DIGEST)], "member": UZ},
        ),
        (EventDraft("suspended", (), (), "public", member=UZ), {"member": UZ}),
    ],
    ids=lambda value: value.event if isinstance(value, EventDraft) else "",
)
def test_claims_of_an_event(draft: EventDraft, claims: dict[str, object]) -> None:
    """An event has exactly the claims of its kind, by the hub, for the network."""
    network = World([]).network
    made = event_claims(draft, network, JTI, 5).model_dump(exclude_none=True)
    assert made == {"iss": HUB, "aud": network, "jti": JTI, "iat": 5, "event": draft.event, **claims}


@pytest.mark.parametrize("to", [(), (KZ,)])
def test_event_appended(book: Book, to: tuple[Address, ...]) -> None:
    """An event enters its addressees' mailboxes; one without goes to everybody and into the directory."""
    draft = EventDraft("undeliverable", to, (DIGEST,), "urgent", member=UZ)
    draft = draft if to else EventDraft("suspended", (), (), "normal", member=UZ)
    admitter = book.admitter()
    event = admitter.append_event(book.sign(draft), draft)
    assert (event.lane, event.leaf.public, event.sender) == ("urgent" if to else "public", not to, HUB)
    assert [each.member for each in event.deliveries] == list(to)
    place = admitter.place
    assert (event.index, place.index) == (book.world.place.index, book.world.place.index + 1)
    assert admitter.directory.is_suspended(UZ, place) is not bool(to)
