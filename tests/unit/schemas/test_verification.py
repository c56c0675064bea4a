"""Verifying evidence: what holds is told as data, what was tampered with fails at its step."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from schemas.addresses import Address
from schemas.checkpoint import Checkpoint, parse_note, sign_note
from schemas.encoding import encode_base64url, encode_json, sha256
from schemas.errors import Code, SeraiError
from schemas.evidence import EvidenceItem, UnverifiedEvidence
from schemas.merkle import root_of
from schemas.proven import EvidenceError, EvidenceStep, Limit, Missing
from schemas.statements import parse_statement
from schemas.verification import verify_evidence
from tests.support.edges import EDGES, WEAK_KEYS, Edge, edge_credential, weak_credential
from tests.support.evidence import REPORT, Case, with_item
from tests.support.world import DAY_S, KG, KZ, TJ, UZ, YEAR_S, Party, World, digest_of, signing_key

OFFICER = f"{KZ}/DUTY-1"
ALWAYS = {Limit.TIME_IS_THE_HUBS, Limit.REVOCATION_UNKNOWN, Limit.COMPLETENESS_UNKNOWN, Limit.LEDGER_NOT_FOLLOWED}


@pytest.fixture
def case() -> Case:
    """A network with a dispatch and its receipts."""
    return Case()


# What holds


def test_a_file_proves_what_it_says(case: Case) -> None:
    """Signer, chain, network, time, place, size, recipients, content and receipts are told as they are."""
    verified = verify_evidence(case.evidence(case.content()), case.root)
    said, *receipts = verified.items
    assert said.statement.text == case.sent.text
    assert [link.address for link in said.chain] == [KZ, OFFICER]
    assert verified.network == case.world.network
    assert (said.index, said.accepted_at) == (9, case.world.log[9].leaf.accepted_at)
    assert verified.checkpoint.size == len(case.world.log)
    assert said.recipients == (KG, UZ)
    assert said.content is not None
    assert said.content.recipient == KG
    assert said.content.report is not None
    assert said.content.report.form is not None
    assert said.content.report.form.our_reference == REPORT["our_reference"]
    assert [receipt.statement.text for receipt in receipts] == case.receipts
    assert [receipt.chain[0].address for receipt in receipts] == [KG, UZ, KG]
    assert verified.receipts() == {case.sent.digest: receipts}
    assert verified.missing == ()


def test_limits_tell_what_is_not_proven(case: Case) -> None:
    """What no file proves is always told, and the content's limits by what the file discloses."""
    told = {
        name: set(verify_evidence(case.evidence(content), case.root).items[0].limits)
        for name, content in (("none", None), ("closed", case.content(key=False)), ("open", case.content()))
    }
    assert told == {
        "none": {Limit.CONTENT_NOT_INCLUDED},
        "closed": {Limit.ENTRY_NOT_OPENED, Limit.CONTENT_NOT_DISCLOSED},
        "open": {Limit.ENTRY_NOT_OPENED},
    }
    verified = verify_evidence(case.evidence(), case.root)
    assert set(verified.limits) == ALWAYS
    assert [item.limits for item in verified.items[1:]] == [(), (), ()]


@pytest.mark.parametrize(("report", "kind"), [(b"not a report", "warning"), (REPORT, "seizure")])
def test_content_of_another_form_is_proven_as_such(case: Case, report: Any, kind: str) -> None:
    """A sender who sealed something else than a report of the cover's kind is held to it."""
    case.sent = case.world.dispatch(OFFICER, [KG, UZ], report, kind=kind)
    case.world.admit(case.sent.text)
    verified = verify_evidence(case.evidence(case.content(), receipts=False), case.root)
    (said,) = verified.items
    assert said.content is not None
    assert said.content.report is None
    sent = report if isinstance(report, bytes) else encode_json(report).encode()
    assert (said.content.disclosed or b"").rstrip() == sent
    assert Limit.REPORT_NOT_VALID in said.limits


def test_sender_keeps_a_copy_too(case: Case) -> None:
    """The sender's member, who is not in ``to``, can show its own copy."""
    verified = verify_evidence(case.evidence(case.content(KZ)), case.root)
    content = verified.items[0].content
    assert content is not None
    assert content.recipient == KZ


