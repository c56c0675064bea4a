"""Claims: the form of every payload, each rule with its code."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import limits
from schemas.claims import BY_CODE, BY_TYP, CLAIMS, Dispatch, Event, StatementType, is_public, parse_claims
from schemas.encoding import MAX_SAFE_INTEGER, decode_base64url, decode_digest, decode_object, encode_base64url
from schemas.errors import Code
from schemas.rules.writing import check_words
from schemas.sealing import Envelope
from tests.support.edges import WEAK_KEYS
from tests.support.refusals import outcome, refused
from tests.support.world import KG, KZ, TJ, World, decryption_key, digest_of, signing_key

WORLD = World([KZ, KG])
DUTY = "KZ/NFP/DUTY-1"
DIGEST = digest_of("anything")
NOTE = WORLD.checkpoint()
SENT = WORLD.dispatch(DUTY, [KG])


def _payload(text: str) -> dict[str, Any]:
    return decode_object(decode_base64url(text.split(".")[1]), limits.STATEMENT_MEMBERS)


VALID: Mapping[StatementType, dict[str, Any]] = {
    StatementType.EPOCH: _payload(WORLD.log[0].text),
    StatementType.CREDENTIAL: _payload(WORLD.log[1].text),
    StatementType.REVOCATION: _payload(WORLD.revocation(WORLD.party(KZ))),
    StatementType.DISPATCH: _payload(SENT.text),
    StatementType.RECEIPT: _payload(WORLD.receipt(KG, KZ, [DIGEST])),
    StatementType.EVENT: _payload(WORLD.event("suspended", member=KG)),
    StatementType.SESSION: _payload(WORLD.token(DUTY)),
    StatementType.ENROLMENT: _payload(WORLD.enrolment(WORLD.party(DUTY))),
}
LATER_EPOCH = VALID[StatementType.EPOCH] | {"epoch": 1, "index": 5, "root": DIGEST, "last": NOTE}
OFFICER = _payload(WORLD.log[2].text)
UNDELIVERABLE = VALID[StatementType.EVENT] | {"event": "undeliverable", "to": [KZ], "digests": [DIGEST], "member": KG}
OVERDUE = VALID[StatementType.EVENT] | {
    "event": "overdue", "to": [KZ], "digests": [DIGEST], "missing": "received", "members": [KG], "due": 0
}  # fmt: skip
del OVERDUE["member"]


def _with(payload: Mapping[str, Any], **changes: Any) -> dict[str, Any]:
    """The payload with changes; ``...`` leaves a claim out."""
    return {name: value for name, value in {**payload, **changes}.items() if value is not ...}


def test_types() -> None:
    """Six types have a code, in the order of the table, and every type has a model."""
    assert [BY_CODE[code].typ for code in range(1, 7)] == [
        f"serai-{word}+jwt" for word in ("epoch", "credential", "revocation", "dispatch", "receipt", "event")
    ]
    assert set(BY_TYP.values()) == set(CLAIMS) == set(StatementType)


@pytest.mark.parametrize("kind", list(VALID))
def test_accepts_what_a_world_makes(kind: StatementType) -> None:
    """Claims of each type made by hand are understood."""
    assert type(parse_claims(kind, VALID[kind])) is CLAIMS[kind]


@pytest.mark.parametrize("kind", list(VALID))
def test_keeps_form_when_a_claim_is_unknown(kind: StatementType) -> None:
    """A claim that nobody knows changes nothing."""
    assert parse_claims(kind, VALID[kind] | {"colour": {"deep": [None]}}) == parse_claims(kind, VALID[kind])


@pytest.mark.parametrize("kind", list(VALID))
def test_critical(kind: StatementType) -> None:
    """An unknown claim named critical is refused; a known one is not."""
    parse_claims(kind, VALID[kind] | {"critical": ["iss", "aud"]})
    with refused(Code.UNSUPPORTED_CRITICAL, "colour"):
        parse_claims(kind, VALID[kind] | {"critical": ["iss", "colour"]})
    with refused(Code.UNSUPPORTED_CRITICAL, "type"):
        parse_claims(kind, VALID[kind] | {"critical": ["type"]})


@pytest.mark.parametrize("critical", [["view"], ["iss", "view"], ["iss", "iss"], ["critical", "iss", "critical"]])
@pytest.mark.parametrize("kind", list(VALID))
def test_critical_is_there(kind: StatementType, critical: list[str]) -> None:
    """What must be understood is there, and is named once."""
    with refused(Code.MALFORMED_STATEMENT):
        parse_claims(kind, _with(VALID[kind], view=..., critical=critical))


FURTHER = [(StatementType.EVENT, name) for name in ("digests", "members", "missing", "due", "reason")]
"""Claims of other events than the one here."""


@pytest.mark.parametrize(
    ("kind", "name"),
    [(kind, name) for kind, model in CLAIMS.items() for name in model.model_fields if (kind, name) not in FURTHER],
)
def test_null_is_not_absent(kind: StatementType, name: str) -> None:
    """A claim that is null is refused, whether it may be absent or not."""
    with refused(Code.MALFORMED_STATEMENT):
        parse_claims(kind, VALID[kind] | {name: None})


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (kind, name)
        for kind, model in CLAIMS.items()
        for name, field in model.model_fields.items()
        if field.is_required()
    ],
)
def test_required(kind: StatementType, name: str) -> None:
    """Every required claim is missed, and named."""
    with refused(Code.MALFORMED_STATEMENT, name):
        parse_claims(kind, _with(VALID[kind], **{name: ...}))


COMMON = [
    ("iss", "KZ"),
    ("iss", 5),
    ("iss", ["KZ/NFP"]),
    ("aud", "toy"),
    ("aud", "Toy/" + "A" * 43),
    ("aud", "toy/" + "A" * 42 + "B"),
    ("aud", "t/" + "A" * 43),
    ("aud", "t" * 33 + "/" + "A" * 43),
    ("aud", "toy/" + "A" * 43 + "\n"),
    ("jti", "019B0000-0000-7000-8000-000000000000"),
    ("jti", "019b0000-0000-4000-8000-000000000000"),
    ("jti", "019b0000-0000-7000-c000-000000000000"),
    ("jti", "019b000000007000800000000000000000"),
    ("jti", "019b0000-0000-7000-8000-000000000000\n"),
    ("jti", 7),
    ("iat", -1),
    ("iat", 1.0),
    ("iat", "1790000000"),
    ("iat", True),
    ("iat", MAX_SAFE_INTEGER + 1),
    ("view", ""),
    ("view", "a note"),
    ("view", NOTE + NOTE * 3),
    ("view", NOTE[:-1]),
    ("critical", []),
    ("critical", "iss"),
    ("critical", [1]),
    ("critical", ["iss"] * 17),
]


@pytest.mark.parametrize(("name", "value"), COMMON)
@pytest.mark.parametrize("kind", [StatementType.DISPATCH, StatementType.CREDENTIAL, StatementType.EVENT])
def test_refuses_common_claims(kind: StatementType, name: str, value: Any) -> None:
    """A common claim of another form is refused and named, whatever the type."""
    with refused(Code.MALFORMED_STATEMENT, name):
        parse_claims(kind, VALID[kind] | {name: value})


def _keys(**changes: Any) -> dict[str, Any]:
    return {**VALID[StatementType.ENROLMENT]["key"], **changes}


def _document(**changes: Any) -> dict[str, Any]:
    return {**VALID[StatementType.EPOCH]["network"], **changes}


def _content(**changes: Any) -> dict[str, Any]:
    return {**VALID[StatementType.DISPATCH]["content"], **changes}


BAD_DIGESTS: tuple[Any, ...] = ("A" * 42, "A" * 44, "A" * 42 + "B", "A" * 42 + "=", "A" * 42 + "+", 5, DIGEST + "\n")
REFS = [{"rel": "related", "digest": DIGEST}]


def _each(kind: StatementType, name: str, *values: Any) -> list[tuple[StatementType, str, Any]]:
    return [(kind, name, value) for value in values]


REFUSED: list[tuple[StatementType, str, Any]] = [
    *_each(StatementType.EPOCH, "iss", "KZ/NFP", "CENTRE/HUB", "root"),
    *_each(StatementType.EPOCH, "epoch", 1, -1, True, 0.0),
    (StatementType.EPOCH, "index", 1),
    (StatementType.EPOCH, "root", DIGEST),
    (StatementType.EPOCH, "last", NOTE),
    *_each(StatementType.EPOCH, "network", [], "", _document(status="test")),
    *((StatementType.EPOCH, "network", _document(name=value)) for value in ("T", "toy/", "Toy", "t" * 33, "-a", "a-")),
    (StatementType.EPOCH, "network", _document(codes={})),
    *(
        (StatementType.EPOCH, "network", _document(codes=value))
        for value in ([], ["UNODC"], ["CENTRE"] * 2, ["CENTRE", "KZ"], ["CENTRE", "centre"], ["CENTRE", "A" * 25])
    ),
    (StatementType.EPOCH, "network", _document(codes=["CENTRE", *(f"C{n:03}" for n in range(256))])),
    *((StatementType.EPOCH, "network", _document(**{name: {}})) for name in ("ledger_key", "event_key", "root")),
    *((StatementType.EPOCH, "network", _document(next_root=value)) for value in BAD_DIGESTS),
    *_each(StatementType.CREDENTIAL, "sub", "ROOT", "KZ", "CENTRE/HUB"),
    *_each(StatementType.CREDENTIAL, "name", "", "N" * 81, 5),
    (StatementType.CREDENTIAL, "nbf", VALID[StatementType.CREDENTIAL]["exp"]),
    (StatementType.CREDENTIAL, "exp", 0),
    *(
        (StatementType.CREDENTIAL, "roles", value)
        for value in (
            [],
            ["certify"] * 2,
            ["Certify"],
            ["a" * 33],
            ["r1"],
            "certify",
            [f"r{'x' * n}" for n in range(17)],
        )
    ),
    *_each(StatementType.CREDENTIAL, "request", "", "a.b", "a.b.c.d", "a.b.", "a.=.c", "a" * 201 + ".b.c", 5),
    *_each(StatementType.ENROLMENT, "key", {}, _keys(sig={}), {"sig": _keys()["sig"], "enc": {}}),
    *((StatementType.REVOCATION, "kid", value) for value in BAD_DIGESTS),
    *_each(StatementType.REVOCATION, "reason", "", "LOST", "no longer"),
    (StatementType.REVOCATION, "sub", "ROOT"),
    *_each(StatementType.DISPATCH, "iss", "ROOT", "KZ"),
    *_each(StatementType.DISPATCH, "to", KG, {}, [DUTY], ["ROOT"], [None], [5]),
    *_each(StatementType.DISPATCH, "kind", "", "Warning", "a1", "a b", "a" * 33, "_a"),
    *_each(StatementType.DISPATCH, "status", "", "draft", "Actual"),
    *_each(StatementType.DISPATCH, "precedence", "", "Urgent", 1),
    *_each(StatementType.DISPATCH, "handling", "H4", "h1", 1),
    *((StatementType.DISPATCH, "content", _content(size=value)) for value in (2047, 196_609, 2048.0, "2048", True)),
    *(
        (StatementType.DISPATCH, "content", _content(**{name: value}))
        for name in ("digest", "commitment", "entries")
        for value in BAD_DIGESTS
    ),
    *_each(StatementType.DISPATCH, "refs", [], {}, [{}], REFS * 17, REFS * 2, [{"rel": "X", "digest": DIGEST}]),
    *((StatementType.DISPATCH, "refs", [{"rel": "reply", "digest": value}]) for value in BAD_DIGESTS),
    *_each(StatementType.DISPATCH, "stale_after", -1, 1.5, "1"),
    *_each(
        StatementType.DISPATCH, "expects", 5, {}, {"from": [KZ]}, *({"by": value} for value in (-1, 1.5, "1", None))
    ),
    *_each(
        StatementType.DISPATCH, "expects", *({"by": 1, "from": value} for value in ([], None, KZ, [DUTY], [KZ, KZ]))
    ),
    (StatementType.DISPATCH, "expects", {"by": 1, "from": [f"KZ/U{number}" for number in range(65)]}),
    *_each(StatementType.RECEIPT, "to", DUTY, [KZ], "ROOT"),
    *_each(StatementType.RECEIPT, "outcome", "", "Read", "rejected", "declined"),
    *_each(StatementType.RECEIPT, "digests", [], [DIGEST] * 2, DIGEST, [5], ["A"]),
    (StatementType.RECEIPT, "digests", [digest_of(str(n)) for n in range(257)]),
    *_each(StatementType.RECEIPT, "step", 1, 0, 256, 1.0),
    (StatementType.RECEIPT, "reason", "no_key"),
    *_each(StatementType.EVENT, "iss", "ROOT", "KZ/NFP", "CENTRE/HUB/X1"),
    *_each(StatementType.EVENT, "event", "", "Suspended", "overdue", "undeliverable"),
    *_each(StatementType.EVENT, "member", DUTY, 5),
    *_each(StatementType.EVENT, "to", [], KZ, [DUTY], [KZ]),
    *_each(StatementType.SESSION, "use", "write", "read", ""),
    *_each(
        StatementType.SESSION, "hub", "", "wss://hub.example", "wss://Hub.example:443", "wss://h:0443", "http://h:1"
    ),
    *_each(StatementType.SESSION, "mailbox", DUTY, "KZ"),
    *_each(StatementType.SESSION, "seat", "", "s" * 33, "Seat", "a_b", "a\n"),
    *_each(StatementType.SESSION, "exp", -1, 1.0),
    (StatementType.ENROLMENT, "iss", KZ),
    (StatementType.ENROLMENT, "key", _keys(enc=decryption_key("x").public.to_jwk())),
]


@pytest.mark.parametrize(("kind", "name", "value"), REFUSED)
def test_refuses(kind: StatementType, name: str, value: Any) -> None:
    """A claim of another form than its type has is refused as malformed."""
    with refused(Code.MALFORMED_STATEMENT):
        parse_claims(kind, VALID[kind] | {name: value})


def test_later_epochs_name_the_root_before_them() -> None:
    """Epoch 0 is leaf 0 with neither ``root`` nor ``last``; each later one names a root."""
    parse_claims(StatementType.EPOCH, LATER_EPOCH)
    parse_claims(StatementType.EPOCH, _with(LATER_EPOCH, last=...))
    for change in ({"root": ...}, {"index": 0}, {"epoch": 0}, {"last": "note"}):
        with refused(Code.MALFORMED_STATEMENT):
            parse_claims(StatementType.EPOCH, _with(LATER_EPOCH, **change))


def test_officers_have_no_encryption_key() -> None:
    """Members have a key to be sealed to, officers none, and none is not null."""
    officer = VALID[StatementType.ENROLMENT]
    parse_claims(StatementType.ENROLMENT, officer)
    for enc in (decryption_key("x").public.to_jwk(), None):
        with refused(Code.MALFORMED_STATEMENT):
            parse_claims(StatementType.ENROLMENT, officer | {"key": {"sig": officer["key"]["sig"], "enc": enc}})


@pytest.mark.parametrize("name", ["ledger_key", "event_key", "root"])
@pytest.mark.parametrize("weak", WEAK_KEYS)
def test_the_networks_keys_are_keys(name: str, weak: str) -> None:
    """A network document with a weak key, whichever it is, is none."""
    jwk = {"kty": "OKP", "crv": "Ed25519", "x": encode_base64url(WEAK_KEYS[weak])}
    with refused(Code.MALFORMED_STATEMENT, name):
        parse_claims(StatementType.EPOCH, _with(VALID[StatementType.EPOCH], network=_document(**{name: jwk})))


def test_keys_are_the_ones_of_section_4() -> None:
    """A private key where a public one is due is refused, and not repeated in the answer."""
    jwk = {**signing_key("x").public.to_jwk(), "d": encode_base64url(signing_key("x").seed)}
    with refused(Code.MALFORMED_STATEMENT, "key.sig"):
        parse_claims(StatementType.ENROLMENT, VALID[StatementType.ENROLMENT] | {"key": _keys(sig=jwk)})
    answer = outcome(lambda: parse_claims(StatementType.ENROLMENT, VALID[StatementType.ENROLMENT] | {"key": jwk}))
    assert answer is Code.MALFORMED_STATEMENT


@pytest.mark.parametrize(
    ("to", "code"),
    [
        ([], Code.NO_RECIPIENTS),
        ([KG, TJ, KG], Code.DUPLICATE_RECIPIENT),
        ([f"KZ/U{number}" for number in range(1_001)], Code.TOO_MANY_RECIPIENTS),
    ],
)
def test_recipients(to: list[str], code: Code) -> None:
    """Nobody, somebody twice, and more than a thousand each have a code of their own."""
    with refused(code):
        parse_claims(StatementType.DISPATCH, VALID[StatementType.DISPATCH] | {"to": to})


def test_limits_are_reached() -> None:
    """A thousand recipients, 16 references, 256 digests and 196,608 bytes are allowed."""
    digests = [digest_of(str(number)) for number in range(256)]
    largest = {
        "to": [f"KZ/U{number}" for number in range(1_000)],
        "refs": [{"rel": "related", "digest": digest} for digest in digests[:16]],
        "kind": "k" * 32,
        "content": _content(size=196_608),
    }
    cover = parse_claims(StatementType.DISPATCH, VALID[StatementType.DISPATCH] | largest)
    assert cover.model_dump(include=set(largest), exclude_none=True) == largest
    receipt = parse_claims(StatementType.RECEIPT, VALID[StatementType.RECEIPT] | {"digests": digests})
    assert receipt.model_dump()["digests"] == digests


def test_envelope_and_claim() -> None:
    """A cover gives what is bound into the seal, and its content's digests as bytes."""
    cover = parse_claims(StatementType.DISPATCH, VALID[StatementType.DISPATCH])
    assert isinstance(cover, Dispatch)
    assert cover.envelope() == Envelope(WORLD.network, "actual", cover.jti, DUTY) == SENT.envelope
    assert cover.content.claim() == SENT.claim
    assert cover.content.claim().digest == decode_digest(cover.content.digest)


