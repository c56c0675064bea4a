"""What stands at a focal point: the SDK, its stores, the command line and the demonstration.

`FocalPoint` with a `Store` is all that a program needs; the rest of the public names are what
they take and give. `clients/README.md` has a program of twenty lines.
"""

from clients.audit import AuditResult
from clients.compose import DispatchDraft, PublicDraft, ReceiptDraft, Ref
from clients.enrol import Application, apply_for, certify_officer, self_revocation
from clients.evidence import Disclosure
from clients.focalpoint import Acceptance, FocalPoint, Sent
from clients.inbox import Delivery, DispatchStatus, RecipientStatus
from clients.keystore import CHEAP, STANDARD, Cost, Keys, make_keys, make_officer_keys
from clients.ledger import LedgerReader, Reader
from clients.root import Stamp
from clients.store import Alarm, Answer, Head, Outgoing, OutState, Store, StoredItem
from clients.system import Clock, System
from clients.transport import DialError, Line, LineClosed, Transport, WebSocketTransport

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
    "Delivery",
    "DialError",
    "Disclosure",
    "DispatchDraft",
    "DispatchStatus",
    "FocalPoint",
    "Head",
    "Keys",
    "LedgerReader",
    "Line",
    "LineClosed",
    "OutState",
    "Outgoing",
    "PublicDraft",
    "Reader",
    "ReceiptDraft",
    "RecipientStatus",
    "Ref",
    "Sent",
    "Stamp",
    "Store",
    "StoredItem",
    "System",
    "Transport",
    "WebSocketTransport",
    "apply_for",
    "certify_officer",
    "make_keys",
    "make_officer_keys",
    "self_revocation",
]
