"""What the objects of a cluster read of 1Password.

Source: External Secrets 0.12.1, its provider for 1Password Connect, and the kinds of
external-secrets.io. `data[].remoteRef` names an item by its title and a field by its label, which
is `password` if no other is named. `dataFrom[].extract` takes all fields of an item, unless
`property` names one. `dataFrom[].find` takes the fields whose label matches, of the item at `path`
or of all.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

import msgspec

from gitops.check.fields import listing, mapping, text
from gitops.check.index import Index, Owned

_GROUP = "external-secrets.io"
_FIELD = "password"
"""What the provider reads where no property is named."""

Pointer = tuple[str | int, ...]

Vaults = frozenset[str] | None
"""What a store opens, by name; None where the store is not known."""

Stores = Mapping[tuple[str, str, str], frozenset[str] | None]
"""The vaults that a store opens, by kind, namespace and name; None for stores of other makers."""


class Read(msgspec.Struct, frozen=True):
    """Something that is read: an item by its title, or any; fields by their labels.

    `vaults` are those of the store that reads; `pointer` is the place in the object.
    """

    owned: Owned
    pointer: Pointer
    vaults: Vaults
    item: str
    field: str
    pattern: str = ""

    def names(self, title: str) -> bool:
        """Whether the item is read."""
        return self.item in ("", title)

    def reads(self, label: str) -> bool:
        """Whether the field is read, of an item that is."""
        if self.pattern:
            # What Python does not understand, Go may: it is taken to match.
            with suppress(re.error):
                return re.search(self.pattern, label) is not None
        return self.field in ("", label)

    @property
    def what(self) -> str:
        """What is read, in words."""
        field = f"fields like {self.pattern!r}" if self.pattern else repr(self.field or "anything")
        return f"{field} of the item {self.item!r}" if self.item else f"{field} of all items"


def stores(facts: Index) -> Stores:
    """The stores of a cluster."""
    return {
        (kind, owned.manifest.id.namespace, owned.manifest.id.name): _vaults(
            facts.body(owned.manifest)
        )
        for kind in ("ClusterSecretStore", "SecretStore")
        for owned in facts.of(_GROUP, kind)
    }


def reads(facts: Index) -> tuple[Read, ...]:
    """All that is read of 1Password in a cluster."""
    return tuple(
        read
        for owned, spec, at in _external_secrets(facts)
        for read in _of_spec(facts, owned, spec, at)
    )


def _vaults(store: Mapping[str, Any]) -> frozenset[str] | None:
    provider = mapping(mapping(store.get("spec")).get("provider"))
    if "onepassword" not in provider:
        return None
    return frozenset(mapping(mapping(provider["onepassword"]).get("vaults")))


def _external_secrets(facts: Index) -> Iterator[tuple[Owned, dict[str, Any], tuple[str, ...]]]:
    for owned in facts.of(_GROUP, "ExternalSecret"):
        yield owned, mapping(facts.body(owned.manifest).get("spec")), ("spec",)
    for owned in facts.of(_GROUP, "ClusterExternalSecret"):
        spec = mapping(facts.body(owned.manifest).get("spec"))
        at = ("spec", "externalSecretSpec")
        yield owned, mapping(spec.get("externalSecretSpec")), at


def _of_spec(
    facts: Index, owned: Owned, spec: dict[str, Any], at: tuple[str | int, ...]
) -> Iterator[Read]:
    """The reads of each entry, which may name a store of its own."""
    default = mapping(spec.get("secretStoreRef"))
    for key, entries in (("data", _one), ("dataFrom", _many)):
        for position, entry in enumerate(map(mapping, listing(spec.get(key)))):
            source = mapping(entry.get("sourceRef"))
            vaults = _opened(facts, owned, mapping(source.get("storeRef")) or default)
            if vaults is not _OTHER and "generatorRef" not in source:
                yield from entries(owned, (*at, key, position), vaults, entry)


def _one(owned: Owned, at: Pointer, vaults: Vaults, entry: dict[str, Any]) -> Iterator[Read]:
    ref = mapping(entry.get("remoteRef"))
    field = text(ref.get("property")) or _FIELD
    yield Read(owned, (*at, "remoteRef", "key"), vaults, text(ref.get("key")), field)


def _many(owned: Owned, at: Pointer, vaults: Vaults, entry: dict[str, Any]) -> Iterator[Read]:
    if "extract" in entry:
        ref = mapping(entry["extract"])
        item, field = text(ref.get("key")), text(ref.get("property"))
        yield Read(owned, (*at, "extract", "key"), vaults, item, field)
    if "find" in entry:
        ref = mapping(entry["find"])
        pattern = text(mapping(ref.get("name")).get("regexp"))
        yield Read(owned, (*at, "find"), vaults, text(ref.get("path")), "", pattern)


_OTHER: Vaults = frozenset(("",))
"""The vaults of a store that is none of 1Password; a vault always has a name."""


def _opened(facts: Index, owned: Owned, ref: dict[str, Any]) -> Vaults:
    kind = text(ref.get("kind")) or "SecretStore"
    namespace = "" if kind == "ClusterSecretStore" else owned.manifest.id.namespace
    known = facts.view(stores)
    key = (kind, namespace, text(ref.get("name")))
    if key not in known:
        return None
    return _OTHER if known[key] is None else known[key]
