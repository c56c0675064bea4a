"""From a payload to claims."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ValidationError

from schemas.claims.base import Claims
from schemas.claims.mail import Dispatch, Event, Receipt
from schemas.claims.public import Credential, Epoch, Revocation
from schemas.claims.requests import Enrolment, Session
from schemas.claims.types import StatementType
from schemas.errors import Code, SeraiError
from schemas.labels import LENIENT

CLAIMS: dict[StatementType, type[Claims]] = {
    model.type: model for model in (Epoch, Credential, Enrolment, Revocation, Dispatch, Receipt, Event, Session)
}
"""The model of each type's payload."""


def null_member(model: BaseModel) -> str | None:
    """Where a member that may be absent is null instead: there is one way to say nothing."""
    for name in model.model_fields_set:
        value = getattr(model, name)
        if value is None and not type(model).model_fields[name].is_required():
            return name
        for part in value if isinstance(value, list) else (value,):
            if isinstance(part, BaseModel) and (inner := null_member(part)):
                return f"{name}.{inner}"
    return None


def parse_claims(kind: StatementType, payload: dict[str, Any], *, lenient: bool = False) -> Claims:
    """The claims of a payload whose signature has been checked.

    Args:
        kind: its type.
        payload: as in JSON.
        lenient: whether it is read only, and not admitted or composed: then closed words may be others.

    Raises:
        SeraiError: ``malformed_statement`` naming the claim, or the code of a rule of
            form that has one of its own (recipients, ``critical``).
    """
    try:
        claims = CLAIMS[kind].model_validate(payload, context=LENIENT if lenient else None)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "payload"
        raise SeraiError(Code.MALFORMED_STATEMENT, f"{where}: {first['msg']}"[:300]) from None
    if name := null_member(claims):
        raise SeraiError(Code.MALFORMED_STATEMENT, f"{name}: null")
    return claims


def is_public(claims: Claims) -> bool:
    """Whether every member gets the statement: credentials, revocations, epochs, events to nobody."""
    if isinstance(claims, Event):
        return claims.to is None
    return isinstance(claims, Epoch | Credential | Revocation)
