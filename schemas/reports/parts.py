"""The detail groups that reports share: goods, place, route, conveyance, persons, ...

Every group is optional in a report and every member optional in its group unless the
group means nothing without it. No group asks for the name of a person.
"""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from schemas.identifiers import IdentifierKind
from schemas.reports.base import (
    CasNumber,
    Coded,
    Count,
    CountryCode,
    DecimalText,
    Latitude,
    Line,
    Longitude,
    Moment,
    NamedCountry,
    Part,
    Percent,
    Reference,
    Text,
    UnLocode,
)
from schemas.reports.codes import CompanyRole, PersonRole, Sex
from schemas.reports.drugs import DrugForm, DrugGroup, Schedule, Unit
from schemas.reports.installations import Installation
from schemas.reports.places import HidingPlace, Routing, TransportMode


class Goods(Part):
    """One kind of goods. The minimal form is a name; a quantity has its unit.

    Attributes:
        group: the drug group.
        name: the name as written; it is what counts.
        quantity: amount in ``unit``; absent if not weighed or counted yet.
        unit: code of the unit.
        unit_as_written: the sender's word for the unit.
        estimated: whether the quantity is an estimate.
        form: the form in which it was found.
        purity_percent: purity as a share of mass.
        cas_number: CAS registry number.
        schedule: under what control it stands.
        note: marks, logos, colour, ...
    """

    group: DrugGroup
    name: Line
    quantity: DecimalText | None = None
    unit: Unit | None = None
    unit_as_written: Line | None = None
    estimated: bool | None = Field(default=None, strict=True)
    form: Coded[DrugForm] | None = None
    purity_percent: Percent | None = None
    cas_number: CasNumber | None = None
    schedule: Schedule | None = None
    note: Text | None = None

    @model_validator(mode="after")
    def _quantity_has_unit(self) -> Self:
        if (self.quantity is None) != (self.unit is None):
            raise ValueError("quantity and unit belong together")
        if self.unit is Unit.OTHER and self.unit_as_written is None:
            raise ValueError("other needs unit_as_written")
        return self


class Coordinates(Part):
    """A point on the earth (WGS 84).

    Attributes:
        latitude: degrees north.
        longitude: degrees east.
    """

    latitude: Latitude
    longitude: Longitude


class Place(Part):
    """Where something is or happened.

    Attributes:
        country: the country.
        division: region, province, oblast.
        name: locality, border point, street, as written.
        un_locode: UN/LOCODE.
        coordinates: the point.
        installation: the kind of site.
    """

    country: NamedCountry | None = None
    division: Line | None = None
    name: Line | None = None
    un_locode: UnLocode | None = None
    coordinates: Coordinates | None = None
    installation: Coded[Installation] | None = None


class Agency(Part):
    """Who acted.

    Attributes:
        name: the agency.
        unit: the unit within it.
        case_number: its number of the case.
    """

    name: Line
    unit: Line | None = None
    case_number: Reference | None = None


class Identifier(Part):
    """A number or mark of something that moves. It is never refused for its check digit.

    Attributes:
        kind: what kind of number.
        value: the number as written.
        country: who registered it (plates, ships).
        note: anything about it.
    """

    kind: IdentifierKind
    value: Line
    country: CountryCode | None = None
    note: Line | None = None


class Conveyance(Part):
    """What carries the goods.

    Attributes:
        mode: the mode of transport.
        name: name of a ship, number of a train, ...
        description: make, model, colour, ...
        identifiers: its numbers.
    """

    mode: Coded[TransportMode] | None = None
    name: Line | None = None
    description: Line | None = None
    identifiers: tuple[Identifier, ...] = Field(default=(), max_length=20)


class Stop(Part):
    """A place on the way and when it is or was reached.

    Attributes:
        place: where.
        arrival: when it arrives there.
        departure: when it leaves.
    """

    place: Place
    arrival: Moment | None = None
    departure: Moment | None = None


class Route(Part):
    """Where the goods come from and where they go.

    Attributes:
        origin: where they were produced.
        departure: where this shipment set out.
        transit: what it passes, in order.
        destination: where it goes.
        routing: where on the way, seen from the reporting country.
        stops: places and times, in order.
    """

    origin: NamedCountry | None = None
    departure: NamedCountry | None = None
    transit: tuple[NamedCountry, ...] = Field(default=(), max_length=20)
    destination: NamedCountry | None = None
    routing: Coded[Routing] | None = None
    stops: tuple[Stop, ...] = Field(default=(), max_length=30)


class Concealment(Part):
    """How goods were hidden.

    Attributes:
        hiding_place: in what.
        description: how, in words.
    """

    hiding_place: Coded[HidingPlace] | None = None
    description: Text | None = None


class Packaging(Part):
    """How goods were packed.

    Attributes:
        count: number of packages.
        description: material, shape, weight of each.
        marks: logos, stamps, writing on them.
    """

    count: Count | None = None
    description: Line | None = None
    marks: Line | None = None


class Persons(Part):
    """A number of persons who have something in common; names are not asked for.

    Attributes:
        count: how many.
        role: what they are in the case.
        sex: their sex.
        nationality: their nationality.
        note: anything else.
    """

    count: Count
    role: PersonRole | None = None
    sex: Sex | None = None
    nationality: CountryCode | None = None
    note: Line | None = None


class Company(Part):
    """A company in a shipment.

    Attributes:
        name: its name as written.
        role: what it is in the shipment.
        country: where it is.
        registration: its registration or tax number.
        address: its address.
    """

    name: Line
    role: CompanyRole | None = None
    country: CountryCode | None = None
    registration: Reference | None = None
    address: Line | None = None
