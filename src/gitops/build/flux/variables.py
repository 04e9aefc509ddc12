"""The variables of a Kustomization: which ones there are, and what is known of their values.

Source: fluxcd/pkg kustomize/kustomize_varsub.go, LoadVariables and SubstituteVariables.
"""

import re
from collections.abc import Mapping
from typing import Protocol

from msgspec import Struct

from gitops.model import finding
from gitops.model.finding import Finding
from gitops.model.flux import Kustomization, SubstituteReference

_NAME = re.compile(r"[_A-Za-z][_A-Za-z0-9]*")
INLINE = "spec.postBuild.substitute"


class Known(Struct, frozen=True, tag=True):
    """A value that is there to read."""

    text: str


class Unknown(Struct, frozen=True, tag=True):
    """A value that only the cluster has: `placeholder` stands for it, `reason` says why."""

    placeholder: str
    reason: str


Value = Known | Unknown


class Lookup(Protocol):
    """The ConfigMaps and Secrets of a cluster, as far as they can be told."""

    def find(self, kind: str, namespace: str, name: str) -> Mapping[str, Value] | None:
        """The keys of `data` with their values (decoded for Secrets), or None: no such object."""

    def is_agreed(self, kind: str, namespace: str, name: str) -> bool:
        """Whether several Kustomizations take variables from the object."""


class Variable(Struct, frozen=True):
    """A variable and who gives it: INLINE, or `ConfigMap/name` or `Secret/name`."""

    value: Value
    source: str

    @property
    def text(self) -> str:
        """What is put in place of the variable. Flux deletes newlines from every value."""
        match self.value:
            case Known(text):
                return text.replace("\n", "")
            case Unknown(placeholder, _):
                return placeholder


class Variables(Struct, frozen=True):
    """All variables of a Kustomization by name. `missing` holds the references that are not
    optional and lead nowhere: with one of them Flux waits instead of building."""

    by_name: Mapping[str, Variable]
    missing: tuple[SubstituteReference, ...] = ()

    @property
    def texts(self) -> dict[str, str]:
        """What is put in place of each variable."""
        return {name: variable.text for name, variable in self.by_name.items()}

    @property
    def unknown(self) -> dict[str, Unknown]:
        """The variables whose values only the cluster has."""
        return {
            name: variable.value
            for name, variable in self.by_name.items()
            if isinstance(variable.value, Unknown)
        }


def collect(kustomization: Kustomization, lookup: Lookup) -> tuple[Variables, tuple[Finding, ...]]:
    """The variables of `spec.postBuild`: `substituteFrom` in order, later entries win, inline
    ones win over all. References are in the Kustomization's own namespace."""
    post_build = kustomization.spec.post_build
    if post_build is None:
        return Variables({}), ()
    collected: dict[str, Variable] = {}
    missing: list[SubstituteReference] = []
    for reference in post_build.substitute_from:
        data = lookup.find(reference.kind, kustomization.id.namespace, reference.name)
        if data is None and not reference.optional:
            missing.append(reference)
        source = f"{reference.kind}/{reference.name}"
        collected.update({name: Variable(value, source) for name, value in (data or {}).items()})
    inline = {name: Variable(Known(text), INLINE) for name, text in post_build.substitute.items()}
    collected.update(inline)
    variables = Variables(collected, tuple(missing))
    return variables, _findings(kustomization, variables, lookup)


def _findings(
    kustomization: Kustomization, variables: Variables, lookup: Lookup
) -> tuple[Finding, ...]:
    at = kustomization.origin.source
    absent = [_absent(kustomization, reference, lookup) for reference in variables.missing]
    wrong = [
        finding.error(
            "flux/variable-name",
            at,
            f"{kustomization.id} takes {name!r} from {variable.source}, which is no variable name",
            "use letters, digits and _ only, not starting with a digit: "
            "one such name fails the whole Kustomization",
        )
        for name, variable in sorted(variables.by_name.items())
        if not _NAME.fullmatch(name)
    ]
    return (*absent, *wrong)


def _absent(
    kustomization: Kustomization, reference: SubstituteReference, lookup: Lookup
) -> Finding:
    """A Secret may well be made by hand, before Flux runs; a ConfigMap is so where several take
    variables from it, and is hardly ever else."""
    namespace = kustomization.id.namespace
    may_be = reference.kind == "Secret"
    may_be = may_be or lookup.is_agreed(reference.kind, namespace, reference.name)
    way_out = "create it, correct the name, or set optional: true"
    by_hand = f"{way_out}; one that is made by hand belongs under `outside` in gitops.toml"
    return (finding.warning if may_be else finding.error)(
        "flux/missing-variables",
        kustomization.origin.source,
        f"variables are taken from {reference.kind}/{reference.name}, which nothing here creates "
        f"in namespace {namespace!r}",
        by_hand,
    )


def made_itself(kustomization: Kustomization, reference: SubstituteReference) -> Finding:
    """Flux looks for the object before it builds what would create it."""
    return finding.warning(
        "flux/missing-variables",
        kustomization.origin.source,
        f"{kustomization.id} takes variables from {reference.kind}/{reference.name}, which it "
        "creates itself: in a new cluster Flux waits until somebody makes it by hand",
        "let a Kustomization create it that this one depends on",
    )
