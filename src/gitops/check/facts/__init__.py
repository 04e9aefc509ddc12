"""Whether what the repository says of itself is sound, and agrees with its clusters."""

from gitops.check.facts import cabling, early, handover, mistakes, storage, unlisted, vault
from gitops.check.index import FleetRule

FLEET_RULES: tuple[FleetRule, ...] = (
    mistakes.told,
    cabling.cabled,
    *early.FLEET_RULES,
    *handover.FLEET_RULES,
    *storage.FLEET_RULES,
    unlisted.left_out,
    vault.missing,
    vault.opened,
    vault.unused,
)
