"""JSON with one reading, and strict frames in their order (PROTOCOL 2, 9)."""

from __future__ import annotations

from typing import Final

from tests.attacks.defences.off import never, off
from tests.support.switching import Edit, Switch

ENCODING: Final = "schemas/encoding.py"
FRAMES: Final = "schemas/frames.py"
FIELDS: Final = "schemas/claims/fields.py"
HUB_SESSION: Final = "broker/service/session.py"

JSON: Final = (
    off(
        "names are not repeated",
        never(ENCODING, "if len(result) != len(pairs):"),
        "json::test_duplicate_name",
        "json::test_statement_that_reads_two_ways",
        "content::test_report_that_reads_two_ways",
    ),
    off(
        "integers are ones that every reader has",
        Edit(ENCODING, "parse_int=_integer", "parse_int=int"),
        "json::test_integer",
    ),
    off(
        "numbers are written as integers",
        Edit(ENCODING, "parse_float=_float if fractions else _no_float", "parse_float=float"),
        "json::test_float",
    ),
    off(
        "numbers are numbers",
        Edit(ENCODING, "        parse_constant=_constant,\n", ""),
        "json::test_no_number",
    ),
    off(
        "characters are whole",
        Edit(ENCODING, "        _check_surrogates(value)\n", "        len(text)\n"),
        "json::test_lone_surrogate",
    ),
    off(
        "control characters are escaped",
        Edit(
            ENCODING,
            "        strict=True,\n    )\n    for fractions",
            "        strict=False,\n    )\n    for fractions",
        ),
        "json::test_raw_control_character",
    ),
    off(
        "nesting is bounded",
        Edit(ENCODING, "    _check_depth(value)  #", "    #"),
        "json::test_plain_json",
    ),
    off(
        "nesting too deep for the reader is refused like other nesting",
        Edit(ENCODING, "    except (ValueError, RecursionError) as error:", "    except ValueError as error:"),
        "json::test_depth",
    ),
    off(
        "a text that is not JSON is refused, not stumbled over",
        Edit(ENCODING, "    except (ValueError, RecursionError) as error:", "    except RecursionError as error:"),
        "json::test_other_grammar",
    ),
    off(
        "nothing stands after a frame",
        Edit(ENCODING, "_DECODERS[fractions].decode(text)", "_DECODERS[fractions].raw_decode(text)[0]"),
        "json::test_more_after_the_frame",
    ),
    off(
        "a frame is an object",
        never(ENCODING, "if not isinstance(value, dict):"),
        "json::test_no_object",
    ),
    off(
        "members are counted before they are read",
        never(ENCODING, 'if len(text) > max_members < text.count(",") + text.count("{") + text.count("["):'),
        "json::test_too_many_members",
        "json::test_statement_of_too_many_members",
        "wire::test_two_mebibytes_of_tiny_members",
    ),
)

