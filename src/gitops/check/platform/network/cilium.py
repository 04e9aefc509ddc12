"""What a cluster's release of Cilium says.

The values are those of the HelmRelease itself: where others come from outside of it nothing is
known of the fields that they may set.
"""

from functools import cached_property
from typing import Any

from gitops.check.fields import at, listing, mapping, text
from gitops.check.index import Index, Owned
from gitops.model.flux import HELM_GROUP, SOURCE_GROUP
from gitops.model.origin import Location


class Cilium:
    """The release of a cluster, and its values by their path."""

    def __init__(self, facts: Index, release: Owned) -> None:
        self._facts = facts
        self.release = release
        spec = mapping(facts.body(release.manifest).get("spec"))
        self.values = mapping(spec.get("values"))
        self.whole = not spec.get("valuesFrom")

    def get(self, *path: str | int) -> Any:
        """A value, None where it is not set."""
        return at(self.values, *path)

    def at(self, *path: str | int) -> Location:
        """Where a value is set."""
        return self._facts.at(self.release, "spec", "values", *path)

    @cached_property
    def name(self) -> str:
        """The name of the cluster in the mesh."""
        return text(self.get("cluster", "name"))

    @property
    def pod_cidrs(self) -> list[tuple[str, Location]]:
        """The ranges that Cilium hands out itself, with their places."""
        path = ("ipam", "operator", "clusterPoolIPv4PodCIDRList")
        given = self.get(*path)
        given = [given] if isinstance(given, str) else listing(given)
        return [(text(cidr), self.at(*path)) for cidr in given]

    @property
    def peers(self) -> list[tuple[int, dict[str, Any]]]:
        """The clusters that it connects to, each with its position."""
        config = mapping(self.get("clustermesh", "config"))
        found = listing(config.get("clusters")) if config.get("enabled") else []
        return [(place, mapping(each)) for place, each in enumerate(found)]


def release(facts: Index) -> Cilium | None:
    """The release of Cilium, where a cluster has one."""
    for owned in facts.of(HELM_GROUP, "HelmRelease"):
        if _chart(facts, owned) == "cilium":
            return Cilium(facts, owned)
    return None


def _chart(facts: Index, owned: Owned) -> str:
    """The name of the chart that a release installs."""
    body = facts.body(owned.manifest)
    if named := text(at(body, "spec", "chart", "spec", "chart")):
        return named.rpartition("/")[2]
    wanted = mapping(at(body, "spec", "chartRef"))
    namespace = text(wanted.get("namespace")) or owned.manifest.id.namespace
    kind, name = text(wanted.get("kind")), text(wanted.get("name"))
    source = facts.find(SOURCE_GROUP, kind, namespace, name)
    spec = mapping(facts.body(source.manifest).get("spec")) if source else {}
    return text(spec.get("chart")) or text(spec.get("url")).rpartition("/")[2]
