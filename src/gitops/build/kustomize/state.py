"""What one build knows while it runs. Nothing of it outlives the build."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Protocol

from gitops.build.kustomize import openapi
from gitops.build.kustomize.fieldspecs import Gvk
from gitops.build.kustomize.problem import Problem
from gitops.errors import PathError
from gitops.model import finding
from gitops.model.finding import Finding, Severity
from gitops.model.ids import ObjectId
from gitops.model.origin import Location
from gitops.sources.tree import SourceTree

_LOSSES = frozenset(
    (
        "kustomize/cycle",
        "kustomize/duplicate-id",
        "kustomize/empty",
        "kustomize/escape",
        "kustomize/field-type",
        "kustomize/missing-file",
        "kustomize/no-kustomization",
        "kustomize/not-an-object",
        "kustomize/remote-base",
        "kustomize/several-kustomizations",
        "kustomize/too-large",
        "kustomize/unknown-field",
        "kustomize/unreadable",
        "kustomize/unsupported",
        "kustomize/wrong-kind",
        "yaml/duplicate-key",
        "yaml/syntax",
        "yaml/too-large",
    )
)
"""After one of these some objects are not here, and it is no wonder when they are missed."""

_WONDERS = frozenset(
    (
        "kustomize/dead-patch",
        "kustomize/generator-no-match",
        "kustomize/patch-no-match",
        "kustomize/replacement",
        "kustomize/replicas-no-match",
        "kustomize/variable",
    )
)

MAX_FOLDERS = 5000
"""Kustomizations read in one build; only a diamond over diamonds needs more."""


class RemoteBases(Protocol):
    """Bases from other repositories that are held here. Never dials out."""

    def find(self, url: str) -> tuple[SourceTree, str] | None:
        """A tree, and the file or folder in it that the address stands for."""


class State:
    """Findings so far, the types that are known, and what the root asked for.

    `trees` holds the trees by the prefixes of their paths in findings, the main one last.
    """

    def __init__(self, remote: RemoteBases | None) -> None:
        self.remote = remote
        self.trees: dict[str, SourceTree] = {}
        self.findings: list[Finding] = []
        self.errors = 0
        self._has_lost = False
        self.folders = 0
        self.metadata: frozenset[str] = frozenset()
        self.types = openapi.builtin()
        self._types_are_set = False
        self._cluster_scoped: dict[Gvk, bool] = {}

    def error(self, rule: str, at: Location, message: str, hint: str, *related: Location) -> None:
        """Report a mistake that fails the build."""
        self.report(finding.error(rule, at, message, hint, *related))

    def warning(self, rule: str, at: Location, message: str, hint: str, *related: Location) -> None:
        """Report what a reader should see."""
        self.report(finding.warning(rule, at, message, hint, *related))

    def report(self, *found: Finding) -> None:
        """Report findings as they are, but not what only follows from others."""
        for each in found:
            if self._has_lost and each.rule in _WONDERS:
                continue
            self.findings.append(each)
            self.errors += each.severity is Severity.ERROR
            self._has_lost |= each.severity is Severity.ERROR and each.rule in _LOSSES

    def problem(self, rule: str, at: Location, problem: Problem, about: str = "") -> None:
        """Report a problem, now that its place is known."""
        self.error(rule, at, f"{about}{problem.message}", problem.hint)

    def is_cluster_scoped(self, gvk: Gvk) -> bool:
        """Whether objects of the type certainly live in no namespace."""
        known = self._cluster_scoped.get(gvk)
        if known is None:
            known = self.types.is_namespaced(ObjectId(*gvk, "", "")) is False
            self._cluster_scoped[gvk] = known
        return known

    def set_types(self, document: Mapping[str, Any]) -> None:
        """Take the types of an OpenAPI document. kustomize takes the first that it meets."""
        if not self._types_are_set:
            self.types = self.types.with_custom(document)
            self.fix_types()
            self._cluster_scoped.clear()

    def fix_types(self) -> None:
        """Leave the types as they are from now on."""
        self._types_are_set = True

    def text_of(self, at: Location) -> bytes:
        """The file that a place is in; nothing where it cannot be read any more."""
        for prefix, tree in self.trees.items():
            if at.path.startswith(prefix):
                with suppress(PathError):
                    return tree.read(at.path.removeprefix(prefix))
        return b""

    def annotates(self, *options: str) -> bool:
        """Whether the root asks for any of these annotations."""
        return not self.metadata.isdisjoint(options)

    def unique(self) -> tuple[Finding, ...]:
        """The findings without repetitions, in a fixed order."""
        return tuple(sorted(set(self.findings), key=lambda each: each.order))
