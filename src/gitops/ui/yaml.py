"""Objects as YAML documents."""

from collections.abc import Iterator

from gitops.model.build import Fleet, Unit
from gitops.model.manifest import Manifest
from gitops.sources import yamlio
from gitops.ui import phrase

_INCOMPLETE = {
    "locked": "# the chart is not here: only what the lock recorded of this object",
    "placeholder": "# secret values stand as placeholders",
}


def documents(fleet: Fleet, *, origin: bool = False) -> Iterator[str]:
    """One document per object; with more than one cluster a comment names the object's cluster.

    `origin` adds comments: the unit, the file that the object starts from, and each step since.
    """
    several = len(fleet.clusters) > 1
    for cluster in fleet.clusters:
        for unit in cluster.units:
            for manifest in unit.manifests:
                comments = [f"# cluster {phrase.printable(cluster.name)}"] if several else []
                comments += _origin(unit, manifest) if origin else []
                comments += [_INCOMPLETE[manifest.incomplete]] if manifest.incomplete else []
                yield "\n".join(["---", *comments, yamlio.dump(manifest.body())])


def _origin(unit: Unit, manifest: Manifest) -> Iterator[str]:
    yield f"# {phrase.printable(str(unit.id))} from {phrase.place(manifest.origin.source)}"
    for step in manifest.origin.steps:
        detail = f": {step.detail}" if step.detail else ""
        yield f"#   {step.action} at {phrase.place(step.at)}{phrase.printable(detail)}"
