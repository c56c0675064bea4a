"""What a later version says, and a liar in the same words: kept and told, but it grants nothing (PROTOCOL 8)."""

from __future__ import annotations

from pathlib import Path

import pytest

from clients.actions.ringing import Urgent
from clients.mail.compose import PublicDraft
from schemas.checkpoint import encode_base64, key_id
from schemas.claims import StatementType
from schemas.encoding import sha256
from schemas.errors import Code
from schemas.statements import read_payload
from tests.attacks.desks import alarms, audited, dispatched, open_desk, seen
from tests.support.desk import Desk
from tests.support.later import LATER_CODE, sign_later
from tests.support.lying_hub import LyingHub
from tests.support.refusals import refused
from tests.support.world import KZ, RU, UZ, Party, World


@pytest.fixture
def hub(world: World) -> LyingHub:
    """A hub of a later version, or one that says so."""
    return LyingHub(world)


@pytest.fixture
def uz(tmp_path: Path, hub: LyingHub) -> Desk:
    """UZ's desk, up to date."""
    return open_desk(tmp_path, hub, "UZ/NFP")


async def test_later_types_and_an_alert_among_them(hub: LyingHub, uz: Desk) -> None:
    """Types of a later version, public, to us and between others: no alarm, and the alert after them is shown."""
    key = hub.world.party(KZ).sig
    hub.force(sign_later(hub.world.common(KZ), key), lane="public")
    unread = hub.force(sign_later(hub.world.common(KZ), key), [UZ], lane="urgent")
    hub.force(sign_later(hub.world.common(KZ), key), [RU])
    hub.world.revoke(RU)
    digest = hub.send(dispatched(hub.world, "KZ/NFP", UZ, precedence="flash"))
    uz.sync()
    assert (seen(uz, digest), seen(uz, unread)) == ((None, None), (2, "unsupported_type"))
    assert Urgent(uz.store).look() == [unread, digest]
    assert uz.state.directory.current(RU, uz.state.place) is None
    result = await audited(uz)
    assert (result.newer, result.faults, uz.alarms()) == (3, (), [])


def test_revocation_hidden_as_something_newer(hub: LyingHub, uz: Desk) -> None:
    """A revocation under a code that nobody knows yet is false, not newer: an alarm at once."""
    hub.force(hub.world.revocation(hub.world.party(RU)), lane="public", code=LATER_CODE)
    uz.sync()
    assert len(alarms(uz, "public_refused")) == 1
    assert uz.store.trust.newer == {}


def test_something_newer_under_a_known_type(hub: LyingHub, uz: Desk) -> None:
    """A text of a type that nobody knows yet, in the place of a credential, is false: an alarm at once."""
    text = sign_later(hub.world.common("ROOT"), hub.world.root)
    hub.force(text, lane="public", code=StatementType.CREDENTIAL.code)
    uz.sync()
    assert ["bad_proof" in alarm.detail for alarm in alarms(uz, "public_refused")] == [True]


def test_dispatch_hidden_as_something_newer(hub: LyingHub, uz: Desk) -> None:
    """A dispatch under a code that nobody knows yet is an alarm at once, and still calls an officer."""
    sent = dispatched(hub.world, "KZ/NFP", UZ, precedence="flash")
    digest = hub.force(sent, [UZ], lane="urgent", code=LATER_CODE)
    uz.sync()
    assert seen(uz, digest) == (2, "bad_proof")
    assert len(alarms(uz, "bad_statement")) == 1
    assert Urgent(uz.store).look() == [digest]


def test_text_that_is_not_its_leafs(hub: LyingHub, uz: Desk) -> None:
    """Of what is newer, too, the text must be the leaf's: else an alarm at once."""
    key = hub.world.party(KZ).sig
    digest = hub.force(sign_later(hub.world.common(KZ), key), [UZ])
    other = sign_later(hub.world.common(KZ), key)
    hub.bend = lambda _, item: item.model_copy(update={"statement": other})
    uz.sync()
    assert seen(uz, digest) == (2, "bad_proof")
    assert len(alarms(uz, "bad_statement")) == 1


