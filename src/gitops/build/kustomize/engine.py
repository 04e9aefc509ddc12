"""Builds a kustomization: what `kustomize build` gives, with origins and with all mistakes.

The result equals that of kustomize 5.8.1 with `--load-restrictor LoadRestrictionsNone`, as Flux
runs it. Whatever is not supported is a finding. Nothing is kept between builds, and nothing is
fetched.
"""

import msgspec

from gitops.build.kustomize import (
    kustomization,
    lineage,
    names,
    references,
    sorting,
    target,
    variables,
)
from gitops.build.kustomize.directive import Directive
from gitops.build.kustomize.kustomization import Kustomization, KustomizationFile
from gitops.build.kustomize.lineage import Lineage
from gitops.build.kustomize.place import Place
from gitops.build.kustomize.resource import (
    BUILD_ANNOTATIONS,
    LOCAL,
    ORIGIN,
    TRANSFORMATIONS,
    Resource,
)
from gitops.build.kustomize.state import RemoteBases, State
from gitops.build.kustomize.target import Gathered
from gitops.model.finding import Finding, Severity
from gitops.model.manifest import Manifest, manifest
from gitops.model.origin import Location
from gitops.sources.tree import SourceTree

VERSION = "v5.8.1"
"""The version of kustomize whose results these are."""

_MANAGED_BY = "app.kubernetes.io/managed-by"


class Result(msgspec.Struct, frozen=True):
    """The objects in kustomize's order, and everything that is wrong.

    With an error, kustomize gives nothing; what is here then is what could still be built.
    """

    manifests: tuple[Manifest, ...]
    findings: tuple[Finding, ...]

    @property
    def failed(self) -> bool:
        """Whether kustomize would refuse to build."""
        return any(finding.severity is Severity.ERROR for finding in self.findings)


def build(
    tree: SourceTree,
    path: str,
    *,
    root: KustomizationFile | None = None,
    remote: RemoteBases | None = None,
    legacy_order: bool = False,
) -> Result:
    """Builds the kustomization in a folder of the tree.

    `root` stands in for the folder's own kustomization file. `remote` holds what lies in other
    repositories. Flux keeps the order of the files; `legacy_order` sorts by kind, as the command
    line does where `sortOptions` says nothing.
    """
    state = State(remote)
    state.trees[""] = tree
    place = Place(tree, path)
    found = (
        kustomization.find(state, place, lambda: Location(path))
        if root is None
        else kustomization.given(state, place, root)
    )
    if found is None:
        return Result((), state.unique())
    state.metadata = frozenset(found.body.get("buildMetadata", ()))
    origin = Lineage() if state.metadata else None
    gathered = target.gather(state, (), found, origin)
    resources = _finish(state, found, gathered)
    _sort(state, found, resources, legacy_order)
    _clean(state, resources)
    manifests = tuple(manifest(resource.body, resource.origin) for resource in resources)
    return Result(manifests, state.unique())


def _finish(state: State, found: Kustomization, gathered: Gathered) -> list[Resource]:
    """What is done once, when all resources are there; without those only meant for the build."""
    resources = gathered.resources
    names.add_hashes(resources)
    for resource in resources:
        if any("," in part for former in resource.former for part in former):
            what = "a name, namespace or kind with a comma, and kustomize loses track of it"
            _refuse(state, resource, what, "decrypt or correct it before it is renamed or moved")
    references.follow(state, resources, gathered.config.name_reference)
    variables.expand(gathered.variables, resources, gathered.config.var_reference)
    left = [resource for resource in resources if not _is_local(resource)]
    if not state.errors:
        Directive(state, found, ("resources",)).refuse_collisions(left)
    for resource in left:
        if not resource.gvk[2] or not (resource.name or resource.gvk[2].endswith("List")):
            _refuse(state, resource, "no kind or no name any more", "correct its patches")
    return left


def _refuse(state: State, resource: Resource, what: str, hint: str) -> None:
    state.error(
        "kustomize/not-an-object", resource.source, f"the object {resource} has {what}", hint
    )


def _is_local(resource: Resource) -> bool:
    return LOCAL in resource.strings("annotations") and resource.annotation(LOCAL) != "false"


def _sort(
    state: State, found: Kustomization, resources: list[Resource], legacy_order: bool
) -> None:
    options = found.body.get("sortOptions")
    if options is not None:
        sorting.arrange(Directive(state, found, ("sortOptions",)), resources, options)
    elif legacy_order:
        sorting.by_kind(resources)


def _clean(state: State, resources: list[Resource]) -> None:
    """Adds the label of `managedByLabel`, and removes annotations that only the build needs."""
    dropped = set(BUILD_ANNOTATIONS)
    if not state.annotates(lineage.ORIGINS):
        dropped.add(ORIGIN)
    if not state.annotates(lineage.TRANSFORMERS):
        dropped.add(TRANSFORMATIONS)
    for resource in resources:
        metadata = resource.require_metadata()
        if state.annotates(lineage.MANAGED_BY):
            labels = metadata["labels"] = metadata.get("labels") or {}
            if type(labels) is dict:
                labels[_MANAGED_BY] = f"kustomize-{VERSION}"
        if "annotations" in metadata:
            strings = resource.strings("annotations")
            kept = {key: strings[key] for key in strings if key not in dropped}
            metadata["annotations"] = kept
            if not kept:
                del metadata["annotations"]
