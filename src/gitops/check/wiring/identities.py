"""ServiceAccounts, and what RBAC binds to them.

Source: the admission plugin ServiceAccount refuses pods whose account is missing; RBAC ignores
subjects that do not exist, and refuses whatever a missing role would allow.
"""

from collections.abc import Iterator

from gitops.check.fields import at, listing, mapping, text
from gitops.check.index import Index, Key, Owned
from gitops.check.knowledge import Pointer
from gitops.check.operators.fluxcd import CONTROLLERS
from gitops.check.spot import Spot
from gitops.check.wiring import rights
from gitops.check.wiring.presence import Presence
from gitops.check.wiring.templates import Templates
from gitops.model.finding import Finding, Severity


def accounts(facts: Index) -> Iterator[Finding]:
    """Every pod runs as an account that exists."""
    presence = facts.view(Presence)
    for each in facts.view(Templates).all:
        name = text(each.spec.get("serviceAccountName"))
        key = ("", "ServiceAccount", each.namespace, name)
        if name and not presence.has(key):
            pointer = (*each.pointer, "spec", "serviceAccountName")
            spot = Spot(facts, each.owner, pointer)
            message = (
                f"{spot.who} runs as ServiceAccount/{each.namespace}/{name}, which does not exist: "
                "its pods are refused"
            )
            hint = "add the ServiceAccount, or correct the name"
            yield presence.absent("serviceaccount/missing", spot, key, message, hint)


def impersonated(facts: Index) -> Iterator[Finding]:
    """Every account that Flux is to act as exists, in the namespace of the Flux object; with
    `kubeConfig` it is one of the other cluster.

    Source: kustomize-controller and helm-controller, `spec.kubeConfig` with impersonation.
    """
    presence = facts.view(Presence)
    for found in facts.declared:
        name, namespace = found.spec.service_account_name, found.id.namespace
        if found.spec.kube_config is not None or _is_flux(facts, namespace, name):
            continue
        key = ("", "ServiceAccount", namespace, name)
        owned = facts.find(*found.id.key)
        if name and owned and not presence.has(key):
            spot = Spot(facts, owned, ("spec", "serviceAccountName"))
            message = (
                f"{spot.who} is applied as ServiceAccount/{namespace}/{name}, which does not "
                "exist: nothing of it is allowed"
            )
            hint = "add the ServiceAccount, or correct the name"
            yield presence.absent("serviceaccount/missing", spot, key, message, hint)


def _is_flux(facts: Index, namespace: str, name: str) -> bool:
    """Whether an account comes with Flux, which need not be in the repository."""
    return name in CONTROLLERS and namespace in {root.namespace for root in facts.roots}


def subjects(facts: Index) -> Iterator[Finding]:
    """Every account that a binding names exists. Flux's own bindings name the controllers that it
    may be installed with."""
    presence = facts.view(Presence)
    for owned, body in rights.bindings(facts):
        if at(body, "metadata", "labels", "app.kubernetes.io/part-of") == "flux":
            continue
        for position, each in enumerate(map(mapping, listing(body.get("subjects")))):
            namespace = text(each.get("namespace")) or owned.manifest.id.namespace
            key = ("", "ServiceAccount", namespace, text(each.get("name")))
            if each.get("kind") == "ServiceAccount" and not presence.has(key):
                spot = Spot(facts, owned, ("subjects", position, "name"))
                yield presence.absent(
                    "rbac/subject-missing",
                    spot,
                    key,
                    f"{spot.who} is for ServiceAccount/{namespace}/{key[3]}, which does not exist",
                    "correct the name or the namespace, or remove the subject",
                    Severity.WARNING,
                )


def roles(facts: Index) -> Iterator[Finding]:
    """Every role that a binding names exists."""
    presence = facts.view(Presence)
    for owned, body in rights.bindings(facts):
        reference = mapping(body.get("roleRef"))
        kind, name = text(reference.get("kind")), text(reference.get("name"))
        namespace = owned.manifest.id.namespace if kind == "Role" else ""
        key: Key = (rights.GROUP, kind, namespace, name)
        if kind in ("ClusterRole", "Role") and name and not presence.has(key):
            spot = Spot(facts, owned, ("roleRef", "name"))
            message = f"{spot.who} gives {kind} {name!r}, which does not exist: it allows nothing"
            hint = f"add the {kind}, or correct the name"
            is_mine = owned.unit.id.kind != "HelmRelease"
            severity = Severity.ERROR if is_mine else Severity.WARNING
            yield presence.absent("rbac/role-missing", spot, key, message, hint, severity)


_RENEWING = frozenset({"update", "patch", "*"})


def leases(facts: Index) -> Iterator[Finding]:
    """Whoever may take a lease may renew it, by the same role or another of its unit.

    Source: client-go, tools/leaderelection, resourcelock: LeaseLock.
    """
    roles = [each for kind in ("ClusterRole", "Role") for each in facts.of(rights.GROUP, kind)]
    renewing = {each.unit.id.key for each in roles if _RENEWING & {*_verbs(facts, each)}}
    for owned in roles:
        taking = _verbs(facts, owned).get("create")
        if taking and owned.unit.id.key not in renewing:
            spot = Spot(facts, owned, taking)
            message = f"{spot.who} lets somebody take a lease, and not renew it"
            yield spot.warning("rbac/lease-not-renewed", message, "add update to the verbs")


def _verbs(facts: Index, role: Owned) -> dict[str, Pointer]:
    """What a role allows of leases, and where."""
    rules = listing(facts.body(role.manifest).get("rules"))
    return {
        text(verb): ("rules", number, "verbs")
        for number, rule in enumerate(map(mapping, rules))
        if {"leases", "*"} & {*map(text, listing(rule.get("resources")))}
        for verb in listing(rule.get("verbs"))
    }
