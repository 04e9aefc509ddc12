"""From what YAML holds to records: every key that is unknown or missing, every value of a wrong
type, and not only the first."""

from collections.abc import Iterator, Mapping
from functools import cache
from ipaddress import AddressValueError, IPv4Address, IPv4Network, NetmaskValueError
from types import NoneType, UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

import msgspec
from msgspec.structs import FieldInfo

from gitops.estate.place import Pointer, Source
from gitops.model import finding
from gitops.model.finding import Finding

Record = TypeVar("Record", bound=msgspec.Struct)


def problems(value: object, kind: Any, source: Source, at: Pointer = ()) -> Iterator[Finding]:
    """What is wrong with a value that should become a `kind`: the type of a field of a record."""
    bare = _bare(kind)
    origin = get_origin(bare)
    if isinstance(bare, type) and issubclass(bare, msgspec.Struct):
        yield from _record(value, bare, source, at)
    elif origin is dict and value != {}:
        yield from _mapping(value, get_args(bare), source, at)
    elif origin is tuple and isinstance(value, list) and value:
        for position, item in enumerate(value):
            yield from problems(item, get_args(bare)[0], source, (*at, position))
    else:
        yield from _scalar(value, kind, source, at)


def convert(value: object, kind: type[Record]) -> Record:
    """The record. The value has no problems."""
    return msgspec.convert(value, kind, dec_hook=_address)


def _bare(kind: Any) -> Any:
    """The type without what `Annotated` says about it, and without None."""
    if get_origin(kind) is Annotated:
        return _bare(get_args(kind)[0])
    if get_origin(kind) in (Union, UnionType):
        (some,) = (each for each in get_args(kind) if each is not NoneType)
        return _bare(some)
    return kind


@cache
def _fields(kind: type[msgspec.Struct]) -> Mapping[str, FieldInfo]:
    """By key: asking msgspec takes longer than looking at most records."""
    return {field.encode_name: field for field in msgspec.structs.fields(kind)}


def _record(
    value: object, kind: type[msgspec.Struct], source: Source, at: Pointer
) -> Iterator[Finding]:
    if not isinstance(value, dict):
        yield _wrong_type(source, at, "expected a mapping")
        return
    fields = _fields(kind)
    for key in value:
        if key not in fields:
            yield _unknown(source, (*at, str(key)), sorted(fields))
    for key, field in fields.items():
        if key in value:
            yield from problems(value[key], field.type, source, (*at, key))
        elif field.required:
            yield _missing(source, at, key)


def _mapping(
    value: object, kinds: tuple[Any, ...], source: Source, at: Pointer
) -> Iterator[Finding]:
    if not isinstance(value, dict):
        yield _wrong_type(source, at, "expected a mapping")
        return
    for key, item in value.items():
        yield from _scalar(key, kinds[0], source, (*at, str(key)))
        yield from problems(item, kinds[1], source, (*at, str(key)))


def _scalar(value: object, kind: Any, source: Source, at: Pointer) -> Iterator[Finding]:
    try:
        msgspec.convert(value, kind, dec_hook=_address)
    except msgspec.ValidationError as cause:
        yield _wrong_type(source, at, str(cause).partition(" - at ")[0])


def _address(kind: type, value: object) -> object:
    """Addresses and networks, which msgspec has no types for."""
    if not isinstance(value, str):
        raise TypeError(f"Expected `{_WORDS[kind]}`, got `{value!r}`")
    try:
        return kind(value)
    except (AddressValueError, NetmaskValueError, ValueError) as cause:
        raise ValueError(f"{value!r} is no {_WORDS[kind]}: {cause}") from cause


_WORDS = {IPv4Address: "IPv4 address", IPv4Network: "IPv4 network"}


def _unknown(source: Source, at: Pointer, known: list[str]) -> Finding:
    *around, key = at
    return finding.error(
        "estate/unknown-key",
        source.at(*at),
        f"{_name(around)} has no key {key!r}",
        f"its keys are {', '.join(known)}",
    )


def _missing(source: Source, at: Pointer, key: str) -> Finding:
    message = f"{_name(at)} has no {key}"
    return finding.error("estate/missing-key", source.at(*at), message, f"add {key} to it")


def _wrong_type(source: Source, at: Pointer, words: str) -> Finding:
    message = f"{_name(at)}: {words[:1].lower()}{words[1:]}"
    return finding.error("estate/value", source.at(*at), message, "correct the value")


def _name(at: Pointer) -> str:
    return ".".join(map(str, at)) or "the file"
