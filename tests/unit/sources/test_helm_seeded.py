"""Stand-ins for random values."""

import string

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from gitops.sources.helm import seeded


def test_text_follows_from_the_seed_alone() -> None:
    assert seeded.text("seed", string.ascii_lowercase, 8) == "uncpvswt"
    assert seeded.text("other", string.ascii_lowercase, 8) != "uncpvswt"
    assert len(seeded.text("seed", "ab", 1000)) == 1000


def test_a_certificate_and_its_key_belong_together() -> None:
    certificate, key = seeded.certificate("leaf", "authority")
    authority = x509.load_pem_x509_certificate(seeded.certificate("authority")[0].encode())
    leaf = x509.load_pem_x509_certificate(certificate.encode())
    private = load_pem_private_key(key.encode(), None)
    assert leaf.public_key() == private.public_key()
    leaf.verify_directly_issued_by(authority)
    authority.verify_directly_issued_by(authority)


def test_equal_seeds_give_equal_certificates() -> None:
    once = seeded.certificate("seed")
    seeded.certificate.cache_clear()
    assert seeded.certificate("seed") == once
    assert seeded.certificate("other") != once


@pytest.mark.parametrize("kind", ["RSA", "DSA", "EC"])
def test_a_private_key_looks_like_one(kind: str) -> None:
    first, *lines, last, end = seeded.private_key("seed", kind).split("\n")
    assert (first, last, end) == (
        f"-----BEGIN {kind} PRIVATE KEY-----",
        f"-----END {kind} PRIVATE KEY-----",
        "",
    )
    assert {len(line) for line in lines[:-1]} == {64}


def test_a_hash_looks_like_one_of_bcrypt() -> None:
    assert len(seeded.bcrypt("seed")) == 60
    assert seeded.bcrypt("seed").startswith("$2a$10$")
