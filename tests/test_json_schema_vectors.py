"""The JSON Schemas say what the code says: every vector that is JSON runs through them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from schemas.claims import BY_TYP, StatementType, parse_claims
from schemas.encoding import decode_base64url, decode_object, encode_json
from schemas.errors import SeraiError
from schemas.frames import parse_frame
from schemas.reports.kinds import forms
from tests.support.generate_json_schema import SCHEMA_DIRECTORY
from tests.vectors.generate import DIRECTORY

NEGATIVE: Final = sorted((DIRECTORY / "negative").glob("*.json"))

FORM: Final = frozenset(
    {"malformed_statement", "malformed_frame", "malformed_evidence", "malformed_sealed", "malformed_key"}
    | {"no_recipients", "duplicate_recipient", "malformed_report", "unsupported_version"}
)
"""Codes of a wrong form: what is refused so is of no schema."""

UNSAID: Final = frozenset(
    {
        "epoch-keep-days",  # compares two numbers
        "evidence-order",  # the same
        "statement-critical-absent",  # names in one member and values in others
        "statement-header-order",  # the header is no JSON of a schema
        *(f"ed25519-key-{name}" for name in ("no-point", "large-order-beyond-the-prime", "neutral-beyond-the-prime")),
        *(f"ed25519-key-{name}" for name in ("neutral-with-a-sign", "order-2-with-a-sign")),
        *(f"ed25519-key-order-4-beyond-the-prime{sign}" for sign in ("", "-with-a-sign")),
        *(f"ed25519-key-small-order-{number}" for number in range(8)),  # points of a curve are arithmetic
    }
)
"""Negative vectors of a wrong form that no schema can tell."""

NO_FORM: Final = frozenset(
    {"a country that is in no table", "an entry that breaks a rule of the form, before one that does not"}
)
"""Reports that only a program can tell from what a composer writes."""

ANY: Final = frozenset({"unsupported_alg", "unsupported_type", "unsupported_suite", "unsupported_critical"})
"""Codes of what is newer than the program: a schema of today may take it or not."""


class Text(NamedTuple):
    """A JSON value of a vector, and the schema that it is of."""

    vector: str
    schema: str
    value: Any


def _load(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


@cache
def validator(name: str) -> Draft202012Validator:
    """What judges by a committed schema, or by a part of one: ``enrolment#KeyPair``."""
    name, _, part = name.partition("#")
    schema = _load(SCHEMA_DIRECTORY / f"{name}.schema.json")
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator({"$defs": schema["$defs"], "$ref": f"#/$defs/{part}"} if part else schema)


def fits(text: Text) -> bool:
    """Whether a value is of its schema."""
    return validator(text.schema).is_valid(text.value)


def said(vector: str, statement: str) -> Iterator[Text]:
    """The payload of a statement, and of the request in it; nothing if its type is not known."""
    header, payload, _ = statement.split(".")
    kind = BY_TYP.get(json.loads(decode_base64url(header))["typ"])
    if kind is None:
        return
    claims = decode_object(decode_base64url(payload), 10_000)
    yield Text(vector, kind.name.lower(), claims)
    if (
        kind is StatementType.CREDENTIAL
        and isinstance(claims.get("request"), str)
        and claims["request"].count(".") == 2
    ):
        yield from said(vector, claims["request"])


def in_file(vector: str, file: dict[str, Any]) -> Iterator[Text]:
    """An evidence file and the statements in it."""
    yield Text(vector, "evidence", file)
    items = [*file["credentials"], *file["items"]]
    for statement in (*file["epochs"], *(item["statement"] for item in items)):
        yield from said(vector, statement)


def in_files(vector: dict[str, Any]) -> Iterator[Text]:
    """Every evidence file of the worked vector."""
    for file in vector["files"]:
        yield from in_file(f"evidence: {file['what']}", json.loads(file["file"]))


