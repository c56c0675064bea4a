"""The commands of ``serai-hub``."""

from __future__ import annotations

import gc
import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from broker.cli.clock import time
from broker.cli.door import ask_hub
from broker.cli.erasing import erase
from broker.cli.ui import Group, reports_errors
from broker.settings import HubFolder, parse_settings
from schemas.encoding import encode_base64url
from schemas.errors import Code, SeraiError

FOLDER = click.argument("folder", type=click.Path(path_type=Path, file_okay=False))


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"]})
def hub() -> None:
    """Run a Serai hub: a notary with mailboxes that cannot read what it carries.

    A hub lives in one folder: settings, its two keys, the database and the register.
    """


@hub.command()
@FOLDER
@click.option("--network", required=True, help="Network id: name, slash, thumbprint of the root (from the root).")
@click.option("--origin", "origins", required=True, multiple=True, help="How members dial: ws://127.0.0.1:8440")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8440, show_default=True, help="Port to listen on.")
@click.option("--database", default="", help="SQLAlchemy URL without password; by default SQLite.")
@reports_errors
def init(folder: Path, network: str, origins: tuple[str, ...], host: str, port: int, database: str) -> None:
    """Make a hub: its folder, settings and keys; print the public keys for the root to certify."""
    from broker.adapters.life import FileLifeRecord
    from broker.adapters.system import FileSigner, SystemClock, make_hub_keys
    from broker.core.timekeeping import SignOfLife

    place = HubFolder(folder)
    if place.settings_file.exists():
        raise SeraiError(Code.NOT_PERMITTED, f"there is a hub in {folder} already")
    _check_no_password(database)
    lines = {"network": network, "origins": list(origins), "host": host, "port": port, "database": database}
    lines["verifiers"] = min(4, (os.cpu_count() or 1) - 1)
    text = "".join(f"{name} = {json.dumps(value)}\n" for name, value in lines.items())
    parse_settings(text)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    make_hub_keys(place.keys)
    place.settings_file.write_text(text)
    place.settings_file.chmod(0o600)
    clock = SystemClock()
    # The first sign of life: a hub believes its clock by the last one.
    FileLifeRecord(place.alive).write(SignOfLife(clock.offset_ms() + clock.monotonic_ms(), 0))
    signer = FileSigner(place.keys)
    keys = {"ledger_key": signer.ledger.public.to_jwk(), "event_key": signer.event.public.to_jwk()}
    click.echo(json.dumps(keys))


def _check_no_password(url: str) -> None:
    """Every user of the machine can read the arguments of a command."""
    from sqlalchemy import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        given = bool(url) and make_url(url).password is not None
    except ArgumentError as error:
        raise SeraiError(Code.MALFORMED_JSON, "--database is no URL of a database") from error
    if given:
        raise SeraiError(
            Code.NOT_PERMITTED, "leave the password out of --database: use ~/.pgpass, or write it into hub.toml after"
        )


@hub.command()
@FOLDER
@click.option("--log-level", default="info", type=click.Choice(["debug", "info", "warning", "error"]))
@reports_errors
def serve(folder: Path, log_level: str) -> None:
    """Serve members until stopped by SIGTERM or Ctrl-C."""
    gc.disable()  # nothing that is being loaded can be let go; serving switches it on again
    try:
        from broker.cli.serving import serve_hub

        serve_hub(HubFolder(folder), log_level)
    finally:
        gc.enable()


def _take_offline(place: HubFolder, make: Any, *, first: bool = False) -> dict[str, Any]:
    """Decide one candidate on a hub that does not serve."""
    from broker.app import open_ports
    from broker.service.operator import take_offline
    from broker.service.sequencer import AcceptedAt, Sequencer
    from broker.web.control import describe_accepted

    settings = place.read_settings()
    with open_ports(place, settings) as ports:
        sequencer = Sequencer(
            ports.store, ports.register, ports.signer, ports.clock, settings.network, lambda _: None, new_epoch=first
        )
        verdict = take_offline(sequencer, make)
    if not isinstance(verdict, AcceptedAt):
        raise verdict
    return describe_accepted(verdict)


@hub.command()
@FOLDER
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@reports_errors
def admit(folder: Path, files: tuple[Path, ...]) -> None:
    """Admit public statements, one a line: the network's first epoch, credentials, revocations.

    Works on a hub that serves and on one that does not; an epoch only on one that does not.
    """
    from broker.service.operator import make_candidate

    place = HubFolder(folder)
    place.read_settings()
    for text in [line for file in files for line in file.read_text().split()]:
        answer = ask_hub(place, "/admit", {"statement": text})
        if answer is None:

            def make(directory: Any, settle: Any, text: str = text) -> Any:
                return make_candidate(text, directory, settle)

            answer = _take_offline(place, make, first=True)
        click.echo(json.dumps(answer))


