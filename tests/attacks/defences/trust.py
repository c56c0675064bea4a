"""Signatures, credentials, tokens (PROTOCOL 3, 4, 5, 9)."""

from __future__ import annotations

from typing import Final

from tests.attacks.defences.off import never, off
from tests.support.switching import Edit, Switch

DIRECTORY: Final = "schemas/directory/directory.py"
CHANGES: Final = "schemas/directory/changes.py"
INTAKE: Final = "clients/mail/intake.py"
MARKS: Final = "schemas/directory/marks.py"
EPOCHS: Final = "schemas/directory/epochs.py"
CERTIFYING: Final = "schemas/rules/certifying.py"
STATEMENTS: Final = "schemas/statements.py"
LATER: Final = (
    "if isinstance(claims, Credential) and isinstance(directory.credentials(claims.sub)[-1].key, UnknownKey):"
)
READ: Final = "claims = read_claims(text, StatementType.ENROLMENT)"
GATE: Final = "broker/service/gate.py"
HUB: Final = "broker/service/hub.py"

SIGNATURES: Final = (
    off(
        "the signature is checked",
        Edit("schemas/keys.py", "            self._key.verify(signature, data)\n", "            len(signature)\n"),
        "signatures::test_forged_signature",
        "signatures::test_swapped_signature",
        "signatures::test_altered_cover",
        "signatures::test_kid_of_another_member",
        "signatures::test_signature_that_libraries_judge_differently",
        "lying_items::test_status_rewritten",
    ),
    off(
        "one algorithm, named by the profile",
        never(STATEMENTS, "if header.alg not in SIGNING_ALGS:"),
        "signatures::test_wrong_alg",
    ),
    off(
        "a key of unknown kind lends nothing",
        (
            Edit(
                CHANGES,
                "if isinstance(key, VerifyKey) else directory.keys,",
                "if isinstance(key, VerifyKey)"
                " else {**directory.keys, key.kid: replace(directory.epoch.event_key, kid=key.kid)},",
            ),
            Edit(CHANGES, "{key.kid: claims.sub} if isinstance(key, VerifyKey) else {}", "{key.kid: claims.sub}"),
        ),
        "lying_items::test_dispatch_of_a_later_key",
    ),
    off(
        "nobody is certified whose request cannot be checked",
        never(
            "broker/core/admission/public.py", "if isinstance(claims, Credential) and _is_unchecked(claims, directory):"
        ),
        "signatures::test_key_of_unknown_kind_lends_nothing",
    ),
    off(
        "a key is no secret",
        never("schemas/keykinds.py", "if any(name in jwk for name in SECRET_MEMBERS):"),
        "signatures::test_secret_key_is_no_key",
    ),
    off(
        "the header has three members and no more",
        (
            Edit(STATEMENTS, '"typ":"([a-z0-9+-]{1,40})"', '"typ":"([a-z0-9+-]{1,40})".*'),
            Edit(STATEMENTS, " or len(header) > 200:", ":"),
        ),
        "signatures::test_more_in_the_header",
    ),
    off(
        "the key belongs to the issuer",
        never(DIRECTORY, "if certified.address != statement.claims.iss:"),
        "signatures::test_own_key_in_the_name_of_another",
        "tokens::test_token_in_the_name_of_another",
    ),
    off(
        "base64url has no spare bits",
        never("schemas/encoding.py", "if text and text[-1] not in _LAST[len(text) % 4]:"),
        "signatures::test_another_spelling_of_a_signature",
    ),
    off(
        "a point of small order is no key",
        (
            never("schemas/keys.py", "if y in _SMALL_ORDER:"),
            never("schemas/keys.py", "if pow(square, (_ED25519_PRIME - 1) // 2, _ED25519_PRIME) != 1:"),
        ),
        "signatures::test_key_for_which_anybody_can_sign",
    ),
    off(
        "a key has one spelling",
        (
            Edit("schemas/keys.py", "if len(raw) != 32 or y >= _ED25519_PRIME:", "if len(raw) != 32:"),
            never("schemas/keys.py", "if pow(square, (_ED25519_PRIME - 1) // 2, _ED25519_PRIME) != 1:"),
        ),
        "signatures::test_another_spelling_of_a_key",
    ),
    off(
        "a key is a point of the curve",
        never("schemas/keys.py", "if pow(square, (_ED25519_PRIME - 1) // 2, _ED25519_PRIME) != 1:"),
        "signatures::test_key_that_is_no_point",
    ),
    off(
        "only types of the ledger enter it",
        Edit(
            "broker/core/admission/decision.py",
            "raise SeraiError(Code.UNSUPPORTED_TYPE, claims.type.typ)",
            'return Admission("normal")',
        ),
        "signatures::test_token_is_no_statement",
    ),
)

