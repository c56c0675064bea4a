"""The threat table names tests that exist."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def _missing(reference: str) -> bool:
    path, _, test = reference.partition("::")
    if not test:
        return not (ROOT / path).exists()
    tree = ast.parse((ROOT / path).read_text()) if (ROOT / path).is_file() else ast.Module([], [])
    return test not in {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


def test_each_threat_has_a_test_that_exists() -> None:
    """Every row of the threat table names at least one test, and every test that it names is there."""
    rows = (ROOT / "SECURITY.md").read_text().partition("## Threats")[2].partition("\n## ")[0]
    threats = [row for row in rows.splitlines() if row.startswith("| ") and not row.startswith("| threat")]
    assert len(threats) > 20
    named = {row: re.findall(r"`(tests/[^`]+)`", row.rpartition("|")[0].rpartition("|")[2]) for row in threats}
    assert [row for row, references in named.items() if not references] == []
    assert [each for references in named.values() for each in references if _missing(each)] == []
