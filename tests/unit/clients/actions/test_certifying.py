"""Certifying and revoking officers."""

from __future__ import annotations

from pathlib import Path

from clients.actions.certifying import (
    OfficerRequest,
    own_credential,
    prepare_grant,
    prepare_revocation,
    sign_grant,
    sign_revocations,
)
from clients.actions.expiry import endings
from clients.actions.signed_files import claims_in
from clients.errors import LocalCode
from clients.keys.enrol import apply_for
from clients.keys.keystore import CHEAP, make_seat_keys
from clients.keys.root import Stamp
from schemas.addresses import Address
from schemas.claims import Revocation
from schemas.keys import SigningKey
from tests.support.counter import Counter
from tests.support.desk import OFFICERS, Desk, ScriptedHub, system_of
from tests.support.refusals import refused

KZ_STORE = "toy"
DUTY_1, DUTY_2 = Address("KZ/NFP/DUTY-1"), Address("KZ/NFP/DUTY-2")


def request_of(path: Path, hub: ScriptedHub, address: Address) -> Path:
    """The request of an officer who has a seat of its own."""
    system = system_of(hub.world)
    keys, key = make_seat_keys(hub.world.network, address, system.entropy), SigningKey.from_seed(system.entropy(32))
    application = apply_for(keys, address, "Own seat", ["exchange"], (Stamp.now(system), Stamp.now(system)), key)
    file = path / "request.jws"
    file.write_text(application.request)
    return file


def settled(kz: Desk) -> Counter:
    """KZ's client, once what it sent has come back."""
    kz.restart()
    kz.flush()
    kz.sync()
    return Counter(kz, kz.hub)


def test_nothing_is_signed_before_a_person_agrees(counter: Counter, kz: Desk) -> None:
    """What would be signed is shown whole; neither keys nor outbox have changed."""
    keys = counter.store.keys
    grant = prepare_grant(counter, OfficerRequest(DUTY_2, days=30, name="Second"), 0)
    assert (grant.credential.sub, grant.credential.name, grant.credential.iss) == (DUTY_2, "Second", "KZ/NFP")
    assert grant.credential.roles == ["duty_officer", "exchange"]
    assert grant.credential.exp - kz.state.place.time_s == 30 * 24 * 3600
    assert (counter.store.keys, counter.store.outbox.all(10)) == (keys, [])


def test_who_gets_a_post_may_exchange_too(counter: Counter) -> None:
    """A post alone signs nothing that goes anywhere, and its holder would learn that when he has to decide."""
    for wanted, granted in (
        (("authorising_officer",), ["authorising_officer", "exchange"]),
        (("supervisor", "exchange"), ["exchange", "supervisor"]),
        (("audit",), ["audit"]),
    ):
        grant = prepare_grant(counter, OfficerRequest(DUTY_2, days=30, roles=wanted), 0)
        assert sorted(grant.credential.roles) == granted


def test_officer_whose_key_is_made_here_may_act(counter: Counter, kz: Desk) -> None:
    """The key is kept, and opens for its officer alone; its credential goes out, and is in force when it comes back."""
    grant = prepare_grant(counter, OfficerRequest(DUTY_2, days=30), 0)
    _ = sign_grant(counter, grant, "my own", CHEAP)
    assert isinstance(grant.made, SigningKey)
    with refused(LocalCode.WRONG_PASSPHRASE, DUTY_2):
        counter.try_passphrase(DUTY_2, OFFICERS)
    counter.try_passphrase(DUTY_2, "my own")
    assert counter.state.signing_key(DUTY_2).kid == grant.made.kid
    assert own_credential(settled(kz), DUTY_2).key.kid == grant.made.kid


def test_key_is_not_kept_under_a_passphrase_that_others_know(counter: Counter) -> None:
    """Neither without a passphrase nor under that of the store is anything signed, kept or sent."""
    before = counter.store.keys
    for passphrase, code in ((None, LocalCode.OFFICER_LOCKED), (KZ_STORE, LocalCode.SAME_PASSPHRASE)):
        with refused(code, DUTY_2):
            _ = sign_grant(counter, prepare_grant(counter, OfficerRequest(DUTY_2, days=30), 0), passphrase, CHEAP)
    assert (counter.store.keys, counter.store.outbox.all(10)) == (before, [])


def test_certifying_an_officer_is_an_alarm_where_it_is_done(counter: Counter, kz: Desk) -> None:
    """Whoever has the member's key can make officers: this seat tells it at once, and once."""
    _ = sign_grant(counter, prepare_grant(counter, OfficerRequest(DUTY_2, days=30), 0), "my own", CHEAP)
    assert kz.alarms() == ["certified"]
    settled(kz)
    assert kz.alarms() == ["certified"]


