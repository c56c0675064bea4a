"""``serai init``: a client's own keys, its folder, and the request to be certified."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from clients.cli.frame import (
    AddressType,
    Command,
    SeatName,
    Thumbprint,
    home_option,
    json_option,
    passphrase_option,
    yes_option,
)
from clients.cli.texts import _
from clients.cli.ui import ask, show
from schemas.addresses import Address


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
@click.option("--root", type=Thumbprint(), help="Thumbprint of the network's root, heard from another source.")
@click.option("--hub", "hubs", required=True, multiple=True, help="Address of the hub: wss://hub.example:443")
@click.option("--name", required=True, help="Name for people, at most 80 characters.")
@click.option("--role", "roles", multiple=True, help="What to ask for; exchange and certify if nothing is said.")
@click.option("--seat", type=SeatName(), default="desk", show_default=True, help="Name of this seat.")
@click.option(
    "--ca", type=click.Path(path_type=Path, exists=True), help="Authority of the hub's certificate, if private."
)
@yes_option
@home_option
@passphrase_option
@json_option
def init(address: Address, network_file: Path, root: str | None, *, yes: bool, home: Path, **given: Any) -> None:
    """Make a client for ADDRESS: its keys, its store, and the request to be certified.

    The network file is what the root has signed; its thumbprint is pinned for ever, so compare it by telephone, or
    name it with --root. Then carry the request to whoever certifies you (the root for a focal point, your focal point
    for an officer), and read out its fingerprint.
    """
    from clients.cli.administrator.enrolment import make_client
    from clients.cli.faults import Fault, already_there
    from clients.cli.home import Home
    from clients.cli.papers import describe_network, read_network, thumbprint_of
    from schemas.errors import Code

    place = Home(home)
    if place.store.exists() or place.config.exists():
        raise already_there(str(home))
    network, texts, epochs = read_network(network_file)
    if root is not None and root != thumbprint_of(network):
        raise Fault(
            Code.WRONG_NETWORK,
            _("the file is of a network with another root, {root}").format(root=thumbprint_of(network)),
            _("Telephone the root; do not go on with this file."),
        )
    lines = describe_network(epochs[-1].document, network)
    ask(lines if root is None else [], _("Is this the root's fingerprint?"), yes=yes or root is not None)
    made = make_client(place, address, network, texts, **given)
    show(made.to_json(), made.lines(), as_json=given["as_json"])