@pytest.mark.parametrize(
    ("precedence", "lane"),
    [("flash", "urgent"), ("immediate", "urgent"), ("priority", "normal"), ("routine", "normal")],
)
def test_lanes(precedence: str, lane: str) -> None:
    """Flash and immediate go on the urgent lane, the rest on the normal one."""
    cover = parse_claims(StatementType.DISPATCH, VALID[StatementType.DISPATCH] | {"precedence": precedence})
    assert isinstance(cover, Dispatch)
    assert cover.lane() == lane


@pytest.mark.parametrize("reason", ["not_ours", "insufficient", "duplicate", "unlawful", "capacity", "other"])
def test_declined_names_a_reason_of_the_list(reason: str) -> None:
    """An officer declines for one of six reasons, or one of a later version."""
    declined = VALID[StatementType.RECEIPT] | {"outcome": "declined", "reason": reason}
    parse_claims(StatementType.RECEIPT, declined)
    for change in ({"reason": "Bored"}, {"reason": ...}, {"step": 1}):
        with refused(Code.MALFORMED_STATEMENT):
            parse_claims(StatementType.RECEIPT, _with(declined, **change))


def test_rejected_names_step_and_reason() -> None:
    """A rejected receipt names the step, 1 to 255, and a code."""
    rejected = VALID[StatementType.RECEIPT] | {"outcome": "rejected", "step": 7, "reason": "no_key"}
    for step in (1, 10, 255):
        parse_claims(StatementType.RECEIPT, rejected | {"step": step})
    for change in ({"step": 0}, {"step": 256}, {"step": ...}, {"reason": ...}, {"reason": "No key"}):
        with refused(Code.MALFORMED_STATEMENT):
            parse_claims(StatementType.RECEIPT, _with(rejected, **change))