def test_officer_with_a_seat_of_its_own_is_certified_as_it_asks(
    counter: Counter, hub: ScriptedHub, kz: Desk, tmp_path: Path
) -> None:
    """Nothing is made here: name, roles and key are those of the request."""
    wanted = OfficerRequest(DUTY_2, days=30, request=request_of(tmp_path, hub, DUTY_2))
    grant = prepare_grant(counter, wanted, 0)
    _ = sign_grant(counter, grant)
    assert (grant.made, grant.credential.name, grant.credential.roles) == (None, "Own seat", ["exchange"])
    assert DUTY_2 not in counter.store.keys.officers
    assert own_credential(settled(kz), DUTY_2).key.kid == grant.asked.kid
    assert kz.alarms() == ["certified"]


def test_credential_ends_with_the_members_own(counter: Counter) -> None:
    """An officer is not certified for longer than the member is."""
    grant = prepare_grant(counter, OfficerRequest(DUTY_2, days=3660), 0)
    assert grant.credential.exp == own_credential(counter).statement.claims.exp


def test_officer_of_another_is_refused(counter: Counter, hub: ScriptedHub, tmp_path: Path) -> None:
    """Neither another member's officer nor another officer's request is certified or revoked here."""
    with refused(LocalCode.OFFICER_OF_ANOTHER, "UZ/NFP/DUTY-1"):
        prepare_grant(counter, OfficerRequest(Address("UZ/NFP/DUTY-1"), days=30), 0)
    with refused(LocalCode.OFFICER_OF_ANOTHER):
        prepare_revocation(counter, Address("UZ/NFP/DUTY-1"), "lost", 0)
    with refused(LocalCode.REQUEST_OF_ANOTHER, DUTY_1):
        prepare_grant(counter, OfficerRequest(DUTY_2, days=30, request=request_of(tmp_path, hub, DUTY_1)), 0)


def test_member_without_credential_certifies_nobody(counter: Counter, kz: Desk) -> None:
    """As long as its own credential is not known, a member is told so."""
    counter.state.set_directory(type(kz.state.directory)(kz.state.keys.network), 0)
    with refused(LocalCode.NOT_CERTIFIED, "KZ/NFP"):
        prepare_grant(counter, OfficerRequest(DUTY_2, days=30), 0)


def test_every_key_that_is_still_good_is_revoked(counter: Counter, kz: Desk) -> None:
    """A key that was renewed is good for seven days more: it ends with the newer one, whose revocation comes last."""
    old = own_credential(counter, DUTY_1).key.kid
    grant = prepare_grant(counter, OfficerRequest(DUTY_1, days=30), 0)
    _ = sign_grant(counter, grant, "my own", CHEAP)
    counter = settled(kz)
    revocation = prepare_revocation(counter, DUTY_1, "lost", 0)
    assert revocation.kids == (old, grant.asked.kid)
    assert len(counter.store.outbox.all(10)) == 1
    sent = sign_revocations(counter, revocation)
    claims = [claims_in(each.outgoing.draft["statement"]) for each in sent]
    assert [each.kid for each in claims if isinstance(each, Revocation)] == [*revocation.kids]
    with refused(LocalCode.NOT_CERTIFIED, DUTY_1):
        prepare_revocation(settled(kz), DUTY_1, "lost", 0)


def test_removal_says_what_of_the_officer_still_waits(counter: Counter, kz: Desk) -> None:
    """How much that it signed is not sent yet, and whether that goes first: not where the key may be in other hands."""
    kz.send("UZ/NFP", iss=DUTY_1)
    kz.send("UZ/NFP")
    revocations = [prepare_revocation(counter, DUTY_1, reason, 0) for reason in ("ceased", "lost")]
    assert [(each.waiting, each.waits) for each in revocations] == [(1, True), (1, False)]


def test_removed_officer_is_no_fault_and_blocks_nobody(counter: Counter, kz: Desk) -> None:
    """Once a removal is accepted the key that ended is no warning, and the other officer acts without being named."""
    grant = prepare_grant(counter, OfficerRequest(DUTY_2, days=300), 0)
    _ = sign_grant(counter, grant, "my own", CHEAP)
    counter = settled(kz)
    with refused(LocalCode.OFFICER_UNCLEAR):
        counter.signer(None)
    _ = sign_revocations(counter, prepare_revocation(counter, DUTY_1, "ceased", 0))
    counter = settled(kz)
    assert (endings(counter.state), counter.signer(None)) == ([], DUTY_2)
    counter.settings = counter.settings.model_copy(update={"officer": DUTY_1})
    assert counter.signer(None) == DUTY_2
    with refused(LocalCode.OFFICER_REMOVED, DUTY_1):
        counter.signer(DUTY_1)
    _ = sign_grant(counter, prepare_grant(counter, OfficerRequest(DUTY_1, days=300), 0), "my own", CHEAP)
    assert settled(kz).officer(DUTY_1) == DUTY_1
