"""Attacks on the desk of an officer: from other pages, and from other users and programs of the machine."""

from __future__ import annotations

from typing import Final

from tests.attacks.rows.hub import Line

SUBJECTS: Final[tuple[tuple[str, str, tuple[Line, ...]], ...]] = (
    (
        "The desk: what other pages and people ask of it",
        "desk",
        (
            (
                "another name that leads to this machine (DNS rebinding), also for the socket",
                "the first thing that is looked at is `Host`: exactly the desk's own, else 421",
                "test_another_name_that_leads_here",
            ),
            (
                "a page of another address, or of another port of the same name, that posts or opens the socket",
                "`Origin` exactly the desk's own for all that is not only asked, and for every upgrade",
                "test_page_of_another_address",
            ),
            (
                "a page elsewhere that reads by the cookie",
                "what the browser says was asked by another site is refused; there is no cookie without a token",
                "test_page_that_reads_from_elsewhere",
            ),
            ("a form of another page", "only JSON changes anything", "test_form_of_another_page"),
            (
                "a program at another port of the name, which gets the cookie",
                "a request needs the page's token too, which only the page's own storage has",
                "test_cookie_without_a_token",
            ),
            (
                "a token that was read off a screen, or out of a page",
                "it counts with the cookie of its own browser alone, which no script can read",
                "test_token_without_a_cookie",
            ),
            (
                "a cookie set from another port beside ours",
                "where there are two, none counts",
                "test_cookie_beside_a_cookie",
            ),
            (
                "the desk in a frame, or its answers in another page",
                "every answer has the policy: no frame, own site, no guess of types, nothing kept",
                "test_answers_that_a_frame_may_not_show",
            ),
            ("a one-time code used again", "a code opens one window", "test_code_that_was_used"),
            (
                "codes guessed",
                "60 bits; after three wrong ones each has to wait, up to a minute",
                "test_codes_guessed",
            ),
            (
                "a window that was opened, and nobody at the screen",
                "a code opens only the unlock page: every route is refused that is not listed as part of it",
                "test_window_that_nobody_has_unlocked",
                "test_window_after_the_lock",
            ),
            (
                "a screen that an officer has left, awake or asleep, or whose clock is put back",
                "ten minutes after the last key press, by the wall clock, it is locked; asking is no key press",
                "test_screen_that_was_left",
                "test_asking_keeps_no_screen_open",
            ),
            (
                "the key of an officer who was here before",
                "one officer is at the desk at a time; who comes locks the others' keys",
                "test_officer_who_signs_as_another",
            ),
            (
                "the passphrase of the store, typed as an officer's, to put another out",
                "an officer's own opens his key alone; a wrong one changes nothing for anybody",
                "test_officer_with_the_passphrase_of_another",
            ),
            (
                "an officer's passphrase guessed, several at a time",
                "one try at a time, slower after three, counted in the store, an alarm at five",
                "test_passphrases_guessed",
                "test_passphrases_guessed_at_the_same_time",
            ),
            (
                "a path out of the folder of the pages",
                "only what lies in that folder is served",
                "test_files_beside_the_pages",
            ),
            (
                "a body without end, or whose length is not named",
                "no more is read than a request may have",
                "test_body_without_end",
            ),
            ("a link that does something", "nothing changes by asking", "test_asking_that_changes_something"),
            (
                "a passphrase that comes back in a fault, or stands in a log",
                "a fault names where it is, and never what was sent",
                "test_what_was_typed_in_an_answer",
            ),
        ),
    ),
    (
        "The desk: other users and programs of the machine",
        "desk_machine",
        (
            (
                "another user of the machine connects to the port",
                "the kernel says whose a connection is; another's is closed unread",
                "test_connection_of_another_user",
                "test_whose_a_connection_is",
                "test_what_the_kernel_says",
            ),
            (
                "a program has the port at `::1`, which a browser asks first",
                "the desk listens at both addresses, or does not start",
                "test_stranger_at_one_of_the_addresses",
            ),
            (
                "a socket handed over that is open to the network",
                "one that is not of this machine alone, at both addresses, is refused",
                "test_socket_that_others_can_reach",
            ),
            (
                "a connection that says nothing, little, or too much",
                "head and body have a time and a size",
                "test_peer_that_says_little",
                "test_body_that_does_not_come",
                "test_head_without_end",
            ),
            (
                "a socket whose page is not known",
                "nothing is said before the first frame has the token",
                "test_socket_that_says_the_wrong_token",
            ),
            (
                "reading the code where programs are listed",
                "it is handed over by a file of mode 0600, gone when it was used; never an argument",
                "test_code_in_what_others_can_read",
            ),
            (
                "a file that leads to a desk of somebody else's",
                "it counts only while its desk has it locked",
                "test_mark_of_a_desk_that_has_ended",
            ),
            (
                "a store of a newer program under an older desk",
                "it is not opened, and the fault says which versions",
                "test_store_of_a_newer_program",
            ),
        ),
    ),
)
