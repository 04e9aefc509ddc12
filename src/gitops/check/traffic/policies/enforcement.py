"""All policies of a cluster, and the pods that they are about."""

from collections.abc import Collection
from functools import cached_property
from typing import Any

import msgspec

from gitops.check.fields import at, mapping, text
from gitops.check.index import Index
from gitops.check.pods import Template
from gitops.check.traffic.gateways import bodies
from gitops.check.traffic.policies import cilium, kubernetes
from gitops.check.traffic.policies.identities import ACCOUNT, CLUSTER, NODE, UNKNOWN, Identity, pod
from gitops.check.traffic.policies.rules import (
    Connection,
    Direction,
    Open,
    Policy,
    Verdict,
    judge,
)
from gitops.check.traffic.services import Services, container_ports, templates


class Enforcement:
    """Who is selected by what. Policies of the host itself are left out, and pods in the host
    network count as nodes."""

    def __init__(self, facts: Index) -> None:
        self._facts = facts
        self._selected: dict[str, tuple[Policy, ...]] = {}

    @cached_property
    def settings(self) -> dict[str, Any]:
        """The configuration of Cilium, where its chart is known."""
        found = self._facts.find("", "ConfigMap", "kube-system", "cilium-config")
        return mapping(self._facts.body(found.manifest).get("data")) if found else {}

    @cached_property
    def by_cilium(self) -> bool:
        """Whether Cilium enforces the policies."""
        return bool(self.settings) or any(key[0] == "cilium.io" for key in self._facts.owned)

    @cached_property
    def cluster(self) -> str:
        """The name that Cilium knows the cluster by."""
        named = text(self.settings.get("cluster-name"))
        return named or ("default" if any(self.settings.values()) else UNKNOWN)

    @property
    def enforced(self) -> bool:
        """Whether policies have any effect."""
        return self.settings.get("enable-policy") != "never"

    @cached_property
    def policies(self) -> tuple[Policy, ...]:
        """Every spec of every policy that selects pods."""
        facts = self._facts
        found: list[Policy] = []
        for kind in cilium.KINDS:
            for owned, body in bodies(facts, cilium.GROUP, kind):
                found += cilium.policies(owned, body, self._home(owned.manifest.id.namespace))
        for owned, body in bodies(facts, kubernetes.GROUP, kubernetes.KIND):
            home = self._home(owned.manifest.id.namespace)
            found.append(kubernetes.policy(owned, body, home, cilium=self.by_cilium))
        return tuple(found)

    def _home(self, namespace: str) -> cilium.Home:
        apart = self.settings.get("policy-default-local-cluster") == "true"
        return cilium.Home(self.cluster, apart, self._selectors, namespace)

    @cached_property
    def _selectors(self) -> dict[tuple[str, str], dict[str, Any]]:
        services = self._facts.view(Services).all
        return {(found.namespace, found.name): found.selector for found in services}

    @cached_property
    def _by_namespace(self) -> dict[str, list[Policy]]:
        found: dict[str, list[Policy]] = {}
        for policy in self.policies:
            found.setdefault(policy.where, []).append(policy)
        return found

    @cached_property
    def _around(self) -> dict[str, dict[str, Any]]:
        """The labels of namespaces."""
        return {
            owned.manifest.id.name: mapping(at(body, "metadata", "labels"))
            for owned, body in bodies(self._facts, "", "Namespace")
        }

    @cached_property
    def pods(self) -> dict[int, Identity]:
        """Who the pods of each template are, by its position among all."""
        found = self._facts.view(templates)
        return {position: self._identity(each) for position, each in enumerate(found)}

    def around(self, policy: Policy) -> Collection[Identity]:
        """Whom a policy may select: all pods in its namespace, or all of the cluster."""
        return self._inhabitants.get(policy.where, ()) if policy.where else self.pods.values()

    @cached_property
    def _inhabitants(self) -> dict[str, list[Identity]]:
        found: dict[str, list[Identity]] = {}
        for who in self.pods.values():
            found.setdefault(who.namespace, []).append(who)
        return found

    @cached_property
    def _positions(self) -> dict[int, int]:
        return {id(each): at for at, each in enumerate(self._facts.view(templates))}

    def who(self, template: Template) -> Identity:
        """Who the pods of a template are."""
        return self.pods[self._positions[id(template)]]

    def _identity(self, template: Template) -> Identity:
        if template.spec.get("hostNetwork") is True:
            return msgspec.structs.replace(NODE, name=str(template.owner.manifest.id))
        name, namespace = str(template.owner.manifest.id), template.namespace
        found = pod(name, namespace, template.labels, self._around.get(namespace, {}))
        account = text(template.spec.get("serviceAccountName")) or "default"
        return msgspec.structs.replace(
            found,
            labels={**found.labels, ACCOUNT: account, CLUSTER: self.cluster},
            ports=tuple(container_ports(template)),
            owned=template.owner,
            cluster=self._facts.cluster.name,
        )

    def near(self, who: Identity) -> list[Policy]:
        """The policies that could select a pod, by where they are."""
        return [*self._by_namespace.get("", ()), *self._by_namespace.get(who.namespace, ())]

    def selecting(self, who: Identity) -> tuple[Policy, ...]:
        """The policies that select a party of this cluster."""
        if not who.is_pod:
            return ()
        if who.name not in self._selected:
            self._selected[who.name] = tuple(each for each in self.near(who) if each.selects(who))
        return self._selected[who.name]

    def judge(self, connection: Connection, direction: Direction) -> Verdict:
        """What the policies of this cluster say of one side of a connection."""
        who = connection.target if direction == "ingress" else connection.source
        return judge(self.selecting(who), connection, direction) if self.enforced else Open()
