"""Schemas of machine configurations that somebody imported: one file for each minor of Talos.

schemas/talos/1.13.json
"""

import os
import re
from hashlib import sha256
from typing import Any

import msgspec

from gitops.errors import UsageError
from gitops.sources import cachedir

_ID = re.compile(
    r"https://(?:www\.)?talos\.dev/v(?P<minor>[0-9]+\.[0-9]+)/schemas/config\.schema\.json"
)
"""Source: Talos, `pkg/machinery/config/schemas/config.schema.json`."""


class Kept(msgspec.Struct, frozen=True, order=True):
    """A schema in the store: the minor of Talos that it is for, and the digest of its text."""

    minor: str
    digest: str


class Schemas:
    """A folder of schemas."""

    def __init__(self, folder: str) -> None:
        self._folder = os.path.join(folder, "talos")

    @property
    def fingerprint(self) -> str:
        """Changes whenever what is here does."""
        return sha256(msgspec.json.encode(self.listing())).hexdigest()

    def of(self, version: str) -> dict[str, Any] | None:
        """The schema for a version (`v1.13.9`); None where none of its minor is here."""
        text = cachedir.read(self._path(_minor(version)))
        if text is None:
            return None
        found: dict[str, Any] = msgspec.json.decode(text)
        return found

    def listing(self) -> tuple[Kept, ...]:
        """What is here, by minor."""
        if not os.path.isdir(self._folder):
            return ()
        names = (name for name in os.listdir(self._folder) if name.endswith(".json"))
        return tuple(sorted(self._kept(name.removesuffix(".json")) for name in names))

    def add(self, path: str) -> Kept | None:
        """Keep the schema in a file; None where it is no such schema."""
        text = cachedir.read(path) or b""
        minor = _described(text)
        if minor is None:
            return None
        cachedir.write(self._path(minor), text)
        return self._kept(minor)

    def _kept(self, minor: str) -> Kept:
        return Kept(minor, sha256(cachedir.read(self._path(minor)) or b"").hexdigest())

    def _path(self, minor: str) -> str:
        return os.path.join(self._folder, f"{minor}.json")


def _described(text: bytes) -> str | None:
    if b"talos.dev" not in text:
        return None
    try:
        found = msgspec.json.decode(text)
    except msgspec.DecodeError:
        return None
    named = _ID.fullmatch(str(found.get("$id", ""))) if isinstance(found, dict) else None
    return named["minor"] if named else None


def _minor(version: str) -> str:
    found = re.match(r"v?(?P<minor>[0-9]+\.[0-9]+)\b", version)
    if found is None:
        raise UsageError(f"{version} is no version; write it like v1.13.9")
    return found["minor"]
