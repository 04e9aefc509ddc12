"""The API of Talos, for pods.

Source: siderolabs/talos v1.13.9, `internal/app/machined/pkg/controllers/kubeaccess`: a control
plane answers a `talos.dev` ServiceAccount with a Secret, if the configuration of the machine allows
its namespace and each of its roles.
"""

from collections.abc import Iterator

from gitops.check import index
from gitops.check.fields import at, listing, mapping
from gitops.check.index import Index, Owned
from gitops.check.platform.machines import configured
from gitops.model import finding
from gitops.model.finding import Finding
from gitops.model.machine import Machine

_FEATURE: tuple[str, ...] = ("machine", "features", "kubernetesTalosAPIAccess")


def refused(facts: Index) -> Iterator[Finding]:
    """Whoever asks for the API of Talos gets it: the namespace may, and the roles are given."""
    for machine in facts.view(configured.machines):
        for owned in facts.of("talos.dev", "ServiceAccount"):
            mistake = _refused(facts, machine, owned)
            if mistake:
                yield mistake


def _refused(facts: Index, machine: Machine, owned: Owned) -> Finding | None:
    given = mapping(machine.get(*_FEATURE))
    who, body = owned.manifest.id, facts.body(owned.manifest)
    spaces, roles = listing(given.get("allowedKubernetesNamespaces")), given.get("allowedRoles")
    lacking = [each for each in listing(at(body, "spec", "roles")) if each not in listing(roles)]
    way: tuple[str, ...] = ("spec", "roles")
    field = _FEATURE
    if not given.get("enabled"):
        words = "which machines give to nobody"
    elif who.namespace not in spaces:
        field = (*_FEATURE, "allowedKubernetesNamespaces")
        way, words = (
            ("metadata",),
            f"which machines give to {', '.join(map(str, spaces)) or 'no namespace'}",
        )
    elif lacking:
        field, words = (*_FEATURE, "allowedRoles"), f"as {lacking[0]}, which machines do not allow"
    else:
        return None
    mistake = finding.error(
        "talos/api-access",
        facts.at(owned, *way),
        f"{who} asks for the API of Talos, {words}: no Secret is made, and its pods wait",
        "allow the namespace and the role in the configuration of the machines",
        machine.at(*field),
    )
    return index.about(who, mistake)


RULES = (refused,)
