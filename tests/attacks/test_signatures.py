"""Statements that were not signed by whom they say, at the real hub (PROTOCOL 3, 4)."""

from __future__ import annotations

import string
from dataclasses import replace

import pytest

from schemas.addresses import Address
from schemas.encoding import decode_base64url, encode_base64url, encode_json
from schemas.keykinds import UnknownKey
from tests.attacks.arena import Arena
from tests.attacks.forge import claims_of, with_header
from tests.support.edges import EDGES, WEAK_KEYS, Edge, edge_credential, weak_credential
from tests.support.world import KZ, RU, UZ, Party, World

ALPHABET = string.ascii_uppercase + string.ascii_lowercase + string.digits + "-_"


async def test_forged_signature(arena: Arena, world: World) -> None:
    """A signature with one bit changed is refused, and the ledger does not grow."""
    peer, size = await arena.resume(), arena.size
    sent = world.dispatch("KZ/NFP", [UZ])
    signed, _, signature = sent.text.rpartition(".")
    forged = bytearray(decode_base64url(signature))
    forged[40] ^= 1
    assert await peer.submit(replace(sent, text=f"{signed}.{encode_base64url(bytes(forged))}")) == "bad_signature"
    assert arena.size == size


async def test_swapped_signature(arena: Arena, world: World) -> None:
    """A good signature of the same officer under another statement is refused."""
    peer = await arena.resume()
    first, second = world.dispatch("KZ/NFP/DUTY-1", [UZ]), world.dispatch("KZ/NFP/DUTY-1", [UZ])
    signed, signature = first.text.rpartition(".")[0], second.text.rpartition(".")[2]
    assert await peer.submit(replace(first, text=f"{signed}.{signature}")) == "bad_signature"


async def test_altered_cover(arena: Arena, world: World) -> None:
    """A cover that was changed after signing, here to hide its urgency, is refused."""
    peer = await arena.resume()
    sent = world.dispatch("KZ/NFP", [UZ], precedence="flash")
    header, _, signature = sent.text.split(".")
    claims = encode_json({**claims_of(sent.text), "precedence": "routine"})
    altered = f"{header}.{encode_base64url(claims.encode())}.{signature}"
    assert await peer.submit(replace(sent, text=altered)) == "bad_signature"


@pytest.mark.parametrize("alg", ["none", "HS256", "EdDSA", "ES256", "ML-DSA-65"])
async def test_wrong_alg(arena: Arena, world: World, alg: str) -> None:
    """A header that names another algorithm is refused, even over a signature that would hold."""
    peer = await arena.resume()
    party = world.party(KZ)
    header = f'{{"alg":"{alg}","kid":"{party.sig.kid}","typ":"serai-dispatch+jwt"}}'
    assert await peer.submit(with_header(world.dispatch("KZ/NFP", [UZ]), header, party.sig)) == "unsupported_alg"


@pytest.mark.parametrize("more", ["jwk", "jku", "b64"])
async def test_more_in_the_header(arena: Arena, world: World, more: str) -> None:
    """A header that brings its own key along, or says where to fetch it, or anything else, is refused."""
    peer = await arena.resume()
    party = world.party(KZ)
    value = encode_json({"jwk": party.sig.public.to_jwk(), "jku": "http://127.0.0.1", "b64": False}[more])
    header = f'{{"alg":"Ed25519","kid":"{party.sig.kid}","typ":"serai-dispatch+jwt","{more}":{value}}}'
    assert await peer.submit(with_header(world.dispatch("KZ/NFP", [UZ]), header, party.sig)) == "malformed_statement"


async def test_kid_of_another_member(arena: Arena, world: World) -> None:
    """Who names another member's key in the header must have signed with it."""
    peer = await arena.resume()
    header = f'{{"alg":"Ed25519","kid":"{world.party(UZ).sig.kid}","typ":"serai-dispatch+jwt"}}'
    sent = with_header(world.dispatch("KZ/NFP", [RU]), header, world.party(KZ).sig)
    assert await peer.submit(sent) == "bad_signature"


async def test_own_key_in_the_name_of_another(arena: Arena, world: World) -> None:
    """A statement in another member's name is refused, though key and signature hold and its session brings it."""
    accomplice = await arena.resume("UZ/NFP")
    sent = world.dispatch("UZ/NFP", [RU])
    header = f'{{"alg":"Ed25519","kid":"{world.party(KZ).sig.kid}","typ":"serai-dispatch+jwt"}}'
    assert await accomplice.submit(with_header(sent, header, world.party(KZ).sig)) == "unknown_key"


