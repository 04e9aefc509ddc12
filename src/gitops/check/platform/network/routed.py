"""The nodes that speak BGP.

Sources: cilium.io/v2, CiliumBGPClusterConfig: `nodeSelector` selects by the labels of nodes, and
without one all of them; kubernetes.io, Well-Known Labels; docs.talos.dev, `machine.nodeLabels`.
"""

from collections.abc import Iterator

from gitops.check import index, selectors
from gitops.check.fields import at, mapping
from gitops.check.index import Index
from gitops.check.platform.machines import configured
from gitops.check.platform.network.speakers import GROUP
from gitops.model import finding
from gitops.model.finding import Finding

_HOST = "kubernetes.io/hostname"
_ALL = {"kubernetes.io/os": "linux", "node-role.kubernetes.io/control-plane": ""}
"""What every node of the estate has: all are control planes."""
_GIVEN = ("kubernetes.io", "k8s.io", "talos.dev")
"""Domains of labels that controllers give to nodes by what they find there."""


def silent(facts: Index) -> Iterator[Finding]:
    """Some node of the estate is selected. Told only of labels that are known of all nodes: a label
    that no machine gives to its node could be given by hand."""
    loaded = facts.knowledge.estate
    cluster = loaded.estate.clusters.get(facts.cluster.name) if loaded else None
    for owned in facts.of(GROUP, "CiliumBGPClusterConfig") if loaded and cluster else ():
        selector = mapping(at(facts.body(owned.manifest), "spec", "nodeSelector"))
        unsure = selectors.keys(selector) - {_HOST, *_ALL}
        nodes = _nodes(facts, [*cluster.nodes] if cluster else [])
        if not selector or (unsure and not _is_known(facts, unsure)):
            continue
        if not any(selectors.matches(selector, each) for each in nodes):
            who = owned.manifest.id
            make = finding.warning if unsure else finding.error
            mistake = make(
                "bgp/no-nodes",
                facts.at(owned, "spec", "nodeSelector"),
                f"{who} selects {selectors.shown(selector)}, which no node of "
                f"{facts.cluster.name} has: nobody speaks BGP",
                "select nodes by labels that they have",
                *([loaded.at("clusters", facts.cluster.name, "nodes")] if loaded else []),
            )
            yield index.about(who, mistake)


def _is_known(facts: Index, labels: set[str]) -> bool:
    """Whether machines are configured from the repository, and the labels are such as they give."""
    domains = {label.partition("/")[0] for label in labels if "/" in label}
    given = any(f".{domain}".endswith(f".{each}") for domain in domains for each in _GIVEN)
    return bool(facts.view(configured.machines)) and not given


def _nodes(facts: Index, names: list[str]) -> list[dict[str, str]]:
    """The labels of each node."""
    own = {each.node: each for each in facts.view(configured.machines)}
    found: list[dict[str, str]] = []
    for name in names:
        labels = mapping(own[name].get("machine", "nodeLabels")) if name in own else {}
        found.append({_HOST: name, **_ALL, **{key: str(value) for key, value in labels.items()}})
    return found


RULES = (silent,)
