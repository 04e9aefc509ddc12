"""Whether the estate holds together: addresses, BGP, mesh, capacity, availability, backup."""

from gitops.check.index import ClusterRule, FleetRule
from gitops.check.platform.availability import budgets, ports, quorum, replication, spreading
from gitops.check.platform.capacity import (
    binding,
    disks,
    keyspaces,
    least,
    limits,
    namespaces,
    outgrown,
)
from gitops.check.platform.capacity import rules as capacity
from gitops.check.platform.images import rules as images
from gitops.check.platform.images import trust
from gitops.check.platform.keeping import backups, literals, plain, postgres, schedules
from gitops.check.platform.machines import access, layers, logs, metrics, serving, volumes
from gitops.check.platform.network import addresses, bgp, mesh, owners, records, routed, router
from gitops.check.platform.podsecurity import admission
from gitops.check.platform.versions import ground, pairs
from gitops.check.platform.versions import rules as versions

RULES: tuple[ClusterRule, ...] = (
    admission.labelled,
    admission.refused,
    *access.RULES,
    *layers.RULES,
    *logs.RULES,
    *metrics.RULES,
    *serving.RULES,
    *volumes.RULES,
    *addresses.RULES,
    *bgp.RULES,
    *records.RULES,
    *routed.RULES,
    *router.RULES,
    *capacity.RULES,
    *disks.RULES,
    limits.below_requests,
    *binding.RULES,
    *namespaces.RULES,
    *outgrown.RULES,
    *least.RULES,
    *images.RULES,
    *trust.RULES,
    *backups.RULES,
    *postgres.RULES,
    *schedules.RULES,
    *plain.RULES,
    *literals.RULES,
    *spreading.RULES,
    *budgets.RULES,
    *ports.RULES,
    *quorum.RULES,
    *replication.RULES,
    *ground.RULES,
    *pairs.RULES,
    *versions.RULES,
)

FLEET_RULES: tuple[FleetRule, ...] = (
    *addresses.FLEET_RULES,
    *ground.FLEET_RULES,
    *mesh.FLEET_RULES,
    *owners.FLEET_RULES,
    *outgrown.FLEET_RULES,
    *keyspaces.FLEET_RULES,
)
