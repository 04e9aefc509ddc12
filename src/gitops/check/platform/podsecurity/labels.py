"""The levels that a namespace asks for by its labels.

Source: k8s.io/pod-security-admission, api.PolicyToEvaluate: a level that is none counts as
restricted where it is enforced and as privileged elsewhere; warnings default to what is enforced.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from gitops.check.fields import text
from gitops.check.platform.podsecurity.standards import LEVELS

PREFIX = "pod-security.kubernetes.io/"
_VERSION = re.compile(r"latest|v1\.(0|[1-9]\d*)")


class Asked(msgspec.Struct, frozen=True):
    """A level and the minor version of Kubernetes whose standard is meant."""

    level: str
    minor: int


class Policy(msgspec.Struct, frozen=True):
    """What is refused, and what is only told about."""

    enforce: Asked
    warn: Asked
    audit: Asked


def policy(labels: Mapping[str, Any], minor: int) -> Policy:
    """What the labels mean to a Kubernetes 1.<minor>, whose own default is to allow everything."""
    enforce = _asked(labels, "enforce", minor, "restricted")
    warn = _asked(labels, "warn", minor, "privileged")
    if f"{PREFIX}warn" not in labels and labels.get(f"{PREFIX}enforce") in LEVELS[1:]:
        given = f"{PREFIX}warn-version" in labels
        warn = Asked(enforce.level, warn.minor if given else enforce.minor)
    return Policy(enforce, warn, _asked(labels, "audit", minor, "privileged"))


def wrong(labels: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Labels whose value the API server refuses, with what it must be."""
    for mode in ("enforce", "audit", "warn"):
        level, version = labels.get(f"{PREFIX}{mode}"), labels.get(f"{PREFIX}{mode}-version")
        if level is not None and level not in LEVELS:
            yield f"{PREFIX}{mode}", f"one of {', '.join(LEVELS)}"
        if version is not None and not _VERSION.fullmatch(text(version)):
            yield f"{PREFIX}{mode}-version", "latest or v1.<minor>"


def _asked(labels: Mapping[str, Any], mode: str, minor: int, otherwise: str) -> Asked:
    level = labels.get(f"{PREFIX}{mode}", "privileged")
    version = _VERSION.fullmatch(text(labels.get(f"{PREFIX}{mode}-version")))
    known = min(minor, int(version[1])) if version and version[1] else minor
    return Asked(level if level in LEVELS else otherwise, known)
