"""Frames: exactly what the table of PROTOCOL 9 names, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.encoding import MAX_SAFE_INTEGER, encode_base64url, encode_json
from schemas.errors import PROBLEMS, Code, SeraiError
from schemas.frames import (
    FRAME_ADAPTER,
    Ack,
    Cursors,
    Deliver,
    ErasedBy,
    Refused,
    Resume,
    Submit,
    Welcome,
    agree,
    encode_accepted_item,
    encode_batch,
    encode_body,
    encode_entry,
    encode_erased,
    encode_frame,
    encode_item,
    encode_refused,
    join_lane,
    parse_frame,
)
from schemas.limits import FRAME_BYTES, FRAME_MEMBERS, ITEMS, STATEMENT_BYTES
from schemas.merkle import encode_proof
from schemas.sealing import parse_copy
from tests.support.refusals import outcome, refused
from tests.support.world import KG, KZ, World

WORLD = World([KZ, KG])
SENT = WORLD.dispatch(KZ, [KG])
LOGGED = WORLD.admit(SENT.text)
NOTE = WORLD.checkpoint()
PROOF = encode_proof(WORLD.proof(len(WORLD.log) - 1))
LEAF = encode_base64url(LOGGED.leaf.to_bytes())
CURSORS = {"public": 0, "urgent": 1, "normal": MAX_SAFE_INTEGER}
ITEM = {"lane": "normal", "index": 5, "leaf": LEAF, "statement": SENT.text, "proof": PROOF}
SEALED_ITEM = {**ITEM, "sealed": SENT.copy(KG).to_json(), "entry_proof": PROOF}
GONE = {"lane": "normal", "index": 5, "leaf": LEAF, "gone": True, "proof": PROOF}
ACCEPTED_ITEM = {"digest": SENT.digest, "index": 5, "leaf": LEAF, "proof": PROOF}
PROBLEM = {"code": "stale_key", "title": "An entry is stale.", "detail": KG}

FRAMES: Mapping[str, dict[str, Any]] = {
    "welcome": {
        "type": "welcome",
        "protocol": "serai.v1",
        "network": WORLD.network,
        "epoch": 0,
        "time": WORLD.time_ms,
        "limits": {"frame": FRAME_BYTES, "in_flight": 128, "blob": 268_435_456},
        "features": [],
    },
    "resume": {"type": "resume", "epoch": 0, "cursors": CURSORS, "checkpoint": NOTE, "features": ["one", "two_2"]},
    "submit": {"type": "submit", "statement": SENT.text, "sealed": SENT.sealed.to_json()},
    "accepted": {"type": "accepted", "items": [ACCEPTED_ITEM], "checkpoint": NOTE, "consistency": ""},
    "refused": {"type": "refused", "digest": SENT.digest, "problem": PROBLEM},
    "deliver": {"type": "deliver", "items": [ITEM, SEALED_ITEM, GONE], "checkpoint": NOTE, "consistency": PROOF},
    "ack": {"type": "ack", "cursors": CURSORS},
}
NAMES = [(kind, name) for kind, frame in FRAMES.items() for name in frame]


def _with(value: Mapping[str, Any], **changes: Any) -> dict[str, Any]:
    return {name: item for name, item in {**value, **changes}.items() if item is not ...}


@pytest.mark.parametrize("kind", list(FRAMES))
def test_reads_and_writes(kind: str) -> None:
    """Each frame written by hand is read, and written again to the same text."""
    text = encode_json(FRAMES[kind])
    frame = parse_frame(text)
    assert frame.type == kind
    assert json.loads(encode_frame(frame)) == FRAMES[kind]
    assert FRAME_ADAPTER.validate_json(text) == frame


def test_optional_members() -> None:
    """A submission may lack its sealed content; checkpoint and digest may be null; a delivery may be empty."""
    for text in (
        encode_json(_with(FRAMES["submit"], sealed=...)),
        encode_json(_with(FRAMES["resume"], checkpoint=None)),
        encode_json(_with(FRAMES["refused"], digest=None)),
        encode_json(_with(FRAMES["deliver"], items=[])),
    ):
        assert json.loads(encode_frame(parse_frame(text))) == json.loads(text)


@pytest.mark.parametrize(("kind", "name"), [(k, n) for k, n in NAMES if (k, n) != ("submit", "sealed")])
def test_refuses_a_missing_member(kind: str, name: str) -> None:
    """Every member but the sealed content is due."""
    with refused(Code.MALFORMED_FRAME):
        parse_frame(encode_json(_with(FRAMES[kind], **{name: ...})))


@pytest.mark.parametrize("kind", [kind for kind in FRAMES if kind != "welcome"])
def test_refuses_an_unknown_member(kind: str) -> None:
    """A member that the table does not name is refused, and named in the answer."""
    with refused(Code.MALFORMED_FRAME, "colour"):
        parse_frame(encode_json(FRAMES[kind] | {"colour": 1}))


@pytest.mark.parametrize(
    ("kind", "name"), [(k, n) for k, n in NAMES if (k, n) not in {("resume", "checkpoint"), ("refused", "digest")}]
)
def test_refuses_null(kind: str, name: str) -> None:
    """Null stands only where the table says so; what may be absent is absent."""
    with refused(Code.MALFORMED_FRAME):
        parse_frame(encode_json(FRAMES[kind] | {name: None}))


@pytest.mark.parametrize(("kind", "name"), NAMES)
@pytest.mark.parametrize("value", [True, 1.5, [[]], {"a": 1}, "\N{SNOWMAN}" * 16_400, -1, MAX_SAFE_INTEGER + 1])
def test_refuses_another_type(kind: str, name: str, value: Any) -> None:
    """A member of another type or beyond its bounds is refused; only what is judged later may be any text or object."""
    later = (kind, name, type(value)) in {("submit", "statement", str), ("submit", "sealed", dict)}
    answer = outcome(lambda: parse_frame(encode_json(FRAMES[kind] | {name: value})))
    assert isinstance(answer, Submit) if later else answer is Code.MALFORMED_FRAME


def test_a_later_hub_takes_longer_frames() -> None:
    """What a hub takes may grow: a welcome with a larger frame is one."""
    limits = {"frame": 16 * 2_097_152, "in_flight": 128, "blob": 0}
    frame = parse_frame(encode_json(FRAMES["welcome"] | {"limits": limits}))
    assert isinstance(frame, Welcome)
    assert frame.limits.frame == 16 * 2_097_152


@pytest.mark.parametrize(
    "changes",
    [
        {"network": "toy"},
        {"protocol": "serai.v2"},
        {"limits": {"frame": 1}},
        {"features": None},
        {"features": ["a", "a"]},
        {"features": ["A"]},
        {"features": ["a" * 33]},
        {"features": [f"f{n}" for n in range(65)]},
        {"features": "a"},
        {"time": "1"},
    ],
)
def test_refuses_other_welcomes(changes: dict[str, Any]) -> None:
    """A greeting in another version or of another form is refused."""
    with refused(Code.MALFORMED_FRAME):
        parse_frame(encode_json(FRAMES["welcome"] | changes))


@pytest.mark.parametrize(
    "cursors", [{}, {"public": 0, "urgent": 0}, CURSORS | {"flash": 0}, CURSORS | {"public": 1.0}, [0, 0, 0]]
)
@pytest.mark.parametrize("kind", ["resume", "ack"])
def test_refuses_other_cursors(kind: str, cursors: Any) -> None:
    """There is one cursor for each of the three lanes, a whole number."""
    with refused(Code.MALFORMED_FRAME):
        parse_frame(encode_json(FRAMES[kind] | {"cursors": cursors}))


@pytest.mark.parametrize(
    "item",
    [
        {},
        _with(ITEM, statement=...),
        _with(ITEM, proof=...),
        _with(ITEM, leaf=...),
        _with(ITEM, lane="flash"),
        _with(ITEM, leaf=LEAF[:-1]),
        _with(ITEM, proof="+"),
        _with(ITEM, proof="A" * 2_732),
        _with(ITEM, statement="A" * (STATEMENT_BYTES + 1)),
        _with(ITEM, colour=1),
        _with(ITEM, gone=True),
        _with(ITEM, sealed=None),
        _with(ITEM, gone=None),
        _with(SEALED_ITEM, entry_proof=...),
        _with(SEALED_ITEM, sealed=...),
        _with(SEALED_ITEM, sealed=[]),
        _with(SEALED_ITEM, statement=..., gone=True),
        _with(GONE, gone=False),
        _with(GONE, gone=1),
        _with(GONE, gone=1.0),
        _with(GONE, gone="true"),
        _with(GONE, gone=...),
        _with(GONE, entry_proof=PROOF),
        _with(GONE, statement=None),
    ],
)
def test_refuses_other_deliveries(item: Any) -> None:
    """An item is a statement, with sealed content and its proof or without both, or what is left of it."""
    with refused(Code.MALFORMED_FRAME):
        parse_frame(encode_json(FRAMES["deliver"] | {"items": [ITEM, item]}))


@pytest.mark.parametrize("kind", ["accepted", "deliver"])
def test_number_of_items(kind: str) -> None:
    """512 items are allowed and one more is refused; an acceptance has at least one."""
    item = {"accepted": ACCEPTED_ITEM, "deliver": GONE}[kind]
    parse_frame(encode_json(FRAMES[kind] | {"items": [item] * ITEMS}))
    other: list[Any] = [] if kind == "accepted" else [{}]
    for items in ([item] * (ITEMS + 1), other):
        with refused(Code.MALFORMED_FRAME):
            parse_frame(encode_json(FRAMES[kind] | {"items": items}))


@pytest.mark.parametrize(
    "problem",
    [
        {},
        PROBLEM | {"code": "Stale key"},
        PROBLEM | {"title": "t" * 301},
        PROBLEM | {"detail": "d" * 1_001},
        PROBLEM | {"status": 400},
    ],
)
def test_refuses_other_problems(problem: Any) -> None:
    """A problem on the wire has code, title and detail, each bounded."""
    with refused(Code.MALFORMED_FRAME):
        parse_frame(encode_json(FRAMES["refused"] | {"problem": problem}))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[]",
        "5",
        '"ack"',
        "{}",
        "{",
        '{"type":null}',
        '{"type":[]}',
        '{"type":{}}',
        '{"type":"hello"}',
        '{"type":"Strict"}',
        '{"type":"ack","type":"ack"}',
        '{"type":"ack","cursors":{"public":0,"public":0,"urgent":0,"normal":0}}',
        '{"type":"ack","cursors":{"public":0,"urgent":0,"normal":9007199254740992}}',
        '{"type":"ack","cursors":{"public":-0,"urgent":0,"normal":0}}',
        '{"type":"ack","cursors":{"public":0,"urgent":0,"normal":NaN}}',
        '{"type":"\\ud800"}',
        "[" * 16_000,
        "\ufeff" + encode_json(FRAMES["ack"]),
    ],
)
def test_refuses_what_is_no_frame(text: str) -> None:
    """What is not one I-JSON object with a known type is refused."""
    with refused(Code.MALFORMED_FRAME):
        parse_frame(text)


def test_size() -> None:
    """A frame over 2 MiB is refused as too large, one of too many members as malformed, before parsing."""
    with refused(Code.FRAME_TOO_LARGE):
        parse_frame(" " * (FRAME_BYTES + 1))
    with refused(Code.MALFORMED_FRAME, "members"):
        parse_frame("," * (FRAME_MEMBERS + 1))


def test_too_large_a_statement_is_left_to_its_own_answer() -> None:
    """A submission with too large a statement is a frame, so that it is refused by digest and the line goes on."""
    frame = parse_frame(encode_json({"type": "submit", "statement": "A" * (STATEMENT_BYTES + 1)}))
    assert isinstance(frame, Submit)


def test_cursor_of_a_lane() -> None:
    """Each lane has its cursor."""
    cursors = Cursors(public=1, urgent=2, normal=3)
    assert [cursors.of("public"), cursors.of("urgent"), cursors.of("normal")] == [1, 2, 3]


def test_fragments_make_the_same_frames() -> None:
    """Frames put together from fragments read back as the frames written whole."""
    copy = SENT.copy(KG)
    sealed = (encode_body(copy.body.to_bytes()), encode_entry(copy.entry.to_bytes()), PROOF)
    items = [
        join_lane("normal", encode_item(5, LEAF, SENT.text, PROOF)),
        join_lane("normal", encode_item(5, LEAF, SENT.text, PROOF, sealed)),
        join_lane("normal", encode_item(5, LEAF, None, PROOF)),
    ]
    frame = parse_frame(encode_batch("deliver", items, NOTE, PROOF))
    assert frame == parse_frame(encode_json(FRAMES["deliver"]))
    assert isinstance(frame, Deliver)
    assert parse_copy(frame.items[1].sealed) == copy
    accepted = encode_batch("accepted", [encode_accepted_item(SENT.digest, 5, LEAF, PROOF)], NOTE, "")
    assert json.loads(accepted) == FRAMES["accepted"]


def test_batches_are_ascii() -> None:
    """A batch has no character beyond ASCII though its checkpoint has: a long text with one takes twice the memory."""
    assert not NOTE.isascii()
    text = encode_batch("deliver", [], NOTE, "")
    assert text.isascii()
    assert json.loads(text)["checkpoint"] == NOTE


def test_gone_leaves_the_content_out() -> None:
    """What is gone is delivered without its content, even if the content is still at hand."""
    copy = SENT.copy(KG)
    sealed = (encode_body(copy.body.to_bytes()), encode_entry(copy.entry.to_bytes()), PROOF)
    assert encode_item(5, LEAF, None, PROOF, sealed) == encode_item(5, LEAF, None, PROOF)


def test_what_was_erased_says_why() -> None:
    """The event goes behind the item's proof; only what is gone has one."""
    item = join_lane("normal", encode_item(5, LEAF, None, PROOF))[:-1] + encode_erased(6, LEAF, SENT.text, PROOF) + "}"
    frame = parse_frame(encode_batch("deliver", [item], NOTE, PROOF))
    assert isinstance(frame, Deliver)
    assert frame.items[0].erased == ErasedBy(index=6, leaf=LEAF, statement=SENT.text, proof=PROOF)
    there = join_lane("normal", encode_item(5, LEAF, SENT.text, PROOF))[:-1] + encode_erased(6, LEAF, SENT.text, PROOF)
    with refused(Code.MALFORMED_FRAME):
        parse_frame(encode_batch("deliver", [there + "}"], NOTE, PROOF))


