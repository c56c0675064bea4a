"""Other keys for a member."""

from __future__ import annotations

from clients.actions.renewal import make_new_keys, prepare_renewal, request_renewal
from clients.actions.signed_files import claims_in
from clients.errors import LocalCode
from schemas.claims import Enrolment
from schemas.enrolment import verify_request
from tests.support.counter import Counter
from tests.support.desk import Desk
from tests.support.refusals import refused


def test_new_keys_are_asked_for_as_the_old_ones_were(counter: Counter) -> None:
    """Name and roles stay; the request is under the new key, and the old one is kept."""
    renewal = prepare_renewal(counter)
    assert not renewal.waiting
    old = counter.store.keys.signing
    make_new_keys(counter)
    request = request_renewal(counter, renewal).request.read_text().strip()
    asked = verify_request(request, counter.store.keys.network)
    assert (asked.claims.name, asked.claims.roles) == (renewal.name, list(renewal.roles))
    assert asked.kid == counter.store.keys.signing[0].kid != old[0].kid
    assert counter.store.keys.signing[1:] == old
    assert prepare_renewal(counter).waiting


def test_request_can_be_written_again(counter: Counter) -> None:
    """While new keys wait, the request for the same keys is written once more."""
    renewal = prepare_renewal(counter)
    make_new_keys(counter)
    kids = []
    for _each in range(2):
        claims = claims_in(request_renewal(counter, renewal).request.read_text().strip())
        assert isinstance(claims, Enrolment)
        kids.append(claims.key)
    assert kids[0] == kids[1]


def test_member_that_was_never_certified_has_nothing_to_renew(counter: Counter, kz: Desk) -> None:
    """Where no credential is known there is no name to ask under."""
    counter.state.set_directory(type(kz.state.directory)(kz.state.keys.network), 0)
    with refused(LocalCode.NOT_CERTIFIED):
        prepare_renewal(counter)
