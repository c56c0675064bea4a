"""Sealed content: at the hub by its cover, at the recipient step by step (PROTOCOL 7)."""

from __future__ import annotations

from typing import Final

from tests.attacks.defences.off import never, off
from tests.support.switching import Edit, Switch

SEALING: Final = "schemas/sealing.py"
VERIFICATION: Final = "broker/core/verification.py"
HANDLING: Final = "schemas/rules/handling.py"
STEPS: Final = "clients/trust/verification.py"
READING: Final = "schemas/reports/reading.py"
TEXT: Final = "clients/documents/report_text.py"

SWITCHES: Final[tuple[Switch, ...]] = (
    off(
        "content is bound to its cover",
        never(SEALING, "if body.aad != _aad(envelope):"),
        "content::test_content_under_another_cover",
        "exercise::test_content_sealed_as_another_status",
    ),
    off(
        "content is the one that was signed for",
        never(SEALING, "if sha256(body.to_bytes()) != claim.digest:"),
        "content::test_content_exchanged",
        "lying_items::test_content_rewritten",
    ),
    off(
        "content has the size that was signed for",
        never(SEALING, "if body.size_bytes != claim.size:"),
        "content::test_size_untrue",
    ),
    off(
        "content has a padded size",
        Edit(VERIFICATION, "    check_padded(claim.size)\n", "    check_padded(2_048)\n"),
        "content::test_size_that_tells",
    ),
    off(
        "a dispatch comes with its content",
        Edit(
            VERIFICATION,
            'raise SeraiError(Code.MALFORMED_SEALED, "a dispatch comes with its sealed content")',
            "return VerifiedSubmission(verified, None)",
        ),
        "content::test_cover_without_content",
    ),
    off(
        "only a dispatch has content",
        Edit(
            VERIFICATION,
            'raise SeraiError(Code.MALFORMED_SEALED, "only a dispatch has sealed content")',
            "return VerifiedSubmission(verified, None)",
        ),
        "content::test_content_beside_a_receipt",
    ),
    off(
        "content is of the step that the cover says",
        never(READING, 'if do is not None and value.get("do") != do:'),
        "content::test_content_of_another_step",
    ),
    off(
        "one protected header",
        never(SEALING, 'if jwe["protected"] != PROTECTED:'),
        "content::test_other_protected_header",
    ),
    off(
        "no member beside those of the profile",
        Edit(SEALING, 'jwe.keys() != members or not isinstance(jwe["recipients"], list):', "members - jwe.keys():"),
        "content::test_unprotected_header",
    ),
    off(
        "the content key is the one committed to",
        never(SEALING, "if not hmac.compare_digest(_commit(envelope, content_key), claim.commitment):"),
        "content::test_two_reports_under_one_signature",
    ),
    off(
        "an entry that does not open ends the step",
        Edit(
            SEALING,
            'raise SeraiError(Code.DECRYPTION_FAILED, "the entry does not open") from error',
            "content_key = bytes(32)",
        ),
        "content::test_entry_that_does_not_open",
    ),
    off(
        "an entry is bound to cover and recipient",
        Edit(SEALING, "extra = encode_json([*envelope, recipient]).encode()", 'extra = b""'),
        "content::test_entry_made_for_another_cover",
    ),
    off(
        "content that was damaged does not open",
        Edit(
            SEALING,
            "        return AESGCM(content_key).decrypt(decode_base64url(body.iv, 12), sealed, associated)\n",
            "        from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes\n"
            '        counter = modes.CTR(decode_base64url(body.iv, 12) + b"\\0\\0\\0\\2")\n'
            "        return Cipher(algorithms.AES(content_key), counter).decryptor().update(sealed[:-16])\n",
        ),
        "content::test_content_that_does_not_open",
    ),
    off(
        "a report is of the cover's kind",
        never(READING, 'if value.get("report") != kind:'),
        "content::test_report_of_another_kind",
    ),
    off(
        "the stricter handling code holds",
        Edit(HANDLING, "for code in (cover, *report)", "for code in (cover,)"),
        "content::test_cover_that_permits_more_than_its_report",
    ),
    off(
        "what is as written stands behind a bar",
        Edit(TEXT, '_BAR: Final = "| "', '_BAR: Final = ""'),
        "reports::test_words_that_pass_for_the_programs_own",
    ),
    off(
        "what is as written is shown up to a number of lines",
        Edit(TEXT, "shown = list(islice(written, WRITTEN_LINES))", "shown = list(written)"),
        "reports::test_flood_that_hides_the_alert",
    ),
    off(
        "what a report costs to read grows with its length",
        (
            never(READING, "if isinstance(value, list) and len(value) > LONGEST_LIST:"),
            Edit(
                READING,
                "path += (entries[path][step],)",
                "path += ([at for at in range(len(value)) if (*path, at) not in dropped][step],)",
            ),
        ),
        "reports::test_faults_without_end_in_one_list",
    ),
    off(
        "a file that others read has only what is known",
        (
            Edit("clients/documents/export_cap.py", "[*report_lines(content.form), *more]", "content_lines(content)"),
            Edit("clients/documents/export_cap.py", "import headline, report_lines", "import content_lines, headline"),
        ),
        "reports::test_member_of_the_senders_own_in_lists_and_files",
    ),
    off(
        "what is critical is known",
        never(READING, "if not known.issuperset(names):"),
        "reports::test_critical_part_that_is_not_known",
    ),
    off(
        "a handling code that is not known is the strictest",
        Edit(
            "schemas/labels.py",
            '        made.label = Label(*(f"{code}? {words}" for words in cls.H3.label))\n',
            "",
        ),
        "reports::test_handling_in_a_word_that_nobody_knows",
    ),
    off(
        "handling in a form that is not known is the strictest",
        Edit(READING, ", HandlingCode.H3.value)", ",)"),
        "reports::test_handling_in_a_form_that_nobody_knows",
    ),
    off(
        "what is asked in an unknown word is not executed",
        Edit("clients/formats/cap.py", '.value, "Assess")', '.value, "Execute")'),
        "reports::test_action_in_a_word_that_nobody_knows",
    ),
    off(
        "a receipt that cannot be checked says nothing",
        Edit("clients/mail/effects.py", "Answer(member, why,", "Answer(member, claims.outcome,"),
        "tomorrow::test_receipt_that_nobody_can_check",
        "tomorrow::test_what_is_newer_lends_no_authority",
    ),
    off(
        "an unknown status changes nothing",
        Edit("schemas/rules/status.py", " or not is_status_known(status):", ":"),
        "tomorrow::test_status_that_nobody_knows",
    ),
    off(
        "nothing answers an unknown status",
        never("clients/actions/reading.py", "if not is_status_known(found):"),
        "tomorrow::test_status_that_nobody_knows",
    ),
    off(
        "an unknown status rings as actual",
        Edit("clients/documents/news.py", '"actual" if may_be_real(status) else status', "status"),
        "tomorrow::test_status_that_nobody_knows",
    ),
    off(
        "an unknown handling code is the strictest",
        Edit(HANDLING, "else CODES[-1] for", "else CODES[0] for"),
        "tomorrow::test_handling_code_that_nobody_knows",
    ),
    off(
        "a file has what its provider permits for its use",
        never("clients/documents/export_files.py", "if each.needs_permission:"),
        "handling::test_file_of_what_its_provider_keeps",
        "handling::test_report_that_permits_less_than_its_cover",
    ),
    off(
        "passing on asks the rules first",
        Edit(
            "clients/actions/handling.py",
            "if wanted.permission or not needs_permission(cover, content, wanted.use, member):",
            "if wanted.use in Use:",
        ),
        "handling::test_kept_report_goes_on_under_a_laxer_code",
    ),
    off(
        "a disclosed key is a use of its own",
        never("clients/actions/proving.py", "if wanted is not None:"),
        "handling::test_disclosed_to_a_court_without_permission",
    ),
    off(
        "what is passed on permits no more than what came",
        Edit(
            "clients/actions/forwarding.py",
            "handling_that_holds(holds, (asked.handling or holds,))",
            "handling_that_holds(asked.handling or holds)",
        ),
        "handling::test_kept_report_goes_on_under_a_laxer_code",
    ),
    off(
        "nobody else's word makes a member the provider",
        Edit("clients/actions/handling.py", "return sender if named == member else named", "return named"),
        "handling::test_provider_that_the_sender_claims",
    ),
    off(
        "the log is written before anything leaves",
        Edit(
            "clients/actions/handing.py",
            "    client.store.handed.add(entries)",
            "    try:\n        client.store.handed.add(entries)\n    except Exception:\n        pass",
        ),
        "handling::test_handed_out_and_the_log_not_written",
    ),
    off(
        "what goes to a pipe is in the log first",
        (
            Edit("clients/cli/files/export.py", "    if command.output is None:  # what", "    if False:  # what"),
            Edit("clients/cli/files/export.py", "        if command.output is not None:  # a", "        if True:  # a"),
        ),
        "handling::test_handed_through_a_pipe_and_the_log_not_written",
    ),
    off(
        "an unknown precedence stands below flash",
        Edit("clients/actions/ringing.py", 'cover.precedence == "flash"', 'cover.precedence != "flash"'),
        "tomorrow::test_flood_of_a_precedence_that_nobody_knows",
    ),
    off(
        "a later alg is that of a key in the directory",
        Edit(
            "clients/mail/intake.py",
            "if claims is None or not is_of_later_key(placed, self._state.directory, claims.iss):",
            "if claims is None:",
        ),
        "tomorrow::test_later_alg_for_a_key_of_today",
    ),
    off(
        "what cannot be checked refers to nothing",
        Edit(
            "clients/mail/intake.py",
            "        if cover is not None and failed.step > _TO_US and self._is_judged(placed, failed.statement):\n"
            "            self._effects.refer(placed.digest, placed.leaf, cover)  # it was for us\n",
            "        from schemas.statements import read_claims\n"
            "        self._state.store.references.add(\n"
            "            placed.digest, read_claims(placed.item.statement, StatementType.DISPATCH)\n"
            "        )\n",
        ),
        "tomorrow::test_taken_back_in_a_signature_that_nobody_can_check",
    ),
    off(
        "a recipient is named",
        Edit(
            STEPS,
            "index, count = entry_position(cover.to, cover.iss, member)",
            "index, count = 0, len(cover.to) + 1",
        ),
        "content::test_copy_that_was_not_addressed",
    ),
    off(
        "a delivery has content",
        never(STEPS, "if placed.item.sealed is None:"),
        "content::test_content_withheld",
    ),
    off(
        "an entry is one that the sender signed for",
        Edit(
            STEPS,
            "verify_inclusion(hash_leaf(copy.entry.to_bytes()), index, count, proof, cover.content.claim().entries)",
            "hash_leaf(copy.entry.to_bytes())",
        ),
        "recipients::test_hub_hands_out_anothers_entry",
    ),
)
