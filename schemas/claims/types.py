"""Types of statements (PROTOCOL 3)."""

from __future__ import annotations

from enum import Enum


class StatementType(Enum):
    """Types of statements: what ``typ`` in the header says, and the leaf's code."""

    EPOCH = ("serai-epoch+jwt", 1)
    CREDENTIAL = ("serai-credential+jwt", 2)
    REVOCATION = ("serai-revocation+jwt", 3)
    DISPATCH = ("serai-dispatch+jwt", 4)
    RECEIPT = ("serai-receipt+jwt", 5)
    EVENT = ("serai-event+jwt", 6)
    SESSION = ("serai-session+jwt", 0)
    ENROLMENT = ("serai-enrolment+jwt", 0)

    def __init__(self, typ: str, code: int) -> None:
        self.typ = typ
        self.code = code


BY_TYP = {kind.typ: kind for kind in StatementType}
BY_CODE = {kind.code: kind for kind in StatementType if kind.code}
