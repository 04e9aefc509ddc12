"""Stand-ins for random values: equal seeds give equal text, whatever machine or time it is.

None of them is a secret. Whoever has the repository can make them.
"""

import base64
import hashlib
import string
from functools import lru_cache

_ROUNDS = 32
_LINE = 64
_KEY_BYTES = {"RSA": 1190, "DSA": 830, "EC": 121}
"""How long the keys are that Helm makes, in DER: 2048 bits, 2048 bits, and P-256."""


def text(seed: str, alphabet: str, length: int) -> str:
    """So many characters of the alphabet."""
    return "".join(alphabet[byte % len(alphabet)] for byte in _bytes(seed, length))


def uuid(seed: str) -> str:
    """A UUID of version 4 by its looks."""
    digits = list(hashlib.sha256(seed.encode()).hexdigest()[:32])
    digits[12], digits[16] = "4", "89ab"[int(digits[16], 16) % 4]
    joined = "".join(digits)
    return "-".join((joined[:8], joined[8:12], joined[12:16], joined[16:20], joined[20:]))


def bcrypt(seed: str) -> str:
    """What a bcrypt hash looks like; no password leads to it."""
    return "$2a$10$" + text(seed, "./" + string.ascii_letters + string.digits, 53)


def private_key(seed: str, kind: str) -> str:
    """A PEM block of the right type and size; what it holds is no key."""
    encoded = base64.b64encode(_bytes(seed, _KEY_BYTES[kind])).decode()
    lines = [encoded[at : at + _LINE] for at in range(0, len(encoded), _LINE)]
    label = f"{kind} PRIVATE KEY"
    return "\n".join((f"-----BEGIN {label}-----", *lines, f"-----END {label}-----", ""))


@lru_cache(maxsize=256)
def certificate(seed: str, authority: str = "") -> tuple[str, str]:
    """A certificate and its key as PEM, signed by the authority of that seed, else by itself.

    Both are sound: programs that parse or chain them do not stumble. The keys are Ed25519 where
    Helm's are RSA, because those follow from a seed.
    """
    # cryptography takes 40 ms to import, and few charts make certificates.
    from gitops.sources.helm import placeholders  # noqa: PLC0415

    key = placeholders.key(_bytes(seed, 32))
    signer = placeholders.key(_bytes(authority or seed, 32))
    serial = int.from_bytes(_bytes("serial " + seed, 15), "big")
    return placeholders.certificate(key, signer, serial, is_authority=not authority)


def _bytes(seed: str, length: int) -> bytes:
    blocks = (hashlib.sha256(f"{seed}\0{at}".encode()).digest() for at in range(-(-length // 32)))
    return b"".join(blocks)[:length]
