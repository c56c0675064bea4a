"""Attacks by files, and by what files say beside what they show."""

from __future__ import annotations

from typing import Final

from tests.attacks.rows.hub import Line

SUBJECTS: Final[tuple[tuple[str, str, tuple[Line, ...]], ...]] = (
    (
        "Files of others",
        "files",
        (
            (
                "picture that says where and by whom it was taken: in Exif, XMP, IPTC, texts, after its end",
                "only what a JPEG or PNG is drawn from goes; what was left out is named",
                "test_picture_that_tells_where_it_was_taken",
            ),
            (
                "picture that viewers show and a cleaner does not understand",
                "what is not built like its kind is refused, unless it is sent as it is on purpose",
                "test_picture_that_only_looks_like_one",
            ),
            (
                "name with a path, marks of direction, control characters, or a meaning for a system",
                "one plain part of 120 bytes is left of it",
                "test_name_with_a_path_or_marks_of_direction",
            ),
            (
                "name of a real file that passes for one of an exercise, or the reverse",
                "`EX-` begins the names of exercises and of nothing else",
                "test_name_that_passes_for_an_exercise",
            ),
            (
                "program that is called a picture",
                "the type is that of the content; another name for it is said beside it",
                "test_media_type_that_lies",
            ),
        ),
    ),
    (
        "Attachments, at a reader",
        "attached",
        (
            (
                "blob that is cut, extended, in another order, padded with words, or another file",
                "all of it is opened first, to its last flag, its zeros and its digest: else nothing of it is given",
                "test_blob_that_is_not_the_file",
            ),
            (
                "one blob that opens to two files under two keys",
                "a file is named by its own digest in the report, not by the blob",
                "test_one_blob_for_two_keys",
            ),
            (
                "small blob that promises a large file",
                "sizes are bounded, and nothing is set aside for them",
                "test_size_that_promises_too_much",
            ),
            (
                "lying hub: other bytes under a blob's name",
                "kept under it only if their digest is the name; fetched once more, then told as lost",
                "test_poisoned_digest",
            ),
            (
                "lying hub: an answer without end",
                "a part is asked for, and no more of the answer is taken",
                "test_hub_that_serves_without_end",
            ),
            (
                "blob named with a wrong length, so that whoever names it rightly is not fetched",
                "a blob is known by digest and length; each length is fetched, and fails, on its own",
                "test_length_that_another_names",
            ),
            (
                "attachments that fill a recipient's disk",
                "fetched by itself only while the disk has room, and as far as the member permits",
                "test_attachments_that_fill_the_disk",
                "test_attachments_beyond_what_is_permitted",
            ),
        ),
    ),
)
