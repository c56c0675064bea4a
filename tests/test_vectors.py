"""The committed vectors are what their generator makes, and the code behaves as they say."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest

from broker.core.timekeeping import Course, SignOfLife, doubt_at_start, follow, last_life_ms
from clients.system import Clock
from clients.trust.heads import learn_epochs
from schemas.addresses import Address, member_of, parse_address
from schemas.blobs import BlobOpener
from schemas.checkpoint import parse_note, parse_view, sign_note, verify_note, view_of
from schemas.claims import Dispatch, Session, StatementType, parse_claims
from schemas.directory import (
    UNREADABLE,
    Directory,
    Position,
    apply_statement,
    first_difference,
    mark_unread,
    overrules,
)
from schemas.encoding import Digest, decode_base64url, decode_digest, decode_json, encode_base64url, sha256
from schemas.errors import PROBLEMS, Code, SeraiError
from schemas.evidence import parse_evidence
from schemas.frames import Welcome, agree, encode_frame, parse_frame
from schemas.keykinds import read_signing_key
from schemas.keys import DecryptionKey, SigningKey, VerifyKey
from schemas.leaf import parse_leaf, read_leaf
from schemas.merkle import (
    decode_proof,
    hash_children,
    hash_leaf,
    root_of,
    verify_consistency,
    verify_inclusion,
)
from schemas.proven import EvidenceError
from schemas.reports import read_report
from schemas.rules.handling import handling_that_holds
from schemas.rules.status import is_status_known, may_be_real
from schemas.sealing import Entry, entries_root, open_body, parse_copy, parse_sealed, unwrap_key, verify_body
from schemas.statements import parse_statement, parse_under_leaf, verify_statement
from schemas.tiles import parse_tile_path
from schemas.verification import verify_evidence
from tests.support.refusals import refused
from tests.vectors.blobs import sealed_of
from tests.vectors.generate import DIRECTORY, committed_entries, generate

_FRAME_TYPES: Final = ("welcome", "resume", "submit", "accepted", "refused", "deliver", "ack")
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
    for vector in _load("keys")["unknown"]:
        assert read_signing_key(vector["jwk"]).kid == vector["kid"]


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


def test_edges_of_ed25519_that_hold() -> None:
    """Signatures that some libraries refuse hold where PROTOCOL 4 says so."""
    vectors = _load("ed25519")["accepted"]
    assert len(vectors) == 2
    for vector in vectors:
        _read_statement(vector)


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
    verified = verify_note(parse_note(head["note"]), head["origin"], VerifyKey.from_jwk(head["jwk"]))
    key = SigningKey.from_seed(bytes.fromhex(_named("ledger", "signing")["seed"]))
    assert sign_note(verified.checkpoint, key.private_key) == head["note"]
    assert head["note"].startswith(head["body"])


def test_later_notes() -> None:
    """Notes of a later version, with extension lines and lines of other keys, verify; views have one line of them."""
    head = _load("checkpoint")
    key = VerifyKey.from_jwk(head["jwk"])
    for later in head["later"]:
        verified = verify_note(parse_note(later["note"]), head["origin"], key)
        assert (verified.checkpoint.size, encode_base64url(verified.checkpoint.root)) == (head["size"], head["root"])
        assert view_of(later["note"], key) == parse_view(later["view"]).text


def test_later_leaves() -> None:
    """Leaves of a later version read back to the byte; of a known type they say what it says, of another nothing."""
    later = _load("leaf")["later"]
    parsed = [read_leaf(leaf["leaf"]) for leaf in later]
    assert [(leaf.to_bytes().hex(), encode_base64url(leaf.hash)) for leaf in parsed] == [
        (leaf["bytes"], leaf["hash"]) for leaf in later
    ]
    assert [leaf.type for leaf in parsed] == [StatementType.DISPATCH, StatementType.DISPATCH, None, None]
    for leaf, given in zip(parsed[2:], later[2:], strict=True):
        with refused(Code.UNSUPPORTED_TYPE):
            parse_under_leaf(given["statement"], leaf)


def test_tokens() -> None:
    """Every stated token is signed for its use, and lives a minute."""
    key = VerifyKey.from_jwk(_named("KG/NFP", "signing")["jwk"])
    for use, token in _load("tokens").items():
        claims = verify_statement(parse_statement(token["statement"]), key).claims
        assert isinstance(claims, Session)
        assert (claims.use, claims.exp - claims.iat, claims.seat) == (use, 60, "desk-1" if use == "exchange" else None)


def test_frames() -> None:
    """Every stated frame is read, and written again to the same; what a later welcome adds means nothing."""
    frames = {name: frame["text"] for name, frame in _load("frames").items()}
    read = {name: parse_frame(text) for name, text in frames.items()}
    assert {frame.type for frame in read.values()} == {*_FRAME_TYPES}
    for name, text in frames.items():
        assert name == "welcome_later" or json.loads(encode_frame(read[name])) == json.loads(text)
    first, later = read["welcome"], read["welcome_later"]
    assert isinstance(later, Welcome)
    assert agree(later.features) == []
    assert later.model_copy(update={"features": []}) == first


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


def test_reports() -> None:
    """Each report is read as far as its form knows it, and the rest is as written at its path."""
    for vector in _load("report")["reports"]:
        read = read_report(vector["content"].encode(), vector["report"])
        assert (read.form is not None, read.is_known) == (vector["is_form_known"], vector["is_all_known"])
        assert [{"path": list(each.path), "value": each.value} for each in read.as_written] == vector["as_written"]


def test_closed_words() -> None:
    """What a hub refuses is read all the same: as what may be real, and as what may not be passed on."""
    payload = json.loads(_load("dispatch")["cover"]["payload"])
    for vector in _load("closed")["covers"]:
        words = {"status": vector["status"], "handling": vector["handling"]}
        read = parse_claims(StatementType.DISPATCH, {**payload, **words}, lenient=True)
        assert isinstance(read, Dispatch)
        assert is_status_known(read.status) == vector["is_known_whether_real"]
        assert may_be_real(read.status) == vector["rings_as_real"]
        assert handling_that_holds(read.handling) == vector["handling_that_holds"]


@pytest.mark.parametrize("start", _load("clock")["start"])
def test_clock_at_the_start(start: dict[str, Any]) -> None:
    """A hub believes its clock, or says why not, by its last sign of life and its newest leaf."""
    sign = SignOfLife(start["sign"]["at"], start["sign"]["ledger"]) if start["sign"] else None
    doubt = doubt_at_start(start["now"], last_life_ms(sign, start["newest"]), synchronised=start["synchronised"])
    assert doubt == start["clock"]


@pytest.mark.parametrize("run", _load("clock")["run"])
def test_clock_of_a_hub_that_runs(run: dict[str, Any]) -> None:
    """Steps forward of an hour in all are gone over; any other ends the hub, whatever comes after."""
    course, offset_ms, clock = Course(0, 0), 0, None
    for step_ms in run["steps"]:
        offset_ms += step_ms
        if (followed := follow(course, offset_ms)) is None:
            clock = "moved"
            break
        course, _ = followed
    assert clock == run["clock"]


def test_clock_of_a_client() -> None:
    """A client follows a hub's time by a day at most, and alarms on leaves that are an hour ahead of its machine."""
    vector = _load("clock")
    for row in vector["client"]:
        clock = Clock(lambda row=row: row["machine"])  # type: ignore[misc]
        clock.confirmed_ms = row["confirmed"]
        assert [clock.correct(said_ms) for said_ms in row["hub"]].count(False) == row["alarms"], row
        assert clock.offset_ms == row["offset"], row
    for row in vector["leaf"]:
        clock = Clock(lambda row=row: row["machine"])  # type: ignore[misc]
        clock.confirmed_ms = row["confirmed"]
        assert clock.is_ahead(row["accepted_at"]) == row["alarm"], row


