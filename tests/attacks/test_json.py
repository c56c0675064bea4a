"""The whole zoo of JSON at the real hub: what can be read in two ways, or not at all, is refused (PROTOCOL 2).

Each text travels as the content of a `submit` frame. If the hub took it, it would go on to the
statement, which is none: then the refusal would say ``malformed_statement``.
"""

from __future__ import annotations

import pytest

from schemas.claims import StatementType
from schemas.encoding import decode_base64url
from tests.attacks.arena import Arena
from tests.support.world import KZ, UZ, World, sign_payload


def frame(value: str) -> str:
    """A `submit` frame with any text for its content."""
    return f'{{"type":"submit","statement":"a.b.c","sealed":{value}}}'


async def fate(arena: Arena, value: str) -> str:
    """The code with which a content is refused."""
    peer = await arena.resume()
    return await peer.ask(frame(value))


async def test_plain_json(arena: Arena) -> None:
    """What is JSON is read, down to the depth allowed, and then the statement is refused, on a line that goes on."""
    peer = await arena.resume()
    for value in ("{}", '{"a":[1,-1,0,true,null,"\\ud83d\\ude00"]}', nested(32)):
        assert await peer.ask(frame(value)) == "malformed_statement"
    assert await peer.ask(frame(nested(33))) == "malformed_frame"
    assert await peer.ask(frame("{}")) == "malformed_statement"


def nested(depth: int) -> str:
    """Content that makes its frame so deep."""
    return '{"a":' * (depth - 1) + "1" + "}" * (depth - 1)


@pytest.mark.parametrize("depth", [1_000, 8_000])
async def test_depth(arena: Arena, depth: int) -> None:
    """Nesting that would break a recursive reader is refused like any other."""
    assert await fate(arena, nested(depth)) == "malformed_frame"


@pytest.mark.parametrize("value", ['{"a":1,"a":2}', '{"a":1,"\\u0061":2}', '{"a":{"b":1,"c":{},"b":1}}'])
async def test_duplicate_name(arena: Arena, value: str) -> None:
    """A name that stands twice, in whatever spelling and at whatever depth, is refused."""
    assert await fate(arena, value) == "malformed_frame"


INTEGERS = ("9007199254740992", "-9007199254740992", "1" + "0" * 300, "9" * 4_000, "-0")


@pytest.mark.parametrize("number", INTEGERS, ids=lambda number: number[:20])
async def test_integer(arena: Arena, number: str) -> None:
    """An integer that not every reader has exactly is refused, and costs nothing however long it is."""
    assert await fate(arena, f'{{"a":{number}}}') == "malformed_frame"


@pytest.mark.parametrize(
    "number", ["1.0", "1e3", "1E3", "-0.0", "1e400", "-1E+999", "0." + "1" * 40], ids=lambda number: number[:20]
)
async def test_float(arena: Arena, number: str) -> None:
    """A number that is not written as an integer is refused: readers differ in what it is."""
    assert await fate(arena, f'{{"a":{number}}}') == "malformed_frame"


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity"])
async def test_no_number(arena: Arena, number: str) -> None:
    """Words that some readers take for numbers are refused."""
    assert await fate(arena, f'{{"a":{number}}}') == "malformed_frame"


@pytest.mark.parametrize("text", ["\\ud800", "\\uDC00", "\\ud800x", "\\ude00\\ud83d", "\\ud800\\ud800\\udc00"])
@pytest.mark.parametrize("place", ['{{"a":"{}"}}', '{{"{}":1}}'])
async def test_lone_surrogate(arena: Arena, place: str, text: str) -> None:
    """Half a character, in a value or a name, is refused: there are no bytes for it."""
    assert await fate(arena, place.format(text)) == "malformed_frame"


@pytest.mark.parametrize("control", ["\n", "\t", "\0", "\x1f"], ids=repr)
async def test_raw_control_character(arena: Arena, control: str) -> None:
    """A control character that is not escaped is refused."""
    assert await fate(arena, f'{{"a":"{control}"}}') == "malformed_frame"


GRAMMAR = (
    '{"a":1,}', "{'a':1}", '{"a":01}', '{"a":+1}', '{"a":.5}', '{"a":1.}', '{"a":0x1}', "{/**/}", '{"a":"\\x"}',
    '{"a" 1}', '{"a":1 "b":2}', "{a:1}", '{"a":True}', "{", "]", "", "\u00a0{}", '{"a":"\\u12"}', '{"a":undefined}',
)  # fmt: skip


async def test_other_grammar(arena: Arena) -> None:
    """What lenient readers take for JSON is refused, text by text, and the line goes on."""
    peer = await arena.resume()
    assert {value: await peer.ask(frame(value)) for value in GRAMMAR} == dict.fromkeys(GRAMMAR, "malformed_frame")


@pytest.mark.parametrize("text", ["x", "{}", "\0", "\ufeff"], ids=ascii)
async def test_more_after_the_frame(arena: Arena, text: str) -> None:
    """A frame is one JSON text: what stands after it is refused with it."""
    peer = await arena.resume()
    assert await peer.ask(frame("{}") + text) == "malformed_frame"


@pytest.mark.parametrize("text", ["[]", "1", '"submit"', "null", "true"])
async def test_no_object(arena: Arena, text: str) -> None:
    """A frame that is JSON and no object is refused."""
    peer = await arena.resume()
    assert await peer.ask(text) == "malformed_frame"


async def test_too_many_members(arena: Arena) -> None:
    """A frame of more members than allowed is refused before it is read."""
    peer = await arena.resume()
    most = 16_384 - frame("{}").count(",") - frame("{}").count("{")
    assert await peer.ask(frame('{"a":[' + "1," * (most - 1) + "1]}")) == "malformed_statement"
    assert await peer.ask(frame('{"a":[' + "1," * most + "1]}")) == "malformed_frame"


async def test_statement_that_reads_two_ways(arena: Arena, world: World) -> None:
    """A signed cover that names its recipients twice is refused: hub and recipient might read another one."""
    peer, sent = await arena.resume(), world.dispatch("KZ/NFP", [UZ])
    payload = decode_base64url(sent.text.split(".")[1]).decode()
    twice = payload.replace('"to":["UZ/NFP"]', '"to":["RU/NFP"],"to":["UZ/NFP"]')
    text = sign_payload(StatementType.DISPATCH, twice, world.party(KZ).sig)
    assert await peer.submit(text, sealed=sent.sealed.to_json()) == "malformed_statement"


async def test_statement_of_too_many_members(arena: Arena, world: World) -> None:
    """A signed payload of more members than allowed is refused before it is read."""
    peer, sent = await arena.resume(), world.dispatch("KZ/NFP", [UZ])
    payload = decode_base64url(sent.text.split(".")[1]).decode()
    for count, verdict in ((4_000, "accepted"), (4_200, "malformed_statement")):
        stuffed = payload.replace('"to":', f'"more":[{"1," * count}1],"to":')
        text = sign_payload(StatementType.DISPATCH, stuffed, world.party(KZ).sig)
        assert await peer.submit(text, sealed=sent.sealed.to_json()) == verdict
        sent = world.dispatch("KZ/NFP", [UZ])
        payload = decode_base64url(sent.text.split(".")[1]).decode()
