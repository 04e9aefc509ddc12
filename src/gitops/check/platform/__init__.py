"""Whether the estate holds together: addresses, BGP, mesh, capacity, availability, backup."""

from gitops.check.index import ClusterRule, FleetRule
from gitops.check.platform.podsecurity import admission

RULES: tuple[ClusterRule, ...] = (
    admission.labelled,
    admission.refused,
)

FLEET_RULES: tuple[FleetRule, ...] = ()
