"""What composer and hub keep beyond what a reader asks for: a reader loses nothing that came (PROTOCOL 6)."""

from __future__ import annotations

from typing import get_args

from schemas.claims import Claims, DeclineReason, Dispatch, Outcome, Precedence, Receipt, Rel
from schemas.errors import Code, SeraiError
from schemas.rules.attaching import check_attached
from schemas.rules.expecting import check_expects
from schemas.rules.operating import check_operation


def check_words(claims: Claims) -> None:
    """Check that open words are some that this version knows: only those a composer writes.

    Raises:
        SeraiError: ``malformed_statement``.
    """
    if isinstance(claims, Dispatch):
        _check_known("precedence", claims.precedence, get_args(Precedence))
        for ref in claims.refs or ():
            _check_known("rel", ref.rel, get_args(Rel))
    if isinstance(claims, Receipt):
        _check_known("outcome", claims.outcome, get_args(Outcome))
        if claims.outcome == "declined":
            _check_known("reason", str(claims.reason), get_args(DeclineReason))


def _check_known(name: str, word: str, words: tuple[str, ...]) -> None:
    if word not in words:
        raise SeraiError(Code.MALFORMED_STATEMENT, f"{name}: {word} is not known here")


def check_written(claims: Claims) -> None:
    """Check what is about to be signed, or was submitted.

    Raises:
        SeraiError: ``malformed_statement``; ``attachment_too_large``; ``status_not_allowed`` of a test in an operation.
    """
    if isinstance(claims, Dispatch):
        check_operation(claims)
        check_expects(claims)
        check_attached(claims)
        if sum(ref.rel == "reseal" for ref in claims.refs or ()) > 1:
            raise SeraiError(Code.MALFORMED_STATEMENT, "refs: a reseal names one dispatch")