STRICT: Final = (
    off(
        "a frame has no unknown member",
        Edit(FRAMES, 'extra="forbid", strict=True', 'extra="ignore", strict=True'),
        "frames::test_strict_frame[unknown member]",
        "frames::test_strict_frame[unknown lane]",
    ),
    off(
        "a frame has every member",
        Edit(
            FRAMES,
            '["ack"] = "ack"\n    cursors: Cursors',
            '["ack"] = "ack"\n    cursors: Cursors = Cursors(public=0, urgent=0, normal=0)',
        ),
        "frames::test_strict_frame[missing member]",
    ),
    off(
        "members are of their type",
        (
            Edit(FRAMES, 'extra="forbid", strict=True', 'extra="forbid"'),
            Edit(FIELDS, "Count = Annotated[int, Field(strict=True, ge=0,", "Count = Annotated[int, Field(ge=0,"),
            Edit(ENCODING, "parse_float=_float if fractions else _no_float", "parse_float=float"),
        ),
        "frames::test_strict_frame[true for one]",
        "frames::test_strict_frame[float for integer]",
        "frames::test_strict_frame[text for integer]",
    ),
    off(
        "a place is not negative",
        Edit(FIELDS, "Count = Annotated[int, Field(strict=True, ge=0,", "Count = Annotated[int, Field(strict=True,"),
        "frames::test_strict_frame[negative]",
    ),
    off(
        "what is absent is not null",
        never(FRAMES, "if name := null_member(frame):"),
        "frames::test_strict_frame[null for absent]",
    ),
    off(
        "a frame is of a known type",
        never(FRAMES, "if model is None:"),
        "frames::test_strict_frame[unknown type]",
        "frames::test_strict_frame[no type]",
    ),
    off(
        "a type is a text",
        Edit(FRAMES, "_MODELS.get(kind) if isinstance(kind, str) else None", "_MODELS.get(kind)"),
        "frames::test_strict_frame[type no text]",
    ),
    off(
        "frames come in their order",
        (
            Edit(
                "schemas/session.py",
                'raise SeraiError(Code.UNEXPECTED_FRAME, f"{frame.type} from',
                'return SessionState.LIVE  # (f"',
            ),
            Edit(
                "broker/core/verification.py",
                "raise SeraiError(Code.UNEXPECTED_FRAME, frame.type)",
                'return Ack.model_validate({"cursors": {"public": 0, "urgent": 0, "normal": 0}})',
            ),
        ),
        "frames::test_frame_out_of_turn",
        "frames::test_submission_before_resume",
    ),
    off(
        "nobody resumes from beyond the ledger",
        never(HUB_SESSION, "if max(self._next.values()) > hub.mailroom.head.size:"),
        "frames::test_resuming_from_beyond_the_ledger[public]",
        "frames::test_resuming_from_beyond_the_ledger[normal]",
    ),
    off(
        "nobody resumes in a later epoch",
        never(HUB_SESSION, "if frame.epoch > hub.directory.epoch.number:"),
        "frames::test_resuming_from_beyond_the_ledger[epoch]",
    ),
    off(
        "statements are bounded",
        never("schemas/statements.py", "if len(text) > limits.STATEMENT_BYTES:"),
        "frames::test_statement_too_large",
    ),
)

SESSION: Final = (
    off(
        "a line has so many faults",
        never(HUB_SESSION, "if not self._faults.spend(1, asyncio.get_running_loop().time()):"),
        "frames::test_flood_of_bad_frames",
    ),
    off(
        "refusals that are not read count as unanswered",
        Edit(HUB_SESSION, "len(self._accepted) + len(self._refused)", "len(self._accepted)"),
        "frames::test_flood_that_is_not_read",
    ),
    off(
        "answers that are not read count as unanswered",
        Edit(HUB_SESSION, "len(self._accepted) + len(self._refused)", "len(self._refused)"),
        "frames::test_repeats_that_are_not_read",
    ),
    off(
        "submissions in flight are bounded",
        Edit(HUB_SESSION, "unanswered = self._in_flight + len(", "unanswered = len("),
        "frames::test_too_much_in_flight",
    ),
    off(
        "a line resumes in time",
        Edit(HUB_SESSION, "asyncio.timeout(RESUME_TIMEOUT_S)", "asyncio.timeout(None)"),
        "frames::test_line_that_does_not_resume",
    ),
    off(
        "a peer reads in time",
        Edit(HUB_SESSION, "asyncio.timeout(SEND_TIMEOUT_S)", "asyncio.timeout(None)"),
        "frames::test_line_that_is_not_read",
        "connections::test_peer_that_does_not_read",
    ),
    off(
        "a member has so many seats",
        never("broker/service/mailroom.py", "if len(seats) >= limits.SEATS:"),
        "frames::test_seats_without_number",
    ),
    off(
        "a seat has one session",
        Edit("broker/service/mailroom.py", "            old.replace()\n", "            old.wake()\n"),
        "frames::test_seat_taken_over",
    ),
)

SWITCHES: Final[tuple[Switch, ...]] = (*JSON, *STRICT, *SESSION)
