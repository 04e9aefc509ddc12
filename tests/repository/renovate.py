"""What Renovate would see: its configuration, and its managers as far as this repository uses them.

The managers are imitated from Renovate's documentation: `flux` reads sources and releases,
`kubernetes` reads lines that begin with `image:`, and custom managers run their own patterns.
"""

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from gitops.sources import yamlio
from tests.repository import manifests

PATH = manifests.ROOT / ".renovaterc.json5"
COMMENT = re.compile(r"(?m)^\s*//.*$")
IMAGE = re.compile(r"(?m)^\s*-?\s*image:\s*['\"]?([^\s'\"]+)['\"]?\s*$")
NAMED = re.compile(r"\(\?<(?=[A-Za-z])")
"""A group with a name, which Python writes in another way than JavaScript."""


class Pin(msgspec.Struct, frozen=True, order=True):
    """A version and the file that holds it."""

    path: str
    version: str


class Seen(msgspec.Struct, frozen=True, order=True):
    """A pin that a manager sees, and the name that rules know it by."""

    pin: Pin
    name: str


def configuration() -> dict[str, Any]:
    """The configuration. Without its comments, this JSON5 is YAML as well."""
    text = COMMENT.sub("", PATH.read_text("utf-8")).strip()
    ((document,), findings) = yamlio.parse(text.encode(), PATH.name)
    assert findings == ()
    return dict(document.value)


def files() -> list[str]:
    """Every file that may hold a pin."""
    before = "bootstrap/gateway-api/kustomization.yaml"
    return [*manifests.files(), before, "fleet.yaml", "gitops.toml"]


def seen() -> frozenset[Seen]:
    """Every pin that some manager sees."""
    config = configuration()
    texts = {path: (manifests.ROOT / path).read_text("utf-8") for path in files()}
    found = {item for path in texts if chosen(config["flux"], path) for item in flux(path)}
    for path, text in texts.items():
        if chosen(config["kubernetes"], path):
            found.update(kubernetes(path, text))
        for manager in config["customManagers"]:
            found.update(custom(manager, path, text))
    return frozenset(found)


def chosen(manager: dict[str, Any], path: str) -> bool:
    """Whether one of a manager's patterns, all of which are written `/…/` here, is in a path."""
    patterns = manager["managerFilePatterns"]
    assert all(pattern[0] == pattern[-1] == "/" for pattern in patterns)
    return any(re.search(pattern[1:-1], path) for pattern in patterns)


def flux(path: str) -> Iterator[Seen]:
    """Tags of sources, and charts whose repository a HelmRepository of that name tells."""
    for item in manifests.documents(path):
        if item.kind == "OCIRepository" and "tag" in item.spec.get("ref", {}):
            name = item.spec["url"].removeprefix("oci://")
            yield Seen(Pin(path, str(item.spec["ref"]["tag"])), name)
        if item.kind == "GitRepository" and "tag" in item.spec.get("ref", {}):
            yield Seen(Pin(path, str(item.spec["ref"]["tag"])), item.spec["url"])
        if item.kind == "HelmRelease" and "chart" in item.spec:
            chart = item.spec["chart"]["spec"]
            if chart["sourceRef"]["name"] in repositories():
                yield Seen(Pin(path, str(chart["version"])), chart["chart"])


def repositories() -> frozenset[str]:
    """The names of HelmRepositories that mean one address, wherever they are written."""
    found: dict[str, set[str]] = {}
    for item in manifests.objects():
        if item.kind == "HelmRepository":
            found.setdefault(item.name, set()).add(item.spec["url"])
    return frozenset(name for name, urls in found.items() if len(urls) == 1)


def kubernetes(path: str, text: str) -> Iterator[Seen]:
    """Images in files that look like manifests."""
    if re.search(r"(?m)^apiVersion:", text) and re.search(r"(?m)^kind:", text):
        for match in IMAGE.finditer(text):
            name, colon, version = match[1].rpartition(":")
            if colon:
                yield Seen(Pin(path, version), name)


def custom(manager: dict[str, Any], path: str, text: str) -> Iterator[Seen]:
    """What a custom manager's own patterns find."""
    if not chosen(manager, path):
        return
    for pattern in manager["matchStrings"]:
        for match in re.finditer(python(pattern), text):
            groups = match.groupdict()
            name = groups.get("depName") or manager["depNameTemplate"]
            yield Seen(Pin(path, groups["currentValue"]), name)


def python(pattern: str) -> str:
    """A pattern of JavaScript, as Python writes it."""
    return NAMED.sub("(?P<", pattern)
