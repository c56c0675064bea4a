"""Attacks by frames and connections."""

from __future__ import annotations

from typing import Final

from tests.attacks.rows.hub import Line

SUBJECTS: Final[tuple[tuple[str, str, tuple[Line, ...]], ...]] = (
    (
        "JSON",
        "json",
        (
            (
                "nesting, a level too many or thousands",
                "32 levels: `malformed_frame`, the line goes on",
                "test_plain_json",
                "test_depth",
            ),
            ("name that stands twice, also in another spelling", "`malformed_frame`", "test_duplicate_name"),
            (
                "cover signed with two lists of recipients",
                "`malformed_statement`",
                "test_statement_that_reads_two_ways",
            ),
            ("integers beyond 2^53, of thousands of digits, minus zero", "`malformed_frame`", "test_integer"),
            ("numbers with a point or an exponent, NaN, Infinity", "`malformed_frame`", "test_float", "test_no_number"),
            ("lone surrogates, in values and names", "`malformed_frame`", "test_lone_surrogate"),
            ("raw control characters", "`malformed_frame`", "test_raw_control_character"),
            (
                "whatever else lenient readers take",
                "`malformed_frame`, the line goes on",
                "test_other_grammar",
                "test_more_after_the_frame",
                "test_no_object",
            ),
            (
                "tiny members without number, in frame or statement",
                "counted before they are read",
                "test_too_many_members",
                "test_statement_of_too_many_members",
            ),
        ),
    ),
    (
        "Frames",
        "frames",
        (
            ("unknown, missing, null or mistyped members", "`malformed_frame`", "test_strict_frame"),
            (
                "frames out of turn",
                "the session table: `unexpected_frame`",
                "test_frame_out_of_turn",
                "test_submission_before_resume",
            ),
            (
                "resuming from beyond the ledger, or from a later epoch",
                "closed: 4411",
                "test_resuming_from_beyond_the_ledger",
            ),
            ("statement above its limit", "`statement_too_large` unread, the line goes on", "test_statement_too_large"),
            ("rubbish without end", "256 in a burst, then closed: 4429", "test_flood_of_bad_frames"),
            (
                "rubbish, or repeats, whose answers are not read",
                "what the peer has not read counts as unanswered: the hub reads no further",
                "test_flood_that_is_not_read",
                "test_repeats_that_are_not_read",
            ),
            (
                "more in flight than allowed",
                "128 without answer, then the hub reads no further",
                "test_too_much_in_flight",
            ),
            ("line without `resume`", "closed after 20 s: 4408", "test_line_that_does_not_resume"),
            ("line that is not read", "closed after 30 s: 4408", "test_line_that_is_not_read"),
            ("seats without number", "32 for a member: 4429", "test_seats_without_number"),
            ("seat taken over with a stolen key", "who had it is told: 4410", "test_seat_taken_over"),
        ),
    ),
    (
        "The wire",
        "wire",
        (
            ("compression offered", "permessage-deflate is not negotiated", "test_compression_is_not_negotiated"),
            ("compressed frame, a bomb", "closed unread: 1002", "test_compressed_frame"),
            ("frame above 2 MiB", "closed by what its head says: 1009", "test_frame_too_large"),
            (
                "2 MiB of tiny members",
                "counted before they are read; memory bounded",
                "test_two_mebibytes_of_tiny_members",
            ),
            ("binary frame, or one that is not UTF-8", "closed: 4400, 1007", "test_frame_that_is_no_text"),
            (
                "message of endless fragments",
                "those below 1 KiB count as pings: 4429; memory bounded",
                "test_message_of_many_fragments",
            ),
            (
                "request head without end, which takes no token",
                "8 KiB, then cut; memory bounded",
                "test_head_without_end",
            ),
            (
                "pings without end, pongs not read",
                "64 at once, 2 a second; a pong that cannot be written is dropped; memory bounded",
                "test_pings_without_end",
            ),
            (
                "10,000 handshakes",
                "nothing stays of a session that ended or an upgrade that was refused; memory bounded",
                "test_ten_thousand_handshakes",
            ),
        ),
    ),
    (
        "Strangers, and members that flood",
        "strangers",
        (
            (
                "pipelined requests, 16 MB in half a second",
                "a request before the last is answered ends the connection; memory bounded",
                "test_pipelined_requests",
            ),
            (
                "2,500 half-sent heads of many small headers",
                "64 headers, 8 KiB, 512 connections without a token; memory bounded",
                "test_half_sent_heads",
            ),
            (
                "silent connections, three times as many as descriptors",
                "512 without a token, 64 of an address, the oldest of the address that has most is cut; members get in",
                "test_silent_connections",
            ),
            (
                "TLS handshakes that hang, as many",
                "counted before the handshake begins; 10 s for it",
                "test_handshakes_that_hang",
            ),
            ("thousands of bad tokens, under keys known and unknown", "logged in summary", "test_bad_tokens"),
            ("thousands of bad requests", "the same", "test_bad_requests"),
            (
                "pings, pongs, small fragments without end",
                "64 at once, 2 a second: 4429; only a slice of what came is looked at",
                "test_small_frames",
            ),
            (
                "acks without end",
                "one for each `deliver`; more are faults, 256 at once, 8 a second: 4429",
                "test_acks_without_end",
            ),
        ),
    ),
    (
        "Connections",
        "connections",
        (
            (
                "hundreds of connections that say nothing, or half a head",
                "a request comes within 10 s or is cut; others are served meanwhile",
                "test_connections_that_say_nothing",
            ),
            ("slow write: head or body byte by byte", "the same", "test_request_that_trickles"),
            (
                "more requests without a good token than there is time for",
                "1,000 at once, 500 a second, of one address 128 and 16; then cut",
                "test_more_requests_than_strangers_may_ask",
            ),
            ("half-open line", "pings every 20 s, 20 s to answer", "test_half_open_line"),
            ("slow write: frame byte by byte", "it keeps its sender from answering pings", "test_frame_that_trickles"),
            (
                "slow read: all mail asked for and none read",
                "the connection is cut after 30 s though nothing can be written; the seat is free",
                "test_peer_that_does_not_read",
            ),
        ),
    ),
)
