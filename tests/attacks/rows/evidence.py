"""Evidence files of several statements (PROTOCOL 11)."""

from __future__ import annotations

from typing import Final

from tests.attacks.rows.hub import Line

SUBJECTS: Final[tuple[tuple[str, str, tuple[Line, ...]], ...]] = (
    (
        "Evidence files",
        "evidence",
        (
            (
                "leaves out an item that others in the file name",
                "every digest that is named and not there is told, with who names it",
                "test_item_left_out",
                "test_named_by_digest_and_not_by_name",
            ),
            (
                "leaves out a step of an operation, a stop, or the request",
                "every step names those that its signer had seen: `after`, `id`; what is not there is withheld",
                "test_step_left_out",
                "test_request_left_out",
                "test_any_step_left_out",
            ),
            (
                "an account of another operation, or with another figure, beside a court's file",
                "computed again from the steps in the file; none of them is of that operation: refused",
                "test_account_of_another_operation",
            ),
            (
                "a receipt of a member that was not asked, or for something else",
                "by a recipient, to the sender: `not_a_recipient`; else it counts for nothing in the file",
                "test_receipt_of_another",
            ),
            (
                "a cancellation or correction by another member",
                "what the hub admits, a reader judges too: `reference_not_permitted`",
                "test_cancellation_by_another",
            ),
            (
                "a statement that names what was accepted after it",
                "the named one stands below: `unknown_reference`",
                "test_reference_to_what_came_later",
            ),
            (
                "items out of order, or one twice",
                "one spelling: `malformed_evidence`",
                "test_items_out_of_order_or_twice",
            ),
            (
                "one statement at two places of the ledger",
                "refused at step 3: `bad_proof`",
                "test_one_statement_at_two_places",
            ),
            (
                "content or disclosed key of another item",
                "digest and commitment on the cover: `content_mismatch`, `commitment_mismatch`",
                "test_content_and_key_of_another_item",
            ),
            (
                "two files joined under one of their checkpoints",
                "every proof leads to the one checkpoint: `bad_proof`",
                "test_two_files_joined",
            ),
            (
                "16 MiB of nothing",
                "parts are counted before any is read: `malformed_evidence`",
                "test_sixteen_mebibytes_of_nothing",
            ),
            (
                "a file of a later version passed for a damaged one",
                "the version is read first: `unsupported_version`, not judged",
                "test_later_version_that_passes_for_damaged",
            ),
            (
                "another file under the name of an attachment",
                "size and SHA-256 of the disclosed report, and nothing else",
                "test_attachment_that_matches_by_name_only",
            ),
            (
                "a blob that opens to another file than was named",
                "opened by the reader's rules, to the file that the report names",
                "test_blob_that_opens_to_another_file",
            ),
            (
                "one blob named thousands of times, so that comparing it never ends",
                "opened once in each way, 16 ways at most; then it is said which attachments were not tried",
                "test_blob_that_is_named_many_times",
            ),
            (
                "a true attachment called foreign, because its report was withheld",
                "what no report tells of is not judged",
                "test_file_that_cannot_be_judged",
            ),
        ),
    ),
    (
        "Paper",
        "paper",
        (
            (
                "a text that turns, hides or overprints what stands beside it",
                "what is no letter of the fonts stands as its code, what is cut says so",
                "test_text_that_hides_on_paper",
            ),
            ("markup in a text, to hide or to read a file", "data and never markup", "test_markup_on_paper"),
            (
                "an operation on paper for a court, without its providers' permission",
                "each step asks the code that holds: `use_not_permitted`, and nothing is written",
                "test_paper_for_a_court_without_permission",
            ),
            ("an exercise that passes for real on a page of it", "every page says so", "test_exercise_on_every_page"),
        ),
    ),
)
