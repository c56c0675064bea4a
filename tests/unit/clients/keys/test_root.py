"""What the root makes is what hub and clients accept, and it signs nothing that they would refuse."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from clients.keys import root
from clients.keys.root import Stamp
from clients.keys.wrapping import CHEAP
from schemas.addresses import ROOT, Address
from schemas.claims import NetworkDocument
from schemas.directory import Directory, Position, apply_statement
from schemas.encoding import sha256
from schemas.enrolment import verify_request
from schemas.errors import Code, SeraiError
from schemas.keys import VerifyKey
from schemas.statements import parse_statement
from tests.support.world import KG, KZ, TJ, YEAR_S, Party, World, signing_key

FIRST, SECOND, THIRD = (signing_key(f"root {number}") for number in (1, 2, 3))
LEDGER, EVENT = signing_key("hub ledger"), signing_key("hub event")
NETWORK = root.network_id("caricc", FIRST.public)
NOW_S = 1_790_000_000
DATES = (NOW_S, NOW_S + YEAR_S)


def stamp(number: int = 0) -> Stamp:
    """Time and chance of a statement."""
    return Stamp((NOW_S + number) * 1000, sha256(str(number).encode())[:10])


def document(present: Any = FIRST, following: Any = SECOND, **changes: Any) -> NetworkDocument:
    """The network document of a root."""
    return root.make_document("caricc", present.public, following.kid, (LEDGER.public, EVENT.public), **changes)


def applied(*texts: str) -> Directory:
    """The directory after statements, each at the next place."""
    directory = Directory(NETWORK)
    for index, text in enumerate(texts):
        directory = apply_statement(directory, directory.verify(parse_statement(text)), Position(index, NOW_S + index))
    return directory


def enrolment(address: str, **changes: Any) -> str:
    """A request to be certified."""
    world = World(())
    return world.enrolment(Party.of(Address(address)), aud=NETWORK, **changes)


def certified(address: str, iss: Any = ROOT, key: Any = FIRST, roles: tuple[str, ...] = ("exchange",)) -> str:
    """A credential, from request to signature."""
    checked = verify_request(enrolment(address, roles=list(roles)), NETWORK)
    return root.sign_credential(root.draft_credential(checked, iss, DATES, roles, stamp(len(address))), key)


def _refusal(act: Callable[[], object]) -> Code:
    with pytest.raises(SeraiError) as caught:
        act()
    return caught.value.code


FIRST_EPOCH = root.sign_first_epoch(document(), FIRST, stamp())


def test_a_network_begins() -> None:
    """Epoch 0 is accepted by whoever pins the first root, and says what it was given."""
    directory = applied(FIRST_EPOCH)
    assert directory.epoch.document.next_root == SECOND.kid
    assert directory.epoch.document.codes == ["CENTRE"]
    assert directory.epoch.origin == f"serai/{NETWORK}/0"


def test_organisations_are_listed_once() -> None:
    """``CENTRE`` is always among the codes, and none is there twice."""
    assert document(codes=["UNODC", "CENTRE", "UNODC"]).codes == ["CENTRE", "UNODC"]


@pytest.mark.parametrize("follower", [FIRST, SECOND])
def test_an_epoch_follows(follower: Any) -> None:
    """The present root, or the one committed to, starts the next epoch; the network keeps its name and id."""
    following = THIRD if follower is SECOND else SECOND
    member = certified(KZ)
    tree = sha256(b"root over two leaves")
    text = root.sign_later_epoch(FIRST_EPOCH, document(follower, following), follower, (2, tree), None, stamp(2))
    directory = applied(FIRST_EPOCH, member, text)
    assert (directory.epoch.number, directory.epoch.root.kid) == (1, follower.kid)
    assert directory.epoch.statement.claims.aud == NETWORK
    assert applied(FIRST_EPOCH, member, text, certified(KG, key=follower)).current(KG, Position(9, NOW_S + 9))


def test_a_root_that_does_not_follow_signs_no_epoch() -> None:
    """A key that the network did not commit to, another name, or another ledger's checkpoint is refused."""
    tree = (1, sha256(b""))
    later = root.sign_later_epoch
    strange = document(THIRD, SECOND)
    assert _refusal(lambda: later(FIRST_EPOCH, strange, THIRD, tree, None, stamp(1))) is Code.UNKNOWN_KEY
    assert _refusal(lambda: later(FIRST_EPOCH, strange, FIRST, tree, None, stamp(1))) is Code.UNKNOWN_KEY
    renamed = document().model_copy(update={"name": "other"})
    assert _refusal(lambda: later(FIRST_EPOCH, renamed, FIRST, tree, None, stamp(1))) is Code.WRONG_NETWORK
    foreign = World((KZ,)).checkpoint()
    assert _refusal(lambda: later(FIRST_EPOCH, document(), FIRST, tree, foreign, stamp(1))) is Code.WRONG_EPOCH
    assert _refusal(lambda: root.sign_first_epoch(document(), SECOND, stamp())) is Code.UNKNOWN_KEY


