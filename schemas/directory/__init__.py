"""The directory: who holds which key, computed from public statements (PROTOCOL 5).

Hub and clients feed the same statements in ledger order to `apply_statement` and get the
same answers. A `Directory` is a value: applying gives a new one and never changes the
old, so that a batch can be tried and dropped. It remembers the past: every question is
asked at a *place* (ledger index and time), because a statement is judged by what held
when it was accepted.

It leaves to others: checking signatures (`Directory.key_of` says with which key), the order of
statements, storing them, and what a signer may do beyond its roles (`schemas.rules`).
"""

from schemas.directory.changes import apply_statement
from schemas.directory.credentials import Certified, NetworkEpoch, Position
from schemas.directory.directory import Directory
from schemas.directory.epochs import first_difference, overrules
from schemas.directory.marks import UNREADABLE, mark_unread

__all__ = [
    "UNREADABLE",
    "Certified",
    "Directory",
    "NetworkEpoch",
    "Position",
    "apply_statement",
    "first_difference",
    "mark_unread",
    "overrules",
]