async def test_another_spelling_of_a_signature(arena: Arena, world: World) -> None:
    """A signature with a spare bit set is refused: else one statement would have sixteen identities."""
    peer = await arena.resume()
    sent = world.dispatch("KZ/NFP", [UZ])
    spelt = sent.text[:-1] + ALPHABET[ALPHABET.index(sent.text[-1]) + 1]
    assert await peer.submit(replace(sent, text=spelt)) == "malformed_statement"


@pytest.mark.parametrize("weak", [name for name in WEAK_KEYS if "beyond" not in name and name != "no-point"])
async def test_key_for_which_anybody_can_sign(arena: Arena, world: World, weak: str) -> None:
    """A point of small order is no key: no credential can make it one."""
    peer = await arena.resume()
    assert await peer.submit(weak_credential(world, weak)) == "malformed_statement"


@pytest.mark.parametrize("weak", [name for name in WEAK_KEYS if "beyond" in name])
async def test_another_spelling_of_a_key(arena: Arena, world: World, weak: str) -> None:
    """A point in a second spelling is no key: else one key would have two thumbprints."""
    peer = await arena.resume()
    assert await peer.submit(weak_credential(world, weak)) == "malformed_statement"


async def test_key_that_is_no_point(arena: Arena, world: World) -> None:
    """Bytes that are no point of the curve are no key: some libraries take them, and directories would part."""
    peer = await arena.resume()
    assert await peer.submit(weak_credential(world, "no-point")) == "malformed_statement"


FALSE_EDGES = [edge for edge in EDGES if not edge.holds]


@pytest.mark.parametrize("edge", FALSE_EDGES, ids=[edge.name for edge in FALSE_EDGES])
async def test_signature_that_libraries_judge_differently(arena: Arena, world: World, edge: Edge) -> None:
    """A signature at an edge of Ed25519 is judged by the rules of the page, not by those of a library."""
    peer = await arena.resume()
    officer = Party(Address("KZ/NFP/EDGE"), edge.key("edge"), None)
    credential = edge_credential(world, officer, edge)
    assert await peer.submit(credential) == "accepted"
    world.admit(credential)
    world.parties[officer.address] = officer
    assert await peer.submit(world.dispatch(officer.address, [UZ])) == "bad_signature"


UNKNOWN = {"kty": "AKP", "alg": "ML-DSA-65", "pub": "A" * 2_603}
"""The key of a later version."""


def later_credential(world: World, officer: Party, jwk: dict[str, str]) -> str:
    """A credential that certifies a JWK of a kind that nobody knows as an officer's signing key."""
    asked = world.later_enrolment(officer.address, {"sig": jwk})
    return world.credential(officer, roles=["exchange"], request=asked)


async def test_key_of_unknown_kind_lends_nothing(arena: Arena, world: World) -> None:
    """A key of a later version is not certified where nobody can say who holds it, and nothing is admitted by it."""
    peer = await arena.resume()
    officer = Party.of(Address("KZ/NFP/LATER"))
    assert await peer.submit(later_credential(world, officer, UNKNOWN)) == "unsupported_alg"
    kid = UnknownKey.from_jwk(UNKNOWN).kid
    for key in (officer.sig, world.event_key):
        claims = {**claims_of(world.dispatch("KZ/NFP", [UZ]).text), "iss": officer.address}
        for alg, verdict in (("Ed25519", "unknown_key"), ("ML-DSA-65", "unsupported_alg")):
            header = f'{{"alg":"{alg}","kid":"{kid}","typ":"serai-dispatch+jwt"}}'
            sent = world.dispatch("KZ/NFP", [UZ])
            payload = encode_base64url(encode_json(claims).encode())
            assert await peer.submit(with_header(replace(sent, text=f".{payload}."), header, key)) == verdict


@pytest.mark.parametrize("name", ["d", "k", "priv"])
async def test_secret_key_is_no_key(arena: Arena, world: World, name: str) -> None:
    """A key of any kind that brings its secret along is refused, before everybody has it."""
    peer = await arena.resume()
    officer = Party.of(Address("KZ/NFP/LATER"))
    jwk = {"kty": "OKP", "crv": "Ed448", "x": "A" * 76, name: "A" * 76}
    asked = world.enrolment(officer, key={"sig": jwk})
    credential = world.credential(officer, roles=["exchange"], request=asked)
    assert await peer.submit(credential) == "malformed_statement"


async def test_token_is_no_statement(arena: Arena, world: World) -> None:
    """A session token, signed by the same key, cannot be put into the ledger."""
    peer, size = await arena.resume(), arena.size
    assert await peer.submit(world.token("KZ/NFP")) == "unsupported_type"
    assert arena.size == size
