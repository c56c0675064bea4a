"""Attacks on attachments."""

from __future__ import annotations

from typing import Final

from tests.attacks.rows.hub import Line

SUBJECTS: Final[tuple[tuple[str, str, tuple[Line, ...]], ...]] = (
    (
        "Attachments",
        "attachments",
        (
            (
                "bytes of another digest uploaded, to poison it",
                "hashed from the disk before it is whole: `attachment_mismatch`, and nothing is held",
                "test_poisoned_digest",
            ),
            (
                "bytes uploaded into another member's upload",
                "an upload belongs to member and digest",
                "test_foreign_upload",
            ),
            (
                "asking whether others have uploaded the same",
                "every answer is about the own uploads alone",
                "test_nobody_is_told_of_others_uploads",
            ),
            (
                "part that overlaps, or leaves a gap",
                "`upload_offset`, with what is held",
                "test_part_that_does_not_follow",
            ),
            (
                "lies in `Content-Range` and `Content-Length`",
                "they agree, and n is a blob's: `malformed_range`, `malformed_attachment`",
                "test_length_that_lies",
                "test_length_that_no_blob_has",
            ),
            ("ten thousand partial uploads", "64 of a member: `quota_exceeded`", "test_many_partial_uploads"),
            (
                "uploads that nobody sends, or without end",
                "bytes that no dispatch names, and of a day, are counted when an upload begins: `quota_exceeded`",
                "test_bytes_that_nobody_sends",
                "test_bytes_without_end",
            ),
            ("many bodies at a time", "a few of a member: `rate_limited`", "test_many_bodies_at_once"),
            ("body that hardly comes", "16 KiB in half a minute: `slow_reader`; what came is held", "test_slow_writer"),
            ("disk filled by uploads", "a tenth is left: `no_room`; statements go on", "test_full_disk"),
            (
                "body of 64 MiB without a good token",
                "read no further than a read, and cut",
                "test_body_without_a_token",
            ),
            (
                "digest that was only seen, linked to fetch what it names",
                "uploaded by the signer's member, or may fetch: else `attachment_missing`, whatever it is",
                "test_link_without_a_right",
            ),
            (
                "picture of an exercise in a real alert, or the reverse",
                "linked under one status: `status_mismatch`",
                "test_attachment_of_another_status",
            ),
            (
                "cover that says another size, or names what is not whole",
                "the blob's length is compared: `attachment_missing`",
                "test_size_that_lies",
                "test_dispatch_before_its_attachment",
            ),
            (
                "cover with too many attachments, one twice, or unpadded",
                "`malformed_statement`",
                "test_cover_that_no_composer_writes",
            ),
            (
                "attachment of others fetched by its digest",
                "sender and recipients only: `not_found`",
                "test_attachment_of_others",
            ),
            ("many ranges in one request", "one range: `malformed_range`", "test_range_that_multiplies"),
            (
                "database changed, so that a blob's file leads elsewhere",
                "files have names of one form, in one folder",
                "test_file_that_leads_elsewhere",
            ),
            (
                "blob cut, reordered, extended, its chunks repeated",
                "each chunk is sealed under its number and the last flag: `attachment_mismatch`",
                "test_blob_that_was_changed",
            ),
            (
                "one blob that opens to two files under two keys",
                "the report names the file's own SHA-256: `attachment_mismatch`",
                "test_two_files_in_one_blob",
            ),
            (
                "something hidden in the padding",
                "it is zero: `attachment_mismatch`",
                "test_padding_that_says_something",
            ),
        ),
    ),
)
