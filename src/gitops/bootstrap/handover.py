"""What Flux will own of what Helmfile installs: charts, versions and values, as Flux has them."""

from collections.abc import Iterator
from typing import Any

from gitops.check.facts import releases
from gitops.check.facts.releases import Given
from gitops.check.index import Index
from gitops.estate.helmfiles import Loaded
from gitops.sources import yamlio

_HEAD = """\
---
# Derived from the HelmRelease {name} by `gitops handover --write`: change that one
# and run it again. All values it has in this cluster, to install it with Helm alone.
"""


def mapping(facts: Index, held: Loaded) -> dict[str, Any]:
    """`{"releases": {NAME: {namespace, chart, version, values}}}` of what Helmfile installs."""
    return {
        "releases": {
            name: {
                "namespace": found.namespace,
                "chart": found.chart,
                "version": found.version,
                "values": found.values,
            }
            for name, found in sorted((each.name, each) for each in given(facts, held))
        }
    }


def text(facts: Index, held: Loaded) -> str:
    """The same as YAML, for the templates of Helmfile."""
    return yamlio.dump(mapping(facts, held))


def given(facts: Index, held: Loaded) -> Iterator[Given]:
    """The releases of Flux that Helmfile installs first, in its order."""
    known = facts.view(releases.given)
    for phase in held.phases:
        for release in phase.releases:
            found = known.get((release.namespace, release.name))
            if found is not None:
                yield found


def files(facts: Index, held: Loaded) -> dict[str, str]:
    """The files of values of this cluster alone, by path: each holds all values of a release."""
    cluster = facts.cluster.name
    known = facts.view(releases.given)
    return {
        path: _HEAD.format(name=f"{found.namespace}/{found.name}") + yamlio.dump(found.values)
        for phase in held.phases
        for release in phase.releases
        if (found := known.get((release.namespace, release.name)))
        for path in held.files(phase, release, cluster)
        if path.startswith(f"bootstrap/clusters/{cluster}/")
    }
