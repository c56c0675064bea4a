"""What an ordinary client checks of what a hub shows (PROTOCOL 7, 8, 9, 10)."""

from __future__ import annotations

from typing import Final

from tests.attacks.defences.off import never, off
from tests.support.switching import Edit, Switch

FOLLOW: Final = "clients/follow.py"
INTAKE: Final = "clients/intake.py"
AUDIT: Final = "clients/audit.py"
SESSION: Final = "clients/session.py"
CHAIN: Final = '    _verify_chain(placed, directory, statement, "exchange")\n'
CHAIN_OF_RECEIPT: Final = "    _verify_chain(placed, directory, statement, None)\n"

ITEMS: Final = (
    off(
        "an item has its place in the tree",
        Edit(
            FOLLOW,
            "    verify_inclusion(leaf.hash, index, head.size, decode_proof(proof), head.root)\n",
            "    len(proof)\n",
        ),
        "lying_items::test_off_ledger_delivery",
        "lying_items::test_accepted_without_a_place",
        "lying_ledger::test_revocation_hidden_as_another_type",
    ),
    off(
        "a text is its leaf's",
        never(FOLLOW, "if unverified.digest != placed.leaf.digest or unverified.type is not placed.leaf.type:"),
        "lying_items::test_text_rewritten",
    ),
    off(
        "the signer of a dispatch was good at its place",
        Edit(FOLLOW, f"Dispatch)\n{CHAIN}", "Dispatch)\n"),
        "lying_items::test_dispatch_signed_by_the_hub[event]",
        "lying_items::test_dispatch_of_a_revoked_key",
        "lying_items::test_dispatch_without_the_role",
    ),
    off(
        "the ledger key signs nothing but checkpoints",
        (
            Edit(FOLLOW, f"Dispatch)\n{CHAIN}", "Dispatch)\n"),
            Edit("schemas/directory.py", "new.event_key.kid: new.event_key}", "new.ledger_key.kid: new.ledger_key}"),
        ),
        "lying_items::test_dispatch_signed_by_the_hub[ledger]",
    ),
    off(
        "who exchanges has the role",
        never(FOLLOW, "if role is not None and role not in signer.roles:"),
        "lying_items::test_dispatch_without_the_role",
    ),
    off(
        "what is delivered is for this network",
        Edit(
            FOLLOW,
            'a status that it admits."""\n    if statement.claims.aud != directory.network:',
            'a status."""\n    if False:',
        ),
        "lying_items::test_dispatch_of_another_network",
    ),
    off(
        "a desk in a network of exercises believes nothing actual",
        never(FOLLOW, 'if exercise and getattr(statement.claims, "status", "test") == "actual":'),
        "exercise::test_actual_shown_by_the_hub_of_an_exercise",
    ),
    off(
        "the signer of a receipt was good at its place",
        Edit(FOLLOW, f"Receipt)\n{CHAIN_OF_RECEIPT}", "Receipt)\n"),
        "lying_items::test_receipt_made_up",
    ),
    off(
        "an officer acknowledges",
        never(FOLLOW, "if is_officer(statement.claims.iss) != by_officer:"),
        "lying_items::test_acknowledged_by_a_machine",
    ),
    off(
        "an event is signed with the event key",
        never(FOLLOW, "if statement.kid != key.kid or statement.claims.iss != HUB:"),
        "lying_items::test_event_made_up_by_a_member",
    ),
    off(
        "a client knows its own keys",
        never(INTAKE, "if kids - self._state.keys.own_kids:"),
        "lying_items::test_second_key_for_the_own_address",
    ),
    off(
        "a missing text is an alarm",
        never(INTAKE, "if error.code is Code.GONE:"),
        "lying_items::test_said_to_be_gone",
    ),
    off(
        "an item is known by its digest",
        (
            Edit(INTAKE, "if known is None or _is_to_be_judged(known):", "if True:"),
            Edit(INTAKE, "again=known is not None and known.inbox", "again=False"),
        ),
        "lying_items::test_delivered_twice",
    ),
)

