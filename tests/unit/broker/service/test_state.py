"""The ledger's state at a start: the database goes on from what was ever promised, or the hub does not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from broker.adapters.db.store import SqlStore
from broker.adapters.register import FileRegister
from broker.core.tree import RightEdge
from broker.ports import StoredHead
from broker.service import state as module
from broker.service.state import load_state, read_directory
from schemas.checkpoint import Checkpoint, parse_note, sign_note
from schemas.claims import StatementType
from schemas.encoding import encode_base64url
from schemas.errors import Code
from schemas.merkle import hash_leaf, root_of
from tests.support.later import before
from tests.support.refusals import refused
from tests.support.world import KZ, UZ, World
from tests.unit.broker.service.notary import Notary, founded


@pytest.fixture
def notary(tmp_path: Path) -> Iterator[Notary]:
    """The notary of a network of two, with a dispatch in its ledger."""
    with founded(tmp_path / "hub", World([KZ, UZ])) as made:
        made.accept(made.world.dispatch(KZ, [UZ]))
        yield made


def _load(notary: Notary) -> StoredHead:
    return load_state(notary.store, notary.register, notary.world.network).head


@contextmanager
def _other_register(notary: Notary, note: str = "") -> Iterator[FileRegister]:
    """A register that holds a note."""
    register = FileRegister(notary.path / "elsewhere" / "checkpoint")
    try:
        if note:
            register.swap("", note)
        yield register
    finally:
        register.close()


def _note(notary: Notary, size: int, root: bytes | None = None, epoch: int = 0, network: str = "") -> str:
    """A checkpoint of the first ``size`` leaves, or one that claims another root, epoch or network."""
    world = notary.world
    true = root_of([hash_leaf(leaf) for leaf in notary.leaves()[:size]])
    origin = f"serai/{network or world.network}/{epoch}"
    return sign_note(Checkpoint(origin, size, root or true), world.ledger_key.private_key)  # type: ignore[arg-type]


# What is fit to go on


def test_nothing_yet(tmp_path: Path) -> None:
    """An empty database beside an empty register is a ledger without leaves."""
    notary = Notary(tmp_path, World([]))
    state = load_state(notary.store, notary.register, notary.world.network)
    assert (state.head, state.edge, state.directory.epochs) == (StoredHead(0, 0, 0, ""), RightEdge.empty(), ())
    notary.close()


def test_loaded(notary: Notary) -> None:
    """The state read back is head, right edge and directory as they were committed."""
    world = notary.world
    world.rotate(UZ)
    notary.catch_up()
    state = load_state(notary.store, notary.register, world.network)
    assert state.head == notary.store.head()
    assert state.edge.frontier.size == state.head.size
    assert state.edge.frontier.root() == parse_note(state.head.note).checkpoint.root
    assert set(state.directory.addresses()) == set(world.directory.addresses())
    places = [certified.place.index for certified in state.directory.credentials(UZ)]
    assert places == [3, state.head.size - 1]


@pytest.mark.parametrize("behind", [1, 2, 5])
def test_database_ahead(notary: Notary, behind: int) -> None:
    """A database ahead of the register is a crash between the two: the register catches up."""
    head = notary.store.head()
    with _other_register(notary, _note(notary, head.size - behind)) as register:
        assert load_state(notary.store, register, notary.world.network).head == head
        assert register.read() == head.note


def test_register_missing_at_the_first_leaf(tmp_path: Path) -> None:
    """An empty register beside a ledger of one leaf is a crash in the very first commit."""
    with founded(tmp_path, World([])) as notary, _other_register(notary) as register:
        assert load_state(notary.store, register, notary.world.network).head.size == 1
        assert register.read() == notary.store.head().note


def test_many_public_statements(notary: Notary, monkeypatch: pytest.MonkeyPatch) -> None:
    """The directory is read in pages, each from where the last one ended."""
    monkeypatch.setattr(module, "_PAGE", 2)
    directory = read_directory(notary.store, notary.world.network, notary.store.head().size)
    assert directory.version == notary.world.directory.version == 5


def test_public_statement_of_a_later_type(notary: Notary) -> None:
    """A hub begins to serve no ledger of which it cannot read every public text: it would admit what that forbids."""
    notary.world.revoke(UZ)
    notary.catch_up()
    with before(StatementType.REVOCATION), refused(Code.UNSUPPORTED_TYPE):
        load_state(notary.store, notary.register, notary.world.network)
    assert load_state(notary.store, notary.register, notary.world.network).head == notary.store.head()


def test_directory_of_an_earlier_size(notary: Notary) -> None:
    """The directory at a size knows what stands below it, and no more."""
    directory = read_directory(notary.store, notary.world.network, 3)
    assert set(directory.addresses()) == {KZ, f"{KZ}/DUTY-1"}


# What is not


def test_database_behind(notary: Notary) -> None:
    """A database that has fallen behind the register does not go on: it says what must be done."""
    copy = notary.path / "backup.db"
    notary.store.backup(copy)
    notary.accept(notary.world.dispatch(KZ, [UZ]))
    restored = SqlStore(f"sqlite:///{copy}")
    with refused(Code.INCONSISTENT_LEDGER, "restored from a backup"):
        load_state(restored, notary.register, notary.world.network)
    restored.close()


def test_empty_database_beside_a_register(notary: Notary, tmp_path: Path) -> None:
    """A database that is empty has fallen behind, too."""
    empty = SqlStore(f"sqlite:///{tmp_path / 'empty.db'}")
    empty.migrate()
    with refused(Code.INCONSISTENT_LEDGER):
        load_state(empty, notary.register, notary.world.network)
    empty.close()


def test_register_missing(notary: Notary) -> None:
    """A lost register is no reason to believe the database."""
    with _other_register(notary) as register, refused(Code.INCONSISTENT_LEDGER, "register is missing"):
        load_state(notary.store, register, notary.world.network)


@pytest.mark.parametrize("behind", [0, 1, 3])
def test_another_tree(notary: Notary, behind: int) -> None:
    """A tree that never had the register's root is another tree, whatever its size."""
    note = _note(notary, notary.store.head().size - behind, root=bytes(32))
    with _other_register(notary, note) as register, refused(Code.INCONSISTENT_LEDGER, "another tree"):
        load_state(notary.store, register, notary.world.network)


