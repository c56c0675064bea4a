"""A keyed sum over the rows of each table: a row that is missing, added, doubled or older than it was shows in it.

An element is a keyed hash of a whole row; elements are added modulo 2^256, so that a change costs as much as the
rows that change, whatever the table holds. Elements and sums are secret: who knew them could look for rows that add
up to the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

_MODULUS: Final = 1 << 256


@dataclass(frozen=True, slots=True)
class Sum:
    """The sum of a table.

    Attributes:
        total: of the elements of its rows, modulo 2^256.
        count: of its rows.
    """

    total: int = 0
    count: int = 0

    @classmethod
    def over(cls, elements: Iterable[bytes]) -> Sum:
        """The sum of these elements."""
        total, count = 0, 0
        for element in elements:
            total, count = total + int.from_bytes(element), count + 1
        return cls(total % _MODULUS, count)

    def with_row(self, element: bytes) -> Sum:
        """The sum with a row more."""
        return Sum((self.total + int.from_bytes(element)) % _MODULUS, self.count + 1)

    def without_row(self, element: bytes) -> Sum:
        """The sum with a row less."""
        return Sum((self.total - int.from_bytes(element)) % _MODULUS, self.count - 1)


@dataclass(frozen=True, slots=True)
class Sums:
    """The sums of all tables.

    Attributes:
        of: sum of each table that has had a row, by name.
    """

    of: Mapping[str, Sum] = field(default_factory=dict)

    def table(self, name: str) -> Sum:
        """The sum of a table."""
        return self.of.get(name, Sum())

    def changed(self, name: str, old: bytes | None, new: bytes | None) -> Sums:
        """The sums after a row of a table has changed.

        Args:
            name: of the table.
            old: element of the row as it was; ``None`` if there was none.
            new: element of the row as it is; ``None`` if there is none.
        """
        total = self.table(name)
        if old is not None:
            total = total.without_row(old)
        if new is not None:
            total = total.with_row(new)
        return Sums({**self.of, name: total})

    def to_json(self) -> dict[str, Any]:
        """What is sealed and kept."""
        return {name: [f"{each.total:064x}", each.count] for name, each in self.of.items()}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Sums:
        """What was kept."""
        return cls({name: Sum(int(total, 16), count) for name, (total, count) in value.items()})
