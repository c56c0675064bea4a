"""The committed vectors are what their generator makes, and the code behaves as they say."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest

from schemas.addresses import Address, member_of, parse_address
from schemas.checkpoint import parse_note, sign_note, verify_note
from schemas.claims import Dispatch
from schemas.directory import Directory, Place
from schemas.encoding import Digest, decode_base64url, decode_digest, decode_json, encode_base64url, sha256
from schemas.errors import PROBLEMS, Code, SeraiError
from schemas.evidence import parse_evidence
from schemas.frames import parse_frame
from schemas.keys import DecryptionKey, SigningKey, VerifyKey
from schemas.leaf import parse_leaf
from schemas.merkle import (
    decode_proof,
    encode_proof,
    hash_children,
    hash_leaf,
    root_of,
    verify_consistency,
    verify_inclusion,
)
from schemas.sealing import Entry, entries_root, open_body, parse_copy, parse_sealed, unwrap_key, verify_body
from schemas.statements import parse_statement, verify_statement
from schemas.tlogproof import parse_tile_path, parse_tlogproof
from schemas.verification import EvidenceError, verify_evidence
from tests.vectors.generate import DIRECTORY, committed_entries, generate

NEGATIVE: Final = sorted((DIRECTORY / "negative").glob("*.json"))


def _load(name: str) -> Any:
    return json.loads((DIRECTORY / f"{name}.json").read_text(encoding="utf-8"))


def _named(name: str, kind: str) -> dict[str, Any]:
    return next(key for key in _load("keys")[kind] if key["name"] == name)


# Drift


def test_generator_makes_the_committed_files() -> None:
    """Files and generator agree to the byte, and neither has a vector that the other lacks."""
    committed = {
        str(path.relative_to(DIRECTORY)): path.read_text(encoding="utf-8") for path in DIRECTORY.rglob("*.json")
    }
    assert committed == generate(committed_entries())


def test_only_what_hpke_draws_is_fresh() -> None:
    """New entries change nothing in what does not depend on them."""
    old, new = generate(committed_entries()), generate(None)
    same = {"keys.json", "codes.json", "credential.json", "proofs.json", "negative/json-nan.json"}
    assert {name for name in same if old[name] == new[name]} == same
    before, after = json.loads(old["dispatch.json"]), json.loads(new["dispatch.json"])
    assert before["entries"] != after["entries"]
    assert {name for name in before if before[name] == after[name]} == set(before) - {
        "entries",
        "entries_root",
        "sealed",
        "copies",
        "cover",
    }


# What the worked vectors say


def test_keys() -> None:
    """Seeds give the public keys and thumbprints that are stated, by the expansion that is stated."""
    for vector in _load("keys")["signing"]:
        key = SigningKey.from_seed(bytes.fromhex(vector["seed"]))
        assert (key.public.to_jwk(), key.kid) == (vector["jwk"], vector["kid"])
    for vector in _load("keys")["encryption"]:
        seed = bytes.fromhex(vector["seed"])
        opener = DecryptionKey.from_seed(seed)
        assert (opener.public.to_jwk(), opener.kid) == (vector["jwk"], vector["kid"])
        assert hashlib.shake_256(seed).hexdigest(96) == vector["shake256"]


def test_codes() -> None:
    """The table of codes is the one in the code."""
    assert {name: row["close_code"] for name, row in _load("codes").items()} == {
        code.value: problem.close_code for code, problem in PROBLEMS.items()
    }


@pytest.mark.parametrize(("name", "signer"), [("statement", "KG/NFP"), ("credential", "KZ/NFP")])
def test_statement(name: str, signer: str) -> None:
    """Header, payload and signature are the parts of the statement, which its key verifies."""
    vector = _load(name)
    parts = [encode_base64url(vector[part].encode()) for part in ("header", "payload")]
    assert vector["signing_input"] == ".".join(parts)
    assert vector["statement"] == f"{vector['signing_input']}.{encode_base64url(bytes.fromhex(vector['signature']))}"
    assert vector["digest"] == encode_base64url(sha256(vector["statement"].encode()))
    key = VerifyKey.from_jwk(_named(signer, "signing")["jwk"])
    assert verify_statement(parse_statement(vector["statement"]), key).claims.iss == signer


def test_dispatch_opens_for_each_recipient() -> None:
    """Every entry gives the stated content key, which opens the stated content, as the cover commits."""
    vector = _load("dispatch")
    key = VerifyKey.from_jwk(_named("KZ/NFP/DUTY-1", "signing")["jwk"])
    cover = verify_statement(parse_statement(vector["cover"]["statement"]), key).claims
    assert isinstance(cover, Dispatch)
    claim, envelope = cover.content.claim(), cover.envelope()
    assert [entry["address"] for entry in vector["entries"]] == [*cover.to, member_of(cover.iss)]
    for place, entry in enumerate(vector["entries"]):
        opener = DecryptionKey.from_seed(bytes.fromhex(_named(entry["address"], "encryption")["seed"]))
        copy = parse_copy(vector["copies"][entry["address"]])
        verify_body(copy.body, claim, envelope)
        verify_inclusion(decode_digest(entry["leaf_hash"]), place, 3, decode_proof(entry["proof"]), claim.entries)
        content_key = unwrap_key(copy.entry, opener, claim, envelope, Address(entry["address"]))
        assert content_key.hex() == vector["content_key"]
        opened = open_body(copy.body, content_key, envelope)
        assert opened == vector["content"].encode().ljust(vector["size"])


def test_dispatch_is_put_together_as_it_says() -> None:
    """The inputs of digest, commitment and entries root are those stated."""
    vector = _load("dispatch")
    sealed = parse_sealed(vector["sealed"])
    content = json.loads(vector["cover"]["payload"])["content"]
    joined = ".".join(vector["sealed"][name] for name in ("protected", "iv", "ciphertext", "tag", "aad"))
    assert encode_base64url(sha256(joined.encode())) == content["digest"]
    assert encode_base64url(sha256(bytes.fromhex(vector["commitment_input"]))) == content["commitment"]
    assert encode_base64url(entries_root(sealed.entries)) == content["entries"] == vector["entries_root"]
    assert content["size"] == vector["size"]
    assert decode_base64url(vector["sealed"]["aad"]).decode() == vector["aad"]


def test_leaves_and_checkpoint() -> None:
    """The stated leaves hash to the root of the stated note, which the ledger key makes again to the byte."""
    leaves, head = _load("leaf")["leaves"], _load("checkpoint")
    parsed = [parse_leaf(decode_base64url(leaf["leaf"])) for leaf in leaves]
    assert [encode_base64url(leaf.hash) for leaf in parsed] == [leaf["hash"] for leaf in leaves]
    assert [leaf.to_bytes().hex() for leaf in parsed] == [leaf["bytes"] for leaf in leaves]
    assert encode_base64url(root_of([leaf.hash for leaf in parsed])) == head["root"]
    verified = verify_note(parse_note(head["note"]), head["origin"], VerifyKey.from_jwk(head["jwk"]).public_key)
    key = SigningKey.from_seed(bytes.fromhex(_named("ledger", "signing")["seed"]))
    assert sign_note(verified.checkpoint, key.private_key) == head["note"]
    assert head["note"].startswith(head["body"])


def test_proofs() -> None:
    """Every stated proof holds for the stated roots, and the tiles hold the stated trees."""
    vector = _load("proofs")
    hashes = [hash_leaf(str(number).encode()) for number in range(260)]
    roots = {row["size"]: decode_digest(row["root"]) for row in vector["roots"]}
    assert all(root_of(hashes[:size]) == root for size, root in roots.items())
    for row in vector["inclusion"]:
        size, index = row["size"], row["index"]
        verify_inclusion(hashes[index], index, size, decode_proof(row["proof"]), roots[size])
    for row in vector["consistency"]:
        old, new = row["from"], row["to"]
        verify_consistency(old, roots[old], new, roots[new], decode_proof(row["proof"]))
    tiles = {tuple(parse_tile_path(row["path"])): decode_base64url(row["hashes"]) for row in vector["tiles"]}
    assert tiles[0, 0, 256] + tiles[0, 1, 4] == b"".join(hashes)
    assert hash_children(tiles[1, 0, 1], root_of(hashes[256:])) == roots[260]


def test_evidence() -> None:
    """The evidence file proves what is stated and nothing more."""
    vector = _load("evidence")
    verified = verify_evidence(parse_evidence(vector["file"].encode()), vector["root"])
    proves = vector["proves"]
    assert verified.said.statement.claims.iss == proves["signer"]
    assert (verified.said.index, verified.said.accepted_at) == (proves["index"], proves["accepted_at"])
    assert list(verified.recipients) == proves["recipients"]
    assert verified.content is not None
    assert (verified.content.disclosed or b"").rstrip().decode() == proves["content"]
    assert [limit.value for limit in verified.limits] == vector["does_not_prove"]


# What must be refused


def _read_statement(given: dict[str, Any]) -> None:
    verify_statement(parse_statement(given["statement"]), VerifyKey.from_jwk(given["jwk"]))


def _read_directory(given: dict[str, Any]) -> None:
    directory = Directory(given["network"])
    *before, last = given["items"]
    for item in before:
        directory = _applied(directory, item)
    with pytest.raises(SeraiError) as caught:
        _applied(directory, last)
    raise caught.value


def _applied(directory: Directory, item: dict[str, Any]) -> Directory:
    verified = directory.verify(parse_statement(item["statement"]))
    return directory.apply(verified, Place(item["index"], item["time"]))


def _read_copy(given: dict[str, Any]) -> None:
    """A recipient's steps 5 to 9 as PROTOCOL 7 numbers them."""
    cover = verify_statement(parse_statement(given["statement"]), VerifyKey.from_jwk(given["jwk"])).claims
    assert isinstance(cover, Dispatch)
    addresses = [*cover.to, member_of(cover.iss)]
    if given["recipient"] not in addresses:
        raise SeraiError(Code.NOT_A_RECIPIENT)
    copy, claim, envelope = parse_copy(given["copy"]), cover.content.claim(), cover.envelope()
    verify_body(copy.body, claim, envelope)
    _check_entry(copy.entry, addresses.index(given["recipient"]), decode_proof(given["entry_proof"]), claim.entries)
    opener = DecryptionKey.from_seed(bytes.fromhex(given["seed"]))
    if copy.entry.kid != opener.kid:
        raise SeraiError(Code.NO_KEY)
    content_key = unwrap_key(copy.entry, opener, claim, envelope, Address(given["recipient"]))
    open_body(copy.body, content_key, envelope)


