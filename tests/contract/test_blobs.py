"""What the store knows of attachments: uploads, links, what a member may name and fetch, what is let go."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Final

from broker.adapters.db.store import SqlStore
from broker.core.admission.batch import Admitter
from broker.core.admission.effects import BlobLink, EventDraft
from broker.core.facts import HeldBlob, needs_of
from broker.core.quota import Quota
from broker.ports.blobs import UploadedBlob
from schemas.addresses import Address
from schemas.blobs import blob_size
from schemas.encoding import Digest, encode_base64url, sha256
from schemas.errors import Code
from tests.contract.ledger import Broken, Ledger, Open, raw
from tests.support.refusals import refused
from tests.support.world import KG, KZ, TJ, Sent, World

SIZE: Final = blob_size(2_048)
DAY_MS: Final = 86_400_000
QUOTA: Final = Quota(partial=2, waiting_bytes=3 * SIZE, day_bytes=4 * SIZE)
ROOMY: Final = Quota()


def digest_of(number: int) -> Digest:
    """The name of a blob."""
    return sha256(bytes([number]))


def attached(*numbers: int) -> list[dict[str, object]]:
    """What a cover says of them."""
    return [{"digest": encode_base64url(digest_of(number)), "size": 2_048} for number in numbers]


def upload(
    store: SqlStore, number: int = 0, member: str = KZ, *, whole: bool = True, at_ms: int = 0, quota: Quota = ROOMY
) -> UploadedBlob:
    """An upload, whole at once."""
    blob = store.blobs.begin(Address(member), digest_of(number), SIZE, f"{number:032x}", at_ms, quota)
    if whole:
        store.blobs.complete(blob, at_ms)
    return blob


def send(ledger: Ledger, world: World, numbers: Sequence[int] = (0,), to: str = KG, iss: str = KZ) -> Sent:
    """A dispatch that names blobs."""
    sent = world.dispatch(iss, [to], attachments=attached(*numbers))
    ledger.commit(sent)
    return sent


def found(ledger: Ledger, sent: Sent) -> Admitter:
    """What a decision about a dispatch would know."""
    submission = ledger.verify(sent)
    with ledger.store.transaction() as transaction:
        facts = transaction.facts(needs_of([submission.statement.digest], [submission], ledger.directory))
    return Admitter(ledger.directory, ledger.size, ledger.world.time_ms, facts)


def test_an_upload_is_its_members(store: SqlStore, ledger: Ledger) -> None:
    """Two members that upload the same have two uploads; each finds its own, and nobody another's."""
    mine, theirs = upload(store, member=KZ, whole=False), upload(store, member=KG)
    assert mine.row != theirs.row
    assert store.blobs.find(Address(KZ), digest_of(0)) == mine
    assert store.blobs.find(Address(TJ), digest_of(0)) is None
    kg = store.blobs.find(Address(KG), digest_of(0))
    assert kg is not None
    assert kg.whole


def test_an_upload_begins_once(store: SqlStore, ledger: Ledger) -> None:
    """Who begins again gets the upload that there is, its file and length as they were."""
    first = upload(store, whole=False)
    again = store.blobs.begin(Address(KZ), digest_of(0), 9 * SIZE, "f" * 32, 5, QUOTA)
    assert again == first


def test_quota(store: SqlStore, ledger: Ledger) -> None:
    """Partial uploads, bytes that no dispatch names and bytes of a day are bounded, of each member by itself."""
    upload(store, 0, whole=False, quota=QUOTA)
    upload(store, 1, whole=False, quota=QUOTA)
    with refused(Code.QUOTA_EXCEEDED, "not whole"):
        upload(store, 2, quota=QUOTA)
    upload(store, 2, KG, quota=QUOTA)
    for number in (0, 1):
        blob = store.blobs.find(Address(KZ), digest_of(number))
        assert blob is not None
        store.blobs.complete(blob, 0)
    upload(store, 3, quota=QUOTA)
    with refused(Code.QUOTA_EXCEEDED, "no dispatch names"):
        upload(store, 4, quota=QUOTA)
    send(ledger, ledger.world, (0, 1, 3))
    upload(store, 4, quota=QUOTA)
    with refused(Code.QUOTA_EXCEEDED, "today"):
        upload(store, 5, quota=QUOTA)
    upload(store, 5, at_ms=DAY_MS, quota=QUOTA)