def test_epochs_are_followed(case: Case) -> None:
    """A statement of an old epoch holds under a checkpoint of a new one with a new root."""
    case.world.turn_root()
    verified = verify_evidence(case.evidence(), case.root)
    assert verified.epoch.number == 1
    assert verified.epoch.root.kid != case.root


def test_later_loss_of_a_key_changes_nothing(case: Case) -> None:
    """A credential that expired or was revoked after the statement does not spoil the file."""
    case.world.wait(400 * DAY_S)
    case.world.revoke(KZ)
    assert verify_evidence(case.evidence(), case.root).items[0].index == 9


@pytest.mark.parametrize("edge", EDGES, ids=[edge.name for edge in EDGES])
def test_signatures_at_the_edges_of_ed25519(case: Case, edge: Edge) -> None:
    """A signature that libraries judge differently is proof exactly where PROTOCOL 4 says that it holds."""
    officer = Party(Address(f"{KZ}/EDGE"), edge.key("edge"), None)
    case.world.admit(edge_credential(case.world, officer, edge))
    case.world.parties[officer.address] = officer
    text = case.world.dispatch(officer.address, [KG], REPORT).text
    said, credentials = case.force(text), case.credentials([KZ, officer.address])
    evidence = replace(case.evidence(receipts=False), items=(case.item(said),), credentials=credentials)
    if edge.holds:
        assert verify_evidence(evidence, case.root).items[0].statement.text == text
        return
    with pytest.raises(EvidenceError) as caught:
        verify_evidence(evidence, case.root)
    assert (caught.value.step, caught.value.code) == (EvidenceStep.SIGNERS, Code.BAD_SIGNATURE)


@pytest.mark.parametrize("weak", WEAK_KEYS)
def test_weak_key_proves_nothing(case: Case, weak: str) -> None:
    """A file with a credential for a weak key proves nothing, though the hub has put it into the ledger."""
    index = case.force(weak_credential(case.world, weak), public=True)
    evidence = case.evidence(receipts=False)
    with pytest.raises(EvidenceError) as caught:
        verify_evidence(replace(evidence, credentials=(*evidence.credentials, case.item(index))), case.root)
    assert (caught.value.step, caught.value.code) == (EvidenceStep.SIGNERS, Code.MALFORMED_STATEMENT)


def test_an_event_for_one_member_can_be_shown(case: Case) -> None:
    """An event that is not public holds under the hub's event key, and under no other."""
    claims = {"to": [KZ], "digests": [case.sent.digest], "member": UZ}
    for key, fault in ((None, None), (case.world.party(KZ).sig, Code.UNKNOWN_KEY)):
        index = case.force(case.world.event("undeliverable", key, **claims))
        evidence = replace(case.evidence(receipts=False), items=(case.item(index),))
        if fault is None:
            assert verify_evidence(evidence, case.root).items[0].recipients == (KZ,)
            continue
        with pytest.raises(EvidenceError) as caught:
            verify_evidence(evidence, case.root)
        assert (caught.value.step, caught.value.code) == (EvidenceStep.SIGNERS, fault)


def test_error_keeps_its_step() -> None:
    """The step of a failure survives being copied between processes and is named in its text."""
    error = EvidenceError(EvidenceStep.LEAVES, Code.BAD_PROOF, "detail", 9)
    copied = pickle.loads(pickle.dumps(error))  # noqa: S301 - made one line above
    assert (copied.step, copied.code, copied.detail, copied.index) == (error.step, error.code, error.detail, 9)
    assert str(error) == "step 3 (leaves), number 9: bad_proof: detail"
    assert str(EvidenceError(EvidenceStep.EPOCHS, Code.WRONG_EPOCH)) == "step 1 (epochs): wrong_epoch"


