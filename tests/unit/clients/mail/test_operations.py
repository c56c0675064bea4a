"""What a client holds of an operation."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from clients.mail.compose import StepMark
from clients.mail.operations import hold_operation, is_dropped, waiting_steps
from clients.store import Store
from clients.store.items import without_text
from schemas.operations.fold import fold
from schemas.operations.terms import MissingHow
from tests.support.desk import Desk, ScriptedHub
from tests.support.world import KZ, RU
from tests.unit.schemas.reports.operations.builders import LEAST

PARTS = [{"member": member, "part": "transit"} for member in ("KZ/NFP", "UZ/NFP")]


def came(hub: ScriptedHub, do: str, operation: str | None = None, **changes: Any) -> str:
    """A step by RU's officer to KZ; gives its digest."""
    claim: dict[str, Any] = {"do": do, **({"id": operation} if operation else {"participants": PARTS})}
    given = {"kind": "operation", "operation": claim, **changes}
    return hub.send(hub.world.dispatch("RU/NFP/DUTY-1", ["KZ/NFP"], LEAST[do], **given))


def test_steps_are_held_with_cover_content_and_roles(kz: Desk, hub: ScriptedHub) -> None:
    """Each step has its number, its signer's roles as of then, and its content."""
    opened = came(hub, "open")
    kz.sync()
    hub.world.enrol("RU/NFP/DUTY-1", roles=["exchange"])
    kz.sync()
    (step,) = hold_operation(kz.state, opened).steps
    assert (step.number, step.cover.iss) == (kz.store.items.place_of(opened), "RU/NFP/DUTY-1")
    assert step.roles == {"exchange", "duty_officer"}
    assert not isinstance(step.content, MissingHow)


def test_what_cannot_be_opened_counts_with_its_cover(kz: Desk, hub: ScriptedHub) -> None:
    """A stop whose content does not open stands; why its content is not there is held."""
    opened = came(hub, "open")
    stop = came(hub, "stop", opened)
    del hub.sealed[stop]
    kz.sync()
    held = hold_operation(kz.state, opened)
    assert [step.content for step in held.steps if step.digest == stop] == [MissingHow.NOT_OPENED]
    assert [each.member for each in fold(held).state.stops] == [RU]


def test_what_a_new_epoch_drops_counts_until_it_is_back(kz: Desk, hub: ScriptedHub) -> None:
    """A stop that a restored hub has lost stands all the same: it was accepted once, and counts as the last."""
    opened = came(hub, "open")
    stop = came(hub, "stop", opened)
    kz.sync()
    kz.store.items.drop_places(kz.store.items.place_of(stop) or 0)
    held = hold_operation(kz.state, opened)
    assert is_dropped(kz.state, opened)
    assert [step.number for step in held.steps if step.digest == stop] == [kz.size]
    assert [each.step for each in fold(held).state.stops] == [stop]


def test_what_was_deleted_here_is_missing(kz: Desk, hub: ScriptedHub) -> None:
    """A step whose text is no longer kept is known by its number, and as not kept."""
    opened = came(hub, "open")
    kz.sync()
    item = kz.store.items.get(opened)
    assert item is not None
    kz.store.items.put(without_text(item))
    (leaf,) = hold_operation(kz.state, opened).leaves
    assert (leaf.number, leaf.how) == (item.index, MissingHow.NOT_KEPT)


def test_who_was_revoked_is_known_with_the_time(kz: Desk, hub: ScriptedHub) -> None:
    """A member without a good key is named with when it lost the last; one with a newer key is not."""
    opened = came(hub, "open")
    hub.world.wait(60)
    hub.world.revoke("RU/NFP")
    kz.sync()
    assert hold_operation(kz.state, opened).revoked == {RU: hub.world.time_ms}


def test_a_copy_of_the_store_has_the_operation(kz: Desk, hub: ScriptedHub, tmp_path: Path) -> None:
    """A backup has all steps, those that were not sent to us too, and what somebody was called for."""
    opened = came(hub, "open")
    kz.sync()
    folder = tmp_path / "copy"
    folder.mkdir(mode=0o700)
    kz.store.copy_to(folder / "store.db")
    with Store.open(folder / "store.db", "toy") as copy:
        assert copy.operations.steps(opened) == [opened]
        assert copy.alarms.raised() == []


def test_own_steps_wait_until_they_are_accepted(kz: Desk, hub: ScriptedHub) -> None:
    """What the hub has not accepted is no step yet; it is listed as waiting."""
    opened = came(hub, "open")
    kz.sync()
    row = kz.send("RU/NFP", kind="operation", operation=StepMark(opened, "note"))
    assert [(each.row, each.draft.iss) for each in waiting_steps(kz.state, opened)] == [(row, KZ)]
    assert waiting_steps(kz.state, "A" * 43) == []
