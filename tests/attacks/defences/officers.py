"""What keeps an officer's key for its officer, on the member's own machine."""

from __future__ import annotations

from typing import Final

from tests.attacks.defences.off import never, off
from tests.support.switching import Edit, Switch

KEYS: Final = "clients/keys/officers.py"
STORE: Final = "clients/store/officers.py"
STORE_FILE: Final = "clients/store/__init__.py"
SESSION: Final = "clients/actions/signing_session.py"
CERTIFYING: Final = "clients/actions/certifying.py"
NAME: Final = 'return f"serai officer key {network} {address} {kid}"'
WRAP: Final = "_what(network, address, kid), {}, cost, entropy)"
UNWRAP: Final = "_what(network, address, locked.kid), {})"

SWITCHES: Final[tuple[Switch, ...]] = (
    off(
        "an officer's key has a passphrase of its own",
        (
            Edit(KEYS, WRAP.format("passphrase"), WRAP.format('""')),
            Edit(KEYS, UNWRAP.format("passphrase"), UNWRAP.format('""')),
            Edit(STORE_FILE, "if not store.keys.signing:", "if True:"),
        ),
        "officers::test_store_without_its_officers",
        "officers::test_passphrase_of_the_store_for_an_officers",
    ),
    off(
        "an envelope is its officer's",
        Edit(KEYS, NAME, 'return f"serai officer key {network}"'),
        "officers::test_envelope_of_another",
    ),
    off(
        "an envelope holds the key that it names",
        (
            Edit(KEYS, NAME, 'return f"serai officer key {network} {address}"'),
            never(KEYS, "if key.public.kid != locked.kid:"),
        ),
        "officers::test_envelope_with_a_key_of_ones_own",
    ),
    off(
        "a lock forgets the key",
        Edit(STORE, "self._unlocked.pop(each, None)", "self._unlocked.get(each)"),
        "officers::test_key_that_was_put_away",
    ),
    off(
        "a screen whose officer has left locks by itself",
        never(SESSION, "if self._touched_ms is not None and not 0 <= self._now_ms() - self._touched_ms < LOCK_MS:"),
        "officers::test_screen_whose_officer_has_left",
    ),
    off(
        "an open key signs by itself only what its officer has said",
        Edit(STORE, "return self._is_own_seat or self._said.get(row) == mark", "return bool(row and mark)"),
        "officers::test_draft_beside_an_open_key",
        "officers::test_draft_beside_a_connected_command",
    ),
    off(
        "what is signed is what was shown",
        never(SESSION, "if found != shown:"),
        "officers::test_change_between_look_and_signature",
    ),
    off(
        "wrong passphrases are counted",
        Edit(STORE, "before.count + 1, before.first_ms", "before.count, before.first_ms"),
        "officers::test_guesses_without_end",
    ),
    off(
        "guesses after a closed alarm are another",
        Edit("clients/actions/client.py", '{"first_ms": str(tries.first_ms)}', "{}"),
        "officers::test_guesses_after_an_alarm_was_closed",
    ),
    off(
        "an officer's passphrase is not the store's",
        never(CERTIFYING, "if client.store.keys.signing and client.store.is_passphrase(passphrase):"),
        "officers::test_passphrase_that_everybody_knows",
    ),
    off(
        "who makes an officer is told at the own seat",
        Edit(CERTIFYING, 'client.state.alarm("certified", ', 'dict(kind="certified", text='),
        "officers::test_officer_made_with_the_members_key",
    ),
)
