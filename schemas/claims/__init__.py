"""What each type of statement says: the claims of its payload (PROTOCOL 3, 5, 6).

| module | what |
|---|---|
| `types` | `StatementType` |
| `fields` | fields and words |
| `base` | what every statement says |
| `public` | epochs, credentials, revocations |
| `mail` | dispatches, receipts, events |
| `operations` | what a dispatch says as a step of an operation |
| `requests` | requests to be certified, session tokens |
| `parsing` | from a payload to claims |

Models judge form only. Whether a claim is true, permitted or in time is judged where the
directory and the ledger are known (`schemas.rules`). A claim that no model names is kept in the
text and ignored, unless ``critical`` names it. A new type of statement is a model, an entry in
`types` and one in `parsing`.
"""

from schemas.claims.base import Claims
from schemas.claims.fields import (
    HUB_ORIGIN,
    LANES,
    SUITE,
    Count,
    DeclineReason,
    DigestText,
    Handling,
    Jti,
    Lane,
    NetworkId,
    Note,
    Outcome,
    Precedence,
    Rel,
    Status,
    counted_precedence,
    lane_of,
    unique,
)
from schemas.claims.mail import Content, Dispatch, Event, Expects, Receipt, Reference
from schemas.claims.operations import OperationClaim, Participant
from schemas.claims.parsing import CLAIMS, is_public, null_member, parse_claims
from schemas.claims.public import MEMBER_ROLES, Bounds, Credential, Epoch, KeepDays, NetworkDocument, Revocation
from schemas.claims.requests import Enrolment, Session
from schemas.claims.types import BY_CODE, BY_TYP, StatementType

__all__ = [
    "BY_CODE",
    "BY_TYP",
    "CLAIMS",
    "HUB_ORIGIN",
    "LANES",
    "MEMBER_ROLES",
    "SUITE",
    "Bounds",
    "Claims",
    "Content",
    "Count",
    "Credential",
    "DeclineReason",
    "DigestText",
    "Dispatch",
    "Enrolment",
    "Epoch",
    "Event",
    "Expects",
    "Handling",
    "Jti",
    "KeepDays",
    "Lane",
    "NetworkDocument",
    "NetworkId",
    "Note",
    "OperationClaim",
    "Outcome",
    "Participant",
    "Precedence",
    "Receipt",
    "Reference",
    "Rel",
    "Revocation",
    "Session",
    "StatementType",
    "Status",
    "counted_precedence",
    "is_public",
    "lane_of",
    "null_member",
    "parse_claims",
    "unique",
]
