"""How a client stands, at a glance."""

from __future__ import annotations

from dataclasses import dataclass

from clients.actions.asof import read_as_of
from clients.actions.client import Client
from clients.actions.expiry import Ending, endings
from clients.actions.profiles import find_profile
from clients.actions.ringing import Urgent
from clients.actions.signing import unsigned
from clients.line.lock import Holder
from clients.store import Alarm
from schemas.addresses import Address


@dataclass(frozen=True, slots=True)
class ClientStatus:
    """What is known of a client without asking anybody.

    Attributes:
        member: whose mailbox it serves.
        seat: name of this seat.
        network: network id.
        holder: which process is connected or tries to be, and how the connection is.
        ledger_size: leaves of the ledger that are believed.
        outbox_waiting: what waits to be sent.
        unsigned: how much of it an officer must sign again.
        returned: what came back and was not sent.
        urgent_waiting: urgent dispatches that wait for an officer.
        audited_at_ms: when an audit of the ledger last came to its end, milliseconds since 1970 UTC; 0 if never.
        whole_audit_since_ms: since when one from the first leaf goes on; 0 if none does.
        newer: codes of types in the ledger that are newer than this program.
        unjudged: addresses of which something was said that this program cannot read.
        alarms: how many alarms are open.
        newest_alarm: the newest of them; ``None`` if there is none.
        endings: own keys that end soon.
        true_ms: when everything that the hub had was last here, milliseconds since 1970 UTC; 0 if that is not known.
        handed_changed: how many dispatches were changed since they left the system here.
        undone: how much was sent and is not done.
        owing: how many answers we owe.
        profile_draft: whether a draft of the own country profile waits to be countersigned.
        profile_not_sent: members that joined since the own profile was sent, and have it not.
    """

    member: Address
    seat: str
    network: str
    holder: Holder | None
    ledger_size: int
    outbox_waiting: int
    unsigned: int
    returned: int
    urgent_waiting: int
    audited_at_ms: int
    whole_audit_since_ms: int
    newer: tuple[int, ...]
    unjudged: tuple[Address, ...]
    alarms: int
    newest_alarm: Alarm | None
    endings: tuple[Ending, ...]
    true_ms: int
    handed_changed: int
    undone: int
    owing: int
    profile_draft: bool = False
    profile_not_sent: tuple[Address, ...] = ()

    @property
    def live(self) -> bool:
        """Whether there is a connection now."""
        return self.holder is not None and self.holder.live

    @property
    def fault(self) -> str:
        """Why there is no connection although a process tries; empty if it does not say."""
        return self.holder.fault if self.holder and not self.holder.live else ""


def read_status(client: Client) -> ClientStatus:
    """How a client stands now."""
    store, own = client.store, find_profile(client, client.member)
    return ClientStatus(
        member=store.keys.member,
        seat=client.settings.seat,
        network=store.keys.network,
        holder=client.holder,
        ledger_size=client.state.place.index,
        outbox_waiting=store.outbox.waiting_count(),
        unsigned=len(unsigned(store)),
        returned=store.outbox.returned_count(),
        urgent_waiting=len(Urgent(store).look()),
        audited_at_ms=store.trust.audit_ended_ms,
        whole_audit_since_ms=store.trust.whole_audit_since_ms,
        newer=tuple(store.trust.newer),
        unjudged=client.state.directory.unjudged(client.state.place),
        alarms=store.alarms.open_count(),
        newest_alarm=newest.alarm if (newest := store.alarms.in_short().newest) else None,
        endings=tuple(endings(client.state)),
        true_ms=read_as_of(client).true_ms,
        handed_changed=store.handed.changed_count(),
        undone=len(store.outcomes.missing("done")),
        owing=len(store.outcomes.missing("owed")),
        profile_draft=own.profile.draft is not None,
        profile_not_sent=own.not_sent,
    )