@pytest.mark.parametrize("name", ["", "x", "Caricc", "a b", "n" * 33])
def test_a_bad_name_is_refused(name: str) -> None:
    """A name that no network can have is refused before anything is signed."""
    keys = (LEDGER.public, EVENT.public)
    assert _refusal(lambda: root.make_document(name, FIRST.public, SECOND.kid, keys)) is Code.MALFORMED_STATEMENT


def test_keys_of_a_network_differ() -> None:
    """One key in two places of the document is a mistake."""
    assert _refusal(lambda: document(FIRST, FIRST)) is Code.KEY_REUSED


def test_members_and_officers_are_certified() -> None:
    """What root and member certify from requests is accepted by the directory."""
    member = certified(KZ, roles=("exchange", "certify"))
    officer = certified(f"{KZ}/DUTY-1", KZ, Party.of(KZ).sig, ("exchange", "duty_officer"))
    directory = applied(FIRST_EPOCH, member, officer)
    holder = directory.holder(Party.of(Address(f"{KZ}/DUTY-1")).sig.kid, Position(3, NOW_S + 3))
    assert [link.address for link in directory.chain(holder)] == [KZ, f"{KZ}/DUTY-1"]
    assert holder.roles == {"exchange", "duty_officer"}


def test_request_proves_possession() -> None:
    """A request signed with another key than it names, or changed, or for another network, is refused."""
    mine, theirs = Party.of(KZ), Party.of(KG)
    world = World(())
    kind = parse_statement(enrolment(KZ)).type
    claims = {"aud": NETWORK, "name": "x", "roles": ["exchange"], "key": theirs.key()}
    stolen = world.sign(kind, KZ, claims, mine.sig)
    assert _refusal(lambda: verify_request(stolen, NETWORK)) is Code.UNKNOWN_KEY
    head, payload, signature = enrolment(KZ).split(".")
    other = f"{head}.{payload}.{'B' if signature[0] == 'A' else 'A'}{signature[1:]}"
    assert _refusal(lambda: verify_request(other, NETWORK)) is Code.BAD_SIGNATURE
    assert _refusal(lambda: verify_request(enrolment(KZ), f"caricc/{'A' * 43}")) is Code.WRONG_NETWORK
    assert _refusal(lambda: verify_request(certified(KZ), NETWORK)) is not Code.INTERNAL


@pytest.mark.parametrize(
    ("address", "iss", "roles"),
    [
        (f"{KZ}/DUTY-1", ROOT, ["exchange"]),
        (f"{KZ}/DUTY-1", KG, ["exchange"]),
        (f"{KZ}/DUTY-1", KZ, ["certify"]),
        ("KZ/UNIT", KG, ["exchange"]),
        ("CENTRE/ROOM", KZ, ["exchange"]),
        (KZ, KZ, ["exchange"]),
        (KZ, ROOT, ["duty_officer"]),
    ],
)
def test_nobody_certifies_beyond_its_place(address: str, iss: Any, roles: list[str]) -> None:
    """An issuer that does not stand above the address, or a role for another level, is refused."""
    checked = verify_request(enrolment(address, roles=roles), NETWORK)
    draft = root.draft_credential
    assert _refusal(lambda: draft(checked, iss, DATES, roles, stamp())) is Code.CREDENTIAL_INVALID


def test_no_more_is_granted_than_asked_for() -> None:
    """A slip of the pen cannot give a role that nobody asked for."""
    checked = verify_request(enrolment(KZ), NETWORK)
    draft = root.draft_credential
    assert _refusal(lambda: draft(checked, ROOT, DATES, ["certify"], stamp())) is Code.REQUEST_INVALID
    assert _refusal(lambda: draft(checked, ROOT, DATES[::-1], ["exchange"], stamp())) is Code.MALFORMED_STATEMENT


@pytest.mark.parametrize("by_itself", [True, False])
def test_keys_are_revoked(by_itself: bool) -> None:
    """The root, or the key itself, ends a key."""
    party = Party.of(TJ)
    key, iss = (party.sig, TJ) if by_itself else (FIRST, ROOT)
    text = root.sign_revocation(key, iss, NETWORK, (TJ, party.sig.kid), "lost", stamp(5))
    directory = applied(FIRST_EPOCH, certified(TJ), text)
    assert directory.current(TJ, Position(3, NOW_S + 3)) is None


def test_root_key_is_kept_wrapped(tmp_path: Path) -> None:
    """The root's key comes back under its passphrase; the file is private and does not hold the seed."""
    path = tmp_path / "root.json"
    root.save_root_key(path, FIRST, "passphrase", bytes, CHEAP)
    assert root.load_root_key(path, "passphrase").kid == FIRST.kid
    assert path.stat().st_mode & 0o777 == 0o600
    assert FIRST.seed not in path.read_bytes()
    assert _refusal(lambda: root.load_root_key(path, "other")) is Code.DECRYPTION_FAILED


def test_document_names_its_keys() -> None:
    """The keys in the document are those of root and hub."""
    made = document()
    assert VerifyKey.from_jwk(made.ledger_key).kid == LEDGER.kid
    assert VerifyKey.from_jwk(made.event_key).kid == EVENT.kid
    assert VerifyKey.from_jwk(made.root).kid == FIRST.kid