def test_what_is_named_and_not_there_is_named(case: Case) -> None:
    """Every digest that an item refers to and the file lacks is told, with who names it and how."""
    reply = _refers(case, KG, "reply", forced=False)
    world = case.world
    world.wait(5)
    known, later = (
        world.event("undeliverable", to=[KZ], digests=[case.sent.digest], member=UZ),
        world.event("lost", to=[KZ], digests=[case.sent.digest, 7, "A"], member=UZ),
    )
    case.force(known)
    case.force(later)
    receipt = world.receipt(UZ, KZ, [case.sent.digest, "A" * 43])
    case.force(receipt)
    texts = [case.sent.text, *case.receipts, reply, known, later, receipt]
    whole = verify_evidence(case.file(*texts), case.root)
    assert whole.missing == (Missing("A" * 43, case.index(receipt), "received", UZ),)
    without = verify_evidence(case.file(*texts[1:]), case.root)
    assert {(each.digest, each.how) for each in without.missing} == {
        *((case.sent.digest, how) for how in ("received", "acknowledged", "reply", "undeliverable", "lost")),
        ("A" * 43, "received"),
    }
    assert {each.index for each in without.missing} == {case.index(text) for text in texts[1:]}


def test_several_dispatches_are_proven_together(case: Case) -> None:
    """A file proves a dispatch, its answer and the receipts for both, each with its own content."""
    reply = _refers(case, KG, "reply", to=KZ, forced=False)
    receipt = case.world.receipt(KZ, KG, [digest_of(reply)])
    case.world.admit(receipt)
    verified = verify_evidence(case.file(reply, receipt, case.sent.text, content=case.content()), case.root)
    assert [item.statement.text for item in verified.items] == [case.sent.text, reply, receipt]
    assert [item.content is not None for item in verified.items] == [True, False, False]
    assert (verified.missing, list(verified.receipts())) == ((), [digest_of(reply)])


def test_status_that_is_not_known_is_no_fault(case: Case) -> None:
    """What refers to a dispatch under a status of a later version is proven: nobody here knows whether it is real."""
    text = _refers(case, KG, "reply", status="drill")
    assert verify_evidence(case.file(case.sent.text, text), case.root).missing == ()


# What does not

Tamper = Callable[[Case], UnverifiedEvidence]


def _with_said(case: Case, said: EvidenceItem) -> UnverifiedEvidence:
    evidence = case.evidence()
    return replace(evidence, items=(said, *evidence.items[1:]))


def _flip(text: str) -> str:
    body, _, signature = text.rpartition(".")
    return f"{body}.{'B' if signature[0] == 'A' else 'A'}{signature[1:]}"


def _forced(case: Case, text: str, **leaf: Any) -> UnverifiedEvidence:
    """The file about a dispatch that a hub put into its ledger without looking."""
    index = case.force(text, **leaf)
    return replace(case.evidence(receipts=False), items=(case.item(index),))


def _all_under(evidence: UnverifiedEvidence, note_text: str) -> UnverifiedEvidence:
    return replace(evidence, note=parse_note(note_text))


def _foreign_note(case: Case) -> str:
    hashes = case.world.hashes()
    checkpoint = Checkpoint(case.world.directory.epoch.origin, len(hashes), root_of(hashes))
    return sign_note(checkpoint, signing_key("stranger").private_key)


def _stranger_epoch(case: Case) -> UnverifiedEvidence:
    key = signing_key("stranger")
    text = case.world.epoch(key, network=case.world.document(root=key.public.to_jwk()))
    return replace(case.evidence(), epochs=(*case.evidence().epochs, parse_statement(text)))


def _other_network(case: Case) -> UnverifiedEvidence:
    text = case.world.epoch(aud=f"toy/{signing_key('stranger').kid}", epoch=0, index=0, root=None)
    return replace(case.evidence(), epochs=(parse_statement(text),))


def _old_epochs(case: Case) -> UnverifiedEvidence:
    case.world.turn_root()
    return replace(case.evidence(), epochs=case.evidence().epochs[:1])


def _twice_in_the_ledger(case: Case) -> UnverifiedEvidence:
    index = case.force(case.sent.text)
    evidence = case.evidence(receipts=False)
    return replace(evidence, items=(*evidence.items, case.item(index)))


def _refers(case: Case, iss: str, rel: str, *, status: str = "actual", to: str = UZ, forced: bool = True) -> str:
    """A dispatch that refers to the one that was sent; a hub put it into the ledger without looking."""
    refs = [{"rel": rel, "digest": case.sent.digest}]
    text = case.world.dispatch(iss, [to], REPORT, refs=refs, status=status).text
    if forced:
        case.force(text)
    else:
        case.world.admit(text)
    return text


