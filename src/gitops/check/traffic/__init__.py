"""Whether requests arrive: Gateways and routes, certificates, monitors, network policies."""

from gitops.check.index import ClusterRule, FleetRule
from gitops.check.traffic import (
    alerts,
    backends,
    certificates,
    coverage,
    dashboards,
    duplicates,
    listeners,
    mesh,
    monitors,
    routes,
    scrapers,
)
from gitops.check.traffic.policies import denied, idle, listening, mutual, names

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
    certificates.unsolved,
    certificates.invalid,
    coverage.uncovered,
    monitors.idle,
    monitors.portless,
    scrapers.ignored,
    alerts.unreadable,
    alerts.mistimed,
    alerts.twice,
    alerts.illegible,
    dashboards.unreadable,
    dashboards.unclaimed,
    dashboards.sourceless,
    denied.flows,
    denied.nameless,
    idle.unused,
    idle.strangers,
    idle.addresses,
    idle.unproxied,
    idle.refused,
    idle.unlimited,
    idle.site,
    names.ports,
    listening.unheard,
)

FLEET_RULES: tuple[FleetRule, ...] = (
    denied.across,
    mutual.refused,
    mutual.nobody,
    names.clusters,
    mesh.services,
)
