"""Making keys and the papers that go with them: the request, and the revocation for the safe."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from clients.cli.home import Home, Settings, paper_name
from clients.cli.papers import fingerprint_lines, stamp
from clients.cli.passphrase import read_passphrase
from clients.cli.texts import _
from clients.cli.ui import field, wrap
from clients.enrol import Application, apply_for
from clients.keystore import Keys, make_keys, make_officer_keys
from clients.root import check_enrolment
from clients.store import Store
from clients.transport import parse_hub
from schemas.addresses import Address, is_officer, member_of


@dataclass(frozen=True, slots=True)
class Papers:
    """What somebody who asks to be certified carries away.

    Attributes:
        address: who asks.
        request: file to carry to whoever certifies.
        revocation: file for the safe.
        digest: of the request, to be compared by telephone.
    """

    address: Address
    request: Path
    revocation: Path
    digest: bytes

    def lines(self) -> list[str]:
        """What a person must do now."""
        return [
            *field(_("Request"), str(self.request)),
            wrap(_("Carry it to whoever certifies you, and read out its fingerprint by telephone:"), "  "),
            *fingerprint_lines(self.digest),
            *field(_("Revocation"), str(self.revocation)),
            wrap(
                _("Move it to a safe: it ends this key if the key is stolen or lost, and nobody needs to ask you."),
                "  ",
            ),
        ]

    def to_json(self) -> dict[str, Any]:
        """The same for programs."""
        paths = {"request": str(self.request), "revocation": str(self.revocation)}
        return {"address": self.address, **paths, "fingerprint": self.digest.hex()}


def default_roles(address: Address) -> tuple[str, ...]:
    """What is asked for if nobody says."""
    return ("exchange", "duty_officer") if is_officer(address) else ("exchange", "certify")


def write_papers(home: Home, keys: Keys, address: Address, name: str, roles: Iterable[str]) -> Papers:
    """Ask to be certified: write the request and the revocation for the safe.

    Raises:
        SeraiError: no key of the address is held, or the name or a role will not do.
    """
    application = apply_for(keys, address, name, tuple(roles) or default_roles(address), (stamp(), stamp()))
    return keep(home, address, application, keys.network)


def keep(home: Home, address: Address, application: Application, network: str) -> Papers:
    """Write what an application gave."""
    request = home.write_paper(paper_name(address, "request"), application.request)
    revocation = home.write_paper(paper_name(address, "revocation"), application.revocation)
    return Papers(address, request, revocation, check_enrolment(application.request, network).digest)


def make_client(
    home: Home,
    address: Address,
    network: str,
    epochs: Sequence[str],
    *,
    hubs: Sequence[str],
    name: str,
    roles: Sequence[str],
    seat: str,
    ca: Path | None,
    passphrase_fd: int | None,
    as_json: bool,
) -> Papers:
    """Make the folder, the keys, the store and the papers of a client.

    Raises:
        SeraiError: something that was typed will not do; nothing is left behind.
    """
    del as_json
    own = address if is_officer(address) else None
    settings = Settings(
        member=member_of(address),
        network=network,
        hubs=[parse_hub(hub) for hub in hubs],
        seat=seat,
        officer=own,
        ca=ca.absolute() if ca else None,
    )
    keys = (make_officer_keys if own else make_keys)(network, address, secrets.token_bytes)
    apply_for(
        keys, address, name, tuple(roles) or default_roles(address), (stamp(), stamp())
    )  # before anything is made
    passphrase = read_passphrase(passphrase_fd, new=True)
    home.make()
    with Store.create(home.store, keys, passphrase) as store:
        store.trust.set_epochs(epochs)
    home.network.write_text("".join(f"{text}\n" for text in epochs))
    home.write_settings(settings)
    return write_papers(home, keys, address, name, roles)