CREDENTIALS: Final = (
    off(
        "a path has at most three credentials",
        never(CHANGES, "if not is_officer(claims.sub) and issuer.issuer != ROOT:"),
        "credentials::test_chain_too_long",
    ),
    off(
        "a unit is of its issuer's country",
        Edit(
            CERTIFYING,
            "same_country = domain_of(Address(iss)) == domain_of(sub) and is_country(domain_of(sub))",
            "same_country = True",
        ),
        "credentials::test_out_of_country",
    ),
    off(
        "an officer is beneath its issuer",
        Edit(CERTIFYING, "fits = iss == member_of(sub)", "fits = True"),
        "credentials::test_officer_of_another_member",
    ),
    off(
        "a credential is in date",
        never(DIRECTORY, "if not certified.in_date(place.time_s):"),
        "credentials::test_expired",
        "tokens::test_token_of_an_expired_key",
    ),
    off(
        "a credential ends before its issuer's",
        never(CHANGES, "if claims.exp > issuer.statement.claims.exp:"),
        "credentials::test_outliving_the_issuer",
    ),
    off(
        "a revoked key is good for nothing",
        never(DIRECTORY, "if certified.revoked(place.index):"),
        "credentials::test_revoked",
        "tokens::test_token_of_a_revoked_key",
        "tokens::test_line_of_a_key_that_is_revoked",
        "replay::test_verified_under_an_old_directory",
        "lying_items::test_dispatch_of_a_revoked_key",
    ),
    off(
        "a chain stands up to the root",
        Edit(DIRECTORY, "            self._check_standing(above, place)", "            above.in_date(0)"),
        "credentials::test_revoked_above",
    ),
    off(
        "a revoked key is never certified again",
        Edit(CHANGES, "if any(c.key.kid == key.kid", "if False and any(c.key.kid == key.kid"),
        "credentials::test_revoked_key_certified_again",
    ),
    off(
        "a replaced key is good for seven days more",
        never(DIRECTORY, "if certified.outdated(place):"),
        "credentials::test_replaced_key",
    ),
    off(
        "roles only grow narrower",
        (
            never(CERTIFYING, "if (roles & MEMBER_ROLES) - held:"),
            never(CERTIFYING, 'if is_officer(sub) and "certify" in roles:'),
        ),
        "credentials::test_roles_widened",
    ),
    off(
        "who certifies has the role",
        never(CHANGES, 'if "certify" not in issuer.roles:'),
        "credentials::test_certifying_without_the_role",
    ),
    off(
        "the key itself asked to be certified",
        Edit("schemas/enrolment.py", "claims = verify_statement(parse_statement(text), key).claims", READ),
        "credentials::test_public_key_of_another_certified",
    ),
    off(
        "a credential answers its own address",
        never("schemas/enrolment.py", "if request.address != sub:"),
        "credentials::test_public_key_of_another_certified",
    ),
    off(
        "no more is granted than was asked for",
        never("schemas/enrolment.py", "if not set(roles) <= set(request.claims.roles):"),
        "credentials::test_more_than_was_asked_for",
    ),
    off(
        "a request is for this network",
        never("schemas/enrolment.py", "if network != request.claims.aud:"),
        "credentials::test_request_of_another_network",
    ),
    off(
        "no older request is answered",
        never(CHANGES, "if any(request.claims.iat < current.request.claims.iat for current in newest):"),
        "credentials::test_older_request",
    ),
    off(
        "a request is not dated ahead",
        never(CHANGES, "if request.claims.iat > place.time_s + limits.CLOCK_AHEAD_S:"),
        "credentials::test_request_from_the_future",
    ),
    off(
        "a member certifies so many and no more",
        never("schemas/directory/bounds.py", "if count >= (bounds.day if bounds else limits.CREDENTIALS_A_DAY):"),
        "credentials::test_addresses_without_end",
        "lying_items::test_addresses_beyond_what_is_permitted",
    ),
    off(
        "a key belongs to one address",
        never(CHANGES, "if directory.owners.get(key.kid, sub) != sub:"),
        "credentials::test_key_of_another_member",
    ),
    off(
        "the network's keys are nobody else's",
        never(CHANGES, "if any(key.kid in epoch.kids.values() for epoch in directory.epochs):"),
        "credentials::test_key_of_the_network",
    ),
    off(
        "a member's key is never one of the network's",
        never(EPOCHS, "if kid in directory.owners:"),
        "lying_ledger::test_key_of_a_member_as_the_event_key",
    ),
    off(
        "of two epochs the one by the next root holds",
        Edit(EPOCHS, "== by_next_root != known[number].statement.kid", "!= by_next_root"),
        "lying_ledger::test_epoch_of_a_stolen_root",
    ),
    off(
        "of two epochs by one key the first holds",
        Edit(EPOCHS, "== by_next_root != known[number].statement.kid", "!= known[0].statement.text"),
        "lying_ledger::test_epoch_of_a_stolen_root",
        "lying_ledger::test_second_epoch_of_a_root",
    ),
    off(
        "a suite is known or nothing of the network counts",
        never("schemas/claims/fields.py", "if word != SUITE:"),
        "lying_ledger::test_epoch_of_another_suite",
    ),
    off(
        "a name is one line that is seen",
        never("schemas/claims/keys.py", "if not _LINE.fullmatch(text):"),
        "credentials::test_name_that_hides_or_turns",
    ),
    off(
        "who revokes stands above",
        never(CHANGES, "if claims.iss not in {link.address for link in directory.chain(target)[:-1]}:"),
        "credentials::test_revoking_somebody_else",
    ),
    off(
        "what the root says is signed by the root",
        never(CHANGES, "if kid != directory.epoch.root.kid:"),
        "credentials::test_member_as_root",
        "lying_items::test_credential_made_up",
    ),
    off(
        "events are the hub's",
        never("broker/core/admission/decision.py", "if isinstance(claims, Event):"),
        "credentials::test_member_makes_an_event",
    ),
    off(
        "an epoch begins while the hub is stopped",
        never("broker/core/admission/public.py", "if isinstance(claims, Epoch) and not view.new_epoch:"),
        "credentials::test_new_epoch_while_the_hub_serves",
    ),
)