@hub.command()
@FOLDER
@click.argument("member")
@reports_errors
def suspend(folder: Path, member: str) -> None:
    """Suspend MEMBER: its lines close and its mail is held until it has a new credential."""
    from broker.service.operator import known_member, make_suspension
    from schemas.addresses import parse_member

    place, address = HubFolder(folder), parse_member(member)
    place.read_settings()
    answer = ask_hub(place, "/suspend", {"member": address})
    if answer is None:
        answer = _take_offline(
            place, lambda directory, settle: make_suspension(known_member(directory, address), settle)
        )
    click.echo(json.dumps(answer))


hub.add_command(time)
hub.add_command(erase)


@hub.group()
def ledger() -> None:
    """Look after the ledger."""


@ledger.command()
@FOLDER
@reports_errors
def check(folder: Path) -> None:
    """Read and recompute ledger and attachments of a hub that does not serve; exit 1 if anything is wrong."""
    from broker.app import open_ports
    from broker.service.blob_sweep import check_blobs
    from broker.service.operator import check_ledger
    from broker.service.state import load_state

    place = HubFolder(folder)
    settings = place.read_settings()
    with open_ports(place, settings) as ports:
        load_state(ports.store, ports.register, settings.network)
        report = check_ledger(ports.store, settings.network)
        blobs = check_blobs(ports.files, ports.store.blobs)
    click.echo(
        json.dumps(
            {
                "size": report.size,
                "epoch": report.epoch,
                "public": report.public,
                "gone": report.gone,
                "erased": report.erased,
                "faults": report.faults,
                "attachments": {**asdict(blobs.count), "lost": blobs.lost, "spoilt": blobs.spoilt},
            }
        )
    )
    if report.faults or report.gone or blobs.lost or blobs.spoilt:
        lost = f", {blobs.lost + blobs.spoilt} attachments lost or spoilt" if blobs.lost or blobs.spoilt else ""
        raise SeraiError(Code.DAMAGED, f"{len(report.faults)} faults, {len(report.gone)} texts gone{lost}")


@hub.command()
@FOLDER
@click.argument("target", type=click.Path(path_type=Path, exists=False))
@reports_errors
def backup(folder: Path, target: Path) -> None:
    """Copy settings, keys, database and attachments to a new folder TARGET; the hub may go on serving.

    The register is not copied: it is what notices that a database has fallen behind.
    """
    from broker.cli.backups import make_backup

    make_backup(HubFolder(folder), HubFolder(target))
    click.echo(f"backed up to {target}; it holds the hub's keys: keep it as safe as the hub")


@hub.command()
@FOLDER
@click.argument("source", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--epoch", type=click.Path(path_type=Path, exists=True), help="The root's statement of the next epoch.")
@reports_errors
def restore(folder: Path, source: Path, epoch: Path | None) -> None:
    """Put database and attachments of a backup SOURCE into a hub that does not serve.

    If the hub had gone on after the backup was made, its register says so, and the restored
    database may go on only in a new epoch: this prints what the root must sign, and --epoch
    takes what it signed.
    """
    place = HubFolder(folder)
    if epoch is not None:
        click.echo(json.dumps(_go_on(place, epoch.read_text())))
    else:
        _put_back(place, HubFolder(source))
        click.echo("restored; the register agrees")


def _go_on(place: HubFolder, epoch: str) -> dict[str, Any]:
    """Begin the next epoch over a database that was put back."""
    from broker.app import open_ports
    from broker.service.operator import begin_epoch
    from broker.service.sequencer import AcceptedAt
    from broker.web.control import describe_accepted

    settings = place.read_settings()
    with open_ports(place, settings) as ports:
        verdict = begin_epoch(ports.store, ports.register, ports.signer, ports.clock, settings.network, epoch)
    if not isinstance(verdict, AcceptedAt):
        raise verdict
    return describe_accepted(verdict)


def _put_back(place: HubFolder, source: HubFolder) -> None:
    """Take the database of a backup, and print what the root must sign if it may not simply go on."""
    from broker.app import open_ports
    from broker.cli.backups import take_backup
    from broker.core.timekeeping import utc
    from broker.service.operator import describe_epoch
    from broker.service.state import load_state

    take_backup(place, source)
    settings = place.read_settings()
    with open_ports(place, settings) as ports:
        try:
            load_state(ports.store, ports.register, settings.network)
        except SeraiError as error:
            if error.code is not Code.INCONSISTENT_LEDGER:
                raise
            need = describe_epoch(ports.store, ports.register)
            wanted = {"epoch": need.epoch, "index": need.index, "root": encode_base64url(need.root), "last": need.last}
            click.echo(json.dumps({"needs_epoch": wanted}))
            click.echo(f"its newest leaf is of {utc(need.newest_ms)}", err=True)
            raise
