"""What rules are told besides the build itself. Everything has a value that lets rules run."""

import datetime
from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from gitops.estate import beforehand as before
from gitops.estate import helmfiles as phases
from gitops.estate import loading
from gitops.estate import unlisted as left
from gitops.estate import vault as inventory
from gitops.model.finding import Finding
from gitops.model.machine import Machine
from gitops.model.manifest import Manifest
from gitops.model.origin import Location

Pointer = Sequence[str | int]
"""The way to a field of an object: keys of mappings and positions in lists."""


def _first_line(manifest: Manifest, pointer: Pointer) -> Location:
    """For whoever has no files to look into."""
    return manifest.origin.source


def _not_taken(manifest: Manifest) -> Location | None:
    """For whoever has no files to look into."""
    return None


def _no_text(at: Location) -> str:
    """For whoever has no files to look into."""
    return ""


def _no_definitions(kube_version: str) -> dict[str, Any]:
    """For whoever has no schemas of Kubernetes."""
    return {}


def _none_imported(group: str, kind: str) -> bytes | None:
    """For whoever imported no CustomResourceDefinition."""
    return None


def _all_listed(folders: frozenset[str]) -> tuple[left.Unlisted, ...]:
    """For whoever has no files to look into."""
    return ()


def _when_asked(work: Callable[[], bytes]) -> Callable[[], bytes]:
    """For whoever does one thing after the other."""
    return work


class Knowledge(msgspec.Struct, frozen=True):
    """`kube_version` is the Kubernetes version of the clusters, and `kube_version_assumed` tells
    that nobody named it, `kube_version_asked` that it was named for this once. `locate` gives the
    place in the repository that decides a field of an object, or the nearest that is known, and
    `line` what stands there; `taken` is where a component is taken in that an object is of. `today`
    is None for whoever wants the same answer for ever: nothing then expires. `estate` and `vault`
    are what `fleet.yaml` and `secrets/vault.yaml` say, where there are such files that can be read,
    and `mistakes` what is wrong in them. `helmfiles` is what is installed before Flux, where a
    folder says so, and `machines` how nodes are configured. `outside` names what is created by
    hand, `outside_told` tells that somebody said so, and `registries` where images may come from,
    any where there are none. `whole` tells that no cluster was left out, `named` that somebody
    named them all. `definitions` gives the OpenAPI definitions of a Kubernetes version, by name,
    and `imported` the CustomResourceDefinition that was imported for a group and kind, as JSON;
    `require_schemas` makes an error of each object that is not checked for want of one.
    `beforehand` gives what helmfiles and manifests of any layout bring before Flux is there, and
    `unlisted` the manifests in folders that no kustomization lists. `beside` begins some work, and
    gives back what waits for its result.
    """

    kube_version: str = "1.33.5"
    kube_version_assumed: bool = False
    kube_version_asked: bool = False
    locate: Callable[[Manifest, Pointer], Location] = _first_line
    line: Callable[[Location], str] = _no_text
    taken: Callable[[Manifest], Location | None] = _not_taken
    today: datetime.date | None = None
    estate: loading.Loaded | None = None
    vault: inventory.Loaded | None = None
    helmfiles: phases.Loaded | None = None
    machines: tuple[Machine, ...] = ()
    mistakes: tuple[Finding, ...] = ()
    whole: bool = True
    outside: frozenset[str] = frozenset()
    outside_told: bool = False
    named: bool = False
    registries: tuple[str, ...] = ()
    definitions: Callable[[str], dict[str, Any]] = _no_definitions
    imported: Callable[[str, str], bytes | None] = _none_imported
    require_schemas: bool = False
    beforehand: Callable[[], before.Brought] = before.Brought
    unlisted: Callable[[frozenset[str]], tuple[left.Unlisted, ...]] = _all_listed
    beside: Callable[[Callable[[], bytes]], Callable[[], bytes]] = _when_asked
