"""`secrets/vault.yaml`: which items of 1Password the platform reads. Names, and never values."""

from typing import Annotated

import msgspec
from msgspec import Meta

Text = Annotated[str, Meta(min_length=1)]

Recipe = Annotated[
    str,
    Meta(
        pattern=r"^$|^(letters|digits|symbols)(,(letters|digits|symbols))*(,([1-9]|[1-5]\d|6[0-4]))?$"
    ),
]
"""Source: developer.1password.com, `op item create`: what a password is made of, and how many
characters it has, 64 at most."""

EACH = "each"
"""Stands for one vault per cluster, named like it, with an item of this name in each of them."""


class Secret(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab", kw_only=True):
    """A field of an item. `made` says where a value comes from, `rotate` what changing it takes.

    `recipe` is for values that need nobody to know them: 1Password makes one by it
    (`letters,digits,32`).
    """

    made: Text
    rotate: Text
    recipe: Recipe = ""


class Item(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab", kw_only=True):
    """An item. `vault` is the name of one, or `each`. `by_hand` is the document that tells people
    what to do with it, where people are who reads it."""

    vault: Text
    purpose: Text
    fields: dict[Text, Secret]
    by_hand: str = ""


class Vault(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab", kw_only=True):
    """All items by title. `references` are the folders whose files may name items as
    `op://vault/item/field`. `vaults` says who may read each vault besides those of the clusters."""

    vaults: dict[Text, Text]
    references: tuple[Text, ...] = ()
    items: dict[Text, Item]
