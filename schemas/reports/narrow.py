"""A report that has room for nothing but what its form names: nothing of a case can be written beside it."""

from __future__ import annotations

from typing import Any, Final

from pydantic import GetJsonSchemaHandler, ValidationInfo, field_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from schemas.reports.models import ReportModel

_COMMON: Final = frozenset({"report", "version", "our_reference", "your_reference", "language"})


class NarrowReport(ReportModel):
    """A report without what every report may say: both references and the members of its own form are all there is.

    Whatever else of `ReportModel` stands in one is refused to who writes it, and is shown as written to who reads it,
    like a member that no form has (PROTOCOL 7).
    """

    @classmethod
    def room(cls) -> frozenset[str]:
        """Names of the members that it may have."""
        return _COMMON | (cls.model_fields.keys() - ReportModel.model_fields.keys())

    @field_validator("*", mode="before")
    @classmethod
    def _has_room(cls, value: Any, info: ValidationInfo) -> Any:
        if info.field_name not in cls.room():
            raise ValueError("this form has no room for it")
        return value

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """The schema without what there is no room for."""
        made = handler.resolve_ref_schema(handler(core_schema))
        made["properties"] = {name: each for name, each in made["properties"].items() if name in cls.room()}
        return made
