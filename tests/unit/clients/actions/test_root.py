"""The root's acts."""

from __future__ import annotations

import json
import secrets
from pathlib import Path

import pytest

from clients.actions.home import Home
from clients.actions.root import (
    NeededEpoch,
    check_no_epoch,
    document_before,
    draft_epoch,
    draft_member,
    draft_network,
    keys_to_revoke,
    read_hub_keys,
    read_need,
    sign_epoch,
    sign_member,
    sign_network,
    sign_revocations,
)
from clients.actions.signed_files import claims_in, read_network, read_statements
from clients.errors import LocalCode
from clients.keys.enrol import apply_for
from clients.keys.keystore import CHEAP, make_keys
from clients.keys.root import Stamp
from clients.keys.root_folder import RootFolder
from clients.system import System
from schemas.addresses import Address
from schemas.claims import Credential, Revocation
from schemas.encoding import encode_base64url
from schemas.enrolment import VerifiedRequest, verify_request
from schemas.keys import SigningKey
from tests.support.refusals import refused
from tests.support.world import signing_key

PASSPHRASE, MEMBER = "correct horse", Address("KZ/NFP")
HUB_KEYS = signing_key("hub ledger").public, signing_key("hub event").public
NEED = NeededEpoch(1, 1, encode_base64url(bytes(32)), None)


class Signer:
    """A root in its folder.

    Args:
        path: where it is made.
    """

    def __init__(self, path: Path) -> None:
        self.home = Home(path)
        self.home.make()
        self.folder = RootFolder(self.home.root, System())
        self.key: SigningKey = self.folder.make("toy", PASSPHRASE, CHEAP)[0]

    def begin(self) -> None:
        """Sign epoch 0."""
        document = draft_network(self.folder, self.key, HUB_KEYS, ["SELEC"], exercise=True)
        sign_network(self.folder, self.key, document, ["epoch 0"])

    def asked(self, member: Address = MEMBER) -> VerifiedRequest:
        """A request of a member, under a fresh key."""
        network, system = self.folder.read_state().network, System()
        keys = make_keys(network, member, secrets.token_bytes)
        stamps = Stamp.now(system), Stamp.now(system)
        return verify_request(apply_for(keys, member, "Focal point", ["exchange", "certify"], stamps).request, network)

    def certify(self) -> str:
        """Certify a fresh key of the member; gives its thumbprint."""
        asked = self.asked()
        sign_member(self.home, self.folder, self.key, draft_member(self.folder, asked, (), 30), [])
        return asked.kid


@pytest.fixture
def root(tmp_path: Path) -> Signer:
    """A root that has signed nothing."""
    return Signer(tmp_path / "home")


def test_epoch_0_is_signed_once(root: Signer) -> None:
    """The network file holds it, the log says what was shown, and there is no second one."""
    check_no_epoch(root.folder)
    root.begin()
    file = read_network(root.folder.network)
    assert (file.document.status, file.document.codes) == ("exercise", ["CENTRE", "SELEC"])
    assert [(each.said, each.statement) for each in root.folder.signed()] == [(["epoch 0"], file.statements[0])]
    with refused(LocalCode.EPOCH_SIGNED):
        check_no_epoch(root.folder)


def test_next_root_takes_over_with_an_epoch(root: Signer) -> None:
    """The epoch is signed by the next root, which commits to another; the state follows."""
    root.begin()
    following = root.folder.read_state().next_root
    old = document_before(root.folder, NEED)
    draft = draft_epoch(root.folder, NEED, old, PASSPHRASE, None, succeed=True)
    assert len(root.folder.epochs()) == 1
    signed = sign_epoch(root.home, root.folder, draft, PASSPHRASE, [])
    epoch = read_network(root.folder.network).epochs[1]
    assert epoch.root.kid == following != epoch.document.next_root == root.folder.read_state().next_root
    assert epoch.ledger_key.kid == HUB_KEYS[0].kid
    assert read_statements(signed.path) == root.folder.epochs()[1:]


@pytest.mark.parametrize("epoch", [0, 2, 7])
def test_only_the_epoch_that_comes_next_is_signed(root: Signer, epoch: int) -> None:
    """Before epoch 0 there is none to go on from; after it only epoch 1 comes next."""
    need = NeededEpoch(epoch, 1, NEED.root, None)
    with refused(LocalCode.NO_EPOCH_YET):
        document_before(root.folder, need)
    root.begin()
    with refused(LocalCode.OTHER_EPOCH_DUE, f"needs epoch {epoch}, and epoch 1 comes next"):
        document_before(root.folder, need)


def test_member_is_certified_for_what_it_asks(root: Signer) -> None:
    """All roles that were asked for, or those that are granted; for so many days, from an hour ago."""
    asked = root.asked()
    credential = draft_member(root.folder, asked, (), 30)
    assert (credential.roles, credential.exp - credential.nbf) == (["certify", "exchange"], 30 * 24 * 3600 + 3600)
    assert draft_member(root.folder, asked, ("exchange",), 30).roles == ["exchange"]
    signed = sign_member(root.home, root.folder, root.key, credential, ["certifies"])
    claims = claims_in(signed.path.read_text().strip())
    assert isinstance(claims, Credential)
    assert (claims.sub, signed.path.name) == (MEMBER, "KZ-NFP.credential.jws")


def test_every_key_that_was_certified_here_is_revoked_once(root: Signer) -> None:
    """The newest first; none is revoked twice, and a thumbprint that is named is taken as it is."""
    kids = [root.certify() for _each in range(2)]
    found = keys_to_revoke(root.folder, MEMBER, None)
    assert found == [kids[1], kids[0]]
    signed = sign_revocations(root.home, root.folder, root.key, (MEMBER, found), "lost", ["revokes"])
    claims = [claims_in(text) for text in read_statements(signed.path)]
    assert [each.kid for each in claims if isinstance(each, Revocation)] == found
    with refused(LocalCode.NONE_CERTIFIED_HERE, MEMBER):
        keys_to_revoke(root.folder, MEMBER, None)
    assert keys_to_revoke(root.folder, MEMBER, kids[0]) == [kids[0]]


def test_files_of_the_hub_are_read(tmp_path: Path) -> None:
    """What the hub printed is read; anything else is named."""
    file = tmp_path / "hub.json"
    file.write_text(json.dumps({"ledger_key": HUB_KEYS[0].to_jwk(), "event_key": HUB_KEYS[1].to_jwk()}))
    assert [key.kid for key in read_hub_keys(file)] == [key.kid for key in HUB_KEYS]
    with refused(LocalCode.NOT_EPOCH_NEED, "hub.json"):
        read_need(file)
    need = {"epoch": 1, "index": 1, "root": NEED.root, "last": None}
    for value in (need, {"needs_epoch": need}):
        file.write_text(json.dumps(value) + "\nmore\n")
        assert read_need(file) == NEED
    with refused(LocalCode.NOT_HUB_KEYS, "hub.json"):
        read_hub_keys(file)
