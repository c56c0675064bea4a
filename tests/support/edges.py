"""Signatures and keys at the edges of Ed25519, made with exact arithmetic (PROTOCOL 4).

Points are pairs of numbers and every step is the textbook's: slow, and nobody's library.
`EDGES` are signatures that implementations judge differently, `WEAK_KEYS` are keys that
OpenSSL takes and this protocol refuses.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, cast

from schemas.addresses import Address
from schemas.encoding import encode_base64url
from schemas.keys import Kid, SigningKey, VerifyKey
from tests.support.world import Party, World

Point = tuple[int, int]

PRIME: Final = 2**255 - 19
ORDER: Final = 2**252 + 27742317777372353535851937790883648493
"""L, the order of the base point."""

_D: Final = -121665 * pow(121666, -1, PRIME) % PRIME
_ROOT_OF_MINUS_ONE: Final = pow(2, (PRIME - 1) // 4, PRIME)
NEUTRAL: Final[Point] = (0, 1)


def add(p: Point, q: Point) -> Point:
    """The sum of two points of the curve (RFC 8032 section 5.1.4)."""
    (x1, y1), (x2, y2) = p, q
    product = _D * x1 * x2 * y1 * y2
    x = (x1 * y2 + x2 * y1) * pow(1 + product, -1, PRIME)
    y = (y1 * y2 + x1 * x2) * pow(1 - product, -1, PRIME)
    return x % PRIME, y % PRIME


def multiply(number: int, p: Point) -> Point:
    """A multiple of a point."""
    result = NEUTRAL
    for bit in f"{number:b}":
        result = add(result, result)
        result = add(result, p) if bit == "1" else result
    return result


def point_of(y: int, sign: int = 0) -> Point | None:
    """The point with a y and the lowest bit of its x, if the curve has one."""
    square = (y * y - 1) * pow(_D * y * y + 1, -1, PRIME) % PRIME
    x = pow(square, (PRIME + 3) // 8, PRIME)
    x = x if x * x % PRIME == square else x * _ROOT_OF_MINUS_ONE % PRIME
    if x * x % PRIME != square:
        return None
    return (x if x % 2 == sign else -x % PRIME), y


def encode(p: Point, spelt_y: int | None = None) -> bytes:
    """The 32 bytes of a point; with ``spelt_y`` in another spelling of its y."""
    return ((p[1] if spelt_y is None else spelt_y) | (p[0] & 1) << 255).to_bytes(32, "little")


def _point(y: int) -> Point:
    found = point_of(y)
    assert found is not None
    return found


BASE: Final = _point(4 * pow(5, -1, PRIME) % PRIME)
_ORDER_8: Final = 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826
SMALL: Final = tuple(multiply(turn, _point(_ORDER_8)) for turn in range(8))
"""The eight points of small order, the neutral one first."""

_SIGN: Final = 1 << 255


def _spelt(number: int) -> bytes:
    return number.to_bytes(32, "little")


WEAK_KEYS: Final[dict[str, bytes]] = {
    **{f"small-order-{turn}": encode(point) for turn, point in enumerate(SMALL)},
    "neutral-with-a-sign": _spelt(1 | _SIGN),
    "order-2-with-a-sign": _spelt(PRIME - 1 | _SIGN),
    "neutral-beyond-the-prime": _spelt(PRIME + 1),
    "order-4-beyond-the-prime": _spelt(PRIME),
    "order-4-beyond-the-prime-with-a-sign": _spelt(PRIME | _SIGN),
    "large-order-beyond-the-prime": next(_spelt(PRIME + y) for y in range(2, 19) if point_of(y)),
    "no-point": next(_spelt(y) for y in range(2, 19) if point_of(y) is None),
}
"""Bytes that are no key, by what is wrong with them."""


def weak_credential(world: World, weak: str) -> str:
    """A credential of KZ/NFP for a unit, well signed, for what is no key, by its name in `WEAK_KEYS`."""
    party = Party.of(Address("KZ/UNIT-1"))
    keys = party.key()
    keys["sig"]["x"] = encode_base64url(WEAK_KEYS[weak])
    asked = world.enrolment(party, roles=["exchange", "certify"], key=keys)
    return world.credential(party, "KZ/NFP", request=asked)


@dataclass(frozen=True, slots=True)
class EdgeKey:
    """A private key whose signatures lie at an edge; stands where a `SigningKey` does.

    Attributes:
        scalar: the secret a.
        point: A, the public point: aB, and for a key of mixed order a point of order 8 more.
        edge: how it signs.
    """

    scalar: int
    point: Point
    edge: Edge

    @property
    def public(self) -> VerifyKey:
        """The key that others verify with."""
        return VerifyKey.from_raw(encode(self.point))

    @property
    def kid(self) -> Kid:
        """Thumbprint of the public key."""
        return self.public.kid

    def challenge(self, r: bytes, data: bytes) -> int:
        """K before it is reduced: 512 bits."""
        return int.from_bytes(hashlib.sha512(r + encode(self.point) + data).digest(), "little")

    def sign(self, data: bytes) -> bytes:
        """A signature at the edge."""
        return self.edge.sign(self, data)


@dataclass(frozen=True, slots=True)
class Edge:
    """One kind of signature that implementations judge differently.

    Attributes:
        name: of the vector.
        what: what is special.
        holds: whether it is a signature, by PROTOCOL 4.
        sign: how it is made.
        mixed: whether the key is of mixed order.
    """

    name: str
    what: str
    holds: bool
    sign: Callable[[EdgeKey, bytes], bytes]
    mixed: bool = False

    def key(self, name: str) -> SigningKey:
        """The key of a name, which signs at this edge."""
        scalar = int.from_bytes(hashlib.sha512(name.encode()).digest(), "little") % ORDER
        point = multiply(scalar, BASE)
        return cast("SigningKey", EdgeKey(scalar, add(point, SMALL[1]) if self.mixed else point, self))


def edge_credential(world: World, officer: Party, edge: Edge) -> str:
    """A credential of an officer whose key signs at an edge; what it asked with is a signature by any reading."""
    holds = "a-mixed" if edge.mixed else "r-of-small-order"
    key = replace(officer.sig, edge=next(each for each in EDGES if each.name == holds))  # type: ignore[call-arg]
    asked = world.enrolment(replace(officer, sig=key), roles=["exchange", "duty_officer"])
    return world.credential(officer, request=asked)


def _signature(r: bytes, s: int) -> bytes:
    return r + s.to_bytes(32, "little")


def _with_r(r: bytes) -> Callable[[EdgeKey, bytes], bytes]:
    """A signature whose R has the discrete logarithm 0, but for a point of small order."""
    return lambda key, data: _signature(r, key.challenge(r, data) * key.scalar % ORDER)


def _large_s(key: EdgeKey, data: bytes) -> bytes:
    r = encode(multiply(1, BASE))
    return _signature(r, (1 + key.challenge(r, data) * key.scalar) % ORDER + ORDER)


def _searched(*, reduced: bool) -> Callable[[EdgeKey, bytes], bytes]:
    """A signature by a key of mixed order for which just one of k and k mod L is a multiple of 8."""

    def sign(key: EdgeKey, data: bytes) -> bytes:
        number, at = 1, BASE
        while True:
            r = encode(at)
            whole = key.challenge(r, data)
            fits = (whole % ORDER) % 8 == 0, whole % 8 == 0
            if fits == (reduced, not reduced):
                return _signature(r, (number + whole * key.scalar) % ORDER)
            number, at = number + 1, add(at, BASE)

    return sign


EDGES: Final = (
    Edge("s-not-reduced", "S is L or more", holds=False, sign=_large_s),
    Edge("r-beyond-the-prime", "R in a second spelling, y beyond the prime", False, _with_r(_spelt(PRIME + 1))),
    Edge("r-with-a-sign", "R in a second spelling, the sign of x = 0 set", False, _with_r(_spelt(1 | _SIGN))),
    Edge("r-of-small-order", "R is the neutral point, the equation holds", True, _with_r(encode(NEUTRAL))),
    Edge("r-of-order-8", "the equation holds only times 8: R has a part of order 8", False, _with_r(encode(SMALL[1]))),
    Edge("a-mixed", "A of mixed order; the equation holds with k mod L", True, _searched(reduced=True), mixed=True),
    Edge(
        "a-mixed-times-8",
        "A of mixed order; the equation holds only times 8, or with k not reduced",
        holds=False,
        sign=_searched(reduced=False),
        mixed=True,
    ),
)
"""What of each pair one implementation accepts and another refuses."""
