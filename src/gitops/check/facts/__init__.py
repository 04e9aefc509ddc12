"""Whether what the repository says of itself is sound, and agrees with its clusters."""

from gitops.check.facts import mistakes, vault
from gitops.check.index import FleetRule

FLEET_RULES: tuple[FleetRule, ...] = (
    mistakes.told,
    vault.missing,
    vault.unused,
)
