"""Attachments at the hub and where they are opened (PROTOCOL 7, 10)."""

from __future__ import annotations

from typing import Final

from tests.attacks.defences.off import never, off
from tests.support.switching import Edit, Switch

ROOM: Final = "broker/service/blobs.py"
RECORDS: Final = "broker/adapters/db/blobs.py"
FOLDER: Final = "broker/adapters/blobs/folder.py"
QUOTA: Final = "broker/core/quota.py"
RANGES: Final = "broker/core/ranges.py"
ADMISSION: Final = "broker/core/admission/dispatch.py"
ATTACHING: Final = "schemas/rules/attaching.py"
BLOBS: Final = "schemas/blobs.py"

SWITCHES: Final[tuple[Switch, ...]] = (
    off(
        "a blob is whole when its digest holds",
        never(ROOM, "if found != blob.digest:"),
        "attachments::test_poisoned_digest",
    ),
    off(
        "an upload belongs to its member",
        Edit(RECORDS, "mine = _B.member == member, _B.digest == digest", "mine = (_B.digest == digest,)"),
        "attachments::test_foreign_upload",
        "attachments::test_nobody_is_told_of_others_uploads",
    ),
    off(
        "a part follows the last one",
        never(ROOM, "if (part.start, part.size) != (held, blob.size):"),
        "attachments::test_part_that_does_not_follow",
    ),
    off(
        "a range is as long as its body",
        never(RANGES, "if content_length != str(last - first + 1):"),
        "attachments::test_length_that_lies",
    ),
    off(
        "only lengths of blobs are uploaded",
        never(BLOBS, "if padded > BLOB_CONTENT_BYTES or blob_size(padded) != blob_bytes or not is_padded(padded):"),
        "attachments::test_length_that_no_blob_has",
    ),
    off(
        "partial uploads are counted",
        never(QUOTA, "if usage.partial >= quota.partial:"),
        "attachments::test_many_partial_uploads",
    ),
    off(
        "bytes that no dispatch names are counted",
        never(QUOTA, "if usage.waiting_bytes + size_bytes > quota.waiting_bytes:"),
        "attachments::test_bytes_that_nobody_sends",
    ),
    off(
        "bytes of a day are counted",
        never(QUOTA, "if usage.day_bytes + size_bytes > quota.day_bytes:"),
        "attachments::test_bytes_without_end",
    ),
    off(
        "bodies of a member are counted",
        never(ROOM, "if self._bodies[self._key] >= BODIES:"),
        "attachments::test_many_bodies_at_once",
    ),
    off(
        "a slow body is ended",
        Edit(ROOM, "asyncio.timeout(0 if mine.is_replaced else SLOW_S)", "asyncio.timeout(3_600)"),
        "attachments::test_slow_writer",
    ),
    off(
        "a tenth of the disk is left to statements",
        never(ROOM, "if not self.has_room():"),
        "attachments::test_full_disk",
    ),
    off(
        "a body that was refused is not read",
        never("broker/web/connections.py", "if self._dropped_bytes > DROPPED_BYTES:"),
        "attachments::test_body_without_a_token",
    ),
    off(
        "only who uploaded or may fetch links",
        (
            Edit(
                RECORDS,
                "_B.digest.in_(digests), _B.member.in_(members), _B.whole)",
                "_B.digest.in_(digests), _B.whole)",
            ),
            Edit(
                RECORDS,
                "if (pair := (Digest(digest), Address(member))) in pairs:",
                "for pair in [each for each in pairs if each[0] == digest]:",
            ),
        ),
        "attachments::test_link_without_a_right",
    ),
    off(
        "an attachment has one status",
        never(ADMISSION, "if view.blob_statuses.get(digest, cover.status) != cover.status:"),
        "attachments::test_attachment_of_another_status",
    ),
    off(
        "an attachment has the size that its cover says",
        Edit(ADMISSION, "if held is None or held.size != blob_size(each.size):", "if held is None:"),
        "attachments::test_size_that_lies",
    ),
    off(
        "a dispatch waits for its attachments",
        Edit(
            RECORDS,
            "_B.digest.in_(digests), _B.member.in_(members), _B.whole)",
            "_B.digest.in_(digests), _B.member.in_(members))",
        ),
        "attachments::test_dispatch_before_its_attachment",
    ),
    off(
        "covers name attachments as a composer does",
        (
            never(ATTACHING, "if len(named) > limits.ATTACHMENTS:"),
            never(ATTACHING, "if len({each.digest for each in named}) != len(named):"),
            never(ATTACHING, "if not all(is_padded(each.size) for each in named):"),
        ),
        "attachments::test_cover_that_no_composer_writes",
    ),
    off(
        "sender and recipients alone fetch",
        Edit(RECORDS, "_fetchable(_L.digest == digest, _M.member == member)", "_fetchable(_L.digest == digest)"),
        "attachments::test_attachment_of_others",
    ),
    off(
        "one range is answered",
        Edit(
            RANGES,
            'if found is None:\n        raise SeraiError(Code.MALFORMED_RANGE, "Range',
            'if found is None:\n        return None\n        raise SeraiError(Code.MALFORMED_RANGE, "Range',
        ),
        "attachments::test_range_that_multiplies",
    ),
    off(
        "files of blobs have names of their own",
        never(FOLDER, "if not _NAME.fullmatch(name):"),
        "attachments::test_file_that_leads_elsewhere",
    ),
    off(
        "nothing of a file counts before all of it holds",
        (
            Edit(BLOBS, 'return number.to_bytes(11, "big") + bytes([is_last])', "return bytes(12)"),
            never(BLOBS, "if padded > padded_size(self._size):"),
            never(BLOBS, "if padded != padded_size(self._size):"),
            never(BLOBS, "if not hmac.compare_digest(digest, named):"),
        ),
        "attachments::test_blob_that_was_changed",
    ),
    off(
        "an attachment is the file that its report names",
        never(BLOBS, "if not hmac.compare_digest(digest, named):"),
        "attachments::test_two_files_in_one_blob",
    ),
    off(
        "padding is zero",
        never(BLOBS, "if chunk.count(0, len(kept)) != len(chunk) - len(kept):"),
        "attachments::test_padding_that_says_something",
    ),
)
