"""The nodes that speak BGP.

Sources: cilium.io/v2, CiliumBGPClusterConfig: `nodeSelector` selects by the labels of nodes, and
without one all of them; kubernetes.io, Well-Known Labels.
"""

from collections.abc import Iterator

from gitops.check import index, selectors
from gitops.check.fields import at, mapping
from gitops.check.index import Index
from gitops.check.platform.network.speakers import GROUP
from gitops.model import finding
from gitops.model.finding import Finding

_HOST = "kubernetes.io/hostname"
_ALL = {"kubernetes.io/os": "linux", "node-role.kubernetes.io/control-plane": ""}
"""What every node of the estate has: all are control planes."""


def silent(facts: Index) -> Iterator[Finding]:
    """Some node of the estate is selected. Told only of labels that are known of all nodes."""
    loaded = facts.knowledge.estate
    cluster = loaded.estate.clusters.get(facts.cluster.name) if loaded else None
    for owned in facts.of(GROUP, "CiliumBGPClusterConfig") if loaded and cluster else ():
        selector = mapping(at(facts.body(owned.manifest), "spec", "nodeSelector"))
        known = selectors.keys(selector) <= {_HOST, *_ALL}
        nodes = [{_HOST: name, **_ALL} for name in cluster.nodes] if cluster else []
        if selector and known and not any(selectors.matches(selector, each) for each in nodes):
            who = owned.manifest.id
            mistake = finding.error(
                "bgp/no-nodes",
                facts.at(owned, "spec", "nodeSelector"),
                f"{who} selects {selectors.shown(selector)}, which no node of "
                f"{facts.cluster.name} has: nobody speaks BGP",
                "select nodes by labels that they have",
                *([loaded.at("clusters", facts.cluster.name, "nodes")] if loaded else []),
            )
            yield index.about(who, mistake)


RULES = (silent,)
