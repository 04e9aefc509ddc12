"""Pods and the labels of namespaces, against the library of Kubernetes' own admission plugin."""

import random
import re
from argparse import Namespace
from collections.abc import Iterator
from typing import Any

import pytest

from gitops.check import pods
from gitops.check.index import Index
from gitops.check.platform.podsecurity import labels, standards
from gitops.check.platform.podsecurity.pod import Pod, Violation
from gitops.cli import compose
from tests.oracle import pod_cases, podsecuritylib, tools

pytestmark = pytest.mark.oracle

NEWEST = 36
OPTIONS = Namespace(
    rev=None,
    entry=[],
    flux_version="2.9.4",
    kube_version=None,
    source=[],
    helm="sdk",
    no_cache=True,
    clusters=[],
)
REASONS = {
    "allowPrivilegeEscalation": "allowPrivilegeEscalation != false",
    "appArmorProfile": "forbidden AppArmor profile",
    "capabilities_baseline": "non-default capabilities",
    "capabilities_restricted": "unrestricted capabilities",
    "hostNamespaces": "host namespaces",
    "hostPathVolumes": "hostPath volumes",
    "hostPorts": "hostPort",
    "hostProbesAndHostLifecycle": "probe or lifecycle host",
    "privileged": "privileged",
    "procMount": "procMount",
    "restrictedVolumes": "restricted volume types",
    "runAsNonRoot": "runAsNonRoot != true",
    "runAsUser": "runAsUser=0",
    "seLinuxOptions": "seLinuxOptions",
    "seccompProfile_baseline": "seccompProfile",
    "seccompProfile_restricted": "seccompProfile",
    "sysctls": "forbidden sysctls",
    "windowsHostProcess": "hostProcess",
}
"""What the library calls each control in its answer."""
UNQUOTED = ("hostNamespaces", "hostPorts", "sysctls")
FIXED = re.compile(r'drop=\["ALL"\]|type to "RuntimeDefault" or "Localhost"')
"""What must be set is quoted, too."""


def request(pod: dict[str, Any], level: str, minor: int) -> dict[str, Any]:
    return {"pod": pod, "level": level, "version": f"v1.{minor}", "newest": NEWEST}


@pytest.mark.parametrize("seed", range(4))
def test_thousands_of_pods_are_judged_alike(seed: int) -> None:
    draw = random.Random(seed)
    asked = [
        request(pod, draw.choice(standards.LEVELS), draw.randint(0, NEWEST))
        for pod in pod_cases.Pods(seed).some(4000)
    ]
    assert differences(asked) == []


def test_the_pods_of_public_repositories_are_judged_alike() -> None:
    asked = [
        request(pod, level, 33) for pod in public_pods() for level in ("baseline", "restricted")
    ]
    assert len(asked) > 100
    assert differences(asked) == []


def test_the_labels_of_namespaces_mean_the_same() -> None:
    draw = random.Random(0)
    given = [drawn_labels(draw) for _ in range(3000)]
    for found, answer in zip(given, podsecuritylib.ask({"labels": g} for g in given), strict=True):
        policy = labels.policy(found, NEWEST)
        asked = (policy.enforce, policy.warn, policy.audit)
        theirs = [known(text) for text in answer["policy"]]
        assert [(each.level, each.minor) for each in asked] == theirs, found
        assert len(list(labels.wrong(found))) == answer["mistakes"], found


def drawn_labels(draw: random.Random) -> dict[str, str]:
    levels = [*standards.LEVELS, "Restricted", ""]
    versions = ["latest", "v1.0", "v1.24", "v1.36", "v1.99", "1.24", "v1.024", "v1.24.1", ""]
    found = {"app": "web"}
    for mode in ("enforce", "warn", "audit"):
        if draw.random() < 0.5:
            found[labels.PREFIX + mode] = draw.choice(levels)
        if draw.random() < 0.5:
            found[f"{labels.PREFIX}{mode}-version"] = draw.choice(versions)
    return found


def known(text: str) -> tuple[str, int]:
    """`baseline:v1.24`, with the newest version in the place of all that are newer."""
    level, _, version = text.partition(":")
    return level, NEWEST if version == "latest" else min(NEWEST, int(version.removeprefix("v1.")))


def differences(asked: list[dict[str, Any]]) -> list[tuple[dict[str, Any], Any, Any]]:
    """What was asked and both answers, where they are not the same."""
    found = []
    for one, answer in zip(asked, podsecuritylib.ask(asked), strict=True):
        minor = int(one["version"].removeprefix("v1."))
        ours = standards.violations(one["level"], minor, Pod(one["pod"]))
        if "error" in answer or not alike(ours, answer["refused"]):
            found.append((one, ours, answer))
    return found


def alike(ours: tuple[Violation, ...], theirs: list[dict[str, str]]) -> bool:
    """The same controls refuse, and because of the same containers, volumes and values."""
    answers = {verdict["reason"].replace("profiles", "profile"): verdict for verdict in theirs}
    if len(answers) != len(theirs) or {REASONS[each.control] for each in ours} != set(answers):
        return False
    return all(of_the_same(each, answers[REASONS[each.control]]["detail"]) for each in ours)


def of_the_same(found: Violation, detail: str) -> bool:
    """The library quotes names, but not numbers, nor what it finds in annotations."""
    setters = {name for name in found.setters if name != "pod"}
    if found.control in UNQUOTED or any("=" in value for value in found.values):
        words = (*setters, *(value.partition("=")[0] for value in found.values))
        return all(word in detail for word in words)
    values = {value for value in found.values if value not in ("user", "role")}
    return setters | values == set(re.findall(r'"([^"]*)"', FIXED.sub("", detail)))


def public_pods() -> Iterator[dict[str, Any]]:
    for root in tools.public_repositories():
        options = Namespace(**vars(OPTIONS), repo=str(root))
        for cluster in compose.compile_repository(options).clusters:
            for template in pods.templates(Index(cluster)):
                yield template.template
