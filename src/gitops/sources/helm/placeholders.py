"""Certificates whose every byte follows from a seed."""

from datetime import UTC, datetime

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

_FROM = datetime(2000, 1, 1, tzinfo=UTC)
_UNTIL = datetime(2100, 1, 1, tzinfo=UTC)
_AUTHORITY = "placeholder authority"
_LEAF = "placeholder"


def key(seed: bytes) -> Ed25519PrivateKey:
    """The key that 32 bytes stand for."""
    return Ed25519PrivateKey.from_private_bytes(seed)


def certificate(
    own: Ed25519PrivateKey, signer: Ed25519PrivateKey, serial: int, *, is_authority: bool
) -> tuple[str, str]:
    """A certificate for `own`, signed by `signer`, and the key, both as PEM."""
    named = (
        x509.CertificateBuilder()
        .subject_name(_name(_AUTHORITY if is_authority else _LEAF))
        .issuer_name(_name(_AUTHORITY))
        .public_key(own.public_key())
        .serial_number(serial)
        .not_valid_before(_FROM)
        .not_valid_after(_UNTIL)
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
    )
    signed = named.sign(signer, None).public_bytes(Encoding.PEM)
    private = own.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return signed.decode(), private.decode()


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])
