"""What an ordinary client checks of what a hub shows (PROTOCOL 7, 8, 9, 10)."""

from __future__ import annotations

from typing import Final

from tests.attacks.defences.off import never, off
from tests.support.switching import Edit, Switch

HEADS: Final = "clients/trust/heads.py"
STEPS: Final = "clients/trust/verification.py"
STATEMENTS: Final = "schemas/statements.py"
INTAKE: Final = "clients/mail/intake.py"
PUBLIC_LANE: Final = "clients/mail/public_lane.py"
ERASING: Final = "clients/mail/erasing.py"
AUDIT: Final = "clients/line/audit.py"
SESSION: Final = "clients/line/session.py"
CHAIN: Final = (
    "    signer = _verify_chain(placed, directory, statement)\n"
    "    with _step(3):\n        check_dispatch_signer(signer.roles)\n"
)
CHAIN_OF_RECEIPT: Final = "        _verify_chain(placed, directory, statement)\n"

ITEMS: Final = (
    off(
        "an item has its place in the tree",
        Edit(
            HEADS,
            "    verify_inclusion(leaf.hash, index, head.size, decode_proof(proof), head.root)\n",
            "    len(proof)\n",
        ),
        "lying_items::test_off_ledger_delivery",
        "lying_items::test_accepted_without_a_place",
    ),
    off(
        "a text is its leaf's",
        Edit(STATEMENTS, 'if sha256(text.encode("ascii")) != leaf.digest or kind', "if kind"),
        "lying_items::test_text_rewritten",
        "newer::test_text_that_is_not_its_leafs",
    ),
    off(
        "type code and typ stand in one table",
        (
            Edit(STATEMENTS, " != leaf.digest or kind is not leaf.type:", " != leaf.digest:"),
            Edit(
                STATEMENTS,
                "    if kind is None:\n        raise SeraiError(Code.UNSUPPORTED_TYPE, f",
                "    if kind is None or leaf.type is None:\n        raise SeraiError(Code.UNSUPPORTED_TYPE, f",
            ),
        ),
        "newer::test_revocation_hidden_as_something_newer",
        "newer::test_something_newer_under_a_known_type",
        "newer::test_dispatch_hidden_as_something_newer",
    ),
    off(
        "a type that is not known is kept and no fault",
        Edit(
            PUBLIC_LANE,
            "        if placed.leaf.type is None:\n            self._keep_newer_public",
            "        if False:\n            self._keep_newer_public",
        ),
        "newer::test_later_types_and_an_alert_among_them",
    ),
    off(
        "what is newer is judged by nobody",
        Edit(
            "schemas/leaf.py",
            "return BY_CODE.get(self.code)",
            "return BY_CODE.get(self.code, StatementType.CREDENTIAL if self.public else StatementType.RECEIPT)",
        ),
        "newer::test_what_is_newer_lends_nothing[7]",
        "newer::test_what_is_newer_lends_nothing[255]",
    ),
    off(
        "what was accepted stands in the ledger as what it is",
        never(HEADS, "if leaf.type is not unverified.type or leaf.public != is_public_type(unverified.type):"),
        "newer::test_accepted_as_something_newer",
        "lying_ledger::test_revocation_hidden_as_another_type",
    ),
    off(
        "the signer of a dispatch was good at its place",
        Edit(STEPS, f"Dispatch)\n{CHAIN}", "Dispatch)\n"),
        "lying_items::test_dispatch_signed_by_the_hub[event]",
        "lying_items::test_dispatch_of_a_revoked_key",
        "lying_items::test_dispatch_without_the_role",
    ),
    off(
        "the ledger key signs nothing but checkpoints",
        (
            Edit(STEPS, f"Dispatch)\n{CHAIN}", "Dispatch)\n"),
            Edit(
                "schemas/directory/epochs.py",
                "new.event_key.kid: new.event_key}",
                "new.ledger_key.kid: new.ledger_key}",
            ),
        ),
        "lying_items::test_dispatch_signed_by_the_hub[ledger]",
    ),
    off(
        "who exchanges has the role",
        Edit(STEPS, "        check_dispatch_signer(signer.roles)\n", "        signer.roles\n"),
        "lying_items::test_dispatch_without_the_role",
    ),
    off(
        "what is delivered is for this network",
        never(STEPS, "if statement.claims.aud != directory.network:"),
        "lying_items::test_dispatch_of_another_network",
    ),
    off(
        "a desk in a network of exercises believes nothing actual",
        Edit(
            STEPS,
            "        check_status(statement.claims.status, epoch_at(directory.epochs, placed.index).document.status)\n",
            "        epoch_at(directory.epochs, placed.index)\n",
        ),
        "exercise::test_actual_shown_by_the_hub_of_an_exercise",
    ),
    off(
        "the signer of a receipt was good at its place",
        Edit(STEPS, f"Receipt)\n{CHAIN_OF_RECEIPT}", "Receipt)\n"),
        "lying_items::test_receipt_made_up",
    ),
    off(
        "an officer acknowledges",
        Edit(
            STEPS,
            "            check_receipt_signer(statement.claims.iss, statement.claims.outcome)\n",
            "            len(statement.text)\n",
        ),
        "lying_items::test_acknowledged_by_a_machine",
    ),
    off(
        "an event is signed with the event key",
        Edit(
            STEPS,
            "            check_event_signer(statement.kid, epoch_at(directory.epochs, placed.index).event_key.kid)\n",
            "            epoch_at(directory.epochs, placed.index)\n",
        ),
        "lying_items::test_event_made_up_by_a_member",
    ),
    off(
        "a client knows its own keys",
        never(PUBLIC_LANE, "if read_request(claims.request).kids - self._state.keys.own_kids:"),
        "lying_items::test_second_key_for_the_own_address",
        "officers::test_officer_made_elsewhere_with_a_stolen_key",
    ),
    off(
        "a missing text is an alarm",
        never(INTAKE, "if failed.code is Code.GONE:"),
        "lying_items::test_said_to_be_gone",
        "erased::test_gone_without_a_word",
        "erased::test_event_that_names_something_else",
        "erased::test_event_without_a_place",
    ),
    off(
        "an event that excuses a gap names it",
        never(ERASING, 'if claims.event != "erased" or not is_named or event.index <= placed.index:'),
        "erased::test_event_that_names_something_else",
    ),
    off(
        "an event that excuses a gap has its place in the tree",
        Edit(
            HEADS,
            "    verify_inclusion(leaf.hash, index, head.size, decode_proof(proof), head.root)\n",
            "    len(proof)\n",
        ),
        "erased::test_event_without_a_place",
    ),
    off(
        "an erased text that never came rings",
        Edit(
            ERASING,
            "        else:\n            self._miss(stored, erasure.placed)\n",
            "        else:\n            self._state.store.items.put(stored)\n",
        ),
        "erased::test_erased_before_anybody_had_it",
    ),
    off(
        "an erased text counts as urgent whatever its lane",
        Edit(ERASING, "lane_of_missing(event, self._state.system.clock.time_ms())", "event.lane"),
        "erased::test_erased_before_anybody_had_it",
    ),
    off(
        "an event about what never came rings",
        never(ERASING, "if is_missed:"),
        "erased::test_erased_and_never_delivered",
    ),
    off(
        "what came stays",
        (
            never(INTAKE, "if known is not None and known.statement is not None:"),
            never(INTAKE, "elif known is not None and known.index is not None:"),
        ),
        "erased::test_erased_and_delivered_all_the_same",
    ),
    off(
        "retention is the network's word",
        Edit(ERASING, "days is not None and event.leaf.accepted_at - leaf.accepted_at >= days * _DAY_MS", "True"),
        "erased::test_retention_that_nobody_permits",
    ),
    off(
        "what the network keeps no longer is told quietly",
        Edit(ERASING, 'reason == "retention" or leaf.type not in', "leaf.type not in"),
        "erased::test_new_seat_after_years",
    ),
    off(
        "an item is known by its digest",
        (
            Edit(INTAKE, "elif known is None or _is_to_be_judged(known):", "else:"),
            Edit(INTAKE, "again = known is not None and known.inbox", "again = False"),
        ),
        "lying_items::test_delivered_twice",
    ),
)

