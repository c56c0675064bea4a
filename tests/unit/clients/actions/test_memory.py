"""Swap that could receive keys from memory."""

from __future__ import annotations

from pathlib import Path

import pytest

from clients.actions.checks import FindingCode, check_memory

HEAD = "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n"


@pytest.mark.parametrize(
    ("lines", "codes"),
    [
        ("", [FindingCode.SWAP_SAFE]),
        ("/dev/zram0 partition 1 0 100\n", [FindingCode.SWAP_SAFE]),
        ("/dev/dm-0 partition 1 0 -2\n", [FindingCode.SWAP_SAFE]),
        ("/dev/dm-1 partition 1 0 -2\n", [FindingCode.SWAP_PLAIN]),
        ("/dev/sda2 partition 1 0 -2\n/swap.img file 1 0 -3\n", [FindingCode.SWAP_PLAIN] * 2),
    ],
)
def test_swap_that_is_not_encrypted_is_named(tmp_path: Path, lines: str, codes: list[FindingCode]) -> None:
    """Only swap in memory, or on an encrypted device, is nothing to speak of."""
    (tmp_path / "swaps").write_text(HEAD + lines)
    for name, uuid in (("dm-0", "CRYPT-LUKS2-swap"), ("dm-1", "LVM-swap")):
        (tmp_path / name / "dm").mkdir(parents=True)
        (tmp_path / name / "dm" / "uuid").write_text(uuid)
    assert [each.code for each in check_memory(tmp_path / "swaps", tmp_path)] == codes


def test_machine_that_says_nothing_has_no_swap(tmp_path: Path) -> None:
    """Where the kernel has no such list there is no warning."""
    assert [each.code for each in check_memory(tmp_path / "none", tmp_path)] == [FindingCode.SWAP_SAFE]
