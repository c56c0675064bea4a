"""What a party of a scenario sees, in the words of its lines: from the state, from the picture, and on the screen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from clients.documents.operations.words import number_text
from schemas.addresses import Address
from schemas.operations.books import Exhibit, Measure
from schemas.operations.picture import Picture
from schemas.operations.state import Contradiction, OperationState
from schemas.operations.terms import Colour


@dataclass(frozen=True, slots=True)
class Sight:
    """What somebody has before him.

    Attributes:
        state: what follows from the steps.
        picture: the same as of the moment.
        screen: what stands on the screen, its lines joined.
    """

    state: OperationState
    picture: Picture
    screen: str


def look(sight: Sight, key: str, due: str) -> str:
    """What stands where a line says that ``due`` stands, written alike.

    Args:
        sight: what is looked at.
        key: what is looked for, one of `SEEN`.
        due: what a line says; where there is much, only what it names is looked for.
    """
    return _LOOKS[key](sight, due)


def _named(due: str) -> set[str]:
    """Of ``leg:state,leg:state`` the legs."""
    return {each.partition(":")[0] for each in due.split(",")}


def _short(member: Address | None) -> str:
    return "none" if member is None else str(member).partition("/")[0]


def _joined(words: Iterable[str]) -> str:
    return ",".join(sorted(set(words))) or "none"


def _yes(value: object) -> str:
    return "yes" if value else "no"


def _control(sight: Sight, due: str) -> str:
    span = sight.picture.control
    colour = f":{span.colour.value}" if span is not None and ":" in due else ""
    return f"{_short(span.holder if span else None)}{colour}"


def _legs(sight: Sight, due: str) -> str:
    return _joined(f"{each.leg}:{each.state.value}" for each in sight.picture.authority if each.leg in _named(due))


def _contradictions(colour: Colour) -> Callable[[Sight, str], str]:
    """Kinds of what contradicts; with ``kind:TJ`` who has to explain it."""

    def found(sight: Sight, due: str) -> str:
        return _joined(_kind(each, due) for each in sight.state.contradictions if each.colour is colour)

    return found


def _kind(each: Contradiction, due: str) -> str:
    return f"{each.kind.value}:{_short(each.owner)}" if ":" in due else each.kind.value


def _owes(sight: Sight, due: str) -> str:
    """Of what is asked, what somebody owes."""
    owed = {f"{_short(each.member)}:{each.kind.value}" for each in sight.picture.whose_move}
    return _joined(owed & set(due.split(",")) if due != "none" else owed)


def _exhibits(sight: Sight, due: str) -> str:
    """Of the exhibits that a line names, in whose hands each is, or what became of it at last."""
    return _joined(f"{each.name}:{_fate(each)}" for each in sight.state.custody.exhibits if each.name in _named(due))


def _fate(exhibit: Exhibit) -> str:
    colour = f":{exhibit.colour.value}" if exhibit.colour is not Colour.GREEN else ""
    return exhibit.ended or f"{_short(exhibit.holder)}{colour}"


def _books(sight: Sight, due: str) -> str:
    """Of the books, the columns that a line names: ``heroin/kilogram:seized:12``."""
    columns = {f"{_measure(each.measure)}:{name}": getattr(each, name) for each in sight.state.custody.balances
               for name in ("came_in", "seized", "samples", "removed", "destroyed", "lost", "difference")}  # fmt: skip
    wanted = {each.rpartition(":")[0] for each in due.split(",")}
    return _joined(f"{column}:{number_text(amount)}" for column, amount in columns.items() if column in wanted)


def _measure(measure: Measure) -> str:
    return f"{measure.name or measure.group}/{measure.unit}"


def _uncounted(sight: Sight, _due: str) -> str:
    return _joined(name for balance in sight.state.custody.balances for name in balance.not_counted)


_LOOKS: Final[Mapping[str, Callable[[Sight, str], str]]] = {
    "legs": _legs,
    "control": _control,
    "soil": lambda sight, _due: _short(sight.picture.soil.member if sight.picture.soil else None),
    "lost": lambda sight, _due: _yes(sight.picture.control is not None and sight.picture.control.lost_ms is not None),
    "stopped": lambda sight, _due: _joined(_short(stop.member) for stop in sight.picture.stops),
    "go": lambda sight, _due: _yes(sight.picture.may_go),
    "red": _contradictions(Colour.RED),
    "amber": _contradictions(Colour.AMBER),
    "owes": _owes,
    "closed": lambda sight, _due: _yes(sight.state.closed_by is not None),
    "exhibits": _exhibits,
    "books": _books,
    "uncounted": _uncounted,
    "missing": lambda sight, _due: str(len(sight.state.missing)),
    "screen": lambda sight, due: due if due in sight.screen else sight.screen,
}

SEEN: Final = frozenset(_LOOKS)
"""What may be asked of what a party sees: words apart by commas, ``none`` for nothing."""
