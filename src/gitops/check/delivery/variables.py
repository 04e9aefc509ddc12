"""Variables that Flux substitutes."""

from collections.abc import Iterator

from gitops.check import fields, index
from gitops.check.index import Index, Key
from gitops.model import finding
from gitops.model.build import Unit
from gitops.model.finding import Finding


def unused(facts: Index) -> Iterator[Finding]:
    """Every key of a ConfigMap that is substituted from stands in some object.

    Where a part of the cluster cannot be seen nothing is said: it may use whatever is left.
    """
    if facts.hidden:
        return
    for settings, readers in _readers(facts).items():
        if settings in facts.owned:
            used = {name for reader in readers for name in reader.used_variables}
            yield from _unused(facts, settings, used)


def _readers(facts: Index) -> dict[Key, list[Unit]]:
    """ConfigMaps with the units that substitute from them."""
    units = {unit.id.key: unit for unit in facts.cluster.units}
    readers: dict[Key, list[Unit]] = {}
    for found in facts.kustomizations:
        for source in found.spec.post_build.substitute_from if found.spec.post_build else ():
            if source.kind == "ConfigMap" and found.id.key in units:
                key = ("", "ConfigMap", found.id.namespace, source.name)
                readers.setdefault(key, []).append(units[found.id.key])
    return readers


def _unused(facts: Index, settings: Key, used: set[str]) -> Iterator[Finding]:
    manifest = facts.owned[settings][0].manifest
    keys = fields.mapping(manifest.body().get("data"))
    if idle := sorted(keys.keys() - used):
        mistake = finding.warning(
            "flux/unused-variable",
            manifest.origin.source,
            f"{manifest.id} sets {', '.join(idle)}, which no Kustomization of this cluster uses",
            "remove what is left over, or correct the name where it is used",
        )
        yield index.about(manifest.id, mistake)
