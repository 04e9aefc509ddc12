"""Whether requests arrive: Gateways and routes, certificates, monitors, network policies."""

from gitops.check.index import ClusterRule

RULES: tuple[ClusterRule, ...] = ()