def test_two_histories(notary: Notary, tmp_path: Path) -> None:
    """The database of one history beside the register of another is refused, though both are whole."""
    with founded(tmp_path / "twin", World([KZ, UZ])) as twin:
        twin.accept(twin.world.dispatch(UZ, [KZ]))
        assert twin.store.head().size == notary.store.head().size
        with refused(Code.INCONSISTENT_LEDGER, "another tree"):
            load_state(notary.store, twin.register, notary.world.network)


@pytest.mark.parametrize("changes", [{"epoch": 1}, {"network": f"other/{'A' * 43}"}], ids=["epoch", "network"])
def test_register_of_another_line(notary: Notary, changes: dict[str, str | int]) -> None:
    """A register of a later epoch or of another network is not the database's, though the root fits."""
    note = _note(notary, 3, **changes)  # type: ignore[arg-type]
    with _other_register(notary, note) as register, refused(Code.INCONSISTENT_LEDGER):
        load_state(notary.store, register, notary.world.network)


def test_register_of_an_earlier_epoch(notary: Notary) -> None:
    """A register of the epoch before is a crash in the commit that began this one: it catches up."""
    before = notary.store.head()
    root = encode_base64url(parse_note(before.note).checkpoint.root)
    epoch = notary.world.epoch(epoch=1, index=before.size, root=root)
    notary.make_sequencer(new_epoch=True).take_turn([notary.candidate(epoch)])
    with _other_register(notary, before.note) as register:
        assert load_state(notary.store, register, notary.world.network).directory.epoch.number == 1
        assert register.read() == notary.store.head().note != before.note


# Damage


@pytest.mark.parametrize(
    ("sql", "code"),
    [
        ("UPDATE tile SET hashes = zeroblob(length(hashes))", Code.DAMAGED),
        ("UPDATE tile SET hashes = substr(hashes, 33)", Code.DAMAGED),
        ("DELETE FROM tile", Code.DAMAGED),
        ("UPDATE head SET size = size - 1", Code.DAMAGED),
        ('UPDATE statement SET text = NULL WHERE "index" = 2', Code.DAMAGED),
        ('UPDATE statement SET text = (SELECT text FROM statement WHERE "index" = 1) WHERE "index" = 3', Code.DAMAGED),
        ("UPDATE statement SET text = CAST(x'ff' || text AS TEXT) WHERE \"index\" = 1", Code.DAMAGED),
        ("UPDATE statement SET text = replace(text, 'Q', 'R') WHERE \"index\" = 1", Code.DAMAGED),
        ('UPDATE statement SET leaf = zeroblob(43) WHERE "index" = 1', Code.BAD_PROOF),
    ],
)
def test_damaged(notary: Notary, sql: str, code: Code) -> None:
    """A tree that lost the root of its checkpoint, and a public text that is not its leaf's, stop the hub."""
    notary.damage(sql)
    with refused(code):
        _load(notary)


def test_checkpoint_of_another_size(notary: Notary) -> None:
    """A head whose checkpoint is of another size is damaged, whether or not it has the root."""
    size = notary.store.head().size
    for root in (None, parse_note(notary.store.head().note).checkpoint.root):
        notary.damage("UPDATE head SET note = ?", _note(notary, size - 1, root))
        with refused(Code.DAMAGED):
            _load(notary)


def test_private_texts_are_not_needed(notary: Notary) -> None:
    """A text that was erased by law keeps no hub from starting."""
    index = notary.store.head().size - 1
    notary.damage('UPDATE statement SET text = NULL, body = NULL WHERE "index" = ?', index)
    assert _load(notary) == notary.store.head()


def test_refusal_leaves_the_register(notary: Notary) -> None:
    """A ledger that is refused moves no register."""
    note = _note(notary, 3, root=bytes(32))
    with _other_register(notary, note) as register:
        with refused(Code.INCONSISTENT_LEDGER):
            load_state(notary.store, register, notary.world.network)
        assert register.read() == note
