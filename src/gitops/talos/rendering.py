"""From the template to the configuration of each node, secrets still references."""

import msgspec

from gitops.errors import PathError
from gitops.model import finding
from gitops.model.estate import Estate
from gitops.model.finding import Finding
from gitops.model.origin import Location
from gitops.sources.tree import SourceTree
from gitops.talos import template, variables

TEMPLATE = "talos/machineconfig-multicluster.yaml.j2"


class Configuration(msgspec.Struct, frozen=True):
    """What one node is configured with: a text of several YAML documents. `lines` has the line of
    the template that each of its lines comes from, where that can be told."""

    cluster: str
    node: str
    text: str
    lines: tuple[int, ...] = ()

    @property
    def path(self) -> str:
        """Where `gitops talos render -o DIR` writes it in its folder; findings name it so."""
        return f"{self.cluster}/{self.node}.yaml"

    def origin(self, line: int) -> Location:
        """The line of the template that a line of this text comes from; 0 where nobody knows."""
        known = 0 < line <= len(self.lines)
        return Location(TEMPLATE, 0, self.lines[line - 1] if known else 0)


class Rendered(msgspec.Struct, frozen=True):
    """The configurations, in the order of the facts, and what is wrong with the template."""

    configurations: tuple[Configuration, ...]
    findings: tuple[Finding, ...] = ()


def render(tree: SourceTree, estate: Estate, cluster: str = "", node: str = "") -> Rendered:
    """All nodes, those of a cluster, or one."""
    try:
        text = tree.read(TEMPLATE).decode(errors="replace")
    except PathError as cause:
        hint = "it makes the configurations of all nodes"
        return Rendered(
            (), (finding.error("talos/template", Location(TEMPLATE), str(cause), hint),)
        )
    found: list[Configuration] = []
    wrong: list[Finding] = []
    for name, member in nodes(estate, cluster, node):
        facts = variables.of(estate, name, member)
        match template.fill(TEMPLATE, text, facts):
            case str(filled):
                lines = template.lines(TEMPLATE, text, facts, filled)
                found.append(Configuration(name, member, filled, lines))
            case mistake:
                wrong.append(msgspec.structs.replace(mistake, cluster=name))
    return Rendered(tuple(found), tuple(dict.fromkeys(wrong)))


def nodes(estate: Estate, cluster: str = "", node: str = "") -> tuple[tuple[str, str], ...]:
    """The nodes that are meant, each with its cluster; "" means all."""
    return tuple(
        (name, member)
        for name, facts in estate.clusters.items()
        for member in facts.nodes
        if cluster in ("", name) and node in ("", member)
    )
