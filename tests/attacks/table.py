"""The table *attack, defence, test*; ``python -m tests.attacks.table`` writes it as the README beside it.

No row stands here without a test and no test of attacks is without a row (`tests.attacks.test_table`); no
defence stands here that cannot be switched off to see the test go red (`tests.attacks.prove`).
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from tests.attacks.rows import (
    attachments,
    clients,
    clocks,
    deconfliction,
    desk,
    desk_reading,
    drafts,
    duty,
    evidence,
    files,
    fold,
    hub,
    later,
    officers,
    operations,
    profiles,
    steps,
    stores,
    wire,
)

HERE: Final = Path(__file__).resolve().parent
README: Final = HERE / "README.md"
INTRODUCTION: Final = """# Attacks

What an attacker may try, what meets it, and the test that shows it. The hub is the real one over a real folder, in
memory or as a process behind real sockets; clients are the real SDK; every signature, seal and proof is real. A lying
hub (`tests/support/lying_hub.py`) holds the true ledger key; what it cannot do is sign for a member or for the root.

`make prove` switches each defence off in a copy of the tree (`defences/`) and demands that its tests go red.

This page is written by `python -m tests.attacks.table` from `rows/`; a test compares.
"""


_PARTS: Final = (
    *(hub, steps, fold, operations, profiles, deconfliction, clocks, later, attachments),
    *(stores, duty, clients, files, officers, drafts, evidence, desk, desk_reading, wire),
)


class Row(NamedTuple):
    """A row of the table.

    Attributes:
        module: file of the tests.
        attack: what is tried.
        defence: what meets it; of a lying hub also how and when it is found out.
        tests: names of the tests.
    """

    module: str
    attack: str
    defence: str
    tests: tuple[str, ...]


def subjects() -> Iterator[tuple[str, list[Row]]]:
    """The subjects in order, each with its rows."""
    for title, module, lines in (subject for part in _PARTS for subject in part.SUBJECTS):
        yield title, [Row(f"test_{module}.py", line[0], line[1], line[2:]) for line in lines]


def rows() -> list[Row]:
    """Every row."""
    return [row for _, found in subjects() for row in found]


def modules() -> list[str]:
    """The test modules, from the root of the tree."""
    return sorted({f"tests/attacks/{row.module}" for row in rows()})


def names_in(module: str) -> list[str]:
    """The tests that a module has."""
    tree = ast.parse((HERE / module).read_text())
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    return [node.name for node in functions if node.name.startswith("test_")]


def readme() -> str:
    """The table as Markdown."""
    parts = [INTRODUCTION]
    for title, found in subjects():
        lines = [f"| {row.attack} | {row.defence} | {_links(row)} |" for row in found]
        parts.append("\n".join([f"## {title}", "", "| attack | defence | test |", "|---|---|---|", *lines]) + "\n")
    return "\n".join(parts)


def _links(row: Row) -> str:
    return " ".join(f"[`{name.removeprefix('test_')}`]({row.module})" for name in row.tests)


if __name__ == "__main__":
    README.write_text(readme())
