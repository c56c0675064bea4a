"""A member can make an evidence file of what it holds, and never one that does not hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import pytest

from clients.evidence import Disclosure, Held, Known, build_evidence
from schemas.addresses import Address
from schemas.encoding import encode_base64url
from schemas.errors import Code, SeraiError
from schemas.evidence import parse_evidence
from schemas.leaf import Leaf
from schemas.merkle import encode_proof
from schemas.verification import VerifiedEvidence, verify_evidence
from tests.support.evidence import Case
from tests.support.world import KG, KZ, UZ, digest_of


@dataclass(frozen=True)
class Kept:
    """A statement in a store that is a table."""

    index: int | None
    leaf: Leaf
    statement: str | None
    sealed: Mapping[str, Any] | None = None
    entry_proof: str | None = None
    content_key: bytes | None = None


class Table:
    """A store of everything in a toy ledger, with the recipient's copy; and a hub that proves it."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.kept = {
            digest_of(logged.text): Kept(index, logged.leaf, logged.text) for index, logged in enumerate(case.world.log)
        }
        content = case.content(KG)
        self.kept[case.sent.digest] = replace(
            self.kept[case.sent.digest],
            sealed=content.copy.to_json(),
            entry_proof=encode_proof(content.entry_proof),
            content_key=content.content_key,
        )
        self.asked: list[int] = []

    def get(self, digest: str) -> Held | None:
        """The statement of a digest."""
        return self.kept.get(digest)

    async def inclusion(self, index: int, size: int) -> str:
        """The proof of a leaf."""
        assert size == len(self.case.world.log)
        self.asked.append(index)
        return encode_proof(self.case.world.proof(index))

    async def file(self, digest: str, show: Disclosure) -> bytes:
        """A file."""
        known = Known(KG, self.case.world.directory, self.case.world.checkpoint())
        return await build_evidence(digest, known, self, self, show)

    async def build(self, digest: str, show: Disclosure) -> VerifiedEvidence:
        """A file, read by a stranger."""
        return verify_evidence(parse_evidence(await self.file(digest, show)), self.case.root)


@pytest.fixture
def table() -> Table:
    """The store of KG/NFP, which got a dispatch."""
    return Table(Case())


async def test_a_stranger_is_convinced(table: Table) -> None:
    """The file shows dispatch, content and receipts to a reader who knows only the root."""
    case = table.case
    receipts = tuple(digest_of(text) for text in reversed(case.receipts))
    verified = await table.build(case.sent.digest, Disclosure(key=True, receipts=receipts))
    assert verified.said.statement.text == case.sent.text
    assert verified.content is not None
    assert verified.content.report is not None
    assert [receipt.statement.text for receipt in verified.receipts] == case.receipts


@pytest.mark.parametrize(
    ("show", "has_content", "is_open"),
    [(Disclosure(content=False), False, False), (Disclosure(), True, False), (Disclosure(key=True), True, True)],
)
async def test_no_more_is_shown_than_asked(table: Table, show: Disclosure, has_content: bool, is_open: bool) -> None:
    """Content and its key are in the file only if they are to be disclosed."""
    verified = await table.build(table.case.sent.digest, show)
    assert (verified.content is not None) is has_content
    assert (verified.content is not None and verified.content.disclosed is not None) is is_open


async def test_only_what_is_needed_is_proven(table: Table) -> None:
    """The hub is asked for the statement, its receipts and the credentials above them, each once."""
    case = table.case
    await table.build(case.sent.digest, Disclosure(receipts=(digest_of(case.receipts[0]),)))
    needed = [
        c.place.index for name in (KZ, f"{KZ}/DUTY-1", KG) for c in case.world.directory.credentials(Address(name))
    ]
    assert sorted(table.asked) == sorted([*needed, 9, 10])


@pytest.mark.parametrize("kind", ["credential", "revocation", "own revocation", "event", "receipt"])
async def test_other_statements_can_be_shown(table: Table, kind: str) -> None:
    """A file can be about any statement that is held."""
    world = table.case.world
    texts = {
        "credential": world.log[2].text,
        "revocation": world.revocation(world.party(f"{UZ}/DUTY-1"), by=UZ),
        "own revocation": world.revocation(world.party(UZ)),
        "event": world.event("suspended", member=UZ),
        "receipt": table.case.receipts[2],
    }
    if all(logged.text != texts[kind] for logged in world.log):
        world.admit(texts[kind])
    verified = await Table(table.case).build(digest_of(texts[kind]), Disclosure())
    assert verified.said.statement.text == texts[kind]


async def test_an_erased_text_cannot_be_shown(table: Table) -> None:
    """What is gone, was never held, or lost its place to a new epoch cannot be shown."""
    digest = table.case.sent.digest
    for change, code in (({"statement": None}, Code.GONE), ({"index": None}, Code.NOT_FOUND)):
        kept = table.kept[digest]
        table.kept[digest] = replace(kept, **change)  # type: ignore[arg-type]
        with pytest.raises(SeraiError) as caught:
            await table.build(digest, Disclosure())
        assert caught.value.code is code
        table.kept[digest] = kept
    with pytest.raises(SeraiError) as caught:
        await table.build(encode_base64url(bytes(32)), Disclosure())
    assert caught.value.code is Code.NOT_FOUND


async def test_a_key_that_is_not_held_cannot_be_disclosed(table: Table) -> None:
    """A seat that never opened the content says so instead of disclosing nothing."""
    digest = table.case.sent.digest
    table.kept[digest] = replace(table.kept[digest], content_key=None)
    with pytest.raises(SeraiError) as caught:
        await table.build(digest, Disclosure(key=True))
    assert caught.value.code is Code.NO_KEY


async def test_a_lying_hub_spoils_no_file(table: Table) -> None:
    """A proof that does not hold makes an error, not a file."""

    async def lie(index: int, size: int) -> str:
        return encode_proof(table.case.world.proof(0))

    table.inclusion = lie  # type: ignore[method-assign]
    with pytest.raises(SeraiError) as caught:
        await table.file(table.case.sent.digest, Disclosure())
    assert caught.value.code is Code.BAD_PROOF
