"""Whether a statement enters the ledger: what holds for all, then what holds for its type."""

from __future__ import annotations

from broker.core.admission.dispatch import admit_dispatch
from broker.core.admission.effects import Admission
from broker.core.admission.public import admit_public
from broker.core.admission.receipt import admit_receipt
from broker.core.admission.view import View
from broker.core.verification import VerifiedSubmission
from schemas import limits
from schemas.addresses import Address, member_of
from schemas.claims import Claims, Credential, Dispatch, Epoch, Event, Receipt, Revocation, is_public
from schemas.errors import Code, SeraiError
from schemas.statements import VerifiedStatement


def decide(submission: VerifiedSubmission, submitter: Address | None, view: View) -> Admission:
    """Decide one statement; pure.

    Args:
        submission: verified in itself.
        submitter: member of the session it came by; ``None`` for the operator, who
            may bring public statements only.
        view: the ledger below its place.

    Raises:
        SeraiError: the reason of the refusal.
    """
    statement = submission.statement
    claims = statement.claims
    _check_common(statement, submitter, view)
    if isinstance(claims, Dispatch) and submission.content is not None:
        return admit_dispatch(statement, claims, submission.content, view)
    if isinstance(claims, Receipt):
        return admit_receipt(statement, claims, view)
    if isinstance(claims, Credential | Revocation | Epoch):
        return admit_public(statement, claims, view)
    raise SeraiError(Code.UNSUPPORTED_TYPE, claims.type.typ)


def _check_common(statement: VerifiedStatement[Claims], submitter: Address | None, view: View) -> None:
    claims = statement.claims
    used = view.jtis.get((member_of(claims.iss), claims.jti))
    if used is not None and used != statement.digest:
        raise SeraiError(Code.JTI_REUSED, claims.jti)
    if claims.iat > view.place.time_s + limits.CLOCK_AHEAD_S:
        raise SeraiError(Code.CLOCK_AHEAD, f"{claims.iat - view.place.time_s} s ahead")
    if isinstance(claims, Event):
        raise SeraiError(Code.NOT_PERMITTED, "events are the hub's")
    if not is_public(claims) and member_of(claims.iss) != submitter:
        raise SeraiError(Code.NOT_YOUR_STATEMENT, str(claims.iss))
