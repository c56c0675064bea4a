"""Grading of source and information, handling, and whose report it is, in the sender's own scheme.

Schemes are kept, never mapped: a 3x5x2 grade shown as 4x4 would say what the sender did
not. Police systems: 4x4 (Europol regulation, article 29), 3x5x2 and 5x5x5 (United
Kingdom); marking: handling codes H0 to H3, Traffic Light Protocol 2.0, or a
national marking in words.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from schemas.addresses import MemberField
from schemas.claims.fields import DigestText
from schemas.labels import HandlingCode
from schemas.reports.base import Line, Part, Text
from schemas.reports.codes import (
    Handling3x5x2,
    Handling5x5x5,
    Information3x5x2,
    Information4x4,
    Information5x5x5,
    Source3x5x2,
    Source4x4,
    Source5x5x5,
    Tlp,
)


class Grading4x4(Part):
    """A grade of the 4x4 system.

    Attributes:
        scheme: ``4x4``.
        source: how reliable the source is.
        information: how sure the information is.
    """

    scheme: Literal["4x4"] = "4x4"
    source: Source4x4
    information: Information4x4


class Grading3x5x2(Part):
    """A grade of the 3x5x2 system.

    Attributes:
        scheme: ``3x5x2``.
        source: how reliable the source is.
        information: how sure the information is.
        handling: whether it may be shared.
        conditions: the conditions of handling C.
    """

    scheme: Literal["3x5x2"] = "3x5x2"
    source: Source3x5x2
    information: Information3x5x2
    handling: Handling3x5x2 | None = None
    conditions: Text | None = None


class Grading5x5x5(Part):
    """A grade of the 5x5x5 system, which still arrives.

    Attributes:
        scheme: ``5x5x5``.
        source: how reliable the source is.
        information: how sure the information is.
        handling: who may have it.
    """

    scheme: Literal["5x5x5"] = "5x5x5"
    source: Source5x5x5
    information: Information5x5x5
    handling: Handling5x5x5 | None = None


Grading = Annotated[Grading4x4 | Grading3x5x2 | Grading5x5x5, Field(discriminator="scheme")]
"""A grade in one of the known schemes."""


class HandlingEuropol(Part):
    """A handling code H0 to H3.

    Attributes:
        scheme: ``handling``.
        code: the code.
        text: the restriction in words; H3 means nothing without it.
    """

    scheme: Literal["handling"] = "handling"
    code: HandlingCode
    text: Text | None = None

    @model_validator(mode="after")
    def _h3_is_explained(self) -> Self:
        if self.code is HandlingCode.H3 and self.text is None:
            raise ValueError("H3 needs text")
        return self


class HandlingTlp(Part):
    """A colour of the Traffic Light Protocol.

    Attributes:
        scheme: ``tlp``.
        code: the colour.
        text: anything the sender adds.
    """

    scheme: Literal["tlp"] = "tlp"
    code: Tlp
    text: Text | None = None


class HandlingNational(Part):
    """A national marking in words.

    Attributes:
        scheme: ``national``.
        name: the marking, as the sender writes it.
        text: what it means.
    """

    scheme: Literal["national"] = "national"
    name: Line
    text: Text | None = None


Handling = Annotated[HandlingEuropol | HandlingTlp | HandlingNational, Field(discriminator="scheme")]
"""What the sender permits, in one of the known schemes."""


class Provider(Part):
    """Whose report it is, where its sender passes it on: what the sender claims, not proof.

    Attributes:
        member: who sent it first; its handling codes go on holding.
        digest: of the dispatch by which it did.
        permission: where it permitted that, in words, if its codes do not.
    """

    member: MemberField
    digest: DigestText
    permission: Line | None = None
