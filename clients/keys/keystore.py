"""A client's private keys, and how they lie on disk: wrapped under the passphrase of the store.

`Keys` is what a running client holds; `wrap_keys` is its form at rest (`clients.keys.wrapping`).
Where the wrapped bytes are kept is the business of `clients.store`. The signing keys of officers are
in it as they are kept, each under its officer's own passphrase (`clients.keys.officers`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from clients.keys.officers import LockedKey
from clients.keys.wrapping import CHEAP, STANDARD, Cost, Entropy, unwrap_secret, wrap_secret
from schemas.addresses import Address, member_of, parse_address, parse_member
from schemas.encoding import decode_base64url, decode_object, encode_base64url, encode_json
from schemas.keys import DecryptionKey, Kid, SigningKey

__all__ = ["CHEAP", "STANDARD", "Cost", "Keys", "make_keys", "make_seat_keys", "unwrap_keys", "wrap_keys"]

_WHAT = "serai client keys"


@dataclass(frozen=True, slots=True)
class Keys:
    """The private keys of one client, and whose they are.

    Attributes:
        network: network id; its thumbprint pins the root.
        member: the address whose mailbox this is.
        store_key: 32 bytes, encrypts what the client keeps.
        signing: the member's signing keys, newest first; none at an officer's seat.
        decryption: the member's decryption keys, newest first; none at a seat that shows covers only.
        officers: the member's officers whose keys are kept here, each key locked, newest first.
        known: thumbprints of other keys that the member or its officers hold elsewhere.
    """

    network: str
    member: Address
    store_key: bytes = field(repr=False)
    signing: tuple[SigningKey, ...] = field(default=(), repr=False)
    decryption: tuple[DecryptionKey, ...] = field(default=(), repr=False)
    officers: Mapping[Address, tuple[LockedKey, ...]] = field(default_factory=dict, repr=False)
    known: frozenset[Kid] = field(default=frozenset(), repr=False)

    @property
    def decryption_by_kid(self) -> dict[Kid, DecryptionKey]:
        """The decryption keys by thumbprint."""
        return {key.kid: key for key in self.decryption}

    @property
    def own_kids(self) -> frozenset[Kid]:
        """Every thumbprint that does not surprise in a credential of the member."""
        officers = {key.kid for keys in self.officers.values() for key in keys}
        return self.known | officers | {key.kid for key in self.signing} | {key.kid for key in self.decryption}

    def with_officer(self, address: Address, key: LockedKey) -> Keys:
        """The same with a new key of an officer: it comes first, the old ones are kept."""
        return self.with_envelopes(address, (key, *self.officers.get(address, ())))

    def with_envelopes(self, address: Address, keys: tuple[LockedKey, ...]) -> Keys:
        """The same with other envelopes of an officer, newest first."""
        return replace(self, officers={**self.officers, address: keys})

    def with_known(self, kids: Iterable[Kid]) -> Keys:
        """The same, with thumbprints of keys that are held elsewhere."""
        return replace(self, known=self.known | set(kids))

    def with_new_pair(self, signing: SigningKey, decryption: DecryptionKey) -> Keys:
        """The same after a rotation: the new pair first, the old ones kept."""
        return replace(self, signing=(signing, *self.signing), decryption=(decryption, *self.decryption))

    def to_json(self) -> dict[str, Any]:
        """Everything, secrets included; only `wrap_keys` has a use for it."""
        return {
            "network": self.network,
            "member": self.member,
            "store_key": encode_base64url(self.store_key),
            "signing": [encode_base64url(key.seed) for key in self.signing],
            "decryption": [encode_base64url(key.seed) for key in self.decryption],
            "officers": {
                address: [{"kid": key.kid, "envelope": key.envelope.decode()} for key in keys]
                for address, keys in self.officers.items()
            },
            "known": sorted(self.known),
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Keys:
        """From what `to_json` gave."""
        return cls(
            network=value["network"],
            member=parse_member(value["member"]),
            store_key=decode_base64url(value["store_key"], 32),
            signing=_signing(value["signing"]),
            decryption=tuple(DecryptionKey.from_seed(decode_base64url(seed)) for seed in value["decryption"]),
            officers={
                parse_address(address): tuple(LockedKey(Kid(key["kid"]), key["envelope"].encode()) for key in keys)
                for address, keys in value["officers"].items()
            },
            known=frozenset(Kid(kid) for kid in value["known"]),
        )


def _signing(seeds: Iterable[str]) -> tuple[SigningKey, ...]:
    return tuple(SigningKey.from_seed(decode_base64url(seed)) for seed in seeds)


def make_keys(network: str, member: Address, entropy: Entropy) -> Keys:
    """Fresh keys for a member: one signing, one decryption and the store key.

    Args:
        network: network id, ``name/thumbprint``.
        member: whose keys.
        entropy: source of random bytes.
    """
    pair = SigningKey.from_seed(entropy(32)), DecryptionKey.from_seed(entropy(32))
    return Keys(network, member, entropy(32), (pair[0],), (pair[1],))


def make_seat_keys(network: str, officer: Address, entropy: Entropy) -> Keys:
    """What an officer's own seat begins with: the store key, nothing that signs for the member or opens content."""
    return Keys(network, member_of(officer), entropy(32))


def wrap_keys(keys: Keys, passphrase: str, cost: Cost, entropy: Entropy) -> bytes:
    """The keys as they lie on disk.

    Args:
        keys: what to keep.
        passphrase: what opens it again.
        cost: of one guess; `STANDARD` unless the keys are worth nothing.
        entropy: source of random bytes.
    """
    return wrap_secret(encode_json(keys.to_json()).encode(), _WHAT, passphrase, cost, entropy)


def unwrap_keys(data: bytes, passphrase: str) -> Keys:
    """The keys that `wrap_keys` wrapped.

    Raises:
        SeraiError: ``decryption_failed`` if the passphrase is another or a byte was changed,
            ``damaged`` if these are no wrapped keys.
    """
    return Keys.from_json(decode_object(unwrap_secret(data, _WHAT, passphrase), 65_536))