def test_evidence() -> None:
    """Each evidence file proves what is stated, names what it lacks, and nothing more."""
    vector = _load("evidence")
    for file in vector["files"]:
        verified = verify_evidence(parse_evidence(file["file"].encode()), vector["root"])
        assert (verified.network, verified.checkpoint.size) == (file["proves"]["network"], file["proves"]["size"])
        assert [[each.digest, each.index, each.how] for each in verified.missing] == file["missing"]
        assert [limit.value for limit in verified.limits] == file["does_not_prove"]
        for item, proves in zip(verified.items, file["proves"]["items"], strict=True):
            assert item.statement.claims.iss == proves["signer"]
            assert [link.address for link in item.chain] == proves["chain"]
            assert (item.index, item.accepted_at) == (proves["index"], proves["accepted_at"])
            assert list(item.recipients) == proves["recipients"]
            opened = (item.content.disclosed or b"").rstrip().decode() if item.content else None
            assert opened == proves.get("content")
            assert [limit.value for limit in item.limits] == proves["does_not_prove"]


@pytest.mark.parametrize("case", _load("directory")["cases"], ids=lambda case: case["what"][:40])
def test_directory(case: dict[str, Any]) -> None:
    """Each public statement has the stated effect at its place, and every question the stated answer."""
    directory = Directory(_load("directory")["network"])
    questions: dict[int, list[dict[str, Any]]] = {}
    for question in case["questions"]:
        questions.setdefault(question["index"], []).append(question)
    for index, item in enumerate(case["items"]):
        directory, result = _effect(directory, item["statement"], Position(index, item["accepted_at"] // 1000))
        assert result == item["result"]
        for question in questions.pop(index + 1, []):
            assert _answer(directory, question) == question["answer"]
    assert questions == {}


def _effect(directory: Directory, text: str, place: Position) -> tuple[Directory, str]:
    try:
        return apply_statement(directory, directory.verify(parse_statement(text)), place), "applied"
    except SeraiError as error:
        try:
            return (
                (mark_unread(directory, text, place), "marks") if error.code in UNREADABLE else (directory, error.code)
            )
        except SeraiError:
            return directory, error.code


def _answer(directory: Directory, question: dict[str, Any]) -> object:
    place, about = Position(question["index"], question["time_ms"] // 1000), question["about"]
    try:
        match question["ask"]:
            case "holder":
                return directory.holder(about, place).place.index
            case "current":
                found = directory.current(about, place)
                return found.place.index if found else None
            case "sealed":
                return directory.encryption_key(about, place).kid
            case "suspended":
                return directory.is_suspended(about, place)
            case _:
                return about in directory.unjudged(place)
    except SeraiError as error:
        return {"code": error.code}


def test_two_epochs_of_a_number() -> None:
    """Of two histories that part the stated one holds."""
    network = _load("directory")["network"]
    for pair in _load("directory")["two_epochs"]:
        known, shown = (learn_epochs(network, pair[name]) for name in ("known", "shown"))
        assert first_difference(known, shown) == pair["number"]
        assert overrules(known, shown, pair["number"]) is pair["shown_holds"]


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
    return apply_statement(directory, verified, Position(item["index"], item["time"]))


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
    verify_note(parse_note(given["note"]), given["origin"], VerifyKey.from_jwk(given["jwk"]))


def _read_leaf(given: dict[str, Any]) -> None:
    leaf = read_leaf(given["leaf"])
    if "statement" in given:
        parse_under_leaf(given["statement"], leaf)


def _read_inclusion(given: dict[str, Any]) -> None:
    leaf = parse_leaf(decode_base64url(given["leaf"]))
    root, proof = decode_digest(given["root"]), decode_proof(given["proof"])
    verify_inclusion(leaf.hash, given["index"], given["size"], proof, root)


def _read_consistency(given: dict[str, Any]) -> None:
    roots = decode_digest(given["root1"]), decode_digest(given["root2"])
    verify_consistency(given["size1"], roots[0], given["size2"], roots[1], decode_proof(given["proof"]))


def _read_blob(given: dict[str, Any]) -> None:
    names = decode_digest(given["sha256"]), decode_digest(given["blob"])
    opener = BlobOpener(decode_base64url(given["key"], 32), given["named_size"], *names)
    for _piece in opener.open([sealed_of(given)]):
        pass  # nothing of it counts before the end


READERS: dict[str, Callable[[dict[str, Any]], object]] = {
    "json": lambda given: decode_json(given["text"], 1_000),
    "base64url": lambda given: decode_base64url(given["text"]),
    "address": lambda given: parse_address(given["text"]),
    "jwk": lambda given: read_signing_key(given["jwk"]),
    "frame": lambda given: parse_frame(given["text"]),
    "statement": _read_statement,
    "directory": _read_directory,
    "copy": _read_copy,
    "blob": _read_blob,
    "report": lambda given: read_report(given["content"].encode(), given["report"]),
    "note": _read_note,
    "view": lambda given: parse_view(given["note"]),
    "leaf": _read_leaf,
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
    item = json.loads(_load("evidence")["files"][0]["file"])["items"][0]
    _read_inclusion({**head, "leaf": leaf["leaf"], "index": item["index"], "proof": item["proof"]})


def test_there_is_a_negative_of_every_kind() -> None:
    """No reader is without a vector."""
    assert {json.loads(path.read_text(encoding="utf-8"))["kind"] for path in NEGATIVE} == set(READERS)