def test_what_a_stop_refers_to_is_not_judged(case: Case) -> None:
    """It was admitted whatever it is related to, so a file with it is proven, though its member was sent none of it."""
    claim = {"id": case.sent.digest, "do": "stop"}
    refs = [{"rel": "related", "digest": case.sent.digest}]
    stop = case.world.dispatch(f"{TJ}/DUTY-1", [KZ], kind="operation", operation=claim, refs=refs).text
    case.world.admit(stop)
    verified = verify_evidence(case.file(case.sent.text, stop), case.root)
    assert [item.statement.text for item in verified.items] == [case.sent.text, stop]


def _with_reference(case: Case, iss: str, rel: str, **changes: Any) -> UnverifiedEvidence:
    return case.file(case.sent.text, _refers(case, iss, rel, **changes))


def _refers_to_a_receipt(case: Case) -> UnverifiedEvidence:
    refs = [{"rel": "related", "digest": encode_base64url(sha256(case.receipts[0].encode()))}]
    text = case.world.dispatch(OFFICER, [KG], REPORT, refs=refs).text
    case.force(text)
    return case.file(case.receipts[0], text)


def _late_credential(case: Case) -> UnverifiedEvidence:
    officer = Party.of(Address(f"{KZ}/DUTY-2"))
    case.world.parties[officer.address] = officer
    index = case.force(case.world.dispatch(officer.address, [KG, UZ], REPORT).text)
    case.world.admit(case.world.credential(officer))
    base = case.evidence(receipts=False)
    return replace(base, credentials=case.credentials([KZ, officer.address]), items=(case.item(index),))


def _without_role(case: Case) -> UnverifiedEvidence:
    case.world.enrol(f"{KZ}/CLERK", roles=["case_officer"])
    evidence = _forced(case, case.world.dispatch(f"{KZ}/CLERK", [KG, UZ], REPORT).text)
    return replace(evidence, credentials=case.credentials([KZ, f"{KZ}/CLERK"]))


def _expired(case: Case) -> UnverifiedEvidence:
    case.world.wait(2 * YEAR_S)
    return _forced(case, case.world.dispatch(KZ, [KG, UZ], REPORT).text)


def _exercise(case: Case) -> UnverifiedEvidence:
    case.world = World((KZ, KG, TJ, UZ), status="exercise")
    case.sent = case.world.dispatch(OFFICER, [KG, UZ], REPORT, status="actual")
    case.force(case.sent.text)
    return case.evidence(receipts=False)


def _receipt(case: Case, iss: str, to: str = KZ, digest: str | None = None, **changes: Any) -> UnverifiedEvidence:
    text = case.world.receipt(iss, to, [digest or case.sent.digest], **changes)
    index = case.force(text)
    people = [KZ, OFFICER, KG, f"{KG}/DUTY-1", UZ, TJ]
    base = case.evidence(receipts=False)
    return replace(base, credentials=case.credentials(people), items=(*base.items, case.item(index)))


def _early_receipt(case: Case) -> UnverifiedEvidence:
    case.sent = case.world.dispatch(OFFICER, [KG, UZ], REPORT)
    evidence_at = case.force(case.world.receipt(KG, KZ, [case.sent.digest]))
    case.world.admit(case.sent.text)
    base = case.evidence(receipts=False)
    return replace(base, credentials=case.credentials([KZ, OFFICER, KG]), items=(case.item(evidence_at), *base.items))


def _content(case: Case, **changes: Any) -> UnverifiedEvidence:
    return case.evidence(replace(case.content(), **changes))


def _other_body(case: Case) -> UnverifiedEvidence:
    copy = case.sent.copy(KG)
    other = case.world.dispatch(OFFICER, [KG, UZ], REPORT).copy(KG)
    return _content(case, copy=replace(copy, body=replace(copy.body, ciphertext=other.body.ciphertext)))


