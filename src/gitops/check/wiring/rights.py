"""What RBAC lets a ServiceAccount do, as far as all that is bound to it can be seen.

Source: kubernetes.io, "Using RBAC Authorization".
"""

from collections.abc import Iterator
from typing import Any

import msgspec

from gitops.check.fields import at, listing, mapping, text
from gitops.check.index import Index, Owned

GROUP = "rbac.authorization.k8s.io"
_EVERY = "*"


class Grant(msgspec.Struct, frozen=True):
    """The rules of a role that is bound to an account in a namespace; "" is all of them."""

    role: Owned
    namespace: str
    rules: tuple[dict[str, Any], ...]

    def allows(self, resource: str, verb: str) -> bool:
        """Whether a rule of the core group lets it."""
        return any(
            {"", _EVERY} & {*listing(rule.get("apiGroups"))}
            and {resource, _EVERY} & {*listing(rule.get("resources"))}
            and {verb, _EVERY} & {*listing(rule.get("verbs"))}
            and not rule.get("resourceNames")
            for rule in self.rules
        )


def of(facts: Index, namespace: str, name: str) -> tuple[Grant, ...] | None:
    """What is bound to an account; None where a role is not seen, such as those of Kubernetes."""
    found = []
    for binding, body in bindings(facts):
        if any(_means(each, binding, namespace, name) for each in listing(body.get("subjects"))):
            role = _role(facts, binding, mapping(body.get("roleRef")))
            if role is None:
                return None
            rules = tuple(map(mapping, listing(facts.body(role.manifest).get("rules"))))
            found.append(Grant(role, binding.manifest.id.namespace, rules))
    return tuple(found)


def bindings(facts: Index) -> Iterator[tuple[Owned, dict[str, Any]]]:
    """All bindings of a cluster, with their bodies."""
    for kind in ("RoleBinding", "ClusterRoleBinding"):
        for owned in facts.of(GROUP, kind):
            yield owned, facts.body(owned.manifest)


def lacking(
    grants: tuple[Grant, ...], namespace: str, wanted: tuple[tuple[str, str], ...]
) -> Iterator[tuple[str, str]]:
    """Resources and verbs that no grant allows in a namespace."""
    there = [each for each in grants if each.namespace in ("", namespace)]
    for resource, verb in wanted:
        if not any(each.allows(resource, verb) for each in there):
            yield resource, verb


def _means(subject: object, binding: Owned, namespace: str, name: str) -> bool:
    found = mapping(subject)
    if found.get("kind") == "ServiceAccount":
        space = text(found.get("namespace")) or binding.manifest.id.namespace
        return (space, found.get("name")) == (namespace, name)
    return found.get("name") in (
        "system:serviceaccounts",
        f"system:serviceaccounts:{namespace}",
        f"system:serviceaccount:{namespace}:{name}",
    )


def _role(facts: Index, binding: Owned, reference: dict[str, Any]) -> Owned | None:
    kind, name = text(reference.get("kind")), text(reference.get("name"))
    namespace = binding.manifest.id.namespace if kind == "Role" else ""
    found = facts.find(GROUP, kind, namespace, name)
    gathered = found is not None and at(facts.body(found.manifest), "aggregationRule")
    return None if gathered else found
