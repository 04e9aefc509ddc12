"""Chance, from the operating system."""

import os

from cryptography.hazmat.primitives.asymmetric import rsa


def octets(size: int) -> bytes:
    """Bytes that nobody can guess."""
    return os.urandom(size)


def rsa_key(bits: int) -> rsa.RSAPrivateKey:
    """A new key."""
    return rsa.generate_private_key(65537, bits)
