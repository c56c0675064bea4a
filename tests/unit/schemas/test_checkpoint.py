"""Checkpoint notes: one spelling, the ledger key's signature, witnesses kept and not judged."""

from __future__ import annotations

from base64 import b64decode, b64encode

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from schemas.checkpoint import (
    MAX_NOTE_BYTES,
    MAX_VIEW_BYTES,
    Checkpoint,
    Origin,
    encode_body,
    key_id,
    parse_note,
    parse_origin,
    parse_view,
    sign_note,
    verify_note,
    view_of,
)
from schemas.encoding import Digest, sha256
from schemas.errors import Code, SeraiError
from schemas.keys import VerifyKey
from schemas.merkle import EMPTY_ROOT

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = VerifyKey.from_raw(KEY.public_key().public_bytes_raw())
OTHER_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
THUMBPRINT = "9q" + "A" * 41
ORIGIN = f"serai/caricc/{THUMBPRINT}/0"
CHECKPOINT = Checkpoint(ORIGIN, 20852163, sha256(b"root"))
NOTE = sign_note(CHECKPOINT, KEY)
BODY, LINE = NOTE.split("\n\n")
ROOT_TEXT = b64encode(CHECKPOINT.root).decode()


def _line(name: str, payload: bytes) -> str:
    return f"\N{EM DASH} {name} {b64encode(payload).decode()}\n"


WITNESS = _line("witness.example/1", b"\x01\x02\x03\x04" + bytes(72))


def _refuses(text: str) -> None:
    with pytest.raises(SeraiError) as caught:
        parse_note(text)
    assert caught.value.code is Code.BAD_CHECKPOINT


def test_note_to_the_letter() -> None:
    """A signed checkpoint has the shape that C2SP describes."""
    body = f"{ORIGIN}\n20852163\n{ROOT_TEXT}\n"
    keyid = sha256(ORIGIN.encode() + b"\n\x01" + KEY.public_key().public_bytes_raw())[:4]
    assert f"{body}\n" + _line(ORIGIN, keyid + KEY.sign(body.encode())) == NOTE
    assert encode_body(CHECKPOINT) == body.encode()


def test_key_id_of_an_outside_key() -> None:
    """The key id of a log that others run comes out as they publish it: 16541b8f."""
    public_key = b64decode("AYDPmG5pQp4Bgu0a1mr5uDZ196+t8lIVIfWQSPWmP+Jv")[1:]
    assert key_id("armory-drive-log", public_key).hex() == "16541b8f"


def test_signed_note_is_verified() -> None:
    """What the ledger key signed is read back, with the text as received."""
    verified = verify_note(parse_note(NOTE), ORIGIN, PUBLIC)
    assert (verified.checkpoint, verified.note_text) == (CHECKPOINT, NOTE)


def test_reading_is_not_believing() -> None:
    """A note under a wrong signature can be read, and is refused when it is verified."""
    note = parse_note(f"{BODY}\n\n" + _line(ORIGIN, key_id(ORIGIN, PUBLIC.raw) + bytes(64)))
    assert note.checkpoint == CHECKPOINT
    with pytest.raises(SeraiError, match="does not hold"):
        verify_note(note, ORIGIN, PUBLIC)


@pytest.mark.parametrize("text", [NOTE + WITNESS, f"{BODY}\n\n{WITNESS}{LINE}"], ids=["after", "before"])
def test_witnesses_are_kept_and_not_judged(text: str) -> None:
    """A signature by an unknown key, before or after, changes nothing and stays in the text."""
    note = parse_note(text)
    assert {line.name for line in note.signatures} == {ORIGIN, "witness.example/1"}
    assert verify_note(note, ORIGIN, PUBLIC).note_text == text


def test_same_name_with_another_key_id_is_a_stranger() -> None:
    """A line under the origin's name by another key is ignored, as signed-note says."""
    text = NOTE + _line(ORIGIN, b"\0\0\0\0" + bytes(64))
    verify_note(parse_note(text), ORIGIN, PUBLIC)


def test_note_without_the_ledger_key() -> None:
    """A note that only strangers signed is refused."""
    with pytest.raises(SeraiError, match="no signature by the ledger key"):
        verify_note(parse_note(f"{BODY}\n\n{WITNESS}"), ORIGIN, PUBLIC)
    with pytest.raises(SeraiError, match="no signature by the ledger key"):
        verify_note(parse_note(NOTE), ORIGIN, VerifyKey.from_raw(OTHER_KEY.public_key().public_bytes_raw()))


def test_note_of_another_epoch() -> None:
    """A good note of another origin is refused."""
    with pytest.raises(SeraiError, match="another ledger or epoch"):
        verify_note(parse_note(NOTE), ORIGIN[:-1] + "1", PUBLIC)


def test_signature_of_another_length() -> None:
    """A line with the ledger key's id and no Ed25519 signature is refused."""
    short = _line(ORIGIN, key_id(ORIGIN, PUBLIC.raw) + bytes(63))
    with pytest.raises(SeraiError, match="wrong length"):
        verify_note(parse_note(f"{BODY}\n\n{short}"), ORIGIN, PUBLIC)


