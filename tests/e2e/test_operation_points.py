"""An operation between real focal points at a real hub: acted in, read over HTTP, folded alike."""

from __future__ import annotations

from pathlib import Path

from clients.focalpoint import FocalPoint
from clients.mail.compose import StepMark
from clients.mail.cover import Cover
from schemas.addresses import Address
from schemas.operations.terms import MissingHow
from schemas.reports.operations import STEP_FORMS, OperationForm
from tests.support.desk import unlock_officers
from tests.support.harbour import Harbour, make_stores, points_at, present_world
from tests.support.hub import make_folder
from tests.support.world import KZ, TJ, UZ
from tests.unit.schemas.reports.operations.builders import LEAST

PARTS = ((UZ, "transit"), (TJ, "destination"))


def form(do: str) -> OperationForm:
    """The least content of a step."""
    return STEP_FORMS[do].model_validate(LEAST[do])


async def take(point: FocalPoint, do: str, to: tuple[Address, ...], mark: StepMark, **cover: object) -> str:
    """An officer takes a step; gives its digest once the hub has it."""
    signer = Address(f"{point.member}/DUTY-1")
    accepted = await point.step(form(do), Cover(to, signer, operation=mark, **cover))  # type: ignore[arg-type]
    return accepted.digest


async def test_steps_that_were_not_sent_are_read_from_a_real_hub(tmp_path: Path) -> None:
    """A request, a note to one, a stop to all: who was left out of the note knows its number, and all see the stop.

    What the client's judging lets through the hub admits; the hub's list is read over its real HTTP application.
    """
    world = present_world()
    folder = make_folder(tmp_path / "hub", world)
    stores = make_stores(tmp_path, world)
    harbour = Harbour(folder)
    await harbour.start()
    try:
        async with points_at(harbour, stores) as points:
            for store in stores.values():
                unlock_officers(store)
            for point in points.values():
                await point.wait_live()
            operation = await take(points[KZ], "open", (UZ, TJ), StepMark(do="open", participants=PARTS))
            await points[UZ].until(lambda: operation in points[UZ].operations())
            note = await take(points[UZ], "note", (KZ,), StepMark(operation, "note"))
            await points[TJ].until(lambda: operation in points[TJ].operations())
            stop = await take(points[TJ], "stop", (KZ, UZ), StepMark(operation, "stop"), precedence="flash")
            assert await points[TJ].read_steps(operation) == 1
            (leaf,) = points[TJ].operation(operation).held.leaves
            assert (leaf.digest, leaf.how) == (note, MissingHow.NOT_SENT)
            for point in points.values():
                await point.until(lambda point=point: bool(point.operation(operation).picture.stops))  # type: ignore[misc]
                assert [each.step for each in point.operation(operation).picture.stops] == [stop]
            assert await points[KZ].read_steps(operation) == 0
            assert [point.alarms() for point in points.values()] == [[], [], []]
    finally:
        await harbour.stop()
        for store in stores.values():
            store.close()
