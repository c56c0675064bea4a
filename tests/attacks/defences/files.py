"""What a client does with files before it sends or saves them."""

from __future__ import annotations

from typing import Final

from tests.attacks.defences.off import off
from tests.support.switching import Edit

JPEG: Final = "clients/formats/jpeg.py"
PNG: Final = "clients/formats/png.py"
NAMES: Final = "clients/formats/filenames.py"
ATTACHED: Final = "clients/mail/attached.py"
CARRIER: Final = "clients/line/carrier.py"

SWITCHES: Final = (
    off(
        "only what a JPEG is drawn from leaves",
        Edit(JPEG, '    return b"", _said(marker', "    return payload, _said(marker"),
        "files::test_picture_that_tells_where_it_was_taken[in segments of others]",
    ),
    off(
        "of Exif only the orientation leaves",
        Edit(JPEG, "_EXIF + exif_of_orientation(orientation))", "payload)"),
        "files::test_picture_that_tells_where_it_was_taken[as cameras write it]",
    ),
    off(
        "only what a PNG is drawn from leaves",
        Edit(PNG, "        if kind in _DRAWN:", "        if True:"),
        "files::test_picture_that_tells_where_it_was_taken[as programs write it]",
    ),
    off(
        "what is not built like its kind is not cleaned",
        Edit(
            JPEG,
            '    if source.read(1) != b"\\xff":\n        raise PictureError("no marker where one is due")\n',
            '    while source.read(1) not in (b"\\xff", b""):\n        pass\n',
        ),
        "files::test_picture_that_only_looks_like_one",
    ),
    off(
        "a name is its last part",
        Edit(NAMES, 're.split(r"[/\\\\]", name.rstrip("/\\\\"))[-1]', "name"),
        "files::test_name_with_a_path_or_marks_of_direction[path]",
        "files::test_name_with_a_path_or_marks_of_direction[drive]",
    ),
    off(
        "a name is seen as it is",
        Edit(NAMES, '_HIDDEN.sub("", last)', "last"),
        "files::test_name_with_a_path_or_marks_of_direction[turned round]",
        "files::test_name_with_a_path_or_marks_of_direction[isolated]",
        "files::test_name_with_a_path_or_marks_of_direction[escape]",
    ),
    off(
        "a name is no option, and reserved by no system",
        (
            Edit(NAMES, '.strip(". \\u00a0").lstrip("-. \\u00a0")', '.strip(". \\u00a0")'),
            Edit(NAMES, "if _RESERVED.match(plain) or", "if"),
        ),
        "files::test_name_with_a_path_or_marks_of_direction[option]",
        "files::test_name_with_a_path_or_marks_of_direction[reserved]",
    ),
    off(
        "a name is short",
        Edit(NAMES, "return mark + _shorten(plain)", "return mark + plain"),
        "files::test_name_with_a_path_or_marks_of_direction[long]",
    ),
    off(
        "only names of exercises begin with EX-",
        Edit(NAMES, " or _looks(plain).startswith(_MARKED)", ""),
        "files::test_name_that_passes_for_an_exercise",
    ),
    off(
        "a type that lies is known by the content",
        Edit("clients/formats/media.py", "not any({called, content} <= group for group in _SAME)", "False"),
        "files::test_media_type_that_lies",
    ),
    off(
        "nothing of a file is given before all of it was opened",
        Edit(ATTACHED, "    for _ in _opened(attachment, spool):\n        pass\n", ""),
        "attached::test_blob_that_is_not_the_file[cut after a chunk]",
        "attached::test_blob_that_is_not_the_file[padded with words]",
    ),
    off(
        "a file is named by its own digest",
        Edit("schemas/blobs.py", "        for digest, named in zip(", "        for digest, named in () and zip("),
        "attached::test_one_blob_for_two_keys",
    ),
    off(
        "padding is zeros",
        Edit("schemas/blobs.py", "if chunk.count(0, len(kept)) != len(chunk) - len(kept):", "if False:"),
        "attached::test_blob_that_is_not_the_file[padded with words]",
    ),
    off(
        "a blob that came is the one that was named",
        Edit(
            "clients/store/spool.py",
            "if not hmac.compare_digest(_digest_of(part), decode_digest(digest)):",
            "if not part.is_file():",
        ),
        "attached::test_poisoned_digest",
    ),
    off(
        "of an answer the part that was asked for is taken",
        Edit(
            "clients/line/blobs.py",
            "                yield piece[:left]\n                left -= len(piece)\n",
            "                yield piece\n",
        ),
        "attached::test_hub_that_serves_without_end",
    ),
    off(
        "a file has a size that a blob can have",
        Edit("schemas/reports/attachments.py", "ge=1, le=BLOB_CONTENT_BYTES", "ge=1, le=BLOB_CONTENT_BYTES << 20"),
        "attached::test_size_that_promises_too_much",
    ),
    off(
        "a blob is known by digest and length",
        Edit("clients/store/attachments.py", '"attachment", digest, str(size)', '"attachment", digest'),
        "attached::test_length_that_another_names[70000]",
        "attached::test_length_that_another_names[900000]",
    ),
    off(
        "the disk keeps room",
        Edit(CARRIER, "if not blob.urgent and shutil", "if False and shutil"),
        "attached::test_attachments_that_fill_the_disk",
    ),
    off(
        "what is fetched by itself has a bound",
        Edit(ATTACHED, " and each.size <= room", ""),
        "attached::test_attachments_beyond_what_is_permitted",
    ),
)
