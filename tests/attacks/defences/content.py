"""Sealed content: at the hub by its cover, at the recipient step by step (PROTOCOL 7)."""

from __future__ import annotations

from typing import Final

from tests.attacks.defences.off import never, off
from tests.support.switching import Edit, Switch

SEALING: Final = "schemas/sealing.py"
VERIFICATION: Final = "broker/core/verification.py"
FOLLOW: Final = "clients/follow.py"

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
        never(FOLLOW, "if report.report != kind:"),
        "content::test_report_of_another_kind",
    ),
    off(
        "a recipient is named",
        never(FOLLOW, "if member not in cover.to and member != member_of(cover.iss):"),
        "content::test_copy_that_was_not_addressed",
    ),
    off(
        "a delivery has content",
        never(FOLLOW, "if placed.item.sealed is None:"),
        "content::test_content_withheld",
    ),
    off(
        "an entry is one that the sender signed for",
        Edit(
            FOLLOW,
            "verify_inclusion(leaf_hash, index, count, decode_proof(proof), cover.content.claim().entries)",
            "decode_proof(proof)",
        ),
        "recipients::test_hub_hands_out_anothers_entry",
    ),
)
