"""What goes away together with the unit that brought it.

Source: kustomize-controller: without `deletionPolicy`, deleting a Kustomization deletes what it
applied where `prune` is set; Kubernetes deletes all custom resources with their definition.
"""

import re
from collections.abc import Iterator

from gitops.check import index
from gitops.check.index import Index
from gitops.model import finding
from gitops.model.finding import Finding
from gitops.model.flux import Kustomization

_DISABLED = re.compile(rb'"kustomize\.toolkit\.fluxcd\.io/prune":"(?i:disabled)"')
_KEPT = ("Orphan",)
_FLUX = ".toolkit.fluxcd.io"
"""`flux bootstrap` itself lets Flux apply and prune its own definitions."""


def definitions(facts: Index) -> Iterator[Finding]:
    """Removing a unit does not remove every object of the kinds that it defines."""
    units = {unit.id.key: unit for unit in facts.cluster.units}
    for found in facts.kustomizations:
        if found.spec.prune and found.spec.deletion_policy not in _KEPT:
            crds = [
                manifest.id
                for manifest in units[found.id.key].manifests
                if manifest.id.kind == "CustomResourceDefinition"
                and not (_DISABLED.search(manifest.raw) or manifest.id.name.endswith(_FLUX))
            ]
            if crds:
                yield _endangered(facts, found, len(crds), crds[0].name)


def _endangered(facts: Index, found: Kustomization, number: int, first: str) -> Finding:
    what = f"{first} and {number - 1} more definitions" if number > 1 else f"the definition {first}"
    return index.about(
        found.id,
        finding.warning(
            "flux/prune-definitions",
            facts.field(found, "spec", "prune"),
            f"{found.id} applies {what} with `prune: true`: when it is removed or renamed, every "
            "object of these kinds is deleted",
            "set `deletionPolicy: Orphan`, or annotate them with "
            "kustomize.toolkit.fluxcd.io/prune: disabled",
        ),
    )
