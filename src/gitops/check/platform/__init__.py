"""Whether the estate holds together: addresses, BGP, mesh, capacity, availability, backup."""

from gitops.check.index import ClusterRule, FleetRule
from gitops.check.platform.network import addresses, bgp, mesh
from gitops.check.platform.podsecurity import admission

RULES: tuple[ClusterRule, ...] = (
    admission.labelled,
    admission.refused,
    *addresses.RULES,
    *bgp.RULES,
)

FLEET_RULES: tuple[FleetRule, ...] = (*addresses.FLEET_RULES, *mesh.FLEET_RULES)
