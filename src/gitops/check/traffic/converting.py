"""Kinds of Prometheus's operator that VictoriaMetrics' operator turns into its own, or does not.

Source: victoria-metrics-operator v0.64.1, docs/env.md: `VM_ENABLEDPROMETHEUSCONVERTER_*`.
"""

from collections.abc import Iterator

from gitops.check.fields import listing, mapping
from gitops.check.index import Index, Owned
from gitops.check.spot import Spot
from gitops.check.traffic.gateways import bodies
from gitops.check.traffic.monitors import COREOS
from gitops.check.traffic.services import templates
from gitops.model.finding import Finding

_SWITCH = "VM_ENABLEDPROMETHEUSCONVERTER_"
_KINDS = {
    "PODMONITOR": "PodMonitor",
    "PROBE": "Probe",
    "PROMETHEUSRULE": "PrometheusRule",
    "SCRAPECONFIG": "ScrapeConfig",
    "SERVICESCRAPE": "ServiceMonitor",
}
_READERS = ("Prometheus", "PrometheusAgent", "ThanosRuler")


def unread(facts: Index) -> Iterator[Finding]:
    """What is not converted is read by a Prometheus itself."""
    if any(True for kind in _READERS for _ in bodies(facts, COREOS, kind)):
        return
    for spot, kind in _switched_off(facts):
        left = [owned for owned, _ in bodies(facts, COREOS, kind)]
        if left:
            yield _unread(spot, kind, left)


def _switched_off(facts: Index) -> Iterator[tuple[Spot, str]]:
    for template in facts.view(templates):
        for way, container in template.containers:
            for position, each in enumerate(map(mapping, listing(container.get("env")))):
                kind = _KINDS.get(str(each.get("name")).removeprefix(_SWITCH))
                if kind and each.get("value") == "false" and str(each["name"]).startswith(_SWITCH):
                    yield Spot(facts, template.owner, (*way, "env", position, "value")), kind


def _unread(spot: Spot, kind: str, left: list[Owned]) -> Finding:
    more = f" and {len(left) - 1} more" if len(left) > 1 else ""
    return spot.warning(
        "monitor/not-converted",
        f"{spot.who} converts no {kind}, and no Prometheus reads {left[0].manifest.id}{more}",
        "let the operator convert them, or write VictoriaMetrics' own kinds",
        left[0],
    )
