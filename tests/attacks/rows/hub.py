"""Attacks on what the hub admits."""

from __future__ import annotations

from typing import Final

Line = tuple[str, ...]
"""Attack, defence, then the names of tests."""

SUBJECTS: Final[tuple[tuple[str, str, tuple[Line, ...]], ...]] = (
    (
        "Signatures",
        "signatures",
        (
            ("forged signature", "checked over the received bytes: `bad_signature`", "test_forged_signature"),
            ("signature of another statement by the same officer", "the same", "test_swapped_signature"),
            ("cover changed after signing", "the same", "test_altered_cover"),
            ("wrong `alg`, or none", "`alg` is from a table with one line: `unsupported_alg`", "test_wrong_alg"),
            (
                "header that brings its key along, or says where to fetch it",
                "three members, to the letter: `malformed_statement`",
                "test_more_in_the_header",
            ),
            (
                "`kid` of another member",
                "the signature is checked with the key that `kid` names: `bad_signature`",
                "test_kid_of_another_member",
            ),
            (
                "another member's name over an own key and a good signature",
                "the key must be one of `iss`: `unknown_key`",
                "test_own_key_in_the_name_of_another",
            ),
            (
                "another spelling of a good signature, for a second identity",
                "one accepted spelling of base64url: `malformed_statement`",
                "test_another_spelling_of_a_signature",
            ),
            (
                "certified key for which anybody can sign",
                "points of small order are no keys: `malformed_statement`",
                "test_key_for_which_anybody_can_sign",
            ),
            (
                "certified key with a second thumbprint, or one that only some libraries take",
                "a key is a point of the curve in its one spelling: `malformed_statement`",
                "test_another_spelling_of_a_key",
                "test_key_that_is_no_point",
            ),
            (
                "certified key of a later kind, and statements in its name",
                "nobody can say who holds it: `unsupported_alg`, and its statements are by an unknown key",
                "test_key_of_unknown_kind_lends_nothing",
            ),
            (
                "credential that publishes somebody's secret key",
                "no public key has such a member: `malformed_statement`",
                "test_secret_key_is_no_key",
            ),
            (
                "signature that one library accepts and another refuses",
                "the rules of PROTOCOL 4, whatever the library: `bad_signature`",
                "test_signature_that_libraries_judge_differently",
            ),
            (
                "session token submitted as a statement",
                "types that the ledger does not have are refused: `unsupported_type`",
                "test_token_is_no_statement",
            ),
        ),
    ),
    (
        "Credentials and keys",
        "credentials",
        (
            (
                "chain too long",
                "only the root's own members certify units: `credential_invalid`",
                "test_chain_too_long",
            ),
            (
                "unit out of country, or of an organisation",
                "same country as its issuer: `credential_invalid`",
                "test_out_of_country",
            ),
            (
                "officer made beneath another member",
                "only beneath one's own address: `credential_invalid`",
                "test_officer_of_another_member",
            ),
            ("key expired", "judged by the time of the ledger: `credential_expired`", "test_expired"),
            (
                "credential that outlives its issuer's",
                "ends no later: `credential_invalid`",
                "test_outliving_the_issuer",
            ),
            ("key revoked", "no good from the revocation's place on: `credential_revoked`", "test_revoked"),
            (
                "key certified by a key that was revoked",
                "the chain is judged up to the root: `credential_revoked`",
                "test_revoked_above",
            ),
            ("revoked key certified again", "never: `credential_revoked`", "test_revoked_key_certified_again"),
            ("key replaced long ago", "good for seven days more: `credential_expired`", "test_replaced_key"),
            (
                "roles widened, or an officer who certifies",
                "roles only grow narrower: `credential_invalid`",
                "test_roles_widened",
            ),
            (
                "role of another name, to pass for a right",
                "whatever it is, it gives none: `role_missing`",
                "test_words_give_no_right",
            ),
            ("certifying without the role", "`role_missing`", "test_certifying_without_the_role"),
            (
                "public key of somebody who never asked, certified to lock its holder out",
                "a credential has a request that the key itself signed for this address: `request_invalid`",
                "test_public_key_of_another_certified",
            ),
            (
                "more roles than were asked for",
                "granted are some of those in the request: `request_invalid`",
                "test_more_than_was_asked_for",
            ),
            (
                "request of another network",
                "the request names the network: `request_invalid`",
                "test_request_of_another_network",
            ),
            (
                "request that was kept, to bring an older key back",
                "none is answered that is older than the newest answered: `request_invalid`",
                "test_older_request",
            ),
            (
                "request dated ahead, to shut out every later one",
                "at most two minutes: `clock_ahead`",
                "test_request_from_the_future",
            ),
            (
                "addresses without end, which everybody must compute for ever",
                "1,024 beneath a member and 64 credentials in a day, or what the root permits: `too_many_credentials`",
                "test_addresses_without_end",
            ),
            (
                "another member's key certified as one's own",
                "a key belongs to one address for ever: `key_reused`",
                "test_key_of_another_member",
            ),
            (
                "key of hub or root, or of the next root, certified as a member's",
                "the network's keys are nobody else's: `key_reused`",
                "test_key_of_the_network",
            ),
            (
                "name with a second line, or with marks that turn or hide it",
                "one line, judged by code points: `malformed_statement`",
                "test_name_that_hides_or_turns",
            ),
            (
                "revocation of somebody else's key",
                "only from above, by the root, or by the key itself: `not_permitted`",
                "test_revoking_somebody_else",
            ),
            (
                "credential in the root's name",
                "only the root's key speaks for it: `unknown_key`",
                "test_member_as_root",
            ),
            (
                "event submitted, even with the hub's stolen event key",
                "events are made inside the hub: `not_permitted`",
                "test_member_makes_an_event",
            ),
            (
                "root-signed epoch submitted while the hub serves",
                "only its operator begins one, offline: `not_permitted`",
                "test_new_epoch_while_the_hub_serves",
            ),
        ),
    ),
    (
        "Network, tokens, reading",
        "tokens",
        (
            (
                "statement for another network of the same name",
                "`aud` has the root's thumbprint: `wrong_network`",
                "test_statement_of_a_network_of_the_same_name",
            ),
            ("token for another network of the same name", "the same", "test_token_of_a_network_of_the_same_name"),
            ("replayed token", "used once, kept in SQL: `token_replayed`", "test_replayed_token"),
            (
                "foreign token, relayed by another hub",
                "names scheme, host and port as dialled: `token_invalid`",
                "test_token_for_another_hub",
            ),
            (
                "stale token, or one from the future",
                "a minute, by the hub's clock: `token_expired`",
                "test_stale_token",
            ),
            ("token that says it lives longer", "at most a minute: `token_invalid`", "test_token_for_a_year"),
            (
                "token for reading or storing used for a line, and the reverse",
                "`use` is signed: `token_invalid`",
                "test_token_for_reading",
                "test_reading_with_a_token_for_lines",
                "test_token_for_storing",
            ),
            ("another member's mailbox", "opened by its member: `token_invalid`", "test_mailbox_of_another"),
            (
                "token in another member's name",
                "the key must be one of `iss`: `unknown_key`",
                "test_token_in_the_name_of_another",
            ),
            ("dispatch used as token", "`typ` is signed: `token_invalid`", "test_statement_as_token"),
            (
                "token of a revoked, expired or suspended key, or one without a role",
                "judged now, as any signer",
                "test_token_of_a_revoked_key",
                "test_token_of_an_expired_key",
                "test_token_of_a_suspended_member",
                "test_token_without_a_role",
            ),
            (
                "line of a stolen key, kept open after its revocation or the member's suspension",
                "closed with the commit that ends the key: 4413, 4414",
                "test_line_of_a_key_that_is_revoked",
                "test_line_of_a_member_that_is_suspended",
            ),
            (
                "text of a dispatch between others, asked for by its digest",
                "only sender, recipients and auditors: `not_found`",
                "test_reading_the_mail_of_others",
            ),
        ),
    ),
    (
        "Replay, submission, receipts, references",
        "replay",
        (
            (
                "statement replayed",
                "recognised before any other check: same place, delivered once",
                "test_replayed_statement",
            ),
            (
                "copied `jti` with other bytes",
                "`jti_reused`, also within one commit",
                "test_copied_jti",
                "test_copied_jti_in_one_commit",
            ),
            (
                "statement verified under an old directory",
                "judged again at its place: `credential_revoked`, `stale_key`",
                "test_verified_under_an_old_directory",
                "test_sealed_before_a_rotation",
            ),
            (
                "officer of another member submits, or somebody submits for that officer",
                "a session brings its own member's statements: `not_your_statement`",
                "test_officer_of_another_member",
            ),
            (
                "receipt given again",
                "one for each member, digest and outcome: `receipt_repeated`",
                "test_repeated_receipt",
            ),
            ("receipt of a stranger", "`not_a_recipient`", "test_receipt_of_a_stranger"),
            ("acknowledgement by a machine", "officers acknowledge: `not_permitted`", "test_acknowledged_by_a_machine"),
            (
                "stranger refers to a dispatch, or a recipient cancels it",
                "`reference_not_permitted`",
                "test_reference_of_a_stranger",
                "test_cancelling_what_another_sent",
            ),
            (
                "answer that does not reach the asker, or is by somebody who owes none",
                "the hub goes on waiting for whom it was asked: `overdue`",
                "test_answer_that_is_none",
            ),
            (
                "thousands of deadlines at one moment, so that nobody else's is told",
                "members are served in turn, so many in a commit",
                "test_flood_of_deadlines",
            ),
            ("statement dated ahead", "at most two minutes: `clock_ahead`", "test_clock_ahead"),
            ("claim that must be understood and is not", "`unsupported_critical`", "test_critical_claim"),
            (
                "`view` with lines of others, for every member to keep",
                "the ledger key's line only: `malformed_statement`",
                "test_view_with_more_than_the_hubs_line",
            ),
        ),
    ),
    (
        "Recipients and entries",
        "recipients",
        (
            ("no recipient", "empty means nobody: `no_recipients`", "test_no_recipient"),
            ("recipient named twice", "`duplicate_recipient`", "test_duplicate_recipient"),
            ("1,001 recipients", "`too_many_recipients`", "test_too_many_recipients"),
            ("recipient that is not in the directory", "`unknown_recipient`", "test_unknown_recipient"),
            ("officer as recipient", "`malformed_statement`", "test_officer_as_recipient"),
            (
                "answer asked of somebody who does not get the question, or of more than 64",
                "`malformed_statement`",
                "test_answer_asked_of_a_stranger",
                "test_answer_asked_of_too_many",
            ),
            (
                "entries exchanged after signing",
                "their Merkle root is signed: `entries_mismatch`",
                "test_entries_changed_after_signing",
            ),
            ("entry missing", "one for each address: `entries_mismatch`", "test_entry_missing"),
            (
                "entry double, beside the others or in place of one",
                "the same; each under its own member's key: `stale_key`",
                "test_entry_double",
                "test_entry_twice_in_place_of_another",
            ),
            (
                "entries swapped between recipients by the sender",
                "each under its own member's key: `stale_key`",
                "test_entries_swapped",
            ),
            (
                "entry of another recipient handed out by the hub",
                "its place is signed: refused at step 7, at once",
                "test_hub_hands_out_anothers_entry",
            ),
            (
                "entry that names another alg than its key's",
                "`alg` is signed and is the key's: `malformed_sealed`; one of a later kind is handed on",
                "test_entry_that_names_another_alg",
                "test_entry_of_a_later_alg",
            ),
            (
                "entry under an old key",
                "for seven days after a rotation, then `stale_key`; a revoked key at once",
                "test_entry_under_an_old_key",
                "test_entry_under_a_revoked_key",
            ),
            (
                "mail for a member whose last key was revoked, fetched with a later key",
                "withdrawn for good; more is refused: `unknown_recipient`",
                "test_mail_after_the_last_key",
            ),
        ),
    ),
    (
        "Backups of a hub",
        "backup",
        (
            (
                "a copy that was cut while it was made, put in the place of the hub",
                "it gets its name when all of it is on the disk, and settings come last: no backup, `not_found`",
                "test_backup_that_was_cut",
            ),
        ),
    ),
)
