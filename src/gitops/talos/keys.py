"""Keys as Talos writes them: the base64 of PEM, with a label of its own for Ed25519.

Source: siderolabs/crypto, `x509.PEMTypeEd25519PrivateKey`.
"""

from base64 import b64decode
from binascii import Error

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

LABEL = b"ED25519 PRIVATE KEY"
Private = ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


def private(text: str) -> Private | None:
    """The key; None where it is none of a kind that Talos makes."""
    pem = decoded(text).replace(LABEL, b"PRIVATE KEY")
    try:
        found = serialization.load_pem_private_key(pem, password=None)
    except (ValueError, TypeError):
        return None
    kinds = (ed25519.Ed25519PrivateKey, ec.EllipticCurvePrivateKey, rsa.RSAPrivateKey)
    return found if isinstance(found, kinds) else None


def decoded(text: str) -> bytes:
    """What is in base64; nothing where it is not."""
    try:
        return b64decode(text, validate=True)
    except (Error, ValueError):
        return b""
