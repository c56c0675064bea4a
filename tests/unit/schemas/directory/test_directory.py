"""The directory: whose key is good at which place, by the rules of PROTOCOL 5."""

from __future__ import annotations

import pytest

from schemas.addresses import ROOT, Address
from schemas.directory import Directory, Position, apply_statement
from schemas.encoding import encode_base64url
from schemas.errors import Code
from schemas.keykinds import UnknownKey
from schemas.limits import ROTATION_GRACE_S
from schemas.statements import parse_statement
from tests.support.family import CLERK, DUTY, UNIT, admit_refused, enc_of, make_family, signer_of
from tests.support.refusals import refused
from tests.support.world import (
    DAY_S,
    KG,
    KZ,
    ROOM,
    TJ,
    YEAR_S,
    Party,
    World,
    decryption_key,
    digest_of,
    signing_key,
)


@pytest.fixture
def world() -> World:
    """KZ, KG and the room with an officer each, and a unit of KZ with a clerk."""
    return make_family()


# Keys and networks


def test_knows_the_keys_of_a_world(world: World) -> None:
    """Each party's key speaks for its address, under the chain from the root."""
    for address, path in ((KZ, [KZ]), (DUTY, [KZ, DUTY]), (CLERK, [KZ, UNIT, CLERK])):
        certified = signer_of(world, address)
        assert [link.address for link in world.directory.chain(certified)] == path
        assert (certified.address, certified.key) == (address, world.party(address).sig.public)


def test_unknown_key(world: World) -> None:
    """A key that no credential names is unknown."""
    with refused(Code.UNKNOWN_KEY):
        world.verified(world.token(KZ, key=signing_key("stranger")))


def test_key_of_another_address(world: World) -> None:
    """Nobody signs as somebody else: not KG as KZ, not an officer as its member, not a member as its officer."""
    for iss, party in ((KZ, KG), (KZ, DUTY), (DUTY, KZ), (UNIT, KZ)):
        with refused(Code.UNKNOWN_KEY, iss):
            signer_of(world, iss, world.party(party))


def test_hub_and_root_are_no_members(world: World) -> None:
    """With the keys of root, ledger and events nobody signs as an address."""
    for key in (world.root, world.event_key):
        with refused(Code.UNKNOWN_KEY):
            world.directory.signer(world.verified(world.token(KZ, key=key)), world.place)
    with refused(Code.UNKNOWN_KEY):
        world.verified(world.token(KZ, key=world.ledger_key))


def test_wrong_network(world: World) -> None:
    """A statement for another network is refused though its signature holds."""
    with refused(Code.WRONG_NETWORK):
        world.verified(world.token(KZ, aud=f"other/{world.root.kid}"))


def test_signing_key_only(world: World) -> None:
    """An encryption key's thumbprint is not found as a signing key."""
    with refused(Code.UNKNOWN_KEY):
        world.directory.holder(enc_of(world.party(KZ)).kid, world.place)


# Time, rotation, renewal


def test_dates(world: World) -> None:
    """A key is good from ``nbf`` on and no longer at ``exp``."""
    start = world.time_s
    world.enrol("KZ/NFP/DUTY-2", nbf=start + 10, exp=start + 20)
    for time_s in (start + 10, start + 19):
        signer_of(world, "KZ/NFP/DUTY-2", place=Position(len(world.log), time_s))
    for time_s in (start + 9, start + 20):
        with refused(Code.CREDENTIAL_EXPIRED):
            signer_of(world, "KZ/NFP/DUTY-2", place=Position(len(world.log), time_s))


def test_takes_effect_at_its_place(world: World) -> None:
    """At its own place a credential is not yet known, at the next it is; the past keeps its answers."""
    index = len(world.log)
    world.enrol(TJ)
    with refused(Code.UNKNOWN_KEY):
        signer_of(world, TJ, place=Position(index, world.time_s))
    signer_of(world, TJ, place=Position(index + 1, world.time_s))
    world.revoke(TJ, ROOT)
    signer_of(world, TJ, place=Position(index + 1, world.time_s))
    with refused(Code.CREDENTIAL_REVOKED):
        signer_of(world, TJ)


