"""Random network policies, and parties that speak to one another."""

import random
from typing import Any

Body = dict[str, Any]

CLUSTERS = ("infra", "apps")
NAMESPACES = {
    "web": {"team": "blue", "kubernetes.io/metadata.name": "web"},
    "data": {"team": "red", "stage": "prod", "kubernetes.io/metadata.name": "data"},
    "kube-system": {"kubernetes.io/metadata.name": "kube-system"},
}
OPERATORS = ("In", "NotIn", "Exists", "DoesNotExist")
PORTS = (53, 80, 443, 8080, 8081, 9090)
NAMED = (("http", 8080, "TCP"), ("dns", 53, "UDP"), ("metrics", 9090, "TCP"))
ENTITIES = (
    *("all", "cluster", "host", "remote-node", "kube-apiserver", "ingress", "health"),
    *("world", "init", "unmanaged", "none"),
)
HOSTS = ("api.example.org", "example.org", "a.b.example.org", "apixexample.org")
NAMES: tuple[Body, ...] = (
    {"matchName": "api.example.org"},
    {"matchPattern": "*.example.org"},
    {"matchPattern": "*"},
    {"matchPattern": "api*"},
    {"matchName": "API.Example.org"},
)
RESERVED = (
    *(("host",), ("remote-node",), ("kube-apiserver", "remote-node"), ("health",), ("ingress",)),
    *(("world",), ("init",), ("unmanaged",)),
)