def test_every_changed_character_is_noticed() -> None:
    """Whatever character of body or signature is replaced, the note is refused."""
    for at, character in enumerate(NOTE):
        changed = NOTE[:at] + ("A" if character != "A" else "B") + NOTE[at + 1 :]
        with pytest.raises(SeraiError) as caught:
            verify_note(parse_note(changed), ORIGIN, PUBLIC)
        assert caught.value.code is Code.BAD_CHECKPOINT


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "\n\n",
        BODY + "\n",
        BODY + "\n\n",
        NOTE[:-1],
        NOTE + "\n",
        NOTE.replace("\n", "\r\n"),
        "\ufeff" + NOTE,
        " " + NOTE,
        NOTE.replace("\n20852163\n", "\n020852163\n"),
        NOTE.replace("\n20852163\n", "\n+20852163\n"),
        NOTE.replace("\n20852163\n", "\n-1\n"),
        NOTE.replace("\n20852163\n", "\n\N{ARABIC-INDIC DIGIT TWO}\n"),
        NOTE.replace("\n20852163\n", f"\n{2**53}\n"),
        NOTE.replace("\n20852163\n", f"\n{10**400}\n"),
        NOTE.replace("\n20852163\n", "\n0\n"),
        NOTE.replace("\n20852163\n", "\n"),
        NOTE.replace("\n\n", "\nexten\tsion\n\n"),
        NOTE.replace("\n\n", "\n" + "e" * 128 + "\n\n"),
        NOTE.replace("\n\n", "\n" + "\N{CYRILLIC SMALL LETTER A}" * 64 + "\n\n"),
        NOTE.replace("\n\n", "\n\nextension\n\n"),
        NOTE.replace("\n\n", "\n\n\n"),
        NOTE.replace(ROOT_TEXT, ROOT_TEXT[:-1]),
        NOTE.replace(ROOT_TEXT, ROOT_TEXT[:-2] + chr(ord(ROOT_TEXT[-2]) + 1) + "="),
        NOTE.replace(ROOT_TEXT, ROOT_TEXT.replace("+", "-").replace("/", "_") + " "),
        NOTE.replace("\N{EM DASH}", "-"),
        NOTE.replace("\N{EM DASH} ", "\N{EM DASH}  "),
        NOTE.replace(LINE, LINE[:-1] + " \n"),
        NOTE + _line("two words", bytes(68)),
        NOTE + _line("plus+plus", bytes(68)),
        NOTE + _line("\N{CYRILLIC SMALL LETTER A}", bytes(68)),
        NOTE + _line("", bytes(68)),
        NOTE + _line("witness", bytes(4)),
        NOTE + "\N{EM DASH} witness AAAAAAB=\n",
        NOTE + "\N{EM DASH} witness AAAAAA\n",
        NOTE + "\N{EM DASH} witness AA\ud800A\n",
        NOTE.replace("caricc", "ca ricc"),
        NOTE.replace("caricc/", ""),
        NOTE.replace("serai/", "other/"),
        NOTE.replace(f"{THUMBPRINT}/0", f"{THUMBPRINT}/00"),
    ],
)
def test_notes_have_one_spelling(text: str) -> None:
    """A note in any other spelling, or with anything added, is refused before its signature is looked at."""
    assert text != NOTE
    _refuses(text)


def test_size_of_a_note_is_bounded_in_bytes() -> None:
    """16 KiB of UTF-8 are read, one more byte is refused, and so is a huge text."""
    payload = bytes(4) + bytes(70)
    room = MAX_NOTE_BYTES - len((NOTE + _line("", payload)).encode())
    fits = NOTE + _line("w" * room, payload)
    assert len(fits.encode()) == MAX_NOTE_BYTES
    verify_note(parse_note(fits), ORIGIN, PUBLIC)
    _refuses(NOTE + _line("w" * (room + 1), payload))
    _refuses(NOTE + "w" * 10_000_000)


def test_number_of_lines_is_bounded() -> None:
    """64 signature lines are read, one more is refused."""
    verify_note(parse_note(NOTE + WITNESS * 63), ORIGIN, PUBLIC)
    _refuses(NOTE + WITNESS * 64)


def _extended(*lines: str) -> str:
    """The checkpoint with extension lines, signed."""
    body = encode_body(CHECKPOINT) + "".join(f"{line}\n" for line in lines).encode()
    return f"{body.decode()}\n" + _line(ORIGIN, key_id(ORIGIN, PUBLIC.raw) + KEY.sign(body))


@pytest.mark.parametrize("lines", [("x",), ("e" * 127,), ("one", "two words", "\N{CYRILLIC SMALL LETTER A}")])
def test_extension_lines_are_signed_and_not_judged(lines: tuple[str, ...]) -> None:
    """What a later version adds to the body is kept and signed for; without it the signature does not hold."""
    text = _extended(*lines)
    verified = verify_note(parse_note(text), ORIGIN, PUBLIC)
    assert (verified.checkpoint, verified.note_text) == (CHECKPOINT, text)
    with pytest.raises(SeraiError, match="does not hold"):
        verify_note(parse_note(text.replace(f"\n{lines[0]}\n", "\n", 1)), ORIGIN, PUBLIC)