def test_above_must_be_in_date(world: World) -> None:
    """When a member's credential has run out, what it certified is not good either."""
    world.wait(2 * YEAR_S)
    for address in (KZ, DUTY, UNIT):
        with refused(Code.CREDENTIAL_EXPIRED):
            signer_of(world, address)


def test_old_key_signs_for_seven_days(world: World) -> None:
    """A replaced key is good for seven days less a second, and the new one at once."""
    at = world.place
    old = world.rotate(KG)
    signer_of(world, KG)
    assert not signer_of(world, KG, old, at).replaced(at)
    world.wait(ROTATION_GRACE_S - 1)
    assert signer_of(world, KG, old).replaced(world.place)
    world.wait(1)
    with refused(Code.CREDENTIAL_EXPIRED, "seven days"):
        signer_of(world, KG, old)


def test_old_key_is_sealed_to_for_seven_days(world: World) -> None:
    """Entries under the previous key are taken for seven days, then they are stale."""
    old = world.rotate(KG)
    new = world.party(KG)
    assert world.sealing_key(KG) == enc_of(new).public
    world.wait(ROTATION_GRACE_S - 1)
    for party in (old, new):
        world.directory.verify_entry_key(KG, enc_of(party).kid, "HPKE-9-KE", world.place)
    world.wait(1)
    world.directory.verify_entry_key(KG, enc_of(new).kid, "HPKE-9-KE", world.place)
    with refused(Code.STALE_KEY):
        world.directory.verify_entry_key(KG, enc_of(old).kid, "HPKE-9-KE", world.place)


def test_key_of_a_later_kind_is_not_sealed_to(world: World) -> None:
    """A member whose new encryption key is of an unknown kind is sealed to its newest known one, for seven days."""
    known = enc_of(world.party(KG))
    claims = world.party(KG).key() | {"enc": {"kty": "AKP", "alg": "HPKE-99-KE", "pub": "A"}}
    kid = UnknownKey.from_jwk(claims["enc"]).kid
    asked = world.enrolment(world.party(KG), roles=["exchange"], key=claims)
    world.admit(world.credential(world.party(KG), roles=["exchange"], request=asked))
    world.wait(ROTATION_GRACE_S - 1)
    assert world.sealing_key(KG) == known.public
    world.directory.verify_entry_key(KG, known.kid, "HPKE-9-KE", world.place)
    world.directory.verify_entry_key(KG, kid, "HPKE-99-KE", world.place)
    for wrong, alg in ((kid, "HPKE-9-KE"), (known.kid, "HPKE-99-KE")):
        with refused(Code.MALFORMED_SEALED):
            world.directory.verify_entry_key(KG, wrong, alg, world.place)
    world.wait(1)
    with refused(Code.UNSUPPORTED_KEY):
        world.sealing_key(KG)
    world.directory.verify_entry_key(KG, kid, "HPKE-99-KE", world.place)
    world.rotate(KG)
    assert world.sealing_key(KG) == enc_of(world.party(KG)).public


def test_signing_key_of_a_later_kind(world: World) -> None:
    """A signing key of an unknown kind is its address's newest and can be revoked; nothing is checked with it."""
    old = world.party(KG).sig
    jwk = {"kty": "AKP", "alg": "ML-DSA-65", "pub": "A"}
    kid = UnknownKey.from_jwk(jwk).kid
    keys = world.party(KG).key() | {"sig": jwk, "later": {"a": 1}}
    world.admit(world.credential(world.party(KG), roles=["exchange"], request=world.later_enrolment(KG, keys)))
    current = world.directory.current(KG, world.place)
    assert current is not None
    assert current.key == UnknownKey(kid, "ML-DSA-65")
    assert kid not in world.directory.keys
    with refused(Code.UNKNOWN_KEY):
        world.directory.holder(kid, world.place)
    assert world.directory.holder(old.kid, world.place).address == KG
    world.admit(world.revocation(world.party(KG), ROOT, kid=kid))
    assert world.directory.current(KG, world.place) != current


