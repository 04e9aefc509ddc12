"""Whether a bundle is such as Talos takes, and each key fits its certificate. No value is told.

Source: Talos v1.13.9, `Bundle.Validate`, and the generators of `secrets/ca.go` for kinds of keys.
"""

import datetime
import re
from base64 import urlsafe_b64decode
from binascii import Error
from collections.abc import Callable, Iterator

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from gitops.model import finding
from gitops.model.finding import Finding
from gitops.model.origin import Location
from gitops.talos import keys
from gitops.talos.bundle import Bundle, Pair

_TOKEN = re.compile(r"[0-9a-z]{6}\.[0-9a-z]{16}")
_HINT = "make the bundle anew with `gitops talos secrets new`, or export the cluster's own again"


def findings(bundle: Bundle, path: str, today: datetime.date) -> Iterator[Finding]:
    """All that is wrong with it."""
    for place, words in (*_texts(bundle), *_certs(bundle, today)):
        yield finding.error("talos/bundle", Location(path), f"{place} {words}", _HINT)


def _texts(bundle: Bundle) -> Iterator[tuple[str, str]]:
    tokens = {
        "secrets.bootstraptoken": bundle.secrets.bootstraptoken,
        "trustdinfo.token": bundle.trustdinfo.token,
    }
    for place, token in tokens.items():
        if not _TOKEN.fullmatch(token):
            yield place, "is no token: six and sixteen letters or digits, with a dot between"
    secretbox = bundle.secrets.secretboxencryptionsecret
    aescbc = bundle.secrets.aescbcencryptionsecret
    if bool(secretbox) == bool(aescbc):
        yield "secrets", "has to have one of secretboxencryptionsecret and aescbcencryptionsecret"
    drawn: dict[str, tuple[str, Callable[[str], bytes]]] = {
        "cluster.id": (bundle.cluster.id, _either_base64),
        "cluster.secret": (bundle.cluster.secret, keys.decoded),
        "secrets.secretboxencryptionsecret": (secretbox, keys.decoded),
        "secrets.aescbcencryptionsecret": (aescbc, keys.decoded),
    }
    for place, (text, decode) in drawn.items():
        if text and len(decode(text)) != 32:
            yield place, "is not the base64 of 32 bytes"


def _certs(bundle: Bundle, today: datetime.date) -> Iterator[tuple[str, str]]:
    certs = bundle.certs
    authorities: dict[str, tuple[Pair, type]] = {
        "certs.etcd": (certs.etcd, ec.EllipticCurvePrivateKey),
        "certs.k8s": (certs.k8s, ec.EllipticCurvePrivateKey),
        "certs.k8saggregator": (certs.k8saggregator, ec.EllipticCurvePrivateKey),
        "certs.os": (certs.os, ed25519.Ed25519PrivateKey),
    }
    for place, (pair, kind) in authorities.items():
        yield from ((place, words) for words in _authority(pair, kind, today))
    key = keys.private(certs.k8sserviceaccount.key)
    if not isinstance(key, rsa.RSAPrivateKey):
        yield "certs.k8sserviceaccount", "is no RSA key in PEM"


def _authority(pair: Pair, kind: type, today: datetime.date) -> Iterator[str]:
    certificate, key = _certificate(pair.crt), keys.private(pair.key)
    if certificate is None:
        yield "has a certificate that is none"
    if key is None:
        yield "has a key that is none"
    elif not isinstance(key, kind):
        yield "has a key of another kind than Talos makes"
    elif kind is ed25519.Ed25519PrivateKey and keys.LABEL not in keys.decoded(pair.key):
        yield "has a key whose label is not ED25519 PRIVATE KEY, which is the one that Talos reads"
    if certificate is None:
        return
    yield from _signed(certificate, today)
    if key is not None and _public(key) != _public(certificate):
        yield "has a key that is not the certificate's"


def _signed(certificate: x509.Certificate, today: datetime.date) -> Iterator[str]:
    try:
        certificate.verify_directly_issued_by(certificate)
    except (ValueError, TypeError, InvalidSignature):
        yield "has a certificate that it did not sign itself"
    constraints = certificate.extensions.get_extension_for_class(x509.BasicConstraints)
    if not constraints.value.ca:
        yield "has a certificate that is no authority's"
    if certificate.not_valid_after_utc.date() < today:
        yield f"ended on {certificate.not_valid_after_utc:%Y-%m-%d}"


def _public(of: x509.Certificate | keys.Private) -> bytes:
    return of.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def _certificate(text: str) -> x509.Certificate | None:
    try:
        found = x509.load_pem_x509_certificate(keys.decoded(text))
        found.extensions.get_extension_for_class(x509.BasicConstraints)
    except (ValueError, x509.ExtensionNotFound):
        return None
    return found


def _either_base64(text: str) -> bytes:
    """Talos changed from one alphabet to the other in 1.14."""
    try:
        return keys.decoded(text) or urlsafe_b64decode(text)
    except (Error, ValueError):
        return b""
