"""What a stranger checks in an evidence file, and compares with its attachments (PROTOCOL 11)."""

from __future__ import annotations

from typing import Final

from tests.attacks.defences.off import never, off
from tests.support.switching import Edit

FORM: Final = "schemas/evidence.py"
JUDGED: Final = "schemas/verification.py"
NAMING: Final = "schemas/naming.py"
ATTACHED: Final = "clients/trust/attached.py"
COURT: Final = "clients/documents/operations/court.py"
LETTERS: Final = "clients/documents/pdf/letters.py"
MISSING: Final = "schemas/operations/missing.py"
PAPER: Final = "clients/documents/operations/paper.py"
SHEETS: Final = "clients/documents/pdf/sheets.typ"
EVALUATED: Final = 'eval(line, mode: "markup")'
PRINTING: Final = "clients/actions/operations/printing.py"

SWITCHES: Final = (
    off(
        "what is named and not there is told",
        Edit(JUDGED, "yield Missing(named.digest, item.index, named.how, item.statement.claims.iss)", "yield from ()"),
        "evidence::test_item_left_out",
        "evidence::test_named_by_digest_and_not_by_name",
    ),
    off(
        "what a step had seen is told",
        Edit(NAMING, "for digest in claim.after or ()]", "for digest in ()]"),
        "evidence::test_step_left_out",
    ),
    off(
        "of which operation a step is is told",
        Edit(NAMING, "[] if claim.id is None else", "[] if True else"),
        "evidence::test_request_left_out",
    ),
    off(
        "what an event names is told as far as it is a digest",
        Edit(NAMING, "[each for each in named if _is_digest(each)]", "[each for each in named if each]"),
        "evidence::test_named_by_digest_and_not_by_name",
    ),
    off(
        "evidence has receipts of recipients only",
        Edit(JUDGED, "        check_answer(claims, sender, by_recipient=member in cover.to)\n", "        pass\n"),
        "evidence::test_receipt_of_another",
    ),
    off(
        "evidence has references that were permitted only",
        Edit(
            JUDGED,
            "        check_reference(named.how, by_sender=member == sender, by_recipient=member in cover.to)\n",
            "",
        ),
        "evidence::test_cancellation_by_another",
    ),
    off(
        "in evidence what is named stands below what names it",
        never(JUDGED, "if other.index >= item.index:"),
        "evidence::test_reference_to_what_came_later",
    ),
    off(
        "items stand in ledger order, each once",
        Edit(FORM, "        _check_order(self.items)\n", ""),
        "evidence::test_items_out_of_order_or_twice",
    ),
    off(
        "no statement stands at two places",
        never(JUDGED, "if len({item.statement.digest for item in items}) != len(items):"),
        "evidence::test_one_statement_at_two_places",
    ),
    off(
        "content in evidence is its cover's",
        Edit(JUDGED, "        verify_body(content.copy.body, claim, cover.envelope())\n", ""),
        "evidence::test_content_and_key_of_another_item",
    ),
    off(
        "a disclosed key is the one committed to",
        Edit(JUDGED, "        verify_commitment(content.content_key, claim, cover.envelope())\n", ""),
        "evidence::test_content_and_key_of_another_item",
    ),
    off(
        "every proof in evidence leads to its checkpoint",
        Edit(JUDGED, "            verify_inclusion(item.leaf.hash, item.index, size, item.proof, root)\n", ""),
        "evidence::test_two_files_joined",
    ),
    off(
        "parts of evidence are counted before they are read",
        Edit(FORM, "decode_object(data, limits.EVIDENCE_MEMBERS)", "decode_object(data, len(data))"),
        "evidence::test_sixteen_mebibytes_of_nothing",
    ),
    off(
        "the version of evidence is read first",
        Edit(FORM, '        _check_version(value.get("version"))\n', ""),
        "evidence::test_later_version_that_passes_for_damaged",
    ),
    off(
        "an attachment is known by its SHA-256",
        Edit(ATTACHED, "(each.size, each.sha256) == (size_bytes, sha256)", "each.size == size_bytes"),
        "evidence::test_attachment_that_matches_by_name_only",
    ),
    off(
        "a blob opens to the file that the report names",
        Edit(
            ATTACHED, "    except SeraiError:\n        return False\n", "    except SeraiError:\n        return True\n"
        ),
        "evidence::test_blob_that_opens_to_another_file",
    ),
    off(
        "a blob is opened a few times",
        Edit(ATTACHED, "for way in ways[:MOST_OPENED] if", "for way in ways if"),
        "evidence::test_blob_that_is_named_many_times",
    ),
    off(
        "what no report tells of is not judged",
        Edit(ATTACHED, "compare_attached(cover, _attachments(item)).unnamed > 0", "cover is None"),
        "evidence::test_file_that_cannot_be_judged",
    ),
    off(
        "an account is held against its own operation",
        Edit(COURT, "return found is None or not judge", "return found is not None and not judge"),
        "evidence::test_account_of_another_operation",
    ),
    off(
        "what a step had seen is missed in a court's file",
        Edit(MISSING, "for digest in _named(step):", "for digest in ():"),
        "evidence::test_any_step_left_out",
    ),
    off(
        "what is no letter stands on paper as its code",
        Edit(LETTERS, "yield _code(letter, count - stands), count - stands", 'yield "", count - stands'),
        "paper::test_text_that_hides_on_paper",
    ),
    off(
        "texts on paper are data",
        Edit(SHEETS, 'line.split(" ").map(word => pieces(word, size.width).join(box())).join(" ")', EVALUATED),
        "paper::test_markup_on_paper",
    ),
    off(
        "paper for a court asks the rules first",
        Edit(PRINTING, "            check_use(step.number, step.cover, read, wanted, client.member)\n", ""),
        "paper::test_paper_for_a_court_without_permission",
    ),
    off(
        "every page of an exercise says so",
        Edit(PAPER, 'marking = "" if real else', 'marking = "" if paper else'),
        "paper::test_exercise_on_every_page",
    ),
)