def test_key_of_a_later_kind_is_nobodys(world: World) -> None:
    """Who copies a public key of a kind that cannot be checked keeps nobody out: its holder is certified as well."""
    keys = {"sig": {"kty": "AKP", "alg": "ML-DSA-65", "pub": "A"}}
    for officer in (f"{KZ}/COPIES", f"{KG}/HOLDS"):
        asked = world.later_enrolment(officer, keys)
        world.admit(world.credential(Party.of(Address(officer)), roles=["exchange"], request=asked))
        assert world.directory.current(Address(officer), world.place) is not None


def test_entry_key_belongs_to_the_member(world: World) -> None:
    """An entry under another member's key is stale, one for a stranger or an officer has no recipient."""
    with refused(Code.STALE_KEY):
        world.directory.verify_entry_key(KG, enc_of(world.party(KZ)).kid, "HPKE-9-KE", world.place)
    for address in (TJ, Address(DUTY)):
        with refused(Code.UNKNOWN_RECIPIENT):
            world.directory.encryption_key(address, world.place)


def test_entry_key_at_a_place(world: World) -> None:
    """A key is not sealed to before the place of its credential."""
    place = world.place
    world.rotate(KG)
    with refused(Code.STALE_KEY):
        world.directory.verify_entry_key(KG, enc_of(world.party(KG)).kid, "HPKE-9-KE", place)


def test_revoked_old_key_has_no_grace(world: World) -> None:
    """Of a revoked previous key nothing is taken, though it was replaced a moment ago."""
    old = world.rotate(KG)
    world.admit(world.revocation(old, ROOT))
    with refused(Code.STALE_KEY):
        world.directory.verify_entry_key(KG, enc_of(old).kid, "HPKE-9-KE", world.place)
    with refused(Code.CREDENTIAL_REVOKED):
        signer_of(world, KG, old)
    signer_of(world, KG)


def test_chain_survives_rotation_above(world: World) -> None:
    """That a member has new keys does not end what its old key certified, however long ago."""
    world.rotate(KZ)
    world.wait(30 * DAY_S)
    assert signer_of(world, DUTY).address == DUTY
    assert [link.address for link in world.directory.chain(signer_of(world, DUTY))] == [KZ, DUTY]


def test_renewal_keeps_the_key_good(world: World) -> None:
    """A second credential for the same keys prolongs them, and each address lists all it had."""
    world.wait(2 * YEAR_S - DAY_S)
    world.renew(KZ)
    world.wait(9 * DAY_S)
    assert signer_of(world, KZ).place.index == len(world.log) - 1
    assert len(world.directory.credentials(KZ)) == 2
    assert world.directory.credentials(TJ) == ()
    assert set(world.directory.addresses()) == set(world.parties)


def test_follows_from_the_credential_that_was_good(world: World) -> None:
    """Where the issuer's newest credential is not yet valid, what it signs stands under the one before."""
    world.renew(KZ, nbf=world.time_s + DAY_S)
    world.enrol("KZ/NFP/DUTY-2")
    certified = signer_of(world, "KZ/NFP/DUTY-2")
    assert world.directory.chain(certified)[0].place.index == 1


def test_rotated_since(world: World) -> None:
    """A member has a newer encryption key than an index only if that key was first certified above it."""
    index = world.place.index
    world.renew(KG)
    assert not world.directory.rotated_since(KG, index - 1, world.place)
    world.rotate(KG)
    assert world.directory.rotated_since(KG, index, world.place)
    assert not world.directory.rotated_since(KG, len(world.log) - 1, world.place)
    assert not world.directory.rotated_since(TJ, 0, world.place)


# Revocation


@pytest.mark.parametrize(
    ("sub", "by"),
    [(KZ, ROOT), (KZ, None), (DUTY, ROOT), (DUTY, KZ), (DUTY, None), (CLERK, KZ), (CLERK, UNIT), (UNIT, KZ)],
)
def test_who_revokes(world: World, sub: str, by: str | None) -> None:
    """The root, whoever stands above, and the key itself revoke it."""
    world.revoke(sub, by)
    with refused(Code.CREDENTIAL_REVOKED):
        signer_of(world, sub)
    assert world.directory.current(Address(sub), world.place) is None


