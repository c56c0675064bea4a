"""``serai root``: what the root does, on a machine without a network."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from clients.cli.base import Command, F, LazyGroup, home_option, json_option, passphrase_option, yes_option
from clients.cli.ui import ask, show
from clients.documents.plain import field, wrap
from clients.documents.texts import _
from schemas import limits
from schemas.claims import Bounds, KeepDays

_WHERE = "clients.cli.root"


def root_options(command: F) -> F:
    """What every command of the root has."""
    return home_option(passphrase_option(json_option(yes_option(command))))


def bounds_option(command: F) -> F:
    """How many a member may certify."""
    return click.option(
        "--bounds",
        type=(click.IntRange(limits.ADDRESSES, 1_000_000), click.IntRange(limits.CREDENTIALS_A_DAY, 1_000_000)),
        default=None,
        metavar="N DAY",
        help="How many addresses a member may certify, and how many credentials in a day, if more than 1,024 and 64.",
    )(command)


def read_bounds(bounds: tuple[int, int] | None) -> Bounds | None:
    """What was typed, as the network document has it."""
    return Bounds(addresses=bounds[0], day=bounds[1]) if bounds else None


class KeepDaysType(click.ParamType):  # type: ignore[type-arg]  # generic in later versions of click only
    """Days by what they are counted for."""

    name = "days"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> KeepDays:
        """As the network document has it."""
        pairs = [part.partition("=") for part in str(value).split(",")]
        named = {name.strip(): int(days) if days.isdecimal() else 0 for name, _sign, days in pairs}
        try:
            return KeepDays.model_validate(named if len(named) == len(pairs) else {})
        except ValueError:  # what pydantic raises, too
            text = _("say days, {least} to {most}, and for receipts no fewer than for mail: mail=3650,receipts=3650")
            self.fail(text.format(least=limits.KEEP_DAYS_LEAST, most=limits.KEEP_DAYS_MOST), param, ctx)


def keep_days_option(command: F) -> F:
    """For how long the hub keeps texts."""
    return click.option(
        "--keep-days",
        type=KeepDaysType(),
        default=None,
        metavar="KIND=DAYS,...",
        help="For how many days the hub keeps mail, blobs and receipts: mail=3650,receipts=3650. For ever if not said.",
    )(command)


@click.group(
    cls=LazyGroup,
    lazy={
        "certify": f"{_WHERE}.keys:certify",
        "revoke": f"{_WHERE}.keys:revoke",
        "epoch": f"{_WHERE}.epoch:epoch",
        "log": f"{_WHERE}.keys:log",
    },
)
def root() -> None:
    """Be the root of a network: certify and revoke, on a machine without a network.

    The root lives in the folder "root" of the client's folder (--home). Everything is shown in plain words before it
    is signed, and kept in a log.
    """


@root.command(cls=Command, examples=("serai root init caricc",))
@click.argument("name")
@root_options
def init(name: str, *, home: Path, passphrase_fd: int | None, as_json: bool, yes: bool) -> None:
    """Make the root of a network called NAME, and the root that will follow it.

    The second key, next-root.key, is needed when the first is lost or stolen: move it to another safe.
    """
    import re

    from clients.actions.home import Home
    from clients.actions.root import root_folder
    from clients.cli.passphrase import of_root
    from clients.cli.signed_files import fingerprint_lines
    from schemas.encoding import decode_base64url

    del yes
    if not re.fullmatch(r"[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])", name):
        raise click.BadParameter(_("a network's name is 2 to 32 of a-z 0-9 -"), param_hint="NAME")
    client_home = Home(home)
    folder = root_folder(client_home)
    folder.refuse_existing()
    passphrase = of_root(passphrase_fd).new()
    client_home.make()
    first, following = folder.make(name, passphrase)
    network = folder.read_state().network
    lines = [
        *field(_("Network"), network),
        _("Thumbprint of the root, to be read out to everybody who joins:"),
        *fingerprint_lines(decode_base64url(first.public.kid, 32)),
        *field(_("Next root"), str(folder.next_key)),
        wrap(_("Move it to another safe, and this folder to the first."), "  "),
    ]
    value = {"network": network, "root": first.public.kid, "next_root": following.public.kid}
    show({**value, "next_root_file": str(folder.next_key)}, lines, as_json=as_json)


@root.command(
    cls=Command,
    examples=(
        "serai-hub init /srv/serai --network caricc/... \\",
        "    --origin wss://hub.example > hub-keys.json",
        "serai root network hub-keys.json",
    ),
)
@click.argument("hub_keys", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--code", "codes", multiple=True, help="Code of an organisation, of 3 letters or more; CENTRE is there.")
@click.option("--exercise", is_flag=True, help="Nothing in this network is meant.")
@bounds_option
@keep_days_option
@root_options
def network(
    hub_keys: Path,
    codes: tuple[str, ...],
    *,
    exercise: bool,
    bounds: tuple[int, int] | None,
    keep_days: KeepDays | None,
    home: Path,
    passphrase_fd: int | None,
    as_json: bool,
    yes: bool,
) -> None:
    """Sign the network document: epoch 0, the first leaf of the ledger.

    HUB_KEYS is the file that serai-hub init printed. The result, network.jws, goes to the hub and to everybody who
    joins.
    """
    from clients.actions.home import Home
    from clients.actions.root import check_no_epoch, draft_network, read_hub_keys, root_folder, sign_network
    from clients.cli.passphrase import of_root
    from clients.cli.signed_files import describe_network, network_json

    folder = root_folder(Home(home))
    state = folder.read_state()
    check_no_epoch(folder)
    keys = read_hub_keys(hub_keys)
    key = of_root(passphrase_fd).open(lambda passphrase: folder.unlock(passphrase, folder.key))
    more = {"bounds": read_bounds(bounds), "keep_days": keep_days}
    document = draft_network(folder, key, keys, codes, exercise=exercise, **more)  # type: ignore[arg-type]
    lines = [_("The root will sign epoch 0:"), *describe_network(document, state.network)]
    ask(lines, _("Sign this?"), yes=yes)
    signed = sign_network(folder, key, document, lines)
    value = {**network_json(document, state.network), "file": str(signed.path), "digest": signed.digests[0]}
    show(value, field(_("Signed"), str(signed.path)), as_json=as_json)
