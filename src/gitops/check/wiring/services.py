"""Services and the pods behind them.

Source: the endpoint slice controller: a Service without endpoints answers nothing, and nothing
reports it. A port may be a name, which containers must declare; numbers need not be declared.
"""

from collections.abc import Iterator
from typing import Any

from gitops.check import operators
from gitops.check.fields import at, listing, mapping, text
from gitops.check.index import Index, Owned
from gitops.check.pods import Template
from gitops.check.spot import Spot, graded
from gitops.check.wiring.presence import Presence, doubtful
from gitops.check.wiring.templates import Templates
from gitops.model.finding import Finding, Severity

_GLOBAL = "service.cilium.io/global"


def idle(facts: Index) -> Iterator[Finding]:
    """Every selector selects the pods of something."""
    templates, presence = facts.view(Templates), facts.view(Presence)
    for owned, body in _applied(facts):
        selector, namespace = _selector(body), owned.manifest.id.namespace
        exempt = _may_be_elsewhere(body) or _is_of_nodes(namespace, selector)
        if selector and not exempt and not templates.selected(namespace, selector):
            spot = Spot(facts, owned, ("spec", "selector"))
            shown = ",".join(f"{key}={value}" for key, value in sorted(selector.items()))
            yield doubtful(
                "service/selects-nothing",
                spot,
                presence.makers(namespace),
                f"{spot.who} selects pods with {shown}; there are none: it reaches nothing",
                _closest(templates.within.get(namespace, []), selector)
                or "correct the selector, or the labels of the pods",
            )


def ports(facts: Index) -> Iterator[Finding]:
    """Every port of a Service leads to a port of the pods that it selects. Controllers may add
    containers to theirs, so of those nothing is said."""
    templates = facts.view(Templates)
    for owned, body in _applied(facts):
        selected = templates.selected(owned.manifest.id.namespace, _selector(body))
        if _selector(body) and selected and not any(map(_is_sketch, selected)):
            for position, each in enumerate(listing(at(body, "spec", "ports"))):
                yield from _port(facts, owned, position, mapping(each), selected)


def governed(facts: Index) -> Iterator[Finding]:
    """The Service that gives the pods of a StatefulSet their names exists."""
    presence = facts.view(Presence)
    for owned in facts.of("apps", "StatefulSet"):
        name = text(at(facts.body(owned.manifest), "spec", "serviceName"))
        key = ("", "Service", owned.manifest.id.namespace, name)
        ours = owned.manifest.incomplete != operators.MADE and not _is_of_chart(owned)
        if name and ours and not presence.has(key):
            spot = Spot(facts, owned, ("spec", "serviceName"))
            message = f"{spot.who} names its pods by Service {name!r}, which does not exist"
            hint = "add the headless Service, or correct the name"
            yield presence.absent("service/missing", spot, key, message, hint, Severity.WARNING)


def ingresses(facts: Index) -> Iterator[Finding]:
    """Every backend of an Ingress is a Service that exists and has the port."""
    presence = facts.view(Presence)
    for owned in facts.of("networking.k8s.io", "Ingress"):
        for way, backend in _backends(facts.body(owned.manifest)):
            name = text(backend.get("name"))
            key = ("", "Service", owned.manifest.id.namespace, name)
            service = facts.find(*key)
            if name and not presence.has(key):
                spot = Spot(facts, owned, (*way, "name"))
                message = f"{spot.who} sends requests to Service {name!r}, which does not exist"
                hint = "add the Service, or correct the name"
                yield presence.absent("ingress/backend-missing", spot, key, message, hint)
            elif service is not None:
                yield from _backend_port(facts, owned, way, mapping(backend.get("port")), service)


def classes(facts: Index) -> Iterator[Finding]:
    """Every class that an Ingress names exists, where any does."""
    presence, known = facts.view(Presence), facts.of("networking.k8s.io", "IngressClass")
    for owned in facts.of("networking.k8s.io", "Ingress") if known else ():
        name = text(at(facts.body(owned.manifest), "spec", "ingressClassName"))
        key = ("networking.k8s.io", "IngressClass", "", name)
        if name and not presence.has(key):
            spot = Spot(facts, owned, ("spec", "ingressClassName"))
            message = f"{spot.who} is for IngressClass {name!r}, which does not exist"
            names = ", ".join(sorted(each.manifest.id.name for each in known))
            yield presence.absent("ingress/class-missing", spot, key, message, f"there is {names}")


