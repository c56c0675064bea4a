"""What stands at a focal point: the SDK, its stores, the command line and the demonstration.

`FocalPoint` with a `Store` is all that a program needs; the rest of the public names are what
they take and give. `clients/README.md` has a program of twenty lines.
"""

from clients.focalpoint import FocalPoint
from clients.keys.enrol import Application, apply_for, certify_officer, self_revocation
from clients.keys.keystore import CHEAP, STANDARD, Cost, Keys, make_keys, make_seat_keys
from clients.keys.officers import LockedKey, UnlockedOfficer, lock_key
from clients.keys.root import Stamp
from clients.line.audit import AuditResult
from clients.line.ledger import LedgerReader, Reader
from clients.line.transport import DialError, Line, LineClosed, Transport, WebSocketTransport
from clients.mail.attaching import FileToAttach
from clients.mail.compose import DispatchDraft, Expectation, PublicDraft, ReceiptDraft, Ref, StepMark
from clients.mail.cover import Cover
from clients.mail.inbox import Delivery, DispatchStatus, RecipientStatus
from clients.mail.operations import OperationNow
from clients.mail.sent import Acceptance, Sent
from clients.store import Alarm, Answer, Head, Outgoing, OutState, Store, StoredItem, WrongTries
from clients.system import Clock, System
from clients.trust.evidence import Disclosure

__all__ = [
    "CHEAP",
    "STANDARD",
    "Acceptance",
    "Alarm",
    "Answer",
    "Application",
    "AuditResult",
    "Clock",
    "Cost",
    "Cover",
    "Delivery",
    "DialError",
    "Disclosure",
    "DispatchDraft",
    "DispatchStatus",
    "Expectation",
    "FileToAttach",
    "FocalPoint",
    "Head",
    "Keys",
    "LedgerReader",
    "Line",
    "LineClosed",
    "LockedKey",
    "OperationNow",
    "OutState",
    "Outgoing",
    "PublicDraft",
    "Reader",
    "ReceiptDraft",
    "RecipientStatus",
    "Ref",
    "Sent",
    "Stamp",
    "StepMark",
    "Store",
    "StoredItem",
    "System",
    "Transport",
    "UnlockedOfficer",
    "WebSocketTransport",
    "WrongTries",
    "apply_for",
    "certify_officer",
    "lock_key",
    "make_keys",
    "make_seat_keys",
    "self_revocation",
]
