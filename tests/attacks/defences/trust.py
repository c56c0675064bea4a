"""Signatures, credentials, tokens (PROTOCOL 3, 4, 5, 9)."""

from __future__ import annotations

from typing import Final

from tests.attacks.defences.off import never, off
from tests.support.switching import Edit, Switch

DIRECTORY: Final = "schemas/directory.py"
STATEMENTS: Final = "schemas/statements.py"
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
        "lying_items::test_status_rewritten",
    ),
    off(
        "one algorithm, named by the profile",
        Edit(STATEMENTS, '{"alg":"Ed25519","kid":"([', '{"alg":"[A-Za-z0-9]+","kid":"(['),
        "signatures::test_wrong_alg",
    ),
    off(
        "the header has three members and no more",
        (
            Edit(STATEMENTS, '"typ":"([a-z+-]{1,40})"', '"typ":"([a-z+-]{1,40})".*'),
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
        Edit("schemas/keys.py", "if y >= _ED25519_PRIME or y in _SMALL_ORDER:", "if y >= _ED25519_PRIME:"),
        "signatures::test_key_for_which_anybody_can_sign",
    ),
    off(
        "only types of the ledger enter it",
        Edit(
            "broker/core/admission.py",
            "raise SeraiError(Code.UNSUPPORTED_TYPE, claims.type.typ)",
            'plan = _Plan("normal")',
        ),
        "signatures::test_token_is_no_statement",
    ),
)

CREDENTIALS: Final = (
    off(
        "a path has at most three credentials",
        Edit(DIRECTORY, "fits = same and issuer.issuer == ROOT and not", "fits = same and not"),
        "credentials::test_chain_too_long",
    ),
    off(
        "a unit is of its issuer's country",
        Edit(
            DIRECTORY,
            "same = domain_of(claims.sub) == domain_of(issuer.address) and is_country(domain_of(claims.sub))",
            "same = True",
        ),
        "credentials::test_out_of_country",
    ),
    off(
        "an officer is beneath its issuer",
        Edit(DIRECTORY, "fits = issuer.address == member_of(claims.sub)", "fits = True"),
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
        never(DIRECTORY, "if claims.exp > issuer.statement.claims.exp:"),
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
        Edit(DIRECTORY, "if any(c.key.kid == key.kid", "if False and any(c.key.kid == key.kid"),
        "credentials::test_revoked_key_certified_again",
    ),
    off(
        "a replaced key is good for seven days more",
        never(DIRECTORY, "if certified.outdated(place):"),
        "credentials::test_replaced_key",
    ),
    off(
        "roles only grow narrower",
        never(DIRECTORY, "if (roles & MEMBER_ROLES) - held:"),
        "credentials::test_roles_widened",
    ),
    off(
        "who certifies has the role",
        never(DIRECTORY, 'if "certify" not in issuer.roles:'),
        "credentials::test_certifying_without_the_role",
    ),
    off(
        "a key belongs to one address",
        Edit(DIRECTORY, "if self._owners.get(kid, claims.sub) != claims.sub or kid in", "if kid in"),
        "credentials::test_key_of_another_member",
    ),
    off(
        "the network's keys are nobody else's",
        Edit(DIRECTORY, " != claims.sub or kid in self._network_keys():", " != claims.sub:"),
        "credentials::test_key_of_the_hub",
    ),
    off(
        "who revokes stands above",
        never(DIRECTORY, "if claims.iss not in {link.address for link in self.chain(target)[:-1]}:"),
        "credentials::test_revoking_somebody_else",
    ),
    off(
        "what the root says is signed by the root",
        never(DIRECTORY, "if kid != self.epoch.root.kid:"),
        "credentials::test_member_as_root",
        "lying_items::test_credential_made_up",
    ),
    off(
        "events are the hub's",
        never("broker/core/admission.py", "if isinstance(claims, Event):"),
        "credentials::test_member_makes_an_event",
    ),
    off(
        "an epoch begins while the hub is stopped",
        never("broker/core/admission.py", "if isinstance(claims, Epoch) and not self._new_epoch:"),
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
        never(GATE, "if not certified.roles & NEEDED:"),
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

SWITCHES: Final[tuple[Switch, ...]] = (*SIGNATURES, *CREDENTIALS, *TOKENS)