@pytest.mark.parametrize("code", [LATER_CODE, 255])
def test_what_is_newer_lends_nothing(hub: LyingHub, uz: Desk, code: int) -> None:
    """What looks like a key, a revocation or a receipt under a type that nobody knows yet changes nothing."""
    digest, key = uz.digest_of(uz.send(KZ)), hub.world.party(KZ).sig
    uz.flush()
    directory = uz.state.directory
    made = Party.of(RU, 1)
    claims = {**hub.world.common("ROOT"), "sub": RU, "kid": hub.world.party(RU).sig.kid, "reason": "lost"}
    claims |= {"key": made.key(), "roles": ["exchange", "certify"], "nbf": 0, "exp": 2**40, "name": "RU"}
    hub.force(sign_later(claims, hub.world.root), lane="public", code=code)
    receipt = {**hub.world.common(f"{KZ}/DUTY-1"), "to": UZ, "outcome": "acknowledged", "digests": [digest]}
    hub.force(sign_later(receipt, key), [UZ], code=code)
    uz.sync()
    assert (uz.state.directory, uz.outcomes(digest), uz.alarms()) == (directory, [], [])


def test_accepted_as_something_newer(hub: LyingHub, tmp_path: Path) -> None:
    """Who revokes sees at once that the hub has put its revocation into the ledger as something newer."""
    ru = open_desk(tmp_path, hub, RU)
    text = hub.world.revocation(hub.world.party(RU))
    ru.sender.draft([PublicDraft(text)])
    assert len(ru.sender.submissions(1)) == 1
    digest = hub.force(text, lane="public", code=LATER_CODE)
    with refused(Code.BAD_PROOF):
        ru.intake.accepted(hub.accepted(digest, ru.size))
    assert len(alarms(ru, "bad_proof")) == 1


async def test_revocation_hidden_by_a_later_leaf(hub: LyingHub, uz: Desk) -> None:
    """A later version of the leaf is no way to hide a revocation by its flag: an alarm at the next audit."""
    hub.force(hub.world.revocation(hub.world.party(RU)), [RU], public=False, version=2, rest=sha256(b""))
    uz.sync()
    with refused(Code.BAD_PROOF):
        await audited(uz)
    assert len(alarms(uz, "bad_proof")) == 1


def test_checkpoint_of_a_later_version(hub: LyingHub, uz: Desk) -> None:
    """Extension lines, witnesses and a line of a later kind of key cut nobody off, and do not go into statements."""
    origin, honest = hub.world.directory.epoch.origin, hub.note

    def note() -> str:
        body = honest().split("\n\n")[0] + "\nan extension line\n"
        key = hub.world.ledger_key
        payload = key_id(origin, key.public.raw) + key.sign(body.encode())
        lines = ((origin, payload), (origin, b"\6\0\0\1" + bytes(2_420)), ("witness.example/1", bytes(76)))
        return f"{body}\n" + "".join(f"\N{EM DASH} {name} {encode_base64(each)}\n" for name, each in lines)

    hub.note = note  # type: ignore[method-assign]
    digest = hub.send(dispatched(hub.world, "KZ/NFP", UZ))
    uz.sync()
    assert (seen(uz, digest), uz.alarms()) == ((None, None), [])
    outgoing = uz.store.outbox.get(uz.send(KZ))
    assert outgoing is not None
    uz.sender.submissions(1)
    outgoing = uz.store.outbox.get(outgoing.id)
    assert outgoing is not None
    view = read_payload(outgoing.statement or "")["view"]
    assert (view.count("\N{EM DASH}"), "an extension line" in view) == (1, True)


def test_checkpoint_with_a_line_that_does_not_hold(hub: LyingHub, uz: Desk) -> None:
    """A checkpoint with a good line of the ledger key and a bad one is refused: programs could take either."""
    honest, origin = hub.note, hub.world.directory.epoch.origin
    bad = encode_base64(key_id(origin, hub.world.ledger_key.public.raw) + bytes(64))
    hub.note = lambda: f"{honest()}\N{EM DASH} {origin} {bad}\n"  # type: ignore[method-assign]
    hub.send(dispatched(hub.world, "KZ/NFP", UZ))
    with refused(Code.BAD_CHECKPOINT):
        uz.sync()
    assert len(alarms(uz, "bad_proof")) == 1