def test_what_a_member_may_name(store: SqlStore, ledger: Ledger, world: World) -> None:
    """Its own whole uploads, and what it may fetch; nothing that it has only seen, nothing partial."""
    blob = upload(store)
    upload(store, 1, KG, whole=False)
    mine = world.dispatch(KZ, [KG], attachments=attached(0, 1))
    assert found(ledger, mine)._blobs == {(digest_of(0), Address(KZ)): HeldBlob(blob.row, SIZE)}
    assert found(ledger, world.dispatch(KG, [TJ], attachments=attached(0, 1)))._blobs == {}
    send(ledger, world)
    on = world.dispatch(KG, [TJ], attachments=attached(0, 1))
    assert found(ledger, on)._blobs == {(digest_of(0), Address(KG)): HeldBlob(blob.row, SIZE)}
    assert found(ledger, on)._blob_statuses == {digest_of(0): world.status}
    assert found(ledger, world.dispatch(TJ, [KG], attachments=attached(0)))._blobs == {}


def test_link_is_written_with_its_dispatch(store: SqlStore, ledger: Ledger, world: World, reopen: Open) -> None:
    """After a commit the blob is linked and can be fetched by sender and recipient alone; so it is in a new program."""
    blob = upload(store)
    assert send(ledger, world).digest
    for opened in (store, reopen()):
        for reader in (KZ, KG):
            assert opened.blobs.fetchable(Address(reader), digest_of(0)).row == blob.row
        with refused(Code.NOT_FOUND):
            opened.blobs.fetchable(Address(TJ), digest_of(0))


def test_transaction_that_fails_links_nothing(store: SqlStore, ledger: Ledger, world: World) -> None:
    """A dispatch that is not committed leaves no link."""
    upload(store)
    with suppress(Broken), store.transaction() as transaction:
        ledger.write(transaction, world.dispatch(KZ, [KG], attachments=attached(0)))
        raise Broken
    with refused(Code.NOT_FOUND):
        store.blobs.fetchable(Address(KG), digest_of(0))


def test_sent_on_without_an_upload(store: SqlStore, ledger: Ledger, world: World) -> None:
    """A recipient sends a blob on; its recipients fetch the bytes that the first sender brought."""
    blob = upload(store)
    send(ledger, world)
    send(ledger, world, to=TJ, iss=KG)
    assert store.blobs.fetchable(Address(TJ), digest_of(0)).row == blob.row


def test_erased_dispatch_loses_its_links(store: SqlStore, ledger: Ledger, world: World) -> None:
    """Nobody fetches the attachment of a text that was erased; another dispatch that names it keeps it."""
    upload(store)
    first = send(ledger, world)
    send(ledger, world, to=TJ)
    erase(ledger, first.digest, (KZ, KG))
    with refused(Code.NOT_FOUND):
        store.blobs.fetchable(Address(KG), digest_of(0))
    assert store.blobs.fetchable(Address(KZ), digest_of(0)).whole
    assert store.blobs.take_unlinked(DAY_MS, 10) == []


def erase(ledger: Ledger, digest: str, members: Sequence[str]) -> None:
    """Erase the text of a dispatch."""
    draft = EventDraft("erased", tuple(map(Address, members)), (raw(digest),), "normal", reason="law")
    with ledger.store.transaction() as transaction:
        facts = transaction.facts(needs_of([], [], ledger.directory))
        admitter = Admitter(ledger.directory, ledger.size, ledger.world.time_ms, facts)
        admitter.append_event(ledger.sign(draft), draft)
        transaction.append(admitter.admitted, ())
    ledger.take(admitter)


