"""Configurations of machines and bundles of secrets, judged by the libraries of Talos itself."""

import random
from typing import Any

import msgspec
import pytest

from gitops.check.schemas.cel.values import CelError
from gitops.sources import randomness, yamlio
from gitops.talos import bundle, fakes, making, proving, selectors
from gitops.talos.bundle import Bundle
from gitops.talos.making import Draws
from gitops.talos.rendering import Configuration
from tests import machines
from tests.oracle import taloslib
from tests.refused import yamlcases
from tests.refused.talos import test_refused_talos as cases
from tests.unit.talos import changes
from tests.unit.talos.test_secrets import NOW, TODAY

pytestmark = pytest.mark.oracle

ONLY_OURS = """
    address-of-another-node alias-of-no-port bond-delay bond-lacp-rate bond-member-unknown
    certificate-names cni-flannel deprecated-registries discovery-in-kubernetes
    endpoint-of-another-cluster endpoint-without-tls etcd-any-address extension-file-elsewhere
    extension-unknown file-outside-var frames-too-large host-dns-forwards host-name-of-another
    image-of-a-cloud image-of-another-talos image-of-siderolabs image-without-extensions
    install-any-disk install-on-ceph kube-prism-elsewhere kube-proxy kubelet-choice
    kubelet-critical-pods-longer kubelet-field-unknown kubelet-images-kept kubelet-number
    kubernetes-too-new
    mirror-beside-spegel more-pods-than-addresses no-kubernetes-version no-service-account-key
    node-subnet oidc-no-client oidc-no-prefix pod-security-gone pod-security-level
    pods-without-prefix resolver-outside secrets-encrypted-twice secrets-not-encrypted
    selector-of-model selector-takes-ceph services-of-another-cluster shared-address-gone
    shared-address-on-no-link sysctl-number time-off token-is-none vlan-unknown
    vlan-without-parent
    """
"""What Talos takes and then fails with, or does otherwise than the estate needs."""


def refusals(texts: list[str]) -> list[str]:
    """Why Talos refuses each; "" where it does not. Nothing of ours makes it warn."""
    answers = taloslib.ask({"configuration": text} for text in texts)
    assert all(not answer["warnings"] for answer in answers)
    return [answer["refused"] for answer in answers]


def test_talos_takes_the_configurations_of_all_six_machines() -> None:
    assert refusals([found.text for found in machines.configurations()]) == [""] * 6


def test_talos_takes_what_only_looks_like_a_mistake() -> None:
    right = [case["right"] for case in map(yamlcases.read, cases.CASES) if "right" in case]
    assert refusals([machines.edited(edits).text for edits in right]) == [""] * len(right)


def test_wrong_inputs_are_refused_by_talos_too_unless_the_mistake_shows_later() -> None:
    wrong = [machines.edited(yamlcases.read(path)["wrong"]).text for path in cases.CASES]
    told = zip(cases.CASES, refusals(wrong), strict=True)
    assert {path.stem for path, refusal in told if not refusal} == set(ONLY_OURS.split())
    assert len(cases.CASES) - len(ONLY_OURS.split()) > 30


@pytest.mark.parametrize("seed", range(2))
def test_whatever_talos_refuses_is_refused_here(seed: int) -> None:
    draw, schema = random.Random(seed), machines.schema()
    texts = [changes.one(machines.first(), draw) for _ in range(1500)]
    refused = [text for text, why in zip(texts, _refused(texts), strict=True) if why]
    assert len(refused) > 1000
    assert [text for text in refused if not _judged(text, schema)] == []


def _refused(texts: list[str]) -> list[str]:
    return [answer["refused"] for answer in taloslib.ask({"configuration": t} for t in texts)]


def _judged(text: str, schema: dict[str, Any]) -> bool:
    return bool(machines.judged(Configuration("infra", "infra-01", text), schema))


def test_expressions_are_typed_as_by_cel_go() -> None:
    draw = random.Random(3)
    texts = sorted({expression(draw, 3) for _ in range(1500)})
    documents = [_selecting(text) for text in texts]
    wrong = [
        text
        for text, why in zip(texts, _refused(documents), strict=True)
        if _is_typed(text) == ("disk selector is invalid" in why)
    ]
    assert wrong == []
    assert 100 < sum(map(_is_typed, texts)) < len(texts) - 100


LEAVES = {
    "bool": ["disk.rotational", "system_disk", "true"],
    "uint": ["disk.size", "1u", "GB", "KiB", "kB"],
    "string": ["disk.model", '"a"', "disk.transport"],
    "other": ["1", "1.5", "KB", "disk.symlinks", "disk.type", "link", "null"],
}


def expression(draw: random.Random, depth: int, kind: str = "bool") -> str:
    """Something that is typed right, for the most part."""
    if draw.random() < 0.08:
        kind = draw.choice(sorted(LEAVES))
    if depth == 0 or kind in ("string", "other"):
        return draw.choice(LEAVES[kind])
    of = draw.choice(["uint", "string"]) if kind == "bool" else kind
    left, right = expression(draw, depth - 1, of), expression(draw, depth - 1, of)
    if kind == "uint":
        return f"({left}) {draw.choice('+-*/%')} ({right})"
    first, second = expression(draw, depth - 1), expression(draw, depth - 1)
    shapes = [f"({left}) {operator} ({right})" for operator in ("==", "!=", "<", ">=")]
    shapes += [f"({first}) && ({second})", f"({first}) || ({second})", f"!({first})"]
    shapes += [f"glob({left}, {right})", f"({left}).startsWith({right})", f"({left}) in ({right})"]
    return draw.choice(shapes)


def _is_typed(text: str) -> bool:
    try:
        selectors.read(text, "disk")
    except CelError:
        return False
    return True


def _selecting(text: str) -> str:
    volume = {
        "apiVersion": "v1alpha1",
        "kind": "UserVolumeConfig",
        "name": "a",
        "provisioning": {"diskSelector": {"match": text}, "minSize": "1GB"},
    }
    return yamlio.dump(volume)


def test_talos_takes_bundles_that_are_made_here_and_writes_them_the_same() -> None:
    draws = Draws(randomness.octets, lambda: randomness.rsa_key(2048))
    made = [fakes.of("infra"), making.bundle(draws, NOW)]
    answers = taloslib.ask({"bundle": bundle.text(found)} for found in made)
    assert [answer["refused"] for answer in answers] == ["", ""]
    again = [bundle.read(answer["made"].encode(), "again") for answer in answers]
    assert again == made


def test_bundles_that_talos_refuses_are_refused_here() -> None:
    wrong = list(_damaged(fakes.of("infra")))
    answers = taloslib.ask({"bundle": bundle.text(found)} for found in wrong)
    refused = [found for found, each in zip(wrong, answers, strict=True) if each["refused"]]
    assert len(refused) > 10
    assert [found for found in refused if not any(proving.findings(found, "x", TODAY))] == []


def _damaged(found: Bundle) -> list[Bundle]:
    """One value after another is something else."""
    return [
        msgspec.convert(bundle.of_fields({**bundle.fields(found), field: value}), Bundle)
        for field in bundle.PLACES
        for value in ("YQ==", "changeme", bundle.fields(found)["etcd-ca-key"])
    ]