def copied(vector: str, copy: Any) -> Text:
    """A copy of sealed content, in an item."""
    given = {"lane": "normal", "index": 5, "leaf": "A" * 58, "statement": "a.b.c", "entry_proof": "", "proof": ""}
    return Text(vector, "frame#DeliverItem", {**given, "sealed": copy})


def good() -> Iterator[Text]:
    """Everything that is JSON in the worked vectors, and what the negative ones take for granted."""
    for name in ("statement", "credential"):
        yield from said(name, _load(DIRECTORY / f"{name}.json")["statement"])
    for use, token in _load(DIRECTORY / "tokens.json").items():
        yield from said(f"tokens {use}", token["statement"])
    dispatch = _load(DIRECTORY / "dispatch.json")
    yield from said("dispatch", dispatch["cover"]["statement"])
    yield Text("dispatch", "warning", json.loads(dispatch["content"]))
    yield Text("dispatch", "frame#Submit", {"type": "submit", "statement": "a.b.c", "sealed": dispatch["sealed"]})
    yield from (copied(f"dispatch {name}", copy) for name, copy in dispatch["copies"].items())
    for name, frame in _load(DIRECTORY / "frames.json").items():
        value = json.loads(frame["text"])
        yield Text(f"frames {name}", "frame", value)
        for item in value.get("items", ()):
            yield from said(f"frames {name}", item["statement"]) if "statement" in item else ()
    yield from in_files(_load(DIRECTORY / "evidence.json"))
    keys = _load(DIRECTORY / "keys.json")
    for key in (*keys["signing"], *keys["unknown"]):
        yield Text("keys", "enrolment#KeyPair", {"sig": key["jwk"]})
    for key in (*keys["encryption"], *keys["unknown"]):
        yield Text("keys", "enrolment#KeyPair", {"sig": keys["signing"][0]["jwk"], "enc": key["jwk"]})
    for code, problem in _load(DIRECTORY / "codes.json").items():
        yield Text("codes", "problem", {"code": code, "title": problem["title"], "detail": ""})
    for path in NEGATIVE:
        vector = _load(path)
        for item in vector["items"][:-1] if vector["kind"] == "directory" else ():
            yield from said(path.stem, item["statement"])


def bad(name: str, vector: dict[str, Any]) -> Iterator[Text]:
    """What of a negative vector is JSON of a schema."""
    kind = vector["kind"]
    if kind == "statement":
        yield from said(name, vector["statement"])
    elif kind == "directory":
        yield from said(name, vector["items"][-1]["statement"])
    elif kind == "frame":
        with suppress(SeraiError):  # what is no I-JSON is of no schema anyway
            yield Text(name, "frame", decode_object(vector["text"], 10_000))
    elif kind == "evidence":
        yield Text(name, "evidence", decode_object(vector["file"], 100_000))
    elif kind == "copy":
        yield copied(name, vector["copy"])
    elif kind == "jwk":
        yield Text(name, "enrolment#KeyPair", {"sig": vector["jwk"]})


def test_good_vectors_are_of_their_schema() -> None:
    """What the code takes, the schema takes."""
    faults = {
        (text.vector, text.schema): [error.message[:200] for error in validator(text.schema).iter_errors(text.value)]
        for text in good()
    }
    assert {name: found for name, found in faults.items() if found} == {}
    assert len(faults) > 50


@pytest.mark.parametrize("path", NEGATIVE, ids=[path.stem for path in NEGATIVE])
def test_negative_vectors(path: Path) -> None:
    """What is refused for its form is of no schema; what is refused for anything else is of its schema."""
    vector = _load(path)
    judged = [fits(text) for text in bad(path.stem, vector)]
    if not judged or vector["code"] in ANY:
        return
    is_form = vector["code"] in FORM and path.stem not in UNSAID
    assert all(judged) is not is_form, judged