def _check_entry(entry: Entry, place: int, proof: tuple[Digest, ...], root: Digest) -> None:
    try:
        verify_inclusion(hash_leaf(entry.to_bytes()), place, 3, proof, root)
    except SeraiError as error:
        raise SeraiError(Code.ENTRIES_MISMATCH) from error


def _read_note(given: dict[str, Any]) -> None:
    verify_note(parse_note(given["note"]), given["origin"], VerifyKey.from_jwk(given["jwk"]).public_key)


def _read_inclusion(given: dict[str, Any]) -> None:
    leaf = parse_leaf(decode_base64url(given["leaf"]))
    root, proof = decode_digest(given["root"]), decode_proof(given["proof"])
    verify_inclusion(leaf.hash, given["index"], given["size"], proof, root)


def _read_consistency(given: dict[str, Any]) -> None:
    roots = decode_digest(given["root1"]), decode_digest(given["root2"])
    verify_consistency(given["size1"], roots[0], given["size2"], roots[1], decode_proof(given["proof"]))


READERS: dict[str, Callable[[dict[str, Any]], object]] = {
    "json": lambda given: decode_json(given["text"], 1_000),
    "base64url": lambda given: decode_base64url(given["text"]),
    "address": lambda given: parse_address(given["text"]),
    "jwk": lambda given: VerifyKey.from_jwk(given["jwk"]),
    "frame": lambda given: parse_frame(given["text"]),
    "statement": _read_statement,
    "directory": _read_directory,
    "copy": _read_copy,
    "note": _read_note,
    "inclusion": _read_inclusion,
    "consistency": _read_consistency,
    "evidence": lambda given: verify_evidence(parse_evidence(given["file"].encode()), given["root"]),
}