TOKENS: Final = (
    off(
        "a statement is for this network, root and all",
        never(DIRECTORY, "if verified.claims.aud != self.network:"),
        "tokens::test_statement_of_a_network_of_the_same_name",
        "tokens::test_token_of_a_network_of_the_same_name",
    ),
    off(
        "a token is used once",
        never(HUB, "if not await self.sequencer.use_token(holder.kid, holder.jti, keep_s, place.time_s):"),
        "tokens::test_replayed_token",
    ),
    off(
        "a token is for this hub",
        Edit(GATE, "if claims.use != use or claims.hub not in origins:", "if claims.use != use:"),
        "tokens::test_token_for_another_hub",
    ),
    off(
        "a token is for one use",
        Edit(GATE, "if claims.use != use or claims.hub not in origins:", "if claims.hub not in origins:"),
        "tokens::test_token_for_reading",
        "tokens::test_reading_with_a_token_for_lines",
        "tokens::test_token_for_storing",
    ),
    off(
        "a token is in time",
        never(GATE, "if not claims.iat - limits.CLOCK_AHEAD_S <= place.time_s < claims.exp:"),
        "tokens::test_stale_token",
    ),
    off(
        "a token lives a minute",
        never(GATE, "if claims.exp - claims.iat > limits.TOKEN_LIFE_S:"),
        "tokens::test_token_for_a_year",
    ),
    off(
        "a mailbox is opened by its member",
        never(GATE, "if claims.mailbox is not None and claims.mailbox != member:"),
        "tokens::test_mailbox_of_another",
    ),
    off(
        "a token says that it is one",
        never(GATE, "if statement.type is not StatementType.SESSION:"),
        "tokens::test_statement_as_token",
    ),
    off(
        "a line takes a role",
        Edit(GATE, "    check_line_signer(certified.roles, use)\n", ""),
        "tokens::test_token_without_a_role",
    ),
    off(
        "suspension holds for every key of a member",
        never(DIRECTORY, "if self.is_suspended(certified.address, place):"),
        "tokens::test_token_of_a_suspended_member",
    ),
    off(
        "a line ends with the suspension",
        Edit(HUB, "session.end(SeraiError(Code.SUSPENDED))", "session.wake()"),
        "tokens::test_line_of_a_member_that_is_suspended",
    ),
    off(
        "a line ends with its key",
        Edit(HUB, "            self.directory.holder(session.holder.kid, place)\n", "            session.wake()\n"),
        "tokens::test_line_of_a_key_that_is_revoked",
    ),
    off(
        "a text is for those it was sent to",
        Edit(
            "broker/adapters/db/store.py",
            "return item if public or mine or auditor else None",
            "return item",
        ),
        "tokens::test_reading_the_mail_of_others",
    ),
)

