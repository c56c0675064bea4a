"""Officers' signing keys: each in an envelope of its own, under that officer's own passphrase.

A `LockedKey` is what the store keeps: who has it, and the store, can sign nothing with it. An `UnlockedOfficer`
exists in the memory of the process in which the officer has typed his passphrase, and nowhere else. The envelope is
bound to network, address and thumbprint: moved to another officer, or exchanged for an older one, it does not open.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from clients.errors import ClientError, LocalCode
from clients.keys.wrapping import Cost, Entropy, unwrap_secret, wrap_secret
from schemas.addresses import Address
from schemas.errors import Code, SeraiError
from schemas.keys import Kid, SigningKey


@dataclass(frozen=True, slots=True)
class LockedKey:
    """An officer's signing key as it is kept.

    Attributes:
        kid: thumbprint of the key.
        envelope: the key, wrapped (`clients.keys.wrapping`).
    """

    kid: Kid
    envelope: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class UnlockedOfficer:
    """An officer who can sign.

    Attributes:
        address: of the officer.
        keys: the signing keys that the passphrase opened, newest first.
    """

    address: Address
    keys: tuple[SigningKey, ...] = field(repr=False)


def lock_key(
    network: str, address: Address, key: SigningKey, passphrase: str, cost: Cost, entropy: Entropy
) -> LockedKey:
    """A signing key in an envelope that only its officer opens.

    Args:
        network: network id.
        address: of the officer.
        key: the officer's signing key.
        passphrase: the officer's own.
        cost: of one guess at it; `clients.keys.wrapping.STANDARD` unless the key is worth nothing.
        entropy: source of random bytes.
    """
    kid = key.public.kid
    return LockedKey(kid, wrap_secret(key.seed, _what(network, address, kid), passphrase, cost, entropy))


def unlock_officer(network: str, address: Address, locked: Sequence[LockedKey], passphrase: str) -> UnlockedOfficer:
    """The keys of an officer that a passphrase opens; an older key may still have an older passphrase.

    Args:
        network: network id.
        address: of the officer.
        locked: his envelopes, newest first.
        passphrase: what was typed.

    Raises:
        ClientError: ``no_key_held`` if there is no envelope, ``wrong_passphrase`` if it opens none of them.
        SeraiError: ``damaged`` if an envelope is another officer's, or none.
    """
    if not locked:
        raise ClientError(LocalCode.NO_KEY_HELD, address=address)
    found = [key for each in locked if (key := _opened(network, address, each, passphrase)) is not None]
    if not found:
        raise ClientError(LocalCode.WRONG_PASSPHRASE, whose=address)
    return UnlockedOfficer(address, tuple(found))


def _opened(network: str, address: Address, locked: LockedKey, passphrase: str) -> SigningKey | None:
    """The key of an envelope; ``None`` if the passphrase is another."""
    try:
        seed = unwrap_secret(locked.envelope, _what(network, address, locked.kid), passphrase)
    except SeraiError as error:
        if error.code is Code.DECRYPTION_FAILED:
            return None
        raise
    key = SigningKey.from_seed(seed)
    if key.public.kid != locked.kid:
        raise SeraiError(Code.DAMAGED, f"the envelope of {address} holds another key")
    return key


def _what(network: str, address: Address, kid: Kid) -> str:
    return f"serai officer key {network} {address} {kid}"