@pytest.mark.parametrize("code", list(Code))
def test_every_code_can_be_refused(code: Code) -> None:
    """Any error makes a frame that is read back, its detail cut to what fits; an internal one keeps it to itself."""
    frame = parse_frame(encode_refused(SENT.digest, SeraiError(code, "d" * 2_000)))
    assert isinstance(frame, Refused)
    assert (frame.problem.code, frame.problem.title) == (code, PROBLEMS[code].title)
    assert frame.problem.detail == ("" if code is Code.INTERNAL else "d" * 1_000)


def test_refusal_without_digest() -> None:
    """Where no statement could be read, the digest is null."""
    assert '"digest":null' in encode_refused(None, SeraiError(Code.MALFORMED_FRAME))


def test_absent_is_not_written() -> None:
    """What may be absent is left out; what may be null is written."""
    assert encode_frame(Submit(statement="a.b.c")) == '{"type":"submit","statement":"a.b.c"}'
    resume = Resume(epoch=0, cursors=Cursors(public=0, urgent=0, normal=0), checkpoint=None, features=[])
    assert encode_frame(resume).endswith('"checkpoint":null,"features":[]}')


def test_further_members_of_a_welcome_are_ignored() -> None:
    """Nothing can have been agreed before it, so what a later hub adds to it means nothing; other frames are strict."""
    limits = FRAMES["welcome"]["limits"] | {"later": 5}
    later = FRAMES["welcome"] | {"limits": limits, "motto": "x", "features": ["whatever", "two"]}
    frame = parse_frame(encode_json(later))
    assert frame == parse_frame(encode_json(FRAMES["welcome"] | {"features": ["whatever", "two"]}))
    assert isinstance(frame, Welcome)
    assert agree(frame.features) == []


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**54)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(st.text(max_size=80) | st.text('{}[]":,type submtacknul0', max_size=80) | json_values.map(encode_json))
def test_any_text_is_refused(text: str) -> None:
    """Any text that is no frame is refused with the one code."""
    assert outcome(lambda: parse_frame(text)) is Code.MALFORMED_FRAME


@given(st.sampled_from(NAMES), json_values)
def test_any_member_is_read_or_refused(place: tuple[str, str], value: Any) -> None:
    """Whatever stands in a member, the frame is refused, or read and written as it came."""
    kind, name = place
    text = encode_json(FRAMES[kind] | {name: value})
    answer = outcome(lambda: parse_frame(text))
    if isinstance(answer, Code):
        assert answer is Code.MALFORMED_FRAME
    else:
        assert json.loads(encode_frame(answer)) == json.loads(text)


def test_ack_is_small() -> None:
    """An acknowledgement is its three cursors."""
    frame = parse_frame('{"type":"ack","cursors":{"public":1,"urgent":2,"normal":3}}')
    assert frame == Ack(cursors=Cursors(public=1, urgent=2, normal=3))