_ANYTHING_SAID: Final = "last < later.place.index < place.index or later.revoked(place.index)"

UNREAD: Final = (
    off(
        "what cannot be read may be a revocation",
        Edit(DIRECTORY, "all(self._is_free(link, place) for", "all(link.place for"),
        "unread::test_revocation_in_later_words",
        "unread::test_cancellation_by_an_unjudged_key",
        "unread::test_receipt_by_an_unjudged_key",
    ),
    off(
        "a mark lies on a key until that key is certified again",
        Edit(
            DIRECTORY, "last < later.place.index < place.index and later.key.kid == certified.key.kid", _ANYTHING_SAID
        ),
        "unread::test_revocation_of_an_older_key_frees_none",
        "unread::test_certified_by_a_key_that_may_have_been_revoked",
    ),
    off(
        "who marks an address may speak of it",
        never(MARKS, 'if "certify" not in holder.roles or not (above or _could_certify(directory, holder, sub)):'),
        "unread::test_mark_by_somebody_beside",
        "unread::test_later_key_of_somebody_who_may",
    ),
    off(
        "what cannot be read is signed",
        (
            Edit(MARKS, "        verify_signature(text, key)\n", "        pass\n"),
            Edit(STATEMENTS, "        verify_signature(statement.text, key)\n", ""),
        ),
        "unread::test_mark_with_a_forged_signature",
    ),
    off(
        "what cannot be read has the alg of its key",
        (
            Edit(MARKS, "    _check_alg(header.alg, key)\n", ""),
            Edit(
                MARKS,
                "if isinstance(key, VerifyKey):\n",
                "if header.alg in SIGNING_ALGS and isinstance(key, VerifyKey):\n",
            ),
        ),
        "unread::test_mark_under_an_alg_that_is_not_the_keys",
    ),
    off(
        "an unjudged key silences nothing",
        (
            Edit(INTAKE, "if is_judged:", "if True:"),
            Edit(INTAKE, "_TO_US and self._is_judged(placed, failed.statement):", "_TO_US:"),
        ),
        "unread::test_cancellation_by_an_unjudged_key",
        "unread::test_answer_by_an_unjudged_key",
    ),
    off(
        "an unjudged key settles nothing",
        Edit(INTAKE, "if unjudged is None:", "if True:"),
        "unread::test_receipt_by_an_unjudged_key",
    ),
    off(
        "an unknown reason revokes",
        Edit("schemas/claims/public.py", "    reason: Word\n", '    reason: Literal["lost", "other"]\n'),
        "unread::test_revocation_for_a_later_reason",
    ),
    off(
        "other words give no right",
        (
            never(CHANGES, 'if "certify" not in issuer.roles:'),
            never("schemas/rules/signers.py", "if not roles & needed:"),
        ),
        "credentials::test_words_give_no_right",
    ),
)

SWITCHES: Final[tuple[Switch, ...]] = (*SIGNATURES, *CREDENTIALS, *TOKENS, *UNREAD)
