"""Roles and who has them.

Source: Kubernetes `pkg/apis/rbac/validation`; `pkg/apis/rbac/v1/defaults.go` gives users and groups
their apiGroup.
"""

from collections.abc import Iterator
from typing import Any

from gitops.check.fields import at as field
from gitops.check.fields import listing, mapping, text
from gitops.check.schemas import names
from gitops.check.schemas.problem import Fault, Pointer, Problem, conflict, required, wrong

_GROUP = "rbac.authorization.k8s.io"


def rule(found: dict[str, Any], at: Pointer) -> Iterator[Problem]:
    """A rule allows something to be done with something."""
    if not found.get("verbs"):
        yield required((*at, "verbs"))
    if found.get("nonResourceURLs"):
        for name in ("apiGroups", "resourceNames", "resources"):
            if found.get(name):
                words = "may not be there beside nonResourceURLs"
                yield conflict((*at, name), words, "make two rules of it")
        return
    for name in ("apiGroups", "resources"):
        if not found.get(name):
            yield required((*at, name))


def role(body: dict[str, Any], at: Pointer) -> Iterator[Problem]:
    """Paths belong to no namespace."""
    for number, each in enumerate(map(mapping, listing(body.get("rules")))):
        if each.get("nonResourceURLs"):
            way = (*at, "rules", number, "nonResourceURLs")
            yield conflict(way, "may not be there in a Role", "make it a ClusterRole")


def subject(found: dict[str, Any], at: Pointer) -> Iterator[Problem]:
    """A ServiceAccount has a name that one can have, and belongs to no group of kinds."""
    kind, group, name = found.get("kind"), text(found.get("apiGroup")), text(found.get("name"))
    if kind == "ServiceAccount":
        if group:
            yield conflict((*at, "apiGroup"), "may not be there where kind is ServiceAccount")
        if name and not names.is_subdomain(name):
            yield wrong((*at, "name"), f"{name!r} is no name of a ServiceAccount")
    elif kind in ("Group", "User") and group not in ("", _GROUP):
        yield Problem(Fault.ENUM, (*at, "apiGroup"), f"must be {_GROUP}; it is {group}")


def everywhere(body: dict[str, Any], at: Pointer) -> Iterator[Problem]:
    """What holds in all namespaces is a ClusterRole, for ServiceAccounts of a namespace each."""
    if field(body, "roleRef", "kind") == "Role":
        way = (*at, "roleRef", "kind")
        yield Problem(Fault.ENUM, way, "must be ClusterRole in a ClusterRoleBinding; it is Role")
    for number, each in enumerate(map(mapping, listing(body.get("subjects")))):
        if each.get("kind") == "ServiceAccount" and not each.get("namespace"):
            yield required((*at, "subjects", number, "namespace"))


def aggregated(body: dict[str, Any], at: Pointer) -> Iterator[Problem]:
    """What is put together is put together from something."""
    found = body.get("aggregationRule")
    if found is not None and not mapping(found).get("clusterRoleSelectors"):
        yield required((*at, "aggregationRule", "clusterRoleSelectors"))


RULES = (
    ("rbac.v1.PolicyRule", rule),
    ("rbac.v1.Role", role),
    ("rbac.v1.Subject", subject),
    ("rbac.v1.ClusterRoleBinding", everywhere),
    ("rbac.v1.ClusterRole", aggregated),
)
