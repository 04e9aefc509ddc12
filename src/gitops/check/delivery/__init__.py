"""Whether Flux can deliver what is written: its own objects, and who applies what."""

from gitops.check.delivery import dependencies, health, namespaces, owners, sources, variables

RULES = (
    dependencies.missing,
    dependencies.cycles,
    health.inert,
    namespaces.missing,
    owners.duplicates,
    sources.missing,
    variables.unused,
)
