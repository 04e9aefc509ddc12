"""Names in policies that lead to nothing: ports and clusters."""

from collections.abc import Iterator

import msgspec

from gitops.check import operators
from gitops.check.index import Index
from gitops.check.spot import Spot
from gitops.check.traffic.policies.enforcement import Enforcement
from gitops.check.traffic.policies.identities import CLUSTER, Identity
from gitops.check.traffic.policies.peers import Selector
from gitops.check.traffic.policies.rules import Policy, PortRange, Rule
from gitops.check.traffic.sight import Sight
from gitops.model.finding import Finding


def ports(facts: Index) -> Iterator[Finding]:
    """A port that a rule for arriving connections names is one that a selected pod declares.

    Of pods that controllers make nothing is said: they may have more containers than is known.
    """
    enforcement, sight = facts.view(Enforcement), facts.view(Sight)
    for policy in enforcement.policies:
        selected = [who for who in enforcement.around(policy) if policy.selects(who)]
        if not selected or any(map(_is_made, selected)) or sight.hiders(policy.where):
            continue
        for rule, port in _named(policy):
            if not any(_has(who, port) for who in selected):
                has = ", ".join(sorted({name for who in selected for name, _, _ in who.ports}))
                yield Spot(facts, policy.owned, rule.pointer).warning(
                    "network-policy/port-missing",
                    f"{policy.owned.manifest.id} opens port {port.name!r}, which no pod that it "
                    f"selects declares: there is {has or 'none'}",
                    "use a name that a container declares, or the number",
                )


def _is_made(who: Identity) -> bool:
    return who.owned is None or who.owned.manifest.incomplete == operators.MADE


def _named(policy: Policy) -> Iterator[tuple[Rule, PortRange]]:
    for rule in policy.ingress:
        for port in rule.ports or ():
            if port.name:
                yield rule, port


def _has(who: Identity, port: PortRange) -> bool:
    protocols = {"TCP", "UDP", "SCTP"} if port.protocol == "ANY" else {port.protocol}
    return any(name == port.name and given in protocols for name, _, given in who.ports)


def clusters(all_of_them: tuple[Index, ...]) -> Iterator[Finding]:
    """A cluster that a policy names is one of the fleet, where all of it can be seen."""
    names = {_cluster(facts) for facts in all_of_them}
    if "" in names or not all(facts.knowledge.whole for facts in all_of_them):
        return
    for facts in all_of_them:
        for policy in facts.view(Enforcement).policies:
            for rule in (*policy.ingress, *policy.egress):
                for name in _clusters(rule):
                    if name not in names:
                        yield _unknown(facts, policy, rule, name, sorted(names))


def _cluster(facts: Index) -> str:
    """The name that Cilium knows a cluster by; "" where its configuration is not known."""
    enforcement = facts.view(Enforcement)
    return enforcement.cluster if enforcement.settings.get("cluster-name") else ""


def _clusters(rule: Rule) -> Iterator[str]:
    for peer in rule.peers or ():
        value = peer.value(CLUSTER) if isinstance(peer, Selector) else None
        if value is not None:
            yield value


def _unknown(facts: Index, policy: Policy, rule: Rule, name: str, known: list[str]) -> Finding:
    found = Spot(facts, policy.owned, rule.pointer).error(
        "network-policy/cluster-missing",
        f"{policy.owned.manifest.id} names pods of cluster {name!r}, which is none of the mesh",
        f"there is {', '.join(known)}",
    )
    return msgspec.structs.replace(found, cluster=facts.cluster.name)
