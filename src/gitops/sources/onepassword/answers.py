"""The answers of 1Password, of which only names are kept.

Source: 1Password Connect, openapi 1.5: Vault, Item, Field and File; the 1Password CLI prints items
in the same shape. Whether a field has a value is decided while its item is read: the record that
comes out has no room for the value, and so neither have messages, logs and tracebacks.
"""

from typing import Any, TypeVar

import msgspec

from gitops.errors import KeeperError
from gitops.model.holding import Field, Fields, Title

T = TypeVar("T")


class Filled:
    """Stands where a value stood."""

    def __init__(self, is_filled: bool) -> None:
        self.is_filled = is_filled


class _Vault(msgspec.Struct, frozen=True):
    id: str
    name: str = ""


class _Field(msgspec.Struct, frozen=True):
    label: str = ""
    value: Filled | None = None


class _File(msgspec.Struct, frozen=True):
    name: str = ""
    size: int = 0


class _Item(msgspec.Struct, frozen=True):
    fields: tuple[_Field, ...] = ()
    files: tuple[_File, ...] = ()


def vaults(body: bytes, who: str) -> dict[str, str]:
    """Ids by name."""
    return {each.name: each.id for each in _decoded(body, list[_Vault], who)}


def titles(body: bytes, who: str) -> tuple[Title, ...]:
    """The items of a list."""
    return tuple(_decoded(body, list[Title], who))


def fields(body: bytes, who: str) -> Fields:
    """What an item has: fields by their labels, then files by their names."""
    item = _decoded(body, _Item, who)
    held = [Field(each.label, bool(each.value and each.value.is_filled)) for each in item.fields]
    files = [Field(each.name, each.size > 0) for each in item.files]
    return (*held, *files)


def _decoded(body: bytes, kind: type[T], who: str) -> T:
    try:
        return msgspec.json.decode(body, type=kind, dec_hook=_forget)
    except msgspec.MsgspecError:
        # What the decoder says may quote what it read.
        raise KeeperError(f"{who} did not answer with what its interface promises") from None


def _forget(kind: type, value: Any) -> Filled:
    return Filled(value not in ("", None))
