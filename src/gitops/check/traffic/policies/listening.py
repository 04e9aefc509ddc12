"""Ports in policies at which, as far as can be seen, nobody listens.

Source: Cilium and Kubernetes alike: policies are asked once the address of a Service is translated,
so a port is that of a container. Containers need not declare theirs: where a number stands anywhere
in what a pod is made of, its Services or its settings, it may listen there.
"""

import re
from collections.abc import Iterator

from gitops.check import operators
from gitops.check.index import Index
from gitops.check.pods import Template
from gitops.check.spot import Spot
from gitops.check.traffic.policies import blame, denied, idle, references
from gitops.check.traffic.policies.enforcement import Enforcement
from gitops.check.traffic.policies.identities import Identity
from gitops.check.traffic.policies.peers import Selector
from gitops.check.traffic.policies.rules import Policy, PortRange, Rule
from gitops.check.traffic.services import Services, container_ports, templates
from gitops.check.traffic.sight import Sight
from gitops.model.finding import Finding


def unheard(facts: Index) -> Iterator[Finding]:
    """A number in a rule is a port of some pod that it is about, unless something is known to be
    closed for its sake: that is told."""
    enforcement = facts.view(Enforcement)
    for policy in enforcement.policies:
        for rule in policy.ingress:
            yield from _unheard(facts, policy, rule, facts.view(idle.selected)[id(policy)])
        for rule in policy.egress:
            yield from _unheard(facts, policy, rule, _meant(facts, rule))


def _meant(facts: Index, rule: Rule) -> list[Identity]:
    """The pods that all peers of a rule mean, where each is more than a namespace and is here."""
    peers = rule.peers or ()
    found: list[Identity] = []
    for peer in peers:
        pods = [*idle.meant(facts, peer)] if isinstance(peer, Selector) else []
        if not pods or not (isinstance(peer, Selector) and idle.is_more(peer)):
            return []
        found += pods
    return found


def _unheard(
    facts: Index, policy: Policy, rule: Rule, servers: list[Identity]
) -> Iterator[Finding]:
    numbered = [(at, port) for at, port in enumerate(rule.ports or ()) if _is_one(port)]
    if not numbered or rule.denies or not servers:
        return
    by_name = facts.view(_templates)
    pods = [by_name[who.name] for who in servers]
    if any(facts.view(Sight).hiders(each.namespace) for each in pods) or any(map(_is_made, pods)):
        return
    if not all(any(container_ports(each)) for each in pods):
        return
    for position, port in numbered:
        if not any(_may_hear(facts, each, port.first) for each in pods):
            found = _told(facts, policy, rule, position, port, pods)
            if found.at not in {each.at for each in facts.view(denied.found)}:
                yield found


def _is_one(port: PortRange) -> bool:
    return not port.name and port.first == port.last != 0


def _templates(facts: Index) -> dict[str, Template]:
    return {facts.view(Enforcement).who(each).name: each for each in facts.view(templates)}


def _is_made(template: Template) -> bool:
    """Controllers may add containers to theirs."""
    return template.owner.manifest.incomplete == operators.MADE


def _may_hear(facts: Index, template: Template, number: int) -> bool:
    word = re.compile(rb"(?<![0-9.])%d(?![0-9.])" % number)
    told = [template.owner, *references.settings_of(facts, template)]
    if any(word.search(each.manifest.raw) for each in told):
        return True
    services = facts.view(Services)
    return any(
        port.target == number
        for service in services.within.get(template.namespace, ())
        if service.selector and service.selector.items() <= template.labels.items()
        for port in service.ports
    )


def _told(
    facts: Index, policy: Policy, rule: Rule, position: int, port: PortRange, pods: list[Template]
) -> Finding:
    way = (*rule.pointer, *blame.port_way(policy.owned, position))
    ports = sorted({number for each in pods for _, number, _ in container_ports(each)})
    names = " and ".join(sorted({str(each.owner.manifest.id) for each in pods})[:3])
    return Spot(facts, policy.owned, way).warning(
        "network-policy/port-unheard",
        f"{policy.owned.manifest.id} is about port {port.first} of {names}, where nobody listens: "
        f"there is {', '.join(map(str, ports))}",
        "name the port of the container, which the Service may call another",
        pods[0].owner,
    )
