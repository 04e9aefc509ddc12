"""Who scrapes and who evaluates rules, and what they pick up.

Source: prometheus-operator, PrometheusSpec: without a selector nothing, without a namespace
selector the own namespace. VictoriaMetrics operator, "Resources selectors": without both it depends
on `selectAllByDefault`; with one of them, the other means the own namespace, or all objects.
"""

from collections.abc import Iterator
from functools import cached_property
from typing import Any

import msgspec

from gitops.check import selectors
from gitops.check.fields import at, mapping
from gitops.check.index import Index, Owned
from gitops.check.spot import Spot
from gitops.check.traffic.gateways import bodies
from gitops.check.traffic.monitors import COREOS, VICTORIA
from gitops.check.traffic.sight import Sight
from gitops.model.finding import Finding

_PROMETHEUS = ((COREOS, "Prometheus"), (COREOS, "PrometheusAgent"))
_RULERS = ((COREOS, "Prometheus"), (COREOS, "ThanosRuler"))

_PICKED: dict[tuple[str, str], tuple[str, str]] = {
    (COREOS, "ServiceMonitor"): ("serviceMonitor", "serviceScrape"),
    (COREOS, "PodMonitor"): ("podMonitor", "podScrape"),
    (COREOS, "Probe"): ("probe", "probe"),
    (COREOS, "ScrapeConfig"): ("scrapeConfig", "scrapeConfig"),
    (COREOS, "PrometheusRule"): ("rule", "rule"),
    (VICTORIA, "VMServiceScrape"): ("", "serviceScrape"),
    (VICTORIA, "VMPodScrape"): ("", "podScrape"),
    (VICTORIA, "VMProbe"): ("", "probe"),
    (VICTORIA, "VMNodeScrape"): ("", "nodeScrape"),
    (VICTORIA, "VMStaticScrape"): ("", "staticScrape"),
    (VICTORIA, "VMRule"): ("", "rule"),
}
"""The selectors for each kind: of Prometheus, and of VictoriaMetrics, whose operator turns the
kinds of the former into its own and keeps their labels."""


class Picker(msgspec.Struct, frozen=True):
    """An object that picks up others. `victoria` says which of the two ways it does so."""

    owned: Owned
    spec: dict[str, Any]
    victoria: bool

    @property
    def namespace(self) -> str:
        """Its own namespace."""
        return self.owned.manifest.id.namespace


class Pickers:
    """All scrapers and rulers of a cluster."""

    def __init__(self, facts: Index) -> None:
        self._facts = facts

    @cached_property
    def scrapers(self) -> list[Picker]:
        """Who scrapes."""
        return [*self._of(_PROMETHEUS, False), *self._of(((VICTORIA, "VMAgent"),), True)]

    @cached_property
    def rulers(self) -> list[Picker]:
        """Who evaluates rules."""
        return [*self._of(_RULERS, False), *self._of(((VICTORIA, "VMAlert"),), True)]

    def _of(self, kinds: tuple[tuple[str, str], ...], victoria: bool) -> Iterator[Picker]:
        for group, kind in kinds:
            for owned, body in bodies(self._facts, group, kind):
                yield Picker(owned, mapping(body.get("spec")), victoria)

    def picks(self, picker: Picker, owned: Owned) -> bool:
        """Whether it picks up an object."""
        group, kind = owned.manifest.id.group, owned.manifest.id.kind
        name = _PICKED[group, kind][picker.victoria]
        if not name:
            return False
        selector = picker.spec.get(f"{name}Selector")
        spaces = picker.spec.get(f"{name}NamespaceSelector")
        if picker.victoria and selector is None and spaces is None:
            return picker.spec.get("selectAllByDefault") is True
        if selector is None and not picker.victoria:
            return False
        marks = mapping(at(self._facts.body(owned.manifest), "metadata", "labels"))
        fits = selectors.matches(mapping(selector), marks)
        return fits and self._within(picker, spaces, owned.manifest.id.namespace)

    def _within(self, picker: Picker, spaces: object, namespace: str) -> bool:
        if spaces is None:
            return namespace == picker.namespace
        found = self._facts.find("", "Namespace", "", namespace)
        body = self._facts.body(found.manifest) if found else {}
        given = mapping(at(body, "metadata", "labels"))
        selector = mapping(spaces)
        unknown = found is None and selectors.keys(selector) - {"kubernetes.io/metadata.name"}
        marks = {**given, "kubernetes.io/metadata.name": namespace}
        return bool(unknown) or selectors.matches(selector, marks)


def ignored(facts: Index) -> Iterator[Finding]:
    """What somebody is there to pick up is picked up. Silent in a cluster without scrapers."""
    pickers = facts.view(Pickers)
    for group, kind in _PICKED:
        rules = kind in {"PrometheusRule", "VMRule"}
        able = pickers.rulers if rules else pickers.scrapers
        able = [each for each in able if _PICKED[group, kind][each.victoria]]
        for owned, _ in bodies(facts, group, kind) if able else ():
            if not any(pickers.picks(each, owned) for each in able):
                yield _ignored(facts, owned, able, rules)


def _ignored(facts: Index, owned: Owned, able: list[Picker], rules: bool) -> Finding:
    names = ", ".join(str(each.owned.manifest.id) for each in able)
    spot, sight = Spot(facts, owned, ("metadata", "labels")), facts.view(Sight)
    if rules:
        return sight.absent(
            "monitor/rule-not-loaded",
            spot,
            "",
            f"{owned.manifest.id} is picked up by none of {names}: its alerts never fire",
            "give it the labels that their ruleSelector wants, or widen that",
        )
    return sight.absent(
        "monitor/not-scraped",
        spot,
        "",
        f"{owned.manifest.id} is picked up by none of {names}: nothing is scraped",
        "give it the labels that their selectors want, or widen them",
    )
