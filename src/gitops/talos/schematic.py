"""What the Image Factory builds images from, and the id by which it knows that.

Source: siderolabs/image-factory, `pkg/schematic`: the id is the SHA-256 of the schematic as Go
marshals it again: its fields in their own order, those that are empty left out, four spaces each
level, and lists indented below their keys. Fields whose text could be anything, such as an embedded
configuration, are not known here: how Go would write them is not.
"""

from collections.abc import Iterator
from hashlib import sha256
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from gitops.estate import reading
from gitops.estate.place import Source
from gitops.model import finding
from gitops.model.estate import Estate
from gitops.model.finding import Finding
from gitops.model.origin import Location
from gitops.sources import yamlio
from gitops.sources.tree import SourceTree

PATH = "talos/schematic.yaml"


Text = Annotated[str, Meta(min_length=1)]


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel", kw_only=True):
    """A part of a schematic."""


class MetaValue(Part, frozen=True):
    """A value in the META partition of a new installation."""

    key: Annotated[int, Meta(ge=0, le=255)]
    value: str


class Extensions(Part, frozen=True):
    """Extensions of the system that siderolabs publishes, in the order of the file."""

    official_extensions: tuple[str, ...] = ()


class SecureBoot(Part, frozen=True):
    """What SecureBoot images enrol."""

    enroll_keys: str = ""
    include_well_known_certificates: bool = False


class DiskImage(Part, frozen=True):
    """How images of disks are made."""

    sector_size: Annotated[int, Meta(ge=0)] = 0


class Customization(Part, frozen=True):
    """What an image has besides Talos, in the order in which Go writes it."""

    extra_kernel_args: tuple[str, ...] = ()
    meta: tuple[MetaValue, ...] = ()
    system_extensions: Extensions = Extensions()
    bootloader: str = ""
    secureboot: SecureBoot = SecureBoot()
    disk_image: DiskImage = DiskImage()


class Overlay(Part, frozen=True):
    """What boards need that are no PCs."""

    image: Text
    name: Text


class Schematic(Part, frozen=True):
    """All of it."""

    owner: str = ""
    overlay: Overlay | None = None
    customization: Customization = Customization()

    @property
    def extensions(self) -> tuple[str, ...]:
        """The extensions without who publishes them: `nut-client`."""
        names = self.customization.system_extensions.official_extensions
        return tuple(name.rpartition("/")[2] for name in names)


def text(schematic: Schematic) -> str:
    """The schematic as the Image Factory writes it."""
    lines = list(_mapping(msgspec.to_builtins(schematic), ""))
    if not any(line.startswith("customization:") for line in lines):
        lines.append("customization: {}")
    return "\n".join(lines) + "\n"


def id_of(schematic: Schematic) -> str:
    """The id at the Image Factory."""
    return sha256(text(schematic).encode()).hexdigest()


def load(
    tree: SourceTree, estate: Estate, at: Location
) -> tuple[Schematic | None, tuple[Finding, ...]]:
    """What stands in the file; and a finding where `estate`, in the line `at`, names another."""
    read, wrong = reading.read(tree, PATH, Schematic)
    if read is None:
        told = (msgspec.structs.replace(each, rule="talos/schematic") for each in wrong)
        return None, tuple(told)
    return read.facts, tuple(_differences(read.facts, read.source, estate, at))


def _differences(
    schematic: Schematic, source: Source, estate: Estate, at: Location
) -> Iterator[Finding]:
    found, used = id_of(schematic), estate.versions.schematic
    if found != used:
        yield finding.error(
            "talos/schematic",
            at,
            f"the images in use are of {used}, and {PATH} is {found}",
            "post the file to https://factory.talos.dev/schematics and write down its id",
            source.at("customization"),
        )


def _mapping(value: dict[str, Any], lead: str) -> Iterator[str]:
    for key, inner in value.items():
        if not _is_empty(inner):
            yield from _field(key, inner, lead)


def _field(key: str, value: Any, lead: str) -> Iterator[str]:
    match value:
        case dict():
            yield f"{lead}{key}:"
            yield from _mapping(value, f"{lead}    ")
        case list() | tuple():
            yield f"{lead}{key}:"
            for item in value:
                yield from _item(item, f"{lead}    ")
        case _:
            yield f"{lead}{_entry(key, value)}"


def _item(value: Any, lead: str) -> Iterator[str]:
    if isinstance(value, dict):
        for number, (key, inner) in enumerate(value.items()):
            yield f"{lead}{'  ' if number else '- '}{_entry(key, inner)}"
    else:
        yield f"{lead}{yamlio.dump([value]).rstrip()}"


def _entry(key: str, value: Any) -> str:
    return yamlio.dump({key: value}).rstrip()


def _is_empty(value: Any) -> bool:
    if isinstance(value, dict):
        return all(_is_empty(inner) for inner in value.values())
    return value in (None, "", 0, False) or value in ([], ())
