"""What is handed to the engines: they are loaded only when something has to be built anew."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import msgspec

from gitops.build.flux.version import Features
from gitops.build.pipeline.copies import Watched
from gitops.build.pipeline.sourcetrees import Files
from gitops.model.chart import StoredChart
from gitops.model.finding import Finding
from gitops.model.flux import HelmRelease, Kustomization
from gitops.model.manifest import Manifest
from gitops.model.render import RenderResult
from gitops.sources.age import Keyring
from gitops.sources.tree import SourceTree


class Pass(msgspec.Struct, frozen=True):
    """How variables are substituted; `is_open` says that more may be defined than are known here,
    and `perhaps` names the Secrets that need not be there and may define more.

    `placeholders` names the variables whose texts stand for unknown values.
    """

    variables: Mapping[str, str]
    strict: bool
    always: bool
    placeholders: frozenset[str]
    is_open: bool
    perhaps: tuple[str, ...] = ()


class Work(msgspec.Struct, frozen=True):
    """A Kustomization and all that its build depends on. `tree` is the artifact of its source;
    `is_secret` says that variables come from what was decrypted here."""

    wanted: Kustomization
    files: Files
    tree: SourceTree
    how: Pass
    features: Features
    is_secret: bool


class Built(msgspec.Struct, frozen=True):
    """The objects of a unit; with an error among the findings, Flux would apply none."""

    manifests: tuple[Manifest, ...]
    findings: tuple[Finding, ...]
    used_variables: tuple[str, ...] = ()


Builder = Callable[[Work, Watched, Keyring], Built]
"""`building.build`"""

Finisher = Callable[[HelmRelease, StoredChart, RenderResult], Built]
"""`building.finish`"""

Patcher = Callable[[dict[str, Any], Iterable[dict[str, object]]], dict[str, Any]]
"""`building.patch`"""
