"""Attacks on what an operation is computed to be, by its own participants."""

from __future__ import annotations

from typing import Final

from tests.attacks.rows.hub import Line

SUBJECTS: Final[tuple[tuple[str, str, tuple[Line, ...]], ...]] = (
    (
        "Operations: the lead against the others",
        "fold",
        (
            (
                "goods or quantity changed under unchanged legs",
                "a decision repeats the digest of the common part: it counts no more",
                "test_goods_changed_under_an_unchanged_leg",
            ),
            (
                "leg changed under its old name",
                "a decision repeats the digest of the leg, not its name",
                "test_leg_changed_under_its_name",
            ),
            (
                "plan that one person writes and confirms",
                "two persons: judged again by every client",
                "test_plan_that_one_person_confirms",
            ),
            (
                "stop of another, ended by a new plan",
                "only of who was revoked, or has left and holds nothing",
                "test_stop_that_the_lead_plans_away",
            ),
            (
                "the same, with a plan from before the revocation",
                "only a plan that is confirmed after it",
                "test_stop_ended_before_its_country_was_revoked",
            ),
            ("consents that the lead reports", "shown as its word, permit nothing", "test_consent_by_the_leads_word"),
            (
                "another text of a plan to some, as sent again",
                "red at who has both; the first one counts",
                "test_another_text_to_some",
            ),
        ),
    ),
    (
        "Operations: who decides",
        "fold",
        (
            ("decision for another's leg", "counts for nothing, red", "test_decision_for_anothers_leg"),
            (
                "grant without the post, past the hub",
                "judged again: without effect, red",
                "test_grant_without_the_post",
            ),
            ("grant dated back over a crossing", "counts from its acceptance", "test_grant_dated_back"),
            (
                "oral grant renewed by oral grants",
                "ends when the first one lapses",
                "test_oral_grant_that_is_never_written",
            ),
            ("act or stop by who was never named", "without effect, red", "test_stranger_who_acts"),
        ),
    ),
    (
        "Operations: who reports, and who holds the goods",
        "fold",
        (
            (
                "crossing dated before a withdrawal",
                "amber: authority had ended when it was entered",
                "test_crossing_dated_back",
            ),
            ("another's facts reported for him", "give way to his own", "test_word_of_another_against_ones_own"),
            ("handover that one side made up", "amber until the other has signed", "test_handover_of_one_side"),
            (
                "handover by who does not hold",
                "a rival: red, and nothing goes on",
                "test_handover_by_who_does_not_hold",
            ),
            (
                "sample that one side says to have taken over",
                "amber, and the other side owes its signature",
                "test_sample_that_one_side_took_over",
            ),
            (
                "sample handed over by who has it not",
                "red, and it stays where the books have it",
                "test_sample_from_who_has_it_not",
            ),
            (
                "goods that are seized, by their number, where a dummy has arrived",
                "goods for which a dummy travels stay with who has them; another's fact about them is red",
                "test_goods_that_a_dummy_stands_for",
            ),
            ("seal that is another one when the goods arrive", "red, to be explained", "test_seal_that_was_changed"),
            (
                "goods that grow when they are found again",
                "no more comes back than was lost; the rest is red",
                "test_goods_that_grow_when_they_are_found",
            ),
            ("goods that shrink on the way", "the difference is printed, red", "test_goods_that_shrink_on_the_way"),
        ),
    ),
    (
        "Operations: what is hidden",
        "fold",
        (
            (
                "fact sent to some only",
                "who was sent it names it: missing, with what it could change",
                "test_fact_that_was_sent_to_some",
            ),
            ("step of which there is a leaf alone", "the same", "test_step_that_is_a_leaf_alone"),
            ("stop that nobody can open", "the cover alone stops", "test_stop_whose_text_cannot_be_read"),
            (
                "content of another step, past a reader",
                "compared with the cover again: counts for nothing, red",
                "test_content_of_another_step_in_the_fold",
            ),
            ("stop that comes late", "stops from when it came", "test_stop_that_comes_late"),
            (
                "lead whose keys are gone",
                "its stop stands; others cannot cancel it",
                "test_stop_of_a_lead_that_is_dead",
            ),
            ("note that poses as an answer", "no clock takes it for one", "test_note_that_poses_as_an_answer"),
        ),
    ),
    (
        "Operations: a forged account",
        "fold",
        (
            (
                "account that says what the steps do not",
                "it cites every step: it is folded again, and what differs is named",
                "test_forged_account",
            ),
            (
                "account that leaves out a withdrawal, or cites what nobody has",
                "what is here and not cited, and what is cited and not here, is named",
                "test_account_that_leaves_out_a_step",
            ),
            (
                "account that ends before a withdrawal or a loss",
                "what is here with a higher number is named, and the account is not whole",
                "test_account_that_ends_before_a_step",
            ),
            (
                "account that says a step was not read, so that what it says does not count",
                "what can be read here is named, and the account does not hold",
                "test_account_that_will_not_have_read_a_step",
            ),
        ),
    ),
)