@pytest.mark.parametrize(
    ("sub", "by", "code"),
    [
        (KZ, KG, Code.NOT_PERMITTED),
        (DUTY, KG, Code.NOT_PERMITTED),
        (KZ, DUTY, Code.NOT_PERMITTED),
        (KZ, UNIT, Code.NOT_PERMITTED),
        (DUTY, UNIT, Code.NOT_PERMITTED),
        (DUTY, "KG/NFP/DUTY-1", Code.NOT_PERMITTED),
    ],
)
def test_who_does_not_revoke(world: World, sub: str, by: str, code: Code) -> None:
    """Nobody beside or beneath revokes a key."""
    admit_refused(world, world.revocation(world.party(sub), by), code)


def test_revoker_signs_with_its_own_key(world: World) -> None:
    """A revocation in the name of one above, or of the root, by another key is refused."""
    duty = world.party(DUTY)
    admit_refused(world, world.revocation(duty, KZ, key=world.party(KG).sig), Code.NOT_PERMITTED)
    admit_refused(world, world.revocation(duty, ROOT, key=world.party(KZ).sig), Code.UNKNOWN_KEY)
    admit_refused(world, world.revocation(duty, KZ, key=duty.sig), Code.NOT_PERMITTED)
    admit_refused(world, world.revocation(duty, DUTY, key=world.party(KZ).sig), Code.NOT_PERMITTED)


def test_revoker_must_certify_and_be_good(world: World) -> None:
    """One above whose own key is revoked, or that has lost the role, revokes nothing any more."""
    unit = world.party(UNIT)
    world.admit(world.credential(unit, KZ, roles=["exchange"]))
    admit_refused(world, world.revocation(world.party(CLERK), UNIT), Code.NOT_PERMITTED)
    world.revoke(UNIT, KZ)
    admit_refused(world, world.revocation(world.party(CLERK), UNIT), Code.CREDENTIAL_REVOKED)


def test_self_revocation_from_the_safe(world: World) -> None:
    """A revocation signed long ago by the key itself works after the credential has run out, and once."""
    text = world.revocation(world.party(DUTY))
    world.wait(YEAR_S + DAY_S)
    with refused(Code.CREDENTIAL_EXPIRED):
        signer_of(world, DUTY)
    world.admit(text)
    with refused(Code.CREDENTIAL_REVOKED):
        signer_of(world, DUTY)
    admit_refused(world, world.revocation(world.party(DUTY)), Code.CREDENTIAL_REVOKED)


def test_revokes_what_is_known(world: World) -> None:
    """A key that the address never had cannot be revoked for it."""
    admit_refused(world, world.revocation(world.party(KZ), ROOT, kid=world.party(KG).sig.kid), Code.UNKNOWN_KEY)
    admit_refused(world, world.revocation(Party.of(TJ), ROOT), Code.UNKNOWN_KEY)


def test_revocation_goes_down(world: World) -> None:
    """With a member's key go its officers and units and their officers, and nobody else's."""
    world.revoke(KZ, ROOT)
    for address in (KZ, DUTY, UNIT, CLERK):
        with refused(Code.CREDENTIAL_REVOKED):
            signer_of(world, address)
        assert world.directory.current(Address(address), world.place) is None
    assert signer_of(world, KG).address == KG
    with refused(Code.UNKNOWN_RECIPIENT):
        world.directory.verify_entry_key(Address(UNIT), enc_of(world.party(UNIT)).kid, "HPKE-9-KE", world.place)


def test_revocation_ends_every_credential_of_the_key(world: World) -> None:
    """A renewed key is revoked in all its credentials; a newer key of the address stays."""
    world.renew(KG)
    old = world.rotate(KG)
    world.admit(world.revocation(old, ROOT))
    revoked = [certified.revoked(len(world.log)) for certified in world.directory.credentials(KG)]
    assert revoked == [True, True, False]
    with refused(Code.CREDENTIAL_REVOKED):
        signer_of(world, "KG/NFP/DUTY-1")


