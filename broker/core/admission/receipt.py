"""Receipts: from whom, of what, and what in them is new (PROTOCOL 6)."""

from __future__ import annotations

from broker.core.admission.effects import Admission, EndOfWait, MailboxEntry
from broker.core.admission.view import View
from broker.core.facts import most_urgent, require_known
from schemas.addresses import member_of
from schemas.claims import Claims, Receipt
from schemas.encoding import decode_digest
from schemas.errors import Code, SeraiError
from schemas.rules.references import check_answer
from schemas.rules.signers import check_receipt_signer
from schemas.statements import VerifiedStatement


def admit_receipt(statement: VerifiedStatement[Claims], receipt: Receipt, view: View) -> Admission:
    """Decide a receipt.

    Raises:
        SeraiError: those of `Directory.signer`; ``not_permitted``, ``unknown_reference``,
            ``not_a_recipient``, ``receipt_repeated``.
    """
    view.standing.signer(statement, view.place)
    check_receipt_signer(receipt.iss, receipt.outcome)
    member = member_of(receipt.iss)
    named = [decode_digest(digest) for digest in receipt.digests]
    known = [require_known(view.known, digest) for digest in named]
    for digest, item in zip(named, known, strict=True):
        check_answer(receipt, item.sender, by_recipient=(digest, member) in view.readers)
    repeated = [(digest, member, receipt.outcome) in view.outcomes for digest in named]
    if all(repeated):
        raise SeraiError(Code.RECEIPT_REPEATED)
    new = tuple((item.index, receipt.outcome) for item, old in zip(known, repeated, strict=True) if not old)
    to = (receipt.to,) if receipt.to == member else (receipt.to, member)
    return Admission(
        most_urgent(item.lane for item in known),
        tuple(MailboxEntry(address, addressed=address == receipt.to) for address in to),
        outcomes=new,
        endings=tuple(
            EndOfWait(item.asked_at, member)
            for item in known
            if receipt.outcome == "declined" and view.step_named(item) is None
        ),
        answered=tuple(named),
    )
