"""Pods that ask the Kubernetes API, known by what their ServiceAccounts may do there."""

from collections.abc import Iterator

from gitops.check.fields import at, listing, mapping, text
from gitops.check.index import Index, Owned
from gitops.check.pods import Template
from gitops.check.traffic.policies import identities
from gitops.check.traffic.policies.enforcement import Enforcement
from gitops.check.traffic.policies.flow import Flow
from gitops.check.traffic.policies.identities import Identity
from gitops.check.traffic.policies.peers import Cidr
from gitops.check.traffic.policies.rules import Connection, Open
from gitops.check.traffic.services import templates

_RBAC = "rbac.authorization.k8s.io"
_PORTS = (443, 6443)
"""Where the API listens: which of the two only the cluster knows, or the estate."""

Account = tuple[str, str]


def flows(facts: Index) -> Iterator[Flow]:
    """To the API, of each pod that has rights there. Only Cilium tells the API from other hosts."""
    enforcement, bindings = facts.view(Enforcement), facts.view(_bound)
    for template in facts.view(templates) if enforcement.by_cilium else ():
        account = (template.namespace, text(template.spec.get("serviceAccountName")))
        who = enforcement.who(template)
        asks = account in bindings and _has_token(facts, template, account)
        if asks and _is_closed(facts, who):
            connection = Connection(who, identities.API_SERVER, facts.view(_ports)[-1])
            why = f"{bindings[account].manifest.id} gives it rights there"
            yield Flow(connection, why, bindings[account])


def talos(facts: Index) -> Iterator[Flow]:
    """To the API of Talos, of each pod that has the Secret of a ServiceAccount for it.

    Source: siderolabs/talos, "Talos API access from Kubernetes": apid listens on port 50000 of the
    nodes of the control plane.
    """
    enforcement = facts.view(Enforcement)
    for owned in facts.of("talos.dev", "ServiceAccount") if enforcement.by_cilium else ():
        found = owned.manifest.id
        for template in facts.view(templates):
            volumes = listing(template.spec.get("volumes"))
            names = {text(at(each, "secret", "secretName")) for each in volumes}
            who = enforcement.who(template)
            is_its = template.namespace == found.namespace and found.name in names and who.is_pod
            if is_its and not _names_addresses(enforcement, who, _APID):
                connection = Connection(who, identities.API_SERVER, _APID)
                yield Flow(connection, f"{found} gives it rights at the API of Talos", owned)


_APID = 50000


def _names_addresses(enforcement: Enforcement, who: Identity, port: int) -> bool:
    """Whether nodes may be among the addresses that a policy opens a port of."""
    rules = [rule for policy in enforcement.selecting(who) for rule in policy.egress]
    return any(
        isinstance(peer, Cidr) and rule.admits(port, "TCP", identities.API_SERVER)
        for rule in rules
        for peer in rule.peers or ()
    )


def _is_closed(facts: Index, who: Identity) -> bool:
    """Whether no port of it is open; it may be among the addresses that a policy allows."""
    enforcement = facts.view(Enforcement)
    rules = [rule for policy in enforcement.selecting(who) for rule in policy.egress]
    if any(isinstance(peer, Cidr) for rule in rules for peer in rule.peers or ()):
        return False
    return not any(
        isinstance(enforcement.judge(Connection(who, identities.API_SERVER, port), "egress"), Open)
        for port in facts.view(_ports)
    )


def _ports(facts: Index) -> tuple[int, ...]:
    estate = facts.knowledge.estate
    cluster = estate.estate.clusters.get(facts.cluster.name) if estate else None
    return (cluster.api.port,) if cluster else _PORTS


def _has_token(facts: Index, template: Template, account: Account) -> bool:
    own = template.spec.get("automountServiceAccountToken")
    if isinstance(own, bool):
        return own
    found = facts.find("", "ServiceAccount", *account)
    body = facts.body(found.manifest) if found else {}
    return body.get("automountServiceAccountToken") is not False


def _bound(facts: Index) -> dict[Account, Owned]:
    """ServiceAccounts with a binding that lets them do something; `default` may be anybody's."""
    found: dict[Account, Owned] = {}
    for kind in ("ClusterRoleBinding", "RoleBinding"):
        for owned in facts.of(_RBAC, kind):
            body = facts.body(owned.manifest)
            if _lets(facts, owned, mapping(body.get("roleRef"))):
                for subject in map(mapping, listing(body.get("subjects"))):
                    space = text(subject.get("namespace")) or owned.manifest.id.namespace
                    name = text(subject.get("name"))
                    if subject.get("kind") == "ServiceAccount" and name != "default":
                        found.setdefault((space, name), owned)
    return found


def _lets(facts: Index, binding: Owned, role: dict[str, object]) -> bool:
    """Whether a role lets somebody ask for something; `use` is a right that others check."""
    kind, name = text(role.get("kind")), text(role.get("name"))
    namespace = binding.manifest.id.namespace if kind == "Role" else ""
    found = facts.find(_RBAC, kind, namespace, name)
    rules = listing(at(facts.body(found.manifest), "rules")) if found else []
    return any(set(listing(mapping(rule).get("verbs"))) - {"use"} for rule in rules)
