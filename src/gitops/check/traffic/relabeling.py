"""What scrapes make of the labels that discovery gives, and whether two ask for the same.

Source: prometheus, docs/configuration/configuration.md, `kubernetes_sd_config`: the labels of each
role. VictoriaMetrics takes the same ones.
"""

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from gitops.check.fields import at, listing, mapping, text
from gitops.check.index import Index, Owned
from gitops.check.spot import Spot
from gitops.check.traffic.monitors import COREOS, VICTORIA
from gitops.model.finding import Finding

Way = tuple[str | int, ...]

_KINDS = (
    (COREOS, "PodMonitor"),
    (COREOS, "Probe"),
    (COREOS, "ScrapeConfig"),
    (COREOS, "ServiceMonitor"),
    (VICTORIA, "VMNodeScrape"),
    (VICTORIA, "VMPodScrape"),
    (VICTORIA, "VMProbe"),
    (VICTORIA, "VMScrapeConfig"),
    (VICTORIA, "VMServiceScrape"),
)
_FIELDS = frozenset({"relabelConfigs", "relabelings"})
_START = "__meta_kubernetes_"
_GIVEN = re.compile(
    r"namespace"
    r"|node_(?:name|provider_id|address_\w+|(?:label|labelpresent|annotation|annotationpresent)_\w+)"
    r"|service_(?:cluster_ip|external_name|loadbalancer_ip|name|port_name|port_number"
    r"|port_protocol|type|(?:label|labelpresent|annotation|annotationpresent)_\w+)"
    r"|pod_(?:name|ip|container_init|container_name|container_id|container_image"
    r"|container_port_name|container_port_number|container_port_protocol|ready|phase|node_name"
    r"|host_ip|uid|controller_kind|controller_name|cronjob_name|deployment_name|job_name"
    r"|(?:label|labelpresent|annotation|annotationpresent)_\w+)"
    r"|endpoints_(?:name|(?:label|labelpresent|annotation|annotationpresent)_\w+)"
    r"|endpoint_(?:hostname|node_name|ready|port_name|port_protocol|address_target_kind"
    r"|address_target_name)"
    r"|endpointslice_(?:name|address_target_kind|address_target_name|address_type"
    r"|(?:label|labelpresent|annotation|annotationpresent)_\w+"
    r"|endpoint_conditions_\w+|endpoint_topology_\w+|endpoint_hostname|endpoint_node_name"
    r"|endpoint_zone|port|port_app_protocol|port_name|port_protocol)"
    r"|ingress_(?:name|class_name|scheme|host|path"
    r"|(?:label|labelpresent|annotation|annotationpresent)_\w+)"
    r"|namespace_(?:label|labelpresent|annotation|annotationpresent)_\w+"
)
"""What follows `__meta_kubernetes_` in the labels of all roles."""


def unknown(facts: Index) -> Iterator[Finding]:
    """A label that is read is one that discovery gives."""
    for group, kind in _KINDS:
        for owned in facts.of(group, kind):
            if _START.encode() in owned.manifest.raw:
                for way, label in _labels(facts.body(owned.manifest).get("spec"), ("spec",)):
                    yield from _judged(Spot(facts, owned, way), label)


def _judged(spot: Spot, label: str) -> Iterator[Finding]:
    if label.startswith(_START) and not _GIVEN.fullmatch(label.removeprefix(_START)):
        yield spot.warning(
            "monitor/label-unknown",
            f"{spot.who} reads the label {label}, which discovery does not give: it is empty",
            "use one of the labels of Prometheus' kubernetes_sd_config",
        )


def _labels(value: object, way: Way) -> Iterator[tuple[Way, str]]:
    match value:
        case list():
            for position, each in enumerate(value):
                yield from _labels(each, (*way, position))
        case dict():
            for field, each in value.items():
                if field in _FIELDS:
                    yield from _sources(each, (*way, field))
                else:
                    yield from _labels(each, (*way, field))


def _sources(steps: object, way: Way) -> Iterator[tuple[Way, str]]:
    for number, step in enumerate(listing(steps)):
        for field in ("sourceLabels", "source_labels"):
            for position, label in enumerate(listing(mapping(step).get(field))):
                if isinstance(label, str):
                    yield (*way, number, field, position), label


def twice(facts: Index) -> Iterator[Finding]:
    """Two scrapes of nodes ask for different things, whatever name they give to the job."""
    seen: dict[bytes, Owned] = {}
    for owned in facts.of(VICTORIA, "VMNodeScrape"):
        spec = mapping(facts.body(owned.manifest).get("spec"))
        asked = msgspec.json.encode(_asked(spec), order="deterministic")
        other = seen.setdefault(asked, owned)
        if other is not owned:
            spot = Spot(facts, owned, ("spec", "path"))
            path = text(spec.get("path")) or "/metrics"
            yield spot.warning(
                "monitor/twice",
                f"{spot.who} asks the same nodes for {path} at the same port as "
                f"{other.manifest.id}: all of it is there twice",
                "correct the path or the port, or remove one of them",
                other,
            )


def _asked(spec: dict[str, Any]) -> dict[str, Any]:
    """Where a scrape goes, without what it calls the answers."""
    steps = map(mapping, listing(spec.get("relabelConfigs")))
    where = [
        each
        for each in steps
        if each.get("targetLabel") in ("__address__", "__metrics_path__", "__scheme__")
        or each.get("action") in ("drop", "keep")
        or text(at(each, "targetLabel")).startswith("__param_")
    ]
    fields = ("params", "port", "scheme", "selector")
    path = text(spec.get("path")) or "/metrics"
    return {field: spec.get(field) for field in fields} | {"path": path, "where": where}
