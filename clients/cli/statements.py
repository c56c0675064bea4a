"""Looking into a statement that was verified before, or is the own."""

from __future__ import annotations

from schemas import limits
from schemas.claims import Claims, parse_claims
from schemas.encoding import decode_base64url, decode_object
from schemas.statements import parse_statement


def claims_in(text: str) -> Claims:
    """The claims of a statement, without judging them.

    Raises:
        SeraiError: it is none.
    """
    statement = parse_statement(text)
    payload = decode_object(decode_base64url(text.split(".")[1]), limits.STATEMENT_MEMBERS)
    return parse_claims(statement.type, payload)