@pytest.mark.parametrize("event", [UNDELIVERABLE, OVERDUE])
def test_events_have_their_claims(event: dict[str, Any]) -> None:
    """Each event has the claims of its row, and goes to those it names."""
    assert not is_public(parse_claims(StatementType.EVENT, event))
    for name in event.keys() & {"to", "digests", "member", "members", "missing", "due"}:
        with refused(Code.MALFORMED_STATEMENT, "this event"):
            parse_claims(StatementType.EVENT, _with(event, **{name: ...}))


def test_later_events_are_understood() -> None:
    """An event of a later version, or with further claims, is read, whatever form they have: nobody judges them."""
    later: dict[str, Any] = {"digests": "all", "member": 5, "due": "soon", "missing": None, "place": {"x": [1]}}
    for claims in ({"event": "moved"}, {"event": "moved", "to": [KZ]}, {"event": "moved", **later}):
        assert isinstance(
            parse_claims(StatementType.EVENT, _with(VALID[StatementType.EVENT], **{"member": ..., **claims})), Event
        )


def test_further_claims_of_an_event_are_not_judged() -> None:
    """What a known event says besides its own claims is kept in the text, though another event has such a claim."""
    event = parse_claims(StatementType.EVENT, UNDELIVERABLE | {"due": "soon", "members": 5, "missing": "x y"})
    assert isinstance(event, Event)
    assert (event.due, event.members, event.missing, event.member) == (None, None, None, KG)


