"""What keeps the signature of an officer at a desk to what was shown."""

from __future__ import annotations

from typing import Final

from tests.attacks.defences.off import never, off
from tests.support.switching import Edit, Switch

SIGNING: Final = "clients/actions/drafts/signing.py"
REVIEW: Final = "clients/actions/drafts/review.py"
KEEPING: Final = "clients/actions/drafts/keeping.py"
GUARDED: Final = "clients/desk/guarded.py"
FILES: Final = "clients/desk/api/files.py"
READER: Final = "clients/desk/api/dispatches.py"
SHOWN: Final = "if not _was_shown(draft, shown, officer):"
SAME: Final = "not hmac.compare_digest(review.shown.encode(), shown.encode()) or "

SWITCHES: Final[tuple[Switch, ...]] = (
    off(
        "a draft is signed as it was shown last",
        (
            Edit(SIGNING, SHOWN, "if draft.shown is None:"),
            Edit(KEEPING, "at_ms=now_ms, shown=None))", "at_ms=now_ms))"),
            Edit(SIGNING, SAME, ""),
        ),
        "drafts::test_draft_changed_between_look_and_signature",
    ),
    off(
        "a draft is written anew when it is signed",
        Edit(SIGNING, SAME, ""),
        "drafts::test_case_that_grew_between_look_and_signature",
    ),
    off(
        "a draft was shown to who signs it",
        (
            Edit(SIGNING, "is_same and last is not None and last.officer == officer", "is_same"),
            Edit(REVIEW, '"signer": cover.signer,', '"signer": None,'),
        ),
        "drafts::test_officer_who_signs_what_another_was_shown",
    ),
    off(
        "a flash asks for the passphrase once more",
        never(SIGNING, "if review.needs_passphrase:"),
        "drafts::test_flash_at_a_screen_that_was_left",
    ),
    off(
        "guesses at a page are slower after three",
        Edit(GUARDED, "with desk.tries.one():", "if desk.tries is not None:"),
        "drafts::test_guesses_at_a_page",
    ),
    off(
        "only what is asked is answered",
        (
            never(KEEPING, "if strange := [key[:64] for key in answers if key not in steps]:"),
            Edit(KEEPING, "read_answer(steps[key], text, now_ms)", "text"),
        ),
        "drafts::test_answers_that_nobody_asked_for",
    ),
    off(
        "a draft is no longer than a report",
        never(KEEPING, 'if len(encode_json({"answers": kept, "wishes": _texts(wishes)}).encode()) > MAX_REPORT_BYTES:'),
        "drafts::test_draft_without_end",
    ),
    off(
        "a file is counted as it comes",
        never(FILES, "if written > most:"),
        "drafts::test_file_without_end",
    ),
    off(
        "a file that comes has a plain name",
        Edit(
            FILES, 'clean_name(unquote(asked.get("serai-name", ""))[:_NAME_CHARACTERS])', 'unquote(asked["serai-name"])'
        ),
        "drafts::test_name_that_leads_elsewhere",
    ),
    off(
        "a page shows what is a picture by its content",
        never(READER, "if nature.is_lie or nature.is_program or nature.media_type not in SHOWABLE:"),
        "drafts::test_page_that_is_called_a_picture",
    ),
)
