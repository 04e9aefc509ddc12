"""`dependsOn`: Flux waits for what it names, without an error and for ever.

Source: kustomize-controller and helm-controller, checkDependencies; both look only at their own
kind, and neither looks for cycles.
"""

from collections.abc import Iterator, Mapping
from functools import partial

from gitops.check import index
from gitops.check.index import Index, Key
from gitops.model import finding
from gitops.model.finding import Finding
from gitops.model.flux import HELM_GROUP, KUSTOMIZE_GROUP, HelmRelease, Kustomization
from gitops.model.origin import Location

_OTHER = {
    (KUSTOMIZE_GROUP, "Kustomization"): (HELM_GROUP, "HelmRelease"),
    (HELM_GROUP, "HelmRelease"): (KUSTOMIZE_GROUP, "Kustomization"),
}


def missing(facts: Index) -> Iterator[Finding]:
    """Every entry names an object of the same kind that exists."""
    for dependent in facts.declared:
        for position, wanted in enumerate(_wanted(dependent)):
            if wanted not in facts.known:
                yield _missing(facts, dependent, wanted, position)


def cycles(facts: Index) -> Iterator[Finding]:
    """Nothing waits for itself, however many others stand between."""
    dependents = {found.id.key: found for found in facts.declared}
    graph = {key: sorted(set(_wanted(found))) for key, found in dependents.items()}
    for cycle in _cycles(graph):
        first, *others = [dependents[key] for key in cycle]
        names = " → ".join(_name(key) for key in [*cycle, cycle[0]])
        yield index.about(
            first.id,
            finding.error(
                "flux/depends-on-cycle",
                entry(facts, first, cycle[1 % len(cycle)]),
                f"{first.id.kind} {names}: each waits for the next, so none is ever applied",
                "remove one of these dependsOn entries",
                *map(partial(entry, facts), others, [*cycle[2:], cycle[0]]),
            ),
        )


def entry(facts: Index, dependent: Kustomization | HelmRelease, wanted: Key) -> Location:
    """The entry of `dependsOn` that leads to a unit."""
    position = _wanted(dependent).index(wanted)
    return facts.field(dependent, "spec", "dependsOn", position, "name")


def _wanted(dependent: Kustomization | HelmRelease) -> list[Key]:
    found = dependent.id
    return [
        (found.group, found.kind, entry.namespace or found.namespace, entry.name)
        for entry in dependent.spec.depends_on
    ]


def _missing(
    facts: Index, dependent: Kustomization | HelmRelease, wanted: Key, position: int
) -> Finding:
    group, kind, namespace, name = wanted
    message = f"{dependent.id} depends on {kind}/{namespace}/{name}"
    other = (*_OTHER[group, kind], namespace, name)
    if other in facts.owned:
        owner = facts.owned[other][0]
        mistake = finding.error(
            "flux/depends-on-wrong-kind",
            facts.field(dependent, "spec", "dependsOn", position, "name"),
            f"{message}, but {namespace}/{name} is a {other[1]}: a {kind} waits only for its kind",
            f"depend on {owner.unit.id}, which applies it",
            owner.manifest.origin.source,
        )
        hidden = [each for each in facts.hiding(namespace) if each != dependent.id]
        mistake = index.about(dependent.id, mistake)
        return facts.weighed(mistake, hidden, dependent.id, namespace)
    return facts.absent(
        "flux/depends-on-missing",
        dependent,
        f"{message}, which does not exist in this cluster: it waits for ever",
        facts.elsewhere(wanted) or "correct the name, or remove the entry",
        namespace,
        ("spec", "dependsOn", position, "name"),
    )


def _cycles(graph: Mapping[Key, list[Key]]) -> Iterator[list[Key]]:
    """A cycle for every edge that leads back to where one walk over all edges came from: none is
    left when all of them are cut. Each begins at its smallest key."""
    seen: set[Key] = set()
    for root in sorted(graph):
        path: dict[Key, Iterator[Key]] = {}
        step: Key | None = root
        while step is not None or path:
            if step is None:
                path.popitem()
            elif step in path:
                yield _rotated([*path][[*path].index(step) :])
            elif step in graph and step not in seen:
                seen.add(step)
                path[step] = iter(graph[step])
            step = next(path[next(reversed(path))], None) if path else None


def _rotated(cycle: list[Key]) -> list[Key]:
    start = cycle.index(min(cycle))
    return cycle[start:] + cycle[:start]


def _name(key: Key) -> str:
    return f"{key[2]}/{key[3]}"