def _applied(facts: Index) -> Iterator[tuple[Owned, dict[str, Any]]]:
    for owned in facts.of("", "Service"):
        if owned.manifest.incomplete != operators.MADE:
            body = facts.body(owned.manifest)
            if at(body, "spec", "type") != "ExternalName":
                yield owned, body


def _selector(body: dict[str, Any]) -> dict[str, str]:
    return mapping(at(body, "spec", "selector"))


def _may_be_elsewhere(body: dict[str, Any]) -> bool:
    """ClusterMesh may have the pods in another cluster; hooks come and go."""
    annotations = mapping(at(body, "metadata", "annotations"))
    return annotations.get(_GLOBAL) == "true" or "helm.sh/hook" in annotations


def _is_of_nodes(namespace: str, selector: dict[str, str]) -> bool:
    """What kubeadm, Talos and k3s run on nodes: no object makes it."""
    return namespace == "kube-system" and bool({"component", "k8s-app", "tier"} & selector.keys())


def _closest(templates: list[Template], selector: dict[str, str]) -> str:
    """The pods that all but one label fit."""
    for each in templates:
        wrong = [key for key, value in selector.items() if each.labels.get(key) != value]
        if len(wrong) == 1 and len(selector) > 1:
            has = each.labels.get(wrong[0])
            what = f"{wrong[0]}={has}" if has else f"no label {wrong[0]}"
            return f"the pods of {each.owner.manifest.id} have {what}"
    return ""


def _port(
    facts: Index, owned: Owned, position: int, port: dict[str, Any], selected: list[Template]
) -> Iterator[Finding]:
    target = port.get("targetPort") or port.get("port")
    declared = [found for each in selected for found in _declared(each)]
    spot = Spot(facts, owned, ("spec", "ports", position, "targetPort"))
    shown = ", ".join(f"{name or '-'}={number}" for name, number in dict.fromkeys(declared))
    names = ", ".join(sorted({str(each.owner.manifest.id) for each in selected}))
    if isinstance(target, str) and not target.isdigit():
        if target not in {name for name, _ in declared}:
            message = f"{spot.who} leads to port {target!r} of {names}, which has {shown or 'none'}"
            hint = "use a name that a container declares"
            found = spot.error("service/port-missing", message, hint, selected[0].owner)
            yield graded(found, Severity.WARNING) if _is_of_chart(owned) else found
    elif (
        not _is_of_chart(owned)
        and all(any(_declared(each)) for each in selected)
        and not _is_among(target, declared)
    ):
        message = f"{spot.who} leads to port {target} of {names}, which declares {shown}"
        hint = "correct the port, or declare it in the container"
        yield spot.warning("service/port-undeclared", message, hint, selected[0].owner)


def _is_sketch(template: Template) -> bool:
    return template.owner.manifest.incomplete == operators.MADE


def _is_of_chart(owned: Owned) -> bool:
    """Whether both the Service and its pods are somebody else's to correct."""
    return owned.unit.id.kind == "HelmRelease"


def _is_among(target: object, declared: list[tuple[str, int]]) -> bool:
    return str(target) in {str(number) for _, number in declared}


def _declared(template: Template) -> Iterator[tuple[str, int]]:
    for _, container in template.containers:
        for each in map(mapping, listing(container.get("ports"))):
            if isinstance(each.get("containerPort"), int):
                yield text(each.get("name")), each["containerPort"]


def _backends(body: dict[str, Any]) -> Iterator[tuple[tuple[str | int, ...], dict[str, Any]]]:
    default = at(body, "spec", "defaultBackend", "service")
    if default:
        yield ("spec", "defaultBackend", "service"), mapping(default)
    for number, rule in enumerate(listing(at(body, "spec", "rules"))):
        for position, path in enumerate(listing(at(rule, "http", "paths"))):
            way = ("spec", "rules", number, "http", "paths", position, "backend", "service")
            yield way, mapping(at(path, "backend", "service"))


def _backend_port(
    facts: Index,
    owned: Owned,
    way: tuple[str | int, ...],
    port: dict[str, Any],
    service: Owned,
) -> Iterator[Finding]:
    known = [mapping(each) for each in listing(at(facts.body(service.manifest), "spec", "ports"))]
    field = "name" if "name" in port else "number"
    wanted = port.get(field)
    if known and wanted not in [each.get("name" if field == "name" else "port") for each in known]:
        spot = Spot(facts, owned, (*way, "port", field))
        has = ", ".join(f"{each.get('name', '-')}={each.get('port')}" for each in known)
        message = (
            f"{spot.who} sends requests to port {wanted} of {service.manifest.id}: it has {has}"
        )
        yield spot.error("ingress/backend-port", message, "use a port of the Service", service)