LEDGER: Final = (
    off(
        "a sender waits for its receipts",
        Edit(
            "clients/mail/effects.py",
            "        self._state.store.outcomes.await_members(digest, cover.to, due_ms)\n",
            "",
        ),
        "lying_ledger::test_withheld_dispatch",
        "lying_ledger::test_withheld_receipt",
        "lying_line::test_withheld_while_mail_never_stops",
    ),
    off(
        "a client asks for features that it knows",
        Edit("schemas/frames.py", "sorted(FEATURES.intersection(offered))", "sorted(FEATURES.union(offered))"),
        "lying_line::test_features_that_take_checks_away",
    ),
    off(
        "an outcome that is not known has no effect",
        Edit(
            "clients/mail/effects.py",
            "claims.outcome if claims.outcome in get_args(Outcome) else LATER + claims.outcome",
            "claims.outcome",
        ),
        "lying_ledger::test_later_word_of_a_receipt",
    ),
    off(
        "an event that is not known has no effect",
        Edit("clients/mail/effects.py", "Answer(HUB, LATER + claims.event,", 'Answer(Address("UZ/NFP"), claims.event,'),
        "lying_ledger::test_later_word_of_the_hub",
    ),
    off(
        "a sender waits for the answers it asked for",
        Edit("clients/mail/effects.py", "        self._await_answers(digest, cover, since_ms)\n", ""),
        "lying_ledger::test_withheld_answer",
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
        never("clients/mail/state.py", "if behind_s > limits.CLOCK_AHEAD_S + elapsed_s / 1000:"),
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
        never("clients/line/link.py", "if self.is_live and self._is_audit_due(self._audit_every_s):"),
        "lying_line::test_hidden_with_nobody_looking",
    ),
    off(
        "a public statement counts once",
        never(
            PUBLIC_LANE,
            "if known is not None and has_place and (known.statement is not None or placed.item.statement is None):",
        ),
        "lying_ledger::test_superseded_key_served_again",
    ),
    off(
        "a leaf says by its type that it is public",
        never(
            "schemas/leaf.py",
            "if leaf.type not in (None, StatementType.EVENT) and leaf.public != (leaf.type in _ALWAYS_PUBLIC):",
        ),
        "newer::test_revocation_hidden_by_a_later_leaf",
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
            Edit("schemas/checkpoint.py", "if (line.name, line.key_id) == wanted]", "if line.name == wanted[0]]"),
            Edit("schemas/checkpoint.py", "        key.verify(signature, body)\n", "        len(body)\n"),
        ),
        "lying_ledger::test_superseded_ledger_key",
        "lying_ledger::test_fork_blamed_on_the_hub",
    ),
    off(
        "every line of the ledger key holds",
        Edit(
            "schemas/checkpoint.py",
            "    for line in lines:\n        _verify_signature",
            "    for line in lines[:1]:\n        _verify_signature",
        ),
        "newer::test_checkpoint_with_a_line_that_does_not_hold",
    ),
    off(
        "what others added to a checkpoint goes into no statement",
        (
            Edit("clients/mail/state.py", "return view_of(note, epoch.ledger_key)", "return note or epoch.origin"),
            Edit(
                "schemas/claims/fields.py",
                "StringConstraints(max_length=MAX_VIEW_BYTES), AfterValidator(_view)]",
                "AfterValidator(_note)]",
            ),
        ),
        "newer::test_checkpoint_of_a_later_version",
    ),
    off(
        "a view has the ledger key's line only",
        never("schemas/checkpoint.py", "if [line.name for line in note.signatures] != [note.checkpoint.origin]:"),
        "replay::test_view_with_more_than_the_hubs_line",
    ),
    off(
        "a public statement comes before what has a higher index",
        Edit(
            PUBLIC_LANE,
            "if placed.index < max(self._state.public_end, self._state.cursors.urgent, self._state.cursors.normal):",
            "if placed.index < self._state.public_end:",
        ),
        "lying_ledger::test_revocation_after_what_it_forbids",
    ),
    off(
        "a public statement that comes late is an alarm",
        never(
            PUBLIC_LANE,
            "if placed.index < max(self._state.public_end, self._state.cursors.urgent, self._state.cursors.normal):",
        ),
        "lying_ledger::test_revocation_after_what_it_forbids",
        "lying_ledger::test_public_out_of_order",
    ),
    off(
        "a ledger only grows",
        Edit(
            HEADS,
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
                "schemas/directory/directory.py",
                "if statement.kid != self.next_root or statement.type",
                "if statement.type",
            ),
            never(
                "schemas/directory/epochs.py",
                "if statement.kid not in ({directory.next_root} | "
                "{epoch.root.kid for epoch in directory.epochs[-1:]}):",
            ),
        ),
        "lying_ledger::test_another_history_of_epochs",
    ),
    off(
        "what answers is as real as what it answers",
        Edit("clients/mail/effects.py", "if asked is None or not _is_as_real(cover, rel, asked):", "if asked is None:"),
        "exercise::test_answer_of_an_exercise_to_the_real_thing",
        "lists::test_answer_of_an_exercise_that_comes_first",
    ),
    off(
        "a client speaks to a hub of its network",
        never(SESSION, "if welcome.network != self._state.keys.network:"),
        "lying_line::test_welcome_of_another_hub[lie0-wrong_network]",
    ),
    off(
        "a client goes back to no epoch",
        (
            never("clients/mail/state.py", "elif len(epochs) < len(self.epochs):"),
            never(SESSION, "if len(self._state.epochs) - 1 != number:"),
        ),
        "lying_line::test_welcome_of_another_hub[lie1-wrong_epoch]",
    ),
    off(
        "an answer is not unpacked",
        never("clients/line/http.py", 'if "Content-Encoding" in answer.headers:'),
        "reading::test_answer_that_unpacks_to_a_thousandfold",
    ),
    off(
        "an answer is bounded while it comes",
        never("clients/line/http.py", "if len(body) > most_bytes:"),
        "reading::test_answer_without_end",
    ),
)

DESKS: Final = (
    off(
        "lists begin with what is urgent, flash first",
        Edit("clients/actions/listing.py", "        return self.rank, self.due_ms", "        return 0, self.due_ms"),
        "lists::test_flood_over_a_flash",
    ),
    off(
        "the oldest alert is never cut off",
        never("clients/actions/listing.py", "if oldest is not None and limit > 1 and oldest not in shown:"),
        "lists::test_flood_over_a_flash",
    ),
    off(
        "what came under a stolen key is looked at again",
        never(
            "clients/mail/doubts.py",
            "if glance.inbox and glance.statement is not None and _kid_of(glance.statement) in kids:",
        ),
        "lists::test_alert_under_a_key_that_was_stolen",
    ),
    off(
        "who declined has not done it",
        never("clients/mail/undone.py", "elif outcome in _BAD:"),
        "lists::test_decline_behind_an_acknowledgement",
    ),
)

SWITCHES: Final[tuple[Switch, ...]] = (*ITEMS, *LEDGER, *DESKS)
