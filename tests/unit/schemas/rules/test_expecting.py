"""Who owes an answer, what is one, and what ends the wait."""

from __future__ import annotations

from typing import Any

import pytest

from schemas.claims import Dispatch
from schemas.errors import Code
from schemas.rules.expecting import EVERYBODY, asked_of, ends_wait, owed_by
from schemas.rules.writing import check_written
from tests.support.refusals import refused
from tests.support.world import KZ, RU, UZ, World, cover_of

DIGEST = "A" * 43


@pytest.fixture(scope="module")
def world() -> World:
    """Three members."""
    return World([KZ, UZ, RU])


def cover(world: World, iss: str, to: list[str], rel: str | None = None, **claims: Any) -> Dispatch:
    """A cover that refers to something."""
    refs: dict[str, Any] = {"refs": [{"rel": rel, "digest": DIGEST}]} if rel else {}
    return cover_of(world.verified(world.dispatch(iss, to, **refs, **claims).text))


@pytest.mark.parametrize(
    ("expects", "asked"),
    [(None, ()), ({"by": 5}, (UZ, RU)), ({"by": 5, "from": [RU]}, (RU,)), ({"by": 5, "from": [KZ]}, (KZ,))],
)
def test_who_owes(world: World, expects: dict[str, Any] | None, asked: tuple[str, ...]) -> None:
    """All recipients, or those who are named; of a reseal nobody: what it says has been asked."""
    assert owed_by(cover(world, KZ, [UZ, RU], expects=expects)) == asked
    again = cover(world, KZ, [UZ, RU], "reseal", expects=expects)
    assert (asked_of(again), owed_by(again)) == (asked, ())


def test_only_who_gets_it_can_owe(world: World) -> None:
    """A member that is no recipient is not asked; one's own may be; a hub and a composer refuse anything else."""
    check_written(cover(world, f"{KZ}/DUTY-1", [UZ], expects={"by": 5, "from": [KZ, UZ]}))
    with refused(Code.MALFORMED_STATEMENT, "RU/NFP"):
        check_written(cover(world, KZ, [UZ], expects={"by": 5, "from": [UZ, RU]}))


@pytest.mark.parametrize(("count", "named", "fits"), [(64, 0, True), (65, 0, False), (65, 64, True)])
def test_sixty_four_owe_at_most(world: World, count: int, named: int, fits: bool) -> None:
    """All recipients owe where nobody is named, so then there are 64 at most."""
    to = [f"KZ/U{number}" for number in range(count)]
    expects = {"by": 5} | ({"from": to[:named]} if named else {})
    claims = cover(world, KZ, [UZ]).model_dump() | {"to": to, "expects": expects}
    written = Dispatch.model_validate({name: value for name, value in claims.items() if value is not None})
    if fits:
        check_written(written)
    else:
        with refused(Code.MALFORMED_STATEMENT, "65"):
            check_written(written)


def test_a_reseal_brings_one_thing(world: World) -> None:
    """What is brought again is one dispatch: an answer to it counts for that one."""
    refs = [{"rel": "reseal", "digest": digest} for digest in (DIGEST, "B" * 42 + "A")]
    with refused(Code.MALFORMED_STATEMENT, "reseal"):
        check_written(cover_of(world.verified(world.dispatch(KZ, [UZ], refs=refs).text)))


@pytest.mark.parametrize(
    ("iss", "to", "rel", "asks", "ended"),
    [
        (UZ, [KZ], "reply", False, UZ),
        (f"{UZ}/DUTY-1", [RU, KZ], "reply", False, UZ),
        (UZ, [RU], "reply", False, None),
        (KZ, [RU], "reply", False, KZ),
        (UZ, [KZ], "related", False, None),
        (UZ, [KZ], "translation", False, None),
        (KZ, [UZ], "cancel", False, EVERYBODY),
        (KZ, [UZ], "update", True, EVERYBODY),
        (KZ, [UZ], "update", False, None),
        (UZ, [KZ], "cancel", False, None),
        (UZ, [KZ], "update", True, None),
    ],
)
def test_what_ends_the_wait(world: World, iss: str, to: list[str], rel: str, asks: bool, ended: str | None) -> None:
    """An answer to the asker, or by the asker itself; the asker's own cancellation, or a correction that asks anew."""
    expects = {"by": 5} if asks else None
    assert ends_wait(cover(world, iss, to, rel, expects=expects), rel, KZ) == ended


def test_a_reseal_ends_nothing(world: World) -> None:
    """It repeats no effect, whatever else it refers to."""
    refs = [{"rel": "reseal", "digest": DIGEST}, {"rel": "reply", "digest": DIGEST}]
    again = cover_of(world.verified(world.dispatch(UZ, [KZ], refs=refs).text))
    assert ends_wait(again, "reply", KZ) is None
