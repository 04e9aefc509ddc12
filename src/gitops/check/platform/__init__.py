"""Whether the estate holds together: addresses, BGP, mesh, capacity, availability, backup."""

from gitops.check.index import ClusterRule, FleetRule

RULES: tuple[ClusterRule, ...] = ()

FLEET_RULES: tuple[FleetRule, ...] = ()