def _other_commitment(case: Case) -> UnverifiedEvidence:
    key = b"k" * 32
    jti = case.world.common(KZ)["jti"]
    honest = case.world.dispatch(OFFICER, [KG, UZ], REPORT, jti=jti)
    commitment = encode_base64url(sha256(b"serai content key v1\0" + jti.encode() + key))
    claims = {name: encode_base64url(getattr(honest.claim, name)) for name in ("digest", "entries")}
    text = case.world.sign(
        parse_statement(honest.text).type,
        OFFICER,
        {
            "jti": jti,
            "to": [KG, UZ],
            "kind": "warning",
            "status": "actual",
            "precedence": "routine",
            "handling": "H1",
            "content": {**claims, "commitment": commitment, "size": honest.claim.size},
        },
    )
    case.sent = replace(honest, text=text, content_key=key)
    case.world.admit(text)
    return case.evidence(case.content(), receipts=False)


E = EvidenceStep
TAMPERED: list[tuple[str, Tamper, EvidenceStep, Code]] = [
    (
        "signature of an epoch",
        lambda c: replace(c.evidence(), epochs=(parse_statement(_flip(c.evidence().epochs[0].text)),)),
        E.EPOCHS,
        Code.BAD_SIGNATURE,
    ),
    ("epoch twice", lambda c: replace(c.evidence(), epochs=c.evidence().epochs * 2), E.EPOCHS, Code.WRONG_EPOCH),
    ("epoch for another network", _other_network, E.EPOCHS, Code.WRONG_NETWORK),
    ("epoch of a stranger", _stranger_epoch, E.EPOCHS, Code.UNKNOWN_KEY),
    (
        "checkpoint of a stranger",
        lambda c: _all_under(c.evidence(), _foreign_note(c)),
        E.CHECKPOINT,
        Code.BAD_CHECKPOINT,
    ),
    ("epoch left out", _old_epochs, E.CHECKPOINT, Code.BAD_CHECKPOINT),
    ("smaller tree", lambda c: _all_under(c.evidence(), c.world.checkpoint(9)), E.LEAVES, Code.BAD_PROOF),
    (
        "another time",
        lambda c: _with_said(c, replace(c.item(9), leaf=replace(c.item(9).leaf, accepted_at=1))),
        E.LEAVES,
        Code.BAD_PROOF,
    ),
    (
        "another statement",
        lambda c: _with_said(c, replace(c.item(9), statement=parse_statement(c.receipts[0]))),
        E.LEAVES,
        Code.BAD_PROOF,
    ),
    (
        "another place",
        lambda c: _with_said(c, replace(c.item(9), index=8)),
        E.LEAVES,
        Code.BAD_PROOF,
    ),
    (
        "credential twice",
        lambda c: replace(c.evidence(), credentials=(*c.evidence().credentials, c.item(1))),
        E.LEAVES,
        Code.BAD_PROOF,
    ),
    ("item twice", lambda c: replace(c.evidence(), items=(*c.evidence().items, c.item(10))), E.LEAVES, Code.BAD_PROOF),
    ("one statement at two places", _twice_in_the_ledger, E.LEAVES, Code.BAD_PROOF),
    ("time goes back", lambda c: _forced(c, c.sent.text, accepted_at=1), E.LEAVES, Code.BAD_PROOF),
    (
        "credential left out",
        lambda c: replace(c.evidence(), credentials=c.evidence().credentials[1:]),
        E.SIGNERS,
        Code.UNKNOWN_KEY,
    ),
    ("signature of the statement", lambda c: _forced(c, _flip(c.sent.text)), E.SIGNERS, Code.BAD_SIGNATURE),
    (
        "another's key",
        lambda c: _forced(
            c, c.world.sign(parse_statement(c.sent.text).type, KZ, _cover(c), c.world.party(OFFICER).sig)
        ),
        E.SIGNERS,
        Code.UNKNOWN_KEY,
    ),
    ("credential after the statement", _late_credential, E.SIGNERS, Code.UNKNOWN_KEY),
    ("expired", _expired, E.SIGNERS, Code.CREDENTIAL_EXPIRED),
    ("role missing", _without_role, E.SIGNERS, Code.ROLE_MISSING),
    (
        "another network",
        lambda c: _forced(c, c.world.dispatch(OFFICER, [KG], REPORT, aud=f"toy/{'A' * 43}").text),
        E.SIGNERS,
        Code.WRONG_NETWORK,
    ),
    ("actual in an exercise", _exercise, E.SIGNERS, Code.STATUS_NOT_ALLOWED),
    ("public flag", lambda c: _forced(c, c.sent.text, public=True), E.SIGNERS, Code.BAD_PROOF),
    ("receipt of the wrong level", lambda c: _receipt(c, f"{KG}/DUTY-1"), E.SIGNERS, Code.NOT_PERMITTED),
    ("another content", _other_body, E.CONTENT, Code.CONTENT_MISMATCH),
    (
        "content of a receipt",
        lambda c: with_item(c.evidence(), 1, content=c.content()),
        E.CONTENT,
        Code.CONTENT_MISMATCH,
    ),
    ("not named", lambda c: _content(c, recipient=TJ), E.ENTRY, Code.NOT_A_RECIPIENT),
    ("another's entry", lambda c: _content(c, copy=c.sent.copy(UZ)), E.ENTRY, Code.ENTRIES_MISMATCH),
    ("proof of an entry", lambda c: _content(c, entry_proof=()), E.ENTRY, Code.ENTRIES_MISMATCH),
    ("another key", lambda c: _content(c, content_key=b"k" * 32), E.KEY, Code.COMMITMENT_MISMATCH),
    ("committed to another key", _other_commitment, E.KEY, Code.DECRYPTION_FAILED),
    ("correction by another", lambda c: _with_reference(c, KG, "update"), E.REFERENCES, Code.REFERENCE_NOT_PERMITTED),
    ("cancelled by another", lambda c: _with_reference(c, KG, "cancel"), E.REFERENCES, Code.REFERENCE_NOT_PERMITTED),
    ("answer of a stranger", lambda c: _with_reference(c, TJ, "reply"), E.REFERENCES, Code.REFERENCE_NOT_PERMITTED),
    (
        "reseal to another",
        lambda c: _with_reference(c, KZ, "reseal", to=TJ),
        E.REFERENCES,
        Code.REFERENCE_NOT_PERMITTED,
    ),
    (
        "exercise about the real thing",
        lambda c: _with_reference(c, KG, "reply", status="exercise"),
        E.REFERENCES,
        Code.STATUS_MISMATCH,
    ),
    ("reference to a receipt", _refers_to_a_receipt, E.REFERENCES, Code.UNKNOWN_REFERENCE),
    ("receipt before", _early_receipt, E.REFERENCES, Code.UNKNOWN_REFERENCE),
    ("receipt of a stranger", lambda c: _receipt(c, TJ), E.REFERENCES, Code.NOT_A_RECIPIENT),
    ("receipt to another", lambda c: _receipt(c, KG, to=TJ), E.REFERENCES, Code.NOT_A_RECIPIENT),
]


