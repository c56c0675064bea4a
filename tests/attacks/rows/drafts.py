"""Attacks on what an officer signs at a desk."""

from __future__ import annotations

from typing import Final

from tests.attacks.rows.hub import Line

SUBJECTS: Final[tuple[tuple[str, str, tuple[Line, ...]], ...]] = (
    (
        "What an officer signs at a desk",
        "drafts",
        (
            (
                "changes a draft in another window, between the look and the signature",
                "what is signed has the digest of what was shown last: `draft_changed`, and it is shown again",
                "test_draft_changed_between_look_and_signature",
            ),
            (
                "lets what a draft is about become another between the look and the signature",
                "it is written anew when it is signed, and compared: `draft_changed`",
                "test_case_that_grew_between_look_and_signature",
            ),
            (
                "has one officer sign what another was shown",
                "what was shown, was shown to its signer: `draft_changed`",
                "test_officer_who_signs_what_another_was_shown",
            ),
            (
                "signs a flash at a screen that its officer has left open",
                "the passphrase is asked for once more: `passphrase_needed`",
                "test_flash_at_a_screen_that_was_left",
            ),
            (
                "guesses that passphrase at the page",
                "one guess at a time, slower after three: `tries_paused`",
                "test_guesses_at_a_page",
            ),
            (
                "answers questions that nobody asked, by names that programs stumble over",
                "only what the form asks is kept: `not_asked_for`",
                "test_answers_that_nobody_asked_for",
            ),
            (
                "fills the store with a draft that can never go",
                "a draft is no longer than a report: `draft_too_large`",
                "test_draft_without_end",
            ),
            (
                "brings a file that is larger than it said",
                "counted as it comes: `attachment_over_limit`, and nothing of it stays",
                "test_file_without_end",
            ),
            (
                "brings a file whose name leads elsewhere",
                "a name is one plain part of a path",
                "test_name_that_leads_elsewhere",
            ),
            (
                "sends a page that is called a picture, to be shown by the desk",
                "only what is a picture by its content is shown: `no_picture`",
                "test_page_that_is_called_a_picture",
            ),
        ),
    ),
)
