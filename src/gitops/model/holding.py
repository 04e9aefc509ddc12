"""What a vault was found to hold: names, and whether there is a value. Never a value."""

from collections.abc import Mapping
from typing import Protocol

import msgspec


class Title(msgspec.Struct, frozen=True):
    """An item in a vault: what people call it, and what 1Password does."""

    id: str
    title: str


class Field(msgspec.Struct, frozen=True, order=True):
    """A field of an item, or a file in it. `filled` says whether there is anything in it."""

    label: str
    filled: bool


Fields = tuple[Field, ...]

Holding = Mapping[str, Mapping[str, tuple[Fields, ...]]]
"""By vault and title, the fields of each item of that title. Only vaults that can be seen."""


class Keeper(Protocol):
    """Whoever can be asked what vaults hold. Every method raises KeeperError."""

    @property
    def name(self) -> str:
        """What it is called in messages."""

    def vaults(self) -> Mapping[str, str]:
        """The ids of all vaults that may be seen, by name."""

    def titles(self, vault: str) -> tuple[Title, ...]:
        """The items of a vault, by its id."""

    def fields(self, vault: str, item: str) -> Fields:
        """The fields and files of an item, by ids."""
