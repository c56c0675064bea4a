"""What keeps a desk for its officer."""

from __future__ import annotations

from typing import Final

from tests.attacks.defences.off import never, off
from tests.support.switching import Edit, Switch

HOST: Final = "clients/desk/host.py"
SESSIONS: Final = "clients/desk/sessions.py"
DESK: Final = "clients/desk/desk.py"
LISTENING: Final = "clients/desk/listening.py"
CONNECTIONS: Final = "clients/desk/connections.py"
PAUSE: Final = never(SESSIONS, "if left_s > 0:")

SWITCHES: Final[tuple[Switch, ...]] = (
    off(
        "a desk answers to its own name alone",
        never(HOST, 'if headers.getlist("host") != [self._desk.host]:'),
        "desk::test_another_name_that_leads_here",
    ),
    off(
        "only the desk's own pages change something or open the socket",
        never(HOST, 'if (is_live or scope["method"] not in _SAFE) and not asks_own:'),
        "desk::test_page_of_another_address",
    ),
    off(
        "what another site asks of a desk is refused",
        never(HOST, 'if is_api and headers.get("sec-fetch-site", "none") not in _OWN_SITE:'),
        "desk::test_page_that_reads_from_elsewhere",
    ),
    off(
        "only JSON changes something at a desk",
        never(HOST, 'if kind != "application/json":'),
        "desk::test_form_of_another_page",
    ),
    off(
        "a page of a desk has a token",
        Edit(SESSIONS, "hmac.compare_digest(found, each) for each", "True or each for each"),
        "desk::test_cookie_without_a_token",
        "desk_machine::test_socket_that_says_the_wrong_token",
    ),
    off(
        "a token counts with its own cookie",
        Edit(
            SESSIONS,
            "session = self._by_cookie.get(_hash(cookie))\n        found",
            "session = next(iter(self), None)\n        found",
        ),
        "desk::test_token_without_a_cookie",
    ),
    off(
        "of two cookies none counts",
        Edit(HOST, 'return values[0] if len(values) == 1 else ""', 'return values[-1] if values else ""'),
        "desk::test_cookie_beside_a_cookie",
    ),
    off(
        "every answer of a desk has its policy",
        Edit(HOST, "for name, value in HEADERS.items():", "for name, value in {}.items():"),
        "desk::test_answers_that_a_frame_may_not_show",
    ),
    off(
        "a code opens one window",
        Edit(
            SESSIONS,
            "        self.code = self._make_code()\n        session",
            "        session",
        ),
        "desk::test_code_that_was_used",
    ),
    off(
        "wrong tries at a desk make the next one wait",
        PAUSE,
        "desk::test_codes_guessed",
        "desk::test_passphrases_guessed",
    ),
    off(
        "one passphrase is tried at a time at a desk",
        never(SESSIONS, "if self._is_busy:"),
        "desk::test_passphrases_guessed_at_the_same_time",
    ),
    off(
        "a locked screen shows nothing",
        never(HOST, "if not session.is_unlocked and path not in _WHILE_LOCKED:"),
        "desk::test_window_that_nobody_has_unlocked",
        "desk::test_window_after_the_lock",
    ),
    off(
        "a desk whose officer has left locks by itself",
        Edit(
            SESSIONS,
            "return self.is_unlocked and not 0 <= now_ms - self.touched_ms < LOCK_MS",
            "return False",
        ),
        "desk::test_screen_that_was_left",
        "desk::test_asking_keeps_no_screen_open",
    ),
    off(
        "an officer who comes to a desk locks the keys of others",
        Edit(DESK, "                other.lock()\n", "                other.touch()\n"),
        "desk::test_officer_who_signs_as_another",
    ),
    off(
        "a wrong passphrase puts nobody out",
        Edit(
            DESK,
            "                signing.unlock(passphrase)\n            except",
            "                signing.touch()\n            except",
        ),
        "desk::test_officer_with_the_passphrase_of_another",
    ),
    off(
        "a desk serves files of its pages alone",
        Edit("clients/desk/app.py", 'directory=FOLDER / "static"', "directory=FOLDER"),
        "desk::test_files_beside_the_pages",
    ),
    off(
        "a body at a desk is bounded by what it says",
        never(HOST, 'if int(headers.get("content-length", "0")) > BODY_BYTES and not takes_file(scope):'),
        "desk::test_body_without_end",
    ),
    off(
        "a body at a desk is bounded as it comes",
        never(HOST, "if left < 0:"),
        "desk::test_body_without_end",
    ),
    off(
        "nothing changes at a desk by asking",
        Edit(
            "clients/desk/api/session.py",
            '@router.post("/lock")',
            '@router.api_route("/lock", methods=["GET", "POST"])',
        ),
        "desk::test_asking_that_changes_something",
    ),
    off(
        "a fault of a desk does not repeat what was sent",
        Edit(
            "clients/desk/errors.py",
            "return answer_error(ClientError(LocalCode.REQUEST_UNFIT, where=where))",
            "return answer_error(ClientError(LocalCode.REQUEST_UNFIT, where=str(error.errors()) + where))",
        ),
        "desk::test_what_was_typed_in_an_answer",
    ),
    off(
        "a connection of another user is closed unread",
        never(CONNECTIONS, "if not peer or not self._is_own(peer, own):"),
        "desk_machine::test_connection_of_another_user",
    ),
    off(
        "a connection is its user's",
        Edit(LISTENING, "return user_of(read_tables(), peer, own) == os.geteuid()", "return True"),
        "desk_machine::test_whose_a_connection_is",
    ),
    off(
        "the user of a connection is read from its own line",
        (
            Edit(LISTENING, "return int(fields[7])", "return int(fields[9])"),
            Edit(LISTENING, "    return None\n\n\ndef _end", "    return 0\n\n\ndef _end"),
        ),
        "desk_machine::test_what_the_kernel_says",
    ),
    off(
        "a desk has both addresses of its port",
        Edit(LISTENING, "if family == socket.AF_INET6 and error.errno in _NO_SUCH_FAMILY:", "if error.errno:"),
        "desk_machine::test_stranger_at_one_of_the_addresses",
    ),
    off(
        "a socket that is handed over is of this machine alone",
        Edit(LISTENING, "        _check_inherited(found)\n", "        len(found)\n"),
        "desk_machine::test_socket_that_others_can_reach",
    ),
    off(
        "a request to a desk comes in time",
        Edit(
            CONNECTIONS,
            "self._deadline = self.loop.call_later(seconds, self.transport.abort)",
            "self._deadline = self.loop.call_later(3600, self.transport.abort)",
        ),
        "desk_machine::test_peer_that_says_little",
        "desk_machine::test_body_that_does_not_come",
    ),
    off(
        "the head of a request to a desk is bounded",
        never(
            CONNECTIONS,
            'if self._head_bytes > HEAD_BYTES and self._is_head and b"\\r\\n\\r\\n" not in data[:HEAD_BYTES]:',
        ),
        "desk_machine::test_head_without_end",
    ),
    off(
        "the code of a window is in a file of its owner alone",
        Edit("clients/desk/launching.py", "write_private(path, text.encode())", "path.write_bytes(text.encode())"),
        "desk_machine::test_code_in_what_others_can_read",
    ),
    off(
        "what an ended desk left counts for nothing",
        never("clients/desk/running.py", "if _lock(descriptor, fcntl.LOCK_SH):"),
        "desk_machine::test_mark_of_a_desk_that_has_ended",
    ),
    off(
        "a store of a newer program is not opened",
        never("clients/store/database.py", "if version > len(MIGRATIONS):"),
        "desk_machine::test_store_of_a_newer_program",
    ),
)