class Draw:
    """One random platform after the other. If it is `plain`, no label is empty, and no selector
    says what a label must not be."""

    def __init__(self, seed: int, *, plain: bool = False) -> None:
        self.random = random.Random(seed)
        self.tiers = ("one", "two") if plain else ("one", "two", "")
        self.operators = ("In", "Exists", "DoesNotExist") if plain else OPERATORS

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def one(self, *of: Any) -> Any:
        return self.random.choice(of)

    def labels(self) -> dict[str, str]:
        found = {"app": self.one("front", "back", "db")}
        if self.chance(0.5):
            found["tier"] = self.one(*self.tiers)
        return found

    def pod(self) -> Body:
        """A pod of some cluster: its namespace, labels and named ports."""
        named = [each for each in NAMED if self.chance(0.6)]
        return {
            "namespace": self.one(*NAMESPACES),
            "cluster": self.one(*CLUSTERS, CLUSTERS[0]),
            "labels": self.labels(),
            "ports": named,
        }

    # Selectors

    def selector(self, prefix: tuple[str, ...] = ("",)) -> Body:
        """Of the labels of pods; keys may begin with a source."""
        found: Body = {}
        if self.chance(0.6):
            found["matchLabels"] = {
                self.one(*prefix) + key: value
                for key, value in self.labels().items()
                if self.chance(0.7)
            }
        if self.chance(0.3):
            key = self.one(*prefix) + self.one("app", "tier", "none")
            found["matchExpressions"] = [self.expression(key, "front", "back", "two", "")]
        return found

    def around(self) -> Body:
        """Of the labels of namespaces."""
        name = "kubernetes.io/metadata.name"
        options: tuple[Body, ...] = (
            {},
            {"matchLabels": {name: self.one(*NAMESPACES)}},
            {"matchLabels": {"team": self.one("blue", "red")}},
            {"matchExpressions": [self.expression("team", "blue", "red")]},
            {"matchExpressions": [self.expression("stage", "prod")]},
        )
        return self.random.choice(options)

    def expression(self, key: str, *values: str) -> Body:
        operator = self.one(*self.operators)
        if operator in {"Exists", "DoesNotExist"}:
            return {"key": key, "operator": operator}
        some = self.random.sample(values, self.random.randint(1, len(values)))
        return {"key": key, "operator": operator, "values": some}

    # Policies of Kubernetes

    def kubernetes(self, number: int, *, blocks: bool = False) -> Body:
        """A NetworkPolicy."""
        spec: Body = {"podSelector": self.selector()}
        types = [each for each in ("Ingress", "Egress") if self.chance(0.6)]
        if self.chance(0.9):
            spec["policyTypes"] = types or ["Ingress"]
        listed = spec.get("policyTypes", ["Ingress", "Egress"])
        for field, peers in (("ingress", "from"), ("egress", "to")):
            if field.capitalize() in listed and self.chance(0.8):
                spec[field] = [
                    self._kubernetes_rule(peers, blocks=blocks)
                    for _ in range(self.random.randint(0, 2))
                ]
        return {
            "apiVersion": "networking.k8s.io/v1",
            "kind": "NetworkPolicy",
            "metadata": {"name": f"p{number}", "namespace": self.one(*NAMESPACES)},
            "spec": spec,
        }

    def _kubernetes_rule(self, peers: str, *, blocks: bool) -> Body:
        found: Body = {}
        if self.chance(0.8):
            found[peers] = [
                self._kubernetes_peer(blocks=blocks) for _ in range(self.random.randint(0, 2))
            ]
        if self.chance(0.6):
            found["ports"] = [self._kubernetes_port() for _ in range(self.random.randint(0, 2))]
        return found

    def _kubernetes_peer(self, *, blocks: bool) -> Body:
        if blocks and self.chance(0.2):
            return {"ipBlock": {"cidr": self.one("192.0.2.0/24", "198.51.100.7/32")}}
        found: Body = {}
        if self.chance(0.6):
            found["podSelector"] = self.selector()
        if not found or self.chance(0.6):
            found["namespaceSelector"] = self.around()
        return found

    def _kubernetes_port(self) -> Body:
        found: Body = {"protocol": self.one("TCP", "TCP", "UDP")} if self.chance(0.8) else {}
        if self.chance(0.9):
            number = self.one(*PORTS, "http", "dns", "metrics")
            found["port"] = number
            if isinstance(number, int) and self.chance(0.3):
                found["endPort"] = number + self.random.randint(0, 100)
        return found

    # Policies of Cilium

    def cilium(self, number: int) -> Body:
        """A CiliumNetworkPolicy, or a clusterwide one."""
        wide = self.chance(0.2)
        subject = self.selector(("", "", "k8s:", "any:"))
        if wide and self.chance(0.5):
            subject.setdefault("matchLabels", {})["k8s:io.kubernetes.pod.namespace"] = self.one(
                *NAMESPACES
            )
        spec: Body = {"endpointSelector": subject}
        for field in ("ingress", "egress"):
            if self.chance(0.6):
                spec[field] = [self._rule(field, wide) for _ in range(self.random.randint(0, 2))]
            if self.chance(0.15):
                spec[f"{field}Deny"] = [self._rule(field, wide, denies=True)]
        if self.chance(0.15):
            spec["enableDefaultDeny"] = {self.one("ingress", "egress"): self.one(True, False)}
        metadata = {"name": f"p{number}"}
        if not wide:
            metadata["namespace"] = self.one(*NAMESPACES)
        kind = "CiliumClusterwideNetworkPolicy" if wide else "CiliumNetworkPolicy"
        return {"apiVersion": "cilium.io/v2", "kind": kind, "metadata": metadata, "spec": spec}

    def _rule(self, field: str, wide: bool, *, denies: bool = False) -> Body:
        prefix = "from" if field == "ingress" else "to"
        found: Body = {}
        if self.chance(0.9):
            found |= self._peers(prefix, wide, denies=denies)
        if self.chance(0.6):
            found["toPorts"] = [{"ports": [self._port() for _ in range(self.one(1, 1, 2))]}]
        return found

    def _peers(self, prefix: str, wide: bool, *, denies: bool) -> Body:
        what = self.one("Endpoints", "Endpoints", "Endpoints", "Entities", "CIDR", "FQDNs")
        count = range(self.random.randint(1, 2))
        match what:
            case "Endpoints":
                count = range(self.random.randint(0, 2))
                return {f"{prefix}Endpoints": [self._endpoint() for _ in count]}
            case "FQDNs" if prefix == "to" and not denies:
                return {"toFQDNs": [self.one(*NAMES) for _ in count]}
            case "CIDR":
                return {f"{prefix}CIDR": [self.one("192.0.2.0/24", "10.0.0.0/8")]}
            case _:
                return {f"{prefix}Entities": [self.one(*ENTITIES) for _ in count]}

    def _endpoint(self) -> Body:
        found = self.selector(("", "", "k8s:", "any:"))
        wanted = found.setdefault("matchLabels", {}) if self.chance(0.7) else {}
        if self.chance(0.5):
            key = self.one("k8s:io.kubernetes.pod.namespace", "io.kubernetes.pod.namespace")
            wanted[key] = self.one(*NAMESPACES)
        if self.chance(0.2):
            key = self.one("k8s:io.cilium.k8s.policy.cluster", "io.cilium.k8s.policy.cluster")
            wanted[key] = self.one(*CLUSTERS)
        if self.chance(0.2):
            key = self.one("io.cilium.k8s.namespace.labels.team")
            wanted[self.one("k8s:", "") + key] = self.one("blue", "red")
        if self.chance(0.1):
            wanted[f"reserved:{self.one('host', 'ingress', 'kube-apiserver')}"] = ""
        return found

    def _port(self) -> Body:
        found: Body = {"port": str(self.one(*PORTS, "http", "dns", "metrics", 0))}
        if self.chance(0.8):
            found["protocol"] = self.one("TCP", "UDP", "ANY", "TCP")
        if found["port"].isdigit() and found["port"] != "0" and self.chance(0.2):
            found["endPort"] = int(found["port"]) + self.random.randint(1, 100)
        return found
