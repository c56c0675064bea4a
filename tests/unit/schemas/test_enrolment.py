"""Requests to be certified: what they prove, and what cannot be proven of a key of a later kind."""

from __future__ import annotations

import pytest

from schemas.addresses import Address
from schemas.encoding import encode_base64url
from schemas.enrolment import check_answers, read_request, verify_request
from schemas.errors import Code
from schemas.keykinds import UnknownKey
from tests.support.refusals import refused
from tests.support.world import KG, KZ, Party, World

WORLD = World(())
LATER = {"kty": "AKP", "alg": "ML-DSA-65", "pub": "A"}


def test_request_proves_possession() -> None:
    """A request holds under the key that it names, and says who asks and with which keys."""
    party = Party.of(KZ)
    request = verify_request(WORLD.enrolment(party), WORLD.network)
    assert party.enc is not None
    assert (request.address, request.kid, request.enc_kid) == (KZ, party.sig.kid, party.enc.kid)
    assert request.kids == {party.sig.kid, party.enc.kid}
    officer = verify_request(WORLD.enrolment(Party.of(Address("KZ/NFP/DUTY-1"))), WORLD.network)
    assert officer.enc_kid is None


def test_nobody_asks_with_another_key() -> None:
    """A request that names another key than signs it, under another alg, or another statement, is none."""
    text = WORLD.enrolment(Party.of(KZ), key=Party.of(KG).key())
    with refused(Code.UNKNOWN_KEY):
        read_request(text)
    header, payload, signature = WORLD.enrolment(Party.of(KZ)).split(".")
    kid = Party.of(KZ).sig.kid
    later = encode_base64url(f'{{"alg":"ML-DSA-65","kid":"{kid}","typ":"serai-enrolment+jwt"}}'.encode())
    with refused(Code.UNSUPPORTED_ALG):
        read_request(f"{later}.{payload}.{signature}")
    with refused(Code.BAD_SIGNATURE):
        read_request(f"{header}.{payload}.{'B' if signature[0] == 'A' else 'A'}{signature[1:]}")
    with refused(Code.UNSUPPORTED_TYPE):
        read_request(World([KZ]).token(KZ))


def test_request_of_a_later_kind_is_read_and_not_certified() -> None:
    """Under a key of a kind that is not known nothing is checked; who certifies, and the hub, take no such request."""
    text = WORLD.later_enrolment(KZ, {**Party.of(KZ).key(), "sig": LATER})
    request = read_request(text)
    assert (request.key, request.address) == (UnknownKey.from_jwk(LATER), KZ)
    with refused(Code.UNSUPPORTED_ALG):
        verify_request(text, WORLD.network)


@pytest.mark.parametrize("alg", ["Ed25519", "ML-DSA-87"])
def test_alg_is_that_of_the_key(alg: str) -> None:
    """A later key that says its alg is not asked with under another, least of all under one that is known."""
    text = WORLD.later_enrolment(KZ, {**Party.of(KZ).key(), "sig": LATER})
    kid = UnknownKey.from_jwk(LATER).kid
    header = encode_base64url(f'{{"alg":"{alg}","kid":"{kid}","typ":"serai-enrolment+jwt"}}'.encode())
    with refused(Code.UNSUPPORTED_ALG):
        read_request(f"{header}.{text.partition('.')[2]}")


def test_answers() -> None:
    """A credential answers its address, in its network, with roles that were asked for."""
    request = read_request(WORLD.enrolment(Party.of(KZ), roles=["exchange", "certify"]))
    check_answers(request, WORLD.network, KZ, ["certify"])
    for network, sub, roles in (
        ("x", KZ, ["certify"]),
        (WORLD.network, KG, ["certify"]),
        (WORLD.network, KZ, ["audit"]),
    ):
        with refused(Code.REQUEST_INVALID):
            check_answers(request, network, sub, roles)
