"""Requests against machines."""

from collections.abc import Iterator

from gitops.check import pods
from gitops.check.index import Index
from gitops.check.platform.capacity import plan, requests
from gitops.check.spot import Spot
from gitops.model import finding
from gitops.model.finding import Finding

_SHOWN = 3


def machines(facts: Index) -> Iterator[Finding]:
    """All pods run when one machine is lost."""
    loaded, found = facts.knowledge.estate, facts.view(plan.of)
    if loaded is None or found is None:
        return
    place = loaded.at("clusters", found.cluster, "nodes")
    if found.homeless:
        names = _some(tuple(dict.fromkeys(found.homeless)))
        yield finding.error(
            "capacity/nodes",
            place,
            f"with {found.nodes - 1} of {found.nodes} nodes, {len(found.homeless)} pods of "
            f"{found.cluster} find no room: {names}",
            "ask for less, run fewer, or add a node; `gitops capacity` tells who asks for what",
        )
    if found.crowded:
        yield finding.error(
            "capacity/nodes",
            place,
            f"{found.cluster} has {found.pods} pods, and {found.nodes - 1} nodes take "
            f"{plan.PODS_PER_NODE} each",
            "run fewer, or add a node",
        )


def silent(facts: Index) -> Iterator[Finding]:
    """Every container says what it needs; told once for a cluster of the estate where many are
    silent, and of each where there are few."""
    loaded, found = facts.knowledge.estate, facts.view(plan.of)
    names = tuple(name for share in found.shares for name in share.silent) if found else ()
    if 0 < len(names) <= _SHOWN:
        yield from _each(facts, names)
    elif loaded and found and names:
        yield finding.warning(
            "capacity/unrequested",
            loaded.at("clusters", found.cluster, "nodes"),
            f"{len(names)} workloads of {found.cluster} have a container that asks for no "
            f"processor or no memory: {_some(names)}",
            _SILENT,
        )


_SILENT = "set resources.requests: what is not asked for is not kept free"


def _each(facts: Index, names: tuple[str, ...]) -> Iterator[Finding]:
    for template in pods.templates(facts):
        who = str(template.owner.manifest.id)
        silent = [way for way, each in template.containers if not requests.asks(each)]
        if who in names and silent:
            yield Spot(facts, template.owner, (*silent[0], "resources")).warning(
                "capacity/unrequested",
                f"{who} has a container that asks for no processor or no memory",
                _SILENT,
            )


def _some(names: tuple[str, ...]) -> str:
    more = len(names) - _SHOWN
    return ", ".join(names[:_SHOWN]) + (f" and {more} more" if more > 0 else "")


RULES = (machines, silent)
