"""Bundles of secrets: how they are made, read and judged, and how references are followed."""

import datetime
from base64 import b64decode, b64encode
from typing import Any

import msgspec
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import NameOID

from gitops.sources import randomness, yamlio
from gitops.talos import bundle, fakes, following, keys, making, proving
from gitops.talos.bundle import Bundle, Key, Pair
from gitops.talos.making import Draws

TODAY = datetime.date(2026, 11, 24)
NOW = datetime.datetime(2026, 11, 24, 1, 2, 3, tzinfo=datetime.UTC)
FAKE = fakes.of("infra")


def judged(found: Bundle) -> list[tuple[str, str]]:
    wrong = list(proving.findings(found, "infra.yaml", TODAY))
    assert {str(each.at) for each in wrong} <= {"infra.yaml"}
    return [(each.rule, each.message) for each in wrong]


def test_a_bundle_has_the_keys_and_the_order_of_talosctl() -> None:
    (document,), mistakes = yamlio.parse(bundle.text(FAKE).encode(), "infra.yaml")
    assert mistakes == ()
    shape = {part: list(inner) for part, inner in document.value.items()}
    assert shape == {
        "cluster": ["id", "secret"],
        "secrets": ["bootstraptoken", "secretboxencryptionsecret"],
        "trustdinfo": ["token"],
        "certs": ["etcd", "k8s", "k8saggregator", "k8sserviceaccount", "os"],
    }
    certs = {name: list(inner) for name, inner in document.value["certs"].items()}
    pair = ["crt", "key"]
    assert certs == {
        "etcd": pair,
        "k8s": pair,
        "k8saggregator": pair,
        "k8sserviceaccount": ["key"],
        "os": pair,
    }


def certificate(pair: Pair) -> x509.Certificate:
    return x509.load_pem_x509_certificate(b64decode(pair.crt))


def test_authorities_are_those_of_talos() -> None:
    certs = FAKE.certs
    made = {"etcd": certs.etcd, "kubernetes": certs.k8s, "talos": certs.os}
    for organization, pair in made.items():
        (attribute,) = certificate(pair).subject
        assert (attribute.oid, attribute.value) == (NameOID.ORGANIZATION_NAME, organization)
    assert list(certificate(certs.k8saggregator).subject) == []
    for name in ("etcd", "k8s", "k8saggregator"):
        assert isinstance(keys.private(getattr(certs, name).key), ec.EllipticCurvePrivateKey)
    assert isinstance(keys.private(certs.os.key), ed25519.Ed25519PrivateKey)
    assert isinstance(keys.private(certs.k8sserviceaccount.key), rsa.RSAPrivateKey)


def test_keys_are_in_the_forms_that_talos_reads() -> None:
    heads = {
        name: b64decode(getattr(FAKE.certs, name).key).splitlines()[0]
        for name in ("etcd", "os", "k8sserviceaccount")
    }
    assert heads == {
        "etcd": b"-----BEGIN EC PRIVATE KEY-----",
        "os": b"-----BEGIN ED25519 PRIVATE KEY-----",
        "k8sserviceaccount": b"-----BEGIN RSA PRIVATE KEY-----",
    }


def test_an_authority_lasts_ten_years_and_signs_itself() -> None:
    found = certificate(FAKE.certs.os)
    lasts = found.not_valid_after_utc - found.not_valid_before_utc
    assert lasts == datetime.timedelta(hours=87600)
    found.verify_directly_issued_by(found)
    names = [type(extension.value).__name__ for extension in found.extensions]
    assert names == ["KeyUsage", "ExtendedKeyUsage", "BasicConstraints", "SubjectKeyIdentifier"]


def test_the_administrator_is_signed_by_the_authority_of_the_machines() -> None:
    fields = fakes.fields("infra")
    found = certificate(Pair(fields["admin-crt"], fields["admin-key"]))
    found.verify_directly_issued_by(certificate(FAKE.certs.os))
    assert [attribute.value for attribute in found.subject] == ["os:admin"]


def test_what_is_drawn_from_the_system_is_right_and_never_the_same() -> None:
    draws = Draws(randomness.octets, lambda: randomness.rsa_key(2048))
    one, other = making.bundle(draws, NOW), making.bundle(draws, NOW)
    assert judged(one) == judged(other) == []
    assert not set(bundle.fields(one).values()) & set(bundle.fields(other).values())


def test_fakes_are_the_same_every_time_and_of_each_cluster_others() -> None:
    fakes.of.cache_clear()
    assert fakes.of("infra") == FAKE
    others = bundle.fields(fakes.of("apps")).values()
    assert not set(bundle.fields(FAKE).values()) & set(others)
    assert fakes.value("operator", "nut", "upsmon-password") == "fake-946ef404ff80d2a7ffce84ef"


