"""Other keys for a member, while the old ones are still valid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from clients.actions.certifying import own_credential
from clients.actions.client import Client
from clients.actions.enrolment import EnrolmentFiles, write_request
from clients.keys.enrol import newest_key
from schemas.addresses import Address
from schemas.keys import DecryptionKey, SigningKey


@dataclass(frozen=True, slots=True)
class Renewal:
    """What is to be renewed: the member's credential in force.

    Attributes:
        member: whose.
        name: for people.
        roles: what it permits.
        exp: first second after it, seconds since 1970 UTC.
        waiting: whether newer keys are there already and wait to be certified.
    """

    member: Address
    name: str
    roles: Sequence[str]
    exp: int
    waiting: bool


def prepare_renewal(client: Client) -> Renewal:
    """What a person decides about before new keys are made.

    Raises:
        ClientError: ``no_key_held`` without the member's key, ``not_certified`` if it has no credential yet.
    """
    keys = client.store.keys
    newest_key(keys)
    current = own_credential(client)
    claims = current.statement.claims
    return Renewal(keys.member, claims.name, claims.roles, claims.exp, keys.signing[0].kid != current.key.kid)


def make_new_keys(client: Client) -> None:
    """A new pair for the member; the old one signs and opens until the new one is certified, and seven days more."""
    entropy = client.state.system.entropy
    pair = SigningKey.from_seed(entropy(32)), DecryptionKey.from_seed(entropy(32))
    client.store.change_keys(lambda keys: keys.with_new_pair(*pair))


def request_renewal(client: Client, renewal: Renewal) -> EnrolmentFiles:
    """Ask to have the member's newest keys certified as the old ones were."""
    keys, system = client.store.keys, client.state.system
    return write_request(client.home, keys, renewal.member, renewal.name, renewal.roles, system)
