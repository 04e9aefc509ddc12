"""Hosts with ports, as settings name them: URLs, addresses, and keys that stand together."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from gitops.check.fields import mapping


class Endpoint(msgspec.Struct, frozen=True):
    """A host, by its name or its address, and a port of it."""

    host: str
    port: int

    @property
    def is_address(self) -> bool:
        """Whether the host is an IPv4 address."""
        return _ADDRESS.fullmatch(self.host) is not None

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


_ADDRESS = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}")
_HOST = r"((?:[a-z0-9](?:[-a-z0-9]*[a-z0-9])?\.)+[a-z0-9]+)"
_URL = re.compile(rf"[a-z][a-z0-9+]*://(?:[^/@\s\"']*@)?{_HOST}:(\d{{1,5}})(?![\d.])")
_LITERAL = re.compile(r"(?<![\w.:/@-])(\d{1,3}(?:\.\d{1,3}){3}):(\d{1,5})(?![\d.:])")
_SIDE_BY_SIDE = re.compile(
    rf"\b(?:address|host|hostname|server)[\"']?\s*(?:=>|[:=])\s*[\"']?{_HOST}[\"']?\s*,?\s*\n"
    r"\s*[\"']?port[\"']?\s*(?:=>|[:=])\s*[\"']?(\d{1,5})\b"
)
_KEY = re.compile(r"(.*?)(address|addr|host|hostname|server)$", re.I)
_FLAG = re.compile(r"--?([a-z0-9.-]+)=(.+)", re.S)


def within(value: object) -> Iterator[Endpoint]:
    """Those that a value names, however deep it is."""
    match value:
        case str():
            yield from _written(value)
        case list():
            yield from _paired(_as_mapping(value))
            for each in value:
                yield from within(each)
        case dict():
            yield from _paired(value)
            for each in value.values():
                yield from within(each)


def _written(text: str) -> Iterator[Endpoint]:
    for mark, pattern in (("://", _URL), (":", _LITERAL), ("\n", _SIDE_BY_SIDE)):
        for host, port in pattern.findall(text) if mark in text else ():
            yield Endpoint(host, int(port))


def _as_mapping(entries: list[Any]) -> dict[str, Any]:
    """An environment by its names, or arguments by their flags."""
    found = {}
    for each in entries:
        flag = _FLAG.fullmatch(each) if isinstance(each, str) else None
        if flag:
            found[flag[1]] = flag[2]
        elif isinstance(mapping(each).get("name"), str) and "value" in mapping(each):
            found[each["name"]] = each["value"]
    return found


def _paired(value: Mapping[str, Any]) -> Iterator[Endpoint]:
    """A host under one key, and its port under the key that differs in this alone."""
    ports = {key.lower(): each for key, each in value.items() if key.lower().endswith("port")}
    for key, host in value.items() if ports else ():
        named = _KEY.fullmatch(key)
        if named and isinstance(host, str) and re.fullmatch(_HOST, host):
            number = str(ports.get(f"{named[1].lower()}port", ""))
            if number.isdecimal():
                yield Endpoint(host, int(number))