@pytest.mark.parametrize("path", NEGATIVE, ids=[path.stem for path in NEGATIVE])
def test_negative(path: Path) -> None:
    """The input is refused with the stated code, and at the stated step if there is one."""
    given = json.loads(path.read_text(encoding="utf-8"))
    with pytest.raises(SeraiError) as caught:
        READERS[given["kind"]](given)
    assert caught.value.code == given["code"]
    step = caught.value.step.value if isinstance(caught.value, EvidenceError) else None
    assert step == given.get("step")


def test_honest_input_passes_the_same_readers() -> None:
    """What the negative vectors were made from is accepted: each is refused for its one fault alone."""
    dispatch, keys = _load("dispatch"), {key["name"]: key for key in _load("keys")["signing"]}
    given = {
        "statement": dispatch["cover"]["statement"],
        "jwk": keys["KZ/NFP/DUTY-1"]["jwk"],
        "copy": dispatch["copies"]["KG/NFP"],
        "entry_proof": dispatch["entries"][0]["proof"],
        "recipient": "KG/NFP",
        "seed": _named("KG/NFP", "encryption")["seed"],
    }
    leaf, head = _load("leaf")["leaves"][5], _load("checkpoint")
    _read_copy(given)
    _read_note(head)
    _read_statement({"statement": _load("statement")["statement"], "jwk": keys["KG/NFP"]["jwk"]})
    hashes = parse_tlogproof(json.loads(_load("evidence")["file"])["proof"]).hashes
    _read_inclusion({**head, "leaf": leaf["leaf"], "index": 5, "proof": encode_proof(hashes)})


def test_there_is_a_negative_of_every_kind() -> None:
    """No reader is without a vector."""
    assert {json.loads(path.read_text(encoding="utf-8"))["kind"] for path in NEGATIVE} == set(READERS)
