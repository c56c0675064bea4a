"""The ledger's state in memory, read back from the database and compared with the register."""

from __future__ import annotations

from dataclasses import dataclass

from broker.core.prover import Prover
from broker.core.tree import RightEdge
from broker.ports import LedgerStore, Register, StoredHead
from schemas.checkpoint import Checkpoint, parse_note, verify_note
from schemas.directory import Directory, Position, apply_statement
from schemas.encoding import sha256
from schemas.errors import Code, SeraiError
from schemas.leaf import parse_leaf
from schemas.statements import parse_statement

_PAGE = 500


@dataclass(frozen=True, slots=True)
class LedgerState:
    """What appending needs: the committed head, the tree's right edge, the directory."""

    head: StoredHead
    edge: RightEdge
    directory: Directory


def load_state(store: LedgerStore, register: Register, network: str) -> LedgerState:
    """Read the state and check that it goes on from what was ever promised.

    1. the tree's right edge has the root of the head's checkpoint
    2. the register's checkpoint is of the same epoch and not larger
    3. the tree at the register's size has the register's root
    4. every public text fits its leaf; from them, the directory
    5. the head says what the newest leaf and the directory say, and its checkpoint is signed

    If the database is ahead of the register (a crash between the two), the register
    catches up.

    Raises:
        SeraiError: ``inconsistent_ledger`` if the database has fallen behind the register
            or left it; ``damaged``; ``storage_failed``.
    """
    head = store.head()
    edge = RightEdge.load(head.size, store)
    if head.size:
        here = parse_note(head.note).checkpoint
        if here.size != head.size or here.root != edge.frontier.root():
            raise SeraiError(Code.DAMAGED, "the tree does not have the root of its checkpoint")
    _check_register(store, register, head)
    directory = read_directory(store, network, head.size)
    if head.size:
        _check_head(store, head, directory)
    if register.read() != head.note:
        register.swap(register.read(), head.note)
    return LedgerState(head, edge, directory)


def _check_head(store: LedgerStore, head: StoredHead, directory: Directory) -> None:
    epoch = directory.epoch
    verify_note(parse_note(head.note), epoch.origin, epoch.ledger_key)
    newest = [parse_leaf(leaf).accepted_at for leaf in store.leaves(head.size - 1, head.size)]
    if head.epoch != epoch.number or newest != [head.accepted_at]:
        raise SeraiError(Code.DAMAGED, "the head does not say what the newest leaf and the newest epoch say")


def _check_register(store: LedgerStore, register: Register, head: StoredHead) -> None:
    if not register.read():
        if head.size > 1:
            raise SeraiError(Code.INCONSISTENT_LEDGER, "the register is missing; see deploy/README.md, restore")
        return
    outside = parse_note(register.read()).checkpoint
    if outside.size > head.size or not _same_line(outside, head):
        raise SeraiError(
            Code.INCONSISTENT_LEDGER,
            f"the register is at {outside.size} of {outside.origin}, the database at {head.size}: restored from "
            "a backup? A new epoch, signed by the root, must go on from here",
        )
    if outside.size and Prover(head.size, store).root_at(outside.size) != outside.root:
        raise SeraiError(Code.INCONSISTENT_LEDGER, f"another tree than the register's at {outside.size}")


def _same_line(outside: Checkpoint, head: StoredHead) -> bool:
    return outside.origin.rpartition("/")[0] == parse_note(head.note).checkpoint.origin.rpartition("/")[0] and (
        int(outside.origin.rpartition("/")[2]) <= head.epoch
    )


def read_directory(store: LedgerStore, network: str, size: int) -> Directory:
    """The directory from the public statements of the ledger.

    Raises:
        SeraiError: ``damaged`` if a text is missing or is not its leaf's.
    """
    directory, start = Directory(network), 0
    while items := store.public(start, size, _PAGE):
        for item in items:
            leaf = parse_leaf(item.leaf)
            if item.statement is None or sha256(item.statement.encode()) != leaf.digest:
                raise SeraiError(Code.DAMAGED, f"public statement {item.index}")
            verified = directory.verify(parse_statement(item.statement))
            directory = apply_statement(directory, verified, Position(item.index, leaf.accepted_s))
        start = items[-1].index + 1
    return directory