def test_unlinked_blobs_are_taken(store: SqlStore, ledger: Ledger, world: World) -> None:
    """What no dispatch names goes when its time is over, oldest first, so many at once; what one names stays."""
    for number in range(3):
        upload(store, number, at_ms=number)
    upload(store, 3, whole=False)
    send(ledger, world, (1,))
    assert [blob.digest for blob in store.blobs.take_unlinked(2, 1)] == [digest_of(0)]
    assert [blob.digest for blob in store.blobs.take_unlinked(2, 9)] == [digest_of(2)]
    assert store.blobs.take_unlinked(2, 9) == []
    assert [blob.digest for blob in store.blobs.all()] == [digest_of(1), digest_of(3)]


def test_partial_uploads_are_taken(store: SqlStore, ledger: Ledger) -> None:
    """Only those go that are still partial when they are taken."""
    one, two = upload(store, 0, whole=False), upload(store, 1, whole=False)
    assert store.blobs.partial(0, 9) == [one, two]
    assert store.blobs.partial(-1, 9) == []
    store.blobs.complete(two, 0)
    assert store.blobs.take_partial([one, two]) == [one]
    assert store.blobs.take_partial([]) == []


def test_days_of_attachments(store: SqlStore, ledger: Ledger, world: World) -> None:
    """They count from the last recipient's confirmation; then the blob goes, and its text stays."""
    upload(store)
    sent = send(ledger, world)
    assert store.blobs.outlived(world.time_ms + DAY_MS, 9) == 0
    ledger.commit(world.receipt(KG, KZ, [sent.digest]))
    assert store.blobs.outlived(world.time_ms - 1, 9) == 0
    assert store.blobs.outlived(world.time_ms, 9) == 1
    with refused(Code.ERASED):
        store.blobs.fetchable(Address(KG), digest_of(0))
    assert len(store.blobs.take_unlinked(world.time_ms, 9)) == 1


def test_lost_blob_is_brought_again(store: SqlStore, ledger: Ledger, world: World) -> None:
    """A blob whose file is lost is gone to its readers until its uploader has brought it again; its links stay."""
    blob = upload(store)
    send(ledger, world)
    store.blobs.restart(blob, "e" * 32, 1)
    with refused(Code.GONE):
        store.blobs.fetchable(Address(KG), digest_of(0))
    assert store.blobs.partial(9, 9) == []
    store.blobs.forget(blob)
    again = store.blobs.find(Address(KZ), digest_of(0))
    assert again is not None
    assert (again.row, again.file) == (blob.row, "e" * 32)
    store.blobs.complete(again, 2)
    assert store.blobs.fetchable(Address(KG), digest_of(0)).file == "e" * 32


def test_count_and_files(store: SqlStore, ledger: Ledger) -> None:
    """The operator and the sweep are told how much there is, and which files are some upload's."""
    upload(store, 0)
    upload(store, 1, whole=False)
    count = store.blobs.count()
    assert (count.whole, count.whole_bytes, count.partial, count.partial_bytes) == (1, SIZE, 1, SIZE)
    assert store.blobs.files(["0" * 32, "f" * 32]) == {"0" * 32}


def test_check_compares_links(store: SqlStore, ledger: Ledger, world: World) -> None:
    """A check of the ledger finds a link that no text names, and misses one that a text names."""
    upload(store)
    upload(store, 1)
    sent = world.dispatch(KZ, [KG], attachments=attached(0))
    [admitted] = ledger.commit(sent)
    assert store.compare([admitted], world.time_ms) == []
    for links in ((), (BlobLink(digest_of(1), None),)):
        said = store.compare([replace(admitted, links=links)], world.time_ms)
        assert said == [f"link: not the attachments that the text at {admitted.index} names"]