@pytest.mark.parametrize(
    ("kind", "claims"),
    [
        (StatementType.DISPATCH, {"precedence": "critic"}),
        (StatementType.DISPATCH, {"refs": [{"rel": "because", "digest": DIGEST}]}),
        (StatementType.RECEIPT, {"outcome": "borrowed"}),
        (StatementType.RECEIPT, {"outcome": "borrowed", "step": 200, "reason": "later"}),
        (StatementType.RECEIPT, {"outcome": "declined", "reason": "bored"}),
    ],
)
def test_open_words_are_read_and_not_written(kind: StatementType, claims: dict[str, Any]) -> None:
    """A word of a later version is no fault of what came; a composer of this one does not write it."""
    read = parse_claims(kind, VALID[kind] | claims)
    with refused(Code.MALFORMED_STATEMENT, "not known here"):
        check_words(read)


def test_read_token_has_no_mailbox() -> None:
    """Only an exchange token names mailbox and seat, and it names both."""
    token = VALID[StatementType.SESSION]
    parse_claims(StatementType.SESSION, _with(token, use="read", mailbox=..., seat=...))
    parse_claims(StatementType.SESSION, _with(token, use="store", mailbox=..., seat=...))
    for change in ({"mailbox": ...}, {"seat": ...}, {"use": "read", "mailbox": ...}, {"use": "read", "seat": ...}):
        with refused(Code.MALFORMED_STATEMENT):
            parse_claims(StatementType.SESSION, _with(token, **change))


def test_public() -> None:
    """Epochs, credentials, revocations and events to nobody are public, nothing else."""
    public = {kind for kind, payload in VALID.items() if is_public(parse_claims(kind, payload))}
    assert public == {
        StatementType.EPOCH, StatementType.CREDENTIAL, StatementType.REVOCATION, StatementType.EVENT
    }  # fmt: skip


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(st.data())
def test_any_claim_is_understood_or_refused(data: st.DataObject) -> None:
    """Whatever stands in a claim, the answer is claims or a refusal, and the same after a journey as JSON."""
    kind = data.draw(st.sampled_from(list(VALID)))
    names = data.draw(st.lists(st.sampled_from(list(CLAIMS[kind].model_fields)), min_size=1, max_size=3))
    payload = VALID[kind] | {name: data.draw(json_values) for name in names}
    answer = outcome(lambda: parse_claims(kind, payload))
    assert outcome(lambda: parse_claims(kind, json.loads(json.dumps(payload)))) == answer
