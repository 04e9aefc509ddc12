"""Whether requests arrive: Gateways and routes, certificates, monitors, network policies."""

from gitops.check.index import ClusterRule
from gitops.check.traffic import backends, certificates, coverage, duplicates, listeners, routes

RULES: tuple[ClusterRule, ...] = (
    routes.attached,
    backends.missing,
    backends.foreign,
    listeners.classless,
    listeners.conflicting,
    listeners.uncertified,
    listeners.homeless,
    duplicates.routes,
    duplicates.ingresses,
    certificates.unissued,
    certificates.shared,
    certificates.unsolved,
    certificates.invalid,
    coverage.uncovered,
)
