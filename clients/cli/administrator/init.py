"""``serai init``: a client's own keys, its folder, and the request to be certified."""

from __future__ import annotations

from pathlib import Path

import click

from clients.cli.base import Command, home_option, json_option, passphrase_option, yes_option
from clients.cli.types import AddressType, CodeChoice, SeatName, Thumbprint
from clients.cli.ui import ask, show
from clients.documents.texts import _
from schemas.addresses import Address
from schemas.labels import Role


@click.command(
    cls=Command,
    examples=(
        "serai init KZ/NFP --network network.jws \\",
        '    --hub wss://hub.example --name "National focal point"',
    ),
)
@click.argument("address", type=AddressType())
@click.option(
    "--network",
    "network_file",
    required=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="What the root has signed: network.jws.",
)
@click.option("--root", type=Thumbprint(), help="Thumbprint of the network's root, from another source.")
@click.option("--hub", "hubs", required=True, multiple=True, help="Address of the hub: wss://hub.example:443")
@click.option("--name", required=True, help="Name for people, at most 80 characters.")
@click.option(
    "--role", "roles", multiple=True, type=CodeChoice(Role), help="What to ask for; exchange and certify by default."
)
@click.option("--seat", type=SeatName(), default="desk", show_default=True, help="Name of this seat.")
@click.option(
    "--ca", type=click.Path(path_type=Path, exists=True), help="Authority of the hub's certificate, if private."
)
@yes_option
@home_option
@passphrase_option
@json_option
def init(
    address: Address,
    *,
    network_file: Path,
    root: str | None,
    hubs: tuple[str, ...],
    name: str,
    roles: tuple[str, ...],
    seat: str,
    ca: Path | None,
    yes: bool,
    home: Path,
    passphrase_fd: int | None,
    as_json: bool,
) -> None:
    """Make a client for ADDRESS: its keys, its store, and the request to be certified.

    The network file is what the root has signed; its thumbprint is pinned for ever, so compare it by telephone, or
    name it with --root. Then carry the request to whoever certifies you (the root for a focal point, your focal point
    for an officer), and read out its fingerprint.
    """
    from clients.actions.enrolment import ClientPlan, check_root, draft_client, make_client, refuse_existing
    from clients.actions.home import Home
    from clients.actions.signed_files import read_network
    from clients.cli.passphrase import of_store
    from clients.cli.signed_files import describe_network, enrolment_json, enrolment_lines
    from clients.system import System

    client_home, system = Home(home), System()
    refuse_existing(client_home)
    network = read_network(network_file)
    if root is not None:
        check_root(network, root)
    lines = describe_network(network.document, network.network)
    ask(lines if root is None else [], _("Is this the root's thumbprint?"), yes=yes or root is not None)
    draft = draft_client(ClientPlan(address, name, network, hubs, roles, seat, ca), system)
    passphrase = of_store(passphrase_fd).new()
    files = make_client(client_home, draft, passphrase, system)
    show(enrolment_json(files), enrolment_lines(files), as_json=as_json)
