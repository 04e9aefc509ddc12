"""Whether Flux can deliver what is written: its own objects, their order, and who applies what."""

from gitops.check.delivery import (
    controllers,
    dependencies,
    health,
    layers,
    namespaces,
    order,
    owners,
    pruning,
    sources,
    values,
    variables,
    waits,
)

RULES = (
    controllers.missing,
    dependencies.missing,
    dependencies.cycles,
    health.ignored,
    health.inert,
    health.missing,
    layers.other,
    layers.unpacked,
    namespaces.missing,
    order.early,
    owners.duplicates,
    pruning.definitions,
    sources.missing,
    values.unread,
    variables.idle,
    variables.unfilled,
    variables.unused,
    waits.deadlocks,
    waits.suspended,
    waits.unbound,
)