LEDGER: Final = (
    off(
        "a sender waits for its receipts",
        Edit("clients/effects.py", "        self._state.store.outcomes.await_members(digest, cover.to, due_ms)\n", ""),
        "lying_ledger::test_withheld_dispatch",
        "lying_ledger::test_withheld_receipt",
        "lying_line::test_withheld_while_mail_never_stops",
    ),
    off(
        "mail that never stops does not put the check off",
        Edit(SESSION, "(_BUSY_CHECK_S if busy else _SILENCE_CHECK_S)", "(1e9 if busy else _SILENCE_CHECK_S)"),
        "lying_line::test_withheld_while_mail_never_stops",
    ),
    off(
        "lines that do not last do not put the check off",
        Edit(SESSION, "self._checked_s = self._began_s - state.unchecked_s", "self._checked_s = self._began_s"),
        "lying_line::test_withheld_while_lines_never_last",
    ),
    off(
        "a line on which nothing is delivered is looked at too",
        Edit(SESSION, "settled = self.live or now - self._began_s >= _SILENCE_CHECK_S", "settled = self.live"),
        "lying_line::test_withheld_by_a_hub_that_never_delivers",
    ),
    off(
        "the hub's time goes on with one's own",
        never("clients/state.py", "if behind_s > limits.CLOCK_AHEAD_S + elapsed_s / 1000:"),
        "lying_line::test_withheld_by_turning_the_clock_back",
    ),
    off(
        "what is never answered is an alarm",
        Edit(SESSION, "            self._sender.check_unanswered()\n", ""),
        "lying_line::test_submission_that_is_swallowed",
    ),
    off(
        "an audit demands every public text",
        Edit(AUDIT, "    await _demand(state, auditor, reader, take, sleep)\n", ""),
        "lying_ledger::test_hidden_revocation",
        "lying_ledger::test_superseded_key",
        "lying_ledger::test_superseded_key_served_again",
        "lying_line::test_audit_of_a_hub_that_hides",
    ),
    off(
        "an audit needs nobody to ask for it",
        never("clients/link.py", "if self.is_live and self._is_audit_due(self._audit_every_s):"),
        "lying_line::test_hidden_with_nobody_looking",
    ),
    off(
        "a public statement counts once",
        never(
            INTAKE,
            "if known is not None and has_place and (known.statement is not None or placed.item.statement is None):",
        ),
        "lying_ledger::test_superseded_key_served_again",
    ),
    off(
        "a leaf says by its type that it is public",
        never(
            "schemas/leaf.py",
            "if leaf.type is not StatementType.EVENT and leaf.public != (leaf.type in _ALWAYS_PUBLIC):",
        ),
        "lying_ledger::test_revocation_hidden_by_its_leaf",
    ),
    off(
        "leaves that are none are an alarm",
        never(AUDIT, "if error.code is Code.BAD_PROOF:"),
        "lying_ledger::test_revocation_hidden_by_its_leaf",
    ),
    off(
        "a checkpoint is signed with the epoch's ledger key",
        (
            Edit("schemas/checkpoint.py", "if (line.name, line.key_id) == wanted:", "if line.name == origin:"),
            Edit("schemas/checkpoint.py", "        key.verify(signature, body)\n", "        len(body)\n"),
        ),
        "lying_ledger::test_superseded_ledger_key",
        "lying_ledger::test_fork_blamed_on_the_hub",
    ),
    off(
        "a public statement comes before what has a higher index",
        Edit(
            INTAKE,
            "if placed.index < max(self._state.public_end, self._state.cursors.urgent, self._state.cursors.normal):",
            "if placed.index < self._state.public_end:",
        ),
        "lying_ledger::test_revocation_after_what_it_forbids",
    ),
    off(
        "a public statement that comes late is an alarm",
        never(
            INTAKE,
            "if placed.index < max(self._state.public_end, self._state.cursors.urgent, self._state.cursors.normal):",
        ),
        "lying_ledger::test_revocation_after_what_it_forbids",
        "lying_ledger::test_public_out_of_order",
    ),
    off(
        "a ledger only grows",
        Edit(
            FOLLOW,
            "verify_consistency(head.size, head.root, new.size, new.root, decode_proof(consistency))",
            "decode_proof(consistency)",
        ),
        "lying_ledger::test_history_rewritten",
        "lying_ledger::test_history_shortened",
        "lying_ledger::test_own_statement_taken_out",
        "lying_line::test_line_of_a_hub_that_rewrites",
    ),
    off(
        "the leaves give the signed root",
        Edit(AUDIT, "    _check_roots(state, auditor, head)\n", ""),
        "lying_ledger::test_leaves_unlike_the_checkpoint",
    ),
    off(
        "time does not run backwards",
        never(AUDIT, "if leaf.accepted_at < self.last_ms:"),
        "lying_ledger::test_backdated",
    ),
    off(
        "an audit compares what others have seen",
        Edit(AUDIT, "    views = await _compare_views(state, auditor, reader, head)\n", "    views = 0\n"),
        "lying_ledger::test_fork",
        "lying_ledger::test_fork_blamed_on_the_hub",
    ),
    off(
        "an epoch is signed by the pinned root or its heir",
        (
            Edit(
                "schemas/directory.py",
                "if statement.kid != self._next_root() or statement.type",
                "if statement.type",
            ),
            never(
                "schemas/directory.py",
                "if statement.kid not in ({self._next_root()} | {epoch.root.kid for epoch in self.epochs[-1:]}):",
            ),
        ),
        "lying_ledger::test_another_history_of_epochs",
    ),
    off(
        "a client speaks to a hub of its network",
        never(SESSION, "if welcome.network != self._state.keys.network:"),
        "lying_line::test_welcome_of_another_hub[lie0-wrong_network]",
    ),
    off(
        "a client goes back to no epoch",
        (
            never(SESSION, "if number < known:"),
            never(SESSION, "if len(self._state.epochs) - 1 != number:"),
        ),
        "lying_line::test_welcome_of_another_hub[lie1-wrong_epoch]",
    ),
    off(
        "an answer is not unpacked",
        never("clients/ledger.py", 'if "Content-Encoding" in answer.headers:'),
        "reading::test_answer_that_unpacks_to_a_thousandfold",
    ),
    off(
        "an answer is bounded while it comes",
        never("clients/ledger.py", "if len(body) > most_bytes:"),
        "reading::test_answer_without_end",
    ),
)

SWITCHES: Final[tuple[Switch, ...]] = (*ITEMS, *LEDGER)