def _cover(case: Case) -> dict[str, Any]:
    verified = case.world.verified(case.sent.text)
    names = ("to", "kind", "status", "precedence", "handling", "content")
    return {name: value for name, value in verified.claims.model_dump(exclude_none=True).items() if name in names}


@pytest.mark.parametrize(("tamper", "step", "code"), [row[1:] for row in TAMPERED], ids=[row[0] for row in TAMPERED])
def test_tampering_fails_at_its_step(case: Case, tamper: Tamper, step: EvidenceStep, code: Code) -> None:
    """Each way of tampering is refused at the step that looks at it, with its code."""
    with pytest.raises(EvidenceError) as caught:
        verify_evidence(tamper(case), case.root)
    assert (caught.value.step, caught.value.code) == (step, code)


def test_every_step_is_tampered_with() -> None:
    """The table above leaves no step out."""
    assert {row[2] for row in TAMPERED} == set(EvidenceStep)


def test_another_root_proves_nothing(case: Case) -> None:
    """A reader who pins another root is not convinced, whatever the file says of itself."""
    with pytest.raises(SeraiError) as caught:
        verify_evidence(case.evidence(), signing_key("stranger").kid)
    assert (getattr(caught.value, "step", None), caught.value.code) == (E.EPOCHS, Code.UNKNOWN_KEY)
