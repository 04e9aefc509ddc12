"""Makes bundles: the same kinds of keys and certificates as `talosctl gen secrets`.

Source: Talos v1.13.9, `pkg/machinery/config/generate/secrets`; siderolabs/crypto v0.6.5, `x509`.
Authorities last ten years. That of Talos signs with Ed25519, and its key has a label of its own;
the others sign with ECDSA on P-256. The front proxy's has no subject.
"""

import datetime
from base64 import b64decode, b64encode, urlsafe_b64encode
from collections.abc import Callable

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from gitops.errors import UsageError
from gitops.talos import keys
from gitops.talos.bundle import Bundle, Certs, Cluster, Key, Pair, Secrets, Trustd

_YEARS = datetime.timedelta(hours=87600)
_YEAR = datetime.timedelta(hours=8760)
_LETTERS = "0123456789abcdefghijklmnopqrstuvwxyz"
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""How many points there are on P-256; source: NIST SP 800-186, 3.2.1.3."""
_Signer = ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey


class Draws(msgspec.Struct, frozen=True):
    """Where chance comes from: bytes, and a key for service accounts."""

    octets: Callable[[int], bytes]
    service_account: Callable[[], rsa.RSAPrivateKey]


def bundle(draws: Draws, now: datetime.datetime) -> Bundle:
    """A new one."""
    return Bundle(
        cluster=Cluster(
            id=urlsafe_b64encode(draws.octets(32)).decode(), secret=_base64(draws.octets(32))
        ),
        secrets=Secrets(_token(draws), _base64(draws.octets(32))),
        trustdinfo=Trustd(_token(draws)),
        certs=Certs(
            etcd=_authority(_ecdsa(draws), "etcd", draws, now),
            k8s=_authority(_ecdsa(draws), "kubernetes", draws, now),
            k8saggregator=_authority(_ecdsa(draws), "", draws, now),
            k8sserviceaccount=Key(_pem(draws.service_account())),
            os=_authority(
                ed25519.Ed25519PrivateKey.from_private_bytes(draws.octets(32)), "talos", draws, now
            ),
        ),
    )


def admin(found: Bundle, draws: Draws, now: datetime.datetime) -> Pair:
    """With what a person is the administrator of the machines, for a year.

    Source: `secrets.NewAdminCertificateAndKey`: signed by the authority of Talos, the role is its
    organization.
    """
    key = ed25519.Ed25519PrivateKey.from_private_bytes(draws.octets(32))
    authority = x509.load_pem_x509_certificate(b64decode(found.certs.os.crt))
    signer = keys.private(found.certs.os.key)
    if not isinstance(signer, ed25519.Ed25519PrivateKey):
        raise UsageError("certs.os of the bundle is not the authority of Talos")
    unsigned = (
        x509.CertificateBuilder()
        .subject_name(_name("os:admin"))
        .issuer_name(authority.subject)
        .public_key(key.public_key())
        .serial_number(int.from_bytes(draws.octets(16)) >> 1 | 1)
        .not_valid_before(now)
        .not_valid_after(now + _YEAR)
        .add_extension(_usage(signs=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), critical=False)
        .add_extension(_signed_by(authority), critical=False)
    )
    certificate = unsigned.sign(signer, None)
    return Pair(_base64(certificate.public_bytes(serialization.Encoding.PEM)), _pem(key))


def _signed_by(authority: x509.Certificate) -> x509.AuthorityKeyIdentifier:
    """The number that the authority gives its key, which is drawn and not made from it."""
    found = authority.extensions.get_extension_for_class(x509.SubjectKeyIdentifier)
    return x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(found.value)


def _name(organization: str) -> x509.Name:
    attributes = [x509.NameAttribute(NameOID.ORGANIZATION_NAME, organization)]
    return x509.Name(attributes if organization else [])


def _usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        key_cert_sign=signs,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )


def _base64(content: bytes) -> str:
    return b64encode(content).decode()


def _token(draws: Draws) -> str:
    return f"{_letters(draws, 6)}.{_letters(draws, 16)}"


def _letters(draws: Draws, count: int) -> str:
    """Each letter as likely as any other: bytes beyond a multiple of 36 are thrown away."""
    found = ""
    while len(found) < count:
        byte = draws.octets(1)[0]
        found += _LETTERS[byte % 36] if byte < 252 else ""
    return found


def _ecdsa(draws: Draws) -> ec.EllipticCurvePrivateKey:
    """Source: FIPS 186-5, A.2.1: 64 bits more than the order, so that no key is likelier."""
    number = int.from_bytes(draws.octets(40)) % (_ORDER - 1) + 1
    return ec.derive_private_key(number, ec.SECP256R1())


def _authority(key: _Signer, organization: str, draws: Draws, now: datetime.datetime) -> Pair:
    """Extensions in the order in which Go writes them."""
    name = _name(organization)
    purposes = [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]
    unsigned = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(int.from_bytes(draws.octets(16)) >> 1 | 1)
        .not_valid_before(now)
        .not_valid_after(now + _YEARS)
        .add_extension(_usage(signs=True), critical=True)
        .add_extension(x509.ExtendedKeyUsage(purposes), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier(draws.octets(20)), critical=False)
    )
    certificate = _signed(unsigned, key)
    return Pair(_base64(certificate.public_bytes(serialization.Encoding.PEM)), _pem(key))


def _signed(unsigned: x509.CertificateBuilder, key: _Signer) -> x509.Certificate:
    """The same draws give the same certificate: ECDSA takes its number from the key (RFC 6979)."""
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return unsigned.sign(key, None)
    return unsigned.sign(key, hashes.SHA256(), ecdsa_deterministic=True)


def _pem(key: _Signer | rsa.RSAPrivateKey) -> str:
    modern = isinstance(key, ed25519.Ed25519PrivateKey)
    shape = serialization.PrivateFormat
    text = key.private_bytes(
        serialization.Encoding.PEM,
        shape.PKCS8 if modern else shape.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )
    label, own = (b"PRIVATE KEY", b"ED25519 PRIVATE KEY") if modern else (b"", b"")
    return _base64(text.replace(b" " + label + b"-", b" " + own + b"-") if modern else text)
