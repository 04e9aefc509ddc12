"""What roles open, held against what the API has.

Source: kubernetes.io, "Using RBAC Authorization", "Referring to resources": names are those of the
API, in the plural, a subresource behind a slash; RBAC takes any other name, and it opens nothing.
"""

import difflib
from collections.abc import Iterator
from typing import Any

from gitops.check.fields import listing, mapping, text
from gitops.check.index import Index
from gitops.check.schemas.builtin import Builtin
from gitops.check.schemas.definitions import definitions
from gitops.check.spot import Spot
from gitops.model.finding import Finding

_RBAC = "rbac.authorization.k8s.io"
_NEAR = 0.8
_SCALED = ("scale", "status")
_SUBRESOURCES = {
    "certificatesigningrequests": ("approval", "status"),
    "deployments": _SCALED,
    "namespaces": ("finalize", "status"),
    "nodes": ("configz", "healthz", "log", "metrics", "pods", "proxy", "spec", "stats", "status"),
    "pods": (
        *("attach", "binding", "ephemeralcontainers", "eviction", "exec", "log", "portforward"),
        *("proxy", "resize", "status"),
    ),
    "replicasets": _SCALED,
    "replicationcontrollers": _SCALED,
    "serviceaccounts": ("token",),
    "services": ("proxy", "status"),
    "statefulsets": _SCALED,
}
"""Source: Kubernetes API reference, v1.33; kubelet, fine-grained authorization."""


def misspelt(facts: Index) -> Iterator[Finding]:
    """A name in a role that is nearly one of the API's, and none, is that one."""
    builtin = facts.view(definitions).builtin
    for kind in ("ClusterRole", "Role"):
        for owned in facts.of(_RBAC, kind):
            rules = listing(facts.body(owned.manifest).get("rules"))
            for number, rule in enumerate(map(mapping, rules)):
                for position, name, meant in _wrong(builtin, rule):
                    spot = Spot(facts, owned, ("rules", number, "resources", position))
                    yield spot.warning(
                        "rbac/no-such-resource",
                        f"{spot.who} opens {name}, which the API does not have: nobody may do "
                        "anything for it",
                        f"write {meant}",
                    )


def _wrong(builtin: Builtin, rule: dict[str, Any]) -> Iterator[tuple[int, str, str]]:
    """Position and name of what does not exist, and the name that is meant."""
    groups = [text(group) for group in listing(rule.get("apiGroups"))]
    if not groups or not all(map(builtin.has_group, groups)):
        return
    known = frozenset[str]().union(*map(builtin.resources, groups))
    for position, name in enumerate(map(text, listing(rule.get("resources")))):
        resource, slash, below = name.partition("/")
        own = resource if resource in known else _singular(resource, known)
        parts = _SUBRESOURCES.get(own, ())
        near = difflib.get_close_matches(below, parts, 1, _NEAR) if below not in parts else []
        meant = f"{own or resource}{slash}{near[0] if near else below}"
        if meant != name:
            yield position, name, meant


def _singular(name: str, known: frozenset[str]) -> str:
    """The plural of a name in the singular, or of one with a slip in it."""
    plurals = [each for each in (f"{name}s", f"{name}es", f"{name[:-1]}ies") if each in known]
    near = plurals or difflib.get_close_matches(name, known, 1, 0.92)
    return near[0] if near else ""
