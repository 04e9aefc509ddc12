"""Every rule id that a finding may carry, whichever layer reports it, with its documentation."""

from gitops.check.catalogue import (
    alert,
    archive,
    bootstrap,
    certificate,
    configuration,
    estate,
    flux,
    gateway,
    generate,
    helm,
    identities,
    ignore,
    kustomize,
    lock,
    mesh,
    monitor,
    objects,
    order,
    platform,
    policy,
    relations,
    repository,
    schemas,
    services,
    sops,
    storage,
    talos,
    vault,
    workloads,
    yaml,
)
from gitops.check.rule import Rule

_AREAS = (
    alert,
    archive,
    bootstrap,
    certificate,
    configuration,
    estate,
    flux,
    gateway,
    generate,
    helm,
    identities,
    ignore,
    kustomize,
    lock,
    mesh,
    monitor,
    objects,
    order,
    platform,
    policy,
    relations,
    repository,
    schemas,
    services,
    sops,
    storage,
    talos,
    vault,
    workloads,
    yaml,
)

RULES: dict[str, Rule] = {
    rule.id: rule
    for rule in sorted((each for area in _AREAS for each in area.RULES), key=lambda each: each.id)
}
"""By id, sorted."""
