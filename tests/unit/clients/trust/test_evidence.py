"""A member can make an evidence file of what it holds, and never one that does not hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import pytest

from clients.errors import LocalCode
from clients.trust.evidence import Disclosure, Held, Known, build_evidence
from schemas import limits
from schemas.addresses import Address
from schemas.encoding import encode_base64url
from schemas.errors import Code, SeraiError
from schemas.evidence import parse_evidence
from schemas.leaf import Leaf
from schemas.merkle import encode_proof
from schemas.proven import VerifiedEvidence
from schemas.verification import verify_evidence
from tests.support.evidence import Case
from tests.support.refusals import refused
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
        self.proofs: list[int] = []

    def get(self, digest: str) -> Held | None:
        """The statement of a digest."""
        return self.kept.get(digest)

    async def inclusion(self, index: int, size: int) -> str:
        """The proof of a leaf."""
        assert size == len(self.case.world.log)
        self.asked.append(index)
        return encode_proof(self.case.world.proof(index))

    async def file(self, *digests: str, show: Disclosure | None = None) -> bytes:
        """A file."""
        known = Known(KG, self.case.world.directory, self.case.world.checkpoint())
        return await build_evidence(digests, known, self, self, show or Disclosure(), self.proofs.append)

    async def build(self, *digests: str, show: Disclosure | None = None) -> VerifiedEvidence:
        """A file, read by a stranger."""
        return verify_evidence(parse_evidence(await self.file(*digests, show=show)), self.case.root)


@pytest.fixture
def table() -> Table:
    """The store of KG/NFP, which got a dispatch."""
    return Table(Case())


async def test_a_stranger_is_convinced(table: Table) -> None:
    """The file shows dispatch, content and receipts to a reader who knows only the root."""
    case = table.case
    receipts = tuple(digest_of(text) for text in reversed(case.receipts))
    verified = await table.build(*receipts, case.sent.digest, *receipts, show=Disclosure(key=True))
    assert [item.statement.text for item in verified.items] == [case.sent.text, *case.receipts]
    content = verified.items[0].content
    assert content is not None
    assert content.report is not None
    assert verified.missing == ()


@pytest.mark.parametrize(
    ("show", "has_content", "is_open"),
    [(Disclosure(content=False), False, False), (Disclosure(), True, False), (Disclosure(key=True), True, True)],
)
async def test_no_more_is_shown_than_asked(table: Table, show: Disclosure, has_content: bool, is_open: bool) -> None:
    """Content and its key are in the file only if they are to be disclosed."""
    verified = await table.build(table.case.sent.digest, show=show)
    content = verified.items[0].content
    assert (content is not None) is has_content
    assert (content is not None and content.disclosed is not None) is is_open


async def test_only_what_is_needed_is_proven(table: Table) -> None:
    """The hub is asked for the statements and the credentials above them, each once; each answer is counted."""
    case = table.case
    await table.build(case.sent.digest, digest_of(case.receipts[0]))
    needed = [
        c.place.index for name in (KZ, f"{KZ}/DUTY-1", KG) for c in case.world.directory.credentials(Address(name))
    ]
    assert sorted(table.asked) == sorted([*needed, 9, 10])
    assert table.proofs == list(range(1, len(table.asked) + 1))


async def test_what_is_shown_stands_there_once(table: Table) -> None:
    """A credential that the file is about is an item, and does not stand among the credentials as well."""
    case = table.case
    officer = digest_of(case.world.log[2].text)
    verified = await table.build(case.sent.digest, officer, officer)
    assert [item.digest for item in verified.items] == [officer, case.sent.digest]
    assert len(table.asked) == len(set(table.asked))


@pytest.mark.parametrize("count", [limits.EVIDENCE_ITEMS, limits.EVIDENCE_ITEMS + 1])
async def test_a_file_that_would_be_too_large_costs_nothing(table: Table, count: int) -> None:
    """What cannot fit into a file is refused, with what may, before the hub is asked for anything."""
    kept = table.kept[digest_of(table.case.receipts[0])]
    many = [encode_base64url(number.to_bytes(32, "big")) for number in range(count)]
    table.kept |= {digest: replace(kept, statement=f"{kept.statement}{' ' * 4096}") for digest in many}
    with refused(LocalCode.EVIDENCE_TOO_LARGE, "4096 statements and 16 MiB"):
        await table.file(*many)
    assert table.asked == []


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
    verified = await Table(table.case).build(digest_of(texts[kind]))
    assert [item.statement.text for item in verified.items] == [texts[kind]]


async def test_an_erased_text_cannot_be_shown(table: Table) -> None:
    """What is gone, was never held, or lost its place to a new epoch cannot be shown."""
    digest = table.case.sent.digest
    for change, code in (({"statement": None}, Code.GONE), ({"index": None}, LocalCode.NOT_IN_STORE)):
        kept = table.kept[digest]
        table.kept[digest] = replace(kept, **change)  # type: ignore[arg-type]
        with pytest.raises(SeraiError) as caught:
            await table.build(digest)
        assert caught.value.code is code
        table.kept[digest] = kept
    with refused(LocalCode.NOT_IN_STORE):
        await table.build(encode_base64url(bytes(32)))


async def test_a_key_that_is_not_held_cannot_be_disclosed(table: Table) -> None:
    """A seat that never opened the content says so instead of disclosing nothing."""
    digest = table.case.sent.digest
    table.kept[digest] = replace(table.kept[digest], content_key=None)
    with refused(LocalCode.UNREADABLE_HERE, "9"):
        await table.build(digest, show=Disclosure(key=True))


async def test_a_lying_hub_spoils_no_file(table: Table) -> None:
    """A proof that does not hold makes an error, not a file."""

    async def lie(index: int, size: int) -> str:
        return encode_proof(table.case.world.proof(0))

    table.inclusion = lie  # type: ignore[method-assign]
    with pytest.raises(SeraiError) as caught:
        await table.file(table.case.sent.digest)
    assert caught.value.code is Code.BAD_PROOF