def test_expired_member_is_still_known(world: World) -> None:
    """A credential out of date keeps its key to seal to: mail is held."""
    world.wait(3 * YEAR_S)
    assert world.sealing_key(KG) == enc_of(world.party(KG)).public


# Suspension and events


def test_suspension(world: World) -> None:
    """A suspended member and its officers sign nothing; mail can be sealed to it; its next credential lifts it."""
    place = world.place
    world.suspend(KG)
    for address in (KG, "KG/NFP/DUTY-1"):
        with refused(Code.SUSPENDED, KG):
            signer_of(world, address)
        signer_of(world, address, place=place)
    assert signer_of(world, KZ).address == KZ
    assert world.sealing_key(KG) == enc_of(world.party(KG)).public
    world.renew(KG)
    for address in (KG, "KG/NFP/DUTY-1"):
        assert signer_of(world, address).address == address
    world.suspend(KG)
    with refused(Code.SUSPENDED):
        signer_of(world, KG)


def test_a_credential_kept_ready_lifts_nothing(world: World) -> None:
    """A credential that was signed before the suspension does not lift it; one counts only once."""
    kept = world.credential(world.party(KG))
    world.wait(60)
    world.suspend(KG)
    world.admit(kept)
    assert world.directory.is_suspended(KG, world.place)
    admit_refused(world, kept, Code.CREDENTIAL_INVALID)
    world.renew(KG)
    assert not world.directory.is_suspended(KG, world.place)


def test_suspended_member_cannot_lift_itself(world: World) -> None:
    """A suspended member certifies nobody, and a credential for an officer of its does not lift it."""
    duty = world.credential(Party.of(Address("KG/NFP/DUTY-2")))
    world.suspend(KG)
    admit_refused(world, duty, Code.SUSPENDED)


def test_only_the_hub_suspends(world: World) -> None:
    """An event by any other key than the event key is refused."""
    for key in (world.root, world.party(KZ).sig):
        admit_refused(world, world.event("suspended", key=key, member=KG), Code.UNKNOWN_KEY)


def test_other_public_events_change_nothing(world: World) -> None:
    """A public event of a later version is applied without effect."""
    before = world.directory
    world.admit(world.event("moved"))
    assert world.directory.version == before.version + 1
    assert world.directory.epochs == before.epochs


def test_applies_public_statements_only(world: World) -> None:
    """A receipt, or an event that goes to somebody, is not applied."""
    for text in (
        world.receipt(KZ, KG, [digest_of("x")]),
        world.event("undeliverable", to=[KG], digests=[digest_of("x")], member=KZ),
    ):
        with refused(Code.NOT_PERMITTED):
            apply_statement(world.directory, world.verified(text), world.place)


# The value


def test_applying_changes_no_older_value(world: World) -> None:
    """A directory kept from before answers as before."""
    before, place = world.directory, world.place
    world.rotate(KG)
    world.revoke(KZ, ROOT)
    world.suspend(ROOM)
    assert before.encryption_key(KG, place).kid == enc_of(Party.of(KG)).kid
    assert before.current(KZ, world.place) is not None
    assert not before.is_suspended(ROOM, world.place)


def test_grown_from_the_log(world: World) -> None:
    """Whoever applies the same statements in order gets the same directory."""
    world.rotate(KG)
    world.turn_root()
    grown = Directory(world.network)
    for index, logged in enumerate(world.log):
        place = Position(index, logged.leaf.accepted_s)
        grown = apply_statement(grown, grown.verify(parse_statement(logged.text)), place)
    assert grown == world.directory


def test_tree_root_in_a_later_epoch_is_what_the_world_says(world: World) -> None:
    """A later epoch of the toy network names the root over the leaves before it."""
    expected = encode_base64url(world.tree_root())
    world.turn_root()
    assert world.directory.epoch.statement.claims.root == expected


def test_encryption_keys_of_two_members_differ() -> None:
    """The toy network gives every name keys of its own."""
    assert decryption_key("a").kid != decryption_key("b").kid
