"""What is written to the sender of a dispatch that came: what came of it, or a few words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from clients.actions.client import Client
from clients.actions.numbers import SpokenNumber
from clients.actions.reading import Original, find_delivery, find_original
from schemas.addresses import Address


@dataclass(frozen=True, slots=True)
class Response:
    """A feedback that is about to be written.

    Attributes:
        original: what it answers.
        to: whom it goes to.
        left_out: who got the original too, and is not written to.
        known: answers that follow from the original, by the key of the step.
        draft: name of its draft.
    """

    original: Original
    to: tuple[Address, ...]
    left_out: tuple[Address, ...]
    known: Mapping[str, str]
    draft: str


def begin_feedback(client: Client, spoken: SpokenNumber, status: str | None, *, to_all: bool) -> Response:
    """A feedback on what came.

    Args:
        client: whose.
        spoken: the number of what came, as a person typed it.
        status: how the person wants it to be marked; ``None`` if that is open.
        to_all: whether it goes to all others who got the original, too.

    Raises:
        ClientError: what `clients.actions.reading.find_original` raises; ``not_received`` if it was sent by us.
    """
    original, to, left_out = _begin(client, spoken, status, to_all=to_all)
    known = {"your_reference": original.reference}
    return Response(original, to, left_out, known, f"feedback {original.digest}")


def begin_reply(client: Client, spoken: SpokenNumber, status: str | None, *, to_all: bool) -> Response:
    """A reply to what came: a feedback in which only the words need to be typed; see `begin_feedback`."""
    original, to, left_out = _begin(client, spoken, status, to_all=to_all)
    known = {
        "reference": f"RE {original.number}",
        "your_reference": original.reference,
        "outcome": "information_given",
    }
    return Response(original, to, left_out, known, f"reply {original.digest}")


def _begin(
    client: Client, spoken: SpokenNumber, status: str | None, *, to_all: bool
) -> tuple[Original, tuple[Address, ...], tuple[Address, ...]]:
    """What came, to whom a response goes, and who is left out."""
    original = find_original(client, spoken, status)
    find_delivery(client, original.index)
    others = tuple(each for each in original.cover.to if each not in (original.sender, client.state.member))
    return original, (original.sender, *(others if to_all else ())), () if to_all else others
