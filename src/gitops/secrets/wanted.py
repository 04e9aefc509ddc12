"""What each vault must hold: the list of `secrets/vault.yaml`, vault by vault."""

from collections.abc import Collection

import msgspec

from gitops.model.vault import EACH, Item, Vault


class Wanted(msgspec.Struct, frozen=True):
    """An item, in the vault where it must be."""

    vault: str
    title: str
    item: Item


def of(vault: Vault, clusters: Collection[str]) -> tuple[Wanted, ...]:
    """All items by vault and title; those of `each` once in the vault of every cluster."""
    found = [
        Wanted(name, title, item)
        for title, item in vault.items.items()
        for name in (sorted(clusters) if item.vault == EACH else (item.vault,))
    ]
    return tuple(sorted(found, key=lambda each: (each.vault, each.title)))


def within(wanted: Collection[Wanted], vaults: Collection[str]) -> tuple[Wanted, ...]:
    """What belongs into some of the vaults; into all of them where none is named."""
    return tuple(each for each in wanted if not vaults or each.vault in vaults)
