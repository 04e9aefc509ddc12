"""Secrets for tests and rehearsals: of the right form, the same every time, and worth nothing.

All are made from names, so whoever reads this can make them, too.
"""

import datetime
from functools import lru_cache
from hashlib import sha256, shake_256
from itertools import count

from cryptography.hazmat.primitives.asymmetric import rsa

from gitops.talos import bundle, making
from gitops.talos.bundle import Bundle
from gitops.talos.making import Draws

_DAY = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
_EXPONENT = 65537
_PRIMES = tuple(n for n in range(3, 2000, 2) if all(n % d for d in range(3, int(n**0.5) + 1, 2)))


@lru_cache
def of(cluster: str) -> Bundle:
    """The bundle of a cluster that does not exist. Its service account's key is short, to be made
    in no time."""
    draw = _Stream(f"gitops fake secrets of {cluster}")
    return making.bundle(Draws(draw.octets, draw.rsa), _DAY)


@lru_cache
def fields(cluster: str) -> dict[str, str]:
    """All fields of the item of a cluster, the administrator's among them."""
    found, draw = of(cluster), _Stream(f"gitops fake administrator of {cluster}")
    person = making.admin(found, Draws(draw.octets, draw.rsa), _DAY)
    return {**bundle.fields(found), **bundle.admin_fields(person)}


def value(vault: str, item: str, field: str) -> str:
    """What a reference leads to: a part of a bundle, or else a password."""
    cluster = item.removeprefix("talos-")
    known = fields(cluster) if cluster != item else {}
    if field in known:
        return known[field]
    return "fake-" + sha256(f"{vault}/{item}/{field}".encode()).hexdigest()[:24]


class _Stream:
    """Bytes that follow from a seed."""

    def __init__(self, seed: str) -> None:
        self._seed = seed.encode()
        self._drawn = count()

    def octets(self, size: int) -> bytes:
        return shake_256(self._seed + next(self._drawn).to_bytes(8)).digest(size)

    def rsa(self) -> rsa.RSAPrivateKey:
        p, q = sorted((self._prime(), self._prime()), reverse=True)
        d = pow(_EXPONENT, -1, (p - 1) * (q - 1))
        public = rsa.RSAPublicNumbers(_EXPONENT, p * q)
        coefficient = rsa.rsa_crt_iqmp(p, q)
        numbers = rsa.RSAPrivateNumbers(p, q, d, d % (p - 1), d % (q - 1), coefficient, public)
        return numbers.private_key()

    def _prime(self) -> int:
        """Of 1024 bits, the two highest set, so that the product has 2048."""
        number = int.from_bytes(self.octets(128)) | 3 << 1022 | 1
        while not _is_prime(number):
            number += 2
        return number


def _is_prime(number: int) -> bool:
    """By Fermat's test with a few bases: nobody chose these numbers to deceive it."""
    small = all(number % prime for prime in _PRIMES)
    fits = (number - 1) % _EXPONENT != 0
    return small and fits and all(pow(base, number - 1, number) == 1 for base in (2, 3, 5))
