"""Attacks at a member's own machine."""

from __future__ import annotations

from typing import Final

from tests.attacks.rows.hub import Line

SUBJECTS: Final[tuple[tuple[str, str, tuple[Line, ...]], ...]] = (
    (
        "Officers' keys, on the member's own machine",
        "officers",
        (
            (
                "opens the store, and answers or sends in an officer's name",
                "each officer's key is locked under a passphrase of its own: `officer_locked`, nothing is kept",
                "test_store_without_its_officers",
                "test_passphrase_of_the_store_for_an_officers",
            ),
            (
                "has an officer's key locked under the passphrase that everybody knows",
                "that of the store is refused: `same_passphrase`",
                "test_passphrase_that_everybody_knows",
            ),
            (
                "guesses an officer's passphrase",
                "Argon2id, three tries a command, one after another; counted, shown to the officer, alarm `guesses`",
                "test_guesses_without_end",
                "test_guesses_after_an_alarm_was_closed",
            ),
            (
                "exchanges the envelopes of two officers, or puts a key of its own into one",
                "an envelope is bound to network, address and key: `damaged`",
                "test_envelope_of_another",
                "test_envelope_with_a_key_of_ones_own",
            ),
            (
                "comes to a screen whose officer has left",
                "a lock forgets the key: `officer_locked`; a live screen locks by itself, ten minutes, asleep too",
                "test_key_that_was_put_away",
                "test_screen_whose_officer_has_left",
            ),
            (
                "puts a draft in an officer's name into the outbox, while the key is open at a screen or in a command",
                "an open key signs by itself only what its officer has said in that process: the rest waits, and calls",
                "test_draft_beside_an_open_key",
                "test_draft_beside_a_connected_command",
            ),
            (
                "cancels or changes an alert between the officer's look and the signature",
                "what changed is shown again, and nothing is signed",
                "test_change_between_look_and_signature",
            ),
            (
                "makes another officer with the member's key",
                "nothing prevents it: an alarm at every seat, `certified` where it was done, else `unknown_own_key`",
                "test_officer_made_with_the_members_key",
                "test_officer_made_elsewhere_with_a_stolen_key",
            ),
        ),
    ),
)