def test_every_line_of_the_ledger_key_must_hold() -> None:
    """A second line of the ledger key, good or not, is looked at like the first, wherever it stands."""
    bad = _line(ORIGIN, key_id(ORIGIN, PUBLIC.raw) + bytes(64))
    verify_note(parse_note(NOTE + LINE), ORIGIN, PUBLIC)
    for text in (NOTE + bad, f"{BODY}\n\n{bad}{LINE}"):
        with pytest.raises(SeraiError, match="does not hold"):
            verify_note(parse_note(text), ORIGIN, PUBLIC)


# Views


def test_view_has_the_ledger_keys_line_only() -> None:
    """What goes into statements is the body and one line, whatever else the note has; it verifies like the note."""
    later = _line(ORIGIN, b"\x06\x06\x06\x06" + bytes(2_420))
    assert view_of(NOTE, PUBLIC) == NOTE
    for text in (NOTE + WITNESS + later, f"{BODY}\n\n{later}{WITNESS}{LINE}", NOTE + LINE):
        assert view_of(text, PUBLIC) == NOTE
    long = _extended("e" * 127)
    view = view_of(long + WITNESS + later, PUBLIC)
    assert view == long
    assert verify_note(parse_view(view), ORIGIN, PUBLIC).checkpoint == CHECKPOINT


def test_view_of_a_note_without_the_ledger_key() -> None:
    """There is no view of what the ledger key did not sign."""
    with pytest.raises(SeraiError, match="no signature by the ledger key"):
        view_of(f"{BODY}\n\n{WITNESS}", PUBLIC)


@pytest.mark.parametrize(
    "text",
    ["", NOTE + WITNESS, NOTE + LINE, f"{BODY}\n\n{WITNESS}", f"{BODY}\n\n" + _line(ORIGIN, bytes(400)), BODY + "\n"],
)
def test_other_views_are_refused(text: str) -> None:
    """A view with another line beside, instead, or too long, is none."""
    with pytest.raises(SeraiError) as caught:
        parse_view(text)
    assert caught.value.code is Code.BAD_CHECKPOINT


def test_longest_view() -> None:
    """With the longest origin, size and extension lines a view still fits."""
    origin = str(Origin("n" * 32, THUMBPRINT, 999_999_999))
    body = encode_body(Checkpoint(origin, 2**53 - 1, CHECKPOINT.root)) + b"e" * 127 + b"\n"
    text = f"{body.decode()}\n" + _line(origin, key_id(origin, PUBLIC.raw) + KEY.sign(body))
    assert parse_view(view_of(text, PUBLIC)).text == text


def test_longest_origin_leaves_room() -> None:
    """With the longest network name and the largest epoch and size a note still fits."""
    origin = str(Origin("n" * 32, THUMBPRINT, 999_999_999))
    note = sign_note(Checkpoint(origin, 2**53 - 1, CHECKPOINT.root), KEY)
    assert len(note.encode()) < MAX_VIEW_BYTES - 100


def test_empty_ledger() -> None:
    """Size 0 goes with the root of the empty tree and with no other."""
    note = sign_note(Checkpoint(ORIGIN, 0, EMPTY_ROOT), KEY)
    assert parse_note(note).checkpoint.size == 0
    with pytest.raises(SeraiError, match="empty tree"):
        sign_note(Checkpoint(ORIGIN, 0, CHECKPOINT.root), KEY)


def test_nothing_is_signed_that_cannot_be_read() -> None:
    """A checkpoint that readers would refuse is not signed."""
    for checkpoint in (
        Checkpoint("elsewhere", 1, CHECKPOINT.root),
        Checkpoint(ORIGIN, -1, CHECKPOINT.root),
        Checkpoint(ORIGIN, 1, Digest(b"short")),
    ):
        with pytest.raises(SeraiError, match="bad_checkpoint"):
            sign_note(checkpoint, KEY)


def test_origin_parts() -> None:
    """An origin is read into network, thumbprint and epoch, and written back the same."""
    origin = parse_origin(ORIGIN)
    assert origin == Origin("caricc", THUMBPRINT, 0)
    assert str(origin) == ORIGIN


@pytest.mark.parametrize(
    "text",
    [
        "",
        "serai",
        ORIGIN.replace("caricc", "CARICC"),
        ORIGIN + "/",
        ORIGIN + "\n",
        ORIGIN[:-2],
        ORIGIN + "0" * 10,
        ORIGIN.replace("9q", "9"),
    ],
)
def test_origin_has_one_form(text: str) -> None:
    """Any other text is not an origin."""
    with pytest.raises(SeraiError, match="bad_checkpoint"):
        parse_origin(text)
