"""What cannot be seen of a cluster, and may be what an object misses."""

import re
from collections.abc import Iterable, Iterator

import msgspec

from gitops.check import index, operators
from gitops.check.index import Index
from gitops.check.spot import Spot
from gitops.model.build import Locked, Rendered
from gitops.model.finding import Finding, Severity
from gitops.model.ids import ObjectId

_KUBERNETES = ObjectId("", "v1", "Namespace", "", "kube-system")
"""Distributions run things here that no repository holds."""


class Sight:
    """Which parts of a cluster are hidden, by the namespaces that they may fill."""

    def __init__(self, facts: Index) -> None:
        self._facts = facts
        self._near: dict[str, list[ObjectId]] = {}
        for where, hider in [*_unseen_releases(facts), *_controlled(facts)]:
            self._near.setdefault(where, []).append(hider)
        self._near.setdefault("kube-system", []).append(_KUBERNETES)
        self.releases = [hider for _, hider in _unseen_releases(facts)]

    def hiders(self, where: str) -> list[ObjectId]:
        """Who may hold an object of this namespace; for "" an object without one."""
        return [
            *self._facts.hiding(where),
            *(self._near.get(where, ()) if where else self.releases),
        ]

    def darkest(self, namespaces: Iterable[str] | None) -> str:
        """A namespace, of some or of all, that has hidden parts, if there is one."""
        known = sorted(self._near) if namespaces is None else [*namespaces]
        return next((each for each in known if self._near.get(each)), known[0] if known else "")

    def absent(self, rule: str, spot: Spot, where: str, message: str, hint: str) -> Finding:
        """Something is missing in a namespace, or anywhere if that is "": an error; less when it
        may be in a part that cannot be seen."""
        hidden = [found for found in self.hiders(where) if found != spot.owned.manifest.id]
        mistake = spot.error(rule, message, hint)
        return self._facts.weighed(mistake, hidden, spot.owned.unit.id, where)


def _unseen_releases(facts: Index) -> Iterator[tuple[str, ObjectId]]:
    """Releases whose objects are not known, with the namespace that most of them go to."""
    outcomes = {unit.id.key: unit.outcome for unit in facts.cluster.units}
    for release in facts.releases:
        if not isinstance(outcomes.get(release.id.key), Rendered | Locked):
            yield release.spec.target_namespace or release.id.namespace, release.id


def _controlled(facts: Index) -> Iterator[tuple[str, ObjectId]]:
    """Custom resources whose controllers may make anything, each with the namespace of it."""
    for owned in facts.owned.values():
        found = owned[0].manifest
        if found.id.namespace and not operators.is_known(found.id.group, found.id.kind):
            yield operators.place(found, facts.body(found)), found.id


def weighed(
    indexes: tuple[Index, ...], spot: Spot, rule: str, message: str, hint: str, wanted: str = ""
) -> Finding:
    """Something of the name `wanted` is missing in all clusters: a warning; less when a part of one
    of them that cannot be seen may have it."""
    cluster, where = spot.facts.cluster.name, spot.owned.manifest.id.namespace or "default"
    for facts in indexes:
        hidden = [
            each
            for each in facts.view(Sight).hiders("")
            if each != spot.owned.manifest.id and _may_bring(facts, each, wanted)
        ]
        if hidden and facts.doubt(hidden, spot.owned.unit.id, where) is not Severity.WARNING:
            doubtful = f"{message}, unless {index.hider(hidden)} has it"
            return msgspec.structs.replace(spot.note(rule, doubtful, hint), cluster=cluster)
    return msgspec.structs.replace(spot.warning(rule, message, hint), cluster=cluster)


_FOR_OTHERS = re.compile(
    r"agent|alert|alloy|grafana|loki|metrics|mimir|monitor|observ|otel|prom|rules|stack|telemetry"
    r"|thanos|victoria"
)
"""Words of releases that bring monitors, alerts and labels for what others run."""

_WORD = re.compile(r"[A-Z]?[a-z]{3,}|[A-Z]{3,}")


def _may_bring(facts: Index, hidden: ObjectId, wanted: str) -> bool:
    """Whether what is hidden there may have the name. A release brings what is called like itself,
    its chart or its namespace, and those that watch over others bring anything."""
    if hidden.kind != "HelmRelease":
        return True
    release = next((each for each in facts.releases if each.id == hidden), None)
    chart = release.spec.chart.spec.chart if release and release.spec.chart else ""
    source = release.spec.chart_ref.name if release and release.spec.chart_ref else ""
    own = f"{hidden.namespace} {hidden.name} {chart} {source}".lower()
    words = [word.lower() for word in _WORD.findall(wanted)]
    unclear = bool(wanted) and not words
    return unclear or bool(_FOR_OTHERS.search(own)) or any(word in own for word in words)
