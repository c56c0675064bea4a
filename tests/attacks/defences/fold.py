"""The fold of operations: what participants cannot make of them (PROTOCOL 16)."""

from __future__ import annotations

from typing import Final

from tests.attacks.defences.off import never, off
from tests.support.switching import Edit, Switch

ACCOUNT: Final = "schemas/operations/account.py"
AUTHORITY: Final = "schemas/operations/authority.py"
CLOCKS: Final = "schemas/operations/clocks.py"
CONTROL: Final = "schemas/operations/control.py"
CROSSINGS: Final = "schemas/operations/crossings.py"
CUSTODY: Final = "schemas/operations/custody.py"
DECISIONS: Final = "schemas/operations/decisions.py"
FACTS: Final = "schemas/operations/facts.py"
MISSING: Final = "schemas/operations/missing.py"
OFFERS: Final = "schemas/operations/offers.py"
STOPS: Final = "schemas/operations/stops.py"
THREAD: Final = "schemas/operations/thread.py"

_REPEATS: Final = "(decision.leg_digest, decision.common) == (leg.digest, common)"
_END: Final = "if is_gone or (revoked_ms is not None and turn_ms > revoked_ms):"

SWITCHES: Final[tuple[Switch, ...]] = (
    off(
        "a decision repeats the common part",
        Edit(DECISIONS, _REPEATS, "decision.leg_digest == leg.digest"),
        "fold::test_goods_changed_under_an_unchanged_leg",
    ),
    off(
        "a decision repeats the leg",
        Edit(DECISIONS, _REPEATS, "(decision.leg, decision.common) == (leg.leg, common)"),
        "fold::test_leg_changed_under_its_name",
    ),
    off(
        "a decision is of the leg's own member",
        Edit(DECISIONS, "for each in self.by_member.get(leg.member, ()) if _counts", "for each in self.all if _counts"),
        "fold::test_decision_for_anothers_leg",
    ),
    off(
        "a decision counts from its acceptance",
        (
            Edit(
                DECISIONS,
                "valid_from_ms=max(step.effective_ms, starts if starts is not None else step.effective_ms),",
                "valid_from_ms=starts or step.effective_ms,",
            ),
            Edit(
                DECISIONS,
                "        effective_ms=step.effective_ms,",
                "        effective_ms=starts or step.effective_ms,",
            ),
        ),
        "fold::test_grant_dated_back",
    ),
    off(
        "an oral grant cannot be extended",
        never(DECISIONS, "if end is not None and key in running:"),
        "fold::test_oral_grant_that_is_never_written",
    ),
    off(
        "the lead's word permits nothing",
        Edit(AUTHORITY, "AuthorityState.ENDING})", "AuthorityState.ENDING, AuthorityState.LEADS_WORD})"),
        "fold::test_consent_by_the_leads_word",
    ),
    off(
        "a plan is confirmed by a second person",
        Edit(THREAD, "return is_another and Role", "return Role"),
        "fold::test_plan_that_one_person_confirms",
    ),
    off(
        "a grant needs the post, in the fold too",
        Edit(THREAD, "return because if lacks_post or (", "return because if ("),
        "fold::test_grant_without_the_post",
    ),
    off(
        "who was never named has no effect",
        Edit(
            THREAD,
            "if step.member not in thread.named and thread.is_whole else None\n    if step.do in FACTS",
            "if False else None\n    if step.do in FACTS",
        ),
        "fold::test_stranger_who_acts",
    ),
    off(
        "content is of its cover, in the fold too",
        never(THREAD, 'if said is not None and step.content.members.get("do") != said:'),
        "fold::test_content_of_another_step_in_the_fold",
    ),
    off(
        "a text that was sent again is compared",
        Edit(THREAD, "elif step.content.members != reseal.content.members:", "elif False:"),
        "fold::test_another_text_to_some",
    ),
    off(
        "a cancel is of the own member",
        Edit(THREAD, " and target.member == step.member:", ":"),
        "fold::test_stop_of_a_lead_that_is_dead",
    ),
    off(
        "a lead ends no stop of who can cancel it",
        Edit(STOPS, _END, "if True:"),
        "fold::test_stop_that_the_lead_plans_away",
        "fold::test_stop_ended_before_its_country_was_revoked",
    ),
    off(
        "a stop stands whatever it says",
        Edit(STOPS, 'return step.do == "stop" and step.void is None', "return isinstance(step.form, StopForm)"),
        "fold::test_stop_whose_text_cannot_be_read",
    ),
    off(
        "a stop counts from its acceptance",
        Edit(STOPS, "        since_ms=step.effective_ms,", "        since_ms=step.held.cover.iat * 1_000,"),
        "fold::test_stop_that_comes_late",
    ),
    off(
        "what had ended before the entry is amber",
        never(CROSSINGS, "elif since is None or not since.stands or later_stop is not None:"),
        "fold::test_crossing_dated_back",
    ),
    off(
        "a fact gives way to the own one",
        Edit(FACTS, "better = None if fact.is_own else own.nearest(fact)", "better = None"),
        "fold::test_word_of_another_against_ones_own",
    ),
    off(
        "a handover needs both signatures",
        Edit(
            OFFERS,
            "return fact.is_own and offer is not None and offer.is_own",
            "return True",
        ),
        "fold::test_handover_of_one_side",
        "fold::test_sample_that_one_side_took_over",
    ),
    off(
        "who has not got an exhibit hands it to nobody",
        Edit(CUSTODY, "()\n        if node.holder != form.other:", "()\n        if False:"),
        "fold::test_sample_from_who_has_it_not",
    ),
    off(
        "goods that stay are not the dummy",
        Edit(CUSTODY, "if node.stays and node.holder != fact.member:", "if False:"),
        "fold::test_goods_that_a_dummy_stands_for",
    ),
    off(
        "seals are those of the offer",
        Edit(OFFERS, "seals != set(form.seals)", "False"),
        "fold::test_seal_that_was_changed",
    ),
    off(
        "no more is found than was lost",
        Edit(CUSTODY, "back = min(value, node.lost.get(measure, zero))", "back = value"),
        "fold::test_goods_that_grow_when_they_are_found",
    ),
    off(
        "who does not hold hands nothing over",
        Edit(CONTROL, "        if rivals:\n", "        if False:\n"),
        "fold::test_handover_by_who_does_not_hold",
    ),
    off(
        "exhibits balance",
        Edit(
            CUSTODY,
            "        steps = (fact.step.digest, *others)\n",
            "        return\n        steps = (fact.step.digest, *others)\n",
        ),
        "fold::test_goods_that_shrink_on_the_way",
    ),
    off(
        "what others name is missed",
        Edit(MISSING, "for digest in _named(step):", "for digest in ():"),
        "fold::test_fact_that_was_sent_to_some",
    ),
    off(
        "a leaf alone is missed",
        Edit(MISSING, "for leaf in held.leaves if leaf.digest not in thread.steps}", "for leaf in ()}"),
        "fold::test_step_that_is_a_leaf_alone",
    ),
    off(
        "a note answers nothing, in the fold too",
        Edit(CLOCKS, "return any(is_answer(answer.do, rel, asked.do, own=own) for rel in rels)", "return bool(rels)"),
        "fold::test_note_that_poses_as_an_answer",
    ),
    off(
        "an account is computed again",
        Edit(ACCOUNT, "tuple(_differences(claimed, computed)),", "(),"),
        "fold::test_forged_account",
    ),
    off(
        "what an account leaves out is named",
        Edit(ACCOUNT, "_cite(step for step in uncited if step.number <= last),", "(),"),
        "fold::test_account_that_leaves_out_a_step",
    ),
    off(
        "what an account cites and nobody has is named",
        Edit(ACCOUNT, "[each for each in cited if each not in steps]", "[]"),
        "fold::test_account_that_leaves_out_a_step",
    ),
    off(
        "steps before which an account ends are named",
        Edit(ACCOUNT, "_cite(step for step in uncited if step.number > last),", "(),"),
        "fold::test_account_that_ends_before_a_step",
    ),
    off(
        "what an account will not have read is named",
        Edit(ACCOUNT, "_cite(steps[step.digest] for step in unread),", "(),"),
        "fold::test_account_that_will_not_have_read_a_step",
    ),
)