def test_reports() -> None:
    """A schema takes what has nothing that is not known, and no null; what it takes has a form that is known."""
    for row in _load(DIRECTORY / "report.json")["reports"]:
        taken = row["report"] in forms() and fits(
            Text(row["name"], row["report"], decode_object(row["content"], 10_000))
        )
        assert not taken or row["is_form_known"], row["name"]
        if row["name"] not in NO_FORM:
            assert taken is (row["is_all_known"] and "null" not in row["content"]), row["name"]


def test_covers_with_attachments() -> None:
    """A schema takes what a hub takes, but for what compares two of them or needs a table of sizes."""
    unsaid = ("the same digest", "no padded size", "the sum")
    taken = [(fits(Text("attached", "dispatch", row["cover"])), row["refused"]) for row in _load_attached()]
    assert all(is_taken for is_taken, refused in taken if refused is None)
    assert sum(is_taken for is_taken, refused in taken if refused is not None) == len(unsaid)


def _load_attached() -> list[dict[str, Any]]:
    covers: list[dict[str, Any]] = _load(DIRECTORY / "attached.json")["covers"]
    return covers


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("receipt", {"outcome": "rejected", "reason": "no_key"}),
        ("receipt", {"outcome": "rejected", "step": 7}),
        ("receipt", {"outcome": "declined"}),
        ("receipt", {"outcome": "declined", "reason": "other", "step": 1}),
        ("receipt", {"outcome": "received", "reason": "other"}),
        ("receipt", {"digests": ["A" * 43] * 2}),
        ("dispatch", {"to": ["KG/NFP"] * 2}),
        ("dispatch", {"to": []}),
    ],
)
def test_what_comes_together(name: str, changes: dict[str, Any]) -> None:
    """Schema and code refuse what does not come together, or comes twice, alike."""
    vector = {"receipt": _load(DIRECTORY / "statement.json"), "dispatch": _load(DIRECTORY / "dispatch.json")["cover"]}
    claims = json.loads(vector[name]["payload"])
    assert fits(Text(name, name, claims))
    assert not fits(Text(name, name, {**claims, **changes}))
    with pytest.raises(SeraiError):
        parse_claims(StatementType[name.upper()], {**claims, **changes})


@pytest.mark.parametrize(
    "changes",
    [
        {"gone": True},
        {"statement": ...},
        {"gone": True, "statement": ...},
        {"sealed": ...},
        {"entry_proof": ...},
        {"gone": True, "statement": ..., "sealed": ..., "entry_proof": ...},
        {"sealed": ..., "entry_proof": ...},
        {"gone": False},
    ],
)
def test_statement_or_gone(changes: dict[str, Any]) -> None:
    """Schema and code judge alike whether an item has a statement or is gone, with or without content."""
    frame = json.loads(_load(DIRECTORY / "frames.json")["deliver"]["text"])
    item = {name: value for name, value in {**frame["items"][0], **changes}.items() if value is not ...}
    text = {**frame, "items": [item]}
    try:
        parse_frame(encode_json(text))
    except SeraiError:
        assert not fits(Text("deliver", "frame", text))
    else:
        assert fits(Text("deliver", "frame", text))


@given(st.integers(1898, 2105) | st.integers(0, 9_999), st.integers(0, 13), st.integers(0, 32), st.booleans())
def test_dates_are_real(year: int, month: int, day: int, leap: bool) -> None:
    """A schema takes a day exactly if the calendar has it, since 1900."""
    text = f"{year:04}-02-29" if leap else f"{year:04}-{month:02}-{day:02}"
    try:
        real = date.fromisoformat(text).year >= 1900
    except ValueError:
        real = False
    report = {"report": "seizure", "version": 1, "our_reference": "1", "date": text, "country": "KZ"}
    report |= {"goods": [{"group": "heroin", "name": "Heroin"}]}
    assert fits(Text("date", "seizure", report)) is real


def test_no_schema_has_words_of_others() -> None:
    """Schemas are JSON Schema of 2020-12 and nothing else."""
    for path in SCHEMA_DIRECTORY.glob("*.json"):
        assert '"discriminator"' not in path.read_text(encoding="utf-8")
        validator(path.name.removesuffix(".schema.json"))