def test_a_bundle_is_read_as_it_was_written() -> None:
    assert bundle.read(bundle.text(FAKE).encode(), "infra.yaml") == FAKE
    assert bundle.convert(bundle.of_fields(bundle.fields(FAKE)), "op") == FAKE


def test_what_is_missing_is_told_without_a_value() -> None:
    text = yamlio.dump({"cluster": {"id": "not-to-be-shown"}, "secrets": {}})
    found = bundle.read(text.encode(), "infra.yaml")
    assert isinstance(found, tuple)
    assert {each.rule for each in found} == {"talos/bundle"}
    assert [each.message for each in found] == [
        "certs.etcd.crt is missing",
        "certs.etcd.key is missing",
        "certs.k8s.crt is missing",
        "certs.k8s.key is missing",
        "certs.k8saggregator.crt is missing",
        "certs.k8saggregator.key is missing",
        "certs.k8sserviceaccount.key is missing",
        "certs.os.crt is missing",
        "certs.os.key is missing",
        "cluster.secret is missing",
        "secrets.bootstraptoken is missing",
        "secrets.secretboxencryptionsecret is missing",
        "trustdinfo.token is missing",
    ]


def test_a_bundle_from_an_old_talos_encrypts_otherwise() -> None:
    value: dict[str, Any] = msgspec.to_builtins(FAKE)
    value["secrets"]["aescbcencryptionsecret"] = value["secrets"].pop("secretboxencryptionsecret")
    found = bundle.convert(value, "infra.yaml")
    assert isinstance(found, Bundle)
    assert judged(found) == []


def changed(**certs: Any) -> Bundle:
    return msgspec.structs.replace(FAKE, certs=msgspec.structs.replace(FAKE.certs, **certs))


OTHER = fakes.of("apps").certs
PKCS8 = b64encode(b64decode(FAKE.certs.os.key).replace(b"ED25519 ", b"")).decode()


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        (
            changed(os=Pair(FAKE.certs.os.crt, OTHER.os.key)),
            ["certs.os has a key that is not the certificate's"],
        ),
        (
            changed(etcd=Pair("bm90aGluZw==", FAKE.certs.etcd.key)),
            ["certs.etcd has a certificate that is none"],
        ),
        (changed(k8s=Pair(FAKE.certs.k8s.crt, "?")), ["certs.k8s has a key that is none"]),
        (
            changed(k8s=FAKE.certs.os),
            ["certs.k8s has a key of another kind than Talos makes"],
        ),
        (
            changed(os=Pair(FAKE.certs.os.crt, PKCS8)),
            [
                "certs.os has a key whose label is not ED25519 PRIVATE KEY, "
                "which is the one that Talos reads"
            ],
        ),
        (
            changed(k8sserviceaccount=Key(FAKE.certs.k8s.key)),
            ["certs.k8sserviceaccount is no RSA key in PEM"],
        ),
        (
            changed(
                os=Pair(fakes.fields("infra")["admin-crt"], fakes.fields("infra")["admin-key"])
            ),
            ["certs.os has a certificate that is none"],
        ),
        (
            msgspec.structs.replace(FAKE, trustdinfo=bundle.Trustd("changeme")),
            ["trustdinfo.token is no token: six and sixteen letters or digits, with a dot between"],
        ),
        (
            msgspec.structs.replace(FAKE, cluster=bundle.Cluster("YQ==", FAKE.cluster.secret)),
            ["cluster.id is not the base64 of 32 bytes"],
        ),
    ],
)
def test_a_part_that_is_wrong_is_told(wrong: Bundle, expected: list[str]) -> None:
    assert judged(wrong) == [("talos/bundle", message) for message in expected]


def test_an_authority_that_is_over_is_told() -> None:
    late = datetime.date(2036, 1, 1)
    found = [each.message for each in proving.findings(FAKE, "infra.yaml", late)]
    assert found == [
        f"certs.{name} ended on 2035-12-30" for name in ("etcd", "k8s", "k8saggregator", "os")
    ]


def test_references_end_where_they_do_for_op() -> None:
    def shown(vault: str, item: str, field: str) -> str:
        return f"<{vault} {item} {field}>"

    text = "MONITOR a op://operator/nut/upsmon-password secondary\nkey: op://a/b/c.d_e\n"
    assert following.follow(text, shown) == (
        "MONITOR a <operator nut upsmon-password> secondary\nkey: <a b c.d_e>\n"
    )
    pattern = following.pattern("a op://x/y/z b")
    assert pattern is not None
    assert pattern.fullmatch("a secret b")
    assert not pattern.fullmatch("a  b c")
    assert following.pattern("nothing") is None
